"""The files that documents were read from: what has not changed need not be read again."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select, update

from corpus.catalogue.blocks import among, upsert
from corpus.catalogue.tables import file_document, source_file


def known(connection: Connection) -> dict[str, tuple[str, str]]:
    """(SHA-256, reader) of every file that was read without a problem, by name."""
    columns = source_file.c
    rows = connection.execute(select(columns.name, columns.sha256, columns.reader))
    return {row.name: (row.sha256, row.reader) for row in rows}


def keep(connection: Connection, name: str, sha256: str, reader: str, document_ids: Collection[str], now: str) -> None:
    """Note that a file was read, and which documents it holds."""
    upsert(connection, source_file, {"name": name, "sha256": sha256, "reader": reader, "read": now})
    connection.execute(delete(file_document).where(file_document.c.file == name))
    if document_ids:
        connection.execute(file_document.insert(), [{"file": name, "document_id": one} for one in document_ids])


def forget(connection: Connection, names: Collection[str]) -> set[str]:
    """Forget files that are gone; gives the documents that no other file holds."""
    held = select(file_document.c.document_id)
    were_in = among(file_document.c.file, names)
    orphans = {one for condition in were_in for one in connection.scalars(held.where(condition))}
    for condition in among(source_file.c.name, names):
        connection.execute(delete(source_file).where(condition))
    elsewhere = among(file_document.c.document_id, orphans)
    return orphans - {one for condition in elsewhere for one in connection.scalars(held.where(condition))}


def have_read_again(connection: Connection, document_id: str) -> None:
    """Have the files that hold a document read again, though they have not changed."""
    holding = select(file_document.c.file).where(file_document.c.document_id == document_id)
    connection.execute(update(source_file).where(source_file.c.name.in_(holding)).values(sha256=""))
