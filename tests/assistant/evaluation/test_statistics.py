"""Intervals and tests: by hand, against scipy, and the laws that make a comparison of runs honest."""

from itertools import product
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.score import Score, pooled
from assistant.evaluation.statistics import EXACT, Difference, Interval, holm, intervals, paired_differences

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")

SCORE = st.none() | st.tuples(st.integers(0, 4), st.integers(1, 4)).map(lambda pair: Score(min(pair), pair[1]))
COLUMN = st.lists(SCORE, min_size=1, max_size=25)
P_VALUES = st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=12)


def shares(*values: float) -> list[Score | None]:
    return [Score(value) for value in values]


def drawn(seed: int, cases: int, share: float = 0.7) -> list[Score | None]:
    """Scores of cases with one to four parts each."""
    generator = np.random.default_rng(seed)
    totals = generator.integers(1, 5, size=cases)
    return [Score(float(generator.binomial(total, share)), float(total)) for total in totals]


def test_intervals_agree_with_scipy() -> None:
    column = drawn(1, 60)
    hits, totals = np.array([score for score in column if score]).T
    wanted = stats.bootstrap(
        (hits, totals), lambda h, t, axis=-1: h.sum(axis) / t.sum(axis), paired=True, vectorized=True,
        n_resamples=20_000, method="percentile", rng=np.random.default_rng(2),
    ).confidence_interval  # fmt: skip
    found = intervals({"m": column}, seed=3, resamples=20_000)["m"]
    assert found.value == pytest.approx(pooled(score for score in column if score))
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=0.006)


def test_half_the_cases_by_hand() -> None:
    """Of four cases, half right: of 16 equally likely hit counts, 0 and 4 have 1/16 each, so 95% reaches both."""
    assert intervals({"m": shares(0, 1, 0, 1)}, seed=0)["m"] == Interval(0.5, 0.0, 1.0)


@pytest.mark.parametrize(("cases", "hits"), [(1, 0), (20, 0), (20, 20), (200, 200)])
def test_where_all_cases_agree_the_interval_is_the_exact_one(cases: int, hits: int) -> None:
    exact = stats.binomtest(hits, cases).proportion_ci(method="exact")
    found = intervals({"m": shares(*[hits / cases] * cases)}, seed=0)["m"]
    assert found.value == hits / cases
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


@given(st.dictionaries(st.sampled_from("abc"), st.lists(SCORE, min_size=8, max_size=8), min_size=1), st.integers(0, 99))
def test_laws_of_intervals(columns: dict[str, list[Score | None]], seed: int) -> None:
    found = intervals(columns, seed=seed, resamples=200)
    assert list(found) == list(columns)
    assert str(found) == str(intervals(columns, seed=seed, resamples=200))
    for name, one in found.items():
        counted = [score for score in columns[name] if score is not None]
        if not counted:
            assert all(map(isnan, (one.value, one.low, one.high)))
            continue
        assert one.value == pytest.approx(pooled(counted))
        assert 0 <= one.low <= one.high <= 1
        alone = intervals({name: columns[name]}, seed=seed, resamples=200)[name]
        assert (alone.low, alone.high) == pytest.approx((one.low, one.high))  # whatever is measured beside it


def test_intervals_of_no_measure_and_of_no_case() -> None:
    assert intervals({}, seed=0) == {}
    assert isnan(intervals({"m": []}, seed=0)["m"].value)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    columns = {str(seed): drawn(seed, 100) for seed in range(400)}
    covered = [one.low <= 0.7 <= one.high for one in intervals(columns, seed=5, resamples=1000).values()]
    assert 0.91 <= np.mean(covered) <= 0.98


def test_more_cases_make_the_interval_narrower() -> None:
    few, many = (intervals({"m": drawn(7, cases)}, seed=0)["m"] for cases in (50, 800))
    assert (many.high - many.low) < (few.high - few.low) / 2


def test_parts_of_a_long_run_are_the_whole() -> None:
    long = drawn(3, 30_000)  # more than fits at once
    found = intervals({"m": long}, seed=0, resamples=300)["m"]
    error = np.sqrt(0.7 * 0.3 / sum(score.total for score in long if score))
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.2)


def test_a_paired_test_by_hand() -> None:
    """Three cases got better, none worse: of the 8 ways to flip them, all and none are as far apart."""
    first, second = {"m": shares(0, 0, 0, 1)}, {"m": shares(1, 1, 1, 1)}
    assert paired_differences(first, second, seed=0) == {"m": Difference(0.75, 2 / 8)}
    assert paired_differences(second, first, seed=0) == {"m": Difference(-0.75, 2 / 8)}


@pytest.mark.parametrize("seed", range(5))
def test_paired_tests_agree_with_scipy(seed: int) -> None:
    generator = np.random.default_rng(seed)
    one, other = generator.random((2, 9)).round(2)
    wanted = stats.permutation_test(
        (one, other), lambda x, y, axis=-1: y.mean(axis) - x.mean(axis), permutation_type="samples", n_resamples=np.inf
    )
    found = paired_differences({"m": shares(*one)}, {"m": shares(*other)}, seed=0)["m"]
    assert (found.difference, found.p) == pytest.approx((wanted.statistic, wanted.pvalue))


