"""A catalogue of an earlier program is brought up to date with all that is in it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, create_engine, make_url
from sqlalchemy.types import Boolean, Integer, LargeBinary

from corpus.catalogue import answers, conversations
from corpus.catalogue.database import Catalogue
from corpus.catalogue.migrations import REVISION
from corpus.catalogue.tables import metadata
from corpus.errors import CatalogueUnavailable
from tests.corpus.catalogue.samples import LATER, NOW

BEFORE_KEYS = "0001"
TABLES_OF_0001 = 14
ADDED = {"api_key", "conversation", "conversation_turn"}


@contextmanager
def engine(url: str) -> Iterator[Engine]:
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    made = create_engine(parsed.set(drivername=drivers[parsed.get_backend_name()]))
    yield made
    made.dispose()


@pytest.fixture
def old_url(empty_url: str, request: pytest.FixtureRequest) -> str:
    """A catalogue as the program before keys and conversations left it, with a row in every table."""
    if empty_url.startswith("sqlite"):
        Catalogue.open(empty_url).close()  # makes the folder
        for path in (request.getfixturevalue("tmp_path") / "home").glob("catalogue.db*"):
            path.unlink()
    config = Config()
    config.set_main_option("script_location", "corpus:catalogue/migrations")
    with engine(empty_url) as made, made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE_KEYS)
        fill(connection)
    return empty_url


def fill(connection: Connection) -> None:
    """A row into every table that there is; text is the same everywhere, so that every reference finds its row."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            row = {column.name: value(column.type) for column in table.columns}
            connection.execute(table.insert(), row)


def value(kind: Any) -> object:
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return 7
    return b"\x00\xff body" if isinstance(kind, LargeBinary) else NOW


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, whatever tables there are."""
    with engine(url) as made, made.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in found.sorted_tables
        }


def test_what_was_kept_before_there_were_keys_is_kept(old_url: str) -> None:
    before = rows(old_url)
    assert len(before) == TABLES_OF_0001 + 1
    assert all(len(some) == 1 for some in before.values()), "a row in every table"
    Catalogue.open(old_url).close()
    after = rows(old_url)
    assert after.keys() - before.keys() == ADDED
    assert all(after.pop(name) == [] for name in ADDED)
    assert after.pop("alembic_version") == [{"version_num": REVISION}]
    before["answer"][0]["owner"] = ""
    del before["alembic_version"]
    assert after == before


def test_an_answer_of_before_is_read_and_gone_on_with(old_url: str) -> None:
    with closing(Catalogue.open(old_url)) as catalogue:
        with catalogue.writing() as connection:
            found = answers.given(connection, NOW)
            assert found is not None
            assert (found.owner, found.body, len(found.cited)) == ("", NOW, 1)
            one = conversations.create(connection, "", "", "clinician", LATER)
            conversations.append(connection, one.id, NOW, LATER)
        with catalogue.writing() as connection:
            assert conversations.turns(connection, one.id) == [found]
            conversations.delete(connection, one.id)
    left = rows(old_url)
    assert {
        name for name in metadata.tables if name.startswith(("answer", "conversation", "feedback")) and left[name]
    } == set()
    assert left["document"]


def test_a_migration_that_fails_leaves_everything_as_it_was(old_url: str) -> None:
    """What it adds first goes with what it cannot add; opened without the obstacle, it is brought up to date."""
    with engine(old_url) as made, made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE conversation_turn (obstacle INTEGER)")
    before = rows(old_url)
    with pytest.raises(CatalogueUnavailable, match="conversation_turn"):
        Catalogue.open(old_url)
    assert rows(old_url) == before
    with engine(old_url) as made, made.begin() as connection:
        connection.exec_driver_sql("DROP TABLE conversation_turn")
    Catalogue.open(old_url).close()
    assert rows(old_url)["alembic_version"] == [{"version_num": REVISION}]
