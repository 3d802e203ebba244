"""The page of a source: its text around a cited span, the exact span marked, and what became of it."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access import Asker, Serving
from api.reading import document
from api.web.blocks import Layout, Shown
from api.web.places import Outward, article_url, check_of, outward, source_url
from api.web.rendering import page
from api.web.standing import Standing
from api.web.wording import Badge, evidence, review_badge
from assistant.policy import caution
from assistant.vancouver import reference
from corpus.types import Document, DocumentKind, ReviewStatus, Span
from indexer.snapshot import Snapshot

router = APIRouter(include_in_schema=False)

AROUND = 3_000
"""Characters of the text before and after a span; whole paragraphs are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a document is shown: around a passage, or a span whose text is known by `check`; all of it if `whole`."""

    passage: str
    start: int
    end: int
    check: str
    whole: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """What source.html.j2 reads. `changed` is true when the span is no longer what was quoted, so nothing is marked."""

    title: str
    reference: str
    kind: str
    review: Badge
    state: Badge | None
    is_evidence: bool
    caution: str | None
    article_href: str | None
    links: tuple[Outward, ...]
    place: str
    is_quoted: bool
    changed: bool
    sections: tuple[Shown, ...]
    cut_before: bool
    cut_after: bool
    whole_href: str
    licence: str


@router.get("/sources/{document_id:path}")
def read(
    document_id: str,
    request: Request,
    service: Serving,
    who: Asker,
    passage: Annotated[str, Query(max_length=400)] = "",
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int, Query(ge=0)] = 0,
    check: Annotated[str, Query(max_length=64)] = "",
    whole: bool = False,
) -> HTMLResponse:
    """A source, at a span when one is given."""
    wanted = Wanted(passage, start, end, check, whole)
    with service.live.lease() as snapshot:
        standing = Standing.now(service, snapshot)
        view = source_view(document(snapshot, document_id), wanted, standing)
    return page(request, who, "source.html.j2", source=view)


def source_view(found: Document, wanted: Wanted, standing: Standing) -> SourceView:
    """The view of a source; what is quoted is marked only if it is there, character for character."""
    span = _span(found, wanted, standing.snapshot)
    window = _window(found, span, wanted.whole)
    work, state = found.work, standing.document_badge(found)
    kind = evidence(work.evidence_type)
    is_article = found.kind is DocumentKind.ARTICLE
    return SourceView(
        title=work.title,
        reference=reference(found),
        kind=f"{kind}, {work.year}" if work.year and not is_article else kind,
        review=review_badge(found.review_status),
        state=state,
        is_evidence=state is None or state.name != "retracted",
        caution=None if found.review_status is ReviewStatus.APPROVED else caution().text,
        article_href=article_url(found.id) if is_article else None,
        links=outward(work),
        place=_place(found, span) if span else "",
        is_quoted=span is not None,
        changed=span is None and bool(wanted.passage or wanted.end),
        sections=Layout(found, quoted=span or (0, 0)).sections(window, tables=False),
        cut_before=window[0] > 0,
        cut_after=window[1] < len(found.text),
        whole_href=f"{source_url(found.id)}?whole=true",
        licence=found.licence,
    )


def _span(found: Document, wanted: Wanted, snapshot: Snapshot) -> Span | None:
    """The span to be marked; None when there is none, or what stands there now is something else."""
    if wanted.end:
        inside = wanted.start < wanted.end <= len(found.text)
        same = inside and wanted.check in ("", check_of(found.text[wanted.start : wanted.end]))
        return (wanted.start, wanted.end) if same else None
    row = snapshot.store.row_of(wanted.passage) if wanted.passage else None
    if row is None:
        return None
    (passage,) = snapshot.passages(np.array([row]))
    return (passage.start, passage.end) if passage.document_id == found.id else None


def _window(found: Document, span: Span | None, whole: bool) -> Span:
    if whole:
        return 0, len(found.text)
    start, end = span or (0, 0)
    return max(0, start - AROUND), min(len(found.text), end + (AROUND if span else 4 * AROUND))


def _place(found: Document, span: Span) -> str:
    inside = next((one for one in found.sections if one.start <= span[0] < one.end), None)
    number = found.page_at(span[0])
    return " › ".join((*(inside.path if inside else ()), *(() if number is None else (f"p. {number}",))))
