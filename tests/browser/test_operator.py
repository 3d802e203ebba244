"""What operators and evaluators do, in a real browser: review, build and watch it, switch, look at reports."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.app import create_app
from api.runs import runs_folder
from assistant.evaluation.run_folder import RunWriter
from tests.api.http.listening import listening
from tests.api.http.operating import SECONDS, operated_service
from tests.api.terminal import Terminal
from tests.browser.accessibility import violations
from tests.browser.conftest import OpenPage
from tests.reported import right, run_of
from tests.tiny import LIBRARY

BUILT = 1000 * SECONDS


@dataclass(frozen=True, slots=True)
class Site:
    """A service that operators work on, and its home."""

    url: str
    home: Path

    @property
    def live(self) -> str:
        return (self.home / "current").read_text().strip()


@pytest.fixture(scope="module")
def site_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny library in catalogue and index, with two runs."""
    home = tmp_path_factory.mktemp("operated")
    articles, literature = LIBRARY.write(tmp_path_factory.mktemp("library"))
    for words in (("corpus", "add", str(articles), str(literature)), ("index", "build")):
        result = Terminal(home).run(*words)
        assert result.exit_code == 0, result.output
    for name, created, refusal in (("first", "2026-01-02", 0.01), ("second", "2026-02-02", 0.2)):
        run = run_of([right()], name, f"{created}T03:04:05+00:00", {"wrong_refusal": refusal})
        writer = RunWriter(runs_folder(home) / name, run.provenance)
        for line in run.lines:
            writer.add(line)
        writer.finish(run.scored, run.summaries)
        writer.close()
    return home


@pytest.fixture(scope="module")
def operated_site(site_home: Path) -> Iterator[Site]:
    service = operated_service(site_home)
    with listening(create_app(service, keys_asked=False)) as port:
        yield Site(f"http://127.0.0.1:{port}", site_home)
    service.catalogue.close()


def build(page: Page) -> None:
    """Press the button, and watch until the build has ended."""
    page.click("form.build button")
    expect(page.locator("#building progress")).to_be_visible()
    expect(page.locator("#building .badge")).to_have_text("Done", timeout=BUILT)


def test_a_document_is_reviewed_built_promoted_and_rolled_back(open_page: OpenPage, operated_site: Site) -> None:
    first = operated_site.live
    page = open_page(f"{operated_site.url}/operator")
    page.click("text=How is gout treated?")
    page.click("form:has(#re-review) button")
    assert page.evaluate("document.activeElement.id") == "why-1", "a browser lets nobody leave out the reason"
    page.fill("#why-1", "read against every source")
    page.fill("#re-review", "2099-01-01")
    page.fill("#name-1", "Ann")
    page.click("form:has(#re-review) button")
    expect(page.locator("#history ~ .history")).to_contain_text("read against every source")
    expect(page.locator("[aria-current=step]")).to_have_text("Approved")

    page.click("text=Indexes")
    page.evaluate(_HEAR)
    page.uncheck("[name=promote]")
    build(page)
    assert operated_site.live == first
    expect(page.locator("#switchable tbody tr")).to_have_count(2)
    expect(page.locator("#build-status")).to_have_text("The build: Done.")
    heard = page.evaluate("window.heard")
    assert len(heard) == len(set(heard)) >= 2, "a screen reader is told each stage once"

    page.click("text=Compare")
    expect(page.locator("main")).to_contain_text("under review, current")
    page.go_back()
    page.click("text=Promote")
    expect(page.locator("tr.is-live")).not_to_contain_text(first)
    assert operated_site.live != first
    page.click("button.danger")
    expect(page.locator("tr.is-live")).to_contain_text(first)
    assert operated_site.live == first


_HEAR = """
() => {
  window.heard = [];
  const region = document.querySelector("#build-status");
  new MutationObserver(() => window.heard.push(region.textContent))
    .observe(region, {childList: true, characterData: true, subtree: true});
}
"""


def test_a_build_is_followed_without_scripts(open_page: OpenPage, operated_site: Site) -> None:
    page = open_page(f"{operated_site.url}/operator/snapshots", scripts=False)
    page.click("form.build button")
    for _ in range(1000):
        if not page.locator("#building progress").count():
            break
        page.wait_for_timeout(200)
        page.click("text=Look again")
    expect(page.locator("#building .badge")).to_have_text("Done")


def test_a_page_that_is_opened_while_a_build_runs_follows_it(open_page: OpenPage, operated_site: Site) -> None:
    page, other = (open_page(f"{operated_site.url}/operator/snapshots") for _ in range(2))
    page.click("form.build button")
    expect(page.locator("#building progress")).to_be_visible()
    other.click("form.build button")
    for one in (page, other):
        expect(one.locator("#building .badge")).to_have_text("Done", timeout=BUILT)
    results = {one.locator("#building .report").inner_text() for one in (page, other)}
    assert len(results) == 1, "a second press leads to the build that runs"


def test_a_report_opens_and_can_ask_this_site_for_nothing(open_page: OpenPage, operated_site: Site) -> None:
    page = open_page(f"{operated_site.url}/evaluator")
    expect(page.locator(".run .badge").first).to_have_text("1 target missed")
    page.click("text=Open the report >> nth=0")
    expect(page.locator("h1")).to_have_text("second")
    assert page.evaluate("window.origin") == "null"
    assert page.evaluate("() => { try { return document.cookie; } catch (error) { return error.name; } }") == (
        "SecurityError"
    )


@pytest.mark.parametrize(
    "path",
    ["/operator", "/operator/documents", "/operator/documents/gout", "/operator/snapshots",
     "/operator/snapshots/compare?a={live}&b={live}", "/operator/jobs", "/evaluator",
     "/evaluator/compare?a=first&b=second"],
)  # fmt: skip
def test_pages_are_accessible_and_fit_a_phone(open_page: OpenPage, operated_site: Site, path: str) -> None:
    where = operated_site.url + path.format(live=operated_site.live)
    page = open_page(where)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert violations(page) == []
    phone = open_page(where, width=390, touch=True)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = phone.locator("main :is(button, .button, select, input:not([type=hidden])):visible")
    for one in small.all():
        box = one.bounding_box()
        assert box
        assert box["height"] >= 24, one.evaluate("one => one.outerHTML")
    assert re.search(r"\S", phone.title())
