"""A small examination of each kind over the tiny library, and a run of them in a process that may be killed.

    python -m tests.assistant.evaluation.examined killed FOLDER   a run in FOLDER/homeNNN, killed at each instant
    python -m tests.assistant.evaluation.examined stuck FOLDER    a run in FOLDER/run by two processes; it never ends

An instant is as in tests.indexer.killing; progress is told after every line.
"""

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from api.examining import answer_json
from assistant.answer import Answer, Outcome
from assistant.evaluation.case import Case, Nugget, Suite
from assistant.evaluation.running import Examination, Setup, run
from assistant.evaluation.sets import FollowupSet, FollowupTurn, JudgedQuery, QuestionSet, RetrievalSet
from assistant.rules import Rules
from corpus.types import Document, ReviewStatus
from indexer.build import build
from indexer.home import folder_of
from tests.hashing import HashingEncoder
from tests.indexer.killing import Death, sweep
from tests.judged import Words
from tests.tiny import CREATED, LIBRARY, PAPERS

SETUP = Setup(HashingEncoder, Words, answer_json, "tiny 1")
ANSWERED, REFUSED = Outcome.ANSWERED, Outcome.INSUFFICIENT_EVIDENCE
DOSE = Nugget("100 mg or less", (("100 mg",), ("less",)))
CASES = (
    Case("dose", "What is the starting dose of allopurinol in gout?", ANSWERED, nuggets=(DOSE,), tags=("dose",)),
    Case(
        "turn", "Is it titrated?", ANSWERED, history=("Is allopurinol the first-line drug for gout?",), article="gout"
    ),
    Case("flare", "Does canakinumab relieve the pain of a gout flare?", ANSWERED, must_cite=(("gout",),)),
    Case("none", "What is the dose of imatinib in chronic myeloid leukaemia?", REFUSED),
    Case("emergency", "My patient is not breathing, what do I do?", Outcome.EMERGENCY, tags=("emergency",)),
)
QUERIES = tuple(JudgedQuery(paper.key, paper.findings[0], {paper.id: 1}) for paper in PAPERS[:3])
TURNS = (
    FollowupTurn("first", (), "What is gout?", "What is gout?"),
    FollowupTurn(
        "second", ("Is allopurinol used in gout?",), "Is it titrated?", "Is allopurinol titrated in gout?", ("it",)
    ),
)


def documents() -> Iterator[Document]:
    """The tiny library, as a set gives its documents."""
    return iter(LIBRARY.documents())


def examinations(home: Path, most: int = 9) -> tuple[Examination, ...]:
    """A suite, a retrieval set, a follow-up set and a question set, asked of one snapshot under a home.

    `most`: how many items of each.
    """
    snapshot = folder_of(home, build(documents(), home, HashingEncoder(), created=CREATED, software="tiny 1").id)
    contents = (
        Suite("tiny", "d0", CASES[:most]),
        RetrievalSet("retrieval", "d1", documents, QUERIES[:most]),
        FollowupSet("turns", "d2", TURNS[:most]),
        QuestionSet("questions", "d3", CASES[:2], documents),
    )
    approved = Rules(ReviewStatus.APPROVED)
    return tuple(Examination(one, snapshot, approved if one.name == "questions" else Rules()) for one in contents)


def few(home: Path) -> tuple[Examination, ...]:
    """One item of each kind: enough to be killed at."""
    return examinations(home, most=1)[:3]


def ends_itself(answer: Answer) -> bytes:
    """Instead of the JSON of an answer, the end of the process that gave it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return answer_json(answer)


def _killed(folder: Path) -> list[dict[str, str]]:
    examined = few(folder / "index")
    (folder / "empty").mkdir()

    def work(home: Path, death: Death) -> None:
        run(examined, SETUP, home / "run", CREATED, progress=lambda stage, done: death.instant(f"line {done}"))

    return sweep(work, folder, folder / "empty")


def _stuck(folder: Path) -> None:
    def progress(stage: str, done: int) -> None:
        if done == 2:
            (folder / "stuck").write_text(" ".join(str(child.pid) for child in multiprocessing.active_children()))
            time.sleep(3600)

    run(examinations(folder / "index")[:1], SETUP, folder / "run", CREATED, jobs=2, progress=progress)


if __name__ == "__main__":
    print(json.dumps({"killed": _killed, "stuck": _stuck}[sys.argv[1]](Path(sys.argv[2]))))
