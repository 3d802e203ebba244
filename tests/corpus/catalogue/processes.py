"""What several processes do with one catalogue, one after the other, some of them killed.

Run in a process of its own, which loads everything once and forks the others:

    python -m tests.corpus.catalogue.processes URL

On a database with nothing in it one is killed while it makes the tables, eight open it at the same moment, two write in
transactions that overlap, one is killed within a transaction and one within a job. Prints their exit statuses.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any
from unittest import mock

import alembic.command
import alembic.config

from corpus.catalogue import documents
from corpus.catalogue.database import Catalogue
from corpus.catalogue.incoming import incoming
from corpus.catalogue.jobs import RunningJob
from tests.corpus.catalogue.samples import NOW, document, put

OPENING, EACH, SHARED = 8, 15, "shared"


def fork(action: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        action()
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def outcome(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def together(count: int, action: Callable[[int], None]) -> list[int]:
    """Run an action in some processes that begin at the same moment."""
    barrier = get_context("fork").Barrier(count)

    def begin(number: int) -> None:
        barrier.wait(60)
        action(number)

    return [outcome(child) for child in [fork(lambda n=n: begin(n)) for n in range(count)]]  # type: ignore[misc]


def write(url: str, number: int) -> None:
    """Documents of one's own, and one that both change again and again."""
    catalogue = Catalogue.open(url)
    for turn in range(EACH):
        put(catalogue, document(f"{number}-{turn}"))
        put(catalogue, document(SHARED, f"Turn {turn} of {number}."))
    catalogue.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_writing(url: str) -> None:
    catalogue = Catalogue.open(url)
    put(catalogue, document("kept"))
    with catalogue.writing() as connection:
        for number in range(5):
            documents.put(connection, incoming(document(f"lost{number}"), "a.md", "article"), NOW)
        die()


def die_opening(url: str) -> None:
    """When the tables are made, and not kept yet."""
    upgrade = alembic.command.upgrade

    def interrupted(*arguments: Any) -> None:
        upgrade(*arguments)
        die()

    with mock.patch("alembic.command.upgrade", interrupted):
        Catalogue.open(url)


def die_working(url: str) -> None:
    with RunningJob(Catalogue.open(url), "build", "ann", lambda: NOW) as job:
        job.progress("embedding", 1, 2)
        die()


def main(url: str) -> None:
    statuses = {
        "killed in opening": [outcome(fork(lambda: die_opening(url)))],
        "opening": together(OPENING, lambda _: Catalogue.open(url).close()),
        "writing": together(2, lambda number: write(url, number)),
        "killed in writing": [outcome(fork(lambda: die_writing(url)))],
        "killed in a job": [outcome(fork(lambda: die_working(url)))],
    }
    print(json.dumps(statuses))


if __name__ == "__main__":
    main(sys.argv[1])
