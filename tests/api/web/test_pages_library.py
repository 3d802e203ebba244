"""The library and its articles: what is shown, to whom, and what never changes with the reader."""

import hashlib
import re
from importlib.resources import files

import pytest
from fastapi.testclient import TestClient

from assistant.policy import caution, disclaimer
from assistant.question import Audience
from tests.api.web.markup import chosen, page, said, text
from tests.tiny import GOUT, HYPERTENSION, LIBRARY

PAGES = ("/", "/?q=gout", "/articles/gout", "/articles/hypertension", "/articles/scurvy", "/ask", "/editorial-policy")


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_for_every_reader(shared: TestClient, path: str, audience: Audience) -> None:
    found = page(shared, path, cookie=f"sequitur_audience={audience}")
    assert len(chosen(found, "h1")) == 1
    assert said(found, "h1")[0]
    assert chosen(found, "main")
    assert "The built-in articles have not been reviewed by physicians." in text(chosen(found, "footer")[0])
    assert disclaimer().text in text(chosen(found, "footer")[0])
    ids = [one for element in found.iter() if isinstance(element.tag, str) and (one := element.get("id"))]
    assert len(ids) == len(set(ids))


def test_the_library_lists_every_article_with_its_review(shared: TestClient) -> None:
    entries = chosen(chosen(page(shared, "/"), ".entries")[0], "li")
    shown = {said(one, "a")[0]: said(one, ".badge")[0] for one in entries}
    expected = {one.title: one.status.replace("_", " ").capitalize() for one in LIBRARY.articles}
    assert shown == expected
    assert all("Updated 1 January 2026" in text(one) for one in entries)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("HYPERTENSION", [HYPERTENSION.title]),
        ("gout treated", [GOUT.title]),
        ("lesinurad", [GOUT.title]),  # in its text alone
        ("scurvy allopurinol", []),
    ],
)
def test_the_search_finds_words_of_titles_and_texts(shared: TestClient, words: str, titles: list[str]) -> None:
    found = page(shared, f"/?q={words}")
    lists = chosen(found, ".entries")
    assert (said(lists[0], "h2") if lists else []) == titles


def test_the_review_is_three_steps_with_one_current(shared: TestClient) -> None:
    for path, current, cautious in (
        ("/articles/gout", "Under review", True),
        ("/articles/hypertension", "Approved", False),
    ):
        found = page(shared, path)
        (steps,) = chosen(found, ".steps")
        assert [re.split(r" ?\(", one)[0] for one in said(steps, "li")] == ["Submitted", "Under review", "Approved"]
        assert [text(one).split(" (")[0] for one in chosen(steps, "li") if one.get("aria-current") == "step"] == [
            current
        ]
        assert (caution().text in text(found)) is cautious


def test_every_mark_leads_to_its_reference(shared: TestClient) -> None:
    found = page(shared, "/articles/gout")
    listed = [one.get("id") for one in chosen(chosen(found, ".references")[0], "li")]
    marks = [(text(one), one.get("href")) for one in chosen(found, ".mark")]
    assert listed == [f"ref-{n}" for n in range(1, len(listed) + 1)]
    cited = [key for keys in GOUT.cited.values() for key in keys]
    assert len(marks) == len(cited)
    order = list(dict.fromkeys(cited))
    assert marks == [(f"[{order.index(key) + 1}]", f"#ref-{order.index(key) + 1}") for key in cited]


def test_what_became_of_a_reference_stands_beside_it(shared: TestClient) -> None:
    found = page(shared, "/articles/gout")
    by_title = {text(one): said(one, ".badge") for one in chosen(chosen(found, ".references")[0], "li")}
    states = {title: badges for title, badges in by_title.items() if badges}
    assert {key.split(". ")[1]: badges for key, badges in states.items()} == {
        "Pegloticase in refractory gout": ["Retracted"],
        "Canakinumab in gout flare": ["Expression of concern"],
        "Diet and incident gout": ["Corrected"],
        "Erratum on diet and incident gout": ["Erratum"],
    }


def test_facts_and_citations_are_the_same_for_every_reader(shared: TestClient) -> None:
    """Only what is explained changes: here the kinds of study are."""
    seen = {one: page(shared, "/articles/gout", cookie=f"sequitur_audience={one}") for one in Audience}
    assert len({text(chosen(one, ".prose")[0]) for one in seen.values()}) == 1
    assert len({text(chosen(one, ".references")[0]) for one in seen.values()}) == 1
    explained = "people were assigned to treatments by chance"
    assert {one: explained in text(found) for one, found in seen.items()} == {
        Audience.CLINICIAN: False,
        Audience.TRAINEE: True,
        Audience.PATIENT: True,
    }


def test_the_reader_is_remembered(client: TestClient) -> None:
    chosen_ = client.post("/audience", data={"audience": "patient", "next": "/articles/gout#audience"})
    assert (chosen_.status_code, chosen_.headers["location"]) == (303, "/articles/gout#audience")
    assert "samesite=strict" in chosen_.headers["set-cookie"].lower()
    found = page(client, "/articles/gout")
    pressed = [text(one) for one in chosen(found, "button") if one.get("aria-pressed") == "true"]
    assert pressed == ["Patient"]


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_no_form_leads_elsewhere(client: TestClient, target: str) -> None:
    response = client.post("/audience", data={"audience": "patient", "next": target})
    assert response.headers["location"] == "/"


def test_openers_can_be_asked_for_with_and_without_scripts(shared: TestClient) -> None:
    plain = page(shared, "/articles/gout?suggestions=true")
    offered = [one.get("value") for one in chosen(plain, "button") if one.get("name") == "question"]
    later = shared.get("/articles/gout/openers", headers={"hx-request": "true", "accept": "text/html"})
    assert offered
    assert all(f'value="{one}"' in later.text for one in offered)
    lazy = page(shared, "/articles/gout")
    assert [one.get("hx-get") for one in chosen(lazy, "#openers")] == ["/articles/gout/openers"]


def test_files_are_kept_by_browsers_under_the_address_of_their_content(shared: TestClient) -> None:
    links = [one.get("href") for one in chosen(page(shared, "/"), "link")]
    style = next(one for one in links if "site.css" in one)
    named = shared.get(style)
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert named.headers["content-type"].startswith("text/css")
    old = shared.get(style[:-1] + ("0" if style[-1] != "0" else "1"))
    assert old.headers["cache-control"] == "no-cache"
    again = shared.get(style, headers={"if-none-match": named.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/missing.css",
        "/static/..%2Frendering.py",
        "/static/vendor/VENDORED.md",
        "/static//etc/passwd",
    ],
)
def test_nothing_else_is_served(shared: TestClient, path: str) -> None:
    assert shared.get(path).status_code == 404


def test_what_is_vendored_is_what_it_is_said_to_be() -> None:
    folder = files("api.web").joinpath("static", "vendor")
    told = dict(
        re.findall(r"`([\w.-]+\.js)` \| `[^`]+` \| `([0-9a-f]{64})`", folder.joinpath("VENDORED.md").read_text("utf-8"))
    )
    found = {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.name.endswith(".js")
    }
    assert told == found
