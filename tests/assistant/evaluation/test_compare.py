"""Two runs side by side, by hand: what differs, whether by more than chance, and which cases moved which way."""

import dataclasses
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.compare import Changed, Comparison, Difference, compare
from assistant.evaluation.errors import BadRun
from assistant.evaluation.run_folder import Run
from assistant.evaluation.score import Score, Scored
from tests.reported import record, run_of

Cases = Mapping[str, Mapping[str, float]]
"""Case → measure → hits of one."""


def run(cases: Cases, name: str = "run-1", suite: str = "suite", corpus: str = "c0ffee", digest: str = "d16e57") -> Run:
    """A run with these scores and nothing else."""
    scored = tuple(
        Scored(suite, case, (), {measure: Score(hits) for measure, hits in scores.items()})
        for case, scores in cases.items()
    )
    suites = [record(suite, len(cases), corpus, digest)]
    return dataclasses.replace(run_of([], name, suites=suites, summaries=[]), scored=scored)


def all_with(value: float, count: int, *measures: str) -> Cases:
    return {f"case-{n}": dict.fromkeys(measures, value) for n in range(count)}


def only(comparisons: tuple[Comparison, ...]) -> Comparison:
    (one,) = comparisons
    return one


def differences(before: Cases, after: Cases) -> dict[str, Difference]:
    return {one.measure.name: one for one in only(compare(run(before), run(after))).differences}


def test_by_hand() -> None:
    """Six cases that all turned right: of 64 ways to flip them, two are as extreme, so p = 1/32."""
    before, after = all_with(0, 6, "outcome_right"), all_with(1, 6, "outcome_right")
    (one,) = only(compare(run(before), run(after))).differences
    assert (one.measure.name, one.before, one.after, one.cases, one.p) == ("outcome_right", 0, 1, 6, 1 / 32)
    assert one.is_more_than_chance
    assert not one.is_worse


def test_p_is_corrected_for_the_number_of_measures() -> None:
    """Twice 1/32 is more than 1 in 20; the larger p of a measure that moved less is not multiplied."""
    before = all_with(0, 6, "outcome_right", "disclaimer_present")
    found = differences(before, all_with(1, 6, "outcome_right", "disclaimer_present"))
    assert {name: one.p for name, one in found.items()} == {"outcome_right": 2 / 32, "disclaimer_present": 2 / 32}
    assert not any(one.is_more_than_chance for one in found.values())
    after = {case: {"outcome_right": 1.0, "disclaimer_present": float(n < 2)} for n, case in enumerate(before)}
    mixed = differences(before, after)
    assert (mixed["outcome_right"].p, mixed["disclaimer_present"].p) == (2 / 32, 2 / 4)


@pytest.mark.parametrize(("measure", "rising_is_worse"), [
    ("outcome_right", False), ("wrong_refusal", True), ("withdrawn_cited", True), ("ndcg_at_10", False),
])  # fmt: skip
def test_which_way_is_worse_depends_on_the_measure(measure: str, rising_is_worse: bool) -> None:
    low, high = all_with(0, 3, measure), all_with(1, 3, measure)
    assert differences(low, high)[measure].is_worse is rising_is_worse
    assert differences(high, low)[measure].is_worse is not rising_is_worse
    assert not differences(high, high)[measure].is_worse


def test_values_are_ratios_of_sums_over_the_cases_that_a_measure_concerns() -> None:
    before = run({"a": {"outcome_right": 1}, "b": {"outcome_right": 0}})
    wide = Scored("suite", "a", (), {"outcome_right": Score(1), "statement_support": Score(1, 4)})
    after = dataclasses.replace(before, scored=(wide, before.scored[1]))
    (one,) = only(compare(before, after)).differences
    assert (one.measure.name, one.before, one.after, one.cases) == ("outcome_right", 0.5, 0.5, 2)
    more = dataclasses.replace(before, scored=(wide, Scored("suite", "b", (), {"statement_support": Score(3, 4)})))
    shared = {one.measure.name: (one.before, one.after, one.cases) for one in only(compare(after, more)).differences}
    assert shared == {"outcome_right": (0.5, 1, 1), "statement_support": (1 / 4, 4 / 8, 2)}


