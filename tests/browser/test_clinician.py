"""What a clinician does, in a real browser: read, ask, look at what supports an answer, go on, on any device."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from api.app import create_app
from assistant.policy import disclaimer
from corpus.catalogue.keys import Role, create
from tests.api.http.listening import listening
from tests.api.http.small import WHEN, home_in, service_at
from tests.browser.accessibility import violations
from tests.browser.conftest import OpenPage

FIRST = "What is the first-line drug for gout?"
IDENTIFYING = "My patient John Smith, born 03/04/1956, MRN 1234567: what dose of allopurinol?"
UNHELD = "What is the role of zorblaxumab in gout?"


def ask(page: Page, question: str) -> Locator:
    """Ask in the box, and wait for the whole answer."""
    before = page.locator(".exchange:not(.pending, .patient_identifiers)").count()
    page.fill("#question", question)
    page.click("#ask-form button")
    expect(page.locator(".exchange:not(.pending)")).to_have_count(before + 1)
    return page.locator(".exchange").last


def test_the_answer_streams_in_and_survives_a_reload(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    page.evaluate(_WATCH)
    exchange = ask(page, FIRST)
    assert page.evaluate("window.seen") == ["pending", "answered"]
    assert page.evaluate("window.first").startswith(FIRST)
    assert disclaimer().text in page.evaluate("window.first")  # before there is anything it could apply to
    expect(exchange.locator(".statements li").first).to_be_visible()
    expect(page.locator("#ask-status")).to_contain_text("with citations")
    expect(page.locator("#question")).to_have_value("")
    assert re.search(r"/articles/gout\?conversation=[0-9a-f-]{36}$", page.url)
    said = exchange.inner_text()
    page.reload()
    assert page.locator(".exchange").inner_text() == said


_WATCH = """
() => {
  window.seen = [];
  new MutationObserver(() => {
    const one = document.querySelector(".exchange");
    if (one && window.first === undefined) window.first = one.innerText;
    const state = one?.classList.contains("pending") ? "pending" : one ? "answered" : undefined;
    if (state && window.seen.at(-1) !== state) window.seen.push(state);
  }).observe(document.querySelector("#conversation"), {childList: true, subtree: true});
}
"""


def test_a_mark_shows_its_sentence_under_the_pointer(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    exchange = ask(page, FIRST)
    mark = exchange.locator("a.cite").first
    card = page.locator(f"#{mark.get_attribute('data-card')}")
    expect(card).to_be_hidden()
    mark.hover()
    expect(card).to_be_visible()
    statement = exchange.locator(".statements li p").first.evaluate("one => one.firstChild.textContent")
    expect(card.locator(".card-quote")).to_contain_text(statement.strip().strip("\u2060"))
    expect(card.locator(".badge").first).to_be_visible()
    card.hover()  # one may go to it and read
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    mark.hover()
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_the_keyboard_alone_is_enough(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    _tab_to(page, "#question")
    page.keyboard.type(FIRST)
    page.keyboard.press("Enter")
    mark = page.locator(".statements a.cite").first
    expect(mark).to_be_visible()
    _tab_to(page, ".statements a.cite", back=True)
    focused = page.locator("a.cite:focus")
    card = page.locator(f"#{focused.get_attribute('data-card')}")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")  # into the card
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(focused).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/**")


def _tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_mark_opens_its_source_at_the_sentence(open_page: OpenPage, site: str, scripts: bool) -> None:
    page = open_page(f"{site}/articles/gout", scripts=scripts)
    page.fill("#question", FIRST)
    page.click("#ask-form button")
    mark = page.locator(".statements a.cite").first
    statement = page.locator(".statements li p").first.text_content() or ""
    mark.click()
    expect(page.locator("mark#quote")).to_be_in_viewport()
    assert statement.startswith((page.locator("mark#quote").text_content() or "-").strip())
    page.go_back()
    expect(page.locator(".exchange .statements")).to_be_visible()


def test_it_goes_on_with_follow_ups_and_corrections(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    ask(page, FIRST)
    address = page.url
    exchange = ask(page, "And when it is not tolerated?")
    assert page.url == address
    exchange.locator(".read-as summary").click()
    exchange.locator(".read-as textarea").fill("Lesinurad added to allopurinol in gout?")
    exchange.locator(".read-as button").click()
    expect(page.locator(".exchange:not(.pending)")).to_have_count(3)
    corrected = page.locator(".exchange").last
    expect(corrected.locator(".asked")).to_have_text("And when it is not tolerated?")
    expect(corrected.locator(".read-as summary")).to_contain_text("Lesinurad added to allopurinol in gout?")
    page.reload()
    expect(page.locator(".exchange")).to_have_count(3)


def test_offered_questions_are_asked(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    offered = page.locator("#openers button").first
    question = offered.inner_text()
    offered.click()
    expect(page.locator(".exchange:not(.pending) .asked")).to_have_text(question)
    expect(page.locator("#openers")).to_have_count(0)


def test_a_refusal_offers_what_stands_near(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/ask")
    exchange = ask(page, UNHELD)
    expect(exchange.locator(".refusal")).to_contain_text("No answer")
    expect(exchange.locator(".disclaimer")).to_be_visible()
    exchange.locator(".near a").first.click()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_what_identifies_a_patient_stays_with_the_asker(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    ask(page, IDENTIFYING)
    expect(page.locator(".exchange")).to_contain_text("identify a patient")
    expect(page.locator("#question")).to_have_value(IDENTIFYING)
    expect(page.locator("#question")).to_be_focused()
    assert page.url == f"{site}/articles/gout"
    page.fill("#question", FIRST)
    page.keyboard.press("Enter")
    expect(page.locator(".statements")).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(1)


def test_what_cannot_be_asked_is_told_at_the_box(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/ask")
    page.fill("#question", "?!")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("The question is empty")
    expect(page.locator("#question")).to_have_value("?!")


def test_copying_and_feedback(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout", permissions=["clipboard-read", "clipboard-write"])
    exchange = ask(page, FIRST)
    exchange.locator("[data-copy]").click()
    expect(exchange.locator("[data-copy]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "References\n1. " in copied
    assert disclaimer().text in copied
    exchange.locator(".reason").fill("clear")
    exchange.get_by_role("button", name="Helpful", exact=True).click()
    expect(exchange.locator(".thanks")).to_contain_text("Thank you")


def test_a_finger_shows_the_card_and_opens_the_source(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout", width=390, touch=True)
    exchange = ask(page, FIRST)
    mark = exchange.locator("a.cite").first
    mark.tap()
    card = page.locator(f"#{mark.get_attribute('data-card')}")
    expect(card).to_be_in_viewport(ratio=1)
    card.get_by_role("link", name="Open at this sentence").tap()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def test_a_phone_never_scrolls_sideways(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/ask", width=320, touch=True)
    ask(page, FIRST)
    for path in ("", "/", "/articles/gout", "/articles/doses", "/sources/gout", "/editorial-policy"):
        if path:
            page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_without_scripts_one_reads_and_asks(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/", scripts=False)
    page.fill("#q", "gout treated")
    page.get_by_role("button", name="Search").click()
    page.click("text=How is gout treated?")
    page.click("text=Patient")
    expect(page.locator("button[aria-pressed=true]")).to_have_text("Patient")
    page.click("text=Show questions to begin with")
    page.locator("#openers button").first.click()
    expect(page.locator(".statements")).to_be_visible()
    page.fill("#question", "And when it is not tolerated?")
    page.click("#ask-form button")
    expect(page.locator(".exchange")).to_have_count(2)
    expect(page.locator("[data-copy]").first).to_be_hidden()
    page.locator(".feedback button").first.click()
    expect(page.locator(".thanks")).to_be_visible()


def test_paper_has_the_answer_and_where_it_comes_from(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/articles/gout")
    exchange = ask(page, FIRST)
    page.emulate_media(media="print")
    for hidden in (".ask-form", ".read-as form", ".site-nav", ".feedback", ".tools"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(exchange.locator(".disclaimer")).to_be_visible()
    links = exchange.locator(".references a[href^='https:']")
    after = links.first.evaluate("one => getComputedStyle(one, '::after').content")
    assert links.first.get_attribute("href") in after


def test_axe_finds_nothing_grave_in_pages(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/")
    assert violations(page) == []
    for path in ("/articles/gout", "/articles/doses", "/articles/zzz", "/sources/gout"):
        page.goto(f"{site}{path}")
        assert violations(page) == [], path


def test_axe_finds_nothing_grave_in_answers(open_page: OpenPage, site: str) -> None:
    page = open_page(f"{site}/ask")
    ask(page, FIRST)
    ask(page, UNHELD)
    exchange = page.locator(".exchange").first
    exchange.locator(".exports summary").click()
    exchange.locator("a.cite").first.hover()
    expect(page.locator(".card:popover-open")).to_be_visible()
    assert violations(page) == []
    page.locator(".statements a.cite").first.click()
    expect(page.locator("mark#quote")).to_be_visible()
    assert violations(page) == []


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a service that asks for keys, and a key."""
    service = service_at(home_in(tmp_path))
    with service.catalogue.writing() as connection:
        text = create(connection, "reader", Role.CLINICIAN, WHEN)[1]
    with listening(create_app(service, keys_asked=True)) as port:
        yield f"http://127.0.0.1:{port}", text
    service.catalogue.close()


def test_one_signs_in_and_out(open_page: OpenPage, guarded: tuple[str, str]) -> None:
    address, key = guarded
    page = open_page(f"{address}/articles/gout")
    assert violations(page) == []
    page.fill("#key", "sq_wrong")
    page.click("main button")
    expect(page.locator("#key-problem")).to_be_visible()
    assert violations(page) == []
    page.fill("#key", key)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("How is gout treated?")
    ask(page, FIRST)
    assert page.evaluate("document.cookie") == ""
    page.click("text=Sign out")
    expect(page.locator("h1")).to_have_text("Sign in")
