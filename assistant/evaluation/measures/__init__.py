"""What is measured: a measure gives the Score of a case, or None where it does not concern it; see MEASURES."""

from assistant.evaluation.measures.catalogue import (
    ALL,
    MEASURES,
    RANKING,
    READING,
    Described,
    Measure,
    described,
    measure,
    scores_of,
)
from assistant.evaluation.measures.judged import Judged, judge

__all__ = [
    "ALL",
    "MEASURES",
    "RANKING",
    "READING",
    "Described",
    "Judged",
    "Measure",
    "described",
    "judge",
    "measure",
    "scores_of",
]
