"""What became of works, as sources of notices say, and which works the corpus has to do with."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, replace

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, Row, Select, delete, or_, select, union_all

from corpus.catalogue.blocks import blocks, insert_new
from corpus.catalogue.tables import cited_work, document, notice
from corpus.errors import ListCutOff
from corpus.types import Notice, SourceStatus

_FIELDS = tuple(Notice.__slots__)
_MOST_LIFTED = 0.05
_FEW = 10


def add(connection: Connection, notices: Iterable[Notice], now: str) -> int:
    """Keep notices that are not kept yet; gives how many were new."""
    new = 0
    for block in blocks(notices):
        rows = [{name: getattr(one, name) for name in _FIELDS} | {"recorded": now} for one in block]
        new += insert_new(connection, notice, rows)
    return new


def lift_absent(connection: Connection, origin: str, present: set[Notice]) -> int:
    """Remove the notices of an origin that its complete list holds no more; gives how many.

    A notice that is worded otherwise by now is still held: `add` keeps it as it was first worded. Raises ListCutOff
    where more than a twentieth (and ten) would go: reinstatements are rare, and a list that broke off looks the same.
    """
    held = {replace(one, reason="") for one in present}
    rows = list(_rows(connection, notice.c.origin == origin))
    gone = [row.id for row in rows if replace(_notice(row), reason="") not in held]
    if len(gone) > max(_FEW, len(rows) * _MOST_LIFTED):
        raise ListCutOff(
            f"the list holds {len(gone):,} of {len(rows):,} notices no more, so it is hardly whole and nothing was "
            "lifted; fetch it again, or read it without --complete"
        )
    for block in blocks(gone):
        connection.execute(delete(notice).where(notice.c.id.in_(block)))
    return len(gone)


def of_corpus(connection: Connection, recorded_from: str = "") -> Iterator[Notice]:
    """The notices on works that are held or cited by what is held, of those recorded from a time on.

    A work held or cited by its DOI alone is also meant by a notice that names its PMID alone, where another notice
    names both; and the other way round.
    """
    recent = notice.c.recorded >= recorded_from
    if connection.scalar(select(notice.c.id).where(recent).limit(1)) is None:
        return  # as is usual where an answer is sought; what follows looks at every citation
    doi, pmid = notice.c.doi, notice.c.pmid
    concerned = or_(doi.in_(_held(doi)), pmid.in_(_held(pmid)), doi.in_(_other(doi, pmid)), pmid.in_(_other(pmid, doi)))
    for row in _rows(connection, concerned, recent):
        yield _notice(row)


def on(connection: Connection, doi: str, pmid: str) -> tuple[Notice, ...]:
    """The notices on one work, oldest first by their own dates."""
    mine = [notice.c[name] == value for name, value in (("doi", doi.lower()), ("pmid", pmid)) if value]
    found = [_notice(row) for row in _rows(connection, or_(*mine))] if mine else []
    return tuple(sorted(found, key=lambda one: (one.date, astuple(one))))


def _held(name: Column[str]) -> CompoundSelect[str]:
    """The DOIs, or the PMIDs, of works that are held or cited."""
    return union_all(*(select(table.c[name.name]).where(table.c[name.name] != "") for table in (document, cited_work)))


def _other(name: Column[str], known: Column[str]) -> Select[str]:
    """What works that are known by their PMID have as their DOI, as notices that name both say; or the reverse."""
    return select(name).where(name != "", known.in_(_held(known)))


def _rows(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Row[tuple[object, ...]]]:
    query = select(notice).where(*conditions).order_by(notice.c.id)
    yield from connection.execute(query.execution_options(yield_per=500))


def _notice(row: Row[tuple[object, ...]]) -> Notice:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Notice(**{**values, "status": SourceStatus(values["status"])})
