"""What may go live: floors count always, a baseline on the same documents only, and chance never."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.evaluation.errors import BadSuite
from assistant.evaluation.gate import FLOORS, faults, floors_of, notices, read_floors
from assistant.evaluation.record import Answered, SuiteRecord, Summary
from assistant.evaluation.run_folder import Run
from tests.judged import case
from tests.reported import answered, record, right, run_of, summary

CASES = 12


def asked(refused: int, suites: Sequence[SuiteRecord] | None = None, summaries: Sequence[Summary] | None = None) -> Run:
    """Twelve cases that can be answered, of which the first are refused."""
    cases = [case(id=f"case-{n}") for n in range(CASES)]
    lines: list[Answered] = [answered(of=one) if n < refused else right(one) for n, one in enumerate(cases)]
    return run_of(lines, suites=suites, summaries=summaries)


def measured(**values: float) -> Run:
    return run_of([right()], summaries=[summary("suite", 1, **values)])


RUN = asked(0)


@pytest.mark.parametrize(("name", "value", "floor", "is_open"), [
    ("statement_support", 0.98, 0.98, True), ("statement_support", 0.9799, 0.98, False),
    ("statement_support", 1, 0.98, True),
    ("wrong_refusal", 0.05, 0.05, True), ("wrong_refusal", 0.0501, 0.05, False), ("wrong_refusal", 0, 0.05, True),
    ("withdrawn_cited", 0, 0, True), ("withdrawn_cited", 0.001, 0, False),
    ("statement_support", float("nan"), 0, False), ("wrong_refusal", float("nan"), 1, False),
])  # fmt: skip
def test_a_floor_is_the_least_or_the_most_that_is_let_through(
    name: str, value: float, floor: float, is_open: bool
) -> None:
    run = measured(**{name: value})
    found = faults(run, run, {"suite": {name: floor}})
    assert (found == ()) is is_open
    assert all("suite: " in fault and f"its floor is {floor:g}." in fault for fault in found)


def test_what_has_a_floor_must_have_been_measured() -> None:
    run = measured(outcome_right=1)
    assert faults(run, run, {"suite": {"same_again": 1}}) == (
        "suite: Same when asked again has a floor of 1 and was not measured.",
    )
    (fault,) = faults(run, run, {"another": {"outcome_right": 0.5}})
    assert fault == "another: Outcome right has a floor of 0.5 and was not measured."


def test_every_floor_that_is_not_met_is_told() -> None:
    run = measured(outcome_right=0.5, wrong_refusal=0.5, same_again=1)
    floors = {"suite": {"outcome_right": 0.9, "wrong_refusal": 0.1, "same_again": 1}}
    assert [fault.partition(":")[2] for fault in faults(run, run, floors)] == [
        " Outcome right is 0.500; its floor is 0.9.",
        " Wrong refusal is 0.500; its floor is 0.1.",
    ]


def test_what_fell_by_more_than_chance_closes_the_gate_and_what_rose_does_not() -> None:
    worse = asked(CASES)
    found = faults(worse, RUN, {})
    assert any(fault.startswith("suite: Wrong refusal fell from 0.000 to 1.000 (p = 0.0") for fault in found)
    assert any(fault.startswith("suite: Outcome right fell from 1.000 to 0.000 (p = 0.0") for fault in found)
    assert all("corrected" in fault for fault in found)
    assert faults(RUN, worse, {}) == ()
    assert faults(RUN, RUN, {}) == ()


def test_what_may_be_chance_does_not_close_it() -> None:
    assert faults(asked(3), RUN, {}) == ()


def test_a_baseline_of_other_documents_is_not_compared_with_and_that_is_told() -> None:
    worse = asked(CASES, suites=[record("suite", CASES, corpus="another")])
    assert faults(worse, RUN, {}) == ()
    assert notices(worse, RUN) == ("suite: the baseline is of other documents; only floors were looked at.",)
    floors = {"suite": {"wrong_refusal": 0.1}}
    assert len(faults(worse, RUN, floors)) == 1


def test_a_suite_that_the_baseline_has_not_is_judged_by_its_floors_and_that_is_told() -> None:
    baseline = run_of([], suites=[record("another", 3)], summaries=[])
    assert faults(RUN, baseline, {}) == ()
    assert notices(RUN, baseline) == ("suite: the baseline does not have it; only floors were looked at.",)


def test_cases_that_changed_are_told_and_those_of_both_are_compared() -> None:
    worse = asked(CASES, suites=[record("suite", CASES, digest="changed")])
    assert faults(worse, RUN, {}) != ()
    assert notices(worse, RUN) == ("suite: its cases changed since the baseline; those of both were compared.",)
    assert notices(RUN, RUN) == ()


def test_floors_are_read(tmp_path: Path) -> None:
    assert floors_of(tmp_path) == {}
    (tmp_path / FLOORS).write_text('{"starter": {"outcome_right": 0.9, "withdrawn_cited": 0}}', "utf-8")
    assert (
        read_floors(tmp_path / FLOORS)
        == floors_of(tmp_path)
        == {"starter": {"outcome_right": 0.9, "withdrawn_cited": 0}}
    )


@pytest.mark.parametrize(("written", "told"), [
    (b"{", "truncated"), (b"[]", "Expected `object`"), (b"\xff", "malformed"),
    (b'{"suite": {"outcome_right": "high"}}', "Expected `float`"),
    (b'{"suite": {"outcome_wright": 1}}', "no measure 'outcome_wright'"),
])  # fmt: skip
def test_floors_that_cannot_be_read_name_the_file(written: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / FLOORS
    path.write_bytes(written)
    with pytest.raises(BadSuite, match=r"floors\.json.*suite → measure → number") as raised:
        read_floors(path)
    assert told in str(raised.value)
    with pytest.raises(BadSuite, match=r"floors\.json"):
        floors_of(tmp_path)


def test_floors_that_are_named_and_not_there_are_no_open_gate(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match=r"typo\.json cannot be read"):
        read_floors(tmp_path / "typo.json")
