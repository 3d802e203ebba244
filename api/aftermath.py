"""What became of the sources since: an export made later must not show a retracted work as it was."""

from sqlalchemy import Connection

from api.schemas import AnswerOut, SourceOut
from corpus.catalogue import notices
from corpus.catalogue.database import Catalogue
from corpus.source_status import status_of
from corpus.types import SourceStatus


def with_notices(answer: AnswerOut, catalogue: Catalogue) -> AnswerOut:
    """The answer with the status that notices give each of its sources by now."""
    with catalogue.reading() as connection:
        return answer.model_copy(update={"sources": [_now(source, connection) for source in answer.sources]})


def _now(source: SourceOut, connection: Connection) -> SourceOut:
    status = status_of(notices.on(connection, source.doi or "", source.pmid or ""))
    return source if status is SourceStatus.CURRENT else source.model_copy(update={"source_status": status.value})
