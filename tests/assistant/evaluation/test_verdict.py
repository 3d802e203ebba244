"""What is wrong with an answer: nothing with a right one, and a sentence for each thing that is put wrong."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.answer import Outcome
from assistant.evaluation.case import Fact, Nugget
from assistant.evaluation.record import Answered
from assistant.evaluation.verdict import checked, failures, withdrawn
from assistant.policy import disclaimer
from tests.judged import CAUTION, SPANS, Cite, case, quoting
from tests.reported import answered, retold, right

DOSE = "Start allopurinol at 100 mg/day or less."
HUNDRED = Nugget("starts at 100 mg", (("100 mg",),))
WITH_VIA = (DOSE, (Cite(DOSE, via=("PMID:90000001",)),))
SOURCES = ((1, "article-1", "approved"), (2, "PMID:90000001", "approved"))


def refused(of: Outcome = Outcome.INSUFFICIENT_EVIDENCE) -> Answered:
    return answered(of=case(outcome=Outcome.INSUFFICIENT_EVIDENCE), outcome=of)


@pytest.mark.parametrize("text", [DOSE, *SPANS])
def test_nothing_is_wrong_with_what_quotes_exactly_and_was_expected(text: str) -> None:
    assert failures(right(text=text)) == ()
    assert failures(answered([quoting(DOSE), (text, (Cite(text, n=2, source="PMID:90000001"),))])) == ()


def test_a_due_refusal_is_right_and_another_one_is_not() -> None:
    assert failures(refused()) == ()
    assert failures(refused(Outcome.OUT_OF_SCOPE)) == (
        "The outcome is out of scope; expected was insufficient evidence.",
    )


def test_every_outcome_that_a_case_allows_is_right() -> None:
    either = case(outcome=(Outcome.CONFLICTING_EVIDENCE, Outcome.ANSWERED))
    assert failures(right(either)) == ()
    assert failures(answered(of=either)) == (
        "The outcome is insufficient evidence; expected was conflicting evidence or answered.",
    )


def test_of_each_group_one_source_must_be_cited_directly_or_by_an_article() -> None:
    groups = (("article-1", "PMID:90000009"), ("PMID:90000001",))
    assert failures(answered([WITH_VIA], case(must_cite=groups), sources=SOURCES)) == ()
    assert failures(right(case(must_cite=groups))) == ("PMID:90000001 is not cited.",)
    other = case(must_cite=(("PMID:90000002", "PMID:90000003"),))
    assert failures(right(other)) == ("None of PMID:90000002, PMID:90000003 is cited.",)


@pytest.mark.parametrize("source", ["article-1", "PMID:90000001"])
def test_what_must_not_be_cited_is_not_cited_by_way_of_an_article_either(source: str) -> None:
    barred = case(must_not_cite=(source,))
    assert failures(answered([WITH_VIA], barred, sources=SOURCES)) == (f"{source} is cited and must not be.",)


def test_one_statement_alone_has_to_convey_a_vital_nugget() -> None:
    both = Nugget("allopurinol starts at 100 mg", (("allopurinol",), ("100 mg",)))
    halves = [quoting("Allopurinol is given."), quoting("The dose is 100 mg.")]
    assert failures(answered(halves, case(nuggets=(both,)))) == (
        "A vital point is not conveyed: allopurinol starts at 100 mg.",
    )
    assert failures(right(case(nuggets=(both,)), text=DOSE)) == ()
    assert failures(answered(halves, case(nuggets=(replace(both, vital=False),)))) == ()


def test_a_forbidden_fact_is_named_with_the_statement_that_says_it() -> None:
    risky = Fact("the dose of another drug!", (("300 mg",),))
    said = [quoting(DOSE), quoting("Give 300 mg at once.")]
    assert failures(answered(said, case(forbidden=(risky,)))) == (
        "Statement 2 says what is forbidden: the dose of another drug!",
    )
    assert failures(answered(said[:1], case(forbidden=(risky,)))) == ()


def test_a_number_that_was_changed_is_unsupported_unheld_and_not_the_quote() -> None:
    changed = "Start allopurinol at 300 mg/day or less."
    assert failures(answered([(changed, (Cite(DOSE),))])) == (
        "Statement 1 is not supported by what it cites.",
        "Statement 1 states a number that its spans do not hold: 300.",
        "Statement 1 is called verbatim and is not what it quotes.",
    )


CITATIONS: list[tuple[Cite, str]] = [
    (Cite(DOSE, span=None), "Statement 1, citation [1]: the corpus has no such place."),
    (Cite(DOSE, span=f"{DOSE} "), "Statement 1, citation [1]: the quote is not what stands there."),
    (
        Cite(DOSE, numbered=False),
        "Statement 1, citation [1]: the source list does not hold what it cites under its number.",
    ),
    (
        Cite(DOSE, attributed=False),
        "Statement 1, citation [1]: the works it rests on are not those that its source cites there.",
    ),
    (Cite(DOSE, withdrawn=("PMID:90000001",)), "PMID:90000001 is cited and is withdrawn."),
]


@pytest.mark.parametrize(("citation", "sentence"), CITATIONS)
def test_a_citation_that_is_not_true_is_named(citation: Cite, sentence: str) -> None:
    assert sentence in failures(answered([(DOSE, (citation,))]))


def test_what_was_not_looked_up_or_not_checked_is_never_taken_for_right() -> None:
    line = right(text="Rest is advised.")
    assert failures(replace(line, verified=())) == (
        "Statement 1, citation [1]: nobody looked up whether the quote stands there.",
    )
    assert not checked(replace(line, supported=()))[0].is_supported
    assert failures(replace(line, supported=())) == ("Statement 1 was not checked for support.",)
    of_another = tuple(replace(one, n=7) for one in line.verified)
    assert not checked(replace(line, verified=of_another))[0].citations[0].is_exact
    uncited = retold(line, statements=tuple(replace(one, citations=()) for one in line.told.statements))
    assert "Statement 1 cites nothing." in failures(uncited)


def test_citations_find_what_was_looked_up_for_them() -> None:
    said = [(DOSE, (Cite(DOSE), Cite(DOSE, n=2, source="b"))), quoting("Rest is advised.", "c", 3)]
    pairs = [(one.told, one.verified) for statement in checked(answered(said)) for one in statement.citations]
    assert [(told.n, found.n, found.statement) for told, found in pairs if found] == [(1, 1, 0), (2, 2, 0), (3, 3, 1)]


BROKEN: list[tuple[Callable[[Answered], Answered], str]] = [
    (lambda line: retold(line, disclaimer=" "), "The disclaimer is missing."),
    (
        lambda line: retold(line, disclaimer=disclaimer().text[:-1]),
        "The disclaimer is not worded as the policy has it.",
    ),
    (lambda line: replace(line, same_again=False), "Asked again, the answer was another."),
]


@pytest.mark.parametrize(("break_it", "sentence"), BROKEN)
@pytest.mark.parametrize("line", [right(), refused()])
def test_every_answer_carries_the_disclaimer_and_comes_again(
    line: Answered, break_it: Callable[[Answered], Answered], sentence: str
) -> None:
    assert failures(break_it(line)) == (sentence,)


@pytest.mark.parametrize("status", ["submitted", "under_review"])
def test_the_caution_is_there_when_something_shown_is_not_approved(status: str) -> None:
    pending = ((1, "article-1", status),)
    sentence = "The caution is missing, though not all that is shown is approved."
    assert failures(answered([quoting(DOSE)], sources=pending)) == (sentence,)
    assert failures(answered([quoting(DOSE)], sources=pending, caution_told=CAUTION)) == ()
    assert sentence in failures(answered(related=[status]))
    assert failures(answered([(DOSE, (Cite(DOSE, status=status),))])) == (sentence,)


def test_withdrawn_sources_are_named_once_in_the_order_of_the_citations() -> None:
    both = Cite(DOSE, withdrawn=("PMID:90000002", "PMID:90000001"))
    line = answered([(DOSE, (both,)), (DOSE, (Cite(DOSE, withdrawn=("PMID:90000001",)),))])
    assert withdrawn(line) == ("PMID:90000002", "PMID:90000001")


@given(st.lists(st.sampled_from(SPANS), min_size=1, max_size=4))
def test_the_first_statement_that_says_a_fact_and_every_source_are_named(texts: list[str]) -> None:
    told = answered([quoting(text, f"s{n}", n) for n, text in enumerate(texts, start=1)]).told
    assert told.saying(Fact("whole", ((texts[-1],),))) == texts.index(texts[-1]) + 1
    assert told.saying(Fact("absent", (("zebra",),))) is None
    assert told.cited == {f"s{n}" for n in range(1, len(texts) + 1)}
