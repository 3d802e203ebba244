"""Several processes on one catalogue: none fails because of another; one that is killed leaves half of nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from corpus.catalogue import jobs
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.jobs import JobState
from corpus.catalogue.tables import job
from tests.corpus.catalogue.conftest import BACKENDS
from tests.corpus.catalogue.processes import EACH, OPENING, SHARED
from tests.corpus.catalogue.samples import document, held, put, standing
from tests.postgres import Server

ROOT = Path(__file__).parents[3]
Statuses = dict[str, list[int]]


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where nothing is until the processes begin."""
    if request.param == "sqlite":
        return default_url(tmp_path_factory.mktemp("processes") / "home")
    server: Server = request.getfixturevalue("postgres")
    return server.url(server.new_database("template0"))


@pytest.fixture(scope="module")
def statuses(url: str) -> Statuses:
    """How the processes ended."""
    command = [sys.executable, "-m", "tests.corpus.catalogue.processes", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: Statuses = json.loads(done.stdout)
    assert not any(status > 0 for some in found.values() for status in some), done.stderr
    return found


@pytest.fixture
def catalogue(url: str, statuses: Statuses) -> Iterator[Catalogue]:
    """What the processes left."""
    with closing(Catalogue.open(url)) as opened:
        yield opened


def test_many_processes_open_what_one_had_begun_to_make(statuses: Statuses) -> None:
    """It was killed when the tables were made and not kept: the others find none, and only one of them makes them."""
    assert statuses["killed in opening"] == [-9]
    assert statuses["opening"] == [0] * OPENING


def test_what_one_writes_another_that_waited_sees(catalogue: Catalogue, statuses: Statuses) -> None:
    """Two processes change the same document: neither fails, and every change becomes a version."""
    assert statuses["writing"] == [0, 0]
    names = {f"{number}-{turn}" for number in range(2) for turn in range(EACH)}
    assert {one.id for one in standing(catalogue)} >= {*names, SHARED}
    assert held(catalogue, SHARED).number == 2 * EACH


def test_a_kill_within_a_transaction_loses_all_of_it_and_nothing_else(catalogue: Catalogue, statuses: Statuses) -> None:
    assert statuses["killed in writing"] == [-9]
    found = {one.id for one in standing(catalogue)}
    assert "kept" in found
    assert not any(name.startswith("lost") for name in found)
    put(catalogue, document("after"))


def test_a_job_whose_process_was_killed_is_interrupted(catalogue: Catalogue, statuses: Statuses) -> None:
    assert statuses["killed in a job"] == [-9]
    with catalogue.reading() as connection:
        (found,) = jobs.jobs(connection)
    assert (found.state, found.stage, found.done, found.total) == (JobState.INTERRUPTED, "embedding", 1, 2)
    with catalogue.writing() as connection:
        connection.execute(update(job).values(host="another.example"))
        assert [one.state for one in jobs.jobs(connection)] == [JobState.RUNNING], "of other hosts nothing is known"
