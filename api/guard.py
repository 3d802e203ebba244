"""What every request passes: its id, its size and time, who may call from where, and the headers of every response."""

import asyncio
import ipaddress
import json
import uuid
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems

MAX_BODY = 64 * 1024
"""Bytes. The longest request is a conversation of 20 turns of 1,000 characters."""
LARGER_BODIES = {"/v1/chat/completions": 1024 * 1024, "/cds-services": 1024 * 1024}
"""By the beginning of the path: who asks there sends along a whole chat with its answers, or a patient's conditions."""
BODY_SECONDS = 10.0

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "via")
"""What a proxy adds to a request."""
SAFE = ("GET", "HEAD", "OPTIONS")


OnFailure = Callable[[Request, Exception], Awaitable[Response]]


class Headed:
    """Gives every response the security headers, unless its route set its own, and the request's id.

    A fault is answered here, so that its response has them too.
    """

    def __init__(self, app: ASGIApp, on_failure: OnFailure = problems.on_failure) -> None:
        self._app = app
        self._on_failure = on_failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = uuid.uuid4().hex

        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = scope["request_id"]
            await send(message)

        try:
            await self._app(scope, receive, headed)
        except Exception as error:
            if begun:  # all that is left is to cut it off
                raise
            told = await self._on_failure(Request(scope), error)
            await told(scope, receive, headed)


class SameSite:
    """Refuses what another site's page makes a browser ask: foreign names of this host, and foreign origins.

    A page anywhere may let a browser send requests to 127.0.0.1, and a name of the attacker's may lead there. What it
    may do is lead a reader here by a link.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str] = (), origins: Iterable[str] = (), *, behind_proxy: bool = True
    ) -> None:
        self._app = app
        self._behind_proxy = behind_proxy
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope, Headers(scope=scope)) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await refuse(scope, send, *refused)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str, str, str] | None:
        """Status, name, title and detail of the problem; None for what may go on."""
        host = headers.get("host", "")
        name = _name(host)
        if not self._behind_proxy and any(one in headers for one in FORWARDED):
            told = "Without keys whoever is behind it could do everything; set SEQUITUR_KEYS=always."
            return 421, "behind-a-proxy", "Behind a proxy keys are needed", told
        if name is None or (self._hosts and name not in self._hosts):
            return 421, "wrong-host", "This name does not lead here", "Use the service's address."
        if self._is_foreign(headers, host) and not (scope["method"] in SAFE and _follows_a_link(headers)):
            return 403, "foreign-origin", "Asked by another site's page", "Ask from here."
        return None

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return origin not in self._origins and origin not in (f"http://{host}", f"https://{host}")


class Bounded:
    """Refuses bodies that are too large (413) or come too slowly (408), before anything reads them."""

    def __init__(self, app: ASGIApp, largest: int = MAX_BODY, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._largest = largest
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return
        told, largest = Headers(scope=scope).get("content-length", "0"), self._most(scope["path"])
        try:
            async with asyncio.timeout(self._seconds):
                body = None if int(told) > largest else await _read(receive, largest)
        except ValueError:
            await refuse(scope, send, 400, "bad-length", "Content-Length is no number", "Send its length in bytes.")
        except TimeoutError:
            await refuse(
                scope, send, 408, "slow-body", "The request did not come", f"Send it within {self._seconds} s."
            )
        else:
            if body is None:
                await refuse(scope, send, 413, "too-large", "The request is too large", f"At most {largest} bytes.")
            else:
                await self._app(scope, _once(body, receive), send)

    def _most(self, path: str) -> int:
        return next((most for start, most in LARGER_BODIES.items() if path.startswith(start)), self._largest)


async def _read(receive: Receive, largest: int) -> list[Message] | None:
    """The messages of a body; None when there is too much of it."""
    messages, size = list[Message](), 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > largest:
            return None
        if not message.get("more_body"):
            return messages


def _once(messages: list[Message], receive: Receive) -> Receive:
    """Gives what was read, then what the server has to say: that the client is gone."""
    left = iter(messages)

    async def again() -> Message:
        message = next(left, None)
        return await receive() if message is None else message

    return again


def is_loopback(host: str) -> bool:
    """Whether an address that a server listens on is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def refuse(
    scope: Scope, send: Send, status: int, name: str, title: str, detail: str, seconds: int | None = None
) -> None:
    """Answer with problem details before the application is reached."""
    body = json.dumps(
        {
            "type": f"urn:sequitur:problem:{name}",
            "title": title,
            "status": status,
            "detail": detail,
            "request_id": scope.get("request_id", ""),
        }
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    if status in (408, 413):  # what is left of the body is not read: the connection cannot go on
        headers.append((b"connection", b"close"))
    if seconds is not None:
        headers.append((b"retry-after", str(seconds).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _follows_a_link(headers: Headers) -> bool:
    return headers.get("sec-fetch-mode") == "navigate"


def _name(host: str) -> str | None:
    """The name or address in a Host header, without the port; None when it is no such header."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return None
