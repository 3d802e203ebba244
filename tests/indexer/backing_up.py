"""Back-ups and restorations that are killed at the instants at which they touch a file, and a home that is in use.

Run in a process of its own, which loads everything once and forks a child for each instant:

    python -m tests.indexer.backing_up kill HOME FOLDER   back-ups of HOME beside an earlier one, restorations of it,
                                                          and back-ups for which the disk has ever more room
    python -m tests.indexer.backing_up use HOME           answers, switches, removals, until HOME.stop is there

An instant is that of tests/indexer/killing.py, or a word of progress.
"""

import json
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import alembic.command
import alembic.config  # noqa: F401, opening a new catalogue needs both: loaded once, here

from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue, default_url
from corpus.errors import SequiturError
from indexer.archive import unpack
from indexer.backup import back_up, restore
from indexer.removal import remove
from indexer.snapshot import activate, current_id, snapshots_folder
from tests.corpus.catalogue.samples import fill, given
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, built
from tests.indexer.killing import Death

CREATED, SOFTWARE = "2026-11-22T10:00:00+00:00", "tests"
ROOM = (0, 10_000, 100_000, 200_000, 400_000, 50_000_000)
"""Bytes that a file may have, from none to plenty."""


def filled(home: Path) -> Path:
    """A home with two snapshots, the second live, and rows in every table."""
    for corpus in (CORPUS, CORPUS[:2]):
        activate(home, built(corpus, home, HashingEncoder()).id)
    catalogue = Catalogue.open(default_url(home))
    fill(catalogue)
    catalogue.close()
    return home


def take(home: Path, target: Path, death: Death | None = None, created: str = CREATED) -> None:
    catalogue = Catalogue.open(default_url(home))

    def progress(done: int) -> None:
        if death:
            death.instant(f"progress {done}")

    back_up(home, catalogue, target, created=created, software=SOFTWARE, progress=progress)
    catalogue.close()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def sweep(
    folder: Path, begin: Callable[[Path], object], work: Callable[[Path, Death], None], look: Callable[[Path], str]
) -> list[list[str]]:
    """Kill a child at every fourth instant until one lives to the end; its exit status, and what is left."""
    found = []
    for instant in range(1, 10_000, 4):
        own = folder / f"{instant:04}"
        own.mkdir()
        begin(own)
        child = os.fork()
        if not child:
            death = Death(own, instant)
            sys.addaudithook(death.audit)
            work(own, death)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found.append([str(status), look(own)])
        if status != -9:
            break
    return found


def kill_back_ups(home: Path, folder: Path) -> list[list[str]]:
    folder.mkdir()
    take(home, folder / "earlier", created="earlier")

    def begin(own: Path) -> None:
        shutil.copy(folder / "earlier", own / "backup.tar.zst")

    def work(own: Path, death: Death) -> None:
        take(home, own / "backup.tar.zst", death)

    def look(own: Path) -> str:
        target = own / "backup.tar.zst"
        left = unpack(target, folder / f"unpacked{own.name}")
        take(home, target)
        beside = [path.name for path in own.iterdir()]
        return left.created if beside == [target.name] else f"left behind: {beside}"

    return sweep(folder, begin, work, look)


def kill_restorations(archive: Path, folder: Path) -> list[list[str]]:
    folder.mkdir()
    restore(archive, folder / "wanted", default_url(folder / "wanted"))
    wanted = contents(folder / "wanted")

    def work(own: Path, death: Death) -> None:
        restore(archive, own / "home", default_url(own / "home"))

    def look(own: Path) -> str:
        home = own / "home"
        was = "whole" if home.exists() else "none"
        if was == "none":
            work(own, Death(own, -1))
        if contents(home) != wanted:
            return f"not what was backed up: {sorted(contents(home))}"
        beside = [path.name for path in own.iterdir() if path != home]
        return was if was == "whole" or not beside else f"left behind: {beside}"

    return sweep(folder, lambda own: None, work, look)


def fill_disks(home: Path, folder: Path) -> list[list[str]]:
    folder.mkdir()
    found = []
    for room in ROOM:
        own = folder / str(room)
        own.mkdir()
        (own / "backup.tar.zst").write_bytes(b"earlier")
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            try:
                take(home, own / "backup.tar.zst")
            except SequiturError:
                os._exit(3)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        earlier = (own / "backup.tar.zst").read_bytes() == b"earlier"
        found.append([str(status), "earlier" if earlier else "new", *sorted(path.name for path in own.iterdir())])
    return found


def use(home: Path) -> int:
    """Give answers, switch to and fro, remove what is not live and put it back, as fast as it goes."""
    stop, names = (
        home.with_name(f"{home.name}.stop"),
        sorted(path.name for path in snapshots_folder(home).glob("[!.]*")),
    )
    store = home.with_name(f"{home.name}.store")
    shutil.copytree(snapshots_folder(home), store)
    catalogue = Catalogue.open(default_url(home))
    turn = 0
    while not stop.exists():
        with catalogue.writing() as connection:
            answers.keep(connection, given(f"n{turn:06}", snapshot=current_id(home) or "", cites=["gout", "scurvy"]))
        live, other = names[turn % 2], names[(turn + 1) % 2]
        activate(home, live)
        remove(home, other)
        shutil.copytree(store / other, snapshots_folder(home) / ".coming")
        os.rename(snapshots_folder(home) / ".coming", snapshots_folder(home) / other)
        home.with_name(f"{home.name}.begun").touch()
        turn += 1
    catalogue.close()
    return turn


def main(action: str, home: Path, folder: Path) -> None:
    if action == "use":
        found: object = use(home)
    else:
        folder.mkdir()
        take(home, folder / "archive")
        found = {
            "backed up": kill_back_ups(home, folder / "backed up"),
            "restored": kill_restorations(folder / "archive", folder / "restored"),
            "disk full": fill_disks(home, folder / "disk full"),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(*sys.argv[3:]))
