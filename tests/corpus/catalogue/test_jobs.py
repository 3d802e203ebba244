"""Jobs: what goes on is told as it is, also when its process is no more."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from corpus.catalogue import jobs as recorded
from corpus.catalogue.database import Catalogue
from corpus.catalogue.jobs import Job, JobState, RunningJob
from corpus.errors import CatalogueUnavailable, UnreadableSource


def clock(*times: str) -> Iterator[str]:
    yield from times


def jobs(catalogue: Catalogue, limit: int = 50) -> tuple[Job, ...]:
    with catalogue.reading() as connection:
        return recorded.jobs(connection, limit)


def test_a_job_is_seen_while_it_runs_and_when_it_is_done(catalogue: Catalogue) -> None:
    times = clock("2026-11-22T10:00:00", "2026-11-22T11:00:00")
    with RunningJob(catalogue, "build", "ann", lambda: next(times)) as one:
        one.progress("embedding", 3, 7)
        (found,) = jobs(catalogue)
        assert found == Job(
            one.id, "build", JobState.RUNNING, "ann", "2026-11-22T10:00:00", "", found.host, os.getpid(),
            "embedding", 3, 7, "",
        )  # fmt: skip
        one.detail = "2 documents"
    (found,) = jobs(catalogue)
    assert (found.state, found.finished, found.detail) == (JobState.DONE, "2026-11-22T11:00:00", "2 documents")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UnreadableSource("a.xml ends within a tag"), "a.xml ends within a tag"),
        (ValueError("a patient's name"), "ValueError"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_a_job_fails_with_our_words_and_with_nobody_elses(
    catalogue: Catalogue, error: BaseException, told: str
) -> None:
    with pytest.raises(type(error)), RunningJob(catalogue, "build", "ann", lambda: "now"):
        raise error
    (found,) = jobs(catalogue)
    assert (found.state, found.detail, found.finished) == (JobState.FAILED, told, "now")


def test_the_reason_of_a_failure_is_not_hidden_by_a_catalogue_that_fails_too(catalogue: Catalogue, url: str) -> None:
    with catalogue.writing() as connection:
        connection.execute(text("ALTER TABLE job RENAME TO hidden"))
    with catalogue.writing() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO job"))

    def working() -> None:
        with RunningJob(catalogue, "build", "ann", lambda: "now"):
            with catalogue.writing() as connection:
                connection.execute(text("ALTER TABLE job RENAME TO hidden"))
            raise UnreadableSource("a.xml ends within a tag")

    try:
        with pytest.raises(UnreadableSource, match=r"a\.xml"):
            working()
        with pytest.raises(CatalogueUnavailable):
            jobs(catalogue)
    finally:
        with catalogue.writing() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO job"))


def test_the_latest_come_first(catalogue: Catalogue) -> None:
    times = clock(*(f"2026-11-22T1{hour}:00:00" for hour in range(5) for _ in range(2)))
    for _ in range(5):
        with RunningJob(catalogue, "build", "ann", lambda: next(times)):
            pass
    assert [one.started[11:13] for one in jobs(catalogue, 3)] == ["14", "13", "12"]
