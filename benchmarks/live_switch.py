"""Twenty askers while new snapshots go live: python -m benchmarks.live_switch HOME [--seconds N].

HOME holds a live index; a copy of it is used. Another process edits every document, builds and activates, goes back to
the snapshot before, activates the new one again and removes the one before, over and over. The edition stands in the
description of every document, so that an answer shows which snapshots its sources come from; in one document of 25
also in the title, so that its passages are encoded anew.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import numpy as np
import torch

from api.schemas import AnswerOut
from assistant.answer import Answer
from assistant.pipeline import Assistant
from assistant.question import Question
from benchmarks.shared import file_result, table
from corpus.types import Document
from indexer.build import build
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.removal import remove
from indexer.snapshot import Snapshot, activate, current_id, folder_of, list_snapshots, open_current

ASKERS = 20
QUESTIONS = 40
RETITLED = 25
SECONDS_LIVE = 2.0
"""At least, before the next activation."""
MARK = " · edition "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--switch", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.switch:
        _switch(arguments.home, arguments.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = _copy(arguments.home, Path(folder))
        _report(home, arguments.seconds)


def _copy(home: Path, folder: Path) -> Path:
    """The live snapshot in a home of its own."""
    live = current_id(home) or ""
    shutil.copytree(folder_of(home, live), folder / "snapshots" / live)
    activate(folder, live)
    return folder


def _switch(home: Path, seconds: float) -> None:
    """Make one edition after the other live until the time is over; print how long each build took."""
    encoder = SentenceTransformerEncoder.default()
    original = open_current(home, encoder.identity)
    documents = tuple(original.store.documents())
    began = time.monotonic()
    for number in count(1):
        start = time.monotonic()
        lender = open_current(home, encoder.identity)
        made = build(_edition(documents, number), home, encoder, created=f"{number:06}", software="benchmark",
                     reuse=lender)  # fmt: skip
        print(time.monotonic() - start, flush=True)
        for live in (made.id, lender.id, made.id):
            activate(home, live)
            time.sleep(SECONDS_LIVE)
        lender.close()
        for other in list_snapshots(home):
            if other.id != made.id:
                remove(home, other.id)
        if time.monotonic() - began > seconds:
            return


def _edition(documents: Sequence[Document], number: int) -> Iterator[Document]:
    for place, one in enumerate(documents):
        title = f"{one.work.title} (edition {number})" if place % RETITLED == 0 else one.work.title
        yield replace(one, work=replace(one.work, title=title, container=f"{one.work.container}{MARK}{number}"))


@dataclass
class Load:
    """What the askers share: the snapshot that is live, opened by whoever first notices that it has changed."""

    home: Path
    encoder: Encoder
    questions: Sequence[str]
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    newest: Snapshot = field(init=False)
    opening: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    taken: list[float] = field(default_factory=list)
    given: list[tuple[str, str, Answer]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def run(self, wait: Callable[[], str]) -> str:
        """Let all askers ask until `wait` returns; what it gave. An asker with an error asks no more."""
        self.newest = open_current(self.home, self.encoder.identity)
        self.snapshots[self.newest.id] = self.newest
        with ThreadPoolExecutor(ASKERS) as pool:
            askers = [pool.submit(self._ask, number) for number in range(ASKERS)]
            waited = wait()
            self.stop.set()
        self.errors = [repr(error) for asker in askers if (error := asker.exception()) is not None]
        return waited

    def _ask(self, number: int) -> None:
        for turn in count(number):
            if self.stop.is_set():
                return
            question, began = self.questions[turn % len(self.questions)], time.perf_counter()
            snapshot = self._live()
            answer = Assistant(snapshot, self.encoder, software="benchmark").answer(Question(question))
            self.taken.append(1000 * (time.perf_counter() - began))
            self.given.append((snapshot.id, question, answer))

    def _live(self) -> Snapshot:
        """The live snapshot; while one asker opens a new one, the others go on with the one before."""
        if current_id(self.home) != self.newest.id and self.opening.acquire(blocking=False):
            try:
                self.newest = open_current(self.home, self.encoder.identity)
                self.snapshots[self.newest.id] = self.newest
            finally:
                self.opening.release()
        return self.newest

    def mixed(self) -> int:
        """Answers with a source that is not of the edition of the snapshot they say they come from."""
        return sum(
            answer.provenance.snapshot != snapshot
            or any(_edition_of(source.document) != self._editions(snapshot) for source in answer.sources)
            for snapshot, _, answer in self.given
        )

    def _editions(self, snapshot: str) -> str:
        return _edition_of(next(iter(self.snapshots[snapshot].store.documents())))

    def differing(self) -> int:
        """Answers that are not what the same snapshot says when nobody else asks."""
        quiet = {
            key: _said(self._alone(*key)) for key in {(snapshot, question) for snapshot, question, _ in self.given}
        }
        return sum(_said(answer) != quiet[snapshot, question] for snapshot, question, answer in self.given)

    def _alone(self, snapshot: str, question: str) -> Answer:
        return Assistant(self.snapshots[snapshot], self.encoder, software="benchmark").answer(Question(question))


def _edition_of(document: Document) -> str:
    return document.work.container.partition(MARK)[2]


def _said(answer: Answer) -> str:
    return AnswerOut.of(replace(answer, id="", created="")).model_dump_json()


def _pause(seconds: float) -> str:
    time.sleep(seconds)
    return ""


def _questions(snapshot: Snapshot) -> list[str]:
    """Titles of documents, evenly spread over the index, as somebody would ask about them."""
    titles = [one.work.title for one in snapshot.store.documents()]
    spread = titles[:: max(1, len(titles) // QUESTIONS)][:QUESTIONS]
    return [title if title.endswith("?") else f"What was found: {title[:900]}" for title in spread]


def _report(home: Path, seconds: float) -> None:
    encoder = SentenceTransformerEncoder.default()
    with_one = open_current(home, encoder.identity)
    questions = _questions(with_one)
    quiet = Load(home, encoder, questions)
    quiet.run(lambda: _pause(seconds / 2))
    load = Load(home, encoder, questions)
    command = [sys.executable, "-m", "benchmarks.live_switch", str(home), "--seconds", str(seconds), "--switch"]
    printed = load.run(lambda: subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    builds = [float(line) for line in printed.split()]
    seen = {snapshot for snapshot, _, _ in load.given}
    rows = [
        ("new snapshots that went live", 0, f"{len(builds)} (built in {np.median(builds):.0f} s, median)"),
        ("activations, the old one in between counted", 0, 3 * len(builds)),
        ("snapshots answered from", 1, len(seen)),
        ("questions answered", *(f"{len(one.given):,}" for one in (quiet, load))),
        ("errors", len(quiet.errors), len(load.errors)),
        ("answers mixing two snapshots", quiet.mixed(), load.mixed()),
        ("answers that differ when asked again alone", quiet.differing(), load.differing()),
        *((f"p{p}, ms", *(f"{np.percentile(one.taken, p):.0f}" for one in (quiet, load))) for p in (50, 95, 99)),
    ]
    for error in dict.fromkeys(load.errors):
        print(error, file=sys.stderr)
    body = (
        f"{ASKERS} threads ask without a pause, so that a question waits for the others. Old snapshots are removed "
        "as soon as a new one is live.\n\n" + table(("measure", "nothing changes", "new snapshots go live"), rows)
    )
    corpus = f"{len(with_one.manifest.documents):,} documents, {with_one.manifest.passages:,} passages"
    file_result("live-switch", "Questions while new snapshots go live",
                f"python -m benchmarks.live_switch HOME --seconds {seconds:.0f}",
                f"{corpus}; {torch.get_num_threads()} threads; other work on both cores", body)  # fmt: skip


if __name__ == "__main__":
    main()
