"""Follow-up questions as they were read, against the same questions as people wrote them out."""

from collections.abc import Sequence

from assistant.evaluation.score import Score
from indexer.analysis import terms

K = 10


def overlap(found: Sequence[str], found_resolved: Sequence[str], k: int = K) -> Score | None:
    """Of the first k that the human-resolved question finds, those among the first k that ours finds. Ours.

    None when the resolved question finds nothing.
    """
    wanted = set(found_resolved[:k])
    return Score(len(wanted & set(found[:k])), len(wanted)) if wanted else None


def term_recall(reading: str, resolved: str) -> Score | None:
    """Distinct terms of the human-resolved question that our reading holds. Ours; stems, without stopwords.

    None when the resolved question has no terms.
    """
    wanted = set(terms(resolved))
    return Score(len(wanted & set(terms(reading))), len(wanted)) if wanted else None
