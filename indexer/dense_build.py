"""How a snapshot's nearest vectors are to be found, chosen by their number, and measured."""

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np

from indexer.dense import EXACT, QUANTIZED, ROUNDING, DenseIndex, DenseRecord, Halves, Scores, one_thread
from indexer.encoder import Vectors

EXACT_UP_TO = 200_000
"""Vectors that are all compared: a question's two searches then take about 30 of its 150 ms
(benchmarks/results/million.md)."""
RECALL = 0.98
"""The least share of the true ten nearest that a search by codes may find."""
FIRST_RERANKED = 1000
BITS = 4
"""What FAISS's fast scan looks up within the processor's registers; the codebook of a subquantizer has 16 entries."""
TRAINED_ON = 256 * 2**BITS
"""Vectors that codes are trained on: 256 for each entry, more than which FAISS leaves out."""
MEASURED_ON = 256
_BLOCK = 16_384


def choose(
    vectors: Halves,
    codes: Path,
    exact_up_to: int = EXACT_UP_TO,
    *,
    least: float = RECALL,
    reranked: int = FIRST_RERANKED,
) -> DenseRecord:
    """How to search vectors (n, d); where that is by codes, they are written to the file `codes`.

    More rows are reranked until the recall is `least`. Where a tenth of all rows would not do, every vector is
    compared. The same vectors give the same record and the same bytes.
    """
    if len(vectors) <= exact_up_to:
        return DenseRecord(EXACT, {}, 1.0, "every vector is compared")
    quantized = _quantized(vectors)
    queries = midpoints(vectors, MEASURED_ON)
    true = true_similarities(vectors, queries, 10)
    measured = 0.0
    for effort in _efforts(reranked, len(vectors)):
        measured = recall(DenseIndex(vectors, quantized, effort), queries, true)
        if measured >= least:
            faiss.write_index(quantized, str(codes))
            parts, trained_on = int(quantized.pq.M), min(TRAINED_ON, len(vectors))
            parameters = {"subquantizers": parts, "bits": BITS, "trained_on": trained_on, "reranked": effort}
            measured_on = f"midpoints of {MEASURED_ON} pairs of passages"
            return DenseRecord(QUANTIZED, parameters, round(measured, 4), measured_on)
    return DenseRecord(EXACT, {}, 1.0, f"every vector is compared, since codes reached only {measured:.3f}")


def midpoints(vectors: Halves, count: int) -> Vectors:
    """Unit vectors (count, d) halfway between passages from all over the corpus.

    They are as hard to search for as questions are; titles, sentences, and passages with noise are easier and would
    flatter the recall (benchmarks/results/million.md).
    """
    rows = np.linspace(0, len(vectors) - 1, 2 * count).astype(np.int64)
    middle = vectors[rows[:count]].astype(np.float32) + vectors[rows[count:]].astype(np.float32)
    lengths = np.linalg.norm(middle, axis=1, keepdims=True)
    return np.asarray(middle / np.where(lengths == 0, 1, lengths), np.float32)


def true_similarities(vectors: Halves, queries: Vectors, k: int) -> Scores:
    """The similarities of the k nearest vectors to each query (q, d), by comparing all, best first; shape (q, k)."""
    best = np.zeros((len(queries), 0), np.float32)
    for block in _blocks(vectors):
        scores = np.concatenate([best, queries @ block.T], axis=1)
        kept = min(k, scores.shape[1])
        best = np.partition(scores, scores.shape[1] - kept, axis=1)[:, -kept:]
    return np.asarray(-np.sort(-best, axis=1), np.float32)


def recall(index: DenseIndex, queries: Vectors, true: Scores) -> float:
    """Share of the k rows found for each query that are as similar to it as its true k-th (`true_similarities`).

    Where several rows tie for the k-th place, any of them is right.
    """
    k = int(true.shape[1])
    right = sum(
        int(np.sum(index.similarity(query, index.nearest(query, k)) >= least - ROUNDING))
        for query, least in zip(queries, true[:, -1], strict=True)
    )
    return right / (k * len(queries))


def _quantized(vectors: Halves) -> faiss.IndexPQFastScan:
    """Codes of 4 bits for every two dimensions, an eighth of the 16-bit vectors; all are compared, 32 at a time."""
    dimension = vectors.shape[1]
    parts = dimension // 2 if dimension % 2 == 0 else dimension
    index = faiss.IndexPQFastScan(dimension, parts, BITS, faiss.METRIC_INNER_PRODUCT)
    sample = np.linspace(0, len(vectors) - 1, min(TRAINED_ON, len(vectors))).astype(np.int64)
    with one_thread():
        index.train(vectors[sample].astype(np.float32))
        for block in _blocks(vectors):
            index.add(block)
    return index


def _blocks(vectors: Halves) -> Iterator[Vectors]:
    for start in range(0, len(vectors), _BLOCK):
        yield vectors[start : start + _BLOCK].astype(np.float32)


def _efforts(first: int, rows: int) -> Iterator[int]:
    effort = first
    while effort <= max(first, rows // 10):
        yield effort
        effort *= 2
