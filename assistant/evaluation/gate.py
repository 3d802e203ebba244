"""May this go live? Measures against their floors, and against a baseline on the same corpus."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from assistant.evaluation.compare import compare
from assistant.evaluation.errors import BadSuite, EvaluationError
from assistant.evaluation.measures import described
from assistant.evaluation.record import Value
from assistant.evaluation.run_folder import Run

FLOORS = "floors.json"

Floors = Mapping[str, Mapping[str, float]]
"""Suite → measure → the least value it may have; the most, for a measure of which less is better."""


def read_floors(path: Path) -> Floors:
    """The floors in a file; BadSuite names what is wrong with it."""
    try:
        floors = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]])
        for name in chain.from_iterable(floors.values()):
            described(name)
    except OSError as error:
        raise BadSuite(f"{path} cannot be read: {error.strerror}; name a file of floors") from error
    except (msgspec.DecodeError, UnicodeDecodeError, EvaluationError) as error:
        raise BadSuite(f"{path}: {error}; floors are suite → measure → number") from error
    return floors


def floors_of(baseline: Path) -> Floors:
    """The floors that are kept with a baseline; a folder without them has none."""
    path = baseline / FLOORS
    return read_floors(path) if path.exists() else {}


def faults(run: Run, baseline: Run, floors: Floors) -> tuple[str, ...]:
    """Why a run must not go live, a sentence each; empty when it may.

    What has a floor must have been measured. A measure that is worse than the baseline's by more than chance counts
    only on the same documents: on others, a difference says nothing of the program.
    """
    return (*_below_floor(run, floors), *_worse_than(run, baseline))


def _below_floor(run: Run, floors: Floors) -> Iterator[str]:
    measured = {summary.suite: summary.measures for summary in run.summaries}
    for suite, measures in floors.items():
        for name, floor in measures.items():
            value = measured.get(suite, {}).get(name)
            title = described(name).title
            if value is None:
                yield f"{suite}: {title} has a floor of {floor:g} and was not measured."
            elif not _holds(name, value, floor):
                yield f"{suite}: {title} is {value.value:.3f}; its floor is {floor:g}."


def _holds(name: str, value: Value, floor: float) -> bool:
    return value.value >= floor if described(name).better == "higher" else value.value <= floor


def _worse_than(run: Run, baseline: Run) -> Iterator[str]:
    shared = {record.name for record in baseline.provenance.suites} & {one.name for one in run.provenance.suites}
    for comparison in compare(baseline, run) if shared else ():
        for one in comparison.differences if comparison.same_corpus else ():
            if one.is_worse and one.is_more_than_chance:
                yield (
                    f"{comparison.suite}: {one.measure.title} fell from {one.before:.3f} to {one.after:.3f} "
                    f"(p = {one.p:.4f}, corrected)."
                )


def notices(run: Run, baseline: Run) -> tuple[str, ...]:
    """What the gate could not look at: suites whose documents, or whose cases, are not those of the baseline."""
    before = {record.name: record for record in baseline.provenance.suites}
    found = []
    for record in run.provenance.suites:
        earlier = before.get(record.name)
        if earlier is None:
            found.append(f"{record.name}: the baseline does not have it; only floors were looked at.")
        elif earlier.corpus != record.corpus:
            found.append(f"{record.name}: the baseline is of other documents; only floors were looked at.")
        elif earlier.digest != record.digest:
            found.append(f"{record.name}: its cases changed since the baseline; those of both were compared.")
    return tuple(found)
