"""Runs: each item once, however often they were killed and on however many processes; the same scores every time."""

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.evaluation.errors import BadRun, EvaluationError
from assistant.evaluation.record import Answered, Line, RankedQuery, ReadTurn
from assistant.evaluation.run_folder import CASES, PROVENANCE, SCORES, SUMMARY, Run, read_run
from assistant.evaluation.running import Examination, peak_memory, run
from assistant.evaluation.score import Score
from assistant.evaluation.scoring import scored
from assistant.rules import Rules
from tests.assistant.evaluation.examined import CASES as ASKED
from tests.assistant.evaluation.examined import QUERIES, SETUP, TURNS, documents, ends_itself, examinations, few
from tests.tiny import CREATED

ROOT = Path(__file__).parents[3]
LATER = "2026-03-03T03:03:03+00:00"
ITEMS = [
    *(("tiny", case.id) for case in ASKED),
    *(("retrieval", query.id) for query in QUERIES),
    *(("turns", turn.id) for turn in TURNS),
    *(("questions", case.id) for case in ASKED[:2]),
]
needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to look into")
COMMAND = [sys.executable, "-m", "tests.assistant.evaluation.examined"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Examination, ...]:
    return examinations(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def unbroken(asked: tuple[Examination, ...], tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(asked, SETUP, tmp_path_factory.mktemp("unbroken") / "run", CREATED)


def timeless(line: Line) -> Line:
    """A line without what no two runs have in common."""
    return replace(line, seconds={} if isinstance(line, Answered) else 0.0)


def told_alike(one: Run, other: Run) -> None:
    """Both say the same of the same items, in the same order."""
    assert one.scored == other.scored
    assert {(line.suite, line.id): timeless(line) for line in one.lines} == {
        (line.suite, line.id): timeless(line) for line in other.lines
    }
    assert len(one.lines) == len(other.lines)
    assert [summary.measures for summary in one.summaries] == [summary.measures for summary in other.summaries]
    assert one.provenance.suites == other.provenance.suites


def test_every_item_is_asked_once_and_scored_in_order(unbroken: Run, asked: tuple[Examination, ...]) -> None:
    assert [(line.suite, line.id) for line in unbroken.lines] == ITEMS
    assert [(one.suite, one.case) for one in unbroken.scored] == ITEMS
    assert list(unbroken.scored) == [scored(line) for line in unbroken.lines]
    assert [(one.suite, one.cases) for one in unbroken.summaries] == [
        ("tiny", 5), ("retrieval", 3), ("turns", 2), ("questions", 2)
    ]  # fmt: skip
    assert all(summary.peak_memory_mib > 10 for summary in unbroken.summaries)


def test_the_run_says_what_it_was_made_with(unbroken: Run, asked: tuple[Examination, ...]) -> None:
    provenance = unbroken.provenance
    assert (provenance.created, provenance.software, provenance.support) == (CREATED, "tiny 1", "words")
    assert provenance.encoder.startswith("hashing@")
    plain = "sources submitted or further, 0 barred, threshold fitted"
    assert provenance.configuration == {
        "tiny": plain, "retrieval": plain, "turns": plain,
        "questions": "sources approved or further, 0 barred, threshold fitted",
    }  # fmt: skip
    assert [(one.name, one.digest, one.cases) for one in provenance.suites] == [
        ("tiny", "d0", 5), ("retrieval", "d1", 3), ("turns", "d2", 2), ("questions", "d3", 2),
    ]  # fmt: skip
    (snapshot,) = {one.snapshot for one in provenance.suites}
    assert snapshot == asked[0].snapshot.name
    assert {one.documents for one in provenance.suites} == {len(list(documents()))}


def test_each_kind_of_content_leaves_its_kind_of_line(unbroken: Run) -> None:
    kinds = {suite: {type(line) for line in unbroken.lines if line.suite == suite} for suite, _ in ITEMS}
    assert kinds == {"tiny": {Answered}, "retrieval": {RankedQuery}, "turns": {ReadTurn}, "questions": {Answered}}
    by_item = {(one.suite, one.case): one.scores for one in unbroken.scored}
    assert by_item["tiny", "dose"]["vital_nugget_recall"] == Score(1, 1)
    assert by_item["tiny", "none"]["correct_refusal"] == Score(1, 1)
    assert by_item["retrieval", QUERIES[0].id]["ndcg_at_10"] == Score(1, 1)
    assert by_item["turns", "first"]["overlap_at_10"][0] == by_item["turns", "first"]["overlap_at_10"][1]


def test_rules_of_an_examination_are_those_answered_by(unbroken: Run) -> None:
    by_item = {(line.suite, line.id): line for line in unbroken.lines}
    free, strict = by_item["tiny", "dose"], by_item["questions", "dose"]
    assert isinstance(free, Answered)
    assert isinstance(strict, Answered)
    assert {source.review_status for source in free.told.sources} - {"approved"}
    assert {citation.review_status for one in strict.told.statements for citation in one.citations} <= {"approved"}


def test_progress_counts_every_item(asked: tuple[Examination, ...], tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    run(asked[1:], SETUP, tmp_path / "run", CREATED, progress=lambda stage, done: told.append((stage, done)))
    assert told == [("cases", number) for number in range(1, 8)]


def test_what_is_done_is_not_asked_again(asked: tuple[Examination, ...], unbroken: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"

    def stop(stage: str, done: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(asked, SETUP, folder, CREATED, progress=stop)
    with pytest.raises(BadRun, match="was not finished"):
        read_run(folder)
    before = (folder / CASES).read_bytes()
    told: list[int] = []
    again = run(asked, SETUP, folder, LATER, progress=lambda stage, done: told.append(done))
    assert told == list(range(5, len(ITEMS) + 1))
    assert (folder / CASES).read_bytes().startswith(before)
    assert again.provenance.created == CREATED
    told_alike(again, unbroken)
    assert run(asked, SETUP, folder, LATER, progress=lambda stage, done: told.append(done)).scored == unbroken.scored
    assert len(told) == len(ITEMS) - 4


def test_a_run_of_other_rules_or_setup_is_not_gone_on_with(asked: tuple[Examination, ...], tmp_path: Path) -> None:
    (one, *_) = asked
    run([one], SETUP, tmp_path / "run", CREATED)
    stricter = Examination(one.content, one.snapshot, Rules(enough=0.9))
    with pytest.raises(BadRun, match="another configuration;"):
        run([stricter], SETUP, tmp_path / "run", CREATED)
    with pytest.raises(BadRun, match="another configuration, suites;"):
        run(asked, SETUP, tmp_path / "run", CREATED)


def test_a_run_killed_at_any_instant_goes_on_to_the_same_scores(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "killed", str(tmp_path)], cwd=ROOT, capture_output=True, check=True, text=True)
    killed = json.loads(done.stdout)
    instants = [one["before"] for one in killed]
    assert {"line 1", "line 2", "line 3", "os.mkdir run", "open cases.jsonl", "the end"} <= set(instants)
    for name in (PROVENANCE, SCORES, SUMMARY):
        assert any(instant.startswith(f"os.rename .{name}") for instant in instants)
    asked = few(tmp_path / "index")
    unbroken = run(asked, SETUP, tmp_path / "unbroken", CREATED)
    for one in (*killed[:4], *random.Random(20261122).sample(killed[4:], 5)):
        told_alike(run(asked, SETUP, Path(one["home"]) / "run", CREATED), unbroken)


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@needs_proc
def test_two_processes_give_the_same_scores_and_end_with_one_that_is_killed(
    asked: tuple[Examination, ...], tmp_path: Path
) -> None:
    process = subprocess.Popen([*COMMAND, "stuck", str(tmp_path)], cwd=ROOT)
    until(lambda: (tmp_path / "stuck").exists() or process.poll() is not None)
    workers = [int(one) for one in (tmp_path / "stuck").read_text().split()]
    assert len(workers) == 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    until(lambda: not any(alive(worker) for worker in workers))
    assert len((tmp_path / "run" / CASES).read_bytes().splitlines()) == 2
    done = run(asked[:1], SETUP, tmp_path / "run", CREATED, jobs=2)
    assert [(one.suite, one.case) for one in done.scored] == ITEMS[:5]
    told_alike(done, run(asked[:1], SETUP, tmp_path / "alone", CREATED))


def test_a_worker_that_is_ended_from_outside_is_told(tmp_path: Path) -> None:
    setup = dataclasses.replace(SETUP, as_json=ends_itself)
    with pytest.raises(EvaluationError, match="fewer --jobs: what is done is kept"):
        run(few(tmp_path)[:1], setup, tmp_path / "run", CREATED, jobs=2)


@needs_proc
def test_memory_is_told_in_mebibytes() -> None:
    ours = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    assert peak_memory() >= 0.9 * ours
    assert peak_memory() < 1_000_000


def test_what_loads_models_is_not_imported_before_there_is_one_to_load() -> None:
    loaded = 'import sys, api.cli; sys.exit(", ".join({"torch", "sentence_transformers"} & set(sys.modules)) or None)'
    subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=True)
