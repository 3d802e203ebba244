"""The answer as it comes into an open page: the disclaimer first, the same answer last, and where it goes on."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml.html import HtmlElement, fromstring

from api.web import streamed
from assistant import pipeline
from assistant.policy import disclaimer
from corpus.errors import CatalogueUnavailable
from tests.api.http.small import home_in, service_of, serving
from tests.api.web.markup import assert_clean, chosen, page, said, text
from tests.api.web.test_pages_asking import FIRST, IDENTIFYING, kept_conversations

OPEN = {"hx-request": "true", "accept": "text/html, text/event-stream"}


def events(client: TestClient, question: str, **fields: str) -> list[tuple[str, str]]:
    """The names and data of the events of a streamed answer; fragments have no name."""
    response = client.post("/articles/gout/ask", data={"question": question, **fields}, headers=OPEN)
    assert response.headers["content-type"].startswith("text/event-stream")
    return [_event(block) for block in response.text.split("\n\n") if block.strip() and not block.startswith(":")]


def _event(block: str) -> tuple[str, str]:
    lines = [line.partition(": ") for line in block.split("\n")]
    name = "".join(value for field, _, value in lines if field == "event")
    return name, "\n".join(value for field, _, value in lines if field == "data")


def targets(fragment: str) -> dict[str, HtmlElement]:
    """What a fragment puts where."""
    found = re.findall(r'<hx-partial hx-target="([^"]+)"[^>]*>(.*?)</hx-partial>', fragment, re.DOTALL)
    trees = {target: fromstring(f"<div>{body}</div>") for target, body in found}
    for one in trees.values():
        assert_clean(one)
    return trees


def test_the_disclaimer_comes_first_and_the_answer_last(client: TestClient) -> None:
    streamed = events(client, FIRST)
    names = [name for name, _ in streamed]
    assert names == [""] * (len(names) - 1) + ["settled"]
    begun = targets(streamed[0][1])["#conversation"]
    assert said(begun, ".asked") == [FIRST]
    assert said(begun, ".disclaimer") == [disclaimer().text]
    stages = [text(targets(data)["#ask-status"]) for _, data in streamed[1:-2]]
    assert stages[0] == "Reading the question…"
    assert stages[-1] == "Checking statements and citations…"
    told = json.loads(streamed[-1][1])
    assert told["leave"] is False
    last = targets(streamed[-2][1])
    (answer,) = [one for target, one in last.items() if target.startswith("#x-")]
    reloaded = page(client, told["page"])
    assert text(chosen(answer, ".exchange")[0]) == text(chosen(reloaded, ".exchange")[0])
    assert re.match(r"Answer: \d+ statements? with citations", text(last["#ask-status"]))


def test_what_identifies_a_patient_is_left_in_the_box(client: TestClient) -> None:
    streamed = events(client, IDENTIFYING)
    told = json.loads(streamed[-1][1])
    assert told == {"conversation": "", "page": "/articles/gout", "leave": True}
    assert "John" not in text(next(one for target, one in targets(streamed[-2][1]).items() if target.startswith("#x-")))
    assert kept_conversations(client) == 0


def test_a_failure_midway_is_told_and_leaves_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(home_in(tmp_path), seconds=1) as client:
        service = service_of(client)
        desk_on = service.desk_on

        def slow(*given: object) -> object:
            import time

            time.sleep(1.5)
            return desk_on(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(service, "desk_on", slow)
        streamed = events(client, FIRST)
        assert json.loads(streamed[-1][1])["leave"] is True
        assert "No answer within 1 s" in text(targets(streamed[-2][1])["#notice"])


def test_a_question_that_failed_takes_only_the_conversation_begun_for_it_along(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_already = client.post("/v1/conversations", json={"article_id": "gout"}).json()["id"]
    monkeypatch.setattr(pipeline, "gather", _fails)
    assert json.loads(events(client, FIRST, conversation=open_already)[-1][1])["conversation"] == open_already
    assert client.get(f"/v1/conversations/{open_already}").status_code == 200
    assert json.loads(events(client, FIRST)[-1][1])["conversation"] == ""
    assert [one["id"] for one in client.get("/v1/conversations").json()] == [open_already]


def test_a_hostile_question_is_text(client: TestClient) -> None:
    hostile = 'gout?</article><script>alert(1)</script><img src=x onerror=alert(1)>"\'<hx-partial hx-target="#main">'
    streamed = events(client, hostile)
    begun = targets(streamed[0][1])
    assert set(begun) == {"#earlier-list", "#notice", "#conversation", "#ask-status"}
    assert said(begun["#conversation"], ".asked") == [hostile]
    targets(streamed[-2][1])


def test_a_fault_midway_is_told_on_the_open_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "gather", _fails)
    streamed = events(client, FIRST)
    assert streamed[-1][0] == "settled"
    assert json.loads(streamed[-1][1])["leave"] is True
    told = streamed[-2][1]
    assert "fault of the program" in told
    assert FIRST not in told
    assert kept_conversations(client) == 0


def test_a_failure_is_told_also_where_the_catalogue_is_away(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise CatalogueUnavailable("away")

    monkeypatch.setattr(pipeline, "gather", _fails)
    monkeypatch.setattr(streamed, "forgotten", away)
    told = events(client, FIRST)
    assert "fault of the program" in told[-2][1]
    assert json.loads(told[-1][1])["leave"] is True


def _fails(*_: object, **__: object) -> None:
    raise RuntimeError(FIRST)
