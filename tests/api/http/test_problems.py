"""Errors over HTTP: each has its place in the table, none shows what is inside, no question stands in a log line."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.errors import NotServed
from api.logs import JsonLines, to_standard_error
from api.problems import FAULT, KINDS, MEDIA_TYPE, Kind, documented, kind_of
from api.routes import answers
from assistant import pipeline
from assistant.errors import UnsupportedAnswer
from corpus.connectors.errors import ServiceError
from corpus.errors import CatalogueUnavailable, CorpusError, SequiturError
from indexer.errors import NoSnapshot, SnapshotDamaged
from tests.api.http.asking import EVENTS, events, problem
from tests.api.http.small import FIRST_LINE, service_of

FAULTS = (SequiturError, UnsupportedAnswer, NotServed, CorpusError, ServiceError)
"""What no request leads to: to read sources and to fetch is the work of commands, and the other two are our faults."""

MARK = "Zyxomatosis"
QUESTION = f"Does lesinurad help in gout with {MARK}?"
INTERNALS = ("Traceback", "site-packages", "SELECT", "sqlite", "/home", "/work", "/tmp", ".py", "snapshots/")


def derived(kind: type[SequiturError]) -> Iterator[type[SequiturError]]:
    """A class of errors and all that derive from it."""
    yield kind
    for one in kind.__subclasses__():
        yield from derived(one)


def reaches_http(kind: type[SequiturError]) -> bool:
    rooms = ("corpus.", "indexer.", "assistant.", "api.")
    return kind.__module__.startswith(rooms) and not issubclass(kind, FAULTS[1:]) and kind is not SequiturError


def test_every_error_that_a_request_can_meet_has_its_place_in_the_table() -> None:
    """The application is imported with all its routes, and with them every error that they can meet."""
    for kind in filter(reaches_http, derived(SequiturError)):
        nearest = next(one for one in kind.__mro__ if one in KINDS)
        assert nearest is not SequiturError, f"{kind.__name__} has no place in KINDS"


def test_every_kind_is_told_apart_and_by_a_status_of_errors() -> None:
    names = [kind.name for kind in KINDS.values()]
    assert len(set(names)) == len(names)
    assert all(400 <= kind.status < 600 and kind.title for kind in KINDS.values())
    assert {status for status, kind in ((kind.status, kind) for kind in KINDS.values()) if status in documented(status)}


def test_the_nearest_class_decides() -> None:
    assert kind_of(UnsupportedAnswer("x")) is FAULT
    assert kind_of(SnapshotDamaged("x")).name == "index"
    assert kind_of(NoSnapshot("x")).status == 404


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (RuntimeError, 500, "fault"),
        (AssertionError, 500, "fault"),
        (RecursionError, 500, "fault"),
        (UnsupportedAnswer, 500, "fault"),
        (SequiturError, 500, "fault"),
        (OSError, 500, "fault"),
        (CatalogueUnavailable, 503, "catalogue-unavailable"),
        (SnapshotDamaged, 503, "index"),
        (NoSnapshot, 404, "no-snapshot"),
    ],
)
def test_a_failure_within_tells_its_kind_and_nothing_more(
    small: TestClient, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int, name: str
) -> None:
    inner = f"{MARK}: SELECT body FROM snapshots/1/passages.db (sqlite, site-packages/x.py)"
    monkeypatch.setattr(pipeline, "gather", raising(error(inner)))
    response = small.post("/v1/answers", json={"question": QUESTION})
    told = problem(response, status, name)
    last = events(small.post("/v1/answers", json={"question": QUESTION}, headers=EVENTS).text)[-1]
    assert last[0] == "problem"
    assert {**last[1], "request_id": ""} == {**told, "request_id": ""}
    for shown in (response.text, json.dumps(last[1])):
        assert not [word for word in (*INTERNALS, MARK) if word in shown]
    if status == 503:
        assert int(response.headers["retry-after"]) >= 1


def test_a_snapshot_that_is_not_there_does_not_tell_where_it_would_be(tmp_path: Path) -> None:
    from indexer.home import folder_of

    with pytest.raises(NoSnapshot) as caught:
        folder_of(tmp_path, "none")
    assert str(tmp_path) in str(caught.value)
    detail = kind_of(caught.value).detail
    assert detail
    assert str(tmp_path) not in detail


def test_what_the_framework_refuses_are_problem_details_too(small: TestClient) -> None:
    problem(small.get("/nothing"), 404, "http")
    problem(small.put("/v1/answers"), 405, "http")
    assert small.put("/v1/answers").headers["allow"] == "POST"
    unread = {"content-type": "application/json"}
    problem(small.post("/v1/answers", content=b"[" * 60_000, headers=unread), 422, "invalid-request")


def test_a_field_that_does_not_fit_is_named_and_its_value_is_not_repeated(small: TestClient) -> None:
    for wrong in ([QUESTION], {"text": QUESTION}, QUESTION * 100):
        response = small.post("/v1/answers", json={"question": wrong})
        assert [one["pointer"] for one in problem(response, 422, "invalid-request")["errors"]] == ["/question"]
        assert MARK not in response.text
    response = small.post("/v1/answers", content=f'{{"question": "{QUESTION}'.encode())
    assert MARK not in response.text


def ask_json(client: TestClient) -> None:
    client.post("/v1/answers", json={"question": QUESTION, "read_as": f"{QUESTION} Really?"})


def ask_events(client: TestClient) -> None:
    client.post("/v1/answers", json={"question": QUESTION}, headers=EVENTS)


def converse(client: TestClient) -> None:
    conversation = client.post("/v1/conversations", json={"article_id": "gout"}).json()["id"]
    for question in (QUESTION, "And in refractory disease?"):
        client.post("/v1/answers", json={"question": question, "conversation_id": conversation})
    client.get(f"/v1/conversations/{conversation}")
    client.delete(f"/v1/conversations/{conversation}")


def say_what_helped(client: TestClient) -> None:
    given = client.post("/v1/answers", json=FIRST_LINE).json()["id"]
    for reason in (f"not on {MARK}", f"Mr John {MARK}, born 03/04/1956"):
        client.post(f"/v1/answers/{given}/feedback", json={"helpful": False, "reason": reason})


def search(client: TestClient) -> None:
    client.post("/v1/search", json={"query": QUESTION})
    client.get("/v1/articles", params={"q": MARK})


def ask_wrongly(client: TestClient) -> None:
    for wrong in ({"question": [QUESTION]}, {"question": QUESTION + "\x07"}, {"question": QUESTION * 100}):
        client.post("/v1/answers", json=wrong)
    client.post("/v1/answers", content=f'{{"question": "{QUESTION}'.encode())
    client.post("/v1/answers", content=f'{{"question": "{QUESTION}"}}'.encode() + b"x" * 100_000)
    client.post("/v1/answers", json={"question": QUESTION, "article_id": MARK})
    client.post("/v1/answers", json={"question": QUESTION}, headers={"origin": "http://evil.example"})
    client.get(f"/v1/answers/{MARK}/{QUESTION}")


WAYS = (ask_json, ask_events, converse, say_what_helped, search, ask_wrongly)


@pytest.mark.parametrize("breaks", [False, True], ids=["all is well", "a fault within"])
@pytest.mark.parametrize("way", WAYS)
def test_no_question_stands_in_a_log_line_at_any_level(
    small: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    way: Callable[[TestClient], None],
    breaks: bool,
) -> None:
    if breaks:
        place, name = (answers, "keep_feedback") if way is say_what_helped else (pipeline, "gather")
        monkeypatch.setattr(place, name, raising(RuntimeError(QUESTION)))
    with caplog.at_level(logging.DEBUG):
        way(small)
    lines = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert any(one.getMessage() == "request" for one in lines)
    assert any(one.getMessage() == "fault" for one in lines) == (breaks and way not in (search, ask_wrongly))
    for one in lines:
        assert MARK not in JsonLines().format(one)
        assert MARK not in one.getMessage()
        assert MARK not in str({name: value for name, value in vars(one).items() if not name.startswith("exc_")})


def test_what_a_library_logs_of_an_exception_is_told_without_its_words(capfd: pytest.CaptureFixture[str]) -> None:
    loggers = [logging.getLogger(name) for name in ("", "sequitur", "uvicorn")]
    before = [(one, one.handlers[:], one.level) for one in loggers]
    try:
        to_standard_error()
        try:
            raise ValueError(QUESTION)
        except ValueError as error:
            logging.getLogger("asyncio").exception(f"Task exception was never retrieved\nfuture: {error!r}")
            logging.getLogger("other").warning("could not read %s", QUESTION)
            logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
    finally:
        for logger, handlers, level in before:
            logger.handlers = handlers
            logger.setLevel(level)
    written = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert MARK not in json.dumps(written)
    assert [one["event"] for one in written] == [
        "Task exception was never retrieved",
        "could not read %s",
        "Exception in ASGI application",
    ]
    assert written[0]["exception"] == "ValueError"
    assert written[0]["places"]


def test_a_log_line_tells_what_became_of_a_question(small: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        response = small.post("/v1/answers", json=FIRST_LINE)
    (record,) = (one for one in caplog.records if one.getMessage() == "request")
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("POST", "/v1/answers", 200)
    assert (line["outcome"], line["snapshot"]) == ("answered", service_of(small).live.id)
    assert list(line["stages"]) == ["triage", "reading", "encoding", "searching", "stating"]


def test_metrics_have_no_label_that_somebody_typed(small: TestClient) -> None:
    small.get(f"/{MARK}")
    small.request(MARK.upper(), "/v1/answers")
    small.get(f"/v1/answers/{MARK}")
    told = small.get("/metrics").text
    assert MARK.casefold() not in told.casefold()
    assert 'route="/v1/answers/{answer_id}"' in told


def test_problems_are_described_as_such(small: TestClient) -> None:
    described = small.get("/v1/openapi.json").json()
    for found in described["paths"].values():
        for operation in found.values():
            if "openai" in operation["tags"]:  # its clients read errors of their own form
                continue
            refusals = {status: one for status, one in operation["responses"].items() if status >= "400"}
            assert all(list(one["content"]) == [MEDIA_TYPE] for one in refusals.values())
    assert set(described["components"]["schemas"]["Problem"]["required"]) == {
        "type", "title", "status", "detail", "request_id",
    }  # fmt: skip


def raising(error: Exception) -> Callable[..., object]:
    """Something that fails whatever it is given."""

    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def test_the_default_kind_shows_nothing() -> None:
    assert isinstance(FAULT, Kind)
    assert FAULT.detail
