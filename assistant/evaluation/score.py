"""A measure of one case, and how measures of many cases add up."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class Score(NamedTuple):
    """Hits out of a total. A measure that does not concern a case has no score there; one that concerns it and found
    nothing has 0 hits."""

    hits: float
    total: float = 1.0


Scores = dict[str, Score]
"""Scores of one case by the measure's name."""


class Scored(msgspec.Struct, frozen=True):
    """A line of scores.jsonl: one case of a suite, what it is tagged with, and its scores."""

    suite: str
    case: str
    tags: tuple[str, ...]
    scores: Scores


def pooled(scores: Iterable[Score]) -> float:
    """All hits out of all totals (the ratio of sums); nan when nothing was to be had."""
    kept = tuple(scores)
    total = sum(one.total for one in kept)
    return sum(one.hits for one in kept) / total if total else float("nan")
