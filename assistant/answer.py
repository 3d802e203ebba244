"""The only door out: an Answer carries the disclaimer, and cites nothing that was not retrieved."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.errors import UnsupportedAnswer
from assistant.policy import caution, disclaimer
from assistant.question import Audience
from corpus.types import Document, ReviewStatus


class Outcome(StrEnum):
    """What became of a question; decided before any text exists."""

    ANSWERED = "answered"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    OUT_OF_SCOPE = "out_of_scope"
    EMERGENCY = "emergency"
    PATIENT_IDENTIFIERS = "patient_identifiers"

    @property
    def has_statements(self) -> bool:
        """Whether an answer of this outcome states anything."""
        return self in (Outcome.ANSWERED, Outcome.CONFLICTING_EVIDENCE)


class Stage(StrEnum):
    """What is being done for a question, in this order; a question that is stopped skips the rest."""

    TRIAGE = "triage"
    READING = "reading"
    ENCODING = "encoding"
    SEARCHING = "searching"
    STATING = "stating"


class Support(StrEnum):
    """How a quoted span supports a statement: it is the statement, or it was checked against it."""

    VERBATIM = "verbatim"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Citation:
    """Source number `n`, and the exact span (document offsets) that supports the statement.

    `via` names the sources that the article itself cites for that span; `page` (from 1) is where the span begins in
    a source that has pages.
    """

    n: int
    source_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    supports: Support
    review_status: ReviewStatus
    via: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said, with at least one citation, under the section it was found in."""

    text: str
    section: tuple[str, ...]
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise UnsupportedAnswer(f"a statement has no citation: {self.text!r}")
        for citation in self.citations:
            if citation.supports is Support.VERBATIM and citation.quote != self.text:
                raise UnsupportedAnswer(f"a statement is not the span it cites: {self.text!r}")


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered entry of the source list: the document without its text."""

    n: int
    document: Document
    cited_directly: bool


@dataclass(frozen=True, slots=True)
class Related:
    """A passage near a question that could not be answered; offered to read, not as an answer."""

    passage_id: str
    source_id: str
    title: str
    section: tuple[str, ...]
    text: str
    review_status: ReviewStatus


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer was made with, enough to make it again."""

    snapshot: str
    encoder: str
    generator: str
    prompt: str | None
    policy: str
    disclaimer_version: str
    software: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves, whatever the outcome. `retrieved` are the passages the search and the history gave.

    `confidence` is the estimated probability that what was found answers, None when nothing was searched.

    Raises UnsupportedAnswer when a citation names a passage not retrieved, or a source not listed.
    """

    id: str
    created: str
    question: str
    read_as: str
    audience: Audience
    outcome: Outcome
    message: str | None
    statements: tuple[Statement, ...]
    sources: tuple[Source, ...]
    related: tuple[Related, ...]
    suggestions: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    provenance: Provenance
    retrieved: frozenset[str]
    confidence: float | None
    disclaimer: str = field(init=False)
    caution: str | None = field(init=False)

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "disclaimer", disclaimer().text)
        shown = [source.document.review_status for source in self.sources]
        shown += [one.review_status for one in self.related]
        pending = any(status is not ReviewStatus.APPROVED for status in shown)
        object.__setattr__(self, "caution", caution().text if pending else None)


def _check(answer: Answer) -> None:
    if answer.outcome.has_statements != bool(answer.statements):
        raise UnsupportedAnswer(f"outcome {answer.outcome} with {len(answer.statements)} statements")
    if answer.outcome.has_statements == bool(answer.message):
        raise UnsupportedAnswer(f"outcome {answer.outcome} {'with' if answer.message else 'without'} a message")
    numbers = {source.document.id: source.n for source in answer.sources}
    if [source.n for source in answer.sources] != list(range(1, len(answer.sources) + 1)):
        raise UnsupportedAnswer("sources are not numbered 1, 2, 3, … in their order")
    for citation in (c for statement in answer.statements for c in statement.citations):
        if citation.passage_id not in answer.retrieved:
            raise UnsupportedAnswer(f"cites passage {citation.passage_id}, which was not retrieved")
        for source_id, n in ((citation.source_id, citation.n), *((via, numbers.get(via)) for via in citation.via)):
            if n is None or numbers.get(source_id) != n:
                raise UnsupportedAnswer(f"cites source {source_id}, which the source list does not hold as [{n}]")
    cited = [answer_source.document for answer_source in answer.sources]
    for document in cited:
        if not document.source_status.is_evidence:
            raise UnsupportedAnswer(f"cites {document.id}, which is {document.source_status}")
