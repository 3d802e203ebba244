"""Many rows at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_Item = TypeVar("_Item")
ROWS = 500


def blocks(items: Iterable[_Item], size: int = ROWS) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    remaining = iter(items)
    while block := list(islice(remaining, size)):
        yield block


def among(column: ColumnElement[str], values: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """That a column holds one of many values, as conditions of statements of their own: one takes only so many."""
    return (column.in_(block) for block in blocks(sorted(set(values))))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that break no uniqueness; gives how many went in."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return len(connection.execute(statement, [dict(row) for row in rows]).all())


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row, or give the one that has its primary key these values."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    statement = dialect.insert(table).values(**row)
    values = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
