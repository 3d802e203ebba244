"""The FAISS index: exact neighbours, also among a few rows."""

from pathlib import Path

import numpy as np
import pytest

from indexer.dense import DenseIndex
from indexer.encoder import Vectors

VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0], [0.8, 0.6]], np.float32)
QUERY = np.array([1, 0], np.float32)


@pytest.fixture(params=["built", "reopened"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> DenseIndex:
    made = DenseIndex.build(VECTORS)
    if request.param == "built":
        return made
    made.save(tmp_path / "dense.faiss")
    return DenseIndex.load(tmp_path / "dense.faiss")


def rows(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


@pytest.mark.parametrize(("k", "expected"), [(1, [0]), (3, [0, 4, 1]), (5, [0, 4, 1, 2, 3]), (99, [0, 4, 1, 2, 3])])
def test_nearest(index: DenseIndex, k: int, expected: list[int]) -> None:
    assert index.nearest(QUERY, k).tolist() == expected


@pytest.mark.parametrize(
    ("among", "k", "expected"), [((3, 1, 2), 2, [1, 2]), ((3, 1, 2), 9, [1, 2, 3]), ((3,), 1, [3]), ((), 3, [])]
)
def test_nearest_among(index: DenseIndex, among: tuple[int, ...], k: int, expected: list[int]) -> None:
    assert index.nearest(QUERY, k, rows(*among)).tolist() == expected


def test_among_all_rows_is_the_same_as_without(index: DenseIndex) -> None:
    generator = np.random.default_rng(7)
    many = generator.normal(size=(300, 16)).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    large = DenseIndex.build(many)
    for query in many[:10]:
        assert large.nearest(query, 20).tolist() == large.nearest(query, 20, np.arange(300)).tolist()


def test_similarity_and_vectors(index: DenseIndex) -> None:
    assert (len(index), index.dimension) == (5, 2)
    assert index.similarity(QUERY, rows(2, 1, 3)) == pytest.approx([0, 0.6, -1])
    stored: Vectors = index.vectors(rows(1, 0, 1))
    assert stored.tolist() == VECTORS[[1, 0, 1]].tolist()
    assert index.vectors(rows()).shape == (0, 2)
