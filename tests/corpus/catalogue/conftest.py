"""An empty catalogue on every database it can be kept in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalogue.database import Catalogue, default_url
from tests.corpus.catalogue.samples import empty
from tests.postgres import Server
from tests.postgres import postgres as postgres

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty SQLite catalogue."""
    home = tmp_path_factory.mktemp("migrated")
    Catalogue.open(default_url(home)).close()
    return home / "catalogue.db"


@pytest.fixture(scope="session")
def postgres_database(postgres: Server) -> str:
    """A catalogue on PostgreSQL that every test leaves empty."""
    return postgres.url(postgres.new_database())


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty catalogue is."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path)
        yield default_url(tmp_path)
        return
    found: str = request.getfixturevalue("postgres_database")
    yield found
    opened = Catalogue.open(found)
    empty(opened)
    opened.close()


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet, not even tables."""
    if request.param == "sqlite":
        yield default_url(tmp_path / "home")
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.new_database("template0")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    """An empty catalogue, opened."""
    opened = Catalogue.open(url)
    yield opened
    opened.close()
