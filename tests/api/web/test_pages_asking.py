"""Asking without scripts: a form, a redirect, a page that survives a reload, and questions in no address."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml.html import HtmlElement

from assistant.answer import Outcome
from assistant.policy import caution, disclaimer
from corpus.catalogue import answers, conversations
from tests.api.http.small import bearer, home_in, key, service_of, serving
from tests.api.web.markup import addresses, chosen, elements, page, parts, said, text, tree

FIRST = "What is the first-line drug for gout?"
IDENTIFYING = "My patient John Smith, born 03/04/1956, MRN 1234567: what dose of allopurinol?"
EMERGENCY = "I have crushing chest pain right now and cannot breathe"
UNHELD = "What is the role of zorblaxumab in gout?"


def post(client: TestClient, question: str, path: str = "/articles/gout/ask", **fields: str) -> Response:
    """A question as a browser without scripts sends it."""
    headers = {"accept": "text/html", "origin": "http://127.0.0.1"}
    return client.post(path, data={"question": question, **fields}, headers=headers, follow_redirects=False)


def asked(
    client: TestClient, question: str, path: str = "/articles/gout/ask", **fields: str
) -> tuple[str, HtmlElement]:
    """The address on which an answer is shown, and its page."""
    response = post(client, question, path, **fields)
    assert response.status_code == 303, response.text
    return response.headers["location"], page(client, response.headers["location"].partition("#")[0])


def conversation_of(location: str) -> str:
    return urlsplit(location).query.removeprefix("conversation=")


def box(found: HtmlElement) -> str:
    """What stands in the box."""
    return str(chosen(found, "#question")[0].text or "")


def kept_turns(client: TestClient) -> int:
    with service_of(client).catalogue.reading() as connection:
        return sum(len(conversations.turns(connection, one.id)) for one in conversations.of_owner(connection, "", 99))


def kept_conversations(client: TestClient) -> int:
    with service_of(client).catalogue.reading() as connection:
        return len(conversations.of_owner(connection, "", 99))


@pytest.mark.parametrize("place", ["/articles/gout", "/ask"])
def test_an_answer_is_shown_with_everything_that_belongs_to_it(client: TestClient, place: str) -> None:
    path = place if place == "/ask" else f"{place}/ask"
    location, found = asked(client, FIRST, path)
    assert location.startswith(f"{place}?conversation=")
    (exchange,) = chosen(found, ".exchange")
    assert location.endswith(f"#{exchange.get('id')}")
    assert said(exchange, ".asked") == [FIRST]
    shown = text(exchange)
    assert (
        shown.index(disclaimer().text)
        < shown.index(caution().text)
        < shown.index(text(chosen(exchange, ".statements")[0]))
    )
    given = client.get(f"/v1/answers/{str(exchange.get('id')).removeprefix('answer-')}").json()
    statements = chosen(chosen(exchange, ".statements")[0], "li")
    assert len(statements) == len(given["statements"]) > 0
    numbers = {one["id"]: one["n"] for one in given["sources"]}
    for element, statement in zip(statements, given["statements"], strict=True):
        cites = [text(one) for one in chosen(element, ".cite")]
        assert str(chosen(element, "p")[0].text).startswith(statement["text"])
        expected = [n for one in statement["citations"] for n in (one["n"], *(numbers[via] for via in one["via"]))]
        assert cites == [f"[{n}]" for n in expected]
        quotes = {text(one) for one in chosen(element, ".card-quote")}
        assert quotes == {" ".join(one["quote"].split()) for one in statement["citations"]}
        for cite in chosen(element, ".cite"):
            (card,) = chosen(element, f"#{cite.get('data-card')}")
            assert said(card, ".badge")  # its review status goes with every citation
            assert card.get("popover") == "manual"
    assert len(chosen(chosen(exchange, ".references")[0], "li")) == len(given["sources"])


def test_a_conversation_survives_a_reload_and_goes_on(client: TestClient) -> None:
    location, first = asked(client, FIRST)
    assert text(chosen(page(client, location.partition("#")[0]), ".exchange")[0]) == text(chosen(first, ".exchange")[0])
    after, both = asked(client, "And when it is not tolerated?", conversation=conversation_of(location))
    assert conversation_of(after) == conversation_of(location)
    assert said(both, ".asked") == [FIRST, "And when it is not tolerated?"]
    assert {one.get("value") for one in chosen(both, "input") if one.get("name") == "conversation"} == {
        conversation_of(after)
    }


def test_how_a_question_was_read_can_be_corrected(client: TestClient) -> None:
    """The correction stays with the question as it was typed."""
    location, _ = asked(client, FIRST)
    _, found = asked(
        client, "And in hypertension?", conversation=conversation_of(location), read_as="Febuxostat in gout?"
    )
    last = chosen(found, ".exchange")[-1]
    assert said(last, ".asked") == ["And in hypertension?"]
    (form,) = [one for one in chosen(last, "form") if chosen(one, "textarea") and one.get("class") is None]
    fields = {one.get("name"): one.get("value") for one in chosen(form, "input")}
    assert fields == {"conversation": conversation_of(location), "question": "And in hypertension?"}
    assert text(chosen(form, "textarea")[0]) == "Febuxostat in gout?"
    assert "Febuxostat in gout?" in said(last, "summary")[0]


@pytest.mark.parametrize(
    ("question", "outcome", "left"),
    [(IDENTIFYING, Outcome.PATIENT_IDENTIFIERS, IDENTIFYING), (EMERGENCY, Outcome.EMERGENCY, "")],
)
def test_what_is_stopped_is_shown_once_and_kept_nowhere(
    client: TestClient, question: str, outcome: str, left: str
) -> None:
    response = post(client, question)
    found = tree(response)
    (exchange,) = chosen(found, f".{outcome}")
    assert disclaimer().text in text(exchange)
    assert said(exchange, ".refusal")
    assert box(found) == left
    assert "are not kept" in text(exchange)
    assert kept_conversations(client) == 0
    if outcome == Outcome.PATIENT_IDENTIFIERS:
        assert "John Smith" not in text(exchange)


def test_a_refusal_offers_related_passages_that_open(client: TestClient) -> None:
    _, found = asked(client, UNHELD)
    (exchange,) = chosen(found, ".exchange")
    assert disclaimer().text in text(exchange)
    links = [one.get("href") for one in chosen(chosen(exchange, ".near")[0], "a")]
    assert links
    for link in links:
        assert chosen(page(client, link.partition("#")[0]), "#quote")


@pytest.mark.parametrize("question", ["", " \n", "x" * 1001, "gout\x07?"])
def test_what_cannot_be_asked_stays_in_the_box(client: TestClient, question: str) -> None:
    found = tree(post(client, question), 422)
    assert said(found, "#notice")[0]
    assert box(found).strip("\n") in (question.strip("\n"), question.replace("\x07", "\ufffd"))
    assert kept_conversations(client) == 0
    aside = client.post("/articles/gout/ask", data={"question": question}, headers={"hx-request": "true"})
    assert (aside.status_code, aside.headers["hx-retarget"]) == (422, "#notice")


def test_a_full_queue_leaves_the_question_in_the_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(home_in(tmp_path), queue=1, threads=1) as client:
        monkeypatch.setattr(service_of(client), "_pending", 2)
        found = tree(post(client, FIRST), 503)
        assert box(found) == FIRST
        assert "Ask again in" in text(chosen(found, "#notice")[0]) or "ask again in" in text(
            chosen(found, "#notice")[0]
        )
        assert kept_conversations(client) == 0


def test_where_nothing_is_kept_single_questions_are_answered(tmp_path: Path) -> None:
    with serving(home_in(tmp_path), answer_days=0) as client:
        found = tree(post(client, FIRST))
        (exchange,) = chosen(found, ".exchange")
        assert chosen(exchange, ".statements")
        assert disclaimer().text in text(exchange)
        assert not chosen(exchange, ".feedback")
        assert not chosen(exchange, ".exports")
        assert "Nothing is kept here" in text(chosen(found, "#ask-hint")[0])


def test_another_s_conversation_is_not_there(tmp_path: Path) -> None:
    with serving(home_in(tmp_path), keys_asked=True) as client:
        mine, other = bearer(key(client, "mine")), bearer(key(client, "other"))
        client.headers.update(mine)
        location, _ = asked(client, FIRST)
        client.headers.update(other)
        page(client, location.partition("#")[0], 404)
        assert post(client, "And then?", conversation=conversation_of(location)).status_code == 404


def test_a_conversation_belongs_to_its_article(client: TestClient) -> None:
    location, _ = asked(client, FIRST)
    page(client, f"/articles/hypertension?conversation={conversation_of(location)}", 404)
    page(client, f"/ask?conversation={conversation_of(location)}", 404)


def test_a_conversation_can_be_found_again_and_deleted(client: TestClient) -> None:
    location, _ = asked(client, FIRST, "/ask")
    listed = chosen(page(client, "/ask"), "#earlier-list")[0]
    assert [(text(one), one.get("href")) for one in chosen(listed, "a")] == [(FIRST, location.partition("#")[0])]
    gone = client.post("/conversations/delete", data={"conversation": conversation_of(location), "next": "/ask"})
    assert (gone.status_code, gone.headers["location"]) == (303, "/ask")
    assert kept_turns(client) == 0
    assert not chosen(page(client, "/ask"), "#earlier-list")


def test_no_address_ever_holds_a_question(client: TestClient) -> None:
    marked = "Is allopurinol zebrawort the first-line drug for gout?"
    location, found = asked(client, marked)
    _, again = asked(client, "And zebrawort then?", conversation=conversation_of(location), read_as="zebrawort gout")
    pages = [found, again, tree(post(client, f"{IDENTIFYING} zebrawort")), page(client, "/ask")]
    assert any("zebrawort" in text(one) for one in pages)
    every = [location, *(address for one in pages for address in addresses(one))]
    assert not [one for one in every if "zebrawort" in unquote(one).lower()]
    assert not [one for found in pages for one in elements(found) if one.tag == "form" and one.get("method") != "post"]


@pytest.mark.parametrize("scripts", [False, True])
def test_feedback_is_kept_with_its_answer(client: TestClient, scripts: bool) -> None:
    _, found = asked(client, FIRST)
    (form,) = chosen(found, ".feedback")
    path = form.get("action") or ""
    headers = {"hx-request": "true"} if scripts else {"accept": "text/html"}
    told = client.post(path, data={"helpful": "false", "reason": "too old"}, headers=headers)
    assert told.status_code == 200
    assert "Thank you" in told.text
    assert (bool(parts(told.text)) if scripts else tree(told)) is not None
    with service_of(client).catalogue.reading() as connection:
        (kept,) = answers.feedback_on(connection, path.split("/")[2])
    assert (kept.helpful, kept.reason) == (False, "too old")


def test_feedback_that_identifies_a_patient_is_not_kept(client: TestClient) -> None:
    _, found = asked(client, FIRST)
    path = chosen(found, ".feedback")[0].get("action") or ""
    told = tree(
        client.post(path, data={"helpful": "true", "reason": IDENTIFYING}, headers={"accept": "text/html"}), 422
    )
    reason = next(one for one in chosen(told, "input") if one.get("name") == "reason")
    assert reason.get("value") == IDENTIFYING
    with service_of(client).catalogue.reading() as connection:
        assert answers.feedback_on(connection, path.split("/")[2]) == ()


def test_what_is_copied_carries_references_and_disclaimer(client: TestClient) -> None:
    _, found = asked(client, FIRST)
    button = next(one for one in elements(found) if one.get("data-copy"))
    copied = text(chosen(found, f"#{button.get('data-copy')}")[0])
    shown = chosen(chosen(found, ".exchange")[0], ".references")[0]
    assert disclaimer().text in copied
    assert caution().text in copied
    for one in chosen(shown, "li"):
        assert said(one, "p")[0] in copied


def test_exports_open(client: TestClient) -> None:
    _, found = asked(client, FIRST)
    links = [one.get("href") for one in chosen(chosen(found, ".exports")[0], "a")]
    assert len(links) == 5
    assert all(client.get(link).status_code == 200 for link in links)
