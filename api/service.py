"""What answers over HTTP: one encoder, the live snapshot, the catalogue, and a bounded queue of work."""

import asyncio
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from api.desk import Desk
from api.errors import Overloaded, TooSlow
from api.following import LiveSnapshot, follow
from api.logs import log
from api.reading import article
from api.retention import keep_removing
from api.settings import Settings
from api.site_rules import site_rules
from assistant.rules import Rules
from corpus.catalogue.database import Catalogue
from corpus.types import Span
from indexer.encoder import Encoder, EncoderIdentity, EncoderInput, Vectors
from indexer.errors import IndexerError
from indexer.search import make_queries
from indexer.snapshot import Snapshot

Result = TypeVar("Result")

SECONDS_BETWEEN_LOOKS = 0.5
"""How soon at the latest a snapshot that another process made live is answered from."""


class OneAtATime:
    """An encoder for several threads: tokenizers must not be used by two at once, and torch takes all cores itself."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def token_spans(self, text: str) -> list[Span]:
        with self._lock:
            return self._encoder.token_spans(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return self._encoder.encode_queries(texts)

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        with self._lock:
            return self._encoder.encode_passages(inputs)


@dataclass(frozen=True, slots=True)
class Work(Generic[Result]):
    """What was put into the queue; `given_up` is set when the asker was told that it took too long."""

    future: Future[Result]
    given_up: threading.Event


class Service:
    """Everything a request may need; `submit` is the only way to the answering threads, refusing when too many wait."""

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        catalogue: Catalogue,
        software: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.encoder: Encoder = OneAtATime(encoder)
        self.catalogue = catalogue
        self.software = software
        self.clock = clock
        self.live = LiveSnapshot(settings.home, self.encoder, settings.snapshot)
        self.failure = ""
        """Why the snapshot that is live in the home is not answered from; "" when it is."""
        self._openers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._pool = ThreadPoolExecutor(settings.serving.threads, thread_name_prefix="answering")
        self._pending = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        beside = (
            (follow, (self.live, self._stop, SECONDS_BETWEEN_LOOKS, self._looked)),
            (keep_removing, (catalogue, settings.answer_days, clock, self._stop)),
        )
        self._beside = [threading.Thread(target=work, args=told, daemon=True) for work, told in beside]
        for thread in self._beside:
            thread.start()

    @property
    def pending(self) -> int:
        """Questions that wait or are being answered."""
        return self._pending

    def now(self) -> str:
        """The time as the catalogue keeps it."""
        return self.clock().isoformat(timespec="seconds")

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Where questions are answered, on the snapshot that is live now."""
        with self.live.lease() as snapshot:
            yield self.desk_on(snapshot)

    def desk_on(self, snapshot: Snapshot) -> Desk:
        """Where questions are answered from one snapshot."""
        return Desk(snapshot, self.encoder, self.catalogue, self.settings, self.software, self.clock)

    def rules(self, snapshot: Snapshot) -> Rules:
        """Which sources of a snapshot may be evidence now."""
        return site_rules(self.settings, self.catalogue, snapshot.manifest)

    def warm_up(self) -> None:
        """Do once what the first question would have to wait for."""
        with self.live.lease() as snapshot:
            make_queries(["What is the treatment?"], snapshot, self.encoder)

    def openers(self, article_id: str) -> tuple[str, ...]:
        """Questions to begin with on an article; found once for each snapshot, for they cost as much as an answer."""
        with self.live.lease() as snapshot:
            key = (snapshot.id, article_id)
            found = self._openers.get(key)
            if found is None:
                found = self.desk_on(snapshot).openers(article(snapshot, article_id))
                kept = {known: value for known, value in self._openers.items() if known[0] == snapshot.id}
                self._openers = {**kept, key: found}
            return found

    def submit(self, work: Callable[[], Result], given_up: threading.Event | None = None) -> Work[Result]:
        """Do something in the answering threads; Overloaded when too much waits already.

        Work that keeps something looks at its `given_up` before.
        """
        serving = self.settings.serving
        with self._lock:
            if self._pending >= serving.queue + serving.threads:
                seconds = max(1, math.ceil(self._pending / serving.threads / 4))
                raise Overloaded(f"{self._pending} questions wait already; ask again in {seconds} s", seconds)
            self._pending += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError as error:  # the pool is closed: the service is told to stop
            self._done()
            raise Overloaded("the service is being stopped; ask again in 5 s", 5) from error
        future.add_done_callback(lambda _: self._done())
        return Work(future, given_up or threading.Event())

    async def result(self, work: Work[Result]) -> Result:
        """What came of submitted work; TooSlow when it takes longer than the site allows.

        Whoever no longer waits takes the work out of the queue; if it has begun it goes on, and is kept, so that a
        page loaded again shows it. What was told to be too slow keeps nothing: it will be asked again.
        """
        try:
            return await asyncio.wait_for(asyncio.wrap_future(work.future), self.settings.serving.seconds)
        except TimeoutError as error:
            work.given_up.set()
            raise TooSlow(f"no answer within {self.settings.serving.seconds} s; ask again later") from error

    def close(self) -> None:
        """Let the answers in flight finish, and close the snapshot."""
        self._stop.set()
        self._pool.shutdown(wait=True)
        for thread in self._beside:
            thread.join()
        self.live.close()

    def _done(self) -> None:
        with self._lock:
            self._pending -= 1

    def _looked(self, error: IndexerError | None) -> None:
        found = "" if error is None else str(error)
        if found != self.failure:
            self.failure = found
            log("live snapshot", problem=found or None, answers_from=self.live.id)
