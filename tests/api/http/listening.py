"""A service that listens on a socket, and what one sends there that no well-meaning client sends."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.connections import Connection


def kept_open(app: ASGIApp) -> ASGIApp:
    """An application that does not end with the server or client that it is given to."""

    async def within(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for what in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{what}.complete"})

    return within


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """The port of a server in a thread of its own, started as `sequitur serve` starts it."""
    config = uvicorn.Config(
        app, port=0, http=Connection, ws="none", log_config=None, access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    """A connection on which something was sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        yield connection


def rest(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    received = bytearray()
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:  # it closed before it had read everything
        pass
    return bytes(received)


def sent(port: int, data: bytes) -> bytes:
    """What comes back for some bytes, until the other side closes."""
    with connected(port, data) as connection:
        return rest(connection)


def request(line: str, *headers: str, body: bytes = b"", close: bool = True) -> bytes:
    """The bytes of a request to the service."""
    named = ["Host: 127.0.0.1", *headers, *(["Connection: close"] if close else [])]
    return "\r\n".join([f"{line} HTTP/1.1", *named, "", ""]).encode("latin-1") + body


def posted(body: bytes, *headers: str) -> bytes:
    """The bytes of a question."""
    told = ("Content-Type: application/json", f"Content-Length: {len(body)}", *headers)
    return request("POST /v1/answers", *told, body=body)


def status(response: bytes) -> int:
    """The status of a response; 0 when nothing came."""
    return int(response.split(b" ", 2)[1]) if response else 0
