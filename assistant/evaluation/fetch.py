"""A published set from its own site: only when asked to, and only what its checksum says it is.

`corpus.connectors.http.Service` is not used: it holds a whole reply in memory and belongs to one address. Its manners
are the same: it waits and asks again after a fault that passes, and follows no redirect to an address without TLS.
"""

import hashlib
import os
import re
import string
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import httpx2
import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from assistant.evaluation.errors import FetchFailed
from assistant.evaluation.unpacking import Limits, unpack
from corpus.connectors.exchange import Politeness
from corpus.connectors.pace import SYSTEM, Timing, wait_asked_for

_LIST = Path(__file__).with_name("published.json")
_ALGORITHMS = {32: "md5", 64: "sha256"}
"""By the length of the checksum. MD5 is what BEIR publishes: it tells a damaged file, not one made to deceive."""
_PASSING_STATUSES = frozenset((408, 425, 429))  # and every 5xx, as in corpus.connectors.http
_REDIRECTS = 5
_MANNERS = Politeness(interval=0.0)


class Published(msgspec.Struct, frozen=True):
    """A set that its makers publish with a checksum (MD5 or SHA-256, hex) beside the link."""

    name: str
    url: str
    checksum: str
    licence: str
    what: str


def published() -> tuple[Published, ...]:
    """The sets that can be fetched by name."""
    return msgspec.json.decode(_LIST.read_bytes(), type=tuple[Published, ...])


def fetch(
    name_or_url: str,
    checksum: str,
    destination: Path,
    client: httpx2.Client,
    *,
    limits: Limits = Limits(),  # noqa: B008  # a frozen value
    timing: Timing = SYSTEM,
) -> Path:
    """A folder at `destination` with what an archive or file holds; a lone folder in an archive becomes it.

    `checksum` is MD5 or SHA-256 in hex; "" for a published set means the one published with it. Raises FetchFailed, and
    leaves nothing behind, where anything is amiss or there is something at `destination` already.
    """
    url, wanted = _meant(name_or_url, checksum)
    if os.path.lexists(destination):
        raise FetchFailed(f"there is something at {destination} already; remove it, or name another place")
    name = re.sub(r"[^\w.-]", "_", url.path.rpartition("/")[2]).lstrip(".") or "data"
    try:
        with TemporaryDirectory(prefix=f".{destination.name}.", dir=destination.parent) as scratch:
            archive, unpacked = Path(scratch, "archive"), Path(scratch, "unpacked")
            unpacked.mkdir()
            _Download(client, url, limits, timing).to(archive, wanted)
            unpack(archive, name, unpacked, limits)
            _put(unpacked, destination)
    except OSError as error:
        raise FetchFailed(f"{destination} cannot be written: {error.strerror or error}") from error
    return destination


def _meant(name_or_url: str, checksum: str) -> tuple[httpx2.URL, str]:
    """The address and the checksum, in small letters."""
    known = {one.name: one for one in published()}
    entry = known.get(name_or_url)
    if entry is None and "://" not in name_or_url:
        raise FetchFailed(
            f"no published set is called {name_or_url!r}, but: {', '.join(known)}; or give URL and checksum"
        )
    wanted = (checksum or (entry.checksum if entry else "")).strip().lower()
    if len(wanted) not in _ALGORITHMS or not set(wanted) <= set(string.hexdigits):
        raise FetchFailed(
            f"{checksum!r} is no MD5 or SHA-256 checksum; give the one that {name_or_url} is published with"
        )
    try:
        url = httpx2.URL(entry.url if entry else name_or_url)
    except httpx2.InvalidURL as error:
        raise FetchFailed(f"{name_or_url!r} is no address ({error}); give one that begins with https://") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchFailed(f"{name_or_url!r} is no address of the web; give one that begins with https://")
    return url, wanted


def _put(unpacked: Path, destination: Path) -> None:
    """Rename into place, at the end and in one step."""
    held = list(unpacked.iterdir())
    if not held:
        raise FetchFailed("the archive holds no file; check the address")
    whole = held[0] if len(held) == 1 and held[0].is_dir() else unpacked
    if os.path.lexists(destination):
        raise FetchFailed(f"something has come to be at {destination} meanwhile; remove it, or name another place")
    whole.rename(destination)


