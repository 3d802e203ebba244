"""Notices → what became of a work: retractions, expressions of concern, corrections and errata kept apart.

Pure, and the order in which notices come makes no difference.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.types import Document, Notice, Reference, SourceStatus

_GRAVITY = tuple(SourceStatus)
"""From the least to the most serious."""
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def status_of(notices: Iterable[Notice]) -> SourceStatus:
    """The gravest status that stands, of all notices about one work; CURRENT where there are none.

    A reinstatement lifts the retractions that came before it, and nothing else. What has no date, or dates that
    could be either way round, lifts nothing and is not lifted.
    """
    known = tuple(notices)
    standing = (notice.status for notice in known if not _is_lifted(notice, known))
    return max(standing, key=_GRAVITY.index, default=SourceStatus.CURRENT)


def is_reinstated(notices: Iterable[Notice]) -> bool:
    """Whether a work was retracted, and every retraction of it has been lifted."""
    known = tuple(notices)
    retractions = [notice for notice in known if notice.status is SourceStatus.RETRACTED]
    return bool(retractions) and all(_is_lifted(notice, known) for notice in retractions)


def settled(own: SourceStatus, notices: Iterable[Notice]) -> SourceStatus:
    """The status of a work whose own source says `own`: the graver of the two, unless it has been reinstated.

    `own` is to be what the source says, not an earlier result of this function.
    """
    known = tuple(notices)
    told = status_of(known)
    if own is SourceStatus.RETRACTED and is_reinstated(known):
        return told
    return max(own, told, key=_GRAVITY.index)


class Statuses:
    """The notices of many works, found by the DOI or the PMID of a work."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._by_doi: dict[str, list[Notice]] = {}
        self._by_pmid: dict[str, list[Notice]] = {}
        for notice in notices:
            if notice.doi:
                self._by_doi.setdefault(notice.doi.lower(), []).append(notice)
            if notice.pmid:
                self._by_pmid.setdefault(notice.pmid, []).append(notice)

    def of(self, doi: str = "", pmid: str = "") -> SourceStatus:
        """What became of a work; CURRENT where no notice names it."""
        return status_of(self.notices_of(doi, pmid))

    def notices_of(self, doi: str = "", pmid: str = "") -> tuple[Notice, ...]:
        """Every notice that names the DOI (in any case) or the PMID of a work.

        A work asked for by one of them is also found by the other where a notice names both, so that a retraction
        known to one source by PMID reaches a citation that gives the DOI.
        """
        doi = doi.lower()
        direct = (*self._by_doi.get(doi, ()), *self._by_pmid.get(pmid, ()))
        return tuple(dict.fromkeys((*direct, *self._by_other_name(doi, pmid, direct))))

    def _by_other_name(self, doi: str, pmid: str, direct: Iterable[Notice]) -> Iterator[Notice]:
        """Notices that lack the identifier asked for, and name another of the same work."""
        for notice in direct:
            if not pmid and notice.pmid:
                yield from (other for other in self._by_pmid[notice.pmid] if not other.doi)
            if not doi and notice.doi:
                yield from (other for other in self._by_doi[notice.doi.lower()] if not other.pmid)


def applied(document: Document, statuses: Statuses) -> Document:
    """The document as its source gave it, and the works it cites, with the status that notices give them."""
    notices = statuses.notices_of(document.work.doi, document.work.pmid)
    references = tuple(_applied(reference, statuses) for reference in document.references)
    return replace(document, source_status=settled(document.source_status, notices), references=references)


def _applied(reference: Reference, statuses: Statuses) -> Reference:
    notices = statuses.notices_of(reference.work.doi, reference.work.pmid)
    status = settled(reference.source_status, notices)
    return reference if status is reference.source_status else replace(reference, source_status=status)


def _is_lifted(notice: Notice, known: Iterable[Notice]) -> bool:
    if notice.status is not SourceStatus.RETRACTED:
        return False
    latest = _latest(_date(notice, known))
    return any(other.status is SourceStatus.CURRENT and _earliest(other.date) > latest for other in known)


def _date(notice: Notice, known: Iterable[Notice]) -> str:
    """The date of a notice, or the latest that another source has for the very same notice."""
    if notice.date:
        return notice.date
    return max((other.date for other in known if _is_same(notice, other)), default="")


def _is_same(notice: Notice, other: Notice) -> bool:
    same_doi = notice.notice_doi and notice.notice_doi.lower() == other.notice_doi.lower()
    same_pmid = notice.notice_pmid and notice.notice_pmid == other.notice_pmid
    return notice.status is other.status and bool(same_doi or same_pmid)


def _earliest(date: str) -> str:
    """The first day a date can mean; before every day where it is unknown."""
    known = _known(date)
    return known + "-01-01"[len(known) - len("2000") :] if known else ""


def _latest(date: str) -> str:
    """The last day a date can mean (some months have fewer); after every day where it is unknown."""
    known = _known(date)
    return known + "-12-31"[len(known) - len("2000") :] if known else "9999-12-31"


def _known(date: str) -> str:
    found = _DATE.fullmatch(date[:10])
    return found.group() if found else ""
