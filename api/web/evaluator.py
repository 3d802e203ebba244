"""The evaluators' pages: runs with their headline measures, their reports, and two of them side by side."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access import Evaluator, Serving
from api.routes.evaluation import READING
from api.runs import Glance, runs, whole
from api.web.rendering import page
from assistant.evaluation.compare import INDIFFERENT, Comparison, Difference, compare
from assistant.evaluation.measures import described
from assistant.evaluation.report.measures import Row, rows
from assistant.evaluation.report.wording import number, when

router = APIRouter(prefix="/evaluator", include_in_schema=False)

_WITHOUT_TARGETS = 4
"""Measures shown of a suite none of whose measures has a target."""


@dataclass(frozen=True, slots=True)
class ShownSuite:
    """A suite of a run with its headline measures."""

    name: str
    cases: int
    rows: tuple[Row, ...]

    @property
    def missed(self) -> tuple[Row, ...]:
        """The measures that missed their target."""
        return tuple(row for row in self.rows if row.is_met is False)


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run on the list."""

    name: str
    when: str
    software: str
    suites: tuple[ShownSuite, ...]

    @property
    def missed(self) -> int:
        """How many targets were missed."""
        return sum(len(suite.missed) for suite in self.suites)


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A measure in both runs, in words."""

    title: str
    before: str
    after: str
    verdict: str
    badge: str
    p: str


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """A suite in both runs; `better` and `worse` are (case, measures)."""

    suite: str
    notes: tuple[str, ...]
    differences: tuple[ShownDifference, ...]
    better: tuple[tuple[str, str], ...]
    worse: tuple[tuple[str, str], ...]


@router.get("")
def list_runs(request: Request, service: Serving, who: Evaluator) -> HTMLResponse:
    """The finished runs, newest first."""
    found = runs(service.settings.home)
    shown = [_run(one) for one in found.readable]
    return page(request, who, "evaluator/runs.html.j2", runs=shown, unreadable=found.unreadable)


@router.get("/compare")
def compare_runs(
    request: Request,
    service: Serving,
    who: Evaluator,
    a: Annotated[str, Query(max_length=200)],
    b: Annotated[str, Query(max_length=200)],
) -> HTMLResponse:
    """What changed from one run to another, and whether by more than chance."""
    home = service.settings.home
    found = [_comparison(one) for one in compare(whole(home, a), whole(home, b))]
    names = [one.name for one in runs(home).readable]
    return page(request, who, "evaluator/compare.html.j2", a=a, b=b, names=names, comparisons=found)


def _run(one: Glance) -> ShownRun:
    made = one.provenance
    shown = tuple(_suite(suite.name, suite.cases, one) for suite in made.suites)
    return ShownRun(one.name, when(made.created), made.software, shown)


def _suite(name: str, cases: int, run: Glance) -> ShownSuite:
    found = tuple(row for summary in run.summaries if summary.suite == name for row in rows(summary, READING))
    with_target = tuple(row for row in found if row.target)
    return ShownSuite(name, cases, with_target or found[:_WITHOUT_TARGETS])


def _comparison(one: Comparison) -> ShownComparison:
    notes = []
    if not one.same_corpus:
        notes.append("The documents are not the same: differences need not come from the program.")
    if not one.same_suite:
        notes.append("The cases are not the same: those of both runs are compared.")
    differing = tuple(_difference(each) for each in one.differences if each.before != each.after)
    better, worse = (
        tuple((case.case, ", ".join(described(name).title for name in case.measures)) for case in cases)
        for cases in (one.better, one.worse)
    )
    return ShownComparison(one.suite, tuple(notes), differing, better, worse)


def _difference(one: Difference) -> ShownDifference:
    verdict, badge = _verdict(one)
    return ShownDifference(one.measure.title, number(one.before), number(one.after), verdict, badge, f"{one.p:.4f}")


def _verdict(one: Difference) -> tuple[str, str]:
    """In words, and as the class of a badge."""
    if one.measure.name in INDIFFERENT:
        return "Neither better nor worse", ""
    side = "Worse" if one.is_worse else "Better"
    if not one.is_more_than_chance:
        return f"{side}, may be chance", ""
    return f"{side}, by more than chance", "bad" if one.is_worse else "good"
