"""What is older than a site chose goes, whether anybody asks or not."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from api.retention import keep_removing, oldest_kept
from corpus.catalogue import answers
from corpus.catalogue.answers import Given
from corpus.catalogue.database import Catalogue, default_url

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def test_the_oldest_kept_is_so_many_days_ago() -> None:
    assert oldest_kept(30, NOW) == "2026-10-23T12:00:00+00:00"
    assert oldest_kept(0, NOW) == "2026-11-22T12:00:00+00:00"


def test_old_answers_go_without_a_question_being_asked(tmp_path: Path) -> None:
    catalogue = Catalogue.open(default_url(tmp_path))
    with catalogue.writing() as connection:
        for name, created in (("old", "2026-10-23T11:59:59+00:00"), ("new", "2026-10-23T12:00:00+00:00")):
            answers.keep(connection, Given(name, created, "s", "answered", "{}", "{}", ()))
    told_to_stop = threading.Event()
    told_to_stop.set()
    keep_removing(catalogue, 30, lambda: NOW, told_to_stop)
    with catalogue.reading() as connection:
        assert [one.id for one in answers.all_given(connection)] == ["new"]
    catalogue.close()


def test_a_catalogue_that_does_not_answer_is_tried_again(tmp_path: Path) -> None:
    catalogue = Catalogue.open(default_url(tmp_path))
    with catalogue.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE answer RENAME TO gone")
    told_to_stop = threading.Event()
    told_to_stop.set()
    keep_removing(catalogue, 30, lambda: NOW, told_to_stop)
    catalogue.close()
