"""What a suite came to in earlier runs that can be compared with this one."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.record import SuiteRecord, Summary
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.report.wording import when
from assistant.evaluation.run_folder import Run

MEASURES_SHOWN = 4
"""Lines that can be told apart in one plot."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in a suite's history; `values` by measure, those that the run has."""

    name: str
    created: str
    values: dict[str, float]

    @property
    def when(self) -> str:
        """Its date and time."""
        return when(self.created)


@dataclass(frozen=True, slots=True)
class History:
    """Runs of one suite file over one corpus, oldest first; `left_out` counts those of another file or corpus."""

    measures: tuple[str, ...]
    entries: tuple[Entry, ...]
    left_out: int


def history_of(suite: str, run: Run, earlier: Sequence[Run], reading: Reading) -> History:
    """The history of a suite, this run included; of measures with targets, or of the first ones where none has."""
    now = record_of(run, suite)
    runs = {(one.name, one.provenance.created): one for one in (*earlier, run)}
    asked = [(one, record) for one in runs.values() if (record := record_of(one, suite)) is not None]
    same = [one for one, record in asked if now is not None and _what(record) == _what(now)]
    entries = (Entry(one.name, one.provenance.created, _values(one, suite)) for one in same)
    ordered = tuple(sorted(entries, key=lambda entry: (entry.when, entry.name)))
    return History(_chosen(summary_of(run, suite), reading), ordered, len(asked) - len(same))


def record_of(run: Run, suite: str) -> SuiteRecord | None:
    """What a suite of a run was asked of; None when the run has no such suite."""
    return next((record for record in run.provenance.suites if record.name == suite), None)


def summary_of(run: Run, suite: str) -> Summary | None:
    """A suite of a run in numbers; None when the run has no such suite."""
    return next((summary for summary in run.summaries if summary.suite == suite), None)


def _what(record: SuiteRecord) -> tuple[str, str]:
    return record.digest, record.corpus


def _chosen(summary: Summary | None, reading: Reading) -> tuple[str, ...]:
    names = tuple(summary.measures) if summary else ()
    return (tuple(name for name in names if name in reading.targets) or names)[:MEASURES_SHOWN]


def _values(run: Run, suite: str) -> dict[str, float]:
    summary = summary_of(run, suite)
    return {name: value.value for name, value in summary.measures.items()} if summary else {}
