"""Notices: none is lost, none counts twice, and one by PMID reaches a work that is cited by DOI."""

from dataclasses import replace

import pytest

from corpus.catalogue import notices
from corpus.catalogue.database import Catalogue
from corpus.errors import ListCutOff
from corpus.source_status import Statuses
from corpus.types import Notice, SourceStatus
from tests.corpus.catalogue.samples import LATER, NOW, document, put, told

RETRACTED, CORRECTED = SourceStatus.RETRACTED, SourceStatus.CORRECTED


def add(catalogue: Catalogue, *some: Notice, now: str = NOW) -> int:
    with catalogue.writing() as connection:
        return notices.add(connection, some, now)


def of_corpus(catalogue: Catalogue, since: str = "") -> list[Notice]:
    with catalogue.reading() as connection:
        return list(notices.of_corpus(connection, since))


def on(catalogue: Catalogue, doi: str = "", pmid: str = "") -> tuple[Notice, ...]:
    with catalogue.reading() as connection:
        return notices.on(connection, doi, pmid)


def lift_absent(catalogue: Catalogue, origin: str, *present: Notice) -> int:
    with catalogue.writing() as connection:
        return notices.lift_absent(connection, origin, set(present))


def test_a_notice_is_kept_once(catalogue: Catalogue) -> None:
    one = told(RETRACTED, doi="10.5555/a")
    assert add(catalogue, one, one) == 1
    assert add(catalogue, one, replace(one, reason="told otherwise"), told(CORRECTED, doi="10.5555/a"), now=LATER) == 1
    assert on(catalogue, "10.5555/A") == (told(CORRECTED, doi="10.5555/a"), one)
    assert add(catalogue) == 0


def test_more_notices_than_one_statement_takes(catalogue: Catalogue) -> None:
    many = [told(RETRACTED, doi=f"10.5555/{number}") for number in range(1_200)]
    assert add(catalogue, *many) == 1_200
    assert add(catalogue, *many, told(RETRACTED, doi="10.5555/new")) == 1
    assert lift_absent(catalogue, "list", *many[:1_150]) == 51
    assert on(catalogue, "10.5555/0") == (many[0],)
    assert on(catalogue, "10.5555/1199") == ()


def test_a_list_that_is_cut_off_lifts_nothing(catalogue: Catalogue) -> None:
    many = [told(RETRACTED, doi=f"10.5555/{number}") for number in range(400)]
    add(catalogue, *many)
    with pytest.raises(ListCutOff, match="200 of 400"):
        lift_absent(catalogue, "list", *many[:200])
    assert on(catalogue, "10.5555/399") == (many[399],)


def test_the_notices_on_a_work_are_in_the_order_of_their_dates(catalogue: Catalogue) -> None:
    late, early = (replace(told(RETRACTED, doi="10.5555/a"), date=date) for date in ("2026-03", "2025-12-31"))
    undated = replace(told(CORRECTED, pmid="90000001"), date="")
    add(catalogue, late, early, undated, told(RETRACTED, doi="10.5555/other"))
    assert on(catalogue, "10.5555/a", "90000001") == (undated, early, late)
    assert on(catalogue) == ()


def test_only_works_that_are_held_or_cited_are_of_the_corpus(catalogue: Catalogue) -> None:
    put(catalogue, document("gout", doi="10.5555/HELD", pmid="90000001", cites=["10.5555/Cited"]))
    concerned = [told(RETRACTED, doi="10.5555/held"), told(RETRACTED, doi="10.5555/cited")]
    concerned += [told(CORRECTED, pmid="90000001")]
    add(catalogue, *concerned, told(RETRACTED, doi="10.5555/other"), told(RETRACTED, pmid="90000009"))
    assert of_corpus(catalogue) == concerned
    put(catalogue, document("gout", "Edited.", doi="10.5555/held"))
    assert of_corpus(catalogue) == concerned[:1], "what an edit cites no more is not of the corpus"


def test_notices_from_a_time_on(catalogue: Catalogue) -> None:
    put(catalogue, document("gout", cites=["10.5555/a"]))
    add(catalogue, told(CORRECTED, doi="10.5555/a"))
    add(catalogue, told(CORRECTED, doi="10.5555/a"), told(RETRACTED, doi="10.5555/a"), now=LATER)
    assert [one.status for one in of_corpus(catalogue, LATER)] == [RETRACTED]
    assert len(of_corpus(catalogue, NOW)) == 2


@pytest.mark.parametrize("since", ["", LATER])
def test_a_retraction_known_by_pmid_reaches_a_work_that_is_cited_by_doi(catalogue: Catalogue, since: str) -> None:
    """One source gives both names, the other, which tells of the retraction, only the one that is not cited."""
    put(catalogue, document("gout", cites=["10.5555/a"]))
    add(catalogue, replace(told(CORRECTED, doi="10.5555/a", pmid="90000001"), origin="crossref"))
    add(catalogue, told(RETRACTED, pmid="90000001"), told(RETRACTED, pmid="90000002"), now=LATER)
    found = of_corpus(catalogue, since)
    assert told(RETRACTED, pmid="90000001") in found
    assert told(RETRACTED, pmid="90000002") not in found
    assert Statuses(of_corpus(catalogue)).of("10.5555/a") is RETRACTED


def test_and_one_known_by_doi_a_work_that_is_cited_by_pmid(catalogue: Catalogue) -> None:
    put(catalogue, document("gout", pmid="90000001"))
    add(catalogue, told(CORRECTED, doi="10.5555/a", pmid="90000001"), told(RETRACTED, doi="10.5555/a"))
    add(catalogue, told(RETRACTED, doi="10.5555/b"))
    assert len(of_corpus(catalogue)) == 2
    assert Statuses(of_corpus(catalogue)).of(pmid="90000001") is RETRACTED


def test_what_a_complete_list_holds_no_more_is_lifted(catalogue: Catalogue) -> None:
    kept, gone = told(RETRACTED, doi="10.5555/a"), told(RETRACTED, doi="10.5555/b")
    other = replace(gone, origin="medline")
    add(catalogue, kept, gone, other)
    assert lift_absent(catalogue, "list", kept) == 1
    assert (on(catalogue, "10.5555/a"), on(catalogue, "10.5555/b")) == ((kept,), (other,))
    assert lift_absent(catalogue, "list", kept) == 0


def test_a_retraction_that_is_worded_otherwise_is_not_lifted(catalogue: Catalogue) -> None:
    """A list is read as `refresh-status --complete` reads it: what is new is added, then what is absent is lifted."""
    add(catalogue, told(RETRACTED, doi="10.5555/a", reason="Error in Data;"))
    reworded = told(RETRACTED, doi="10.5555/a", reason="Error in Data;Investigation by Journal;")
    add(catalogue, reworded, now=LATER)
    assert lift_absent(catalogue, "list", reworded) == 0
    assert [one.status for one in on(catalogue, "10.5555/a")] == [RETRACTED]
