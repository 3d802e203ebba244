"""For evaluators: runs and their reports."""

from typing import Self

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.access import Evaluator, Serving
from api.problems import documented
from api.runs import Glance, glance, report, runs
from assistant.evaluation.record import Value
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.targets import TARGETS

router = APIRouter(prefix="/v1/runs", tags=["evaluation"], responses=documented(401, 403, 422, 429))

READING = Reading(TARGETS)
REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A report carries its own style and script, and shows what documents and answers say. So it is a page of no site:
it has no cookies, and can ask this one for nothing. Its own policy lets only the script pass that it names by digest.
"""


class MeasureOut(BaseModel):
    """A measure over the cases it concerns, with its 95% interval; `is_met` is null where no target is set."""

    name: str = Field(examples=["citation_precision"])
    title: str
    value: float
    low: float
    high: float
    cases: int
    better: str = Field(examples=["higher"])
    target: float | None
    is_met: bool | None


class SuiteOut(BaseModel):
    """A suite of a run, what it was asked of, and what it came to."""

    name: str
    digest: str
    cases: int
    corpus: str
    snapshot: str
    documents: int
    passages: int
    measures: list[MeasureOut]


class RunOut(BaseModel):
    """A run without its cases: what it was made with, and its suites in numbers."""

    name: str
    created: str
    software: str
    code: str
    encoder: str
    support: str
    machine: str
    configuration: dict[str, str]
    suites: list[SuiteOut]

    @classmethod
    def of(cls, one: Glance) -> Self:
        made = one.provenance
        measures = {
            summary.suite: [_measure(name, value) for name, value in summary.measures.items()]
            for summary in one.summaries
        }
        return cls(
            name=one.name,
            created=made.created,
            software=made.software,
            code=made.code,
            encoder=made.encoder,
            support=made.support,
            machine=made.machine,
            configuration=made.configuration,
            suites=[
                SuiteOut(
                    name=suite.name,
                    digest=suite.digest,
                    cases=suite.cases,
                    corpus=suite.corpus,
                    snapshot=suite.snapshot,
                    documents=suite.documents,
                    passages=suite.passages,
                    measures=measures.get(suite.name, []),
                )
                for suite in made.suites
            ],
        )


@router.get("")
def list_runs(service: Serving, who: Evaluator) -> list[RunOut]:
    """The finished runs under evaluation/runs in the home, newest first; one that cannot be read is left out."""
    return [RunOut.of(one) for one in runs(service.settings.home).readable]


@router.get("/{name}", responses=documented(404, 409))
def read_run(name: str, service: Serving, who: Evaluator) -> RunOut:
    """A run: what it was made with, and its measures."""
    return RunOut.of(glance(service.settings.home, name))


@router.get("/{name}/report", response_class=HTMLResponse, responses=documented(404, 409))
def read_report(name: str, service: Serving, who: Evaluator) -> Response:
    """The report of a run as one page that needs nothing else: measures, plots, every case and its verdicts."""
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(report(service.settings.home, name), headers=headers)


def _measure(name: str, value: Value) -> MeasureOut:
    scale = READING.scale(name)
    return MeasureOut(
        name=name, title=scale.title, value=value.value, low=value.low, high=value.high, cases=value.cases,
        better=scale.better, target=TARGETS.get(name), is_met=READING.is_met(name, value.value),
    )  # fmt: skip
