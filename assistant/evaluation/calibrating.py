"""Where to begin refusing: thresholds chosen on cases kept for that, with the rates they had there."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from assistant.evaluation.errors import BadSuite

WRONG_REFUSALS = 0.05
"""The share of answerable questions that may be refused; the bar in the project's mission."""


class Rates(msgspec.Struct, frozen=True):
    """How a threshold did on the cases it was chosen on: shares in [0, 1], and of how many cases."""

    correct_refusal: float
    wrong_refusal: float
    refusable: int
    answerable: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a case's evidence came to, and whether it was to be answered."""

    confidence: float
    is_answerable: bool


def choose(judged: Sequence[Judged], wrong_refusals: float = WRONG_REFUSALS) -> float:
    """The highest confidence of an answerable case from which on at most a share of the answerable ones is refused.

    A case is answered from the threshold on, so a threshold at a case's own confidence answers it. BadSuite when no
    case is answerable: nothing would speak against any threshold.
    """
    answerable = sorted(one.confidence for one in judged if one.is_answerable)
    if not answerable:
        raise BadSuite("no calibration case that can be answered was searched for; a threshold needs some")
    return answerable[min(int(wrong_refusals * len(answerable)), len(answerable) - 1)]


def rates(judged: Sequence[Judged], threshold: float) -> Rates:
    """How often a threshold refuses what it should and what it should not."""
    refused = [one.confidence < threshold for one in judged]
    right = [r for r, one in zip(refused, judged, strict=True) if not one.is_answerable]
    wrong = [r for r, one in zip(refused, judged, strict=True) if one.is_answerable]
    return Rates(_share(right), _share(wrong), len(right), len(wrong))


def _share(refused: Sequence[bool]) -> float:
    return sum(refused) / len(refused) if refused else 0.0
