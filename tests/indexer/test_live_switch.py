"""No downtime: twenty askers, while one snapshot after another goes live and the old ones are removed."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from api.schemas import AnswerOut
from assistant.answer import Answer, Outcome
from assistant.question import Question
from indexer.snapshot import Snapshot, activate, folder_of, list_snapshots, open_current
from tests.hashing import HashingEncoder
from tests.indexer.corpora import built
from tests.indexer.switching import PATIENCE, library, make_live, mark
from tests.tiny import assistant_over

ROOT = Path(__file__).parents[2]
ASKERS = 20
KEEPERS = 4
"""So many of them stay with the snapshot that they opened first."""
EDITIONS = (1, 2, 3, 4, 5)
ROUNDS = (2, 3, 4, 5, 1, 2, 1, 3)
"""What goes live after edition 1: also again what had been removed."""
QUESTIONS = (
    "How is gout treated?",
    "What is the starting dose of allopurinol in gout?",
    "Is canakinumab useful when colchicine is contraindicated in a gout flare?",
    "How is hypertension treated?",
    "How often is serum urate measured?",
    "Which zebra stripes confuse tsetse flies?",
)
ENCODER = HashingEncoder()


def answer(snapshot: Snapshot, question: str) -> Answer:
    return assistant_over(snapshot, ENCODER).answer(Question(question))


def texts(given: Answer) -> list[str]:
    """All that an answer shows of its sources."""
    quotes = [citation.quote for statement in given.statements for citation in statement.citations]
    return [*quotes, *(statement.text for statement in given.statements), *(one.text for one in given.related)]


@dataclass
class Load:
    """What twenty askers found out."""

    home: Path
    seen: Path
    expected: dict[tuple[str, str], str]
    editions: dict[str, int]
    stop: threading.Event = field(default_factory=threading.Event)
    answered: Counter[str] = field(default_factory=Counter)
    kept: Counter[int] = field(default_factory=Counter)
    wrong: list[object] = field(default_factory=list)

    def ask(self, number: int, mine: Snapshot | None) -> None:
        """Ask until told to stop: keepers of the snapshot that is theirs, the others of what is live then."""
        try:
            for question in cycle(QUESTIONS[number % len(QUESTIONS) :] + QUESTIONS[: number % len(QUESTIONS)]):
                if self.stop.is_set():
                    break
                snapshot = mine or open_current(self.home, ENCODER.identity)
                self.check(answer(snapshot, question), question, snapshot.id)
                if mine is None:
                    snapshot.close()
                    (self.seen / snapshot.id).touch()
                else:
                    self.kept[number] += 1
        except Exception as error:
            self.wrong.append(error)

    def check(self, given: Answer, question: str, snapshot: str) -> None:
        """The very answer of that snapshot when nothing else happens, and nothing from any other edition."""
        said = AnswerOut.of(given).model_dump_json()
        end = mark(self.editions[given.provenance.snapshot]).removesuffix(".")
        others = [text for text in texts(given) if text.count(", edition ") != text.count(end)]
        if given.provenance.snapshot != snapshot or said != self.expected[snapshot, question] or others:
            self.wrong.append((snapshot, question, said))
        self.answered[snapshot] += 1


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Snapshot]]:
    """Every edition, in a home of its own where nothing happens."""
    home = tmp_path_factory.mktemp("quiet")
    identity = ENCODER.identity
    opened = {n: Snapshot(folder_of(home, built(library(n), home, ENCODER).id), identity) for n in EDITIONS}
    yield opened
    for snapshot in opened.values():
        snapshot.close()


def test_the_questions_tell_the_editions_apart(quiet: dict[int, Snapshot]) -> None:
    """Else the test below could not fail."""
    for question in QUESTIONS[:-1]:
        given = [answer(snapshot, question) for snapshot in quiet.values()]
        assert {one.outcome for one in given} == {Outcome.ANSWERED}
        assert all(mark(n)[:-1] in text for n, one in zip(quiet, given, strict=True) for text in texts(one))
    assert answer(quiet[1], QUESTIONS[-1]).outcome is not Outcome.ANSWERED


def test_no_error_and_no_mixed_answer_while_snapshots_go_live_and_are_removed(
    tmp_path: Path, quiet: dict[int, Snapshot]
) -> None:
    home, seen = tmp_path / "home", tmp_path / "seen"
    seen.mkdir()
    activate(home, built(library(1), home, ENCODER).id)
    expected = {
        (snapshot.id, question): AnswerOut.of(answer(snapshot, question)).model_dump_json()
        for snapshot in quiet.values()
        for question in QUESTIONS
    }
    load = Load(home, seen, expected, {snapshot.id: number for number, snapshot in quiet.items()})
    mine = [open_current(home, ENCODER.identity) for _ in range(KEEPERS)] + [None] * (ASKERS - KEEPERS)
    askers = [threading.Thread(target=load.ask, args=one) for one in enumerate(mine)]
    for asker in askers:
        asker.start()
    command = [sys.executable, "-m", "tests.indexer.switching", str(home), str(seen), *map(str, ROUNDS)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    switched = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    make_live(4, home, seen)  # once more, from a thread of this process
    before, deadline = dict(load.kept), time.monotonic() + PATIENCE
    while any(load.kept[number] == before.get(number, 0) for number in range(KEEPERS)) and time.monotonic() < deadline:
        time.sleep(0.01)
    load.stop.set()
    for asker in askers:
        asker.join()
    assert switched.returncode == 0, switched.stderr
    assert load.wrong == []
    assert {load.editions[snapshot] for snapshot in load.answered} == set(EDITIONS)
    assert {one.id for one in list_snapshots(home)} == {quiet[4].id}, "the others are gone"
    assert all(load.kept[number] > before[number] for number in range(KEEPERS)), "they go on with what is removed"
