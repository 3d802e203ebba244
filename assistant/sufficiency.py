"""Does what was found answer what was asked? A calibrated judgement, made before any text exists.

A logistic model over a few counts of the best sentences; weights and threshold come from
`python -m benchmarks.fit_sufficiency`, its rates on other questions stand in benchmarks/results/refusals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING

import msgspec

from assistant.intent import Sign, asked, held
from assistant.ranking import coverage
from indexer.analysis import terms
from indexer.lexical import LexicalIndex
from indexer.search import Facet, Query

if TYPE_CHECKING:
    from assistant.evidence import Ranked

LOOKED_AT = 8
"""How many of the best sentences are looked at: more than an answer states, fewer than a search finds."""

ASKING = frozenset(
    terms(
        """dose dosage use used treat treatment therapy effect effective efficacy evidence recommend guideline patient
        patients risk rate outcome result trial study benefit management manage option long often many much first line
        role best help work safe safety side effects adverse drug medication medicine happen show compare comparison
        difference increase decrease reduce improve cause need start stop give given people person common current
        latest data"""
    )
)
"""Terms of asking: what a question wants to know rather than what it is about."""


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """The judgement: the estimated probability that the evidence answers, and whether that is enough."""

    probability: float
    sufficient: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature name, and the probability from which evidence suffices."""

    intercept: float
    weights: dict[str, float]
    threshold: float


@cache
def model() -> Model:
    raw = files("assistant").joinpath("sufficiency_model.json").read_bytes()
    return msgspec.json.decode(raw, type=Model)


def judge(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex) -> Sufficiency:
    """Judge the best sentences found for a query."""
    found = features(query, ranked, lexical)
    fitted = model()
    z = fitted.intercept + sum(fitted.weights.get(name, 0.0) * value for name, value in found.items())
    probability = 1 / (1 + exp(-max(-40.0, min(40.0, z))))
    return Sufficiency(probability, probability >= fitted.threshold)


def features(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex) -> dict[str, float]:
    """What the model looks at, by name; all in about [0, 1] but the counts of facets."""
    top = ranked[:LOOKED_AT]
    facets = _subject(query)
    weighted = [(facet, facet.rarity) for facet in facets]
    held_by = [(_own(one), _heading(one)) for one in top]
    passages = [_around(one) for one in top]
    joint = [coverage(weighted, own | heading) for own, heading in held_by]
    own = [coverage(weighted, own) for own, _ in held_by]
    concepts = [(facet, 1.0) for facet in facets if facet.is_concept]
    missing = min((_rarest_missing(facets, own | heading) for own, heading in held_by), default=1.0)
    wants = asked(query.text) & _CHECKED
    return {
        "joint_best": max(joint, default=0.0),
        "joint_first": joint[0] if joint else 0.0,
        "own_best": max(own, default=0.0),
        "concepts_best": max((coverage(concepts, o | h) for o, h in held_by), default=0.0) if concepts else 0.5,
        "concepts_own": max((coverage(concepts, o) for o, _ in held_by), default=0.0) if concepts else 0.5,
        "named_anywhere": _named_anywhere(facets, lexical),
        "dense_best": max((one.feature("dense") for one in top), default=0.0),
        "dense_first": top[0].feature("dense") if top else 0.0,
        "rarest_missing": missing / lexical.rarity(""),
        "all_concepts": float(bool(concepts) and any(coverage(concepts, o | h) == 1.0 for o, h in held_by)),
        "passage_joint": max((coverage(weighted, around) for around in passages), default=0.0),
        "passage_concepts": float(bool(concepts) and any(coverage(concepts, around) == 1.0 for around in passages)),
        "unheld": min(len(query.unheld), 2) / 2,
        "sign_missing": float(bool(wants) and not any(held(one.candidate.text, wants) for one in top)),
        "no_concept": float(not concepts),
        "facets": min(len(facets), 8) / 8,
    }


_CHECKED = frozenset((Sign.DOSE, Sign.DURATION, Sign.QUANTITY))
"""Signs that an answer must show when they are asked for: a dose, a length of time, a figure."""


def _subject(query: Query) -> list[Facet]:
    """The facets that say what the question is about; all of them when it has only words of asking."""
    subject = [f for f in query.facets if f.is_concept or not any(one <= ASKING for one in f.alternatives)]
    return subject or list(query.facets)


def _rarest_missing(facets: Sequence[Facet], held_terms: frozenset[str]) -> float:
    """The rarity of the most telling thing that is named but not held; 0 when all is held."""
    return max((facet.rarity for facet in facets if not facet.held_by(held_terms)), default=0.0)


def _named_anywhere(facets: Sequence[Facet], lexical: LexicalIndex) -> float:
    """Share, by rarity, of what is named that the corpus names at all."""
    total = sum(facet.rarity for facet in facets)
    known = sum(
        facet.rarity
        for facet in facets
        if any(all(lexical.document_frequency(term) for term in one) for one in facet.alternatives)
    )
    return known / total if total else 0.0


def _own(one: "Ranked") -> frozenset[str]:
    return frozenset(terms(one.candidate.included))


def _around(one: "Ranked") -> frozenset[str]:
    """The terms of the whole passage and what stands over it."""
    return frozenset(terms(one.candidate.passage.text)) | _heading(one)


def _heading(one: "Ranked") -> frozenset[str]:
    return frozenset(terms(" ".join((one.candidate.title, *one.candidate.passage.section))))