class _Passing(FetchFailed):
    """One attempt failed and the next may not; `wait` is how many seconds the site asks to be left alone."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Download:
    """One address, asked until it gave the whole file or it is plain that it will not."""

    def __init__(self, client: httpx2.Client, url: httpx2.URL, limits: Limits, timing: Timing) -> None:
        self._client = client
        self._url = url
        self._limits = limits
        self._timing = timing
        # Without what may be secret in it: a password before the host, a key in the query.
        self._shown = f"{url.scheme}://{url.host}{url.path}"

    def to(self, file: Path, wanted: str) -> None:
        """Write the file; FetchFailed when it is not what the checksum says."""
        retrying = Retrying(
            sleep=self._timing.sleep,
            wait=self._wait,
            stop=self._stops,
            retry=retry_if_exception_type(_Passing),
            retry_error_callback=self._give_up,
        )
        algorithm = _ALGORITHMS[len(wanted)]
        found = retrying(lambda: self._written(file, algorithm))
        if found != wanted:
            raise FetchFailed(
                f"{self._shown} has the {algorithm} {found}, not {wanted}; it is not the file that was meant"
            )

    def _written(self, file: Path, algorithm: str) -> str:
        """The digest of what was written, from the beginning at each attempt."""
        digest, size = hashlib.new(algorithm, usedforsecurity=False), 0
        try:
            with file.open("wb") as out, closing(self._reply()) as response:
                for block in response.iter_raw():
                    size += len(block)
                    if size > self._limits.download:
                        raise FetchFailed(f"{self._shown} sends more than {self._limits.download:,} bytes; check it")
                    digest.update(block)
                    out.write(block)
        except (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol) as error:
            raise FetchFailed(f"{self._shown} cannot be asked: {error}; check the address") from error
        except httpx2.TransportError as error:
            raise _Passing(f"{self._shown} broke off or cannot be reached: {error}") from error
        return digest.hexdigest()

    def _reply(self) -> httpx2.Response:
        """A good reply, its body not read; redirects lead to TLS or stay at their origin."""
        # As the file is stored: what is compressed on the way would not fit its checksum.
        request = self._client.build_request("GET", self._url, headers={"Accept-Encoding": "identity"})
        for _ in range(_REDIRECTS + 1):
            response = self._client.send(request, stream=True, follow_redirects=False)
            following = response.next_request
            if following is None:
                return self._judged(response)
            response.close()
            if following.url.scheme != "https" and _origin(following.url) != _origin(request.url):
                raise FetchFailed(f"{self._shown} sends on to {following.url.host} without TLS; check the address")
            request = following
        raise FetchFailed(f"{self._shown} sends requests round in circles; check the address")

    def _judged(self, response: httpx2.Response) -> httpx2.Response:
        status, headers = response.status_code, response.headers
        if status == 200:
            return response
        response.close()
        if status in _PASSING_STATUSES or status >= 500:
            wait = wait_asked_for(headers.get("Retry-After", ""), headers.get("Date", ""), self._timing.now())
            raise _Passing(f"{self._shown} answers with HTTP status {status}", wait)
        raise FetchFailed(f"{self._shown} refuses (HTTP status {status}); check the address")

    def _wait(self, state: RetryCallState) -> float:
        """Twice as long each time, by chance up to half shorter; never less than asked for."""
        doubled = min(_MANNERS.pause * 2.0 ** (state.attempt_number - 1), _MANNERS.longest_pause)
        return max(doubled * (1.0 - self._timing.chance() / 2), _fault(state).wait)

    def _stops(self, state: RetryCallState) -> bool:
        return state.attempt_number >= _MANNERS.attempts or _fault(state).wait > _MANNERS.longest_pause

    def _give_up(self, state: RetryCallState) -> NoReturn:
        tried = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
        raise FetchFailed(f"{_fault(state)} (asked {tried}); nothing is kept, ask again later") from _fault(state)


def _fault(state: RetryCallState) -> _Passing:
    fault = state.outcome.exception() if state.outcome else None
    assert isinstance(fault, _Passing)
    return fault


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
