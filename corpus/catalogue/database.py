"""Opening the catalogue: SQLite (WAL) in a home by default, PostgreSQL by URL; migrations run when it is opened."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    MetaData,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnection

from corpus.catalogue.migrations import REVISION
from corpus.errors import CatalogueMismatch, CatalogueUnavailable

_LOCK_SECONDS = 60
_CONNECT_SECONDS = 10
_WRITING_LOCK = 7_390_112
"""Any number that no other program in the same database uses for its advisory locks."""
_PASSWORDS = ("password", "passfile", "sslpassword")


class Catalogue:
    """A database of the present schema. Each `reading` and `writing` is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writing=True, **_WRITER[engine.dialect.name])

    @classmethod
    def open(cls, url: str) -> "Catalogue":
        """Open by SQLAlchemy URL and bring the schema up to date.

        Raises CatalogueUnavailable (cannot be reached, or is no database) and CatalogueMismatch (of a newer program).
        """
        catalogue = cls(_engine(url))
        with ExitStack() as undo:
            undo.callback(catalogue.close)
            with _translated(url):
                catalogue._migrate()
            undo.pop_all()
        return catalogue

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the whole catalogue for as long as it lasts."""
        with _translated(str(self._engine.url)), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all; there is one at a time, others wait."""
        with _translated(str(self._engine.url)), self._writer.begin() as connection:
            yield connection

    def is_empty(self, tables: MetaData) -> bool:
        """Whether no table holds a row."""
        with self.reading() as connection:
            return not any(connection.execute(table.select().limit(1)).first() for table in tables.sorted_tables)

    def close(self) -> None:
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            found = _revision(connection)
        if found == REVISION:
            return
        with self._writer.begin() as connection:
            if _revision(connection) != REVISION:
                _upgrade(connection)


def default_url(home: Path) -> str:
    """The URL of the SQLite catalogue of a home."""
    return URL.create("sqlite", database=str(home / "catalogue.db")).render_as_string()


def file_of(url: str) -> Path | None:
    """The file that a catalogue is, None when it is on a server; CatalogueUnavailable when the URL is none."""
    parsed = _parsed(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 0.3 s that only a new or an old catalogue needs
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "corpus:catalogue/migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise CatalogueMismatch(
            f"the catalogue has the schema {_revision(connection)!r}, which this program does not know; "
            "use the program that made it, or a newer one"
        ) from error


def _parsed(url: str) -> URL:
    """Of a URL that cannot be read nothing is shown: what is taken for its port may be a password."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise CatalogueUnavailable(
            "the URL of the catalogue cannot be read; it has to be like sqlite:////srv/sequitur/catalogue.db "
            "or postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        ) from None


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            return _sqlite(parsed)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OSError, ValueError) as error:
        raise CatalogueUnavailable(f"the catalogue cannot be opened: {error}") from error
    raise CatalogueUnavailable(
        f"no catalogue on {parsed.get_backend_name()}; known: sqlite:///PATH, postgresql://USER@HOST/DATABASE"
    )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, DDL included
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what was asked must not outlive its deletion in free pages

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


_WRITER: dict[str, dict[str, Any]] = {"sqlite": {}, "postgresql": {"isolation_level": "READ COMMITTED"}}
"""Who waited for the writer before has to see what it wrote; a reader has to see one state for as long as it reads."""


def _postgresql(url: URL) -> Engine:
    """A reader sees one state; writers wait for each other, as on SQLite, so that none fails because of another."""
    from psycopg.types.string import StrDumper  # only who keeps a catalogue on PostgreSQL needs it

    class WithoutNul(StrDumper):
        """PostgreSQL's text holds every character but NUL, which damaged files and programs' output may have."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\x00", "\N{REPLACEMENT CHARACTER}"))

    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.adapters.register_dumper(str, WithoutNul)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            lock = f"set_config('lock_timeout', '{_LOCK_SECONDS}s', true), pg_advisory_xact_lock({_WRITING_LOCK})"
            connection.exec_driver_sql(f"SELECT {lock}")

    return engine


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """The database's own errors in ours; the URL is shown without its password."""
    try:
        yield
    except (DBAPIError, NoConnection) as error:
        shown = make_url(url).difference_update_query(_PASSWORDS).render_as_string(hide_password=True)
        told = str(error.orig if isinstance(error, DBAPIError) else error).strip()
        raise CatalogueUnavailable(
            f"the catalogue {shown} does not answer: {told}; "
            "see that it is there, not damaged, and that its disk has room"
        ) from error


def copy(source: Catalogue, target: Catalogue, tables: MetaData) -> int:
    """Copy every row, of one state of the source, into an empty catalogue; gives the number of rows."""
    with copying(source, target, tables) as copied:
        return copied


@contextmanager
def copying(source: Catalogue, target: Catalogue, tables: MetaData) -> Iterator[int]:
    """As `copy`; the rows are kept when the block succeeds."""
    copied = 0
    with source.reading() as old, target.writing() as new:
        for table in tables.sorted_tables:
            rows = old.execute(table.select().execution_options(yield_per=500))
            for block in rows.mappings().partitions():
                new.execute(table.insert(), [dict(row) for row in block])
                copied += len(block)
        _continue_numbering(new, tables)
        yield copied


def _continue_numbering(connection: Connection, tables: MetaData) -> None:
    """PostgreSQL numbers rows by sequences of its own, which know nothing of rows that came with numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.sorted_tables:
        if isinstance(table.autoincrement_column, Column):
            name = f"{table.name}_{table.autoincrement_column.name}_seq"
            highest = select(func.max(table.autoincrement_column)).scalar_subquery()
            connection.execute(select(func.setval(name, func.coalesce(highest, 0) + 1, False)))
