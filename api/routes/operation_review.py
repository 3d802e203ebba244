"""For operators: the documents, and their review step by step."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Operator, Serving
from api.problems import documented
from api.reviewing import queue, take
from api.schemas_review import DocumentsOut, QueueOut, ReviewStepOut, StepIn, WholeDocumentOut
from corpus.account import account
from corpus.catalogue.listing import Wanted, page
from corpus.types import DocumentKind, ReviewStatus

router = APIRouter(prefix="/v1", tags=["operation"], responses=documented(401, 403, 422, 429))


@router.get("/review-queue")
def review_queue(service: Serving, who: Operator, literature: bool = False) -> QueueOut:
    """The articles that wait for review, and approvals that are due for review again; literature too when asked."""
    return QueueOut.of(queue(service.catalogue, service.now()[:10], literature=literature))


@router.get("/documents")
def list_documents(
    service: Serving,
    who: Operator,
    q: Annotated[str, Query(max_length=200, description="Words of the title or the id.")] = "",
    kind: DocumentKind | None = None,
    review_status: ReviewStatus | None = None,
    withdrawn: bool = False,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DocumentsOut:
    """The documents of the catalogue, by id, a page at a time."""
    with service.catalogue.reading() as connection:
        return DocumentsOut.of(page(connection, Wanted(kind, review_status, withdrawn, q), offset, limit), offset)


@router.get("/documents/{document_id:path}", responses=documented(404))
def read_document(document_id: str, service: Serving, who: Operator) -> WholeDocumentOut:
    """A document with its versions, its review history, and what notices say of it."""
    return WholeDocumentOut.of_account(account(service.catalogue, document_id))


@router.post("/documents/{document_id:path}/review", responses=documented(404, 409))
def review(document_id: str, wanted: StepIn, service: Serving, who: Operator) -> ReviewStepOut:
    """Take one step of the review: Submitted → Under Review → Approved, or back.

    Where two people are required, the first approval waits for another person's. A changed status reaches answers
    with the next build.
    """
    return ReviewStepOut.of(take(service, document_id, wanted.step(), who))
