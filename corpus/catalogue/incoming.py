"""A document on its way into the catalogue: what is stored of it, made where it was read."""

from dataclasses import dataclass, replace

import msgspec
import zstandard

from corpus.types import Document, ReviewStatus

_HIGHEST_BY_FILE = ReviewStatus.UNDER_REVIEW
"""A file cannot approve itself: approval is given by people, see corpus/review.py."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document ready to be put in: its columns, its body, and the reference list (key, id, DOI, PMID) it cites."""

    id: str
    kind: str
    title: str
    doi: str
    pmid: str
    pmcid: str
    version: str
    review_status: ReviewStatus
    origin: str
    format: str
    body: bytes
    cited: tuple[tuple[str, str, str, str], ...]


def incoming(read: Document, origin: str, format: str) -> Incoming:
    """What is stored of a document. Its review status is the catalogue's to keep and no part of its version."""
    content = replace(read, review_status=ReviewStatus.SUBMITTED)
    work = read.work
    cited = ((r.key, r.document_id, r.work.doi.lower(), r.work.pmid) for r in read.references)
    return Incoming(
        id=read.id,
        kind=read.kind,
        title=work.title,
        doi=work.doi.lower(),
        pmid=work.pmid,
        pmcid=work.pmcid,
        version=content.version,
        review_status=_at_most(read.review_status),
        origin=origin,
        format=format,
        body=zstandard.compress(msgspec.json.encode(content)),
        cited=tuple({row[0]: row for row in cited}.values()),
    )


def _at_most(status: ReviewStatus) -> ReviewStatus:
    order = list(ReviewStatus)
    return min(status, _HIGHEST_BY_FILE, key=order.index)
