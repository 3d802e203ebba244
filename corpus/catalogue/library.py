"""The works that articles may cite by key, and the files that documents were read from."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection, delete, select, update

from corpus.catalogue.blocks import among, upsert
from corpus.catalogue.tables import cited_work, document, file_document, library, source_file
from corpus.types import Reference

_decoder = msgspec.json.Decoder(Reference)


def entries(connection: Connection) -> dict[str, Reference]:
    """Every work of the library by its key."""
    return {row.key: _decoder.decode(row.body) for row in connection.execute(select(library.c.key, library.c.body))}


def keep(connection: Connection, references: Iterable[Reference]) -> set[str]:
    """Keep works under their keys; gives the keys whose work is another one, or described otherwise, than before."""
    changed = set()
    for one in references:
        body = msgspec.json.encode(one)
        before = connection.scalar(select(library.c.body).where(library.c.key == one.key))
        if before != body:
            upsert(connection, library, {"key": one.key, "document_id": one.document_id, "body": body})
            changed |= {one.key} if before is not None else set()
    return changed


def articles_citing(connection: Connection, keys: Collection[str], format: str) -> list[str]:
    """The ids of documents of a format that cite some keys of the library."""
    query = select(cited_work.c.document_id).distinct().join(document, document.c.id == cited_work.c.document_id)
    query = query.where(document.c.format == format)
    conditions = among(cited_work.c.key, keys)
    return sorted({found for condition in conditions for found in connection.scalars(query.where(condition))})


def read_files(connection: Connection) -> dict[str, tuple[str, str]]:
    """(SHA-256, reader) of every file that was read without a problem, by name."""
    columns = source_file.c
    rows = connection.execute(select(columns.name, columns.sha256, columns.reader))
    return {row.name: (row.sha256, row.reader) for row in rows}


def keep_file(
    connection: Connection, name: str, sha256: str, reader: str, document_ids: Collection[str], now: str
) -> None:
    """Note that a file was read, and which documents it holds."""
    upsert(connection, source_file, {"name": name, "sha256": sha256, "reader": reader, "read": now})
    connection.execute(delete(file_document).where(file_document.c.file == name))
    if document_ids:
        connection.execute(file_document.insert(), [{"file": name, "document_id": one} for one in document_ids])


def forget_files(connection: Connection, names: Collection[str]) -> set[str]:
    """Forget files that are gone; gives the documents that no other file holds."""
    held = select(file_document.c.document_id)
    were_in = among(file_document.c.file, names)
    orphans = {one for condition in were_in for one in connection.scalars(held.where(condition))}
    for condition in among(source_file.c.name, names):
        connection.execute(delete(source_file).where(condition))
    elsewhere = among(file_document.c.document_id, orphans)
    return orphans - {one for condition in elsewhere for one in connection.scalars(held.where(condition))}


def read_again(connection: Connection, document_id: str) -> None:
    """Have the files that hold a document read again, though they have not changed."""
    holding = select(file_document.c.file).where(file_document.c.document_id == document_id)
    connection.execute(update(source_file).where(source_file.c.name.in_(holding)).values(sha256=""))


def documents_of_files(connection: Connection) -> Mapping[str, list[str]]:
    """The ids of the documents of every file."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(file_document)):
        found.setdefault(row.file, []).append(row.document_id)
    return found
