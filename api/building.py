"""Builds that the service starts: each a process of its own, whose job in the catalogue tells how far it is."""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from api.errors import BuildRunning
from api.logs import log
from api.service import Service
from api.settings import Settings, child_environment
from corpus.catalogue import jobs
from corpus.catalogue.jobs import JobState
from indexer.durable import writing
from indexer.errors import IndexerError

BUILD = "index build"
"""What its jobs are called."""
SECONDS_TO_STOP = 10.0
_LOCK = ".build.lock"
"""In the home: held for as long as `sequitur index build` runs, its gate included, with the id of its job inside."""
_KEPT = 2_000
"""Characters of the end of what a build that broke down printed, for the log."""


@contextmanager
def building_alone(home: Path, job_id: str) -> Iterator[None]:
    """Let no other build of this home run meanwhile, after waiting for one that does."""
    with writing(home, "build again"):
        home.mkdir(parents=True, exist_ok=True)
        stream = (home / _LOCK).open("a+b")
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with writing(home, "build again"):
            stream.truncate(0)
            stream.write(job_id.encode())
            stream.flush()
        yield


def running_build(home: Path) -> str | None:
    """The job of the build that runs in a home, whoever started it; None when none does.

    Asked of the lock, which goes with its process: a job says that it runs also when its machine lost power.
    """
    try:
        stream = (home / _LOCK).open("rb")
    except FileNotFoundError:
        return None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return stream.read().decode()
    return None


class Builds:
    """Starts builds for a service, one at a time.

    When the service stops, so does its build: nobody would look after it, and what it made live would surprise. No
    work is lost, for a build may be killed at any instant and the next takes over what was encoded. When the service
    is killed, its build goes on to its end, and its job tells so.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._starting = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._job = ""
        self._watcher: threading.Thread | None = None

    def start(self, who: str, *, promote: bool) -> str:
        """Begin a build; gives the id of its job. BuildRunning when one goes on."""
        service = self._service
        with self._starting:
            running = self._running()
            if running is not None:
                raise BuildRunning(running)
            self._job = jobs.announce(service.catalogue, BUILD, who, service.now())
            try:
                self._begin(self._job, who, promote)
            except OSError as error:
                self._end(self._job, JobState.FAILED, f"it could not be started: {error.strerror}")
            return self._job

    def close(self) -> None:
        """Stop the build that runs, and its gate."""
        with self._starting:
            child, watcher = self._child, self._watcher
        if child is None or watcher is None:
            return
        for one in (signal.SIGTERM, signal.SIGKILL):
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, one)
            watcher.join(SECONDS_TO_STOP)

    def _begin(self, job_id: str, who: str, promote: bool) -> None:
        with ExitStack() as undo:
            printed = undo.enter_context(tempfile.TemporaryFile())
            child = subprocess.Popen(
                _command(job_id, promote), env=_environment(self._service.settings, who), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=printed, start_new_session=True,
            )  # fmt: skip
            undo.pop_all()
        self._child, self._watcher = child, threading.Thread(target=self._watch, args=(child, job_id, printed))
        self._watcher.start()
        jobs.hand_over(self._service.catalogue, job_id, child.pid)

    def _running(self) -> str | None:
        """The job of the build that goes on. A process that has told of its end no longer counts."""
        if self._child is not None and self._child.poll() is None and self._is_running(self._job):
            return self._job
        return running_build(self._service.settings.home)

    def _is_running(self, job_id: str) -> bool:
        with self._service.catalogue.reading() as connection:
            return jobs.one_job(connection, job_id).state is JobState.RUNNING

    def _watch(self, child: subprocess.Popen[bytes], job_id: str, printed: IO[bytes]) -> None:
        """Wait for the end of a build; say in its name what it could not say itself, and answer from what it made."""
        status = child.wait()
        with printed:
            if status < 0:
                self._end(job_id, JobState.INTERRUPTED, f"stopped by {signal.Signals(-status).name}")
            elif status and self._end(job_id, JobState.FAILED, f"it broke down (exit status {status}); see the log"):
                log("build broke down", job=job_id, status=status, printed=_end_of(printed))
        answer_from_live(self._service)

    def _end(self, job_id: str, state: JobState, detail: str) -> bool:
        return jobs.end(self._service.catalogue, job_id, state, detail, self._service.now())


def answer_from_live(service: Service) -> None:
    """Let the next answer be from what is live now, without waiting until the service looks by itself."""
    with suppress(IndexerError):  # a snapshot that cannot be read is not taken; the service tells of it on /readyz
        service.live.renew()


def _command(job_id: str, promote: bool) -> list[str]:
    """The command line of this installation; -P: what lies in the working folder is no part of the program."""
    chosen = "--promote" if promote else "--no-promote"
    return [sys.executable, "-P", "-m", "api.cli", "index", "build", chosen, "--job", job_id]


def _environment(settings: Settings, who: str) -> dict[str, str]:
    """The settings that a build follows, which need not all come from this process's own environment."""
    chosen = {
        "SEQUITUR_ENCODER": str(settings.encoder_folder or ""),
        "SEQUITUR_GATE": shlex.join(settings.gate),
        "SEQUITUR_USER": who,
    }
    return child_environment(settings, snapshot="") | chosen


def _end_of(printed: IO[bytes]) -> str:
    printed.seek(0)
    return printed.read().decode("utf-8", "replace")[-_KEPT:]
