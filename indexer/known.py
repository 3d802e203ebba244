"""Vectors that need not be made again."""

import numpy as np

from indexer.encoder import Encoder, EncoderInput, Vectors
from indexer.journal import VectorJournal
from indexer.snapshot import Snapshot


class KnownVectors:
    """The vectors of an earlier snapshot and of an unfinished build, by what was encoded for them."""

    def __init__(self, snapshot: Snapshot | None, journal: VectorJournal) -> None:
        self._snapshot = snapshot
        self._rows = snapshot.store.digests() if snapshot else {}
        self._journal = journal

    def encode(
        self, inputs: list[EncoderInput], digests: list[bytes], encoder: Encoder
    ) -> list[tuple[Vectors, Vectors]]:
        """For each input its vector (d,) and its spans' (n, d), asking the encoder only for what is new."""
        wanted = dict(zip(digests, inputs, strict=True))
        found = self._journal.get(digest for digest in wanted if digest not in self._rows)
        found |= {digest: self._taken_over(digest, item) for digest, item in wanted.items() if digest in self._rows}
        new = {digest: item for digest, item in wanted.items() if digest not in found}
        if new:
            fresh = dict(zip(new, zip(*encoder.encode_passages(list(new.values())), strict=True), strict=True))
            self._journal.put(fresh)
            found |= fresh
        return [found[digest] for digest in digests]

    def _taken_over(self, digest: bytes, item: EncoderInput) -> tuple[Vectors, Vectors]:
        assert self._snapshot is not None
        row = self._rows[digest]
        return self._snapshot.dense.vectors(np.array([row]))[0], self._snapshot.sentence_vectors(row, len(item.spans))