@given(st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=8))
def test_ratios_of_sums_are_flipped_whole(pairs: list[tuple[Score | None, Score | None]]) -> None:
    """Against the definition, written out: every way to swap the runs of each case, differing or not."""

    def ratio(scores: list[Score | None]) -> float:
        return pooled(score for score in scores if score is not None)

    def difference(swaps: tuple[bool, ...]) -> float:
        turned = [pair[::-1] if swap else pair for pair, swap in zip(pairs, swaps, strict=True)]
        return ratio([other for _, other in turned]) - ratio([one for one, _ in turned])

    observed = difference((False,) * len(pairs))
    all_ways = [difference(swaps) for swaps in product((False, True), repeat=len(pairs))]
    extreme = [isnan(one) or abs(one) >= abs(observed) - 1e-12 for one in all_ways]
    found = paired_differences({"m": [one for one, _ in pairs]}, {"m": [other for _, other in pairs]}, seed=0)["m"]
    assert found.difference == pytest.approx(observed, nan_ok=True)
    assert found.p == pytest.approx(np.mean(extreme) if not isnan(observed) else np.nan, nan_ok=True)


def test_drawn_flips_come_close_to_all_flips() -> None:
    generator = np.random.default_rng(4)
    one, other = generator.random((2, EXACT + 2))
    wanted = stats.permutation_test(
        (one, other), lambda x, y, axis=-1: y.mean(axis) - x.mean(axis), permutation_type="samples", n_resamples=np.inf
    )
    found = paired_differences({"m": shares(*one)}, {"m": shares(*other)}, seed=0, flips=50_000)["m"]
    assert found.p == pytest.approx(wanted.pvalue, abs=0.01)


def test_a_drawn_p_is_never_0() -> None:
    better = paired_differences({"m": shares(*[0] * 60)}, {"m": shares(*[1] * 60)}, seed=0, flips=999)["m"]
    assert better == Difference(1.0, 1 / 1000)


@given(COLUMN, st.integers(0, 9))
def test_a_run_does_not_differ_from_itself(column: list[Score | None], seed: int) -> None:
    found = paired_differences({"m": column}, {"m": column}, seed=seed)["m"]
    assert isnan(found.difference) or found == Difference(0.0, 1.0)


def test_false_alarms_are_as_rare_as_they_should_be() -> None:
    first = {str(seed): drawn(seed, 40) for seed in range(300)}
    second = {str(seed): drawn(seed + 1000, 40) for seed in range(300)}
    found = paired_differences(first, second, seed=0, flips=500)
    assert 0.02 <= np.mean([one.p <= 0.05 for one in found.values()]) <= 0.09


def test_only_measures_of_both_runs_are_compared_and_runs_of_other_cases_not_at_all() -> None:
    assert list(paired_differences({"a": shares(1), "b": shares(1)}, {"b": shares(1), "c": shares(1)}, seed=0)) == ["b"]
    with pytest.raises(ValueError, match=r"not of the same cases: they hold \[1, 2\]"):
        paired_differences({"m": shares(1)}, {"m": shares(1, 0)}, seed=0)


def test_holm_by_hand() -> None:
    """Four p-values: times 4, 3, 2, 1; the third (.06) is raised to the second (.06), the last to .06 as well."""
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert found == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})
    assert list(found) == ["a", "b", "c", "d"]
    assert holm({"a": 0.4, "b": 0.6}) == {"a": 0.8, "b": 0.8}
    assert holm({"a": 0.9, "b": 0.9}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_holm_passes_over_what_could_not_be_tested() -> None:
    found = holm({"a": 0.01, "none": float("nan"), "b": 0.02})
    assert isnan(found["none"])
    assert (found["a"], found["b"]) == (0.02, 0.02)


@given(P_VALUES)
def test_laws_of_holm(p_values: dict[str, float]) -> None:
    found = holm(p_values)
    ordered = sorted(p_values, key=lambda name: (p_values[name], name))
    assert [found[name] for name in ordered] == sorted(found.values())
    for name, p in p_values.items():
        assert p <= found[name] <= min(1.0, p * len(p_values))  # between no correction and Bonferroni's
    rejected = 0  # the procedure as Holm wrote it: go on while the i-th smallest is at most alpha / (m - i + 1)
    for at, name in enumerate(ordered):
        if p_values[name] * (len(ordered) - at) > 0.05:
            break
        rejected += 1
    assert {name for name, p in found.items() if p <= 0.05} == set(ordered[:rejected])


@given(P_VALUES)
def test_holm_agrees_with_statsmodels(p_values: dict[str, float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is not installed")
    if p_values:
        wanted = multitest.multipletests(list(p_values.values()), method="holm")[1]
        assert list(holm(p_values).values()) == pytest.approx(wanted.tolist())
