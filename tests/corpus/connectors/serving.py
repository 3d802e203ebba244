"""A service on this machine that answers from a script and remembers what it was asked; a clock that takes no time."""

import json
import socket
import struct
import tarfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
import zstandard

from corpus.connectors.pace import Timing

FORMATS = Path(__file__).parents[3].parent / "shared" / "data" / "formats"
needs_recordings = pytest.mark.skipif(
    not FORMATS.is_dir(), reason=f"the recorded replies are not at {FORMATS}; they are no part of the project"
)


@dataclass(frozen=True)
class Asked:
    """A request as it arrived: the path as it was written, the form or query by name, and what was sent with it."""

    method: str
    path: str
    values: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""

    def value(self, name: str) -> str:
        return "".join(self.values.get(name, []))


Answer = Callable[[BaseHTTPRequestHandler], None]


def reply(body: bytes | str, status: int = 200, **headers: str) -> Answer:
    """A complete reply; `Retry_After="1"` is the header Retry-After."""
    data = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def json_reply(value: object, status: int = 200) -> Answer:
    return reply(json.dumps(value), status)


def cut_off(body: bytes | str, at: int) -> Answer:
    """A reply that announces its whole length and breaks off."""
    data = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:at])
        handler.close_connection = True

    return answer


def reset(handler: BaseHTTPRequestHandler) -> None:
    """No reply: the connection is torn down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


class Script:
    """A server that gives each request the next answer, and the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.over = threading.Event()
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                script.take(self, parse_qs(urlsplit(self.path).query))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                script.take(self, parse_qs(body.decode()), body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that has gone away is part of the tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def silent(self, handler: BaseHTTPRequestHandler) -> None:
        """An answer that never comes."""
        self.over.wait(60)
        handler.close_connection = True

    def take(self, handler: BaseHTTPRequestHandler, values: Mapping[str, list[str]], body: bytes = b"") -> None:
        path = handler.path.partition("?")[0]
        self.asked.append(Asked(handler.command, path, values, dict(handler.headers.items()), body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(handler)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Stage:
    """A clock that only sleeping moves, and the sleeps it has seen."""

    seconds: float = 0.0
    chance: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.seconds, self.sleep, self.now, lambda: self.chance)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)


def recorded(archive: str, members: Iterable[str]) -> dict[str, bytes]:
    """Members of an archive of recorded replies, by their file names."""
    wanted, found = set(members), {}
    path = FORMATS / f"{archive}.tar.zst"
    with (
        path.open("rb") as raw,
        tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(raw), mode="r|") as tar,
    ):
        for member in tar:
            name = member.name.rpartition("/")[2]
            stream = tar.extractfile(member) if name in wanted else None
            if stream:
                found[name] = stream.read()
    assert set(found) == wanted
    return found


def exchanges(cassette: bytes) -> list[tuple[str, Answer]]:
    """The Crossref exchanges of a cassette: the path asked for, and the reply as it was recorded."""
    tape: dict[str, Any] = yaml.safe_load(cassette)
    found = []
    for exchange in tape["interactions"]:
        address, response = urlsplit(exchange["request"]["uri"]), exchange["response"]
        if address.netloc == "api.crossref.org":
            packing = [value[0] for name, value in response["headers"].items() if name.lower() == "content-encoding"]
            headers = {"Content_Encoding": packing[0]} if packing else {}
            found.append((address.path, reply(response["body"]["string"], response["status"]["code"], **headers)))
    return found
