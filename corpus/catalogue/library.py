"""The works that articles may cite by key."""

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Connection, select

from corpus.catalogue.blocks import among, upsert
from corpus.catalogue.tables import cited_work, document, library
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
