"""Answers come back as they were given, are found by what they cite, and go when their time is over."""

import pytest

from corpus.catalogue import answers
from corpus.catalogue.answers import Feedback, Given
from corpus.catalogue.database import Catalogue
from corpus.catalogue.tables import answer_citation
from corpus.errors import CatalogueUnavailable
from tests.corpus.catalogue.samples import LATER, NOW, feedbacks, given

EARLIER = "2026-01-01T10:00:00+00:00"


def keep(catalogue: Catalogue, *some: Given) -> None:
    with catalogue.writing() as connection:
        for one in some:
            answers.keep(connection, one)


def test_an_answer_comes_back_as_it_was_given(catalogue: Catalogue) -> None:
    one, refusal = given("a1", cites=["gout", "scurvy"], owner="3f6c1b1e"), given("a2", cites=[])
    keep(catalogue, one, refusal)
    with catalogue.reading() as connection:
        assert answers.given(connection, "a1") == one
        assert answers.given(connection, "a2") == refusal
        assert answers.given(connection, "absent") is None


def test_answers_are_listed_oldest_first(catalogue: Catalogue) -> None:
    keep(catalogue, given("b", LATER), given("z", EARLIER), given("a", LATER))
    with catalogue.reading() as connection:
        assert [one.id for one in answers.all_given(connection)] == ["z", "a", "b"]
        assert [one.cited for one in answers.all_given(connection)] == [given("a").cited] * 3


def test_more_answers_than_are_fetched_at_once(catalogue: Catalogue) -> None:
    """Each is fetched with its citations, while the list of answers is still being read."""
    some = [given(f"a{number:03}", cites=["gout", "scurvy"]) for number in range(230)]
    keep(catalogue, *some)
    with catalogue.reading() as connection:
        assert list(answers.all_given(connection)) == some


def test_answers_are_found_by_what_they_cite_directly_or_by_way_of_it(catalogue: Catalogue) -> None:
    gout, both, none = given("a1", LATER), given("a2", EARLIER, cites=["gout", "scurvy"]), given("a3", cites=[])
    keep(catalogue, gout, both, none, given("a4", cites=["asthma"]))
    with catalogue.reading() as connection:
        assert list(answers.given_citing(connection, ["gout"])) == [both, gout]
        assert list(answers.given_citing(connection, ["DOI:10.5555/scurvy"])) == [both]
        assert list(answers.given_citing(connection, ["scurvy", "gout", "absent", "gout"])) == [both, gout]
        assert list(answers.given_citing(connection, [])) == []


def test_what_is_older_than_the_retention_goes_with_all_that_belongs_to_it(catalogue: Catalogue) -> None:
    keep(catalogue, given("old", EARLIER), given("new", NOW))
    with catalogue.writing() as connection:
        for name in ("old", "new"):
            answers.keep_feedback(connection, name, name == "new", "why", NOW)
        assert answers.remove_older(connection, NOW) == 1
        assert answers.remove_older(connection, NOW) == 0
        assert answers.given(connection, "old") is None
        assert set(connection.scalars(answer_citation.select().with_only_columns(answer_citation.c.answer_id))) == {
            "new"
        }
    assert feedbacks(catalogue) == [("new", True, "why")]


def test_what_readers_thought_comes_back_in_the_order_they_said_it(catalogue: Catalogue) -> None:
    keep(catalogue, given("a1"), given("a2"))
    with catalogue.writing() as connection:
        answers.keep_feedback(connection, "a1", True, "clear", LATER)
        answers.keep_feedback(connection, "a2", True, "of another", NOW)
        answers.keep_feedback(connection, "a1", False, "", NOW)
    with catalogue.reading() as connection:
        assert answers.feedback_on(connection, "a1") == (Feedback(LATER, True, "clear"), Feedback(NOW, False, ""))
        assert answers.feedback_on(connection, "absent") == ()


def test_of_an_answer_that_is_not_kept_nothing_is_thought(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueUnavailable), catalogue.writing() as connection:
        answers.keep_feedback(connection, "absent", True, "", NOW)
    assert feedbacks(catalogue) == []


def test_the_snapshots_of_answers(catalogue: Catalogue) -> None:
    keep(catalogue, given("a1", snapshot="s1"), given("a2", snapshot="s2"), given("a3", snapshot="s1"))
    with catalogue.reading() as connection:
        assert answers.snapshots_of_answers(connection) == {"s1", "s2"}


def test_an_answer_is_not_replaced(catalogue: Catalogue) -> None:
    """And what would be kept with it is not kept either."""
    keep(catalogue, given("a1"))
    with pytest.raises(CatalogueUnavailable):
        keep(catalogue, given("a2"), given("a1", cites=["scurvy"]))
    with catalogue.reading() as connection:
        assert list(answers.all_given(connection)) == [given("a1")]
