"""Documents: every edit is a version, people's decisions outlast files, and a file cannot approve itself."""

from dataclasses import replace

import pytest

from corpus.catalogue import documents, reviews, source_files
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Change, WithdrawnBy
from corpus.catalogue.reviews import PROGRAM, ReviewEvent
from corpus.errors import UnknownDocument
from corpus.types import ReviewStatus
from tests.corpus.catalogue.samples import (
    LATER,
    NOW,
    citing,
    document,
    documents_of_files,
    held,
    put,
    rows,
    standing,
    withdraw,
)

SUBMITTED, UNDER_REVIEW, APPROVED = ReviewStatus


def approve(catalogue: Catalogue, name: str) -> None:
    number = held(catalogue, name).number
    with catalogue.writing() as connection:
        reviews.record(connection, ReviewEvent(name, number, UNDER_REVIEW, APPROVED, "ann", NOW, "read", "2027-11-22"))


def bring_back(catalogue: Catalogue, name: str, now: str = LATER) -> None:
    with catalogue.writing() as connection:
        documents.bring_back(connection, name, now)


def version_texts(catalogue: Catalogue, name: str) -> list[int]:
    with catalogue.reading() as connection:
        return [one.number for one in documents.versions(connection, name)]


def test_a_document_comes_back_as_it_was_put_in(catalogue: Catalogue) -> None:
    one = document("gout", "Résumé — 5 µg\n\n☃", cites=["10.5555/A", "10.5555/b"], doi="10.5555/G", pmid="90000001")
    assert put(catalogue, one) is Change.ADDED
    assert standing(catalogue) == [one]
    with catalogue.reading() as connection:
        assert documents.newest(connection, "gout") == one
        (version,) = documents.versions(connection, "gout")
    assert (version.number, version.recorded, version.origin) == (1, NOW, "a.md")
    assert version.version == one.version == held(catalogue, "gout").version


def test_the_same_again_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, document("gout", cites=["10.5555/a"]))
    before = rows(catalogue)
    assert put(catalogue, document("gout", cites=["10.5555/a"]), now=LATER, origin="elsewhere.md") is Change.UNCHANGED
    assert rows(catalogue) == before


def test_an_edit_is_a_new_version_and_so_is_taking_it_back(catalogue: Catalogue) -> None:
    for text in ("First.", "Second.", "First."):
        put(catalogue, document("gout", text, cites=[text]))
    assert version_texts(catalogue, "gout") == [1, 2, 3]
    assert [one.text for one in standing(catalogue)] == ["First."]
    with catalogue.reading() as connection:
        assert citing(connection, ["DOI:First.", "DOI:Second."]) == ["gout"]
        assert citing(connection, ["DOI:Second."]) == []


@pytest.mark.parametrize(
    ("said", "kept"), [(SUBMITTED, SUBMITTED), (UNDER_REVIEW, UNDER_REVIEW), (APPROVED, UNDER_REVIEW)]
)
def test_a_file_cannot_approve_itself(catalogue: Catalogue, said: ReviewStatus, kept: ReviewStatus) -> None:
    put(catalogue, document("gout", status=said))
    assert [one.review_status for one in standing(catalogue)] == [kept]
    put(catalogue, document("gout", "Edited.", status=APPROVED))
    assert [one.review_status for one in standing(catalogue)] == [kept]
    assert put(catalogue, document("gout", "Edited.", status=SUBMITTED)) is Change.UNCHANGED


def test_an_edit_of_what_is_approved_is_under_review_again(catalogue: Catalogue) -> None:
    put(catalogue, document("gout"))
    approve(catalogue, "gout")
    assert held(catalogue, "gout").re_review == "2027-11-22"
    assert put(catalogue, document("gout"), now=LATER) is Change.UNCHANGED
    assert held(catalogue, "gout").review_status is APPROVED
    put(catalogue, document("gout", "Edited.", status=APPROVED), now=LATER)
    assert (held(catalogue, "gout").review_status, held(catalogue, "gout").re_review) == (UNDER_REVIEW, "")
    with catalogue.reading() as connection:
        last = reviews.history(connection, "gout")[-1]
    assert last == ReviewEvent("gout", 2, APPROVED, UNDER_REVIEW, PROGRAM, LATER, "the text was edited after approval")


def test_an_edit_that_comes_while_it_is_withdrawn_takes_the_approval_too(catalogue: Catalogue) -> None:
    put(catalogue, document("gout"))
    approve(catalogue, "gout")
    withdraw(catalogue, "gout", WithdrawnBy.FILE_GONE)
    assert put(catalogue, document("gout", "Edited.")) is Change.RETURNED
    assert held(catalogue, "gout").review_status is UNDER_REVIEW


def test_what_is_held_in_another_form_is_not_replaced(catalogue: Catalogue) -> None:
    put(catalogue, document("gout"), format="jats")
    before = rows(catalogue)
    assert put(catalogue, document("gout", "An abstract."), format="medline") is Change.TAKEN
    assert rows(catalogue) == before
    assert put(catalogue, document("gout"), format="medline") is Change.UNCHANGED


