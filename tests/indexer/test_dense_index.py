"""The dense index: true neighbours in order, also among a few rows; by codes, those that the codes suggest."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dense import EXACT, MARGIN, DenseIndex, DenseRecord, Rows, open_dense
from indexer.dense_build import choose
from indexer.encoder import Vectors

VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0], [0.8, 0.6]], np.float32)
QUERY = np.array([1, 0], np.float32)


@pytest.fixture(params=["built", "opened"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> DenseIndex:
    if request.param == "built":
        return DenseIndex.build(VECTORS)
    (tmp_path / "vectors.f16").write_bytes(VECTORS.astype(np.float16).tobytes())
    return open_dense(tmp_path / "vectors.f16", tmp_path / "none", DenseRecord(EXACT, {}, 1.0, ""), 2)


def rows(*values: int) -> Rows:
    return np.array(values, np.int64)


def ranked(vectors: npt.NDArray[np.floating], query: Vectors) -> list[int]:
    """Every row, best first, ties in row order, by arithmetic of its own."""
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    return sorted(range(len(vectors)), key=lambda row: (-scores[row], row))


def unit(count: int, dimension: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize(
    ("k", "expected"), [(0, []), (1, [0]), (3, [0, 4, 1]), (5, [0, 4, 1, 2, 3]), (99, [0, 4, 1, 2, 3])]
)
def test_nearest(index: DenseIndex, k: int, expected: list[int]) -> None:
    assert index.nearest(QUERY, k).tolist() == expected


@pytest.mark.parametrize(
    ("among", "k", "expected"), [((3, 1, 2), 2, [1, 2]), ((3, 1, 2), 9, [1, 2, 3]), ((3,), 1, [3]), ((), 3, [])]
)
def test_nearest_among(index: DenseIndex, among: tuple[int, ...], k: int, expected: list[int]) -> None:
    assert index.nearest(QUERY, k, rows(*among)).tolist() == expected


def test_similarity_and_vectors(index: DenseIndex) -> None:
    assert (len(index), index.dimension) == (5, 2)
    assert index.similarity(QUERY, rows(2, 1, 3)) == pytest.approx([0, 0.6, -1], abs=5e-4)
    assert index.similarity(QUERY, rows()).shape == (0,)
    stored: Vectors = index.vectors(rows(1, 0, 1))
    assert stored.dtype == np.float32
    assert stored == pytest.approx(VECTORS[[1, 0, 1]], abs=5e-4)
    assert index.vectors(rows()).shape == (0, 2)


def test_what_is_taken_from_an_index_and_kept_again_is_the_same(index: DenseIndex) -> None:
    """So that vectors taken over from snapshot to snapshot never wear out."""
    every = np.arange(len(VECTORS))
    assert (DenseIndex.build(index.vectors(every)).vectors(every) == index.vectors(every)).all()


@given(seed=st.integers(0, 2**32 - 1), dimension=st.integers(1, 400))
def test_keeping_16_bits_moves_a_cosine_by_very_little(seed: int, dimension: int) -> None:
    vectors, (query,) = unit(20, dimension, seed), unit(1, dimension, seed + 1)
    kept = DenseIndex.build(vectors).similarity(query, np.arange(20))
    assert np.abs(kept - vectors.astype(np.float64) @ query).max() <= 2**-11


@given(
    vectors=st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=1, max_size=12),
    copies=st.integers(1, 3 * MARGIN),
    query=st.tuples(*[st.integers(-2, 2)] * 3),
    k=st.integers(0, 400),
)
def test_the_nearest_are_the_nearest_and_ties_are_in_row_order(
    vectors: list[tuple[int, int, int]], copies: int, query: tuple[int, int, int], k: int
) -> None:
    """Also where more rows tie than FAISS is asked for. Whole numbers: every sum is exact."""
    many = np.tile(np.array(vectors, np.float32), (copies, 1))
    index, asked = DenseIndex.build(many), np.array(query, np.float32)
    expected = ranked(many, asked)[:k]
    assert index.nearest(asked, k).tolist() == expected
    assert index.nearest(asked, k, np.arange(len(many))[::-1]).tolist() == expected


@pytest.mark.parametrize("count", [1, 7, 300, 3001])
def test_equal_vectors_have_equal_cosines_wherever_they_stand(count: int) -> None:
    """Passages of the same text are many: the rows of a table are all encoded by its caption."""
    index = DenseIndex.build(np.tile(unit(1, 384, seed=3), (count, 1)))
    (query,) = unit(1, 384, seed=4)
    assert len(set(index.similarity(query, np.arange(count)).tolist())) == 1
    assert index.nearest(query, count).tolist() == list(range(count))


def test_among_all_rows_is_the_same_as_without() -> None:
    large = DenseIndex.build(unit(300, 16, seed=7))
    for query in unit(20, 16, seed=8):
        assert large.nearest(query, 20).tolist() == large.nearest(query, 20, np.arange(300)).tolist()


@pytest.fixture(scope="module")
def by_codes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, DenseIndex, DenseIndex]:
    """Vectors, the index that reranks 100 of them, and the one that reranks all."""
    folder = tmp_path_factory.mktemp("codes")
    vectors = unit(2000, 32, seed=1).astype(np.float16)
    (folder / "vectors.f16").write_bytes(vectors.tobytes())
    record = choose(vectors, folder / "codes", exact_up_to=100, least=0.0, reranked=100)
    some, every = (
        open_dense(
            folder / "vectors.f16",
            folder / "codes",
            DenseRecord(record.kind, {**record.parameters, "reranked": reranked}, record.recall_at_10, ""),
            dimension=32,
        )
        for reranked in (100, len(vectors))
    )
    return vectors.astype(np.float32), some, every


@pytest.mark.parametrize("k", [0, 1, 10, 500, 5000])
def test_by_codes_with_every_row_reranked_the_nearest_are_the_true_ones(
    by_codes: tuple[Vectors, DenseIndex, DenseIndex], k: int
) -> None:
    vectors, _, index = by_codes
    for query in unit(5, 32, seed=2):
        assert index.nearest(query, k).tolist() == index.nearest(query, k, np.arange(2000)).tolist()
        assert index.nearest(query, k).tolist() == ranked(vectors, query)[:k]


@pytest.mark.parametrize("k", [1, 10, 100])
def test_by_codes_what_is_found_is_in_true_order_and_mostly_what_should_be(
    by_codes: tuple[Vectors, DenseIndex, DenseIndex], k: int
) -> None:
    vectors, index, _ = by_codes
    right = 0
    for query in unit(20, 32, seed=5):
        found, expected = index.nearest(query, k).tolist(), ranked(vectors, query)
        assert len(set(found)) == k
        assert sorted(found, key=expected.index) == found
        assert index.nearest(query, k).tolist() == found
        right += len(set(found) & set(expected[:k]))
    assert right >= 0.9 * 20 * k


def test_by_codes_a_few_rows_are_compared_exactly(by_codes: tuple[Vectors, DenseIndex, DenseIndex]) -> None:
    vectors, index, _ = by_codes
    (query,) = unit(1, 32, seed=6)
    among = np.arange(0, 2000, 7)
    assert index.nearest(query, 50, among).tolist() == [row for row in ranked(vectors, query) if row % 7 == 0][:50]
