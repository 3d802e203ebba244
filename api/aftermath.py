"""What became of sources since: what is shown of them later must not show a retracted or withdrawn one as it was."""

from sqlalchemy import Connection

from api.schemas import AnswerOut, SourceOut
from corpus.catalogue import documents, notices
from corpus.catalogue.database import Catalogue
from corpus.source_status import settled
from corpus.types import SourceStatus


def as_it_stands(answer: AnswerOut, catalogue: Catalogue) -> AnswerOut:
    """The answer with what its sources are by now."""
    with catalogue.reading() as connection:
        return answer.model_copy(update={"sources": [_now(source, connection) for source in answer.sources]})


def status_now(connection: Connection, document_id: str, own: SourceStatus, doi: str, pmid: str) -> SourceStatus:
    """The graver of what was said of a work and what notices say by now; RETRACTED when the site withdrew it."""
    if any(held.withdrawn for held in documents.held(connection, [document_id])):
        return SourceStatus.RETRACTED
    return settled(own, notices.on(connection, doi, pmid))


def _now(source: SourceOut, connection: Connection) -> SourceOut:
    own = SourceStatus(source.source_status)
    status = status_now(connection, source.id, own, source.doi or "", source.pmid or "")
    return source.model_copy(update={"source_status": status.value})
