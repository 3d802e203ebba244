"""`sequitur evaluate`: suites, runs, comparisons and reports, on a small home."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.case import read_suite
from assistant.evaluation.record import Answered
from assistant.evaluation.run_folder import is_finished, read_run
from assistant.evaluation.shipped import SUITES, suite_path
from tests.api.evaluating import CASES, write_suite
from tests.api.terminal import Terminal


def test_the_shipped_suites_are_listed_and_are_valid(empty: Terminal) -> None:
    result = empty.run("evaluate", "suites")
    assert result.exit_code == 0
    counts = {name: len(read_suite(suite_path(name)).cases) for name in SUITES}
    for name, count in counts.items():
        assert f"{name}  {count} cases: " in result.stdout
    told = json.loads(empty.run("evaluate", "suites", "--json").stdout)
    assert {name: count for name, (count, _) in told["suites"].items()} == counts
    assert {"beir", "pubmedqa"} <= set(told["formats"])
    assert not empty.home.exists()


def test_suites_are_checked(empty: Terminal, suite_file: Path) -> None:
    digest = read_suite(suite_file).digest
    result = empty.run("evaluate", "check", str(suite_file), str(suite_path("starter")))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"own: {len(CASES)} cases, digest {digest}"
    (told,) = json.loads(empty.run("evaluate", "check", str(suite_file), "--json").stdout)
    assert told == {"suite": "own", "cases": len(CASES), "digest": digest}


@pytest.mark.parametrize(("line", "told"), [
    ('{"id": "2", "question": "Which dose?"}', "outcome"),
    ('{"id": "2", "question": "Which dose?", "outcome": "perhaps"}', "field outcome"),
    ('{"id": "2", "question": "Which dose?", "outcome": "answered", "nugget": []}', "nugget"),
    ('{"id": "1", "question": "Which dose?", "outcome": "answered"}', "names more than one case"),
    ("{", "no JSON object"),
])  # fmt: skip
def test_a_bad_suite_is_named_with_line_and_field(empty: Terminal, tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "1", "question": "Which dose?", "outcome": "answered"}\n' + line + "\n", "utf-8")
    for words in (("check", str(path)), ("run", str(path), "--out", str(tmp_path / "run"))):
        shown = empty.fails("evaluate", *words)
        assert f"{path}" in shown
        assert told in shown
        assert "line 2" in shown or "more than one" in shown
    assert not (tmp_path / "run").exists()


def test_a_run_tells_every_measure_and_leaves_its_folder(built: Terminal, run_folder: Path, suite_file: Path) -> None:
    again = built.run("evaluate", "run", str(suite_file), "--out", str(run_folder))
    assert again.exit_code == 0
    lines = again.stdout.splitlines()
    assert lines[0] == f"own: {len(CASES)} cases"
    for title in ("Outcome right", "Statement support", "Wrong refusal", "Same when asked again"):
        assert any(line.strip().startswith(title) for line in lines)
    assert f"sequitur evaluate report {run_folder}" in again.stderr
    run = read_run(run_folder)
    assert [line.id for line in run.lines] == [one.id for one in CASES]
    assert run.provenance.suites[0].digest == read_suite(suite_file).digest
    measured = {name: value.value for name, value in run.summaries[0].measures.items()}
    assert (measured["outcome_right"], measured["statement_support"], measured["same_again"]) == (1, 1, 1)
    told = json.loads(built.run("evaluate", "run", str(suite_file), "--out", str(run_folder), "--json").stdout)
    assert told["summaries"][0]["measures"]["outcome_right"]["value"] == 1


def test_a_run_is_named_after_its_time_and_kept_in_the_home(copied: Terminal, tmp_path: Path) -> None:
    small = write_suite(tmp_path / "small.jsonl", CASES[:1])
    assert copied.run("evaluate", "run", str(small)).exit_code == 0
    (folder,) = (copied.home / "evaluation" / "runs").iterdir()
    assert is_finished(folder)


@pytest.mark.slow
def test_two_processes_say_what_one_says(built: Terminal, run_folder: Path, suite_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert built.run("evaluate", "run", str(suite_file), "--out", str(folder), "--jobs", "2").exit_code == 0
    one, two = read_run(run_folder), read_run(folder)
    assert two.scored == one.scored
    bodies = [{line.id: bytes(line.answer) for line in run.lines if isinstance(line, Answered)} for run in (one, two)]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(("words", "told"), [
    (("nothing",), "'nothing' is no suite; name one of starter"),
    (("nowhere.jsonl",), "nowhere.jsonl cannot be read"),
    (("SUITE", "SUITE"), "more than one suite is called own"),
    (("SUITE", "--over", "SUITE"), "it has no documents of its own"),
    (("SUITE", "--out", "TAKEN"), "holds something that is no run"),
    (("SUITE", "--entailment", "nowhere"), "nowhere"),
])  # fmt: skip
def test_a_run_that_cannot_be_is_refused(
    built: Terminal, suite_file: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("Dear reader", "utf-8")
    places = {"SUITE": str(suite_file), "TAKEN": str(tmp_path / "taken")}
    given = [places.get(word, word) for word in words]
    given += [] if "--out" in given else ["--out", str(tmp_path / "run")]
    assert told in built.fails("evaluate", "run", *given)
    assert not (tmp_path / "run").exists()


def test_another_run_is_not_mixed_in(built: Terminal, run_folder: Path, tmp_path: Path) -> None:
    other = write_suite(tmp_path / "own.jsonl", CASES[:2])
    before = {path: path.read_bytes() for path in run_folder.iterdir()}
    line = built.fails("evaluate", "run", str(other), "--out", str(run_folder))
    assert f"{run_folder} holds a run with another" in line
    assert "suites" in line
    assert {path: path.read_bytes() for path in run_folder.iterdir()} == before


def test_without_an_index_nothing_is_asked(empty: Terminal, suite_file: Path) -> None:
    assert "sequitur index build" in empty.fails("evaluate", "run", str(suite_file))
    assert not empty.home.exists()


def test_a_run_that_got_worse_by_more_than_chance_is_told_by_the_status(
    empty: Terminal, run_folder: Path, worse_folder: Path
) -> None:
    same = empty.run("evaluate", "compare", str(run_folder), str(run_folder))
    assert (same.exit_code, same.stdout) == (0, "own\n  No measure differs.\n")
    worse = empty.run("evaluate", "compare", str(run_folder), str(worse_folder))
    assert worse.exit_code == 3
    assert "Wrong refusal" in worse.stdout
    assert "worse, more than chance" in worse.stdout
    assert "    yes-0  " in worse.stdout
    better = empty.run("evaluate", "compare", str(worse_folder), str(run_folder), "--json")
    assert better.exit_code == 0
    (told,) = json.loads(better.stdout)
    assert {changed["case"] for changed in told["better"]} == {one.id for one in CASES if one.is_answerable}
    assert told["worse"] == []


@pytest.mark.parametrize("command", ["compare", "report", "baseline", "gate"])
def test_what_is_no_run_is_named(empty: Terminal, tmp_path: Path, run_folder: Path, command: str) -> None:
    words = {
        "compare": (str(tmp_path), str(run_folder)),
        "report": (str(tmp_path),),
        "baseline": (str(tmp_path), str(tmp_path / "baseline")),
        "gate": ("--baseline", str(tmp_path)),
    }[command]
    assert f"{tmp_path} is no run folder" in empty.fails("evaluate", command, *words)
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_written_for_people_and_for_machines(
    empty: Terminal, run_folder: Path, worse_folder: Path, tmp_path: Path
) -> None:
    page, summary, tests = tmp_path / "deep" / "page.html", tmp_path / "summary.md", tmp_path / "junit.xml"
    written = ("--html", str(page), "--markdown", str(summary), "--junit", str(tests))
    result = empty.run("evaluate", "report", str(worse_folder), *written, "--history", str(run_folder.parent))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [str(page), str(summary), str(tests)]
    assert "own" in page.read_text("utf-8")
    assert "Wrong refusal" in summary.read_text("utf-8")
    assert 'failures="' in tests.read_text("utf-8")
    assert not (worse_folder / "report.html").exists()
