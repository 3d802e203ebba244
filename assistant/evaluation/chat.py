"""A language model behind an OpenAI-compatible server, asked patiently and with bounds.

`corpus.connectors.http.Service` is not used: it sends queries and forms. Its manners are the same. A redirect is not
followed: what is sent, the key included, goes to the address that was given and nowhere else.
"""

from collections.abc import Iterator
from contextlib import closing
from types import TracebackType
from typing import NoReturn, Self

import httpx2
import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from assistant.evaluation.errors import JudgeFailed
from corpus.connectors.exchange import Politeness
from corpus.connectors.pace import SYSTEM, Timing, wait_asked_for

MANNERS = Politeness(interval=0.0, silence=120.0, reply=300.0, largest=1_000_000)
"""A model may think for a minute before its first byte; its replies are short."""
SEED = 0
TOKENS = 2_000
"""A reply of more is cut off, and then is no judgement."""
_PASSING_STATUSES = frozenset((408, 425, 429))  # and every 5xx, as in corpus.connectors.http
_SEED_REFUSED = frozenset((400, 422))
_SHOWN = 200  # characters of a foreign text that an error repeats


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None


class _Passing(JudgeFailed):
    """One attempt failed and the next may not; `wait` is how many seconds the server asks to be left alone."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Refused(JudgeFailed):
    """The server will not answer this request; `status` is that of HTTP."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class ChatModel:
    """A model of a server, by the address that "/chat/completions" follows. Not for several threads at once.

    Nothing is read from the environment. The key stands in no message. JudgeFailed when address or key cannot be.
    """

    def __init__(
        self, url: str, model: str, *, key: str = "", manners: Politeness = MANNERS, timing: Timing = SYSTEM
    ) -> None:
        self._address, self.server = _address(url)
        if not key.isascii() or not key.isprintable() or " " in key:
            raise JudgeFailed(f"the key for {self.server} fits no header; check it for spaces and line ends")
        self.model = model
        self.reported = ""
        """What the server called the model in its latest reply: an alias may stand for one version or another."""
        self._key, self._manners, self._timing = key, manners, timing
        self._seeded = True
        headers = {"User-Agent": "sequitur"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._client = httpx2.Client(headers=headers, timeout=manners.silence, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def reply(self, prompt: str) -> str:
        """What the model says to a prompt, at temperature 0; with a seed, unless the server takes none.

        "" where it says nothing. JudgeFailed when the server cannot be reached or refuses; it names the server.
        """
        if not self._seeded:
            return self._patiently(prompt, {})
        try:
            return self._patiently(prompt, {"seed": SEED})
        except _Refused as refused:
            if refused.status not in _SEED_REFUSED:
                raise
            said = self._patiently(prompt, {})
        self._seeded = False
        return said

    def public(self, text: str) -> str:
        """A foreign text as a message or file may repeat it: short, on one line, without the key."""
        line = " ".join(text.split())
        line = line.replace(self._key, "[key]") if self._key else line
        return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} …"

    def _patiently(self, prompt: str, optional: dict[str, int]) -> str:
        asked = {"model": self.model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}
        body = msgspec.json.encode({**asked, "max_tokens": TOKENS, **optional})
        retrying = Retrying(
            sleep=self._timing.sleep,
            wait=self._wait,
            stop=self._stops,
            retry=retry_if_exception_type(_Passing),
            retry_error_callback=self._give_up,
        )
        completion = retrying(lambda: self._completion(body))
        self.reported = self.public(completion.model or "")
        return completion.choices[0].message.content or ""

    def _completion(self, body: bytes) -> _Completion:
        raw = self._sent(body)
        try:
            completion = msgspec.json.decode(raw, type=_Completion)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _Passing("answers with what is no chat completion; check its address") from error
        if not completion.choices:
            raise _Passing("answers with a chat completion that holds no choice")
        return completion

    def _sent(self, body: bytes) -> bytes:
        request = self._client.build_request(
            "POST", self._address, content=body, headers={"Content-Type": "application/json"}
        )
        try:
            with closing(self._client.send(request, stream=True)) as response:
                return self._judged(response, b"".join(self._chunks(response)))
        except httpx2.TimeoutException as error:
            raise _Passing(f"sent nothing for {self._manners.silence:g} seconds") from error
        except (httpx2.LocalProtocolError, UnicodeError) as error:  # the latter of a host that no name server knows
            raise JudgeFailed(f"{self.server} cannot be asked; check its address and the key") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise _Passing(f"broke off or cannot be reached: {self.public(str(error))}") from error

    def _chunks(self, response: httpx2.Response) -> Iterator[bytes]:
        size, start = 0, self._timing.clock()
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._manners.largest:
                raise JudgeFailed(f"{self.server} sends more than {self._manners.largest:,} bytes; check its address")
            if self._timing.clock() - start > self._manners.reply:
                raise _Passing(f"takes longer than {self._manners.reply:g} seconds for a reply")
            yield chunk

    def _judged(self, response: httpx2.Response, body: bytes) -> bytes:
        status, headers = response.status_code, response.headers
        if status == 200:
            return body
        if status in _PASSING_STATUSES or status >= 500:
            wait = wait_asked_for(headers.get("Retry-After", ""), headers.get("Date", ""), self._timing.now())
            raise _Passing(f"answers with HTTP status {status}", wait)
        if 300 <= status < 400:
            raise JudgeFailed(f"{self.server} sends requests on to elsewhere, which is not followed; check its address")
        said = self.public(body[:2_000].decode("utf-8", "replace")) or "no reason"
        raise _Refused(
            f"{self.server} refuses (HTTP status {status}): {said}; check address, model name and key", status
        )

    def _wait(self, state: RetryCallState) -> float:
        """Twice as long each time, by chance up to half shorter; never less than asked for."""
        doubled = min(self._manners.pause * 2.0 ** (state.attempt_number - 1), self._manners.longest_pause)
        return max(doubled * (1.0 - self._timing.chance() / 2), _fault(state).wait)

    def _stops(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self._manners.attempts or _fault(state).wait > self._manners.longest_pause

    def _give_up(self, state: RetryCallState) -> NoReturn:
        fault = _fault(state)
        tried = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        later = f"in {fault.wait:.0f} seconds" if fault.wait else "later"
        raise JudgeFailed(
            f"{self.server} {fault} (asked {tried}); what was judged before is kept, judge again {later}"
        ) from fault


def _fault(state: RetryCallState) -> _Passing:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, _Passing)
    return fault


def _address(url: str) -> tuple[httpx2.URL, str]:
    """Where completions are asked for, and the server as it may be told; errors repeat nothing that may be secret."""
    try:
        base = httpx2.URL(url)
    except httpx2.InvalidURL:
        base = httpx2.URL("")
    if base.scheme not in ("http", "https") or not base.host or (base.port or 0) > 65_535:
        raise JudgeFailed("the judge's address is none of the web; give one such as http://localhost:8000/v1")
    if base.userinfo or base.query or base.fragment:
        raise JudgeFailed(
            f"the judge's address at {base.host} holds a name, a password, a query or a fragment; give it without, and "
            "a key in SEQUITUR_JUDGE_KEY"
        )
    asked = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + b"/chat/completions")
    return asked, f"{base.scheme}://{base.netloc.decode('ascii')}"
