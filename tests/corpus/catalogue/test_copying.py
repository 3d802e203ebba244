"""A catalogue copied from one database to another is the same, and goes on as if it had always been there."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.catalogue import answers, notices, reviews, snapshots
from corpus.catalogue.database import Catalogue, copy, copying, default_url
from corpus.catalogue.snapshots import Promotion, PromotionKind
from corpus.catalogue.tables import metadata
from corpus.types import ReviewStatus, SourceStatus
from tests.corpus.catalogue.samples import NOW, document, fill, put, rows, standing, told


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Catalogue]:
    """An empty SQLite catalogue beside the one of the test."""
    with closing(Catalogue.open(default_url(tmp_path / "elsewhere"))) as opened:
        yield opened


@pytest.mark.parametrize("into", [True, False], ids=["into", "out of"])
def test_nothing_is_lost_either_way(catalogue: Catalogue, elsewhere: Catalogue, into: bool) -> None:
    source, target = (elsewhere, catalogue) if into else (catalogue, elsewhere)
    fill(source)
    before = rows(source)
    assert target.is_empty(metadata)
    assert copy(source, target, metadata) == sum(map(len, before.values()))
    assert rows(target) == before == rows(source)
    assert not target.is_empty(metadata)
    assert standing(target) == standing(source)


def test_numbering_goes_on_after_what_was_copied(empty_url: str, elsewhere: Catalogue) -> None:
    """Into a database that has never numbered anything."""
    fill(elsewhere)
    promoted = Promotion("s3", "s1", PromotionKind.PROMOTE, NOW, "ann", True)
    step = reviews.ReviewEvent("gout", 2, ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED, "ann", NOW, "read")
    with closing(Catalogue.open(empty_url)) as target:
        copy(elsewhere, target, metadata)
        with target.writing() as connection:
            snapshots.record_promotion(connection, promoted)
            reviews.record(connection, step)
            answers.keep_feedback(connection, "a1", True, "", NOW)
            assert notices.add(connection, [told(SourceStatus.RETRACTED, doi="10.5555/z")], NOW) == 1
            assert snapshots.promotions(connection)[-1] == promoted
            assert reviews.history(connection, "gout")[-1] == step


def test_nothing_can_be_copied(catalogue: Catalogue, elsewhere: Catalogue) -> None:
    assert copy(elsewhere, catalogue, metadata) == 0
    fill(catalogue)


def test_more_rows_than_are_fetched_at_once(catalogue: Catalogue, elsewhere: Catalogue) -> None:
    with elsewhere.writing() as connection:
        for number in range(1_203):
            one = Promotion(f"s{number}", "", PromotionKind.PROMOTE, NOW, "ann", True)
            snapshots.record_promotion(connection, one)
    assert copy(elsewhere, catalogue, metadata) == 1_203
    assert rows(catalogue) == rows(elsewhere)


def test_the_copy_is_of_one_state(catalogue: Catalogue, elsewhere: Catalogue, url: str) -> None:
    """What is written to the source meanwhile is not in it."""
    fill(catalogue)
    before = rows(catalogue)
    with closing(Catalogue.open(url)) as other, copying(catalogue, elsewhere, metadata) as copied:
        put(other, document("asthma"))
        assert copied == sum(map(len, before.values()))
    assert rows(elsewhere) == before


def test_nothing_is_kept_when_what_goes_with_it_fails(catalogue: Catalogue, elsewhere: Catalogue) -> None:
    fill(elsewhere)
    with pytest.raises(ZeroDivisionError), copying(elsewhere, catalogue, metadata):
        raise ZeroDivisionError
    assert catalogue.is_empty(metadata)
