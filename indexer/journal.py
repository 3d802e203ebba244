"""Vectors already encoded by a build that did not finish, so that the next one goes on from there."""

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexer.encoder import EncoderIdentity, Vectors

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vector "
    "(digest BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL, checksum BLOB NOT NULL)"
)
_OF_THE_DISK = frozenset(
    (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_NOMEM)
)
"""What says nothing about the content of the file."""
_log = logging.getLogger(__name__)
Result = TypeVar("Result")
Row = tuple[bytes, bytes, bytes, bytes]
"""Digest of what was encoded, vector of the passage, vectors of its sentences, checksum of the three."""


class VectorJournal:
    """A file beside the snapshots, one for each encoder; removed when a build has finished.

    Passage vectors are kept as float32, sentence vectors as float16, each row with a checksum. A file that
    cannot be read is set aside, a row that is not as it was written counts as absent: what they held is
    encoded anew, and a warning is logged.
    """

    def __init__(self, folder: Path, encoder: EncoderIdentity) -> None:
        self._path = _path(folder, encoder)
        self._dimension = encoder.dimension
        self._connection = sqlite3.connect(self._path, timeout=60)
        self._attempt(self._prepare)

    def put(self, found: Mapping[bytes, tuple[Vectors, Vectors]]) -> None:
        """Keep vectors (passage (d,), sentences (n, d)) by the digest of what was encoded; durable on return."""
        rows = [
            _row(digest, passage.astype(np.float32).tobytes(), sentences.astype(np.float16).tobytes())
            for digest, (passage, sentences) in found.items()
        ]
        self._attempt(lambda: self._insert(rows))

    def get(self, digests: Iterable[bytes]) -> dict[bytes, tuple[Vectors, Vectors]]:
        """What is kept of some digests."""
        wanted = list(digests)
        rows = self._attempt(lambda: self._select(wanted))
        intact = [row for row in rows if row == _row(*row[:3])]
        if len(intact) < len(rows):
            _log.warning("%s: %d vectors were damaged and are encoded anew", self._path, len(rows) - len(intact))
        return {digest: self._vectors(passage, sentences) for digest, passage, sentences, _ in intact}

    def close(self) -> None:
        self._connection.close()

    @staticmethod
    def remove(folder: Path, encoder: EncoderIdentity) -> None:
        """Forget everything: a finished snapshot holds it now."""
        for suffix in ("-wal", "-shm", "", ".damaged"):
            _beside(_path(folder, encoder), suffix).unlink(missing_ok=True)

    def _prepare(self) -> None:
        self._connection.text_factory = bytes  # what damage has made text of must not fail to be decoded
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(_SCHEMA)
        (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != b"ok":
            raise sqlite3.DatabaseError(found.decode(errors="replace"))

    def _insert(self, rows: Sequence[Row]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", rows)

    def _select(self, digests: Sequence[bytes]) -> list[Row]:
        query = "SELECT passage, sentences, checksum FROM vector WHERE digest = ?"
        found = ((digest, self._connection.execute(query, (digest,)).fetchone()) for digest in digests)
        return [(digest, *row) for digest, row in found if row is not None]

    def _vectors(self, passage: bytes, sentences: bytes) -> tuple[Vectors, Vectors]:
        halves = np.frombuffer(sentences, np.float16).reshape(-1, self._dimension)
        return np.frombuffer(passage, np.float32), halves.astype(np.float32)

    def _attempt(self, action: Callable[[], Result]) -> Result:
        """Do something with the file; once more with an empty one when it turns out to be damaged."""
        try:
            return action()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # also within the message of an error
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK:
                raise
            self._set_aside(error)
        return action()

    def _set_aside(self, error: Exception) -> None:
        _log.warning("%s is damaged (%s); it is set aside, and what it held is encoded anew", self._path, error)
        with suppress(sqlite3.Error):
            self._connection.close()
        for suffix in ("-wal", "-shm"):
            _beside(self._path, suffix).unlink(missing_ok=True)
        os.replace(self._path, _beside(self._path, ".damaged"))
        self._connection = sqlite3.connect(self._path, timeout=60)
        self._prepare()


def _path(folder: Path, encoder: EncoderIdentity) -> Path:
    return folder / f".vectors-{hashlib.sha256(repr(encoder).encode()).hexdigest()[:16]}.db"


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _row(digest: bytes, passage: bytes, sentences: bytes) -> Row:
    """A row and its checksum; one that holds something else than bytes has none."""
    parts = (digest, passage, sentences)
    if not all(isinstance(part, bytes) for part in parts):
        return (*parts, b"")
    return (*parts, hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest())
