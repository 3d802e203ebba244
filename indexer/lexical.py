"""BM25 (bm25s) behind three methods: score every row, best rows, how rare a term is."""

from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path

import bm25s
import numpy as np

from indexer.analysis import terms
from indexer.dense import Rows, Scores

K1 = 1.2
B = 0.75
"""Lucene's BM25 with its usual constants (Robertson and Zaragoza 2009, doi 10.1561/1500000019)."""


class LexicalIndex:
    """BM25 over the terms of passages; the row number is the passage's row."""

    def __init__(self, engine: bm25s.BM25) -> None:
        self._engine = engine

    @classmethod
    def build(cls, texts: Iterable[str]) -> "LexicalIndex":
        """Index texts in row order."""
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in texts]
        vocabulary.setdefault("", len(vocabulary))
        engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        with np.errstate(invalid="ignore"):
            engine.index((ids, vocabulary), show_progress=False)
        return cls(engine)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))

    def save(self, folder: Path) -> None:
        self._engine.save(str(folder), show_progress=False)

    def __len__(self) -> int:
        return int(self._engine.scores["num_docs"])

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """BM25 of every row for weighted query terms, shape (rows,); unknown terms add nothing."""
        total = np.zeros(len(self), np.float32)
        for term, weight in weights.items():
            if term and term in self._engine.vocab_dict:
                total += np.float32(weight) * self._engine.get_scores([term])
        return total

    def best(self, scores: Scores, k: int, among: Rows | None = None) -> Rows:
        """The k rows of highest positive score, best first, ties in row order."""
        rows = np.flatnonzero(scores > 0) if among is None else among[scores[among] > 0]
        if len(rows) > k:
            rows = np.sort(rows[np.argpartition(-scores[rows], k - 1)[:k]])
        return np.asarray(rows[np.argsort(-scores[rows], kind="stable")], np.int64)

    def document_frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        column = self._engine.vocab_dict.get(term)
        if column is None:
            return 0
        pointers = self._engine.scores["indptr"]
        return int(pointers[column + 1] - pointers[column])

    def rarity(self, term: str) -> float:
        """Inverse document frequency, ln(1 + (N − df + ½)/(df + ½)); highest for an unseen term."""
        df = self.document_frequency(term)
        return log(1 + (len(self) - df + 0.5) / (df + 0.5))
