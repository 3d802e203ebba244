"""A suite of a run as a page shows it: numbers, tables, plots, and every case."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.record import Answered, Line, Percentiles, RankedQuery, ReadTurn, SuiteRecord, Summary
from assistant.evaluation.report import plots
from assistant.evaluation.report.cases import (
    AnsweredCase,
    RankedCase,
    ReadCase,
    ScoredBy,
    answered_cases,
    ranked_cases,
    read_cases,
)
from assistant.evaluation.report.figure import Plot
from assistant.evaluation.report.history import History, history_of, summary_of
from assistant.evaluation.report.measures import Reading, Row, rows
from assistant.evaluation.report.outcomes import TOPIC, Confusion, TagTable, confusion, tag_table
from assistant.evaluation.report.wording import number
from assistant.evaluation.run_folder import Run

WHOLE = "all"
"""What the seconds of a whole case are filed under, beside those of its stages."""


@dataclass(frozen=True, slots=True)
class ShownSuite:
    """What a page says of a suite; parts that its kind lacks are empty or None. `anchor` begins all its ids.

    `history` is by run: when, name, and a value for each of `history_titles`. `total` counts the cases that were done,
    of which the page may list fewer.
    """

    anchor: str
    record: SuiteRecord
    rows: tuple[Row, ...]
    confusion: Confusion | None
    tags: TagTable | None
    latency: tuple[tuple[str, Percentiles], ...]
    peak_memory_mib: float
    plots: tuple[Plot, ...]
    history: tuple[tuple[str, str, tuple[str, ...]], ...]
    history_titles: tuple[str, ...]
    left_out: int
    answered: tuple[AnsweredCase, ...]
    ranked: tuple[RankedCase, ...]
    read: tuple[ReadCase, ...]
    total: int

    @property
    def wrong(self) -> int:
        """Answered cases in which something is wrong."""
        return sum(bool(case.failures) for case in self.answered)

    @property
    def missed(self) -> int:
        """Measures that missed their target."""
        return sum(row.is_met is False for row in self.rows)

    @property
    def used_tags(self) -> tuple[str, ...]:
        """The tags of the cases that are listed, topics last."""
        tags = {tag for case in self.answered for tag in case.case.tags} | {t for c in self.read for t in c.line.tags}
        return tuple(sorted(tags, key=lambda tag: (tag.startswith(TOPIC), tag)))


def shown_suite(
    run: Run, record: SuiteRecord, history: Sequence[Run], reading: Reading, scores: ScoredBy, anchor: str
) -> ShownSuite:
    """A suite of a run, with its history among other runs."""
    summary = summary_of(run, record.name) or Summary(record.name, record.cases, {})
    lines = [line for line in run.lines if line.suite == record.name]
    answered = answered_cases([one for one in lines if isinstance(one, Answered)], scores, reading, f"{anchor}-case")
    past = history_of(record.name, run, history, reading)
    return ShownSuite(
        anchor=anchor,
        record=record,
        rows=rows(summary, reading),
        confusion=confusion(summary.confusion),
        tags=tag_table(summary, reading),
        latency=tuple(sorted(summary.latency.items(), key=lambda stage: stage[0] != WHOLE)),
        peak_memory_mib=summary.peak_memory_mib,
        plots=_plots(summary, lines, answered, past, reading, anchor),
        history=_history_rows(past),
        history_titles=tuple(reading.scale(name).title for name in past.measures),
        left_out=past.left_out,
        answered=answered,
        ranked=ranked_cases(
            [line for line in lines if isinstance(line, RankedQuery)], scores, reading, f"{anchor}-query"
        ),
        read=read_cases([line for line in lines if isinstance(line, ReadTurn)], scores, reading, f"{anchor}-turn"),
        total=len(lines),
    )


def _plots(
    summary: Summary, lines: Sequence[Line], cases: Sequence[AnsweredCase], past: History, reading: Reading, anchor: str
) -> tuple[Plot, ...]:
    drawn = (
        plots.risk_coverage(summary.risk_coverage, summary.aurc, f"{anchor}-risk"),
        plots.reliability(summary.reliability, summary.ece, f"{anchor}-reliability"),
        plots.topics(_right_by_topic(cases), f"{anchor}-topics"),
        plots.run_history(past, reading, f"{anchor}-history"),
        plots.latency([seconds_of(line) for line in lines], f"{anchor}-latency"),
    )
    return tuple(one for one in drawn if one is not None)


def seconds_of(line: Line) -> float:
    """Seconds that the whole case took."""
    if isinstance(line, Answered):
        return line.seconds.get(WHOLE, sum(line.seconds.values()))
    return line.seconds


def _right_by_topic(cases: Sequence[AnsweredCase]) -> list[tuple[str, int, int]]:
    topics = [(tag.removeprefix(TOPIC), case) for case in cases for tag in case.case.tags if tag.startswith(TOPIC)]
    total = Counter(topic for topic, _ in topics)
    right = Counter(topic for topic, case in topics if not case.failures)
    return [(topic, right[topic], total[topic]) for topic in sorted(total)]


def _history_rows(past: History) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(
        (one.when, one.name, tuple(number(one.values[n]) if n in one.values else "" for n in past.measures))
        for one in past.entries
    )