@pytest.mark.parametrize("by", [WithdrawnBy.FILE_GONE, WithdrawnBy.SOURCE])
def test_what_was_withdrawn_without_a_person_comes_back_with_a_file(catalogue: Catalogue, by: WithdrawnBy) -> None:
    """In another form too: what it came from is gone."""
    put(catalogue, document("gout"), format="jats")
    withdraw(catalogue, "gout", by)
    assert standing(catalogue) == []
    assert put(catalogue, document("gout"), format="jats", now=LATER) is Change.RETURNED
    assert (held(catalogue, "gout").number, held(catalogue, "gout").changed) == (1, LATER)
    withdraw(catalogue, "gout", by)
    assert put(catalogue, document("gout", "An abstract."), format="medline") is Change.RETURNED
    assert (held(catalogue, "gout").format, held(catalogue, "gout").number) == ("medline", 2)


def test_what_a_person_withdrew_stays_so_until_a_person_brings_it_back(catalogue: Catalogue) -> None:
    put(catalogue, document("gout"))
    withdraw(catalogue, "gout", WithdrawnBy.PERSON, now=LATER)
    found = held(catalogue, "gout")
    assert (found.withdrawn, found.withdrawn_by, found.withdrawn_why) == (LATER, "person", "superseded")
    for one in (document("gout"), document("gout", "Edited.")):
        assert put(catalogue, one) is Change.STAYS_WITHDRAWN
    withdraw(catalogue, "gout", WithdrawnBy.FILE_GONE)
    assert held(catalogue, "gout") == found
    bring_back(catalogue, "gout")
    assert [one.text for one in standing(catalogue)] == ["Rest helps."]


@pytest.mark.parametrize("by", [WithdrawnBy.FILE_GONE, WithdrawnBy.SOURCE])
def test_a_person_may_withdraw_what_is_gone_already(catalogue: Catalogue, by: WithdrawnBy) -> None:
    """Else it would be back with its file, against that person's decision."""
    put(catalogue, document("gout"))
    withdraw(catalogue, "gout", by)
    withdraw(catalogue, "gout", WithdrawnBy.PERSON)
    assert put(catalogue, document("gout")) is Change.STAYS_WITHDRAWN


def test_what_is_brought_back_is_read_again(catalogue: Catalogue) -> None:
    """While it was withdrawn its file was edited, and passed over."""
    put(catalogue, document("gout"))
    with catalogue.writing() as connection:
        source_files.keep(connection, "a.md", "1" * 64, "tests", ["gout", "scurvy"], NOW)
        source_files.keep(connection, "b.md", "2" * 64, "tests", ["scurvy"], NOW)
    withdraw(catalogue, "gout")
    bring_back(catalogue, "gout")
    with catalogue.reading() as connection:
        known = source_files.known(connection)
        assert documents_of_files(connection)["a.md"] == ["gout", "scurvy"]
    assert known["a.md"] != ("1" * 64, "tests")
    assert known["b.md"] == ("2" * 64, "tests")


def test_bringing_back_what_stands_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, document("gout"))
    before = rows(catalogue)
    bring_back(catalogue, "gout")
    assert rows(catalogue) == before


def test_a_document_that_is_not_held_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownDocument, match="'absent'"):
        withdraw(catalogue, "absent")
    with pytest.raises(UnknownDocument, match="'absent'"):
        bring_back(catalogue, "absent")
    with pytest.raises(UnknownDocument, match="'absent'"), catalogue.reading() as connection:
        documents.newest(connection, "absent")
    with catalogue.reading() as connection:
        assert documents.versions(connection, "absent") == ()
        assert list(documents.held(connection, ["absent"])) == []


def test_a_reference_list_may_name_one_key_twice(catalogue: Catalogue) -> None:
    one = document("gout", cites=["10.5555/a", "10.5555/b"])
    put(catalogue, replace(one, references=(*one.references, one.references[0])))
    with catalogue.reading() as connection:
        assert citing(connection, ["DOI:10.5555/a", "DOI:10.5555/b", "DOI:10.5555/z"]) == ["gout"]


def test_what_a_database_cannot_hold_does_not_stop_the_rest(catalogue: Catalogue) -> None:
    """Titles of damaged files have NUL characters; PostgreSQL's text has none."""
    one = document("gout\0", "Before\0after.", cites=["10.5555/\0"])
    assert put(catalogue, one) is Change.ADDED
    assert put(catalogue, one) is Change.UNCHANGED
    assert [found.text for found in standing(catalogue)] == ["Before\0after."]


def test_any_number_of_documents_can_be_asked_for(catalogue: Catalogue) -> None:
    """More than a statement may have parameters (65,535 on PostgreSQL)."""
    put(catalogue, document("gout"))
    many = [f"absent{number}" for number in range(70_000)]
    with catalogue.reading() as connection:
        assert [one.id for one in documents.held(connection, [*many, "gout"])] == ["gout"]
