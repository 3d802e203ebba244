"""Long work, as it goes on: who started what, how far it is, how it ended."""

import os
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, insert, select, update

from corpus.catalogue.database import Catalogue
from corpus.catalogue.tables import job
from corpus.errors import CatalogueError, CatalogueUnavailable, SequiturError

_SECONDS_BETWEEN = 2.0
"""Each word to the catalogue is a transaction of its own."""


class UnknownJob(CatalogueError):
    """No job has this id."""


class JobState(StrEnum):
    """How a job stands. INTERRUPTED is one whose process ended without a word."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work; `detail` is its result or the reason of its failure."""

    id: str
    kind: str
    state: JobState
    who: str
    started: str
    finished: str
    host: str
    pid: int
    stage: str
    done: int
    total: int
    detail: str


Clock = Callable[[], str]


class RunningJob:
    """A job for as long as its block runs; it ends done, or failed with the error's message.

    `detail` is what is kept of its result. With the `announced` id of a job, the block is what that job waits for.
    """

    def __init__(self, catalogue: Catalogue, kind: str, who: str, now: Clock, announced: str | None = None) -> None:
        self._catalogue = catalogue
        self._kind = kind
        self._who = who
        self._now = now
        self.id = announced or str(uuid.uuid4())
        self.detail = ""

    def __enter__(self) -> Self:
        here = {"host": socket.gethostname(), "pid": os.getpid()}
        with self._catalogue.writing() as connection:
            known = connection.execute(update(job).where(job.c.id == self.id).values(here)).rowcount
            if not known:
                _insert(connection, self.id, self._kind, self._who, self._now())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._set(state=JobState.DONE, finished=self._now(), stage="", done=job.c.total, detail=self.detail)
            return
        told = str(error) if isinstance(error, SequiturError) else type(error).__name__
        with suppress(CatalogueUnavailable):  # the reason of the failure must not be hidden by its record
            self._set(state=JobState.FAILED, finished=self._now(), detail=told)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell how far it is."""
        self._set(stage=stage, done=done, total=total)

    def _set(self, **values: object) -> None:
        with self._catalogue.writing() as connection:
            connection.execute(update(job).where(job.c.id == self.id).values(**values))


def announce(catalogue: Catalogue, kind: str, who: str, now: str) -> str:
    """The id of a job that another process is about to begin (`RunningJob(announced=id)`); until then it is ours."""
    made = str(uuid.uuid4())
    with catalogue.writing() as connection:
        _insert(connection, made, kind, who, now)
    return made


def hand_over(catalogue: Catalogue, job_id: str, pid: int) -> None:
    """A process of this host is to do an announced job: with its end the job has ended."""
    with catalogue.writing() as connection:
        connection.execute(update(job).where(job.c.id == job_id).values(pid=pid))


def end(catalogue: Catalogue, job_id: str, state: JobState, detail: str, now: str) -> bool:
    """Say how a job ended whose process could not; whether that was not known yet."""
    still = (job.c.id == job_id) & (job.c.state == JobState.RUNNING)
    with catalogue.writing() as connection:
        ended = connection.execute(update(job).where(still).values(state=state, detail=detail, finished=now))
    return bool(ended.rowcount)


def jobs(connection: Connection, limit: int = 50) -> tuple[Job, ...]:
    """The latest jobs, newest first."""
    query = select(job).order_by(job.c.started.desc(), job.c.id).limit(limit)
    return tuple(_as_seen(Job(*row)) for row in connection.execute(query))


def one_job(connection: Connection, job_id: str) -> Job:
    """A job; UnknownJob when none has this id."""
    row = connection.execute(select(job).where(job.c.id == job_id)).one_or_none()
    if row is None:
        raise UnknownJob(f"there is no job {job_id!r}; see: sequitur jobs")
    return _as_seen(Job(*row))


def _insert(connection: Connection, job_id: str, kind: str, who: str, now: str) -> None:
    connection.execute(
        insert(job).values(
            id=job_id, kind=kind, state=JobState.RUNNING, who=who, started=now, finished="",
            host=socket.gethostname(), pid=os.getpid(), stage="", done=0, total=0, detail="",
        )
    )  # fmt: skip


def _as_seen(found: Job) -> Job:
    """A job that says it runs, on this host, in a process that is no more, was interrupted."""
    state = JobState(found.state)
    if state is JobState.RUNNING and found.host == socket.gethostname() and not _alive(found.pid):
        state = JobState.INTERRUPTED
    return Job(**{**{name: getattr(found, name) for name in Job.__slots__}, "state": state})


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def both(show: Callable[[str, int], None], running_job: RunningJob, total: int) -> Callable[[str, int], None]:
    """A progress callback that shows, and tells the catalogue each stage as it begins and then every few seconds."""
    told, now = 0.0, ""

    def report(stage: str, done: int) -> None:
        nonlocal told, now
        show(stage, done)
        if stage != now or time.monotonic() - told >= _SECONDS_BETWEEN:
            told, now = time.monotonic(), stage
            running_job.progress(stage, done, total)

    return report
