"""One polite HTTP client for every service: paced, patient with faults that pass, plain about those that do not."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from types import TracebackType
from typing import NoReturn, Self, TypeVar
from urllib.parse import urlencode

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from corpus.connectors.errors import PassingFault, ServiceGarbled, ServiceRefused, ServiceUnavailable
from corpus.connectors.exchange import Politeness, Reply, Request
from corpus.connectors.pace import SYSTEM, Pace, Timing, wait_asked_for

Result = TypeVar("Result")
_REDIRECTS = 5
_PASSING_STATUSES = frozenset((408, 425, 429))  # and every 5xx
_SHOWN = 400  # characters of a foreign message that an error repeats


class Service:
    """A literature service at an address. Not for several threads at once.

    Nothing is read from the environment: a proxy is an argument. `secrets` never appear in a message. A redirect is
    followed only within the service's own origin, or over https to one of `hosts`.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        politeness: Politeness,
        *,
        agent: str,
        secrets: Collection[str] = (),
        hosts: Collection[str] = (),
        proxy: str = "",
        timing: Timing = SYSTEM,
    ) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/") + "/"
        self._politeness = politeness
        self._secrets = tuple(filter(None, (*secrets, proxy)))
        self._hosts = frozenset(hosts)
        self._timing = timing
        self._pace = Pace(politeness.interval, timing)
        self._client = self._opened(agent, proxy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, request: Request, read: Callable[[Reply], Result]) -> Result:
        """What `read` makes of the reply; asked again while that, or the sending, meets a PassingFault.

        Raises ServiceUnavailable, ServiceGarbled, ServiceRefused.
        """
        retrying = Retrying(
            sleep=self._timing.sleep,
            wait=self._wait,
            stop=self._stops,
            retry=retry_if_exception_type(PassingFault),
            retry_error_callback=self._give_up,
        )
        return retrying(lambda: read(self._reply(request)))

    def refused(self, reason: str, status: int | None = None) -> ServiceRefused:
        """The error to raise where the service will not answer; `reason` follows its name and says what to do."""
        return ServiceRefused(f"{self.name} {self.public(reason)}", status)

    def public(self, text: str) -> str:
        """A foreign text as an error may repeat it: short, on one line, without secrets."""
        line = " ".join(text.split())
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line if len(line) <= _SHOWN else line[:_SHOWN] + " …"

    def _opened(self, agent: str, proxy: str) -> httpx2.Client:
        if not (agent.isascii() and agent.isprintable()):
            raise self.refused(f"cannot be told who asks: {agent!r} fits no header; give a plain e-mail address")
        try:
            return httpx2.Client(
                headers={"User-Agent": agent},
                timeout=self._politeness.silence,
                trust_env=False,
                proxy=proxy or None,
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            # Without the error's own words: they hold the address of the proxy, which may hold a password.
            raise self.refused("cannot be asked through that proxy; write its address as http://host:port") from error

    def _wait(self, state: RetryCallState) -> float:
        """Twice as long each time, by chance up to half shorter so that clients spread; never less than asked for."""
        doubled = self._politeness.pause * 2.0 ** (state.attempt_number - 1)
        chance = self._timing.chance()
        backoff = min(doubled, self._politeness.longest_pause) * (1.0 - chance / 2)
        asked = _fault(state).wait
        return max(backoff, asked + chance * self._politeness.pause) if asked else backoff

    def _stops(self, state: RetryCallState) -> bool:
        enough = state.attempt_number >= self._politeness.attempts
        return enough or _fault(state).wait > self._politeness.longest_pause

    def _give_up(self, state: RetryCallState) -> NoReturn:
        fault = _fault(state)
        tried = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        later = f"in {fault.wait:.0f} seconds" if fault.wait else "later"
        kind = ServiceGarbled if fault.garbled else ServiceUnavailable
        message = self.public(f"{fault} (asked {tried})")
        raise kind(f"{self.name} {message}; what was fetched before is kept, ask again {later}") from fault

    def _reply(self, request: Request) -> Reply:
        try:
            sent = self._built(request)
            for _ in range(_REDIRECTS + 1):
                self._pace.wait()
                reply, following = self._sent(sent)
                if following is None:
                    return self._judged(reply, request)
                sent = self._permitted(sent, following)
        except httpx2.TimeoutException as error:
            raise PassingFault(f"sent nothing for {self._politeness.silence:g} seconds") from error
        except (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise self.refused(f"cannot be asked at {self._base_url}: {error}; check its address") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise PassingFault(f"broke off or cannot be reached: {error}") from error
        raise self.refused("sends requests round in circles; check its address")

    def _built(self, request: Request) -> httpx2.Request:
        url = self._base_url + request.path
        if request.form is None:
            return self._client.build_request("GET", url, params=list(request.query))
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._client.build_request("POST", url, content=urlencode(request.form).encode(), headers=form)

    def _sent(self, request: httpx2.Request) -> tuple[Reply, httpx2.Request | None]:
        """The reply to one request, and the request that a redirect leads to."""
        with closing(self._client.send(request, stream=True)) as response:
            if response.next_request is not None:
                return Reply(response.status_code, b""), response.next_request
            body = b"".join(self._chunks(response))
            headers = response.headers
            return Reply(response.status_code, body, headers.get("Retry-After", ""), headers.get("Date", "")), None

    def _chunks(self, response: httpx2.Response) -> Iterator[bytes]:
        size, start = 0, self._timing.clock()
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._politeness.largest:
                raise self.refused(f"sends more than {self._politeness.largest:,} bytes at once; ask for fewer records")
            if self._timing.clock() - start > self._politeness.reply:
                raise PassingFault(f"takes longer than {self._politeness.reply:g} seconds for a reply")
            yield chunk

    def _permitted(self, request: httpx2.Request, following: httpx2.Request) -> httpx2.Request:
        """The request that a redirect leads to, unless it leads elsewhere or would lose the form."""
        own = (request.url.scheme, request.url.host, request.url.port)
        there = (following.url.scheme, following.url.host, following.url.port)
        allowed = there == own or (following.url.scheme == "https" and following.url.host in self._hosts)
        if not allowed or following.method != request.method:
            place = f"{following.url.scheme}://{following.url.host}"
            raise self.refused(
                f"sends requests on to {place}, which is not followed; check its address in the settings"
            )
        return following

    def _judged(self, reply: Reply, request: Request) -> Reply:
        status = reply.status
        if 200 <= status < 300 or status in request.also:
            return reply
        if status in _PASSING_STATUSES or status >= 500:
            wait = wait_asked_for(reply.retry_after, reply.date, self._timing.now())
            raise PassingFault(f"answers with HTTP status {status}", wait=wait)
        raise self.refused(f"refuses the request (HTTP status {status}): {_advice(status)}", status)


def _fault(state: RetryCallState) -> PassingFault:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, PassingFault)
    return fault


def _advice(status: int) -> str:
    if status in (401, 403):
        return "check the API key and the contact address, or whether this machine has been blocked for asking too much"
    return "check the identifiers asked for, and the service's address in the settings"
