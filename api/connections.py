"""A connection to the service: how long it may take to say what it wants and to read what it is given, and how many."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""For the head of a request, from the first moment of a connection or the first byte of another request on it."""
READ_SECONDS = 30.0
"""For reading on, when so much was sent that no more is taken."""
MOST = 500
"""Connections at once; an ordinary process may have 1,024 files open in all."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 24\r\n\r\nToo many are connected.\n"
)


class Connection(H11Protocol):
    """The server's own, which would wait forever for a head that does not come and for a client that does not read."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head: asyncio.TimerHandle | None = None
        self._read: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.write(_FULL)
            transport.close()
            return
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._expect_head()
        else:
            self._head = _stop(self._head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head, self._read = _stop(self._head), _stop(self._read)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._read = self._read or self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read = _stop(self._read)

    def _expect_head(self) -> None:
        self._head = self._head or self.loop.call_later(HEAD_SECONDS, self.transport.close)


def _stop(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """What is to stand in its place: none."""
    if timer is not None:
        timer.cancel()
    return None
