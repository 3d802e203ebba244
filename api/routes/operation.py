"""For operators: long work, and the indexes that answers are given from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from api import live, problems
from api.access import Caller, Operator, Serving
from api.building import Builds, answer_from_live
from api.errors import BuildRunning
from api.problems import documented, request_id
from api.schemas_operation import BuildIn, DifferenceOut, JobOut, SnapshotOut, SwitchOut, TouchedOut
from api.service import Service
from api.settings import Settings
from api.snapshots import difference_between, listed, touched_between
from corpus.catalogue import jobs
from corpus.catalogue.jobs import Job, JobState


@asynccontextmanager
async def _building(app: FastAPI) -> AsyncIterator[None]:
    """Builds are of the service: they begin and end with it."""
    app.state.builds = Builds(app.state.service)
    yield
    await run_in_threadpool(app.state.builds.close)


router = APIRouter(prefix="/v1", tags=["operation"], responses=documented(401, 403, 422, 429), lifespan=_building)

_STARTED = {
    "description": "The build has begun; follow its job.",
    "headers": {"Location": {"description": "The address of its job.", "schema": {"type": "string"}}},
}


@router.get("/jobs")
def list_jobs(service: Serving, who: Operator, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> list[JobOut]:
    """Long work, newest first: what runs, how far it is, how it ended."""
    with service.catalogue.reading() as connection:
        return [JobOut.of(one) for one in jobs.jobs(connection, limit)]


@router.get("/jobs/{job_id}", responses=documented(404))
def read_job(job_id: str, service: Serving, who: Operator) -> JobOut:
    """One job. When it is seen to be done, what it made live is answered from."""
    return JobOut.of(seen(service, job_id))


@router.get("/snapshots")
def list_snapshots(service: Serving, who: Operator) -> list[SnapshotOut]:
    """The snapshots, newest first."""
    return [SnapshotOut.of(one) for one in listed(service.settings.home)]


@router.post("/snapshots", status_code=202, response_model=JobOut, responses=documented(409) | {202: _STARTED})
def build(wanted: BuildIn, request: Request, service: Serving, who: Operator) -> Response:
    """Build a snapshot of the catalogue beside the live one, in a process of its own, and make it live.

    The job tells how far it is, and when the gate refused it, why. One build at a time: otherwise the problem's
    Location is the job of the one that runs.
    """
    builds: Builds = request.app.state.builds
    try:
        job_id = builds.start(name_of(who, service), promote=wanted.promote)
    except BuildRunning as running:
        problem = problems.problem_of(running, request_id(request))
        return problems.response(problem, {"Location": _address(running.job)} if running.job else None)
    begun = JobOut.of(seen(service, job_id))
    return JSONResponse(begun.model_dump(), 202, {"Location": _address(job_id)})


@router.post("/snapshots/rollback", responses=documented(404, 409))
def roll_back(service: Serving, who: Operator) -> SwitchOut:
    """Make live again what was live before. The gate is not asked: this is the way out when something is wrong."""
    return SwitchOut.of(went_back(service, who))


@router.post("/snapshots/{snapshot}/promote", responses=documented(404, 409))
def promote(snapshot: str, service: Serving, who: Operator) -> SwitchOut:
    """Verify a snapshot, run the quality gate on it, and make it live in one atomic step.

    With a gate this takes as long as the gate does. When it refuses, its report is the detail of the problem.
    """
    return SwitchOut.of(promoted(service, snapshot, who))


@router.get("/snapshots/{a}/diff/{b}", responses=documented(404))
def diff(a: str, b: str, service: Serving, who: Operator) -> DifferenceOut:
    """What changes from snapshot `a` to `b`: documents, statuses, passages."""
    return DifferenceOut.of(difference_between(service.settings.home, a, b))


@router.get("/snapshots/{a}/impact/{b}", responses=documented(404))
def impact(a: str, b: str, service: Serving, who: Operator) -> list[TouchedOut]:
    """The past answers whose citations stand worse in `b` than in `a`: changed, withdrawn, retracted."""
    return [TouchedOut.of(one) for one in touched_between(service.settings.home, service.catalogue, a, b)]


def seen(service: Service, job_id: str) -> Job:
    """A job as it stands; once it has ended, the next answer is from what is live then."""
    with service.catalogue.reading() as connection:
        found = jobs.one_job(connection, job_id)
    if found.state is not JobState.RUNNING:
        answer_from_live(service)
    return found


def promoted(service: Service, snapshot: str, who: Caller) -> live.Switch:
    """Make a snapshot live if the gate lets it, and answer from it."""
    switch = live.promote(_settings_of(service, who), service.catalogue, snapshot, service.now())
    answer_from_live(service)
    return switch


def went_back(service: Service, who: Caller) -> live.Switch:
    """Go back to what was live before, and answer from it."""
    switch = live.roll_back(_settings_of(service, who), service.catalogue, service.now())
    answer_from_live(service)
    return switch


def name_of(who: Caller, service: Service) -> str:
    """Under which name it is kept who did something: that of the key, or else of who runs the service."""
    return who.name or service.settings.user


def _settings_of(service: Service, who: Caller) -> Settings:
    return replace(service.settings, user=name_of(who, service))


def _address(job_id: str) -> str:
    return f"/v1/jobs/{job_id}"
