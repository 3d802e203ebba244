"""A run in a few sentences, and what it was made with."""

from collections.abc import Sequence

from assistant.evaluation.record import Answered, Provenance, RankedQuery, ReadTurn
from assistant.evaluation.report.wording import percent, when
from assistant.evaluation.run_folder import Run
from assistant.evaluation.verdict import failures, in_words


def answered(run: Run, suite: str | None = None) -> tuple[Answered, ...]:
    """The answered cases of a run, or of one suite of it."""
    return tuple(line for line in run.lines if isinstance(line, Answered) and suite in (None, line.suite))


def verdict(run: Run) -> tuple[str, ...]:
    """The run in sentences: how many cases are right, statements supported, refusals; never by a measure's name."""
    if not run.lines:
        cases = sum(record.cases for record in run.provenance.suites)
        return (f"{cases} cases. The answers of this run were not kept, only its measures.",)
    lines = answered(run)
    parts = (_answers(lines), _support(lines), _refusals(lines), _others(run))
    return tuple(" ".join(part) for part in parts if part)


def made_with(provenance: Provenance) -> tuple[tuple[str, str], ...]:
    """(what, value) of everything that a run was made with, its suites apart."""
    return (
        ("Made", when(provenance.created)),
        ("Program", provenance.software),
        ("Code digest", provenance.code),
        ("Encoder", provenance.encoder),
        ("Support check", provenance.support),
        ("Machine", provenance.machine),
        *((in_words(name).capitalize(), value) for name, value in provenance.configuration.items()),
    )


def _answers(lines: Sequence[Answered]) -> list[str]:
    right = sum(not failures(line) for line in lines)
    said = f"{right} of {len(lines)} answered cases are right in everything that is checked"
    return [f"{said} ({percent(right, len(lines))})."] if lines else []


def _support(lines: Sequence[Answered]) -> list[str]:
    judged = [support.together for line in lines for support in line.supported]
    said = f"{sum(judged)} of {len(judged)} statements are supported by what they cite"
    return [f"{said} ({percent(sum(judged), len(judged))})."] if judged else []


def _refusals(lines: Sequence[Answered]) -> list[str]:
    stated = [(line.case.is_answerable, line.told.outcome.has_statements) for line in lines]
    due = [given for answerable, given in stated if not answerable]
    answerable = [given for answerable, given in stated if answerable]
    said = []
    if due:
        refused = due.count(False)
        said.append(f"Of {len(due)} questions to be refused, {refused} were ({percent(refused, len(due))}).")
    if answerable:
        refused = answerable.count(False)
        said.append(
            f"Of {len(answerable)} to be answered, {refused} were refused ({percent(refused, len(answerable))})."
        )
    return said


def _others(run: Run) -> list[str]:
    queries = sum(isinstance(line, RankedQuery) for line in run.lines)
    turns = sum(isinstance(line, ReadTurn) for line in run.lines)
    found = (f"{queries} queries were searched.", queries), (f"{turns} follow-up turns were read.", turns)
    return [said for said, count in found if count]
