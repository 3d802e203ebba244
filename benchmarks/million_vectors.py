"""A million passage vectors distributed as real ones: a snapshot's, and copies moved as far as neighbours lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

from indexer.dense import Halves, open_vectors
from indexer.dense_build import true_similarities
from indexer.encoder import Vectors

SAMPLE = 10_000
SAME_TEXT = 0.9995
"""Vectors more alike than this are those of one text: a table's rows all have the vector of its caption."""

PERTURBATION = (
    "Each copy is moved in a random direction (Gaussian, with the covariance of the differences between 10,000 real "
    "vectors and their nearest neighbours), by a distance drawn from the lengths of those differences, and scaled to "
    "unit length."
)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that holds the million vectors, their codes and the questions."""

    folder: Path
    dimension: int

    @property
    def vectors(self) -> Halves:
        return open_vectors(self.folder / "vectors.f16", self.dimension)

    @property
    def questions(self) -> Vectors:
        return np.asarray(np.load(self.folder / "questions.npy"), np.float32)


def write_million(real: Halves, path: Path, count: int) -> Halves:
    """Write all real vectors (n, d), then perturbed copies of them in turn, to a file; gives the file opened."""
    moves = _moves(np.unique(real, axis=0).astype(np.float32), np.random.default_rng(0))
    with path.open("wb") as stream:
        stream.write(real[:count].tobytes())
        written = min(count, len(real))
        while written < count:
            some = np.arange(written, min(count, written + SAMPLE)) % len(real)
            moved = real[some].astype(np.float32) + next(moves)[: len(some)]
            stream.write((moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float16).tobytes())
            written += len(some)
    return open_vectors(path, real.shape[1])


def _moves(distinct: Vectors, generator: np.random.Generator) -> Iterator[Vectors]:
    """Random moves (SAMPLE, d) that are like the way from a vector to its nearest neighbour."""
    chosen = distinct[generator.choice(len(distinct), min(SAMPLE, len(distinct)), replace=False)]
    _, rows = faiss.knn(chosen, distinct, 2, metric=faiss.METRIC_INNER_PRODUCT)
    differences = distinct[rows[:, 1]] - chosen
    lengths = np.linalg.norm(differences, axis=1)
    values, axes = np.linalg.eigh(differences.T @ differences / len(differences))
    shape = (axes * np.sqrt(np.maximum(values, 0))).astype(np.float32).T
    while True:
        drawn = generator.standard_normal((SAMPLE, distinct.shape[1]), np.float32) @ shape
        drawn *= (generator.choice(lengths, SAMPLE) / np.linalg.norm(drawn, axis=1))[:, None]
        yield drawn


def neighbours(vectors: Halves, ranks: tuple[int, ...]) -> list[str]:
    """Similarity of 500 vectors to their neighbours at some ranks, other texts only: median and 5th to 95th centile."""
    rows = np.random.default_rng(1).choice(len(vectors), 500, replace=False)
    found = true_similarities(vectors, vectors[np.sort(rows)].astype(np.float32), 1000)
    others = [one[one < SAME_TEXT] for one in found]
    return [spread(np.array([one[rank - 1] for one in others if len(one) >= rank])) for rank in ranks]


def spread(values: Vectors) -> str:
    low, middle, high = np.percentile(values, (5, 50, 95))
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"
