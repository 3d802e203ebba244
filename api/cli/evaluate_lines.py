"""Runs and comparisons as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.evaluation.compare import Changed, Comparison, Difference
from assistant.evaluation.measures import described
from assistant.evaluation.record import Summary, Value
from assistant.evaluation.run_folder import Run

LISTED = 20
"""Cases named on each side of a comparison; the report shows all."""


def run_lines(run: Run, targets: Mapping[str, float]) -> Iterator[str]:
    """Each suite with its measures, intervals and targets."""
    for summary in run.summaries:
        yield f"{summary.suite}: {summary.cases} cases"
        for name, value in summary.measures.items():
            yield f"  {described(name).title:26}  {_value(value)}{_against(name, value, targets)}"
        yield from _curves(summary)


def _value(value: Value) -> str:
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]  {value.cases} cases"


def _against(name: str, value: Value, targets: Mapping[str, float]) -> str:
    if name not in targets:
        return ""
    least = described(name).better == "higher"
    met = value.value >= targets[name] if least else value.value <= targets[name]
    return f"  {'met' if met else 'MISSED'}: {'at least' if least else 'at most'} {targets[name]:g}"


def _curves(summary: Summary) -> Iterator[str]:
    if summary.aurc is not None and summary.ece is not None:
        yield f"  Area under risk–coverage {summary.aurc:.3f}, calibration error {summary.ece:.3f}"
    if "all" in summary.latency:
        times = summary.latency["all"]
        yield (
            f"  Latency p50 {1000 * times.p50:.0f} ms, p95 {1000 * times.p95:.0f} ms; "
            f"memory {summary.peak_memory_mib:.0f} MiB"
        )


def run_as_json(run: Run) -> dict[str, Any]:
    """Provenance and summaries."""
    return {"run": run.name, "provenance": run.provenance, "summaries": run.summaries}


def comparison_as_json(one: Comparison) -> dict[str, Any]:
    """A comparison with its measures by name."""
    differences = [
        {"measure": each.measure.name, "before": each.before, "after": each.after, "cases": each.cases, "p": each.p,
         "is_worse": each.is_worse, "is_more_than_chance": each.is_more_than_chance}
        for each in one.differences
    ]  # fmt: skip
    same = {"same_corpus": one.same_corpus, "same_suite": one.same_suite}
    return {"suite": one.suite, **same, "differences": differences, "better": one.better, "worse": one.worse}


def comparison_lines(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Each suite with the measures that differ, and the cases that got better or worse."""
    for one in comparisons:
        yield one.suite
        if not one.same_corpus:
            yield "  The documents are not the same: differences need not come from the program."
        if not one.same_suite:
            yield "  The cases are not the same: those of both runs are compared."
        differing = [difference for difference in one.differences if difference.before != difference.after]
        for difference in differing:
            yield f"  {_difference(difference)}"
        if not differing:
            yield "  No measure differs."
        yield from _changed("better", one.better)
        yield from _changed("worse", one.worse)


def _difference(one: Difference) -> str:
    chance = "more than chance" if one.is_more_than_chance else "may be chance"
    better = "worse" if one.is_worse else "better"
    return f"{one.measure.title:26}  {one.before:.3f} → {one.after:.3f}  {better}, {chance} (p = {one.p:.4f})"


def _changed(side: str, cases: Sequence[Changed]) -> Iterator[str]:
    if cases:
        yield f"  {len(cases)} cases got {side}:"
    for one in cases[:LISTED]:
        yield f"    {one.case}  {', '.join(described(name).title for name in one.measures)}"
    if len(cases) > LISTED:
        yield f"    and {len(cases) - LISTED} more"
