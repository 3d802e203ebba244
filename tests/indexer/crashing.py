"""Builds and activations that are killed, by SIGKILL, at instants of real time drawn at random.

Run in a process of its own, which loads everything once and forks a child for each instant:

    python -m tests.indexer.crashing fresh FOLDER TEMPLATE COUNT      builds, each in a copy of TEMPLATE of its own
    python -m tests.indexer.crashing row FOLDER TEMPLATE COUNT        builds in one home, each going on from the last
    python -m tests.indexer.crashing switch FOLDER TEMPLATE COUNT     activations in one home, back and forth

Told as JSON, for each child: the home as the kill left it (a copy where the next one goes on), and whether the
kill came before it had finished.
"""

import json
import math
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

from corpus.types import Document
from indexer.encoder import EncoderInput, Vectors
from indexer.journal import VectorJournal
from indexer.snapshot import activate
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, built, document

LIVE = CORPUS
MANY: tuple[Document, ...] = tuple(
    document(f"d{number:02}", f"Drug number {number} lowers pressure by {number + 2} mmHg. It is given daily.")
    for number in range(48)
)
"""One passage each: six batches of 8."""
LATER = "2026-11-23"
SECONDS_PER_BATCH = 0.03
"""As long as the rest of the build, so that half of the kills fall into the encoding."""
SEED = 20261122
PASSAGE = 32
"""Bytes of a digest in the list of what was acknowledged."""


def acknowledged(home: Path) -> Path:
    """A file outside the home: the digests of vectors that the journal has said it keeps."""
    return home.with_name(f"{home.name}.acknowledged")


class SlowEncoder(HashingEncoder):
    """Takes its time, as a model does."""

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        time.sleep(SECONDS_PER_BATCH)
        return super().encode_passages(inputs)


def _build(home: Path) -> None:
    """Build and activate, writing down what the journal acknowledges."""
    put = VectorJournal.put

    def told(self: VectorJournal, found: dict[bytes, tuple[Vectors, Vectors]]) -> None:
        put(self, found)
        with acknowledged(home).open("ab", buffering=0) as stream:
            stream.write(b"".join(found))

    VectorJournal.put = told  # type: ignore[assignment,method-assign]
    activate(home, built(MANY, home, SlowEncoder(), created=LATER).id)


def _switch(home: Path) -> None:
    """Activate what is there in turn, without end."""
    for snapshot in cycle(sorted(path.name for path in (home / "snapshots").iterdir() if path.name.isalnum())):
        activate(home, snapshot)


def _killed(work: Callable[[Path], None], home: Path, after: float = math.inf) -> float | None:
    """Let a child work on a home and kill it after some seconds; the seconds it took where it finished before that."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        work(home)
        os._exit(0)
    while time.monotonic() - began < after:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        time.sleep(0.001)
    else:
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return None
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("a child failed instead of being killed")
    return time.monotonic() - began


def _duration(folder: Path, template: Path) -> float:
    """Seconds that a build takes which nobody disturbs."""
    return _killed(_build, Path(shutil.copytree(template, folder / "whole"))) or 0.0


def _fresh(folder: Path, template: Path, count: int, rng: random.Random) -> list[dict[str, object]]:
    """`count` kills that found the build alive, spread over all of its duration.

    How long a build takes differs from machine to minute: each that finished before its kill tells it anew.
    """
    duration, told, kills = _duration(folder, template), list[dict[str, object]](), 0
    while kills < count:
        home = Path(shutil.copytree(template, folder / f"home{len(told):03}"))
        taken = _killed(_build, home, (kills + rng.random()) / count * duration)
        duration, kills = taken or duration, kills + (taken is None)
        told.append({"home": str(home), "killed": taken is None})
    return told


def _in_one_home(
    work: Callable[[Path], None], longest: float, folder: Path, template: Path, count: int, rng: random.Random
) -> list[dict[str, object]]:
    home, told = Path(shutil.copytree(template, folder / "home")), list[dict[str, object]]()
    for number in range(count):
        killed = _killed(work, home, rng.uniform(0, longest)) is None
        copy = Path(shutil.copytree(home, folder / f"home{number:03}"))
        if acknowledged(home).exists():
            shutil.copy(acknowledged(home), acknowledged(copy))
        told.append({"home": str(copy), "killed": killed})
    return told


def main(action: str, folder: Path, template: Path, count: int) -> None:
    folder.mkdir()
    warm = folder / "warm"
    activate(warm, built(LIVE, warm, HashingEncoder()).id)  # whatever is imported or compiled on first use
    rng = random.Random(SEED)
    if action == "fresh":
        told = _fresh(folder, template, count, rng)
    elif action == "row":
        told = _in_one_home(_build, _duration(folder, template) / 2, folder, template, count, rng)
    else:
        told = _in_one_home(_switch, 0.1, folder, template, count, rng)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
