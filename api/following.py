"""The live snapshot, followed as another becomes live; whoever reads one goes on with the one it started with."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from api.logs import log_fault
from indexer.encoder import Encoder
from indexer.errors import IndexerError
from indexer.home import current_id, folder_of, require_current
from indexer.snapshot import Snapshot

SECONDS_TO_LET_BE = 30.0


class LiveSnapshot:
    """The snapshot to answer from; a `pinned` one never changes."""

    def __init__(self, home: Path, encoder: Encoder, pinned: str | None = None) -> None:
        self._home = home
        self._encoder = encoder
        self._follows = pinned is None
        self._newest = self._opened(pinned or require_current(home))
        self._readers: Counter[Snapshot] = Counter()
        self._closed = False
        self._lock = threading.Lock()
        self._opening = threading.Lock()

    @property
    def id(self) -> str:
        return self._newest.id

    @property
    def wanted(self) -> str:
        """The id that is to be answered from; that it can be read is not said."""
        return (current_id(self._home) if self._follows else None) or self._newest.id

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """The snapshot that is live now, open for as long as the block lasts."""
        with self._lock:
            snapshot = self._newest
            self._readers[snapshot] += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._readers[snapshot] -= 1
                self._close_unread(snapshot)

    def renew(self) -> bool:
        """Open what has become live since; whether there was anything new. A snapshot that cannot be read is not taken.

        Raises the IndexerError that says what is wrong with it; what was live is still answered from.
        """
        with self._opening:
            wanted = self.wanted
            if wanted == self._newest.id:
                return False
            opened = self._opened(wanted)
            with self._lock:
                before, self._newest = self._newest, opened
                self._close_unread(before)
                self._close_unread(opened)
            return True

    def close(self) -> None:
        """Close the newest; those who still read one have theirs closed when they are done."""
        with self._lock:
            self._closed = True
            self._close_unread(self._newest)

    def _opened(self, snapshot_id: str) -> Snapshot:
        return Snapshot(folder_of(self._home, snapshot_id), self._encoder.identity)

    def _close_unread(self, snapshot: Snapshot) -> None:
        if not self._readers[snapshot]:
            del self._readers[snapshot]
            if self._closed or snapshot is not self._newest:
                snapshot.close()


Told = Callable[[IndexerError | None], None]


def follow(live: LiveSnapshot, stop: threading.Event, seconds: float, told: Told) -> None:
    """Look every few seconds whether another snapshot is live, until told to stop.

    `told` hears after each look what is wrong with the one that is live, or that nothing is. One that cannot be read
    is let be for a while: to find out that it still cannot, all of it has to be read.
    """
    refused, again = "", 0.0
    while not stop.wait(seconds):
        try:
            if live.wanted == refused and time.monotonic() < again:
                continue
            refused = ""
            live.renew()
        except IndexerError as error:
            refused, again = _wanted(live), time.monotonic() + SECONDS_TO_LET_BE
            told(error)
        except Exception:  # the thread must not end: nobody would notice that answers come from an old index
            refused, again = _wanted(live), time.monotonic() + SECONDS_TO_LET_BE
            log_fault("")
        else:
            told(None)


def _wanted(live: LiveSnapshot) -> str:
    with suppress(IndexerError):
        return live.wanted
    return ""
