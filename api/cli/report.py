"""What a run over documents did, and what it means for past answers, as lines and as JSON."""

import typer

from api.cli.session import ATTENTION, note, say, say_json
from assistant.recall import Touched
from corpus.catalogue.documents import Change
from corpus.ingest import Report


def touched_line(one: Touched) -> str:
    """A citation of a past answer, and how it stands."""
    quoted = f"“{one.span.quote}”" if one.span.quote else f"by way of {one.span.document_id}"
    return f"{one.answer_id}  {one.created}  statement {one.span.statement + 1}  {one.standing}: {quoted}"


def summary(report: Report) -> str:
    """What a run did, in one line."""
    parts = [f"{report.changes[change]:,} {change}" for change in Change if report.changes[change]]
    parts += [f"{report.unchanged_files:,} files unchanged"] if report.unchanged_files else []
    parts += [f"{len(report.withdrawn):,} withdrawn"] if report.withdrawn else []
    parts += [f"{report.notices:,} new notices"] if report.notices else []
    parts += [f"{report.passed_over:,} passed over"] if report.passed_over else []
    parts += [f"{len(report.problems):,} problems"] if report.problems else []
    files = f"{report.files:,} files: " if report.files else ""
    return f"{files}{', '.join(parts) or 'nothing new'}"


def tell(report: Report, as_json: bool) -> None:
    if as_json:
        say_json(report)
    else:
        say(summary(report))
    for problem in report.problems:
        place = f" ({problem.place})" if problem.place else ""
        note(f"{problem.file}{place}: {problem.reason}")
    raise typer.Exit(ATTENTION if report.problems else 0)
