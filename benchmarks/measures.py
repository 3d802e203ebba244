"""Ranking measures over binary judgements. Every judged query counts: one that found nothing counts 0."""

from collections.abc import Collection, Sequence
from math import log2


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain at k (Järvelin and Kekäläinen 2002, doi 10.1145/582415.582418)."""
    gain = sum(1 / log2(rank + 1) for rank, one in enumerate(ranked[:k], start=1) if one in relevant)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / ideal if ideal else 0.0


def recall(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Share of what is relevant among the first k."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def overlap(ranked: Sequence[str], other: Sequence[str], k: int = 10) -> float:
    """Share of another ranking's first k among the first k of this one."""
    wanted = set(other[:k])
    return len(set(ranked[:k]) & wanted) / len(wanted) if wanted else 0.0
