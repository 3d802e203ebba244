"""Each case of the starter suite asked of the starter corpus, and whether all suites together may go live.

known_failures.json (id → reason) holds what does not work yet: such a test must fail, and when it passes, its entry
has to go. In the gate a known failure counts as a failure.
"""

import json
from pathlib import Path

import pytest

from assistant.evaluation.case import Case, Split, Suite, read_suite
from assistant.evaluation.gate import FLOORS, faults, floors_of, notices
from assistant.evaluation.record import Answered
from assistant.evaluation.run_folder import Run, is_finished, read_run
from assistant.evaluation.shipped import baseline_path, suite_path
from assistant.evaluation.verdict import failures

STARTER = read_suite(suite_path("starter"))
KNOWN: dict[str, str] = json.loads((Path(__file__).parent / "known_failures.json").read_text("utf-8"))
BASELINE = baseline_path("starter")


def marks(case: Case) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=KNOWN[case.id])] if case.id in KNOWN else []


@pytest.mark.parametrize("case", [pytest.param(one, id=one.id, marks=marks(one)) for one in STARTER.cases])
def test_nothing_is_wrong_with_the_answer(case: Case, answered: dict[tuple[str, str], Answered]) -> None:
    line = answered[STARTER.name, case.id]
    stated = "\n".join(statement.text for statement in line.told.statements)
    assert failures(line) == (), f"{case.question!r} read as {line.told.read_as!r}, stating:\n{stated}"


def test_the_gate_is_open(run: Run) -> None:
    if not is_finished(BASELINE):
        pytest.skip("no baseline is shipped yet; see: sequitur evaluate baseline")
    baseline = read_run(BASELINE)
    assert notices(run, baseline) == ()
    assert faults(run, baseline, floors_of(BASELINE)) == ()


def test_every_floor_is_met(run: Run) -> None:
    """Also where no baseline can be compared with: each promise of form has its floor at 1, or 0 for what is barred."""
    floors = floors_of(BASELINE)
    assert faults(run, run, floors) == (), FLOORS
    exact = {
        "statement_support", "citation_validity", "span_exactness", "numeric_fidelity",
        "disclaimer_present", "caution_right", "same_again",
    }  # fmt: skip
    for suite in ("starter", "refusals"):
        assert {name for name, floor in floors[suite].items() if floor == 1} == exact
        assert floors[suite]["withdrawn_cited"] == 0


def test_the_suite_is_large_and_is_about_everything() -> None:
    tags = [tag for case in STARTER.cases for tag in case.tags]
    assert len(STARTER.cases) >= 200
    assert len({tag for tag in tags if tag.startswith("topic:")}) == 16
    for tag in ("multi-turn", "abbreviation", "misspelling", "near-miss", "out-of-scope", "emergency", "false-premise",
                "conflict", "dose", "injection"):  # fmt: skip
        assert tags.count(tag) >= 2, tag
    assert {case.split for case in STARTER.cases} == {Split.DEVELOP, Split.TEST}


def test_what_thresholds_are_chosen_on_is_not_what_they_are_told_on(suites: tuple[Suite, ...]) -> None:
    calibration = read_suite(suite_path("calibration"))
    assert {case.split for case in calibration.cases} == {Split.CALIBRATION}
    chosen_on = {(case.history, case.question.casefold()): case.id for case in calibration.cases}
    told_on = {(case.history, case.question.casefold()): case.id for suite in suites for case in suite.cases}
    assert {(chosen_on[asked], told_on[asked]) for asked in chosen_on.keys() & told_on.keys()} == set()
    assert set(chosen_on.values()).isdisjoint(told_on.values())


def test_a_known_failure_names_a_case_and_a_reason() -> None:
    assert set(KNOWN) <= {case.id for case in STARTER.cases}
    assert all(reason.strip() for reason in KNOWN.values())
