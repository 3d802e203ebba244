"""The domain in one page: a Work is described, a Document is read, a Passage is found and quoted.

Every offset in this project counts Unicode characters of `Document.text`, end exclusive.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

import msgspec

Span = tuple[int, int]


class DocumentKind(StrEnum):
    """What a reader sees first on a citation: our own vetted article, or published literature."""

    ARTICLE = "article"
    LITERATURE = "literature"


class ReviewStatus(StrEnum):
    """How far the site's own human review has come. Only APPROVED lifts the caution."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"


class SourceStatus(StrEnum):
    """What became of a publication. Four different notices, kept apart.

    RETRACTED is the withdrawn work, RETRACTION_NOTICE the text announcing a withdrawal;
    neither is ever evidence. The others may be cited, with their status shown.
    """

    CURRENT = "current"
    CORRECTED = "corrected"
    ERRATUM = "erratum"
    EXPRESSION_OF_CONCERN = "expression_of_concern"
    RETRACTION_NOTICE = "retraction_notice"
    RETRACTED = "retracted"

    @property
    def is_evidence(self) -> bool:
        """Whether a source of this status may support a statement."""
        return self not in (SourceStatus.RETRACTED, SourceStatus.RETRACTION_NOTICE)


class EvidenceType(StrEnum):
    """The design behind a source, shown on every citation of it."""

    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic-review"
    RCT = "rct"
    COHORT = "cohort"
    CASE_SERIES = "case-series"
    REVIEW = "review"
    ARTICLE = "article"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Author:
    """A person (family, given or initials) or a group (family only)."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """The bibliographic description of a publication; a field no source confirmed is empty."""

    title: str
    authors: tuple[Author, ...] = ()
    container: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    evidence_type: EvidenceType = EvidenceType.OTHER


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a document's reference list.

    `key` is the document's own mark for it (Pandoc key, JATS rid); `document_id` is the id that the
    cited work has, or would have, in the corpus ("" when it has no identifier).
    """

    key: str
    document_id: str
    work: Work
    source_status: SourceStatus = SourceStatus.CURRENT


@dataclass(frozen=True, slots=True)
class CitationMark:
    """Where the text cites: the character position at which the mark stood, and the keys it named."""

    position: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one heading path. Sections tile the text in order and never overlap.

    In a table section (`is_table`) the last path element is the label and caption, and each line of
    text is one row with its column headers, so that a number keeps its unit.
    """

    path: tuple[str, ...]
    start: int
    end: int
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One source, read. `id` is stable and given by the source: article slug, PMCID, PMID, DOI, URL or file name.

    `text` holds blocks (paragraphs, list items, table rows) separated by blank lines or line ends;
    headings, the title and citation marks are not in it. `page_starts` are the offsets at which the pages
    of a paginated source begin, first page first; () where the source has no pages.
    """

    id: str
    kind: DocumentKind
    work: Work
    text: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()
    marks: tuple[CitationMark, ...] = ()
    review_status: ReviewStatus = ReviewStatus.SUBMITTED
    source_status: SourceStatus = SourceStatus.CURRENT
    updated: str = ""
    licence: str = ""
    page_starts: tuple[int, ...] = ()

    @property
    def version(self) -> str:
        """SHA-256 (hex) of everything the document holds."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) on which a character of the text stands; None where the source has no pages."""
        return bisect_right(self.page_starts, offset) or None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a source of notices says became of a work: its status, and the notice that says so.

    `doi` (lower case) and `pmid` name the work; at least one is not empty. `status` CURRENT is a reinstatement.
    `date` (ISO, as exact as the source has it), `notice_doi`, `notice_pmid` and `reason` are empty where unknown.
    `origin` is where it was read: "medline", "crossref", "retraction-watch", or "list".
    """

    doi: str
    pmid: str
    status: SourceStatus
    origin: str
    date: str = ""
    notice_doi: str = ""
    notice_pmid: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A source says that it holds this document no longer (MEDLINE `DeleteCitation`)."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, where (file, and line, record or page in it), and why."""

    file: str
    place: str
    reason: str


Record = Document | Reference | Notice | Deletion | Problem
"""What reading a file gives, one after the other."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: its span in the document, and the reference keys cited in it."""

    start: int
    end: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The only currency between the rooms: `document.text[start:end] == text`."""

    id: str
    document_id: str
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    is_table: bool = False

    def quote(self, start: int, end: int) -> str:
        """The text of a document span that lies inside this passage."""
        if not self.start <= start < end <= self.end:
            raise ValueError(f"span {start}-{end} lies outside passage {self.id}")
        return self.text[start - self.start : end - self.start]


def passage_id(document_id: str, start: int, end: int) -> str:
    """The id of the passage at a span: the same span of the same document has the same id."""
    return f"{document_id}#{start}-{end}"
