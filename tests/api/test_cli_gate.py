"""`sequitur evaluate gate`, `baseline` and `calibrate`: what may go live, and from where on is refused."""

import json
import shlex
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from api.thresholds import Thresholds, basis_of, thresholds_path
from assistant.evaluation.case import read_suite
from assistant.evaluation.gate import FLOORS
from assistant.evaluation.run_folder import CASES as LINES
from assistant.evaluation.run_folder import read_run
from tests.api.evaluating import CALIBRATION, CASES, LESINURAD, encoder_of, put_threshold, write_suite
from tests.api.terminal import Terminal
from tests.api.test_cli_index import built_next, live, retract

MUST = {"own": {"must_cite_met": 1, "outcome_right": 0.9, "withdrawn_cited": 0}}
SEQUITUR = shlex.join([sys.executable, "-c", "from api.cli import main; main()"])


@pytest.fixture
def baseline(empty: Terminal, run_folder: Path, tmp_path: Path) -> Path:
    """The run as a baseline, with floors."""
    folder = tmp_path / "baselines" / "ours"
    assert empty.run("evaluate", "baseline", str(run_folder), str(folder)).stdout == f"{folder}\n"
    (folder / FLOORS).write_text(json.dumps(MUST), "utf-8")
    return folder


def test_a_baseline_keeps_all_but_the_answers_and_its_floors_stay(
    empty: Terminal, run_folder: Path, worse_folder: Path, baseline: Path
) -> None:
    run, kept = read_run(run_folder), read_run(baseline)
    assert (kept.provenance, kept.scored, kept.summaries) == (run.provenance, run.scored, run.summaries)
    assert not (baseline / LINES).exists()
    assert empty.run("evaluate", "baseline", str(worse_folder), str(baseline)).exit_code == 0
    assert read_run(baseline).scored == read_run(worse_folder).scored
    assert json.loads((baseline / FLOORS).read_text("utf-8")) == MUST


def test_a_run_as_good_as_the_baseline_passes(empty: Terminal, run_folder: Path, baseline: Path) -> None:
    words = ("evaluate", "gate", "--run", str(run_folder), "--baseline", str(baseline))
    result = empty.run(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "The gate is open.\n")
    assert json.loads(empty.run(*words, "--json").stdout) == {"passed": True, "faults": [], "notices": []}


def test_a_run_that_is_worse_does_not_and_says_why(empty: Terminal, worse_folder: Path, baseline: Path) -> None:
    words = ("evaluate", "gate", "--run", str(worse_folder), "--baseline", str(baseline))
    result = empty.run(*words)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert any(line.startswith("own: Outcome right is 0.") and "floor is 0.9" in line for line in lines)
    assert any(line.startswith("own: Wrong refusal fell from 0.000 to 1.000") for line in lines)
    assert f"sequitur: the gate is closed: {len(lines)} of its conditions are not met" in result.stderr
    told = json.loads(empty.run(*words, "--json").stdout)
    assert (told["passed"], told["faults"]) == (False, lines)


def test_floors_of_ones_own_stand_in_for_those_of_the_baseline(
    empty: Terminal, run_folder: Path, baseline: Path, tmp_path: Path
) -> None:
    words = ("evaluate", "gate", "--run", str(run_folder), "--baseline", str(baseline), "--floors")
    own = tmp_path / "own.json"
    own.write_text('{"own": {"word_count": 1}, "another": {"outcome_right": 0.1}}', "utf-8")
    result = empty.run(*words, str(own))
    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["own", "another"]
    assert "typo.json cannot be read" in empty.fails(*words, str(tmp_path / "typo.json"))
    own.write_text('{"own": {"outcome_wrong": 1}}', "utf-8")
    assert "own.json: there is no measure 'outcome_wrong'" in empty.fails(*words, str(own))


def test_the_candidate_is_asked_before_it_is_live(copied: Terminal, suite_file: Path, baseline: Path) -> None:
    """Without a source that must be cited it fails, on documents with which no baseline compares."""
    words = ("evaluate", "gate", str(suite_file), "--baseline", str(baseline))
    good = live(copied)
    retract(copied, LESINURAD.doi)
    bad = built_next(copied, "--no-promote")
    refused = copied.run(*words, SEQUITUR_SNAPSHOT=bad)
    assert refused.exit_code == 1
    assert "own: Expected source cited is 0.000; its floor is 1." in refused.stdout
    assert "own: the baseline is of other documents; only floors were looked at." in refused.stdout
    assert live(copied) == good
    assert not (copied.home / "evaluation").exists()


