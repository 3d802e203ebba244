"""Builds on a disk with too little room, a little more each time until they succeed.

Run in a process of its own:

    python -m tests.indexer.filling disk FOLDER TEMPLATE STEP     a small disk in memory; needs the right to mount
    python -m tests.indexer.filling limit FOLDER TEMPLATE STEP    no file may grow beyond a size (ulimit -f)

Told as JSON, for each attempt in a copy of TEMPLATE: the room there was (bytes), what was raised and in which
step of the build, whether the live snapshot still opens, how many vectors were acknowledged, and how many
passages the next build encoded once there was room.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from corpus.errors import SequiturError
from indexer.encoder import Vectors
from indexer.journal import VectorJournal
from indexer.snapshot import activate, current_id, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built
from tests.indexer.crashing import LATER, MANY

DISK = 4 << 20
Told = dict[str, object]


@contextmanager
def _little_room(disk: Path, room: int) -> Iterator[None]:
    """Fill a disk but for `room` bytes."""
    filler, state = disk / "filler", os.statvfs(disk)
    with filler.open("wb", buffering=0) as stream:
        stream.write(b"\0" * max(0, state.f_bavail * state.f_frsize - room))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes; Python ignores the signal, so that it is an error like any other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _attempt(home: Path, room: int, scarce: AbstractContextManager[None]) -> Told:
    """One build and activation in little room, and one when there is enough."""
    live, kept = current_id(home), list[int]()
    told: Told = {"room": room, "raised": None, "said": "", "stage": ""}
    with _counting(kept), scarce:
        try:
            activate(home, built(MANY, home, HashingEncoder(), created=LATER).id)
        except (SequiturError, OSError, RuntimeError, ValueError) as error:
            told |= {"raised": type(error).__name__, "said": str(error), "stage": _stage(error)}
        snapshot = open_current(home, HashingEncoder().identity)
        snapshot.close()
    encoder = HashingEncoder()
    wanted = built(MANY, home, encoder).id
    left = sorted(path.name for path in home.rglob(".*") if path.suffix != ".lock")
    answers = snapshot.id == (live if told["raised"] else wanted)
    return told | {"answers": answers, "kept": sum(kept), "encoded": encoder.encoded, "id": wanted, "left": left}


@contextmanager
def _counting(kept: list[int]) -> Iterator[None]:
    put = VectorJournal.put

    def told(self: VectorJournal, found: dict[bytes, tuple[Vectors, Vectors]]) -> None:
        put(self, found)
        kept.append(len(found))

    VectorJournal.put = told  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        VectorJournal.put = put  # type: ignore[method-assign]


def _stage(error: BaseException) -> str:
    """The innermost function of building or activating that an error, or its cause, came through."""
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    ours = [frame.name for frame in frames if Path(frame.filename).name in ("build.py", "snapshot.py")]
    return ours[-1] if ours else ""


def _sweep(folder: Path, template: Path, step: int, scarcity: Callable[[int], AbstractContextManager[None]]) -> None:
    told: list[Told] = []
    while not told or told[-1]["raised"]:
        home = Path(shutil.copytree(template, folder / "home"))
        told.append(_attempt(home, step * len(told), scarcity(step * len(told))))
        shutil.rmtree(home)
    print(json.dumps(told))


def main(kind: str, folder: Path, template: Path, step: int) -> None:
    folder.mkdir()
    built(MANY, folder / "warm", HashingEncoder())  # whatever is imported or compiled on first use
    shutil.rmtree(folder / "warm")
    if kind == "disk":
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(folder)], check=True)
        _sweep(folder, template, step, partial(_little_room, folder))
    else:
        _sweep(folder, template, step, small_files)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
