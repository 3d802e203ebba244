"""Answering and refusing, confidence and being right: by hand, and against scikit-learn."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Outcome
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.measures.outcomes import (
    aurc,
    confusion,
    correct_refusal,
    ece,
    outcome_right,
    reliability,
    risk_coverage,
    wrong_refusal,
)
from assistant.evaluation.score import Score
from tests.judged import case, judged, quoting

CONFIDENT = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_outcomes_by_hand() -> None:
    cannot = case(outcome=(Outcome.INSUFFICIENT_EVIDENCE, Outcome.OUT_OF_SCOPE))
    answered, refused = judged([quoting("A.")]), judged()
    assert (outcome_right(answered), outcome_right(refused)) == (Score(1), Score(0))
    assert (correct_refusal(answered), correct_refusal(refused)) == (None, None)
    assert (wrong_refusal(answered), wrong_refusal(refused)) == (Score(0), Score(1))
    for outcome, right in ((Outcome.INSUFFICIENT_EVIDENCE, 1), (Outcome.OUT_OF_SCOPE, 1), (Outcome.EMERGENCY, 0)):
        one = judged((), cannot, outcome)
        assert (outcome_right(one), correct_refusal(one), wrong_refusal(one)) == (Score(right), Score(1), None)
    stated = judged([quoting("A.")], cannot)
    assert (outcome_right(stated), correct_refusal(stated), wrong_refusal(stated)) == (Score(0), Score(0), None)


@given(st.lists(st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(list(Outcome))), min_size=1))
def test_confusion_agrees_with_scikit_learn(pairs: list[tuple[Outcome, Outcome]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    labels = [str(outcome) for outcome in Outcome]
    wanted = metrics.confusion_matrix([str(e) for e, _ in pairs], [str(g) for _, g in pairs], labels=labels)
    found = confusion(pairs)
    assert [[found.get(e, {}).get(g, 0) for g in labels] for e in labels] == wanted.tolist()
    assert all(count for given in found.values() for count in given.values())


def test_risk_and_coverage_by_hand() -> None:
    cases = [(0.9, True), (0.8, False), (0.7, True), (0.6, False)]
    points = risk_coverage(cases)
    assert [point.coverage for point in points] == pytest.approx([1 / 4, 2 / 4, 3 / 4, 1])
    assert [point.risk for point in points] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert aurc(cases) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_cases_of_one_confidence_share_their_threshold() -> None:
    cases = [(0.9, True), (0.5, False), (0.5, True)]
    assert [point.coverage for point in risk_coverage(cases)] == pytest.approx([1 / 3, 1])
    assert [point.risk for point in risk_coverage(cases)] == pytest.approx([0, 1 / 3])
    assert aurc(cases) == pytest.approx((0 + 1 / 3 + 1 / 3) / 3)


@given(CONFIDENT, st.randoms(use_true_random=False))
def test_laws_of_the_curve(cases: list[tuple[float, bool]], random: Random) -> None:
    points, area = risk_coverage(cases), aurc(cases)
    assert area is not None
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(sum(not right for _, right in cases) / len(cases))
    assert 0 <= area <= 1
    assert aurc([(confidence, True) for confidence, _ in cases]) == 0
    assert aurc([(confidence, False) for confidence, _ in cases]) == pytest.approx(1)
    shuffled = list(cases)
    random.shuffle(shuffled)
    assert aurc(shuffled) == pytest.approx(area)
    best = aurc(
        [(1 / place, right) for place, right in enumerate(sorted((r for _, r in cases), reverse=True), start=1)]
    )
    assert best is not None
    assert best <= area + 1e-9


def test_the_area_is_the_mean_risk_over_ranks_when_no_two_are_equally_sure() -> None:
    generator = np.random.default_rng(3)
    confidences, right = generator.permutation(200) / 200, generator.random(200) < 0.7
    ranked = ~right[np.argsort(-confidences)]
    risks = np.cumsum(ranked) / np.arange(1, 201)
    assert aurc(list(zip(confidences.tolist(), right.tolist(), strict=True))) == pytest.approx(risks.mean())


def test_calibration_by_hand() -> None:
    cases = [(0.95, True), (0.85, True), (0.95, False), (0.15, False)]
    low, middle, high = reliability(cases)
    assert (low.low, low.high, low.count, low.confidence, low.right) == pytest.approx((0.1, 0.2, 1, 0.15, 0.0))
    assert (middle.count, middle.confidence, middle.right) == pytest.approx((1, 0.85, 1.0))
    assert (high.count, high.confidence, high.right) == pytest.approx((2, 0.95, 0.5))
    assert ece(cases) == pytest.approx((1 * 0.15 + 1 * 0.15 + 2 * 0.45) / 4)


def test_a_bin_holds_its_upper_edge_and_the_first_also_0() -> None:
    bins = reliability([(0.0, True), (0.5, True), (0.500001, True), (1.0, True)], bins=2)
    assert [(one.low, one.high, one.count) for one in bins] == [(0, 0.5, 2), (0.5, 1, 2)]


@given(CONFIDENT, st.integers(1, 20))
def test_bins_agree_with_scikit_learn(cases: list[tuple[float, bool]], bins: int) -> None:
    calibration = pytest.importorskip("sklearn.calibration", reason="scikit-learn is not installed")
    confidences, right = zip(*cases, strict=True)
    true, predicted = calibration.calibration_curve(right, confidences, n_bins=bins)
    found = reliability(cases, bins)
    assert [one.right for one in found] == pytest.approx(true.tolist())
    assert [one.confidence for one in found] == pytest.approx(predicted.tolist())
    assert sum(one.count for one in found) == len(cases)
    assert ece(cases, bins) == pytest.approx(sum(o.count * abs(o.confidence - o.right) for o in found) / len(cases))


def test_nothing_is_neither_calibrated_nor_risky() -> None:
    assert (risk_coverage([]), aurc([]), reliability([]), ece([])) == ((), None, (), None)


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_refused(confidence: float) -> None:
    for measure in (aurc, ece, reliability, risk_coverage):
        with pytest.raises(EvaluationError, match="it has to be a probability"):
            measure([(0.5, True), (confidence, True)])
