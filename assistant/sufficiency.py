"""Does what was found answer what was asked? A calibrated judgement, made before any text exists.

A logistic model over a few counts of the best sentences; weights and threshold come from
`python -m benchmarks.fit_sufficiency`, its rates on other questions stand in benchmarks/results/refusals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.logistic import load_model
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


def judge(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex) -> Sufficiency:
    """Judge the best sentences found for a query."""
    found = features(query, ranked, lexical)
    model = load_model("sufficiency")
    probability = model.probability(found)
    return Sufficiency(probability, probability >= model.threshold)


def features(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex) -> dict[str, float]:
    """What the model looks at, by name, all in about [0, 1].

    Left out because they added nothing for questions of a writer the model had not seen: which single thing is
    missing, whether a dose or a figure that is asked for is there, and words that narrow a question (in whom, how).
    """
    top = ranked[:LOOKED_AT]
    facets = _subject(query)
    weighted = [(facet, facet.rarity) for facet in facets]
    concepts = [(facet, 1.0) for facet in facets if facet.is_concept]
    around = [frozenset(terms(one.candidate.passage.text)) | _heading(one) for one in top]
    joint = [coverage(weighted, _own(one) | _heading(one)) for one in top]
    return {
        "joint_best": max(joint, default=0.0),
        "joint_all": float(any(share == 1.0 for share in joint)),
        "concepts_own": max((coverage(concepts, _own(one)) for one in top), default=0.0) if concepts else 0.5,
        "passage_joint": max((coverage(weighted, terms_around) for terms_around in around), default=0.0),
        "passage_concepts": float(bool(concepts) and any(coverage(concepts, one) == 1.0 for one in around)),
        "dense_best": max((one.feature("dense") for one in top), default=0.0),
        "dense_first": top[0].feature("dense") if top else 0.0,
        "named_anywhere": _named_anywhere(facets, lexical),
        "unheld": min(len(query.unheld), 2) / 2,
        "no_concept": float(not concepts),
        "facets": min(len(facets), 8) / 8,
    }


def _subject(query: Query) -> list[Facet]:
    """The facets that say what the question is about; all of them when it has only words of asking."""
    subject = [f for f in query.facets if f.is_concept or not any(one <= ASKING for one in f.alternatives)]
    return subject or list(query.facets)


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


def _heading(one: "Ranked") -> frozenset[str]:
    return frozenset(terms(one.candidate.heading))
