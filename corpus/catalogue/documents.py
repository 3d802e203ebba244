"""Documents and their versions: what is put in, withdrawn, brought back, and handed to the index."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec
import zstandard
from sqlalchemy import Connection, Row, Select, delete, insert, select, true, update

from corpus.catalogue import reviews, source_files
from corpus.catalogue.blocks import among
from corpus.catalogue.incoming import Incoming
from corpus.catalogue.tables import cited_work, document, document_version
from corpus.errors import UnknownDocument
from corpus.types import Document, ReviewStatus

_decoder = msgspec.json.Decoder(Document)


class Change(StrEnum):
    """What became of a document that was put in."""

    ADDED = "added"
    CHANGED = "changed"
    RETURNED = "returned"
    UNCHANGED = "unchanged"
    STAYS_WITHDRAWN = "stays withdrawn"
    TAKEN = "taken"


class WithdrawnBy(StrEnum):
    """Who withdrew a document: a person's decision is not undone by a file that is still there."""

    PERSON = "person"
    FILE_GONE = "file gone"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Held:
    """A document as the catalogue lists it; times are ISO 8601, "" where there is none."""

    id: str
    kind: str
    title: str
    number: int
    version: str
    origin: str
    format: str
    added: str
    changed: str
    review_status: ReviewStatus
    re_review: str
    withdrawn: str
    withdrawn_by: str
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document's content: its number from 1, its digest, when it came and from where."""

    number: int
    version: str
    recorded: str
    origin: str


def put(connection: Connection, one: Incoming, now: str) -> Change:
    """Keep a document: a new one, a new version of one that is held, or nothing when it is held already.

    A document that came from another place in another form is not replaced (TAKEN), nor one that a person
    withdrew (STAYS_WITHDRAWN). A new version of an approved document is Under Review again.
    """
    found = connection.execute(select(document).where(document.c.id == one.id)).one_or_none()
    if found is None:
        _add(connection, one, now)
        return Change.ADDED
    if found.withdrawn and found.withdrawn_by == WithdrawnBy.PERSON:
        return Change.STAYS_WITHDRAWN
    if not found.withdrawn and found.format != one.format and found.version != one.version:
        return Change.TAKEN
    returned = {"withdrawn": "", "withdrawn_by": "", "withdrawn_why": ""} if found.withdrawn else {}
    if found.version == one.version:
        if returned:
            connection.execute(update(document).where(document.c.id == one.id).values(**returned, changed=now))
        return Change.RETURNED if returned else Change.UNCHANGED
    _change(connection, one, found.number + 1, now, returned)
    reviews.edited(connection, one.id, found.number + 1, ReviewStatus(found.review_status), now)
    return Change.RETURNED if returned else Change.CHANGED


def withdraw(connection: Connection, document_id: str, by: WithdrawnBy, why: str, now: str) -> None:
    """Take a document out of what is indexed; its versions stay. What is withdrawn already stays as it is.

    A person's withdrawal counts beside any other, so that the document does not come back with its file.
    """
    values = {"withdrawn": now, "withdrawn_by": by, "withdrawn_why": why, "changed": now}
    _require(connection, document_id)
    standing = document.c.withdrawn == ""
    taken = document.c.withdrawn_by != WithdrawnBy.PERSON if by is WithdrawnBy.PERSON else standing
    connection.execute(update(document).where(document.c.id == document_id, taken).values(values))


def bring_back(connection: Connection, document_id: str, now: str) -> None:
    """Undo a withdrawal. The files that hold the document are read again: what they said meanwhile was passed over."""
    _require(connection, document_id)
    source_files.have_read_again(connection, document_id)
    values = {"withdrawn": "", "withdrawn_by": "", "withdrawn_why": "", "changed": now}
    connection.execute(update(document).where(document.c.id == document_id, document.c.withdrawn != "").values(values))


