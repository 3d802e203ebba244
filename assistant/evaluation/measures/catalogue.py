"""All measures by name: what reports call them, what they say, which way is better, and how they are taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.measures import answers, citations, outcomes
from assistant.evaluation.measures.judged import Judged
from assistant.evaluation.score import Score, Scores

Better = Literal["higher", "lower"]

ALCE = "ALCE, arXiv 2305.14627"
CHECKUP = "SourceCheckup, arXiv 2402.02008"
NUGGETS = "nuggets: Voorhees, TREC 2003"


@dataclass(frozen=True, slots=True)
class Described:
    """A measure as people read it: its title, a line on what it says and whose it is, and which way is better."""

    name: str
    title: str
    says: str
    better: Better


@dataclass(frozen=True, slots=True)
class Measure(Described):
    """A measure of one answered case; None when it does not concern the case."""

    of: Callable[[Judged], Score | None]


def _measure(of: Callable[[Judged], Score | None], title: str, says: str, better: Better = "higher") -> Measure:
    return Measure(of.__name__, title, says, better, of)


MEASURES: Mapping[str, Measure] = {
    one.name: one
    for one in (
        _measure(outcomes.outcome_right, "Outcome right", "cases with an expected outcome"),
        _measure(outcomes.correct_refusal, "Correct refusal", "of cases that cannot be answered, nothing stated"),
        _measure(outcomes.wrong_refusal, "Wrong refusal", "of cases that can be answered, nothing stated", "lower"),
        _measure(citations.citation_recall, "Citation recall", f"statements that their spans support ({ALCE})"),
        _measure(citations.citation_precision, "Citation precision", f"citations that are not irrelevant ({ALCE})"),
        _measure(citations.statement_support, "Statement support", f"statements that a span supports ({CHECKUP})"),
        _measure(citations.answer_support, "Answer support", f"answers with every statement supported ({CHECKUP})"),
        _measure(citations.numeric_fidelity, "Numeric fidelity", "statements whose every number is in a cited span"),
        _measure(citations.citation_validity, "Citation validity", "citations whose number, source and span exist"),
        _measure(citations.span_exactness, "Span exact", "citations that quote what the source holds there"),
        _measure(
            citations.withdrawn_cited, "Withdrawn cited", "citations of no evidence, an answer; must be 0", "lower"
        ),
        _measure(answers.vital_nugget_recall, "Vital nugget recall", f"vital facts conveyed ({NUGGETS})"),
        _measure(answers.nugget_recall, "Nugget recall", f"facts conveyed, vital or not ({NUGGETS})"),
        _measure(answers.forbidden_said, "Forbidden statement said", "answers that say what they must not", "lower"),
        _measure(answers.must_cite_met, "Expected source cited", "groups of sources of which one had to be cited"),
        _measure(answers.must_not_cite_cited, "Barred source cited", "answers that cite what they must not", "lower"),
        _measure(answers.evidence_recall, "Evidence-span recall", "answers that hold half of an annotated span"),
        _measure(answers.redundancy, "Redundancy", "word 4-grams said before (seq-rep-n, arXiv 1908.04319)", "lower"),
        _measure(answers.statement_count, "Statements", "statements an answer makes", "lower"),
        _measure(answers.word_count, "Words", "words of an answer", "lower"),
        _measure(answers.disclaimer_present, "Disclaimer present", "answers with the disclaimer, word for word"),
        _measure(answers.caution_right, "Caution right", "answers with the caution exactly when it is due"),
    )
}
"""Measures of an answered case."""

RANKING: Mapping[str, Described] = {
    one.name: one
    for one in (
        Described("ndcg_at_10", "nDCG@10", "discounted gain of the first ten (doi 10.1145/582415.582418)", "higher"),
        Described("recall_at_10", "Recall@10", "relevant documents among the first ten", "higher"),
        Described("reciprocal_rank", "MRR", "1 / rank of the first relevant document (Voorhees, TREC-8)", "higher"),
    )
}
"""Measures of a query, taken by measures/retrieval.py over a whole run."""

READING: Mapping[str, Described] = {
    one.name: one
    for one in (
        Described("overlap_at_10", "Overlap@10", "of what the human-resolved question finds, found by ours", "higher"),
        Described("overlap_at_10_as_typed", "Overlap@10 as typed", "the same of the turn as it was typed", "higher"),
        Described("term_recall", "Term recall", "terms of the human-resolved question that ours holds", "higher"),
        Described("term_recall_as_typed", "Term recall as typed", "the same of the turn as it was typed", "higher"),
    )
}
"""Measures of a follow-up, taken by measures/followups.py."""


ASKING: Mapping[str, Described] = {
    one.name: one
    for one in (
        Described("same_again", "Same when asked again", "cases answered alike, byte for byte, twice", "higher"),
    )
}
"""Measures of how a case was asked rather than of its answer, taken by scoring.py."""


ALL: Mapping[str, Described] = {**MEASURES, **ASKING, **RANKING, **READING}
"""Every measure, whatever it is taken of."""


def described(name: str) -> Described:
    """The measure of a name; EvaluationError lists the known ones."""
    if name not in ALL:
        raise EvaluationError(f"there is no measure {name!r}; there are: {', '.join(ALL)}")
    return ALL[name]


def measure(name: str) -> Measure:
    """The measure of an answered case by its name; EvaluationError lists the known ones."""
    if name not in MEASURES:
        raise EvaluationError(f"there is no measure {name!r} of an answer; there are: {', '.join(MEASURES)}")
    return MEASURES[name]


def scores_of(judged: Judged) -> Scores:
    """The scores of a case by every measure that concerns it."""
    found = {name: one.of(judged) for name, one in MEASURES.items()}
    return {name: score for name, score in found.items() if score is not None}
