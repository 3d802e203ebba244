"""The logistic function: its values, its symmetry, and that no score is too large for it."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.logistic import sigmoid

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("z", "probability"),
    [(0.0, 0.5), (log(3), 0.75), (-log(3), 0.25), (710.0, 1.0), (-710.0, 0.0), (1e308, 1.0), (-1e308, 0.0)],
)
def test_hand_worked(z: float, probability: float) -> None:
    assert sigmoid(z) == pytest.approx(probability)


@given(FINITE)
def test_a_score_and_its_opposite_share_one(z: float) -> None:
    assert 0 <= sigmoid(z) <= 1
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1)


@given(FINITE, FINITE)
def test_a_higher_score_is_never_less_likely(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert sigmoid(low) <= sigmoid(high)
