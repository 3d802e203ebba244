"""Whether it was right to answer or to refuse, and whether the confidence says so."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from assistant.answer import Outcome
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.measures.judged import Judged
from assistant.evaluation.record import Bin, Point
from assistant.evaluation.score import Score

BINS = 10

Confident = tuple[float, bool]
"""The confidence with which something was done, in [0, 1], and whether it was right."""


def outcome_right(judged: Judged) -> Score | None:
    """Whether the outcome is one of those expected. Ours."""
    return Score(float(judged.told.outcome in judged.case.outcomes))


def correct_refusal(judged: Judged) -> Score | None:
    """Of cases that cannot be answered, those in which nothing was stated, for whatever reason given. Ours."""
    return None if judged.case.is_answerable else Score(float(not judged.told.statements))


def wrong_refusal(judged: Judged) -> Score | None:
    """Of cases that can be answered, those in which nothing was stated. Ours."""
    return Score(float(not judged.told.statements)) if judged.case.is_answerable else None


def confusion(pairs: Iterable[tuple[Outcome, Outcome]]) -> dict[str, dict[str, int]]:
    """(expected, given) outcomes as counts: expected → given → how many, without empty cells."""
    counted = Counter(pairs)
    return {
        str(expected): {str(given): counted[expected, given] for given in Outcome if counted[expected, given]}
        for expected in Outcome
        if any(counted[expected, given] for given in Outcome)
    }


def risk_coverage(cases: Sequence[Confident]) -> tuple[Point, ...]:
    """The share that is wrong (risk) among the most confident ones, by their share of all (coverage).

    One point for each confidence at which a threshold could stand, highest first (Geifman and El-Yaniv, arXiv
    1705.08500).
    """
    return tuple(Point(coverage=kept / len(cases), risk=wrong / kept) for kept, wrong, _ in _thresholds(cases))


def aurc(cases: Sequence[Confident]) -> float | None:
    """Area under the risk-coverage curve: the mean, over cases, of the risk with the threshold at its confidence.

    In [0, 1], lower is better (Geifman, Uziel and El-Yaniv, arXiv 1805.08206). Cases of one confidence share their
    threshold, so the area does not depend on their order. None without cases.
    """
    if not cases:
        return None
    return sum(tied * wrong / kept for kept, wrong, tied in _thresholds(cases)) / len(cases)


def _thresholds(cases: Sequence[Confident]) -> list[tuple[int, int, int]]:
    """For each confidence from the highest: how many have it or more, how many of these are wrong, how many have it."""
    _check(cases)
    tied = Counter(confidence for confidence, _ in cases)
    wrong = Counter(confidence for confidence, right in cases if not right)
    levels = sorted(tied, reverse=True)
    kept, wrong_kept = np.cumsum([tied[one] for one in levels]), np.cumsum([wrong[one] for one in levels])
    return [(int(k), int(w), tied[one]) for one, k, w in zip(levels, kept, wrong_kept, strict=True)]


def reliability(cases: Sequence[Confident], bins: int = BINS) -> tuple[Bin, ...]:
    """Mean confidence and share right in bins of equal width over [0, 1]; empty bins are left out.

    Bins hold their upper edge, the first also 0 (Guo et al., arXiv 1706.04599).
    """
    _check(cases)
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], [confidence for confidence, _ in cases])
    found = []
    for number in sorted(set(place.tolist())):
        held = [case for case, at in zip(cases, place, strict=True) if at == number]
        count = len(held)
        means = sum(confidence for confidence, _ in held) / count, sum(right for _, right in held) / count
        found.append(Bin(float(edges[number]), float(edges[number + 1]), count, *means))
    return tuple(found)


def ece(cases: Sequence[Confident], bins: int = BINS) -> float | None:
    """Expected calibration error: how far confidence is from the share right, bin by bin, weighed by their cases.

    Equal-width bins (Naeini, Cooper and Hauskrecht, AAAI 2015, doi 10.1609/aaai.v29i1.9602; as in Guo et al., arXiv
    1706.04599). None without cases.
    """
    if not cases:
        return None
    return sum(one.count * abs(one.confidence - one.right) for one in reliability(cases, bins)) / len(cases)


def _check(cases: Sequence[Confident]) -> None:
    for confidence, _ in cases:
        if not 0 <= confidence <= 1:
            raise EvaluationError(f"a confidence is {confidence}; it has to be a probability, from 0 to 1")
