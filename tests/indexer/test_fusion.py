"""Fusion by hand-worked tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.dense import Scores
from indexer.fusion import above_minimum, convex, feedback, reciprocal_rank


def scores(*values: float) -> Scores:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("values", "minimum", "expected"),
    [
        ((4.0, 1.0, 0.0), 0.0, (1.0, 0.25, 0.0)),
        ((0.6, 0.2, -1.0), -1.0, (1.0, 0.75, 0.0)),
        ((-0.5, -0.75), -1.0, (1.0, 0.5)),
        ((3.0,), 0.0, (1.0,)),  # a lone hit keeps its worth; min-max would give it 0
        ((2.0, 2.0), 0.0, (1.0, 1.0)),
        ((0.0, 0.0), 0.0, (0.0, 0.0)),  # no term was found: nothing to share out
        ((-1.0,), -1.0, (0.0,)),
        ((), 0.0, ()),
    ],
)
def test_above_minimum(values: tuple[float, ...], minimum: float, expected: tuple[float, ...]) -> None:
    assert above_minimum(scores(*values), minimum) == pytest.approx(scores(*expected), abs=1e-6)


@pytest.mark.parametrize(
    ("weight", "expected"),
    # BM25 4, 1, 0 → 1, ¼, 0; cosines .2, .6, −.2 → 1.2, 1.6, .8 of 1.6 → ¾, 1, ½
    [(0.0, (0.75, 1.0, 0.5)), (1.0, (1.0, 0.25, 0.0)), (0.5, (0.875, 0.625, 0.25)), (0.2, (0.8, 0.85, 0.4))],
)
def test_convex(weight: float, expected: tuple[float, ...]) -> None:
    assert convex(scores(4, 1, 0), scores(0.2, 0.6, -0.2), weight) == pytest.approx(scores(*expected), abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(0, 40, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=20),
    st.floats(0, 1, width=32),
)
def test_convex_is_between_0_and_1_and_never_prefers_what_is_worse_in_both(
    pairs: list[tuple[float, float]], weight: float
) -> None:
    lexical, dense = (scores(*column) for column in zip(*pairs, strict=True))
    fused = convex(lexical, dense, weight)
    assert fused.min() >= 0
    assert fused.max() <= 1 + 1e-6
    for one in range(len(pairs)):
        worse = (lexical <= lexical[one]) & (dense <= dense[one])
        assert (fused[worse] <= fused[one] + 1e-6).all()


def test_reciprocal_rank() -> None:
    """Ranks 1, 2, 3 by words and 3, 1, 2 by meaning."""
    expected = (1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62)
    assert reciprocal_rank(scores(9, 5, 1), scores(0.1, 0.9, 0.5)) == pytest.approx(scores(*expected))
    assert reciprocal_rank(scores(9, 5), scores(0.1, 0.9), k=1) == pytest.approx(scores(1 / 2 + 1 / 3, 1 / 3 + 1 / 2))


def test_reciprocal_rank_of_ties_goes_by_order() -> None:
    assert reciprocal_rank(scores(1, 1), scores(1, 1)) == pytest.approx(scores(2 / 61, 2 / 62))
    assert reciprocal_rank(scores(), scores()).shape == (0,)


def test_feedback() -> None:
    """(1, 0) + ½ · mean of (0, 1) and (1, 0) = (1.25, 0.25), of length √1.625."""
    moved = feedback(scores(1, 0), np.array([[0, 1], [1, 0]], np.float32), 0.5)
    assert moved == pytest.approx(scores(1.25, 0.25) / np.sqrt(1.625))
    assert float(np.linalg.norm(moved)) == pytest.approx(1)


def test_feedback_without_neighbours_or_weight_leaves_the_query() -> None:
    query = scores(0.6, 0.8)
    assert feedback(query, np.zeros((0, 2), np.float32), 0.3) == pytest.approx(query)
    assert feedback(query, np.array([[0, 1]], np.float32), 0.0) == pytest.approx(query)
