"""What pages say in words of their own: states, stages, outcomes, and what is explained to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.answer import Outcome, Stage
from assistant.question import Audience
from assistant.vancouver import EVIDENCE
from corpus.types import ReviewStatus, SourceStatus


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in words; `name` is its class in the style sheet."""

    name: str
    words: str


STAGES: Mapping[Stage, str] = {
    Stage.TRIAGE: "Reading the question…",
    Stage.READING: "Reading the question in its context…",
    Stage.ENCODING: "Reading the question in its context…",
    Stage.SEARCHING: "Searching the articles and the literature…",
    Stage.STATING: "Checking statements and citations…",
}
WAITING = "Waiting for its turn…"

TITLES: Mapping[str, str] = {
    Outcome.ANSWERED: "Answer",
    Outcome.CONFLICTING_EVIDENCE: "Answer: the sources disagree",
    Outcome.INSUFFICIENT_EVIDENCE: "No answer: not enough evidence",
    Outcome.OUT_OF_SCOPE: "No answer: outside what is covered",
    Outcome.EMERGENCY: "Emergency",
    Outcome.PATIENT_IDENTIFIERS: "Not asked: patient details",
}

EXPORTS: Mapping[str, str] = {
    "markdown": "Markdown",
    "ris": "RIS (EndNote, Zotero)",
    "bibtex": "BibTeX",
    "csl-json": "CSL-JSON",
    "fhir": "FHIR R5",
}

_REVIEW = {
    ReviewStatus.SUBMITTED: "Submitted",
    ReviewStatus.UNDER_REVIEW: "Under review",
    ReviewStatus.APPROVED: "Approved",
}
_SOURCE = {
    SourceStatus.CORRECTED: Badge("warn", "Corrected"),
    SourceStatus.ERRATUM: Badge("warn", "Erratum"),
    SourceStatus.EXPRESSION_OF_CONCERN: Badge("warn", "Expression of concern"),
    SourceStatus.RETRACTION_NOTICE: Badge("retracted", "Retraction notice"),
    SourceStatus.RETRACTED: Badge("retracted", "Retracted"),
}
BARRED = Badge("retracted", "No longer evidence")
"""Retracted or withdrawn since the snapshot was built; the next one will tell which."""

_EVIDENCE = {str(kind): words for kind, words in EVIDENCE.items()}
_EXPLAINED = {
    "guideline": "advice of an expert group",
    "systematic-review": "all studies of a question, gathered and weighed",
    "rct": "people were assigned to treatments by chance",
    "cohort": "people were followed, treatments were not assigned by chance",
    "case-series": "a few people were described, without comparison",
    "review": "an overview by its authors",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the readers that a page can be worded for."""

    audience: Audience
    label: str
    article_note: str
    references: str
    ask: str


READERS: Mapping[Audience, Reader] = {
    Audience.CLINICIAN: Reader(Audience.CLINICIAN, "Clinician", "", "References", "Have a follow-up question?"),
    Audience.TRAINEE: Reader(
        Audience.TRAINEE,
        "Student or trainee",
        "Abbreviations and kinds of study are explained below. The facts and the citations are the same.",
        "References",
        "Have a follow-up question?",
    ),
    Audience.PATIENT: Reader(
        Audience.PATIENT,
        "Patient",
        "This page was written for health professionals. Words are explained; the facts and the citations are the "
        "same. It cannot know your situation: take your questions to your own clinician, and change no treatment "
        "because of what you read here.",
        "Studies and guidelines behind this page",
        "Do you have a question about this page?",
    ),
}


def review_badge(status: str) -> Badge:
    """How far the site's own review has come."""
    return Badge(status, _REVIEW[ReviewStatus(status)])


def steps() -> tuple[Badge, ...]:
    """The three steps of the review, in order."""
    return tuple(Badge(status, words) for status, words in _REVIEW.items())


def source_badge(status: str) -> Badge | None:
    """What became of a publication; None while it stands as it was published."""
    return _SOURCE.get(SourceStatus(status))


def evidence(kind: str) -> str:
    """ "randomized trial"."""
    return _EVIDENCE.get(kind, kind)


def kinds_explained(kinds: Iterable[str], audience: Audience) -> tuple[tuple[str, str], ...]:
    """What kinds of evidence are, for those who are not clinicians; each once."""
    if audience is Audience.CLINICIAN:
        return ()
    return tuple((_EVIDENCE[kind], _EXPLAINED[kind]) for kind in dict.fromkeys(kinds) if kind in _EXPLAINED)
