"""Does what was found answer what was asked? A calibrated judgement, made before any text exists.

A logistic model over a few counts of the best sentences; weights and threshold come from
`python -m benchmarks.fit_sufficiency`, its rates on other questions stand in docs/quality.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.demands import all_demands, demanded, lacking
from assistant.grounding import NUMBER_WORDS
from assistant.lexicon import DRUG
from assistant.logistic import load_model
from assistant.ranking import coverage
from indexer.analysis import terms, words
from indexer.lexical import LexicalIndex
from indexer.search import Facet, Query

if TYPE_CHECKING:
    from assistant.evidence import Ranked

LOOKED_AT = 8
"""How many of the best sentences are looked at: more than an answer states, fewer than a search finds."""

UNKNOWN_DRUG = 0.02
"""The probability when a drug is named that nothing in the corpus names: nearly all such questions written for fitting
are to be refused (the command above counts them). The other features see that all the rest is there; they must not
outweigh it."""

STATED = 5
"""How many sentences an answer states at most."""

_NUMBER_WORDS = {"one": "1", **NUMBER_WORDS}
"""Grounding leaves "one" out, which mostly counts nothing; in a question it does ("at one year")."""

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
    """The judgement: the probability, in four decimals, that the evidence answers, and whether that is enough."""

    probability: float
    sufficient: bool


def judge(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex, enough: float | None = None) -> Sufficiency:
    """Judge the best sentences found for a query; `enough` stands in for the fitted threshold."""
    model = load_model("sufficiency")
    if not any(map(_is_subject, query.facets)):  # "Why?", "What is the dose?": nothing that could be found is named
        probability = 0.0
    elif names_unknown_drug(query):
        probability = UNKNOWN_DRUG
    else:
        # Rounded, so that what an answer tells is what decided it.
        probability = round(model.probability(features(query, ranked, lexical)), 4)
    return Sufficiency(probability, probability >= (model.threshold if enough is None else enough))


def names_unknown_drug(query: Query) -> bool:
    """Whether a drug is asked about that nothing in the corpus names."""
    return any(DRUG.fullmatch(name) for name in query.unheld)


def features(query: Query, ranked: "Sequence[Ranked]", lexical: LexicalIndex) -> dict[str, float]:
    """What the model looks at, by name, all in about [0, 1] ([-1, 1] for cosines)."""
    top = ranked[:LOOKED_AT]
    stated = on_the_subject(top)[:STATED]
    return {
        **_covered(query, top, lexical),
        **_missing(query, top),
        **_lacked(query.text, stated),
        "dense_best": max((one.feature("dense") for one in top), default=0.0),
        "dense_first": top[0].feature("dense") if top else 0.0,
        "dense_all": _nearness_to_all(query, ranked),
        "concept_missing": float(_lacks_a_concept(query, stated)),
        "numbers_unheld": _numbers_unheld(query.text, stated),
        "unheld": min(len(query.unheld), 2) / 2,
        "words": min(len(query.text.split()), 40) / 40,
    }


def _covered(query: Query, top: "Sequence[Ranked]", lexical: LexicalIndex) -> dict[str, float]:
    """How much of what is asked about stands in one sentence with its headings, in one passage, in the corpus."""
    facets = _subject(query)
    weighted = [(facet, facet.rarity) for facet in facets]
    concepts = [(facet, 1.0) for facet in facets if facet.is_concept]
    around = [_terms_of(one.candidate.passage.text) | _heading(one) for one in top]
    joint = [coverage(weighted, _own(one) | _heading(one)) for one in top]
    return {
        "joint_best": max(joint, default=0.0),
        "joint_all": float(any(share == 1.0 for share in joint)),
        "own_best": max((coverage(weighted, _own(one)) for one in top), default=0.0),
        "passage_joint": max((coverage(weighted, terms_around) for terms_around in around), default=0.0),
        "passage_concepts": float(bool(concepts) and any(coverage(concepts, one) == 1.0 for one in around)),
        "named_anywhere": _named_anywhere(facets, lexical),
        "no_concept": float(not concepts),
    }


def _missing(query: Query, top: "Sequence[Ranked]") -> dict[str, float]:
    """What the sentence that names most of the question, and the three best passages together, do not name."""
    weighted = [(facet, facet.rarity) for facet in query.facets]
    named = [_own(one) | _heading(one) for one in top]
    closest = max(named, key=lambda held: coverage(weighted, held), default=frozenset[str]())
    together = frozenset[str]().union(*(_terms_of(one.candidate.passage.text) | _heading(one) for one in top[:3]))
    unnamed = [facet for facet in query.facets if not facet.held_by(closest)]
    nowhere = [facet.rarity for facet in query.facets if not facet.held_by(together)]
    count = max(1, len(query.facets))
    return {
        "missing": len(unnamed) / count,
        "missing_around": len(nowhere) / count,
        "missing_around_rarity": min(30.0, sum(nowhere)) / 30,
    }


def _lacked(text: str, stated: "Sequence[Ranked]") -> dict[str, float]:
    """Of every demand: whether it is made and nothing that would be stated holds it."""
    unmet = lacking(demanded(text), [one.candidate.included for one in stated])
    return {f"lacks_{demand.name}": float(demand in unmet) for demand in all_demands()}


def _lacks_a_concept(query: Query, stated: "Sequence[Ranked]") -> bool:
    """Whether a drug or disease that is asked about is named by no sentence to be stated, nor by its headings."""
    named = frozenset[str]().union(*(_own(one) | _heading(one) for one in stated))
    return any(facet.is_concept and not facet.held_by(named) for facet in query.facets)


def _numbers_unheld(text: str, stated: "Sequence[Ranked]") -> float:
    """Share of the question's numbers that no sentence to be stated holds: "at one year" is not "at six months"."""
    numbers = _numbers(text)
    if not numbers:
        return 0.0
    held = [_numbers(one.candidate.text) | _numbers(one.candidate.heading) for one in stated]
    return 1.0 - max((len(numbers & one) / len(numbers) for one in held), default=0.0)


def _numbers(text: str) -> frozenset[str]:
    named = (_NUMBER_WORDS.get(word, word) for word in words(text))
    return frozenset(number for number in named if number[0].isdigit())


def on_the_subject(ranked: "Sequence[Ranked]") -> "list[Ranked]":
    """Sentences that, with their title and headings, name as many of the question's concepts as the best do.

    A sentence about another drug in the same condition is no answer, however alike it sounds.
    """
    most = max((one.feature("concepts") for one in ranked[:LOOKED_AT]), default=0.0)
    return [one for one in ranked if one.feature("concepts") >= most]


def _nearness_to_all(query: Query, ranked: "Sequence[Ranked]") -> float:
    """Cosine of the question and the mean of all that was found: what is near to everything is near to nothing."""
    if not ranked:
        return 0.0
    mean = np.mean([one.vector for one in ranked], axis=0)
    return float(query.vector @ mean / (np.linalg.norm(mean) + 1e-9))


def _subject(query: Query) -> list[Facet]:
    """The facets that say what the question is about; all of them when it has only words of asking."""
    return list(filter(_is_subject, query.facets)) or list(query.facets)


def _is_subject(facet: Facet) -> bool:
    return facet.is_concept or not any(one <= ASKING for one in facet.alternatives)


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
    return _terms_of(one.candidate.included)


def _heading(one: "Ranked") -> frozenset[str]:
    return _terms_of(one.candidate.heading)


@lru_cache(maxsize=1024)
def _terms_of(text: str) -> frozenset[str]:
    """Kept for a while: the features of one question, and those of what it suggests, look at the same texts."""
    return frozenset(terms(text))
