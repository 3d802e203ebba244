"""Rankings and readings: by hand, against trec_eval's own code, and that no judged query is ever left out."""

from math import log2

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures.followups import overlap, term_recall
from assistant.evaluation.measures.retrieval import retrieval_scores, run_scores
from assistant.evaluation.score import Score, pooled

DOCUMENTS = [f"d{number}" for number in range(15)]
RANKED = st.lists(st.sampled_from(DOCUMENTS), unique=True)
RELEVANT = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1)


def test_by_hand() -> None:
    scores = retrieval_scores(["x", "a", "y", "b"], {"a": 1, "b": 2, "c": 1, "y": 0})
    gain = 1 / log2(3) + 2 / log2(5)
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert scores["ndcg_at_10"].hits == pytest.approx(gain / ideal)
    assert scores["recall_at_10"].hits == pytest.approx(2 / 3)
    assert scores["reciprocal_rank"].hits == 1 / 2


def test_depth() -> None:
    scores = retrieval_scores(["x", "a", "y", "b"], {"a": 1, "b": 1}, k=2)
    assert scores["recall_at_2"] == Score(0.5)
    assert scores["ndcg_at_2"].hits == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))


@pytest.mark.parametrize("ranked", [{}, {"found nothing": []}, {"found nothing": ["x"]}])
def test_a_query_that_found_nothing_counts_0(ranked: dict[str, list[str]]) -> None:
    scores = run_scores({"right": ["a"], **ranked}, {"right": {"a": 1}, "found nothing": {"b": 1}})
    assert list(scores) == ["right", "found nothing"]
    for name in ("ndcg_at_10", "recall_at_10", "reciprocal_rank"):
        assert scores["found nothing"][name] == Score(0.0, 1.0)
        assert pooled(one[name] for one in scores.values()) == 0.5


@pytest.mark.parametrize("judged", [{}, {"a": 0}])
def test_a_query_with_nothing_relevant_counts_0(judged: dict[str, int]) -> None:
    assert set(retrieval_scores(["a", "b"], judged).values()) == {Score(0.0, 1.0)}


def test_what_is_not_judged_counts_nothing() -> None:
    assert run_scores({"other": ["a"]}, {"asked": {"a": 1}})["asked"]["reciprocal_rank"] == Score(0.0)
    assert run_scores({"other": ["a"]}, {}) == {}


def test_a_document_found_twice_counts_where_it_is_found_first() -> None:
    for relevant in ("a", "b", "x"):
        assert retrieval_scores(["a", "x", "a", "b"], {relevant: 1}) == retrieval_scores(["a", "x", "b"], {relevant: 1})


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), st.tuples(RANKED, RELEVANT), min_size=1))
def test_agrees_with_trec_eval(queries: dict[str, tuple[list[str], dict[str, int]]]) -> None:
    found = run_scores({q: r for q, (r, _) in queries.items()}, {q: j for q, (_, j) in queries.items()})
    evaluator = pytrec_eval.RelevanceEvaluator(
        {q: j for q, (_, j) in queries.items()}, {"ndcg_cut.10", "recall.10", "recip_rank"}
    )
    wanted = evaluator.evaluate({q: {d: 99.0 - at for at, d in enumerate(r)} for q, (r, _) in queries.items()})
    for query, scores in found.items():
        values = wanted.get(query, dict.fromkeys(("ndcg_cut_10", "recall_10", "recip_rank"), 0.0))
        assert scores["ndcg_at_10"].hits == pytest.approx(values["ndcg_cut_10"])
        assert scores["recall_at_10"].hits == pytest.approx(values["recall_10"])
        assert scores["reciprocal_rank"].hits == pytest.approx(values["recip_rank"])


def test_long_rankings_keep_their_order() -> None:
    ranked = [f"d{number}" for number in range(50_000)]
    assert retrieval_scores(ranked, {"d49999": 1})["reciprocal_rank"].hits == pytest.approx(1 / 50_000)


def test_overlap_by_hand() -> None:
    assert overlap(["a", "b", "c"], ["c", "d", "a"]) == Score(2, 3)
    assert overlap(["a", "b"], ["b", "a"], k=1) == Score(0, 1)
    assert overlap([], ["a"]) == Score(0, 1)
    assert overlap(["a"], []) is None


def test_term_recall_by_hand() -> None:
    assert term_recall("What is its dose in gout?", "What is the dose of allopurinol in gout?") == Score(2, 3)
    assert term_recall("doses", "the dose, the dose") == Score(1, 1)
    assert term_recall("anything", "What is it?") is None


@given(st.text(max_size=80), st.lists(st.sampled_from(DOCUMENTS), max_size=12))
def test_what_reads_as_people_do_misses_nothing(text: str, found: list[str]) -> None:
    for score in (term_recall(text, text), overlap(found, found)):
        assert score is None or score.hits == score.total
