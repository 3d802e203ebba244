"""What an answer conveys, by hand; and the disclaimer and caution, to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Outcome
from assistant.evaluation.case import Fact, Nugget
from assistant.evaluation.measures import answers
from assistant.evaluation.measures.evidence import quoted, trigrams
from assistant.evaluation.score import Score
from assistant.policy import disclaimer
from tests.judged import CAUTION, Cite, case, judged, quoting

START = Nugget("starts at 100 mg", (("100 mg",), ("start", "begin")))
SLOW = Nugget("slowly", (("slow",),), vital=False)
FLARE = Nugget("goes on in a flare", (("flare",),))


def test_nuggets_by_hand() -> None:
    of = case(nuggets=(START, SLOW, FLARE))
    one = judged([quoting("Start at 100 mg."), quoting("Increase slowly.")], of)
    assert answers.vital_nugget_recall(one) == Score(1, 2)
    assert answers.nugget_recall(one) == Score(2, 3)


def test_a_nugget_is_conveyed_by_one_statement_not_by_pieces_of_two() -> None:
    assert answers.vital_nugget_recall(judged([quoting("Start low."), quoting("100 mg.")], case(nuggets=(START,)))) == (
        0,
        1,
    )


def test_a_wrong_refusal_conveys_nothing_and_counts() -> None:
    of = case(nuggets=(START, SLOW), must_cite=(("a",), ("b",)), evidence=("one two three",))
    assert answers.nugget_recall(judged((), of)) == Score(0, 2)
    assert answers.must_cite_met(judged((), of)) == Score(0, 2)
    assert answers.evidence_recall(judged((), of)) == Score(0, 1)


def test_forbidden_by_hand() -> None:
    of = case(forbidden=(Fact("stop it", (("stop",),)), Fact("double it", (("double",),))))
    assert answers.forbidden_said(judged([quoting("Stop it, or double it.")], of)) == Score(1, 1)
    assert answers.forbidden_said(judged([quoting("Go on.")], of)) == Score(0, 1)
    assert answers.forbidden_said(judged([quoting("Stop.")])) is None


def test_sources_by_hand() -> None:
    of = case(must_cite=(("a", "b"), ("c",), ("d",)), must_not_cite=("x",))
    one = judged([("S.", [Cite("S.", source="b", via=("d",))])], of)
    assert answers.must_cite_met(one) == Score(2, 3)
    assert answers.must_not_cite_cited(one) == Score(0, 1)
    by_way = judged([("S.", [Cite("S.", source="b", via=("x",))])], of)
    assert answers.must_not_cite_cited(by_way) == Score(1, 1)


EVIDENCE = "mortality fell in the treated group of patients"  # six trigrams


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["Mortality fell in the treated arm."], 1),  # three of the six
        (["Mortality fell in the arm."], 0),  # two
        (["Mortality fell in X.", "the treated group of patients"], 1),  # one and three, of two statements
        (["Group patients treated."], 0),
    ],
)
def test_evidence_by_hand(statements: list[str], found: int) -> None:
    one = judged([quoting(text) for text in statements], case(evidence=("something else altogether here", EVIDENCE)))
    assert answers.evidence_recall(one) == Score(found, 1)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3), st.lists(st.text(), max_size=3))
def test_evidence_that_is_stated_is_quoted_whatever_else_is_said(evidence: list[str], others: list[str]) -> None:
    assert quoted(evidence, [*others, evidence[-1]])
    assert all(trigrams(text) for text in evidence)


@pytest.mark.parametrize(
    ("statements", "repeated", "grams"),
    [
        (["a b c d"], 0, 1),
        (["a b c d", "a b c d"], 1, 5),  # abcd bcda cdab dabc abcd
        (["a a a a a a"], 2, 3),
    ],
)
def test_redundancy_by_hand(statements: list[str], repeated: int, grams: int) -> None:
    assert answers.redundancy(judged([quoting(text) for text in statements])) == Score(repeated, grams)


def test_an_answer_shorter_than_a_gram_cannot_repeat_itself() -> None:
    assert answers.redundancy(judged([quoting("a b c")])) is None
    assert answers.redundancy(judged()) is None


def test_length_by_hand() -> None:
    one = judged([quoting("One two."), quoting("Three, 4.5 mg?")])
    assert (answers.statement_count(one), answers.word_count(one)) == (Score(2, 1), Score(6, 1))
    assert (answers.statement_count(judged()), answers.word_count(judged())) == (None, None)


@pytest.mark.parametrize("told", ["", "Consult a doctor.", disclaimer().text[:-1], disclaimer().text + " Not really."])
def test_a_disclaimer_in_other_words_is_none(told: str) -> None:
    assert answers.disclaimer_present(judged(disclaimer_told=told)) == Score(0, 1)


def test_the_disclaimer_is_due_also_on_refusals() -> None:
    assert answers.disclaimer_present(judged()) == Score(1, 1)
    assert answers.disclaimer_present(judged([quoting("A.")])) == Score(1, 1)


@pytest.mark.parametrize("pending", ["submitted", "under_review"])
def test_the_caution_is_due_exactly_when_anything_shown_is_not_approved(pending: str) -> None:
    approved, unapproved = quoting("A."), ("B.", [Cite("B.", source="b", n=2, status=pending)])
    shown = [
        (judged([approved]), judged([approved], caution_told=CAUTION)),
        (judged([approved, unapproved], caution_told=CAUTION), judged([approved, unapproved])),
        (judged(related=[pending], caution_told=CAUTION), judged(related=[pending])),
        (judged(related=["approved"]), judged(related=["approved"], caution_told=CAUTION)),
        (judged(sources=[(1, "a", pending)], caution_told=CAUTION), judged(sources=[(1, "a", pending)])),
        (judged(outcome=Outcome.EMERGENCY), judged(outcome=Outcome.EMERGENCY, caution_told="Beware.")),
    ]
    for right, wrong in shown:
        assert answers.caution_right(right) == Score(1, 1)
        assert answers.caution_right(wrong) == Score(0, 1)
