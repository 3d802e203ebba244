"""What an answer conveys, and what every answer has to carry."""

from collections.abc import Sequence

from assistant.evaluation.case import Fact
from assistant.evaluation.measures.evidence import quoted, words_of
from assistant.evaluation.measures.judged import Judged
from assistant.evaluation.score import Score
from assistant.policy import caution, disclaimer

NGRAM = 4
"""Words in a row whose return counts as repetition: long enough to be no mere turn of phrase."""


def vital_nugget_recall(judged: Judged) -> Score | None:
    """Vital nuggets that some statement conveys (nuggets as in Voorhees, Overview of the TREC 2003 Question Answering
    Track; matched by wording, which is ours)."""
    return _conveyed([nugget for nugget in judged.case.nuggets if nugget.vital], judged)


def nugget_recall(judged: Judged) -> Score | None:
    """Nuggets, vital and okay ones alike, that some statement conveys; see vital_nugget_recall."""
    return _conveyed(judged.case.nuggets, judged)


def _conveyed(facts: Sequence[Fact], judged: Judged) -> Score | None:
    return Score(sum(judged.told.saying(fact) is not None for fact in facts), len(facts)) if facts else None


def forbidden_said(judged: Judged) -> Score | None:
    """Whether an answer says anything that it must not say. Ours."""
    facts = judged.case.forbidden
    return Score(float(any(judged.told.saying(fact) for fact in facts))) if facts else None


def must_cite_met(judged: Judged) -> Score | None:
    """Groups of sources of which one had to be cited, and was, directly or as what an article cites. Ours."""
    cited, groups = judged.told.cited, judged.case.must_cite
    return Score(sum(not cited.isdisjoint(group) for group in groups), len(groups)) if groups else None


def must_not_cite_cited(judged: Judged) -> Score | None:
    """Whether an answer cites a source that it must not cite. Ours."""
    barred = judged.case.must_not_cite
    return Score(float(not judged.told.cited.isdisjoint(barred))) if barred else None


def evidence_recall(judged: Judged) -> Score | None:
    """Whether the statements together hold half of the word trigrams of some annotated span. Ours."""
    evidence = judged.case.evidence
    return Score(float(quoted(evidence, _texts(judged)))) if evidence else None


def redundancy(judged: Judged) -> Score | None:
    """Word 4-grams of an answer that it has said before (seq-rep-n; Welleck et al., arXiv 1908.04319).

    1 - distinct / all, of the statements read one after the other; pooled over answers, where the paper averages.
    """
    words = words_of(" ".join(_texts(judged)))
    grams = [tuple(words[at : at + NGRAM]) for at in range(len(words) - NGRAM + 1)]
    return Score(len(grams) - len(set(grams)), len(grams)) if grams else None


def statement_count(judged: Judged) -> Score | None:
    """Statements an answer makes; refusals do not count."""
    return Score(len(judged.told.statements)) if judged.told.statements else None


def word_count(judged: Judged) -> Score | None:
    """Words of an answer's statements; refusals do not count."""
    return Score(len(words_of(" ".join(_texts(judged))))) if judged.told.statements else None


def disclaimer_present(judged: Judged) -> Score | None:
    """Whether the disclaimer is there, word for word. Every answer, refusals too. Ours."""
    return Score(float(judged.told.disclaimer == disclaimer().text))


def caution_right(judged: Judged) -> Score | None:
    """Whether the caution is there, word for word, exactly when anything shown is not approved.

    Shown is what is cited, listed as a source or offered to read. Ours.
    """
    return Score(float(judged.told.caution == (caution().text if judged.told.caution_is_due else None)))


def _texts(judged: Judged) -> list[str]:
    return [statement.text for statement in judged.told.statements]