def test_cases_that_moved_are_named_with_their_measures_the_most_first() -> None:
    names = ("outcome_right", "disclaimer_present", "wrong_refusal")
    before = {case: dict.fromkeys(names, 0.0) for case in "abcd"}
    after = {
        "a": {"outcome_right": 1.0, "disclaimer_present": 0.0, "wrong_refusal": 0.0},
        "b": {"outcome_right": 1.0, "disclaimer_present": 1.0, "wrong_refusal": 1.0},
        "c": {"outcome_right": 0.0, "disclaimer_present": 0.0, "wrong_refusal": 1.0},
        "d": dict.fromkeys(names, 0.0),
    }
    found = only(compare(run(before), run(after)))
    both = Changed("b", ("outcome_right", "disclaimer_present"))
    assert found.better == (both, Changed("a", ("outcome_right",)))
    assert found.worse == (Changed("b", ("wrong_refusal",)), Changed("c", ("wrong_refusal",)))


def test_a_longer_answer_is_neither_better_nor_worse() -> None:
    found = only(compare(run({"a": {"word_count": 50}}), run({"a": {"word_count": 90}})))
    assert (found.better, found.worse) == ((), ())


def test_only_cases_of_both_runs_count_whatever_their_order() -> None:
    before = run({"gone": {"outcome_right": 1}, "a": {"outcome_right": 0}, "b": {"outcome_right": 1}})
    after = run({"b": {"outcome_right": 1}, "new": {"outcome_right": 1}, "a": {"outcome_right": 1}}, digest="other")
    found = only(compare(before, after))
    (one,) = found.differences
    assert (one.before, one.after, one.cases) == (0.5, 1, 2)
    assert found.better == (Changed("a", ("outcome_right",)),)
    assert (found.same_corpus, found.same_suite) == (True, False)


def test_other_documents_are_told() -> None:
    cases = all_with(1, 2, "outcome_right")
    found = only(compare(run(cases), run(cases, corpus="another")))
    assert (found.same_corpus, found.same_suite) == (False, True)


def test_suites_that_only_one_run_asked_are_left_out_and_without_a_shared_one_nothing_is_said() -> None:
    first, other = run(all_with(1, 2, "outcome_right")), run(all_with(0, 2, "outcome_right"), "run-2", "other")
    both = dataclasses.replace(
        first,
        provenance=run_of([], suites=[record("suite", 2), record("other", 2)]).provenance,
        scored=(*first.scored, *other.scored),
    )
    shared = only(compare(first, both))
    assert (shared.suite, shared.better, shared.worse) == ("suite", (), ())
    assert [one.suite for one in compare(both, both)] == ["suite", "other"]
    assert all(not one.better and not one.worse for one in compare(both, both))
    with pytest.raises(BadRun, match="run-1 and run-2 have no suite in common"):
        compare(first, other)


MEASURES = ("outcome_right", "wrong_refusal", "statement_support")
SCORES = st.dictionaries(st.sampled_from(MEASURES), st.sampled_from([0.0, 0.5, 1.0])).map(
    lambda scores: dict(sorted(scores.items()))
)
PAIRS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(SCORES, SCORES), min_size=1)


@given(PAIRS)
def test_the_other_way_round_what_was_better_is_worse(pairs: dict[str, tuple[dict[str, float], ...]]) -> None:
    first, second = (run({case: both[at] for case, both in pairs.items()}) for at in (0, 1))
    there, back = only(compare(first, second)), only(compare(second, first))
    assert (there.better, there.worse) == (back.worse, back.better)
    returned = {one.measure.name: one for one in back.differences}
    for one in there.differences:
        other = returned[one.measure.name]
        assert str((one.before, one.after, one.p)) == str((other.after, other.before, other.p))
        assert not (one.is_worse and other.is_worse)


@given(PAIRS)
def test_a_run_does_not_differ_from_itself(pairs: dict[str, tuple[dict[str, float], ...]]) -> None:
    one = run({case: both[0] for case, both in pairs.items()})
    found = only(compare(one, one))
    assert (found.better, found.worse) == ((), ())
    assert all(difference.p == 1 and not difference.is_more_than_chance for difference in found.differences)
