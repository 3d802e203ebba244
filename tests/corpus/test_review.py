"""Review: who may take which step, how many approve, and when it is due again."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from corpus.catalogue import documents, reviews
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.documents import WithdrawnBy
from corpus.catalogue.reviews import ReviewEvent
from corpus.errors import ReviewRefused, UnknownDocument
from corpus.review import ReviewRules, move, waits_for_another
from corpus.types import ReviewStatus
from tests.corpus.catalogue.samples import LATER, NOW, document, held, put, rows, withdraw

SUBMITTED, UNDER_REVIEW, APPROVED = ReviewStatus
ALLOWED = {(SUBMITTED, UNDER_REVIEW), (UNDER_REVIEW, SUBMITTED), (UNDER_REVIEW, APPROVED), (APPROVED, UNDER_REVIEW)}
WAY = {SUBMITTED: [], UNDER_REVIEW: [UNDER_REVIEW], APPROVED: [UNDER_REVIEW, APPROVED]}
DUE = "2027-11-22"
ONE, TWO = ReviewRules(), ReviewRules(approvers=2)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("review")
    with closing(Catalogue.open(default_url(home))) as opened:
        put(opened, document("gout"))
    return home / "catalogue.db"


@pytest.fixture
def catalogue(template: Path, tmp_path: Path) -> Iterator[Catalogue]:
    """A catalogue that holds one document, just submitted."""
    shutil.copy(template, tmp_path)
    with closing(Catalogue.open(default_url(tmp_path))) as opened:
        yield opened


def step(
    catalogue: Catalogue, to: ReviewStatus, who: str = "ann", *, name: str = "gout", why: str = "read",
    re_review: str | None = None, version: int | None = None, rules: ReviewRules = ONE, now: str = NOW,
) -> ReviewEvent:  # fmt: skip
    due = (DUE if to is APPROVED else "") if re_review is None else re_review
    return move(catalogue, name, to, who=who, why=why, now=now, re_review=due, version=version, rules=rules)


def reach(catalogue: Catalogue, status: ReviewStatus, name: str = "gout") -> None:
    for to in WAY[status]:
        step(catalogue, to, name=name)


def status(catalogue: Catalogue) -> ReviewStatus:
    return held(catalogue, "gout").review_status


def history(catalogue: Catalogue) -> tuple[ReviewEvent, ...]:
    with catalogue.reading() as connection:
        return reviews.history(connection, "gout")


def due(catalogue: Catalogue, date: str) -> list[tuple[str, str]]:
    with catalogue.reading() as connection:
        return reviews.due(connection, date)


@pytest.mark.parametrize(("before", "to"), list(product(ReviewStatus, ReviewStatus)))
def test_every_step_is_allowed_or_refused(catalogue: Catalogue, before: ReviewStatus, to: ReviewStatus) -> None:
    reach(catalogue, before)
    known = rows(catalogue)
    if (before, to) in ALLOWED:
        taken = step(catalogue, to, why=" it was time ")
        assert taken == ReviewEvent("gout", 1, before, to, "ann", NOW, "it was time", DUE if to is APPROVED else "")
        assert history(catalogue)[-1] == taken
        assert (status(catalogue), held(catalogue, "gout").re_review) == (to, taken.re_review)
        assert not waits_for_another(taken)
    else:
        with pytest.raises(ReviewRefused, match=f"gout is {before}"):
            step(catalogue, to)
        assert rows(catalogue) == known


@pytest.mark.parametrize(("who", "why"), [("", "read"), ("ann", ""), (" \t", "read"), ("ann", "\n ")])
def test_a_step_needs_who_and_why(catalogue: Catalogue, who: str, why: str) -> None:
    with pytest.raises(ReviewRefused, match="who takes it and why"):
        step(catalogue, UNDER_REVIEW, who, why=why)
    assert history(catalogue) == ()


def test_two_different_people_approve(catalogue: Catalogue) -> None:
    reach(catalogue, UNDER_REVIEW)
    first = step(catalogue, APPROVED, "ann", rules=TWO)
    assert waits_for_another(first)
    assert (status(catalogue), held(catalogue, "gout").re_review) == (UNDER_REVIEW, "")
    second = step(catalogue, APPROVED, "ben", rules=TWO, re_review="2027-01-31")
    assert not waits_for_another(second)
    assert (status(catalogue), held(catalogue, "gout").re_review) == (APPROVED, "2027-01-31")
    assert [one.who for one in history(catalogue)] == ["ann", "ann", "ben"]


@pytest.mark.parametrize("again", ["Ann Berg", " Ann  Berg ", "ann berg", "ANN BERG"])
def test_the_same_person_does_not_count_twice(catalogue: Catalogue, again: str) -> None:
    reach(catalogue, UNDER_REVIEW)
    assert step(catalogue, APPROVED, " Ann Berg", rules=TWO).who == "Ann Berg"
    with pytest.raises(ReviewRefused, match="another person"):
        step(catalogue, APPROVED, again, rules=TWO)
    assert (status(catalogue), len(history(catalogue))) == (UNDER_REVIEW, 2)


def test_an_edit_in_between_starts_anew(catalogue: Catalogue) -> None:
    reach(catalogue, UNDER_REVIEW)
    step(catalogue, APPROVED, "ann", rules=TWO)
    put(catalogue, document("gout", "Edited."))
    assert waits_for_another(step(catalogue, APPROVED, "ben", rules=TWO))
    put(catalogue, document("gout"))
    assert waits_for_another(step(catalogue, APPROVED, "ann", rules=TWO)), "the old text again is a third version"
    step(catalogue, APPROVED, "ben", rules=TWO)
    assert status(catalogue) is APPROVED


def test_going_back_in_between_starts_anew(catalogue: Catalogue) -> None:
    reach(catalogue, UNDER_REVIEW)
    step(catalogue, APPROVED, "ann", rules=TWO)
    step(catalogue, SUBMITTED, "cid")
    step(catalogue, UNDER_REVIEW, "cid")
    assert waits_for_another(step(catalogue, APPROVED, "ben", rules=TWO))
    step(catalogue, APPROVED, "ann", rules=TWO)
    assert status(catalogue) is APPROVED


def test_a_second_approval_of_the_same_version_starts_anew(catalogue: Catalogue) -> None:
    """What two people approved and one took back needs two again."""
    reach(catalogue, UNDER_REVIEW)
    for who in ("ann", "ben"):
        step(catalogue, APPROVED, who, rules=TWO)
    step(catalogue, UNDER_REVIEW, "cid")
    assert waits_for_another(step(catalogue, APPROVED, "ann", rules=TWO))


def test_an_approval_is_of_the_version_that_was_read(catalogue: Catalogue) -> None:
    reach(catalogue, UNDER_REVIEW)
    put(catalogue, document("gout", "Edited."))
    with pytest.raises(ReviewRefused, match="at version 2, not 1"):
        step(catalogue, APPROVED, version=1)
    assert step(catalogue, APPROVED, version=2).number == 2


@pytest.mark.parametrize(
    ("re_review", "told"),
    [
        ("", "such as 2027-11-22"),
        ("soon", "such as 2027-11-22"),
        ("2027-02-29", "such as 2027-11-22"),
        ("22.11.2027", "such as 2027-11-22"),
        ("2026-11-22", "not in the future"),
        ("2026-11-21", "not in the future"),
        ("1999-01-01", "not in the future"),
    ],
)
@pytest.mark.parametrize("rules", [ONE, TWO])
def test_an_approval_needs_a_later_date(catalogue: Catalogue, re_review: str, told: str, rules: ReviewRules) -> None:
    reach(catalogue, UNDER_REVIEW)
    with pytest.raises(ReviewRefused, match=told):
        step(catalogue, APPROVED, re_review=re_review, rules=rules)
    assert len(history(catalogue)) == 1


@pytest.mark.parametrize("written", ["20261123", "2026-W48-1", "2026-11-23"])
def test_a_date_is_kept_as_dates_are_compared(catalogue: Catalogue, written: str) -> None:
    """ "20261123" sorts after "2026-12-31", and would never be due."""
    reach(catalogue, UNDER_REVIEW)
    assert step(catalogue, APPROVED, re_review=written).re_review == "2026-11-23"
    assert due(catalogue, "2026-11-23") == [("gout", "2026-11-23")]


def test_a_step_without_approval_keeps_no_date(catalogue: Catalogue) -> None:
    assert step(catalogue, UNDER_REVIEW, re_review="whenever").re_review == ""


def test_what_is_due_is_listed_soonest_first(catalogue: Catalogue) -> None:
    dates = {"scurvy": "2027-01-01", "gout": "2027-01-02", "asthma": "2027-01-02", "late": "2027-02-01"}
    for name, date in dates.items():
        put(catalogue, document(name))
        step(catalogue, UNDER_REVIEW, name=name)
        step(catalogue, APPROVED, name=name, re_review=date)
    assert due(catalogue, "2026-12-31") == []
    assert due(catalogue, "2027-01-02") == [("scurvy", "2027-01-01"), ("asthma", "2027-01-02"), ("gout", "2027-01-02")]
    withdraw(catalogue, "scurvy")
    put(catalogue, document("asthma", "Edited."))
    assert due(catalogue, "2027-01-02") == [("gout", "2027-01-02")]


@pytest.mark.parametrize("by", WithdrawnBy)
def test_what_is_withdrawn_is_not_reviewed(catalogue: Catalogue, by: WithdrawnBy) -> None:
    withdraw(catalogue, "gout", by)
    with pytest.raises(ReviewRefused, match="withdrawn"):
        step(catalogue, UNDER_REVIEW)
    with catalogue.writing() as connection:
        documents.bring_back(connection, "gout", LATER)
    step(catalogue, UNDER_REVIEW)


def test_what_is_not_held_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownDocument, match="'absent'"):
        step(catalogue, UNDER_REVIEW, name="absent")
