"""What every format says of a source, in the same words."""

import hashlib
import re
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from api.schemas import AnswerOut, CreatorOut, SourceOut
from assistant.answer import Outcome
from assistant.vancouver import EVIDENCE
from corpus.readers.text import one_line
from corpus.types import DocumentKind, SourceStatus

ET_AL = "et al."
"""The author that stands for those whom the source leaves out."""
CONFLICT = "The sources below disagree; both sides are shown."

_EVIDENCE = {str(kind): words for kind, words in EVIDENCE.items()}
_REVIEW = {"submitted": "submitted, not reviewed", "under_review": "under review", "approved": "approved"}
_NONCHARACTERS = re.compile("[\ufffe\uffff]")  # no part of XML 1.0, in which FHIR has its narratives
_CLEAN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_IN_URLS = "/:?=&;,@!$*+~.-_%#"
"""What an address may keep: no white space, quotes, brackets or braces, which end it in one format or another."""


_INITIALS = 4
"""Most letters in capitals that are initials; more are a name in capitals."""


class Form(StrEnum):
    """What reference managers file a source under."""

    JOURNAL_ARTICLE = "journal article"
    VETTED_ARTICLE = "vetted article"
    WEB_PAGE = "web page"
    OTHER = "other"


def form_of(source: SourceOut) -> Form:
    """What is in PubMed or names a journal is a journal article; what has only an address is a web page."""
    if source.kind == DocumentKind.ARTICLE:
        return Form.VETTED_ARTICLE
    if source.container or source.pmid:
        return Form.JOURNAL_ARTICLE
    return Form.WEB_PAGE if source.url and not source.doi else Form.OTHER


def container_of(source: SourceOut) -> str:
    """The journal of a source, or the site whose page a vetted article is."""
    return "Sequitur" if form_of(source) is Form.VETTED_ARTICLE else line(source.container)


def line(text: str) -> str:
    """A text as one line without controls and direction overrides, which no format can take for its own lines."""
    return one_line(_NONCHARACTERS.sub("", text))


def key_of(source: SourceOut) -> str:
    """A citation key of letters, digits, `.`, `-` and `_`: the same for a source in every answer, another for another.

    "PMID:1" is PMID_1; an id of other characters is told apart by a digest.
    """
    scheme, colon, rest = source.id.rpartition(":")
    if _CLEAN_KEY.fullmatch(rest) and (not colon or (scheme.isalpha() and scheme.isascii())):
        return f"{scheme}_{rest}" if colon else rest
    digest = hashlib.sha256(source.id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    readable = re.sub("[^A-Za-z0-9.]+", "-", source.id)[:40].strip("-.") or "source"
    return f"{readable}__{digest}"


def given_of(creator: CreatorOut) -> str:
    """The given names; initials written together are set apart ("M. C."), or styles would keep only the first."""
    given = line(creator.given)
    letters = given.replace("-", "")
    if not (letters.isalpha() and letters.isupper() and len(letters) <= _INITIALS):
        return given
    return re.sub(r"(\w)(?=\w)", r"\1. ", given).replace("-", ".-") + "."


def doi_url(doi: str) -> str:
    """The address of a DOI; characters that would end it elsewhere are encoded, as the DOI Handbook has it."""
    return f"https://doi.org/{quote(line(doi), safe='/:;._-')}"


def pubmed_url(pmid: str) -> str:
    """The page of a PMID."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(line(pmid), safe='')}/"


def web_url(source: SourceOut) -> str | None:
    """The address of a source if it is one of the web, made safe to write anywhere."""
    url = line(source.url or "")
    return quote(url, safe=_IN_URLS) if _WEB.match(url) else None


def day_of(source: SourceOut) -> str:
    """The day on which an article was last updated, as 2026-11-22, or ""."""
    try:
        return date.fromisoformat(source.updated or "").isoformat()
    except ValueError:
        return ""


def evidence_of(source: SourceOut) -> str:
    """The design behind a source: "randomized trial"."""
    return line(_EVIDENCE.get(source.evidence_type, source.evidence_type))


def kind_of(source: SourceOut) -> str:
    """ "literature: randomized trial, 2022, expression of concern"."""
    evidence = evidence_of(source)
    kind = evidence if source.kind == DocumentKind.ARTICLE else f"{line(source.kind)}: {evidence}"
    status = "" if source.source_status == SourceStatus.CURRENT else line(source.source_status).replace("_", " ")
    return ", ".join(part for part in (kind, str(source.year or ""), status) if part)


def review_of(status: str) -> str:
    """How far the site's own review of a source has come."""
    return f"Sequitur review: {_REVIEW.get(status, line(status).replace('_', ' '))}"


def standing_of(source: SourceOut, answer: AnswerOut) -> str:
    """Kind and review status, and whether only an article that was quoted names the source."""
    quoted = any(c.source_id == source.id for statement in answer.statements for c in statement.citations)
    return "; ".join((kind_of(source), review_of(source.review_status), *(() if quoted else ("cited, not quoted",))))


def name_of(answer: AnswerOut) -> str:
    """ "Sequitur answer <id>, <time>"."""
    return f"Sequitur answer {line(answer.id)}, {line(answer.created)}"


def warnings_of(answer: AnswerOut) -> tuple[str, ...]:
    """The caution where there is one, and the disclaimer, each a line that says what it is."""
    caution = (f"Caution: {line(answer.caution)}",) if answer.caution else ()
    return (*caution, f"Disclaimer: {line(answer.disclaimer)}")


def note_on(source: SourceOut, answer: AnswerOut) -> str:
    """What goes with a source when it leaves its answer. It holds no text of the source, which programs may render."""
    where = f"Source [{source.n}] of {name_of(answer)}"
    return " ".join((f"{where}: {standing_of(source, answer)}.", *warnings_of(answer)))


def outcome_of(answer: AnswerOut) -> str:
    """ "Insufficient evidence"."""
    return line(answer.outcome).replace("_", " ").capitalize()


def is_conflict(answer: AnswerOut) -> bool:
    """Whether the sources of an answer disagree."""
    return answer.outcome == Outcome.CONFLICTING_EVIDENCE
