"""A reader sees one state; a writer's work is kept whole or not at all, and waits for another's."""

import resource
from contextlib import closing
from pathlib import Path
from random import Random
from string import ascii_letters
from threading import Barrier, Thread

import pytest

from corpus.catalogue import documents, notices, tables
from corpus.catalogue.database import Catalogue
from corpus.catalogue.incoming import incoming
from corpus.review import ReviewRules, move
from corpus.types import ReviewStatus, SourceStatus
from tests.corpus.catalogue.samples import NOW, document, fill, held, put, rows, standing, told, withdraw


def test_a_reader_sees_one_state_while_another_writes(catalogue: Catalogue, url: str) -> None:
    put(catalogue, document("gout"))
    with closing(Catalogue.open(url)) as other, catalogue.reading() as reading:
        assert [one.id for one in documents.standing(reading)] == ["gout"]
        put(other, document("gout", "Edited."))
        put(other, document("scurvy"))
        withdraw(other, "gout")
        with other.writing() as writing:
            notices.add(writing, [told(SourceStatus.RETRACTED, doi="10.5555/a")], NOW)
        assert [one.text for one in documents.standing(reading)] == ["Rest helps."]
        assert [one.number for one in documents.held(reading)] == [1]
        assert list(notices.of_corpus(reading)) == []
        assert [one.id for one in standing(other)] == ["scurvy"]
    assert [one.id for one in standing(catalogue)] == ["scurvy"]


def test_what_a_reader_changes_is_not_kept(catalogue: Catalogue) -> None:
    with catalogue.reading() as connection:
        documents.put(connection, incoming(document("gout"), "a.md", "article"), NOW)
    assert standing(catalogue) == []


def test_a_block_that_raises_leaves_everything_as_it_was(catalogue: Catalogue) -> None:
    fill(catalogue)
    before = rows(catalogue)

    def fail() -> None:
        with catalogue.writing() as connection:
            documents.put(connection, incoming(document("gout", "Another."), "a.md", "article"), NOW)
            documents.withdraw(connection, "gout", documents.WithdrawnBy.PERSON, "no reason", NOW)
            notices.add(connection, [told(SourceStatus.RETRACTED, doi="10.5555/z")], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows(catalogue) == before


def test_writers_wait_for_each_other_and_see_what_was_written(catalogue: Catalogue, url: str) -> None:
    """The second began before the first had ended, and still edits what the first has put in."""
    with closing(Catalogue.open(url)) as other:
        second = Thread(target=put, args=(other, document("gout", "Second.")))
        with catalogue.writing() as connection:
            second.start()
            second.join(0.3)
            assert second.is_alive(), "it waits"
            documents.put(connection, incoming(document("gout", "First."), "a.md", "article"), NOW)
        second.join(30)
    with catalogue.reading() as connection:
        assert [one.number for one in documents.versions(connection, "gout")] == [1, 2]
    assert [one.text for one in standing(catalogue)] == ["Second."]


def test_two_approvals_at_the_same_time_are_two(catalogue: Catalogue, url: str) -> None:
    """Neither may overlook the other, or the document would wait for a third."""
    put(catalogue, document("gout", status=ReviewStatus.UNDER_REVIEW))
    barrier = Barrier(2)

    def approve(who: str) -> None:
        with closing(Catalogue.open(url)) as own:
            barrier.wait(30)
            move(
                own, "gout", ReviewStatus.APPROVED, who=who, why="read", now=NOW, re_review="2027-11-22",
                rules=ReviewRules(2),
            )  # fmt: skip

    both = [Thread(target=approve, args=(who,)) for who in ("ann", "ben")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert held(catalogue, "gout").review_status is ReviewStatus.APPROVED


def test_a_stream_can_be_read_and_written_within_one_transaction(catalogue: Catalogue) -> None:
    """Reading in blocks must not change how what follows is sent to the server."""
    for name in ("gout", "scurvy"):
        put(catalogue, document(name))
    with catalogue.writing() as connection:
        for one in documents.held(connection):
            documents.withdraw(connection, one.id, documents.WithdrawnBy.SOURCE, "deleted", NOW)
        assert list(documents.standing(connection)) == []
        notices.add(connection, notices.of_corpus(connection), NOW)
        documents.bring_back(connection, "gout", NOW)
    assert [one.id for one in standing(catalogue)] == ["gout"]


def test_ids_are_in_one_order_on_every_database(catalogue: Catalogue) -> None:
    """The order of documents is the order of passages, whatever language the server sorts by."""
    names = ["a-1", "a1", "B", "PMC9", "PMC10", "b", "Á", "a_1", "a 1", "ß", "DOI:10.5555/x", "☃"]
    for name in names:
        put(catalogue, document(name))
    assert [one.id for one in standing(catalogue)] == sorted(names)
    with catalogue.reading() as connection:
        assert [one.id for one in documents.held(connection, names)] == sorted(names)


def test_standing_documents_are_streamed(catalogue: Catalogue) -> None:
    """2,000 documents of 20 KB take the memory of a few, not of all; neither ours nor that of the database's driver."""
    text = "".join(Random(0).choices(ascii_letters, k=20_000))
    put(catalogue, document("long", text))
    names = [f"longer{number}" for number in range(1_999)]
    with catalogue.writing() as connection:
        for table, key in ((tables.document, "id"), (tables.document_version, "document_id")):
            row = dict(connection.execute(table.select()).mappings().one())
            connection.execute(table.insert(), [{**row, key: name} for name in names])
    seen = peak = 0
    before = resident()
    with catalogue.reading() as connection:
        for read in documents.standing(connection):
            seen += read.text == text
            peak = max(peak, resident() if seen % 100 == 1 else 0)
    assert seen == 2_000
    assert peak - before < 10_000_000


def resident() -> int:
    """Bytes of memory that this process takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
