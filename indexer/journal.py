"""Vectors already encoded by a build that did not finish, so that the next one goes on from there."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from indexer.encoder import EncoderIdentity, Vectors

_SCHEMA = "CREATE TABLE IF NOT EXISTS vector (digest BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL)"


class VectorJournal:
    """A file beside the snapshots, one for each encoder; removed when a build has finished.

    Passage vectors are kept as float32, sentence vectors as float16, as in a snapshot.
    """

    def __init__(self, folder: Path, encoder: EncoderIdentity) -> None:
        self._path = folder / f".vectors-{hashlib.sha256(repr(encoder).encode()).hexdigest()[:16]}.db"
        self._dimension = encoder.dimension
        self._connection = sqlite3.connect(self._path, timeout=60)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(_SCHEMA)

    def put(self, found: Mapping[bytes, tuple[Vectors, Vectors]]) -> None:
        """Keep vectors (passage (d,), sentences (n, d)) by the digest of what was encoded; durable on return."""
        rows = [
            (digest, passage.astype(np.float32).tobytes(), sentences.astype(np.float16).tobytes())
            for digest, (passage, sentences) in found.items()
        ]
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)

    def get(self, digests: Iterable[bytes]) -> dict[bytes, tuple[Vectors, Vectors]]:
        """What is kept of some digests."""
        found = {}
        for digest in digests:
            row = self._connection.execute(
                "SELECT passage, sentences FROM vector WHERE digest = ?", (digest,)
            ).fetchone()
            if row is not None:
                sentences = np.frombuffer(row[1], np.float16).reshape(-1, self._dimension)
                found[digest] = (np.frombuffer(row[0], np.float32), sentences.astype(np.float32))
        return found

    def close(self) -> None:
        self._connection.close()

    def remove(self) -> None:
        """Forget everything: a finished snapshot holds it now."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
