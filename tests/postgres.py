"""A real PostgreSQL for the tests: a cluster of its own, in a temporary folder, that ends when the test run does.

It listens on a Unix socket in that folder and nowhere else. Its collation is a language's, as a site's would be,
so that what relies on the order of bytes is found out.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from corpus.catalogue.database import Catalogue

USER, PASSWORD = "sequitur", "correct@horse"
ABSENT = "PostgreSQL's server is not installed; on Debian: apt-get install postgresql"
MIGRATED = "migrated"
"""The database that others are copies of: an empty catalogue."""

_LANGUAGE = ("--locale-provider=icu", "--icu-locale=en-US", "--locale=C")
_PLAIN = ("--locale=C",)
_SETTINGS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
    "shared_buffers=16MB", "max_connections=60",
)  # fmt: skip
_WATCHED = """
"$1/pg_ctl" start --pgdata=data --wait --log=server.log -o "$2" >>watched.log 2>&1 || exit 1
echo started
read -r _
"$1/pg_ctl" stop --pgdata=data --mode=immediate --wait >>watched.log 2>&1
folder=$PWD && cd / && rm -rf "$folder"
"""
"""What a shell does that ends the server when whoever asked for it closes its standard input, or is no more."""
_names = count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A running cluster; the folder holds its data and its socket."""

    programs: Path
    folder: Path
    owner: str | None

    def url(self, database: str, password: str = PASSWORD, folder: Path | None = None) -> str:
        query = {"host": str(folder or self.folder)}
        url = URL.create("postgresql", USER, password, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program of PostgreSQL's, never as root."""
        command = [str(self.programs / program), *arguments]
        with (self.folder / "programs.log").open("a") as log:
            return subprocess.run(
                command, check=False, text=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.identity
            )

    @property
    def identity(self) -> dict[str, Any]:
        """Where and as whom processes are run."""
        if not self.owner:
            return {"cwd": self.folder}
        group = pwd.getpwnam(self.owner).pw_gid
        return {"cwd": self.folder, "user": self.owner, "group": group, "extra_groups": []}

    def new_database(self, template: str = MIGRATED) -> str:
        """The name of a new database; `template0` makes an empty one."""
        name = f"tests{next(_names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self) -> Callable[[], None]:
        """Start it; gives what stops it."""
        options = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"unix_socket_directories={self.folder}"))
        command = ["/bin/sh", "-c", _WATCHED, "sh", str(self.programs), options]
        watching = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, **self.identity
        )
        assert watching.stdout
        if watching.stdout.readline() != b"started\n":
            watching.communicate()
            pytest.fail(f"the server did not start: {(self.folder / 'watched.log').read_text()}")
        return partial(_finish, watching)


def _finish(process: subprocess.Popen[bytes]) -> None:
    process.communicate()


_KEPT = pytest.StashKey[Server]()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The one server of a test run, however many folders of tests ask for it."""
    if _KEPT not in pytestconfig.stash:
        pytestconfig.stash[_KEPT] = _started(pytestconfig)
    return pytestconfig.stash[_KEPT]


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.new_database("template0")
    yield postgres.url(name)
    postgres.drop(name)


def _started(config: pytest.Config) -> Server:
    owner = _owner()
    server = Server(_programs(), _folder(owner), owner)
    config.add_cleanup(lambda: shutil.rmtree(server.folder, ignore_errors=True))
    (server.folder / "password").write_text(PASSWORD)
    if owner:
        for path in (server.folder, server.folder / "password"):
            shutil.chown(path, owner)
    if not any(_initialised(server, locale) for locale in (_LANGUAGE, _PLAIN)):
        pytest.fail(f"initdb failed: {(server.folder / 'programs.log').read_text()}")
    config.add_cleanup(server.start())
    server.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
    Catalogue.open(server.url(MIGRATED)).close()
    return server


def _initialised(server: Server, locale: Sequence[str]) -> bool:
    shutil.rmtree(server.folder / "data", ignore_errors=True)
    return not server.run(
        "initdb", "--pgdata=data", f"--username={USER}", "--pwfile=password", "--auth=scram-sha-256",
        "--encoding=UTF8", "--no-sync", *locale,
    ).returncode  # fmt: skip


def _programs() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for place in places:
        if all((place / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.skip(ABSENT)


def _owner() -> str | None:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    pytest.skip("PostgreSQL's server does not run as root, and there is no other user to run it")


def _folder(owner: str | None) -> Path:
    """A folder that its owner can reach: all that is above it has to let others through."""
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(place)
        if owner is None or all(above.stat().st_mode & 0o001 for above in (path, *path.parents)):
            return Path(tempfile.mkdtemp(prefix="sequitur-postgres-", dir=path))
    pytest.skip(f"no temporary folder that {owner}, who would run PostgreSQL's server, can reach")
