"""How well each candidate sentence answers the question: named features, a linear model.

The weights come from `python -m benchmarks.fit_ranking`: annotated trial questions and the calibration questions over
the starter corpus, never the questions that are reported.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log

import msgspec
import numpy as np
import numpy.typing as npt

from assistant.candidate import Candidate, Role
from assistant.intent import COMPARISON, DIRECTION, LEANS_BACK, STATISTICS, Sign, asked, held
from indexer.analysis import terms
from indexer.encoder import Vectors
from indexer.lexical import K1, B
from indexer.search import Facet, Query

Features = npt.NDArray[np.float32]
"""Shape (sentences, len(FEATURES))."""

_ROLE_NAMES = tuple(f"in_{role}" for role in Role)
_EFFECT_NAMES = ("effect_statistics", "effect_direction", "effect_comparison", *(f"effect_in_{role}" for role in Role))
_SIGN_NAMES = tuple(f"asked_{sign}_held" for sign in Sign)
FEATURES = (
    "dense", "dense_relative", "lexical", "lexical_local", "coverage", "coverage_local", "context_coverage",
    "neighbour_coverage", "heading_coverage", "pairs", "passage", "exact_numbers", "concepts", "vetted",
    "statistics", "direction", "comparison", "leans_back", "short", "long", "asks",
    *_ROLE_NAMES, *_EFFECT_NAMES, *_SIGN_NAMES,
)  # fmt: skip


@cache
def weights() -> npt.NDArray[np.float32]:
    """The fitted weights, in the order of FEATURES."""
    raw = msgspec.json.decode(files("assistant").joinpath("ranking_weights.json").read_bytes(), type=dict[str, float])
    return np.array([raw.get(name, 0.0) for name in FEATURES], np.float32)


def score(features: Features) -> npt.NDArray[np.float32]:
    """A score for each sentence; only differences within one question mean anything."""
    return np.asarray(features @ weights(), np.float32)


def sentence_features(
    query: Query, candidates: Sequence[Candidate], vectors: Vectors, rarity: Callable[[str], float]
) -> Features:
    """The features of candidates, whose sentence vectors are the rows of `vectors`."""
    sequences = [terms(candidate.included) for candidate in candidates]
    dense = vectors @ query.vector
    best = max(float(dense.max(initial=0.0)), 1e-6)
    wants = asked(query.text)
    shape = np.array([_shape(wants, candidate) for candidate in candidates], np.float32)
    columns = [dense[:, None], (dense / best)[:, None], _lexical(query, candidates, sequences, rarity), shape]
    features = np.concatenate(columns, axis=1).astype(np.float32)
    if features.shape[1] != len(FEATURES):
        raise AssertionError(f"{features.shape[1]} features, {len(FEATURES)} names")
    return features


def _lexical(
    query: Query, candidates: Sequence[Candidate], sequences: Sequence[list[str]], rarity: Callable[[str], float]
) -> Features:
    wanted = query.terms
    bags = [Counter(sequence) for sequence in sequences]
    idf = {term: rarity(term) * weight for term, weight in wanted.items()}
    local = _local_rarity(wanted, bags)
    overall = [(facet, facet.rarity) for facet in query.facets]
    among = _rarity_among(query.facets, bags)
    concepts = [(facet, 1.0) for facet in query.facets if facet.is_concept]
    pairs = _pairs(terms(query.text))
    numbers = {term for term in wanted if term[0].isdigit()}
    headings = {c.passage.id: frozenset(terms(c.heading)) for c in candidates}
    average = max(1.0, sum(map(len, sequences)) / max(1, len(bags)))
    columns = []
    for index, (candidate, bag) in enumerate(zip(candidates, bags, strict=True)):
        own, heading = bag.keys(), headings[candidate.passage.id]
        follows = index and candidates[index - 1].passage is candidate.passage
        near = own | bags[index - 1].keys() if follows else own
        columns.append(
            (
                _bm25(idf, bag, len(sequences[index]) / average),
                _bm25(local, bag, len(sequences[index]) / average),
                coverage(overall, own),
                coverage(among, own),
                coverage(overall, own | heading),
                coverage(among, near | heading),
                coverage(overall, heading),
                len(pairs & _pairs(sequences[index])) / len(pairs) if pairs else 0.0,
                candidate.passage_score,
                len(numbers & own) / len(numbers) if numbers else 0.0,
                coverage(concepts, own | heading),
                float(candidate.vetted),
            )
        )
    table = np.array(columns, np.float32)
    for column in (0, 1):
        table[:, column] /= max(float(table[:, column].max(initial=0.0)), 1e-6)
    return table


def _local_rarity(wanted: Mapping[str, float], bags: Sequence[Counter[str]]) -> dict[str, float]:
    """Inverse document frequency among the candidates themselves: what tells them apart."""
    count = Counter(term for bag in bags for term in bag if term in wanted)
    total = len(bags)
    return {
        term: weight * log(1 + (total - count[term] + 0.5) / (count[term] + 0.5))
        for term, weight in wanted.items()
        if count[term]
    }


def _bm25(idf: Mapping[str, float], bag: Counter[str], length: float) -> float:
    """Lucene's BM25 of a sentence whose length is given in average lengths."""
    norm = K1 * (1 - B + B * length)
    return sum(idf[term] * bag[term] / (bag[term] + norm) for term in bag.keys() & idf.keys())


def _rarity_among(facets: Sequence[Facet], bags: Sequence[Counter[str]]) -> list[tuple[Facet, float]]:
    total = len(bags)
    counts = [(facet, sum(facet.held_by(bag.keys()) for bag in bags)) for facet in facets]
    return [(facet, log(1 + (total - count + 0.5) / (count + 0.5))) for facet, count in counts if count]


def coverage(weighted: Sequence[tuple[Facet, float]], held_terms: Set[str]) -> float:
    """Share, by weight, of what a question names that is among the terms; 0 when it names nothing."""
    total = sum(weight for _, weight in weighted)
    return sum(weight for facet, weight in weighted if facet.held_by(held_terms)) / total if total else 0.0


def _pairs(sequence: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(sequence))


def _shape(wants: frozenset[Sign], candidate: Candidate) -> list[float]:
    text, role = candidate.text, candidate.role
    effect = float(Sign.EFFECT in wants)
    holds = held(text, wants)
    signs = [float(bool(p.search(text))) for p in (STATISTICS, DIRECTION, COMPARISON)]
    roles = [float(role is one) for one in Role]
    count = len(text.split())
    return [
        *signs,
        float(bool(LEANS_BACK.match(text))),
        float(count < 6),
        max(0.0, min(1.0, (count - 40) / 40)),
        float(text.endswith("?")),
        *roles,
        *(effect * sign for sign in signs),
        *(effect * one for one in roles),
        *(float(sign in holds) for sign in Sign),
    ]
