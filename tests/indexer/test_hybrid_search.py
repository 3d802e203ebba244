"""Hybrid search: what it promises for every question, and what each engine adds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Passage
from indexer.search import Query, SearchSettings, hits_of, make_queries, search
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.indexer.corpora import CORPUS, document, opened

IDS = ("myositis", "gout", "hypertension", "lungs")
LUNGS = document("lungs", "Interstitial lung disease narrows the choice of drugs. Breathlessness is its sign.")
WORDS = "dose gout methotrexate MTX ILD pressure zebra of the 2 g/kg dermatomyositis lowers ? qqq é".split()


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return opened((*CORPUS, LUNGS), tmp_path_factory.mktemp("search"), HashingEncoder())


def asked(text: str, snapshot: Snapshot) -> Query:
    (query,) = make_queries([text], snapshot, HashingEncoder())
    return query


@given(
    text=st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    k=st.integers(0, 8),
    among=st.none() | st.lists(st.sampled_from([*IDS, "unknown"]), max_size=5),
    weight=st.sampled_from([0.0, 0.2, 1.0]),
    feedback=st.sampled_from([0.0, 0.3]),
)
def test_ranks_run_from_one_scores_never_rise_and_only_the_documents_asked_for_are_found(
    snapshot: Snapshot, text: str, k: int, among: list[str] | None, weight: float, feedback: float
) -> None:
    settings = SearchSettings(lexical_weight=weight, feedback_weight=feedback)
    found = search(asked(text, snapshot), snapshot, k, among, settings)
    in_scope = sum(passage.document_id in (IDS if among is None else among) for passage in every(snapshot))
    assert [hit.rank for hit in found] == list(range(1, min(k, in_scope) + 1))
    assert all(before.score >= after.score for before, after in pairwise(found))
    assert all(0 <= hit.score <= 1 + 1e-6 for hit in found)
    assert {hit.passage.document_id for hit in found} <= set(IDS if among is None else among)
    assert len({hit.row for hit in found}) == len(found)
    assert [hit.passage for hit in found] == snapshot.passages(np.array([hit.row for hit in found], np.int64))
    assert search(asked(text, snapshot), snapshot, k, among, settings) == found


def every(snapshot: Snapshot) -> list[Passage]:
    return snapshot.passages(np.arange(len(snapshot.dense)))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What shortens a flare of gout?", "Colchicine shortens"),
        ("When is methotrexate given?", "Methotrexate is given"),
        ("Which drug lowers blood pressure?", "Amlodipine lowers"),
        ("Which dose of immunoglobulin each month?", "Dermatomyositis responds"),
    ],
)
def test_the_passage_that_answers_comes_first(snapshot: Snapshot, question: str, first: str) -> None:
    assert search(asked(question, snapshot), snapshot, 3)[0].passage.text.startswith(first)


@pytest.mark.parametrize(
    ("short", "first", "stem"),
    [
        ("MTX?", "Methotrexate is given", "methotrex"),
        ("Trexall?", "Methotrexate is given", "methotrex"),
        ("IVIg?", "Dermatomyositis responds", "immunoglobulin"),
        ("ILD?", "Interstitial lung disease", "interstiti"),
    ],
)
def test_an_abbreviation_finds_what_it_means(snapshot: Snapshot, short: str, first: str, stem: str) -> None:
    """By words and by meaning, though no passage writes it."""
    query = asked(short, snapshot)
    assert {weight for term, weight in query.terms.items() if term.startswith(stem)} == {0.5}
    assert [facet.is_concept for facet in query.facets] == [True]
    for weight in (0.0, 1.0):
        hit = search(query, snapshot, 1, settings=SearchSettings(lexical_weight=weight))[0]
        assert hit.passage.text.startswith(first)
        assert hit.lexical > 0


def test_the_words_of_the_question_weigh_1_and_synonyms_less(snapshot: Snapshot) -> None:
    query = asked("Methotrexate dose?", snapshot)
    assert (query.terms["methotrex"], query.terms["dose"], query.terms["mtx"]) == (1.0, 1.0, 0.5)
    (concept, word) = query.facets
    assert (concept.is_concept, word.is_concept) == (True, False)
    assert word.alternatives == (frozenset({"dose"}),)
    assert concept.held_by({"mtx"})
    assert concept.held_by({"methotrex", "week"})
    assert not concept.held_by({"week"})


def test_words_that_nobody_wrote_are_no_hindrance(snapshot: Snapshot) -> None:
    query = asked("zebra qqq", snapshot)
    found = search(query, snapshot, 3)
    assert [hit.lexical for hit in found] == [0, 0, 0]
    assert [facet.rarity for facet in query.facets] == [snapshot.lexical.rarity("zebra")] * 2
    with_known = search(asked("zebra colchicine", snapshot), snapshot, 1)
    assert with_known[0].passage.text.startswith("Colchicine")


@pytest.mark.parametrize("among", [(), ("unknown",), frozenset[str]()])
def test_an_empty_scope_finds_nothing(snapshot: Snapshot, among: tuple[str, ...]) -> None:
    assert search(asked("gout", snapshot), snapshot, 5, among) == ()


def test_among_all_is_the_same_as_everywhere(snapshot: Snapshot) -> None:
    query = asked("dose of methotrexate in gout", snapshot)
    assert search(query, snapshot, 9, IDS) == search(query, snapshot, 9)


def test_scores_are_the_convex_sum_over_all_candidates(snapshot: Snapshot) -> None:
    """Without feedback: .2 · BM25 / its highest + .8 · (cosine + 1) / (highest + 1)."""
    found = search(asked("dose of allopurinol", snapshot), snapshot, 9, settings=SearchSettings(feedback_weight=0))
    lexical, dense = (np.array([getattr(hit, name) for hit in found]) for name in ("lexical", "dense"))
    expected = 0.2 * lexical / lexical.max() + 0.8 * (dense + 1) / (dense.max() + 1)
    assert len(found) == len(every(snapshot))
    assert [hit.score for hit in found] == pytest.approx(expected.tolist(), abs=1e-5)


def test_questions_asked_together_are_read_as_if_asked_alone(snapshot: Snapshot) -> None:
    texts = ["MTX dose?", "", "What is gout?"]
    together = make_queries(texts, snapshot, HashingEncoder())
    assert [query.text for query in together] == texts
    for query, text in zip(together, texts, strict=True):
        alone = asked(text, snapshot)
        assert (query.terms, query.facets, query.vector.tolist()) == (alone.terms, alone.facets, alone.vector.tolist())
    assert make_queries([], snapshot, HashingEncoder()) == ()


def test_hits_of_given_rows_are_ordered_among_themselves(snapshot: Snapshot) -> None:
    query = asked("What shortens a flare of gout?", snapshot)
    found = hits_of(query, np.array([4, 0, 2], np.int64), snapshot)
    assert [hit.rank for hit in found] == [1, 2, 3]
    assert {hit.row for hit in found} == {0, 2, 4}
    assert found[0].row == 2
    assert all(before.score >= after.score for before, after in pairwise(found))
    assert hits_of(query, np.array([], np.int64), snapshot) == ()
