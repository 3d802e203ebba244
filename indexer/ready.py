"""Documents with their passages and vectors, ready to be written down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.types import Document, Passage
from indexer.encoder import Encoder, Vectors
from indexer.known import KnownVectors
from indexer.preparation import Prepared, digest, passage_tokens, prepare
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ReadyPassage:
    """A passage, the digest of what was encoded for it, its vector (d,) and one for each of its sentences (n, d)."""

    passage: Passage
    digest: bytes
    vector: Vectors
    sentences: Vectors


@dataclass(frozen=True, slots=True)
class Ready:
    """A document, its version, and its passages in order."""

    document: Document
    version: str
    passages: tuple[ReadyPassage, ...]


class ReadyDocuments:
    """Makes documents ready; what a snapshot by the same program holds unchanged is taken over as it stands."""

    def __init__(self, known: KnownVectors, lenders: Sequence[Snapshot], encoder: Encoder, software: str) -> None:
        self._known = known
        self._encoder = encoder
        self._tokens = passage_tokens(encoder)
        cut_alike = (one for one in lenders if one.manifest.passage_tokens == self._tokens)
        self._lenders = [one for one in cut_alike if one.manifest.software == software]

    def ready(self, documents: Sequence[Document]) -> Iterator[Ready]:
        """The documents in their order; all that is new among them is encoded in one batch."""
        versions = [document.version for document in documents]
        holders = [self._holder(one, version) for one, version in zip(documents, versions, strict=True)]
        new = [one for one, holder in zip(documents, holders, strict=True) if holder is None]
        prepared = [prepare(one, self._encoder, self._tokens) for one in new]
        encoded = zip(prepared, self._known.encode_documents(prepared, self._encoder), strict=True)
        for document, version, holder in zip(documents, versions, holders, strict=True):
            passages = _assembled(*next(encoded)) if holder is None else _taken_over(document, holder)
            yield Ready(document, version, tuple(passages))

    def _holder(self, document: Document, version: str) -> Snapshot | None:
        return next((one for one in self._lenders if one.manifest.documents.get(document.id) == version), None)


def _taken_over(document: Document, holder: Snapshot) -> Iterator[ReadyPassage]:
    for row, key, passage in holder.store.held(document.id):
        sentences = holder.sentence_vectors(row, len(passage.sentences))
        yield ReadyPassage(passage, key, holder.dense.vectors(np.array([row]))[0], sentences)


def _assembled(prepared: Prepared, vectors: Sequence[tuple[Vectors, Vectors]]) -> Iterator[ReadyPassage]:
    """A sentence without a vector of its own has that of its passage."""
    for passage, item, (vector, own) in zip(prepared.passages, prepared.inputs, vectors, strict=True):
        shared = np.tile(vector, (len(passage.sentences), 1))
        yield ReadyPassage(passage, digest(item), vector, own if len(own) else shared)
