"""Builds and activations that are killed, by SIGKILL, at every instant at which they touch a file.

Run in a process of its own, which loads everything once and forks a child for each instant:

    python -m tests.indexer.killing build|activate FOLDER TEMPLATE     a copy of TEMPLATE for each instant
    python -m tests.indexer.killing overlap HOME same|different       two builds at once
    python -m tests.indexer.killing enclosed HOME                     a build within the time of another
    python -m tests.indexer.killing busy HOME                         two processes, build after build

An instant is the n-th time that the child opens, renames, makes or removes a file under its home (an
audit event, raised before it happens), has encoded a batch, or reports progress.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from corpus.types import Document
from indexer.encoder import EncoderInput, Vectors
from indexer.snapshot import activate
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, built, document

LIVE = CORPUS
MANY: tuple[Document, ...] = tuple(
    document(f"d{number:02}", f"Drug number {number} lowers pressure by {number + 2} mmHg. It is given daily.")
    for number in range(20)
)
"""One passage each: three batches of 8, 8 and 4."""
OTHER = (document("other", "Ozone therapy was never shown to help."),)
ENCODED = "encoded"
_FILE_EVENTS = frozenset("open os.rename os.mkdir os.remove os.rmdir shutil.rmtree sqlite3.connect".split())
_PATIENCE = 3.0
"""Seconds to wait for another build, which may rightly be waiting for this one."""
_DEADLINE = 60.0


class Death:
    """Kills this process at its n-th instant."""

    def __init__(self, home: Path, instant: int) -> None:
        self._home = f"{home}{os.sep}"
        self._instant = instant
        self.passed: list[str] = []

    def instant(self, name: str) -> None:
        if len(self.passed) == self._instant:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed.append(name)

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _FILE_EVENTS and any(
            self._home in os.fspath(one) for one in arguments if isinstance(one, str | Path)
        ):
            self.instant(f"{event} {Path(str(arguments[0])).name}")


class CountingEncoder(HashingEncoder):
    """Writes down, outside the process that will die, how many passages it has encoded."""

    def __init__(self, home: Path, death: Death) -> None:
        super().__init__()
        self._log = home.with_name(home.name + "." + ENCODED)
        self._death = death

    def encode_passages(self, inputs: Sequence[EncoderInput]) -> tuple[Vectors, list[Vectors]]:
        found = super().encode_passages(inputs)
        self._log.write_text(str(self.encoded))
        self._death.instant("encoded a batch")
        return found


def _build(home: Path, death: Death) -> None:
    def progress(stage: str, done: int) -> None:
        if stage != "vocabulary" or done == 1:
            death.instant(f"{stage} {done}")

    built(MANY, home, CountingEncoder(home, death), progress=progress, created="2026-11-23")


def _activate(home: Path, death: Death) -> None:
    activate(home, (home / "next").read_text())


def sweep(work: Callable[[Path, Death], None], folder: Path, template: Path) -> list[dict[str, str]]:
    """Kill a child at each instant in turn until one lives to the end; tell what each was about to do."""
    homes: list[Path] = []
    while True:
        homes.append(folder / f"home{len(homes):03}")
        shutil.copytree(template, homes[-1])
        child = os.fork()
        if not child:
            death = Death(homes[-1], len(homes) - 1)
            sys.addaudithook(death.audit)
            work(homes[-1], death)
            _leave(json.dumps(death.passed), folder / "passed.json")
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            break
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("a child failed instead of being killed")
    passed = json.loads((folder / "passed.json").read_text())
    return [{"home": str(home), "before": event} for home, event in zip(homes, [*passed, "the end"], strict=True)]


def _leave(text: str, path: Path) -> None:
    path.write_text(text)
    os._exit(0)


def _wait_for(condition: Callable[[], bool], patience: float) -> None:
    end = time.monotonic() + patience
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)


def _fork(work: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _overlap(home: Path, corpora: Sequence[Sequence[Document]]) -> list[int]:
    """Builds that meet just before they keep what they built; the exit status of each."""
    marks = [home.with_name(f"{home.name}.ready{number}") for number in range(len(corpora))]

    def meet(mark: Path) -> Callable[[str, tuple[object, ...]], None]:
        def audit(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.rename" and Path(str(arguments[0])).name.startswith(".building-"):
                mark.touch()
                _wait_for(lambda: all(one.exists() for one in marks), _PATIENCE)

        return audit

    def run(number: int) -> None:
        sys.addaudithook(meet(marks[number]))
        built(corpora[number], home, HashingEncoder())

    children = [_fork(partial(run, number)) for number in range(len(corpora))]
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _enclosed(home: Path) -> list[int]:
    """A build that stops after its first batch until another, with the same encoder, is finished."""
    begun, finished = home.with_name("begun"), home.with_name("finished")

    def progress(stage: str, done: int) -> None:
        if not begun.exists():
            begun.touch()
            _wait_for(finished.exists, _PATIENCE)

    slow = _fork(partial(built, MANY, home, HashingEncoder(), progress=progress))
    _wait_for(begun.exists, _DEADLINE)
    quick = _fork(partial(built, OTHER, home, HashingEncoder()))
    statuses = [os.waitstatus_to_exitcode(os.waitpid(quick, 0)[1])]
    finished.touch()
    return [*statuses, os.waitstatus_to_exitcode(os.waitpid(slow, 0)[1])]


def _busy(home: Path) -> list[int]:
    """Builds that begin and end whenever they come to it, at the same home."""

    def run(corpus: Sequence[Document]) -> None:
        for _ in range(12):
            built(corpus, home, HashingEncoder())

    children = [_fork(partial(run, corpus)) for corpus in (LIVE, OTHER)]
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main(action: str, home: Path, argument: str = "") -> None:
    warm = home.with_name("warm")
    built(LIVE, warm, HashingEncoder())  # whatever is imported or compiled on first use
    shutil.rmtree(warm)
    if action == "overlap":
        result: object = _overlap(home, [MANY, MANY] if argument == "same" else [MANY, OTHER])
    elif action in ("enclosed", "busy"):
        result = {"enclosed": _enclosed, "busy": _busy}[action](home)
    else:
        home.mkdir()
        result = sweep({"build": _build, "activate": _activate}[action], home, Path(argument))
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
