"""Nearest rows among unit vectors: every vector compared, or, of very many, those whose codes are best."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
"""Unit vectors as kept, in 16 bits, which moves a cosine by 2⁻¹¹ at most."""

EXACT = "exact"
QUANTIZED = "product-quantizer"
MARGIN = 64
"""Rows asked for beyond k, so that what ties with the k-th is seldom cut off."""
ROUNDING = 1e-5
"""How far two sums of the same products may lie apart, with room to spare."""
COMPARED = 5
"""Rows compared by their vectors for each row asked for, at the least (benchmarks/results/million.md)."""


@dataclass(frozen=True, slots=True)
class DenseRecord:
    """How a snapshot finds the nearest vectors, and what share of the true ten nearest it finds.

    `measured_on` says over which queries. EXACT has no parameters, QUANTIZED names `subquantizers`, `bits`,
    `trained_on` (vectors) and `reranked` (rows compared by their vectors).
    """

    kind: str
    parameters: Mapping[str, int]
    recall_at_10: float
    measured_on: str


class DenseIndex:
    """The rows nearest to a query by inner product; the row number is the passage's row.

    Without codes every vector is compared. With codes (a FAISS index of the same rows) the `reranked` rows that
    they put first are compared by their vectors: found or not, a row stands where its vector puts it.
    """

    def __init__(self, vectors: Halves, codes: faiss.Index | None = None, reranked: int = 0) -> None:
        """Over vectors (n, d), which may be memory-mapped."""
        self._vectors = np.asarray(vectors)  # a view: taking rows of a np.memmap itself is slow
        self._index = scalars(self._vectors) if codes is None else codes
        self._reranked = reranked
        self._exact = codes is None

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        """An exact index over vectors (n, d)."""
        return cls(vectors.astype(np.float16))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    def nearest(self, query: Vectors, k: int, among: Rows | None = None) -> Rows:
        """Rows of the k most similar vectors to `query` (d,), best first, ties in row order; at most len(among)."""
        rows = np.sort(self._candidates(query.reshape(1, -1), min(k, len(self))) if among is None else among)
        order = np.argsort(-self.similarity(query, rows), kind="stable")
        return np.asarray(rows[order[:k]], np.int64)

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors (n, d) of rows."""
        return np.asarray(self._vectors[rows], np.float32)

    def similarity(self, query: Vectors, rows: Rows) -> Scores:
        """Cosine of `query` (d,) with the vectors of rows, shape (n,).

        Equal vectors have equal cosines, which a matrix product does not promise: it sums by place.
        """
        return np.asarray(np.vecdot(self.vectors(rows), query), np.float32)

    def _candidates(self, query: Vectors, k: int) -> Rows:
        """Rows that hold the k nearest to `query` (1, d), or, by codes, nearly all of them."""
        with one_thread():
            if self._exact:
                return _nearest_and_ties(self._index, query, k)
            rows = self._index.search(query, min(max(self._reranked, COMPARED * k), len(self)))[1][0]
        return np.asarray(rows[rows >= 0], np.int64)


def open_dense(vectors: Path, codes: Path, record: DenseRecord, dimension: int) -> DenseIndex:
    """The index of a snapshot; the file of codes is read where the record says that there is one."""
    mapped = open_vectors(vectors, dimension)
    if record.kind == EXACT:
        return DenseIndex(mapped)
    return DenseIndex(mapped, faiss.read_index(str(codes)), record.parameters["reranked"])


def open_vectors(path: Path, dimension: int) -> Halves:
    """The vectors (n, d) of a file, memory-mapped."""
    return np.memmap(path, np.float16, mode="r").reshape(-1, dimension)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let FAISS use one thread for what this thread asks of it.

    One query is not divided among threads, yet FAISS waits for all of them: where other work keeps the cores busy, that
    makes comparing every vector up to twice as long (benchmarks/results/million.md). What is built and found does not
    hang on a setting of threads either.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)  # PyTorch may share this setting


def _nearest_and_ties(index: faiss.Index, query: Vectors, k: int) -> Rows:
    """The k nearest rows and all that may tie with the last of them, of which FAISS alone would keep any."""
    scores, rows = index.search(query, min(k + MARGIN, index.ntotal))
    if not k or rows.shape[1] == index.ntotal or scores[0, k - 1] - scores[0, -1] > ROUNDING:
        return np.asarray(rows[0], np.int64)
    _, _, found = index.range_search(query, float(scores[0, k - 1]) - ROUNDING)
    return np.asarray(found, np.int64)


def scalars(vectors: Halves) -> faiss.Index:
    """FAISS over 16-bit vectors: their bytes are its codes."""
    index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.add_sa_codes(np.ascontiguousarray(vectors).view(np.uint8))
    return index
