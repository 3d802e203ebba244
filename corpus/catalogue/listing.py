"""Pages of the list of documents."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from corpus.catalogue import documents
from corpus.catalogue.documents import Held
from corpus.catalogue.tables import document
from corpus.types import DocumentKind, ReviewStatus


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents to list: None for any kind or status; each of the `words` has to be in the title or the id."""

    kind: DocumentKind | None = None
    review_status: ReviewStatus | None = None
    withdrawn: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the documents that were wanted, in the order of ids, and how many there are in all."""

    documents: tuple[Held, ...]
    total: int


def page(connection: Connection, wanted: Wanted, offset: int, limit: int) -> Page:
    """The documents from `offset` (0 the first) on, at most `limit`."""
    conditions = list(_conditions(wanted))
    total = connection.scalar(select(func.count()).select_from(document).where(*conditions)) or 0
    query = select(document.c.id).where(*conditions).order_by(document.c.id).offset(offset).limit(limit)
    ids = list(connection.scalars(query))
    return Page(tuple(documents.held(connection, ids)), int(total))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [document.c.withdrawn != "" if wanted.withdrawn else document.c.withdrawn == ""]
    if wanted.kind is not None:
        found.append(document.c.kind == wanted.kind)
    if wanted.review_status is not None:
        found.append(document.c.review_status == wanted.review_status)
    for word in wanted.words.split():
        found.append(or_(*(column.icontains(word, autoescape=True) for column in (document.c.title, document.c.id))))
    return found
