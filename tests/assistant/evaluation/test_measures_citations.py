"""Citations by hand: what ALCE and SourceCheckup count, and that only what the snapshot holds can support anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.measures import Judged, citations, scores_of
from assistant.evaluation.record import StatementSupport
from assistant.evaluation.score import Score
from tests.judged import Cite, Said, judged, quoting

DOSE = "Start allopurinol at 100 mg/day or less."


def cite(span: str | None) -> Cite:
    return Cite("told", span, supports="checked")


# Each statement is a claim of words; a span supports it when it holds them all.
RECALL_AND_PRECISION = [
    ("one citation that supports", [("a b", [cite("a b")])], (1, 1), (1, 1)),
    ("one that does not", [("a b", [cite("a")])], (0, 1), (0, 1)),
    ("two that support only together", [("a b", [cite("a"), cite("b")])], (1, 1), (2, 2)),
    ("two that each support", [("a b", [cite("a b"), cite("b a")])], (1, 1), (2, 2)),
    ("one that supports, one that adds nothing", [("a b", [cite("a b"), cite("x")])], (1, 1), (1, 2)),
    ("a half that is not needed", [("a b", [cite("a b"), cite("a")])], (1, 1), (1, 2)),
    ("two that do not support even together", [("a b c", [cite("a"), cite("b")])], (0, 1), (0, 2)),
    ("one that is not there beside one that supports", [("a b", [cite("a b"), cite(None)])], (0, 1), (0, 2)),
    ("two statements", [("a", [cite("a")]), ("b", [cite("a")])], (1, 2), (1, 2)),
]


@pytest.mark.parametrize(("says", "said", "recall", "precision"), RECALL_AND_PRECISION)
def test_alce_by_hand(says: str, said: list[Said], recall: tuple[int, int], precision: tuple[int, int]) -> None:
    assert citations.citation_recall(judged(said)) == recall
    assert citations.citation_precision(judged(said)) == precision


def test_sourcecheckup_by_hand() -> None:
    half = [("a", [cite("a")]), ("a b", [cite("a"), cite("b")])]  # the second only by both: no source alone supports it
    assert citations.statement_support(judged(half)) == Score(1, 2)
    assert citations.answer_support(judged(half)) == Score(0, 1)
    assert citations.answer_support(judged(half[:1])) == Score(1, 1)
    assert citations.statement_support(judged([("a b", [cite("x"), cite("a b")])])) == Score(1, 1)


def test_the_premise_is_what_the_snapshot_holds_not_what_the_answer_quotes() -> None:
    invented = judged([(DOSE, [Cite(DOSE, span="Stop allopurinol in a flare.")])])
    for measure in (citations.citation_recall, citations.citation_precision, citations.statement_support):
        assert measure(invented) == Score(0, 1)
    assert citations.numeric_fidelity(invented) == Score(0, 1)
    assert citations.span_exactness(invented) == Score(0, 1)


@pytest.mark.parametrize(
    ("statement", "span", "faithful"),
    [
        (DOSE, DOSE, 1),
        ("Start allopurinol at 200 mg/day or less.", DOSE, 0),
        ("Start allopurinol at 100 g/day or less.", DOSE, 0),
        ("Start allopurinol at 100 mg/kg or less.", DOSE, 0),
        ("Start allopurinol at 100 mg/day or more.", DOSE, 0),
        ("Start allopurinol at 100 mg/week or less.", DOSE, 0),
        ("Start allopurinol at 100 mg/day.", DOSE, 0),
        ("Mortality fell (P < .001).", "Mortality fell (P < 0.001).", 1),
        ("Mortality fell (P > .001).", "Mortality fell (P < .001).", 0),
        (DOSE, None, 0),
    ],
)
def test_numeric_fidelity_by_hand(statement: str, span: str | None, faithful: int) -> None:
    assert citations.numeric_fidelity(judged([(statement, [cite(span)])])) == Score(faithful, 1)


def test_statements_without_numbers_do_not_hide_those_with() -> None:
    said = [quoting("No dose is given."), quoting("None here either."), ("Give 5 mg.", [cite("Give 50 mg.")])]
    assert citations.numeric_fidelity(judged(said)) == Score(0, 1)
    assert citations.numeric_fidelity(judged(said[:2])) is None


def test_a_number_may_stand_in_any_of_the_cited_spans() -> None:
    both = [("Give 5 mg for 3 days.", [cite("Give 5 mg."), cite("It is given for 3 days.")])]
    assert citations.numeric_fidelity(judged(both)) == Score(1, 1)


@pytest.mark.parametrize(
    ("one", "sources", "valid"),
    [
        (Cite(DOSE), None, 1),
        (Cite(DOSE, span=None), None, 0),
        (Cite(DOSE, numbered=False), None, 0),
        (Cite(DOSE, attributed=False), None, 0),
        (Cite(DOSE, n=5), [(1, "article-1", "approved")], 0),
        (Cite(DOSE, source="article-2"), [(1, "article-1", "approved")], 0),
        (Cite(DOSE), [], 0),
    ],
)
def test_validity_by_hand(one: Cite, sources: list[tuple[int, str, str]] | None, valid: int) -> None:
    assert citations.citation_validity(judged([(DOSE, [one])], sources=sources)) == Score(valid, 1)


@pytest.mark.parametrize(
    ("statement", "one", "exact"),
    [
        (DOSE, Cite(DOSE), 1),
        (DOSE, Cite(DOSE, span=DOSE + " "), 0),
        (DOSE, Cite(DOSE, span=None), 0),
        ("Another wording.", Cite(DOSE), 0),
        ("Another wording.", Cite(DOSE, supports="checked"), 1),
    ],
)
def test_exactness_by_hand(statement: str, one: Cite, exact: int) -> None:
    assert citations.span_exactness(judged([(statement, [one])])) == Score(exact, 1)


def test_every_withdrawn_source_counts_also_those_cited_by_way_of_an_article() -> None:
    said = [quoting("A."), ("B.", [Cite("B.", withdrawn=("PMID 90000001", "PMID 90000002"))])]
    assert citations.withdrawn_cited(judged(said)) == Score(2, 1)
    assert citations.withdrawn_cited(judged(said[:1])) == Score(0, 1)


def test_a_refusal_concerns_no_measure_of_citations() -> None:
    refused = judged()
    measures = (
        citations.citation_recall, citations.citation_precision, citations.statement_support, citations.answer_support,
        citations.numeric_fidelity, citations.citation_validity, citations.span_exactness, citations.withdrawn_cited,
    )  # fmt: skip
    assert [measure(refused) for measure in measures] == [None] * len(measures)


SPANS = st.lists(st.sampled_from(["a", "b", "a b", "x", None]), min_size=1, max_size=3)
ANSWERS = st.lists(st.tuples(st.sampled_from(["a", "a b", "b x"]), SPANS), min_size=1, max_size=4)


@given(ANSWERS)
def test_what_holds_between_the_measures(answer: list[tuple[str, list[str | None]]]) -> None:
    one = judged([(text, [cite(span) for span in spans]) for text, spans in answer])
    scores = scores_of(one)
    recall, precision = scores["citation_recall"], scores["citation_precision"]
    support, whole = scores["statement_support"], scores["answer_support"]
    assert recall.total == support.total == len(answer)
    assert precision.total == sum(len(spans) for _, spans in answer)
    assert (recall.hits == 0) == (precision.hits == 0)
    assert (whole.hits == 1) == (support.hits == support.total)


def test_verdicts_of_another_answer_are_refused() -> None:
    one = judged([quoting("A."), quoting("B.")])
    with pytest.raises(EvaluationError, match="case-1: the citations looked up are not those of its answer"):
        Judged(one.case, one.told, one.verified[:1], one.supported)
    with pytest.raises(EvaluationError, match="case-1: the support verdicts are not of this answer"):
        Judged(one.case, one.told, one.verified, (StatementSupport(True, (), ()),) * 2)
