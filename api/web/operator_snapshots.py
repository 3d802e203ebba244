"""The operators' pages of indexes and long work: build with live progress, compare, promote, roll back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import Caller, Operator, Serving
from api.building import Builds, running_build
from api.errors import BuildRunning, GateRefused
from api.routes.operation import name_of, promoted, seen, went_back
from api.service import Service
from api.snapshots import difference_between, listed, touched_between
from api.web.operator_view import ShownJob, attempt, shown_job, tabs, touched_answers
from api.web.rendering import is_htmx, page, part
from assistant.evaluation.report.wording import when
from corpus.catalogue import jobs
from corpus.catalogue import snapshots as recorded
from indexer.errors import NoSnapshot

router = APIRouter(prefix="/operator", include_in_schema=False)

ATTEMPTS = 10
_HERE = "/operator/snapshots"


@router.get("/snapshots")
def snapshots(
    request: Request, service: Serving, who: Operator, job: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    """The indexes, the build that runs or was just begun, and what was live when."""
    return _page(request, service, who, job)


@router.post("/snapshots")
def build(request: Request, service: Serving, who: Operator, promote: Annotated[bool, Form()] = False) -> Response:
    """Begin a build, or look at the one that runs."""
    builds: Builds = request.app.state.builds
    try:
        job_id = builds.start(name_of(who, service), promote=promote)
    except BuildRunning as running:
        job_id = running.job
    if is_htmx(request):
        return part("operator/building.html.j2", job=_job(service, job_id))
    return RedirectResponse(f"{_HERE}?job={job_id}", 303)


@router.post("/snapshots/rollback")
def roll_back(request: Request, service: Serving, who: Operator) -> Response:
    """Go back to what was live before."""
    try:
        went_back(service, who)
    except NoSnapshot as error:
        return _page(request, service, who, status=409, problem=str(error))
    return RedirectResponse(_HERE, 303)


@router.post("/snapshots/{snapshot}/promote")
def promote(snapshot: str, request: Request, service: Serving, who: Operator) -> Response:
    """Make a snapshot live, if the gate lets it; its report is shown when it does not."""
    try:
        promoted(service, snapshot, who)
    except GateRefused as refused:
        told, _, report = str(refused).partition("\n")
        return _page(request, service, who, status=409, problem=told, report=report)
    return RedirectResponse(_HERE, 303)


@router.get("/snapshots/compare")
def compare(
    request: Request,
    service: Serving,
    who: Operator,
    a: Annotated[str, Query(max_length=64)],
    b: Annotated[str, Query(max_length=64)],
) -> HTMLResponse:
    """What changes from one snapshot to another, and which past answers that touches."""
    home = service.settings.home
    return page(
        request, who, "operator/compare.html.j2", tabs=tabs(_HERE), a=a, b=b, snapshots=listed(home),
        found=difference_between(home, a, b),
        touched=touched_answers(touched_between(home, service.catalogue, a, b)),
    )  # fmt: skip


@router.get("/jobs")
def list_jobs(request: Request, service: Serving, who: Operator) -> HTMLResponse:
    """Long work, newest first."""
    with service.catalogue.reading() as connection:
        found = [shown_job(one) for one in jobs.jobs(connection)]
    return page(request, who, "operator/jobs.html.j2", tabs=tabs("/operator/jobs"), jobs=found)


@router.get("/jobs/{job_id}")
def read_job(job_id: str, request: Request, service: Serving, who: Operator) -> HTMLResponse:
    """One job, and all that it told."""
    return page(request, who, "operator/job.html.j2", tabs=tabs("/operator/jobs"), job=_job(service, job_id))


@router.get("/jobs/{job_id}/progress")
def progress(job_id: str, service: Serving, who: Operator) -> HTMLResponse:
    """How far a job is, for a page that is open; with its end, what it changed."""
    job = _job(service, job_id)
    if job.is_running:
        return part("operator/progress.html.j2", job=job)
    return part("operator/ended.html.j2", job=job, **_switchable(service))


def _page(
    request: Request, service: Service, who: Caller, job: str = "", status: int = 200, problem: str = "",
    report: str = "",
) -> HTMLResponse:  # fmt: skip
    followed = job or running_build(service.settings.home)
    return page(
        request, who, "operator/snapshots.html.j2", status, tabs=tabs(_HERE), problem=problem, report=report,
        job=_job(service, followed) if followed else None, **_switchable(service),
    )  # fmt: skip


def _switchable(service: Service) -> dict[str, Any]:
    """What a switch of the live snapshot changes on the page."""
    with service.catalogue.reading() as connection:
        attempts = recorded.promotions(connection)
    found = listed(service.settings.home)
    live = next((one.id for one in found if one.live), "")
    return {
        "snapshots": found,
        "live": live,
        "before": recorded.before(attempts, live),
        "attempts": [attempt(one) for one in reversed(attempts[-ATTEMPTS:])],
        "has_gate": bool(service.settings.gate),
        "when": when,
    }


def _job(service: Service, job_id: str) -> ShownJob:
    return shown_job(seen(service, job_id))
