"""Vectors that need not be made again."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from indexer.encoder import Encoder, EncoderInput, Vectors
from indexer.journal import VectorJournal
from indexer.preparation import Prepared, digest
from indexer.snapshot import Snapshot


class KnownVectors:
    """The vectors of earlier snapshots and of an unfinished build, by what was encoded for them."""

    def __init__(self, snapshots: Sequence[Snapshot], journal: VectorJournal) -> None:
        self._lent = [(snapshot, snapshot.store.digests()) for snapshot in snapshots]
        self._journal = journal

    def encode_documents(
        self, documents: Sequence[Prepared], encoder: Encoder
    ) -> Iterator[list[tuple[Vectors, Vectors]]]:
        """For each document what `encode` gives for its passages; all that is new is encoded in one batch."""
        inputs = [item for document in documents for item in document.inputs]
        vectors = iter(self.encode(inputs, encoder))
        for document in documents:
            yield list(islice(vectors, len(document.inputs)))

    def encode(self, inputs: Sequence[EncoderInput], encoder: Encoder) -> list[tuple[Vectors, Vectors]]:
        """For each input its vector (d,) and its spans' (n, d), asking the encoder only for what is new."""
        digests = [digest(item) for item in inputs]
        wanted = dict(zip(digests, inputs, strict=True))
        found = {key: vectors for key, item in wanted.items() if (vectors := self._taken_over(key, item)) is not None}
        found |= self._journal.get(key for key in wanted if key not in found)
        new = {key: item for key, item in wanted.items() if key not in found}
        if new:
            fresh = dict(zip(new, zip(*encoder.encode_passages(list(new.values())), strict=True), strict=True))
            self._journal.put(fresh)
            found |= fresh
        return [found[key] for key in digests]

    def _taken_over(self, key: bytes, item: EncoderInput) -> tuple[Vectors, Vectors] | None:
        for snapshot, rows in self._lent:
            if (row := rows.get(key)) is not None:
                return snapshot.dense.vectors(np.array([row]))[0], snapshot.sentence_vectors(row, len(item.spans))
        return None
