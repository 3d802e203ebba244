"""What MEDLINE says became of a work, from its links (CommentsCorrections) and publication types.

A link names the other publication and says which of the two is the notice: a RefType that ends in "In" stands in the
record of the work, "Of" and "For" in that of the notice, "From" in that of the version that replaces the work.
Links of other kinds (comments, updates, reprints, citations) say nothing of a work's standing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.notice_kinds import NOTICE_KINDS, OF_THE_NOTICE, reason_of
from corpus.readers.identifiers import doi_in
from corpus.readers.jats_references import is_marked_retracted
from corpus.types import Notice, SourceStatus, Work

ORIGIN = "medline"

# The kind of notice (of NOTICE_KINDS) behind each RefType, and what to say of it besides its status.
_KINDS = {
    "Retraction": ("retraction", ""),
    "PartialRetraction": ("partial_retraction", ""),
    "RetractedandRepublished": ("retraction", "retracted and republished"),
    "CorrectedandRepublished": ("correction", "corrected and republished"),
    "ExpressionOfConcern": ("expression_of_concern", ""),
    "Erratum": ("erratum", ""),
}
_REF_TYPE = re.compile(rf"({'|'.join(_KINDS)})(In|Of|For|From)")
_BY_TYPE = {
    "retracted publication": SourceStatus.RETRACTED,
    "retraction of publication": SourceStatus.RETRACTION_NOTICE,
    "retraction notice": SourceStatus.RETRACTION_NOTICE,
    "expression of concern": SourceStatus.EXPRESSION_OF_CONCERN,
    "published erratum": SourceStatus.ERRATUM,
}
_GRAVITY = tuple(SourceStatus)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(r"(?<![\w(/.-])((?:1[89]|20)\d\d)(?![\w/)])(?:[ -]([A-Za-z]{3}|\d\d?)[a-z]*(?:[ -](\d\d?)\b)?)?")


@dataclass(frozen=True, slots=True)
class Link:
    """A CommentsCorrections entry: its RefType, the other publication (PMID, and in words), NLM's note."""

    kind: str
    pmid: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a link says: what became of the work, where the link stands ("In", "Of", "For", "From"), and why."""

    status: SourceStatus
    stands: str
    reason: str


def source_status(links: Iterable[Link], types: Iterable[str], title: str) -> SourceStatus:
    """The gravest of what its links, publication types and title say of a work; CURRENT where they say nothing."""
    said = [one for link in links if (one := _said(link))]
    found = [one.status for one in said if one.stands == "In"] + _own(said, types, title)
    return max(found, key=_GRAVITY.index, default=SourceStatus.CURRENT)


def notices(links: Sequence[Link], types: Sequence[str], work: Work, published: str) -> Iterator[Notice]:
    """The notices in a record: of this work by others, of others by this one, and of this one by its types.

    `published` is the record's own date. A link that names the other work in words only gives no notice of it.
    """
    doi = work.doi.lower()
    said = [(link, one) for link in links if (one := _said(link))]
    for link, one in said:
        other = doi_in(link.source).lower()
        if one.stands == "In":
            date = date_in(link.source)
            yield Notice(doi, work.pmid, one.status, ORIGIN, date, other, link.pmid, one.reason)
        elif link.pmid or other:
            yield Notice(other, link.pmid, one.status, ORIGIN, published, doi, work.pmid, one.reason)
    told = {one.status for _, one in said if one.stands == "In"}
    for status in dict.fromkeys(_own([one for _, one in said], types, work.title)):
        if status not in told and (doi or work.pmid):
            yield Notice(doi, work.pmid, status, ORIGIN)


def date_in(text: str) -> str:
    """The first date in a citation ("JAMA 2015 Jan 27;313(4):422") as ISO 8601, as exact as it is; "" for none."""
    found = _DATE.search(text)
    if not found:
        return ""
    year, month, day = found.groups()
    number = _month(month or "")
    if not number:
        return year
    return f"{year}-{number:02}-{int(day):02}" if day and 1 <= int(day) <= 31 else f"{year}-{number:02}"


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written) if 1 <= int(written) <= 12 else 0
    name = written[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _said(link: Link) -> _Said | None:
    found = _REF_TYPE.fullmatch(link.kind)
    if not found:
        return None
    kind, reason = _KINDS[found[1]]
    status = NOTICE_KINDS[kind]
    return _Said(status, found[2], link.note or reason or reason_of(kind)) if status else None


def _own(said: Iterable[_Said], types: Iterable[str], title: str) -> list[SourceStatus]:
    """What a work is by the links it carries as a notice, by its publication types, and by its title.

    A version that replaces another ("From") is a work like any other.
    """
    by_link = [OF_THE_NOTICE[one.status] for one in said if one.stands in ("Of", "For")]
    by_type = [_BY_TYPE[name.lower()] for name in types if name.lower() in _BY_TYPE]
    return [*by_link, *by_type, *([SourceStatus.RETRACTED] if is_marked_retracted(title) else [])]
