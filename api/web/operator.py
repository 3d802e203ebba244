"""The operators' pages of documents: the review queue, the list, a document and its review."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BeforeValidator

from api.access import Caller, Operator, Serving
from api.reviewing import Step, queue, take
from api.service import Service
from api.web.operator_view import document_href, entry, marks, offers, recorder, standing, tabs, taken, waits
from api.web.rendering import page
from assistant.evaluation.report.wording import when
from corpus.account import account
from corpus.catalogue import documents, listing
from corpus.catalogue.listing import Wanted
from corpus.errors import ReviewRefused
from corpus.types import DocumentKind, ReviewStatus

router = APIRouter(prefix="/operator", include_in_schema=False)

ON_A_PAGE = 50
_EMPTY_IS_ANY = BeforeValidator(lambda written: written or None)
"""A form sends an empty value for what nobody chose."""


@router.get("")
def review_queue(request: Request, service: Serving, who: Operator, literature: bool = False) -> HTMLResponse:
    """What waits for review, and what is due for it again."""
    found = queue(service.catalogue, service.now()[:10], literature=literature)
    dates = dict(found.due)
    with service.catalogue.reading() as connection:
        due = [entry(one, dates[one.id]) for one in documents.held(connection, dates)]
    return page(
        request, who, "operator/queue.html.j2", tabs=tabs("/operator"), literature=literature,
        due=due, waiting=[entry(one) for one in found.waiting],
    )  # fmt: skip


@router.get("/documents")
def list_documents(
    request: Request,
    service: Serving,
    who: Operator,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[DocumentKind | None, _EMPTY_IS_ANY] = None,
    status: Annotated[ReviewStatus | None, _EMPTY_IS_ANY] = None,
    withdrawn: bool = False,
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """The documents of the catalogue, a page at a time."""
    wanted = Wanted(kind, status, withdrawn, q)
    with service.catalogue.reading() as connection:
        found = listing.page(connection, wanted, start, ON_A_PAGE)
    return page(
        request, who, "operator/documents.html.j2", tabs=tabs("/operator/documents"), wanted=wanted,
        entries=[entry(one) for one in found.documents], total=found.total, start=start,
        earlier=_moved(request, start - ON_A_PAGE) if start else None,
        later=_moved(request, start + ON_A_PAGE) if start + ON_A_PAGE < found.total else None,
    )  # fmt: skip


@router.get("/documents/{document_id:path}")
def read_document(document_id: str, request: Request, service: Serving, who: Operator) -> HTMLResponse:
    """A document, its history, and the steps that its review may take."""
    return _document(request, service, who, document_id)


@router.post("/documents/{document_id:path}/review")
def review(
    document_id: str,
    request: Request,
    service: Serving,
    who: Operator,
    to: Annotated[ReviewStatus, Form()],
    version: Annotated[int, Form()],
    why: Annotated[str, Form(max_length=2_000)] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    re_review: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Take a step; what the rules refuse is told where it was asked."""
    step = Step(to, why, name, re_review if to is ReviewStatus.APPROVED else "", version)
    missing = _missing(step)
    try:
        if missing:
            raise ReviewRefused(missing)
        take(service, document_id, step, who)
    except ReviewRefused as refused:
        return _document(request, service, who, document_id, 409, str(refused), step)
    return RedirectResponse(f"{document_href(document_id)}#history", 303)


def _missing(step: Step) -> str:
    """What a form lacks that a browser lets nobody leave out."""
    if not step.why.strip():
        return "Say why: the reason is kept with the step."
    if step.to is ReviewStatus.APPROVED and not step.re_review:
        return "An approval needs the date by which the document is reviewed again."
    return ""


def _document(
    request: Request, service: Service, who: Caller, document_id: str, status: int = 200, problem: str = "",
    asked: Step | None = None,
) -> HTMLResponse:  # fmt: skip
    found = account(service.catalogue, document_id)
    return page(
        request, who, "operator/document.html.j2", status, tabs=tabs("/operator/documents"),
        entry=entry(found.held), found=found, marks=marks(found.held.review_status), offers=offers(found),
        waits_after=waits(found), standing=standing(found), steps=[taken(one) for one in reversed(found.reviews)],
        approvers=service.settings.review_rules.approvers, recorder=recorder(service, who.name),
        may_name=not who.name, problem=problem, asked=asked, added=when(found.held.added),
        tomorrow=service.now()[:10],
    )  # fmt: skip


def _moved(request: Request, start: int) -> str:
    return f"/operator/documents?{request.url.include_query_params(start=max(0, start)).query}"
