"""How sure a pooled measure is, and whether two runs differ by more than chance. Cases are what is resampled.

A measure over cases is a ratio of sums (score.py), so resampling weighs hits and totals of each case together.
Everything is deterministic for a seed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isnan

import numpy as np
import numpy.typing as npt

from assistant.evaluation.score import Score

RESAMPLES = 2_000
"""Fifty resamples lie beyond each 95% bound, so that another seed moves it little."""
FLIPS = 10_000
"""The least p that can be told is then .0001, which a Holm correction over 60 measures leaves at .006."""
EXACT = 12
"""Up to so many cases that differ, all 2^n sign flips are tried instead of drawn ones."""
_CELLS = 4_000_000
"""Numbers held at once; resamples are made in parts of that size."""

Matrix = npt.NDArray[np.float64]
Column = Sequence[Score | None]


@dataclass(frozen=True, slots=True)
class Interval:
    """A pooled value and its confidence bounds; all nan when no case concerns the measure."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A second run's pooled value less a first's, and the probability that chance gives one as large (two-sided)."""

    difference: float
    p: float


def intervals(
    columns: Mapping[str, Column], *, seed: int, resamples: int = RESAMPLES, level: float = 0.95
) -> dict[str, Interval]:
    """Percentile bootstrap intervals (Efron 1979, doi 10.1214/aos/1176344552) of measures over the same cases.

    A score is None in a case that the measure does not concern. Where every case says the same, 0 or 1, resampling
    would show no doubt at all; the exact interval of as many trials is given (Clopper and Pearson 1934,
    doi 10.1093/biomet/26.4.404).
    """
    if not columns:
        return {}
    hits, totals = _matrices(columns)
    values = _ratio(hits.sum(axis=0), totals.sum(axis=0))
    drawn = np.concatenate(
        [_ratio(weights @ hits, weights @ totals) for weights in _weights(len(hits), seed, resamples)]
    )
    tail = (1 - level) / 2
    found = {}
    for at, (name, column) in enumerate(columns.items()):
        counted = drawn[~np.isnan(drawn[:, at]), at]
        low, high = np.quantile(counted, [tail, 1 - tail]) if len(counted) else (np.nan, np.nan)
        found[name] = _certain(column, tail) or Interval(float(values[at]), float(low), float(high))
    return found


def _certain(column: Column, tail: float) -> Interval | None:
    """The exact interval when every case that counts has all hits, or none has any."""
    counted = [score for score in column if score is not None and score.total]
    if not counted:
        return None
    edge = tail ** (1 / len(counted))
    if all(score.hits == 0 for score in counted):
        return Interval(0.0, 0.0, 1 - edge)
    if all(score.hits == score.total for score in counted):
        return Interval(1.0, edge, 1.0)
    return None


def paired_differences(
    first: Mapping[str, Column], second: Mapping[str, Column], *, seed: int, flips: int = FLIPS
) -> dict[str, Difference]:
    """Paired randomization tests of the measures that both runs have, case by case in the same order.

    If nothing changed, which run a case's score came from is a coin's flip (Smucker, Allan and Carterette, CIKM 2007,
    doi 10.1145/1321440.1321528). With many differing cases flips are drawn, and p is (extreme + 1) / (flips + 1)
    (Phipson and Smyth, arXiv 1603.05766). ValueError when the runs are not of as many cases.
    """
    names = [name for name in first if name in second]
    lengths = {len(run[name]) for run in (first, second) for name in names}
    if len(lengths) > 1:
        raise ValueError(f"the runs are not of the same cases: they hold {sorted(lengths)}; give both in one order")
    return {name: _difference(first[name], second[name], seed, flips) for name in names}


def _difference(first: Column, second: Column, seed: int, flips: int) -> Difference:
    (one_hits, one_totals), (other_hits, other_totals) = _columns(first), _columns(second)
    kept = (one_hits.sum(), one_totals.sum(), other_hits.sum(), other_totals.sum())
    observed = float(_ratio(kept[2], kept[3]) - _ratio(kept[0], kept[1]))
    if isnan(observed):
        return Difference(observed, float("nan"))
    differs = (one_hits != other_hits) | (one_totals != other_totals)
    hits, totals = (other_hits - one_hits)[differs], (other_totals - one_totals)[differs]
    extreme = tried = 0
    for swapped in _flips(int(differs.sum()), seed, flips):
        moved_hits, moved_totals = swapped @ hits, swapped @ totals
        drawn = _ratio(kept[2] - moved_hits, kept[3] - moved_totals) - _ratio(
            kept[0] + moved_hits, kept[1] + moved_totals
        )
        # What leaves one run with nothing to count cannot be compared: it counts as extreme, so p is never too small.
        extreme += int((np.isnan(drawn) | (np.abs(drawn) >= abs(observed) - 1e-12)).sum())
        tried += len(swapped)
    exact = int(differs.sum()) <= EXACT
    return Difference(observed, extreme / tried if exact else (extreme + 1) / (tried + 1))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values corrected for their number by Holm's step-down procedure; nan stays, and does not count.

    The i-th smallest of m is multiplied by m - i + 1, and never less than the one before it (Holm 1979, A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6:65-70).
    """
    ordered = sorted((p, name) for name, p in p_values.items() if not isnan(p))
    corrected, least = dict.fromkeys(p_values, float("nan")), 0.0
    for at, (p, name) in enumerate(ordered):
        least = max(least, min(1.0, p * (len(ordered) - at)))
        corrected[name] = least
    return corrected


def _weights(cases: int, seed: int, resamples: int) -> Iterator[Matrix]:
    """How often each case is drawn, resample by resample, in parts."""
    generator = np.random.default_rng(seed)
    part = max(1, _CELLS // max(cases, 1))
    for start in range(0, resamples, part):
        size = min(part, resamples - start)
        drawn = generator.integers(cases, size=(size, cases)) if cases else np.empty((size, 0), dtype=np.int64)
        rows = np.arange(size)[:, np.newaxis] * cases
        yield np.bincount((drawn + rows).ravel(), minlength=size * cases).reshape(size, cases).astype(np.float64)


def _flips(cases: int, seed: int, flips: int) -> Iterator[Matrix]:
    """Which cases are swapped: every way when there are few, else drawn ones."""
    if cases <= EXACT:
        yield np.array(list(product((0.0, 1.0), repeat=cases)), dtype=np.float64).reshape(2**cases, cases)
        return
    generator = np.random.default_rng(seed)
    part = max(1, _CELLS // cases)
    for start in range(0, flips, part):
        yield generator.integers(2, size=(min(part, flips - start), cases)).astype(np.float64)


def _matrices(columns: Mapping[str, Column]) -> tuple[Matrix, Matrix]:
    """Hits and totals, cases × measures."""
    both = [_columns(column) for column in columns.values()]
    return np.column_stack([hits for hits, _ in both]), np.column_stack([totals for _, totals in both])


def _columns(column: Column) -> tuple[Matrix, Matrix]:
    scores = np.array([score or (0.0, 0.0) for score in column], dtype=np.float64).reshape(-1, 2)
    return scores[:, 0], scores[:, 1]


def _ratio(hits: Matrix, totals: Matrix) -> Matrix:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(totals > 0, np.divide(hits, totals), np.nan)
