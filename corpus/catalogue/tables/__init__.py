"""The tables of the catalogue. Times are ISO 8601 in UTC, as text; works are named by lower-case DOIs and by PMIDs."""

from corpus.catalogue.tables.answers import answer, answer_citation, api_key, conversation, conversation_turn, feedback
from corpus.catalogue.tables.documents import (
    cited_work,
    document,
    document_version,
    file_document,
    library,
    notice,
    review_event,
    source_file,
)
from corpus.catalogue.tables.schema import metadata
from corpus.catalogue.tables.work import job, promotion, snapshot

__all__ = [
    "answer",
    "answer_citation",
    "api_key",
    "cited_work",
    "conversation",
    "conversation_turn",
    "document",
    "document_version",
    "feedback",
    "file_document",
    "job",
    "library",
    "metadata",
    "notice",
    "promotion",
    "review_event",
    "snapshot",
    "source_file",
]