@pytest.mark.slow
def test_promotion_runs_the_gate_on_the_candidate(copied: Terminal, suite_file: Path, baseline: Path) -> None:
    """In a process of its own, as an operator sets it up."""
    gate = f"{SEQUITUR} evaluate gate {shlex.quote(str(suite_file))} --baseline {shlex.quote(str(baseline))}"
    first = live(copied)
    retract(copied, LESINURAD.doi, "expression_of_concern")
    good = built_next(copied, "--no-promote")
    retract(copied, LESINURAD.doi)
    bad = built_next(copied, "--no-promote")
    assert len({first, good, bad}) == 3
    refused = copied.run("index", "promote", bad, SEQUITUR_GATE=gate)
    assert refused.exit_code == 1
    assert "Expected source cited is 0.000" in refused.stderr
    assert "ended with status 1" in refused.stderr
    assert live(copied) == first


@pytest.mark.slow
def test_promotion_lets_through_what_the_gate_does(copied: Terminal, suite_file: Path, baseline: Path) -> None:
    gate = f"{SEQUITUR} evaluate gate {shlex.quote(str(suite_file))} --baseline {shlex.quote(str(baseline))}"
    retract(copied, LESINURAD.doi, "expression_of_concern")
    good = built_next(copied, "--no-promote")
    assert live(copied) != good
    passed = copied.run("index", "promote", good, SEQUITUR_GATE=gate)
    assert passed.exit_code == 0, passed.output
    assert live(copied) == good


def test_a_threshold_is_chosen_and_used_from_then_on(copied: Terminal, tmp_path: Path) -> None:
    """With every answerable case allowed to be refused but the surest, little is answered."""
    suite = write_suite(tmp_path / "own.jsonl", CALIBRATION)
    result = copied.run("evaluate", "calibrate", str(suite), "--wrong-refusals", "1")
    assert result.exit_code == 0, result.output
    path = thresholds_path(copied.home)
    kept = msgspec.json.decode(path.read_bytes(), type=Thresholds)
    answerable = sum(one.is_answerable for one in CASES)
    assert (kept.rates.answerable, kept.rates.refusable, kept.rates.correct_refusal) == (answerable, 1, 1)
    assert kept.rates.wrong_refusal == (answerable - 1) / answerable
    assert (kept.suite, kept.suite_digest) == ("own", read_suite(suite).digest)
    assert kept.basis == basis_of(encoder_of(copied.home))
    assert f"from a probability of {kept.enough:.3f} on; written to {path}" in result.stdout
    outcomes = [json.loads(copied.run("ask", "--json", one.question).stdout)["outcome"] for one in CASES[:4]]
    assert outcomes.count("insufficient_evidence") >= 3

    again = copied.run("evaluate", "calibrate", str(suite), "--wrong-refusals", "0", "--json")
    lower = msgspec.json.decode(again.stdout, type=Thresholds)
    assert lower.enough < kept.enough
    assert (lower.rates.wrong_refusal, lower.rates.correct_refusal) == (0, 1)
    assert all(json.loads(copied.run("ask", "--json", one.question).stdout)["statements"] for one in CASES[:2])


def test_cases_of_other_splits_change_no_threshold(copied: Terminal, tmp_path: Path) -> None:
    out, found = tmp_path / "new" / "thresholds.json", []
    tests = tuple(replace(one, id=f"test-{one.id}") for one in CASES)
    for others in ((), tests, tests[:3]):
        suite = write_suite(tmp_path / "own.jsonl", (*CALIBRATION, *others))
        result = copied.run("evaluate", "calibrate", str(suite), "--out", str(out))
        assert result.exit_code == 0, result.output
        kept = msgspec.json.decode(out.read_bytes(), type=Thresholds)
        found.append((kept.enough, kept.rates))
    assert found == found[:1] * 3
    assert not thresholds_path(copied.home).exists()


def test_a_threshold_of_another_program_does_not_stand_in_the_way_of_a_new_one(
    copied: Terminal, tmp_path: Path
) -> None:
    suite = write_suite(tmp_path / "own.jsonl", CALIBRATION)
    put_threshold(copied.home, 0.5, basis="another")
    assert "calibrate again" in copied.fails("ask", CASES[0].question)
    assert copied.run("evaluate", "calibrate", str(suite)).exit_code == 0
    assert copied.run("ask", CASES[0].question).exit_code == 0


def test_what_has_nothing_to_calibrate_on_is_refused(copied: Terminal, suite_file: Path, tmp_path: Path) -> None:
    assert '"split": "calibration"' in copied.fails("evaluate", "calibrate", str(suite_file))
    refusable = write_suite(tmp_path / "own.jsonl", [one for one in CALIBRATION if not one.is_answerable])
    assert "can be answered" in copied.fails("evaluate", "calibrate", str(refusable))
    assert not thresholds_path(copied.home).exists()
