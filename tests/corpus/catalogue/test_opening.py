"""A catalogue is opened with its schema up to date, or the reason it cannot be is told, without a password."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from corpus.catalogue.database import Catalogue, default_url, file_of
from corpus.catalogue.migrations import REVISION
from corpus.catalogue.tables import metadata
from corpus.errors import CatalogueMismatch, CatalogueUnavailable
from tests.corpus.catalogue.samples import fill, rows
from tests.postgres import PASSWORD, Server


def test_the_migrations_make_the_tables(catalogue: Catalogue) -> None:
    with catalogue.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        names = inspect(connection).get_table_names()
    assert set(names) == {*metadata.tables, "alembic_version"}


def test_the_newest_migration_is_the_one_that_is_expected() -> None:
    config = Config()
    config.set_main_option("script_location", "corpus:catalogue/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_opening_again_changes_nothing(url: str) -> None:
    first = Catalogue.open(url)
    fill(first)
    before = rows(first)
    first.close()
    second = Catalogue.open(url)
    assert rows(second) == before
    assert all(before.values()), "every table has rows"
    second.close()


def test_the_schema_of_a_newer_program_is_refused(catalogue: Catalogue, url: str) -> None:
    with catalogue.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(CatalogueMismatch, match="'9999'"):
            Catalogue.open(url)
    finally:
        with catalogue.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": REVISION})


@pytest.mark.parametrize("content", [b"not a database" * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalogue.db"
    path.write_bytes(content)
    with pytest.raises(CatalogueUnavailable, match=r"catalogue\.db does not answer"):
        Catalogue.open(default_url(tmp_path))
    assert path.read_bytes() == content


def test_a_damaged_page_is_told(tmp_path: Path) -> None:
    opened = Catalogue.open(default_url(tmp_path))
    fill(opened)
    opened.close()
    path = tmp_path / "catalogue.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(CatalogueUnavailable), closing(Catalogue.open(default_url(tmp_path))) as damaged:
        rows(damaged)


@pytest.mark.parametrize("name", ["a b", "100%25", "a?b=c#d", "Ärzte"])
def test_a_home_may_have_any_name(tmp_path: Path, name: str) -> None:
    url = default_url(tmp_path / name)
    Catalogue.open(url).close()
    assert file_of(url) == tmp_path / name / "catalogue.db"
    assert {path.name for path in tmp_path.iterdir()} == {name}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense secret", "has to be like"),
        ("", "has to be like"),
        ("postgresql://ann:secret", "has to be like"),
        ("postgresql://ann:x@localhost:secret/db", "has to be like"),
        ("mysql://ann:secret@localhost/db", "known: sqlite:///PATH, postgresql://"),
        ("sqlite+unknown:///catalogue.db", "cannot be opened"),
        ("sqlite:////dev/null/catalogue.db", "cannot be opened"),
        ("postgresql://ann:secret@127.0.0.1:1/db", "Connection refused"),
        ("postgresql://ann@127.0.0.1:1/db?password=secret", "Connection refused"),
        ("postgresql://ann:secret@/db?host=/nowhere", "No such file"),
    ],
)
def test_what_cannot_be_opened_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(CatalogueUnavailable, match=told) as raised:
        Catalogue.open(url)
    assert "secret" not in str(raised.value)


def test_a_wrong_password_is_told_and_not_shown(postgres: Server) -> None:
    for password in ("wrong-horse", "wrong@horse/"):
        with pytest.raises(CatalogueUnavailable, match="password authentication failed") as raised:
            Catalogue.open(postgres.url("postgres", password))
        assert password not in str(raised.value)
        assert "horse" not in str(raised.value)
    with pytest.raises(CatalogueUnavailable, match='database "absent" does not exist') as raised:
        Catalogue.open(postgres.url("absent"))
    assert PASSWORD not in str(raised.value)


def test_what_fails_in_the_middle_of_work_is_told_in_the_same_way(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueUnavailable, match="absent"), catalogue.writing() as connection:
        connection.execute(text("SELECT * FROM absent"))
