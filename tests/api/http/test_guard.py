"""What a hostile or clumsy client sends: it is told so or cut off, nothing leaks, nothing hangs, others are served."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from api import connections, guard
from api.guard import MAX_BODY, Bounded
from api.service import Service
from assistant import evidence, pipeline
from tests.api.http.asking import EVENTS, ask, content, problem
from tests.api.http.listening import connected, kept_open, listening, posted, request, rest, sent, status, until
from tests.api.http.small import BASE, FIRST_LINE, service_of, serving

ASKED = json.dumps(FIRST_LINE).encode()


@pytest.fixture(scope="module")
def port(small: TestClient) -> Iterator[int]:
    """The same service on a socket."""
    with unmanaged(small) as port:
        yield port


@contextmanager
def unmanaged(client: TestClient) -> Iterator[int]:
    """The service of a client, on a socket; the client's own closing ends it."""
    with listening(kept_open(client.app)) as port:
        yield port


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Every answer waits before its search until this is set."""
    go, searched = threading.Event(), evidence.gather

    def gather(*arguments: object) -> object:
        assert go.wait(100)
        return searched(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "gather", gather)
    yield go
    go.set()


def answers_still(port: int) -> None:
    """The service answers an ordinary question."""
    response = sent(port, posted(ASKED))
    assert status(response) == 200
    assert b'"outcome":"answered"' in response


def test_a_body_that_is_too_large_is_refused_unread(small: TestClient) -> None:
    problem(small.post("/v1/answers", content=b"x" * (MAX_BODY + 1)), 413, "too-large")
    problem(small.post("/v1/answers", content=iter([b"x" * 40_000] * 2)), 413, "too-large")
    problem(small.post("/v1/answers", content=b"", headers={"content-length": str(10**18)}), 413, "too-large")
    problem(small.post("/v1/answers", content=b" " * MAX_BODY), 422, "invalid-request")
    problem(small.request("DELETE", "/v1/conversations/x", content=b"x" * (MAX_BODY + 1)), 413, "too-large")


@pytest.mark.parametrize("length", ["many", "1e3", "9" * 5000, ""])
def test_a_length_that_is_no_number_is_refused(small: TestClient, length: str) -> None:
    problem(small.post("/v1/answers", content=b"", headers={"content-length": length}), 400, "bad-length")


def test_a_body_sent_in_parts_is_cut_off_when_it_grows_too_large(port: int) -> None:
    head = request("POST /v1/answers", "Transfer-Encoding: chunked", close=False)
    chunk = b"4e20\r\n" + b"x" * 20_000 + b"\r\n"
    response = sent(port, head + 5 * chunk)
    assert status(response) == 413
    assert b"connection: close" in response
    answers_still(port)


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    app = kept_open(Bounded(PlainTextResponse("read"), seconds=0.3))
    head = request("POST /", "Content-Length: 10", close=False)
    with listening(app) as port, connected(port, head) as connection:
        began = time.monotonic()
        response = rest(connection)
        assert status(response) == 408
        assert b"connection: close" in response
        assert 0.2 < time.monotonic() - began < 10
        assert status(sent(port, head + b"0123456789" + request("GET /"))) == 200


def test_a_head_that_comes_too_slowly_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.4)
    whole = request("GET /healthz", close=False)
    with ExitStack() as stack:
        silent, slow, second = (stack.enter_context(connected(port)) for _ in range(3))
        second.sendall(whole)
        until(lambda: b"alive" in second.recv(65536))
        second.sendall(whole[:10])
        ended = ThreadPoolExecutor(3).map(rest, (silent, slow, second))
        for place in range(4):  # a byte now and then does not gain time
            slow.send(whole[place : place + 1])
            time.sleep(0.05)
        assert list(ended) == [b"", b"", b""]
    answers_still(port)


def test_an_answer_that_takes_longer_than_a_head_may_is_not_cut_off(
    port: int, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with connected(port, posted(ASKED)) as connection:
        time.sleep(0.6)
        held.set()
        assert status(rest(connection)) == 200


def test_more_connections_than_are_taken_are_told_when_to_come_again(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 3)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connected(port))
        response = sent(port, b"")
        assert status(response) == 503
        assert b"retry-after: 5" in response
    until(lambda: status(sent(port, request("GET /healthz"))) == 200)


HOSTILE: dict[str, tuple[bytes, tuple[int, ...]]] = {
    "many headers": (request("GET /healthz", *(f"X-{n}: {'a' * 100}" for n in range(2000))), (400,)),
    "a long header": (request("GET /healthz", f"X: {'a' * 200_000}"), (400,)),
    "a long address": (request(f"GET /{'a' * 200_000}"), (400,)),
    "two hosts": (request("GET /healthz", "Host: evil.example"), (400,)),
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", (400,)),
    "a host that is none": (b"GET /healthz HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n", (421,)),
    "an origin that is none": (posted(ASKED, "Origin: http://["), (403,)),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400,)),
    "a negative length": (request("POST /v1/answers", "Content-Length: -5"), (400,)),
    "a length of 5,000 digits": (request("POST /v1/answers", f"Content-Length: {'9' * 5000}"), (400,)),
    "an absurd length": (request("POST /v1/answers", f"Content-Length: {10**17}"), (413,)),
    "two lengths": (request("POST /v1/answers", "Content-Length: 5", "Content-Length: 6"), (400,)),
    "a smuggled request": (
        request("POST /v1/answers", "Content-Length: 6", "Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /x"),
        (400, 422),
    ),
    "a web socket": (request("GET /v1/answers", "Upgrade: websocket", close=False), (404, 405, 426, 400)),
    "bad JSON": (posted(b'{"question": '), (422,)),
    "no JSON": (posted(b"\xff\xfe\x00"), (422,)),
    "deep JSON": (posted(b"[" * 60_000), (422,)),
    "deep closed JSON": (posted(b'{"question":' + b"[" * 30_000 + b"]" * 30_000 + b"}"), (422,)),
    "a number of 60,000 digits": (posted(b'{"question":' + b"1" * 60_000 + b"}"), (422,)),
    "half a character": (posted(b'{"question":"dose \\ud800?"}'), (422,)),
    "a null character": (posted(b'{"question":"dose \\u0000?"}'), (422,)),
    "a null in an address": (request("GET /v1/answers/a%00b"), (404,)),
    "bytes that are no text in an address": (request("GET /v1/answers/%ff%fe"), (404,)),
    "half a character in an address": (request("GET /v1/passages/%ed%a0%80"), (404,)),
    "an unknown method": (request("BREW /v1/answers"), (405,)),
    "an address of another machine": (request("GET http://evil.example/healthz"), (404,)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_requests_are_refused_and_others_are_served(port: int, name: str) -> None:
    data, expected = HOSTILE[name]
    with connected(port, data) as connection:
        if b"websocket" in data:
            connection.settimeout(5)
            response = connection.recv(65536)
        else:
            response = rest(connection)
    assert status(response) in expected
    assert b"Traceback" not in response
    assert b"site-packages" not in response
    assert status(sent(port, request("GET /healthz"))) == 200


SECRET = "root:"
TRAVERSALS = (
    "../../../../etc/passwd",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "..%00/etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
)
ROOMS = ("/v1/passages", "/v1/answers", "/v1/articles", "/v1/conversations", "/static", "/v1", "")


@pytest.mark.parametrize("room", ROOMS)
def test_no_path_leads_out_of_what_is_served(port: int, room: str) -> None:
    for path in TRAVERSALS:
        response = sent(port, request(f"GET {room}/{path}"))
        assert status(response) in (400, 404), path
        assert SECRET.encode() not in response


def test_who_goes_midway_frees_a_place_in_the_queue(small_home: Path, held: threading.Event) -> None:
    streamed = posted(ASKED, "Accept: text/event-stream")
    with serving(small_home, queue=2, threads=1, seconds=300) as client, unmanaged(client) as port:
        service = service_of(client)
        with connected(port, streamed) as working:
            assert b"event: disclaimer" in first_event(working)
            with connected(port, streamed) as waiting:
                assert b"event: disclaimer" in first_event(waiting)
                until(lambda: service.pending == 2)
            until(lambda: service.pending == 1)
        held.set()
        until(lambda: service.pending == 0)
        answers_still(port)


def test_who_goes_while_waiting_for_json_frees_a_place_too(small_home: Path, held: threading.Event) -> None:
    with serving(small_home, queue=2, threads=1, seconds=300) as client, unmanaged(client) as port:
        service = service_of(client)
        with connected(port, posted(ASKED)):
            until(lambda: service.pending == 1)
            for _ in range(3):
                with connected(port, posted(ASKED)):
                    until(lambda: service.pending == 2)
                until(lambda: service.pending == 1)
        held.set()
        until(lambda: service.pending == 0)
        answers_still(port)


def test_too_many_at_once_are_told_when_to_come_again_and_the_others_are_right(
    small_home: Path, held: threading.Event
) -> None:
    with serving(small_home, queue=2, threads=2) as client, unmanaged(client) as port:
        refused = threading.Event()

        def ask(number: int) -> httpx2.Response:
            response = http.post("/v1/answers", json=FIRST_LINE, headers=EVENTS if number % 2 else {})
            if response.status_code == 503:
                refused.set()
            return response

        limits = httpx2.Limits(max_connections=None)
        with (
            httpx2.Client(base_url=f"{BASE}:{port}", timeout=60, limits=limits) as http,
            ThreadPoolExecutor(40) as pool,
        ):
            asked = [pool.submit(ask, number) for number in range(200)]
            assert refused.wait(30)
            held.set()
            given = [one.result() for one in asked]
        assert {one.status_code for one in given} == {200, 503}
        for one in given:
            if one.status_code == 503:
                problem(one, 503, "overloaded")
                assert int(one.headers["retry-after"]) >= 1
        answers = [one.json() for one in given if one.headers["content-type"] == "application/json"]
        assert len({json.dumps(content(one)) for one in answers}) == 1
        streams = [one.text for one in given if one.headers["content-type"].startswith("text/event-stream")]
        assert all(text.count("event: answer\n") == 1 and "event: problem" not in text for text in streams)
        assert len(answers) + len(streams) == sum(one.status_code == 200 for one in given)
        until(lambda: service_of(client).pending == 0)
        metrics = client.get("/metrics").text
        assert f'sequitur_refused_total{{reason="overloaded"}} {200 - len(answers) - len(streams)}.0' in metrics
        assert "sequitur_queue 0.0" in metrics


def test_an_answer_that_takes_too_long_is_given_up(small_home: Path, held: threading.Event) -> None:
    with serving(small_home, seconds=1, threads=1) as client:
        response = client.post("/v1/answers", json=FIRST_LINE)
        problem(response, 503, "too-slow")
        assert int(response.headers["retry-after"]) >= 1
        held.set()
        until(lambda: service_of(client).pending == 0)
        assert client.post("/v1/answers", json=FIRST_LINE).status_code == 200


def test_what_was_told_to_be_too_slow_is_not_kept(small_home: Path, held: threading.Event) -> None:
    with serving(small_home, seconds=1, threads=1) as client:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        problem(client.post("/v1/answers", json=FIRST_LINE | {"conversation_id": conversation}), 503, "too-slow")
        held.set()
        until(lambda: service_of(client).pending == 0)
        assert client.get(f"/v1/conversations/{conversation}").json()["answers"] == []


def test_what_a_reader_did_not_wait_for_is_kept(small_home: Path, held: threading.Event) -> None:
    with serving(small_home, seconds=300) as client, unmanaged(client) as port:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        asked = json.dumps(FIRST_LINE | {"conversation_id": conversation}).encode()
        with connected(port, posted(asked, "Accept: text/event-stream")) as gone:
            while b'"searching"' not in gone.recv(65536):
                pass
        until(lambda: 'route="/v1/answers",status="200"} 1.0' in client.get("/metrics").text)
        assert service_of(client).pending == 1
        held.set()
        until(lambda: service_of(client).pending == 0)
        assert len(client.get(f"/v1/conversations/{conversation}").json()["answers"]) == 1


def test_who_deletes_a_conversation_while_it_goes_on_is_answered_and_nothing_stays(
    small_home: Path, held: threading.Event
) -> None:
    with serving(small_home) as client, ThreadPoolExecutor(1) as pool:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        asked = pool.submit(ask, client, FIRST_LINE | {"conversation_id": conversation})
        until(lambda: service_of(client).pending == 1)
        assert client.delete(f"/v1/conversations/{conversation}").status_code == 204
        held.set()
        problem(client.get(f"/v1/answers/{asked.result()['id']}"), 404, "no-answer")


def test_a_service_that_is_being_stopped_takes_no_more_questions(small_home: Path) -> None:
    with serving(small_home) as client:
        service: Service = service_of(client)
        service.close()
        problem(client.post("/v1/answers", json=FIRST_LINE), 503, "overloaded")
        assert service.pending == 0


def first_event(connection: socket.socket) -> bytes:
    """What comes first of a stream."""
    received = b""
    while b"\n\n" not in received.partition(b"\r\n\r\n")[2]:
        received += connection.recv(65536)
    return received


def test_limits_are_what_the_operators_are_told() -> None:
    assert (MAX_BODY, guard.BODY_SECONDS, connections.HEAD_SECONDS) == (65_536, 10.0, 10.0)
