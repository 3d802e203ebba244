"""Lines and scores of a run → a summary for each suite: values with intervals, curves, latency."""

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.evaluation.measures import outcomes
from assistant.evaluation.record import Answered, Line, Percentiles, Summary, Value
from assistant.evaluation.score import Score, Scored, pooled
from assistant.evaluation.scoring import columns
from assistant.evaluation.statistics import intervals

SEED = 20_261_122
"""Of the bootstrap; any would do, but it must not change between runs."""


def summarise(lines: Sequence[Line], scored: Sequence[Scored], peak_memory_mib: float) -> tuple[Summary, ...]:
    """A summary for each suite, in the order in which they were asked; lines and scores are in one order."""
    suites = dict.fromkeys(line.suite for line in lines)
    return tuple(
        _summary(
            suite,
            [line for line in lines if line.suite == suite],
            [one for one in scored if one.suite == suite],
            peak_memory_mib,
        )
        for suite in suites
    )


def values(scored: Sequence[Scored]) -> dict[str, Value]:
    """Every measure over the cases it concerns, with its 95% interval."""
    by_measure = columns(scored)
    found = intervals(by_measure, seed=SEED)
    return {name: _value(column, found[name].low, found[name].high) for name, column in by_measure.items()}


def _value(column: Sequence[Score | None], low: float, high: float) -> Value:
    counted = [score for score in column if score is not None]
    hits, total = sum(one.hits for one in counted), sum(one.total for one in counted)
    return Value(pooled(counted), low, high, hits, total, len(counted))


def _summary(suite: str, lines: Sequence[Line], scored: Sequence[Scored], peak_memory_mib: float) -> Summary:
    answered = [line for line in lines if isinstance(line, Answered)]
    confident = list(_confident(answered))
    return Summary(
        suite=suite,
        cases=len(lines),
        measures=values(scored),
        by_tag={tag: _of_tag(tag, scored) for tag in sorted({tag for one in scored for tag in one.tags})},
        confusion=outcomes.confusion((line.case.outcomes[0], line.told.outcome) for line in answered),
        risk_coverage=outcomes.risk_coverage(confident),
        aurc=outcomes.aurc(confident),
        reliability=outcomes.reliability(confident),
        ece=outcomes.ece(confident),
        latency=_latency(lines),
        peak_memory_mib=round(peak_memory_mib, 1),
    )


def _of_tag(tag: str, scored: Sequence[Scored]) -> dict[str, float]:
    by_measure = columns([one for one in scored if tag in one.tags])
    found = {name: pooled(one for one in column if one is not None) for name, column in by_measure.items()}
    return {name: value for name, value in found.items() if not np.isnan(value)}


def _confident(lines: Sequence[Answered]) -> Iterator[tuple[float, bool]]:
    """(probability that the evidence answers, whether the case can be answered) where something was searched."""
    for line in lines:
        confidence = line.told.confidence
        if confidence is not None:
            yield confidence, line.case.is_answerable


def _latency(lines: Sequence[Line]) -> dict[str, Percentiles]:
    """Seconds by stage, and of all of them together."""
    each = [line.seconds if isinstance(line, Answered) else {"all": line.seconds} for line in lines]
    stages = dict.fromkeys(stage for seconds in each for stage in seconds)
    return {stage: _percentiles([seconds[stage] for seconds in each if stage in seconds]) for stage in stages}


def _percentiles(seconds: Sequence[float]) -> Percentiles:
    p50, p95, p99 = (float(one) for one in np.quantile(seconds, [0.5, 0.95, 0.99]))
    return Percentiles(p50, p95, p99, max(seconds))
