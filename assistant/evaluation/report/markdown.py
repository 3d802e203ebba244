"""A run in Markdown, for the summary that continuous integration shows: numbers, and the cases that are wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from assistant.evaluation.record import Answered, SuiteRecord
from assistant.evaluation.report.history import summary_of
from assistant.evaluation.report.measures import Reading, Row, rows
from assistant.evaluation.report.overview import answered, made_with, verdict
from assistant.evaluation.report.wording import legible
from assistant.evaluation.run_folder import Run
from assistant.evaluation.verdict import failures

LISTED = 50
"""Wrong cases of a suite that are written out, so that a broken program does not make a summary nobody can load."""
_MARKS = re.compile(r"[\\`*_\[\]#|~>$@]|^[-+=]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_ENTITIES = {"&": "&amp;", "<": "&lt;"}


def markdown(run: Run, targets: Mapping[str, float] = MappingProxyType({})) -> str:
    """The summary of a run; foreign text in it is escaped, so that it is never markup.

    `targets` are least values by the measure's name, greatest where lower is better.
    """
    reading = Reading(targets)
    lines = [f"# Evaluation {_plain(run.name)}", "", *verdict(run), ""]
    for record in run.provenance.suites:
        lines += [*_suite(run, record, reading), ""]
    lines += [
        "## Made with",
        "",
        *_table(("", ""), [(what, _plain(value)) for what, value in made_with(run.provenance)]),
    ]
    return "\n".join(lines) + "\n"


def _suite(run: Run, record: SuiteRecord, reading: Reading) -> Iterator[str]:
    yield f"## {_plain(record.name)}"
    yield ""
    yield f"{record.cases} cases; corpus {_plain(record.corpus)}, snapshot {_plain(record.snapshot)}."
    summary = summary_of(run, record.name)
    if summary and summary.measures:
        yield ""
        yield from _table(
            ("Measure", "Value", "95% interval", "Cases", "Target"), map(_cells, rows(summary, reading)), numbers=1
        )
    yield from _wrong([(line, said) for line in answered(run, record.name) if (said := failures(line))])


def _wrong(cases: Sequence[tuple[Answered, tuple[str, ...]]]) -> Iterator[str]:
    if not cases:
        return
    yield from ("", f"### Wrong: {len(cases)}", "")
    for line, said in cases[:LISTED]:
        yield f"- **{_plain(line.id)}** {_plain(line.case.question)}"
        yield from (f"  - {_plain(sentence)}" for sentence in said)
    if len(cases) > LISTED:
        yield ""
        yield f"And {len(cases) - LISTED} more, which are not listed."


def _cells(row: Row) -> tuple[str, ...]:
    met = f"**{row.met}**" if row.met == "missed" else row.met
    return (
        _plain(row.scale.title),
        row.value,
        row.interval,
        str(row.cases),
        f"{row.target} {met}" if row.target else "",
    )


def _table(
    head: tuple[str, ...], body: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]], numbers: int | None = None
) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---:' if place == numbers else '---' for place in range(len(head)))}|"
    yield from (f"| {' | '.join(cells)} |" for cells in body)


def _plain(text: str) -> str:
    """Foreign text on one line that Markdown shows as it is."""
    escaped = _MARKS.sub(r"\\\g<0>", " ".join(legible(text).split()))
    escaped = _NUMBERED.sub(r"\1\\\2", escaped)
    return re.sub(r"[&<]", lambda found: _ENTITIES[found[0]], escaped)