def held(connection: Connection, ids: Iterable[str] | None = None) -> Iterator[Held]:
    """What the catalogue lists, in the order of ids, withdrawn documents too; of some ids when given."""
    query = select(document).order_by(document.c.id).execution_options(yield_per=500)
    for condition in (true(),) if ids is None else among(document.c.id, ids):
        for row in connection.execute(query.where(condition)):
            yield _held(row)


def one_held(connection: Connection, document_id: str) -> Held:
    """A document as listed; UnknownDocument when it is not held."""
    return _held(_require(connection, document_id))


def standing(connection: Connection) -> Iterator[Document]:
    """Every document that is not withdrawn, in its newest version and with its review status, by id; streamed."""
    query = _bodies().where(document.c.withdrawn == "").order_by(document.c.id)
    for row in connection.execute(query.execution_options(yield_per=50)):
        yield _restored(row.body, row.review_status)


def newest(connection: Connection, document_id: str) -> Document:
    """The newest version of a document, withdrawn or not; UnknownDocument when it is not held."""
    _require(connection, document_id)
    row = connection.execute(_bodies().where(document.c.id == document_id)).one()
    return _restored(row.body, row.review_status)


def versions(connection: Connection, document_id: str) -> tuple[Version, ...]:
    """Every version of a document, oldest first."""
    columns = document_version.c
    query = select(columns.number, columns.version, columns.recorded, columns.origin)
    found = connection.execute(query.where(columns.document_id == document_id).order_by(columns.number))
    return tuple(Version(*row) for row in found)


def _add(connection: Connection, one: Incoming, now: str) -> None:
    connection.execute(
        insert(document).values(
            **_columns(one), number=1, added=now, changed=now, review_status=one.review_status, re_review="",
            withdrawn="", withdrawn_by="", withdrawn_why="",
        )
    )  # fmt: skip
    _keep_version(connection, one, 1, now)


def _change(connection: Connection, one: Incoming, number: int, now: str, returned: dict[str, str]) -> None:
    values = {**_columns(one), **returned, "number": number, "changed": now}
    connection.execute(update(document).where(document.c.id == one.id).values(values))
    connection.execute(delete(cited_work).where(cited_work.c.document_id == one.id))
    _keep_version(connection, one, number, now)


def _columns(one: Incoming) -> dict[str, str]:
    names = ("id", "kind", "title", "doi", "pmid", "pmcid", "version", "origin", "format")
    return {name: getattr(one, name) for name in names}


def _keep_version(connection: Connection, one: Incoming, number: int, now: str) -> None:
    row = {"document_id": one.id, "number": number, "version": one.version, "recorded": now}
    connection.execute(insert(document_version), {**row, "origin": one.origin, "body": one.body})
    if one.cited:
        names = ("key", "cited_id", "doi", "pmid")
        rows = [{"document_id": one.id, **dict(zip(names, cited, strict=True))} for cited in one.cited]
        connection.execute(insert(cited_work), rows)


def _bodies() -> Select[tuple[str, bytes, str]]:
    newest_version = (document_version.c.document_id == document.c.id) & (
        document_version.c.number == document.c.number
    )
    return select(document.c.id, document_version.c.body, document.c.review_status).join(
        document_version, newest_version
    )


def _restored(body: bytes, review_status: str) -> Document:
    return replace(_decoder.decode(zstandard.decompress(body)), review_status=ReviewStatus(review_status))


def _held(row: Row[tuple[object, ...]]) -> Held:
    values = {name: getattr(row, name) for name in Held.__slots__}
    return Held(**{**values, "review_status": ReviewStatus(values["review_status"])})


def _require(connection: Connection, document_id: str) -> Row[tuple[object, ...]]:
    found = connection.execute(select(document).where(document.c.id == document_id)).one_or_none()
    if found is None:
        raise UnknownDocument(f"no document {document_id!r} in the catalogue; see: sequitur corpus list")
    return found
