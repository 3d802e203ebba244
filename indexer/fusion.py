"""Two score lists → one. Pure arithmetic on arrays of the same length."""

import numpy as np

from indexer.dense import Scores

DENSE_MINIMUM = -1.0
"""The lowest cosine there can be. BM25's is 0."""


def convex(lexical: Scores, dense: Scores, lexical_weight: float) -> Scores:
    """lexical_weight · tmm(BM25) + (1 − lexical_weight) · tmm(cosine), in [0, 1].

    Each is normalised by its theoretical minimum and its observed maximum, so that a lone hit keeps
    its score (Bruch, Gai and Ingber, arXiv 2210.11934, "TM2C2").
    """
    return np.asarray(
        lexical_weight * above_minimum(lexical, 0.0) + (1 - lexical_weight) * above_minimum(dense, DENSE_MINIMUM),
        np.float32,
    )


def above_minimum(scores: Scores, minimum: float) -> Scores:
    """(s − minimum) / (max s − minimum); zeros when nothing is above the minimum."""
    if not len(scores) or scores.max() <= minimum:
        return np.zeros(len(scores), np.float32)
    return np.asarray((scores - minimum) / (scores.max() - minimum), np.float32)


def reciprocal_rank(lexical: Scores, dense: Scores, k: int = 60) -> Scores:
    """Σ 1 / (k + rank) over both lists (Cormack, Clarke and Büttcher 2009, doi 10.1145/1571941.1572114)."""
    fused = np.zeros(len(lexical), np.float32)
    for scores in (lexical, dense):
        ranks = np.empty(len(scores), np.int64)
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        fused += (1.0 / (k + ranks)).astype(np.float32)
    return fused


def feedback(query: Scores, neighbours: Scores, weight: float) -> Scores:
    """Dense pseudo-relevance feedback: query (d,) plus `weight` times the mean neighbour (n, d), unit length.

    Rocchio's formula without the negative part, as in Li et al., arXiv 2108.11044.
    """
    moved = query + weight * neighbours.mean(axis=0) if len(neighbours) else query
    return np.asarray(moved / np.linalg.norm(moved), np.float32)
