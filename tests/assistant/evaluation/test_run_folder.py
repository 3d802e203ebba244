"""Run folders: what was added is there again, whatever cut the writing short; what is no run is refused by name."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.evaluation.errors import BadRun
from assistant.evaluation.record import Line, Provenance
from assistant.evaluation.run_folder import (
    CASES,
    PROVENANCE,
    SCORES,
    SUMMARY,
    Run,
    RunWriter,
    is_finished,
    read_run,
    write_baseline,
)
from indexer.errors import NotWritten
from tests.indexer.filling import small_files
from tests.reported import ranked, record, right, run_of, turn

LINES: tuple[Line, ...] = (right(), ranked("1"), turn("1_2"), ranked("2"))
RUN = run_of(LINES)


def written(folder: Path, lines: Sequence[Line] = LINES, provenance: Provenance = RUN.provenance) -> None:
    """Lines, added in a sitting of their own."""
    with closing(RunWriter(folder, provenance)) as writer:
        for line in lines:
            writer.add(line)


def finished(folder: Path) -> Path:
    with closing(RunWriter(folder, RUN.provenance)) as writer:
        for line in LINES[len(writer.done) :]:
            writer.add(line)
        writer.finish(RUN.scored, RUN.summaries)
    return folder


def done_in(folder: Path, provenance: Provenance = RUN.provenance) -> tuple[Line, ...]:
    with closing(RunWriter(folder, provenance)) as writer:
        return writer.done


def test_a_finished_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = finished(tmp_path / "deep" / "run-1")
    assert read_run(folder) == RUN
    assert {path.name for path in folder.iterdir()} == {PROVENANCE, CASES, SCORES, SUMMARY}


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "run-1"
    for number, line in enumerate(LINES):
        assert done_in(folder) == LINES[:number]
        written(folder, [line])
    assert read_run(finished(folder)) == RUN


def test_going_on_with_a_finished_run_changes_nothing(tmp_path: Path) -> None:
    folder = finished(tmp_path / "run-1")
    assert read_run(finished(folder)) == RUN


def test_what_was_added_is_on_the_disk_before_the_next(tmp_path: Path) -> None:
    with closing(RunWriter(tmp_path / "run-1", RUN.provenance)) as writer:
        for number, line in enumerate(LINES, start=1):
            writer.add(line)
            assert (tmp_path / "run-1" / CASES).read_bytes().count(b"\n") == number


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.data())
def test_a_torn_last_line_is_dropped_wherever_it_broke(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / f"run-{os.urandom(8).hex()}"
    written(folder)
    whole = (folder / CASES).read_bytes()
    kept = data.draw(st.integers(0, len(whole)))
    os.truncate(folder / CASES, kept)
    complete = whole[:kept].count(b"\n")
    assert done_in(folder) == LINES[:complete]
    assert read_run(finished(folder)) == dataclasses.replace(RUN, name=folder.name)


def test_a_process_killed_while_it_began_a_run_leaves_nothing_that_stops_it(tmp_path: Path) -> None:
    folder = tmp_path / "run-1"
    folder.mkdir()
    (folder / f".{PROVENANCE}.123.456").write_bytes(b'{"created": "2026')
    assert done_in(folder) == ()
    assert {path.name for path in folder.iterdir()} == {PROVENANCE, CASES}


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("software", "sequitur 1"), ("code", "another"), ("encoder", "another@1"), ("support", "another"),
        ("machine", "another"), ("configuration", {"suite": "threshold 0.9"}),
        ("suites", (*RUN.provenance.suites, record("more", 1))),
    ],
)  # fmt: skip
def test_a_run_with_another_provenance_is_refused_by_what_differs(tmp_path: Path, field: str, other: Any) -> None:
    folder = finished(tmp_path / "run-1")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BadRun) as caught:
        RunWriter(folder, replace(RUN.provenance, **{field: other, "created": "later"}))
    assert str(caught.value) == f"{folder} holds a run with another {field}; name a new folder with --out"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_all_that_differs_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(BadRun, match="a run with another code, support;"):
        RunWriter(tmp_path, replace(RUN.provenance, support="s", code="c"))


def test_a_suite_of_another_corpus_or_digest_is_another_run(tmp_path: Path) -> None:
    written(tmp_path)
    (first, *rest) = RUN.provenance.suites
    for change in ({"corpus": "other"}, {"digest": "other"}, {"cases": 9}, {"snapshot": "other"}):
        with pytest.raises(BadRun, match="another suites;"):
            RunWriter(tmp_path, replace(RUN.provenance, suites=(replace(first, **change), *rest)))


def test_the_time_may_differ_and_the_first_is_kept(tmp_path: Path) -> None:
    written(tmp_path, LINES[:1])
    later = replace(RUN.provenance, created="2026-02-02T00:00:00+00:00")
    with closing(RunWriter(tmp_path, later)) as writer:
        assert (writer.provenance, writer.done) == (RUN.provenance, LINES[:1])


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    with closing(RunWriter(tmp_path, RUN.provenance)) as writer:
        writer.add(LINES[0])
        with pytest.raises(BadRun, match=f"{tmp_path} is being written by another process"):
            RunWriter(tmp_path, RUN.provenance)
        writer.add(LINES[1])
    assert done_in(tmp_path) == LINES[:2]


def test_a_full_disk_is_told_once_and_what_was_added_is_kept(tmp_path: Path) -> None:
    written(tmp_path, LINES[:2])
    writer = RunWriter(tmp_path, RUN.provenance)
    with small_files((tmp_path / CASES).stat().st_size + 10):
        with pytest.raises(NotWritten, match="run again with the same --out: what is done is kept"):
            writer.add(LINES[2])
        writer.close()
    assert read_run(finished(tmp_path)) == dataclasses.replace(RUN, name=tmp_path.name)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work")
    for place in (tmp_path, thesis):
        with pytest.raises(BadRun, match=f"{place} holds something that is no run; name a new folder"):
            RunWriter(place, RUN.provenance)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert thesis.read_text() == "years of work"


def test_an_unfinished_run_is_told_from_a_finished_one(tmp_path: Path) -> None:
    written(tmp_path / "run-1")
    assert not is_finished(tmp_path / "run-1")
    assert not is_finished(tmp_path / "none")
    with pytest.raises(BadRun, match=r"was not finished; finish it: sequitur evaluate run SUITE --out .*run-1"):
        read_run(tmp_path / "run-1")
    assert is_finished(finished(tmp_path / "run-1"))


def test_a_baseline_is_a_run_without_its_answers(tmp_path: Path) -> None:
    baseline, other = tmp_path / "baseline", run_of([right()], measures={"statement_support": 0.1})
    baseline.mkdir()
    (baseline / "floors.json").write_text("{}")
    for run in (other, RUN, RUN):
        write_baseline(run, baseline)
        assert is_finished(baseline)
        assert read_run(baseline) == Run("baseline", run.provenance, (), run.scored, run.summaries)
    assert {path.name for path in baseline.iterdir()} == {PROVENANCE, SCORES, SUMMARY, "floors.json"}


def test_a_baseline_does_not_take_the_place_of_a_run(tmp_path: Path) -> None:
    folder = finished(tmp_path / "run-1")
    with pytest.raises(BadRun, match="holds a run with its answers"):
        write_baseline(run_of([right()]), folder)
    assert read_run(folder) == RUN


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def garbled(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"suite"', b'"s\xff\xfe"', 1).replace(b'"encoder"', b'"s\xff\xfe"', 1))


def other(path: Path) -> None:
    path.write_bytes(b'["something", "else"]\n')


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut, garbled, other])
@pytest.mark.parametrize("name", [PROVENANCE, CASES, SCORES, SUMMARY])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: Callable[[Path], None]) -> None:
    folder = finished(tmp_path / "run-1")
    damage(folder / name)
    with pytest.raises(BadRun) as caught:
        read_run(folder)
    assert str(caught.value).startswith(str(folder / name))
    assert str(caught.value).endswith("run again into a new folder")


@pytest.mark.parametrize("name", [CASES, SCORES])
def test_a_damaged_line_is_named(tmp_path: Path, name: str) -> None:
    folder = finished(tmp_path / "run-1")
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    (folder / name).write_bytes(b"".join([*lines[:2], b'{"suite": 7}\n', *lines[3:]]))
    with pytest.raises(BadRun, match=f"{name}, line 3: "):
        read_run(folder)


def test_a_run_with_a_damaged_line_within_is_not_gone_on_with(tmp_path: Path) -> None:
    written(tmp_path)
    whole = (tmp_path / CASES).read_bytes()
    (tmp_path / CASES).write_bytes(whole.replace(b"{", b"[", 1))
    with pytest.raises(BadRun, match=f"{CASES}, line 1: "):
        RunWriter(tmp_path, RUN.provenance)
    (tmp_path / CASES).write_bytes(whole)
    assert done_in(tmp_path) == LINES


@pytest.mark.parametrize("instead", [Path.unlink, folder_instead])
@pytest.mark.parametrize("name", [PROVENANCE, SCORES, SUMMARY])
def test_a_missing_file_is_told(tmp_path: Path, name: str, instead: Callable[[Path], None]) -> None:
    folder = finished(tmp_path / "run-1")
    instead(folder / name)
    with pytest.raises(BadRun, match=str(folder)):
        read_run(folder)
