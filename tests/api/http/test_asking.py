"""Asking over HTTP: JSON and stream say the same, the disclaimer never lacks, a kept answer stays as it was given."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.export import FORMATS
from api.routes.answers import MAX_REASON
from assistant.answer import Stage
from assistant.policy import disclaimer
from assistant.question import MAX_CHARACTERS
from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue
from tests.api.http.asking import ASKED, DOSE, Json, ask, content, problem, stream

KEPT = ("answered", "insufficient_evidence")

Told = dict[str, Response]
Streamed = dict[str, list[tuple[str, Json]]]


@pytest.fixture(scope="module")
def told(client: TestClient) -> Told:
    """The answer of each outcome as JSON."""
    return {outcome: client.post("/v1/answers", json=asked) for outcome, asked in ASKED.items()}


@pytest.fixture(scope="module")
def streamed(client: TestClient) -> Streamed:
    """The same, as events."""
    return {outcome: stream(client, asked) for outcome, asked in ASKED.items()}


def words(text: str) -> str:
    """The words of a text, however a format sets and escapes them."""
    return " ".join(re.findall(r"\w+", text))


def catalogue_of(client: TestClient) -> Catalogue:
    app = client.app
    assert isinstance(app, FastAPI)
    found = app.state.service.catalogue
    assert isinstance(found, Catalogue)
    return found


@pytest.mark.parametrize("outcome", ASKED)
def test_the_last_event_is_the_answer_that_json_gives(told: Told, streamed: Streamed, outcome: str) -> None:
    assert told[outcome].status_code == 200
    assert told[outcome].json()["outcome"] == outcome
    name, last = streamed[outcome][-1]
    assert name == "answer"
    assert content(last) == content(told[outcome].json())
    assert last["id"] != told[outcome].json()["id"]


@pytest.mark.parametrize("outcome", ASKED)
def test_the_disclaimer_is_the_first_event_and_in_every_outcome(told: Told, streamed: Streamed, outcome: str) -> None:
    assert streamed[outcome][0] == ("disclaimer", {"disclaimer": disclaimer().text})
    assert streamed[outcome][-1][1]["disclaimer"] == disclaimer().text
    assert told[outcome].json()["disclaimer"] == disclaimer().text


@pytest.mark.parametrize("outcome", ASKED)
def test_events_come_in_one_order_and_say_what_the_answer_says(streamed: Streamed, outcome: str) -> None:
    answer, names = streamed[outcome][-1][1], [name for name, _ in streamed[outcome]]
    assert names == sorted(names, key=["disclaimer", "stage", "caution", "statement", "answer"].index)
    said = {kind: [data for name, data in streamed[outcome] if name == kind] for kind in names}
    stages = [data["stage"] for data in said["stage"]]
    assert stages
    assert stages == list(Stage)[: len(stages)]
    assert said.get("statement", []) == answer["statements"]
    assert said.get("caution", []) == ([{"caution": answer["caution"]}] if answer["caution"] else [])


@pytest.mark.parametrize("outcome", ASKED)
def test_a_refusal_states_nothing_and_says_what_to_do(told: Told, outcome: str) -> None:
    assert bool(told[outcome].json()["statements"]) == (outcome == "answered")
    assert bool(told[outcome].json()["message"]) == (outcome != "answered")


def test_read_as_replaces_our_reading(client: TestClient, told: Told) -> None:
    ours = told["answered"].json()
    asked = {"question": "And the dose?", "read_as": ours["read_as"], "article_id": "myositis"}
    theirs = ask(client, asked)
    assert (theirs["question"], theirs["read_as"]) == ("And the dose?", ours["read_as"])
    assert theirs["statements"] == ours["statements"]


@pytest.mark.parametrize("audience", ["trainee", "patient"])
def test_the_audience_changes_what_is_explained_and_never_what_is_stated(
    client: TestClient, told: Told, audience: str
) -> None:
    clinicians, theirs = told["answered"].json(), ask(client, DOSE | {"audience": audience})
    assert (clinicians["audience"], theirs["audience"]) == ("clinician", audience)
    assert theirs["statements"] == clinicians["statements"]
    assert theirs["sources"] == clinicians["sources"]
    assert len(theirs["glossary"]) > len(clinicians["glossary"])


def test_an_unknown_article_is_no_article(client: TestClient) -> None:
    response = client.post("/v1/answers", json=DOSE | {"article_id": "of-nothing"})
    assert "of-nothing" in problem(response, 404, "unknown-article")["detail"]
    last = stream(client, DOSE | {"article_id": "of-nothing"})[-1]
    assert last[0] == "problem"
    assert last[1]["type"] == "urn:sequitur:problem:unknown-article"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"question": ""}, "invalid-question"),
        ({"question": " ?! "}, "invalid-question"),
        ({"question": "dose\x07"}, "invalid-question"),
        ({"question": "dose?", "read_as": "\x07"}, "invalid-question"),
        ({"question": "a" * (MAX_CHARACTERS + 1)}, "invalid-request"),
        ({"question": 3}, "invalid-request"),
        ({"question": None}, "invalid-request"),
        ({}, "invalid-request"),
        ({"question": "dose?", "audience": "king"}, "invalid-request"),
        ({"question": "dose?", "surprise": 1}, "invalid-request"),
    ],
)
def test_what_is_no_question_is_told_as_such(client: TestClient, asked: Json, name: str) -> None:
    problem(client.post("/v1/answers", json=asked), 422, name)


@pytest.mark.parametrize("outcome", KEPT)
def test_a_kept_answer_is_read_back_byte_for_byte(
    client: TestClient, told: Told, streamed: Streamed, outcome: str
) -> None:
    given = told[outcome]
    again = client.get(f"/v1/answers/{given.json()['id']}")
    assert again.content == given.content
    assert again.headers["content-type"] == given.headers["content-type"] == "application/json"
    last = streamed[outcome][-1][1]
    assert client.get(f"/v1/answers/{last['id']}").json() == last


@pytest.mark.parametrize("outcome", sorted(set(ASKED) - set(KEPT)))
def test_what_is_stopped_before_any_search_is_not_kept(client: TestClient, told: Told, outcome: str) -> None:
    problem(client.get(f"/v1/answers/{told[outcome].json()['id']}"), 404, "no-answer")
    with catalogue_of(client).reading() as connection:
        kept = [one.request + one.body for one in answers.all_given(connection)]
    assert not any(ASKED[outcome]["question"] in text for text in kept)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("outcome", KEPT)
def test_every_export_is_a_file_with_the_disclaimer(client: TestClient, told: Told, outcome: str, format: str) -> None:
    given = told[outcome].json()
    response = client.get(f"/v1/answers/{given['id']}/export", params={"format": format})
    assert response.status_code == 200
    assert response.headers["content-type"] == FORMATS[format].media_type
    name = f"sequitur-{given['id']}.{FORMATS[format].extension}"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert words(disclaimer().text) in words(response.text)


def test_a_format_that_is_none_names_those_that_are(client: TestClient, told: Told) -> None:
    path = f"/v1/answers/{told['answered'].json()['id']}/export"
    refused = problem(client.get(path, params={"format": "docx"}), 422, "unknown-format")
    assert all(known in refused["detail"] for known in FORMATS)
    problem(client.get(path), 422, "invalid-request")


def test_feedback_is_kept_with_its_answer(client: TestClient, told: Told) -> None:
    given = told["answered"].json()
    for said in ({"helpful": True}, {"helpful": False, "reason": "the loading dose lacks"}):
        assert client.post(f"/v1/answers/{given['id']}/feedback", json=said).status_code == 204
    with catalogue_of(client).reading() as connection:
        kept = answers.feedback_on(connection, given["id"])
    assert [(one.helpful, one.reason) for one in kept] == [(True, ""), (False, "the loading dose lacks")]
    problem(client.post("/v1/answers/none/feedback", json={"helpful": True}), 404, "no-answer")


def test_feedback_that_identifies_a_patient_is_refused_and_nothing_of_it_is_kept(
    client: TestClient, told: Told
) -> None:
    given, said = told["insufficient_evidence"].json(), "Mrs Jane Doe, phone 555-0123, was not helped"
    response = client.post(f"/v1/answers/{given['id']}/feedback", json={"helpful": False, "reason": said})
    assert "Doe" not in problem(response, 422, "identifiers")["detail"]
    too_long = {"helpful": False, "reason": "a" * (MAX_REASON + 1)}
    problem(client.post(f"/v1/answers/{given['id']}/feedback", json=too_long), 422, "invalid-request")
    with catalogue_of(client).reading() as connection:
        assert answers.feedback_on(connection, given["id"]) == ()
