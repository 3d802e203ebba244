"""The table of measures: names that people can look up, and scores that stay in their bounds whatever was told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Outcome
from assistant.evaluation.case import Case, Fact, Nugget
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.measures import MEASURES, RANKING, READING, described, measure, scores_of
from assistant.evaluation.measures.retrieval import retrieval_scores
from assistant.evaluation.score import Score
from tests.judged import CAUTION, Cite, case, judged, quoting

UNBOUNDED = {"withdrawn_cited", "statement_count", "word_count"}


def test_names_titles_and_lines() -> None:
    known = {**MEASURES, **RANKING, **READING}
    assert len(known) == len(MEASURES) + len(RANKING) + len(READING)
    assert all(name == one.name and one.title and one.says for name, one in known.items())
    assert len({one.title for one in known.values()}) == len(known)
    assert all((one.of.__doc__ or "").strip() for one in MEASURES.values())
    assert {name for name, one in known.items() if one.better == "lower"} == {
        "wrong_refusal", "withdrawn_cited", "forbidden_said", "must_not_cite_cited", "redundancy", "statement_count",
        "word_count",
    }  # fmt: skip


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(EvaluationError, match=r"no measure 'recal'.*citation_recall.*ndcg_at_10.*term_recall"):
        described("recal")
    with pytest.raises(EvaluationError, match="no measure 'ndcg_at_10' of an answer; there are: outcome_right"):
        measure("ndcg_at_10")
    assert described("citation_recall") is measure("citation_recall")


def test_the_ranking_measures_described_are_those_taken() -> None:
    assert list(RANKING) == list(retrieval_scores(["a"], {"a": 1}))


def test_only_what_concerns_a_case_is_scored() -> None:
    assert scores_of(judged([quoting("Give 5 mg a day.")])) == {
        "outcome_right": (1, 1), "wrong_refusal": (0, 1), "citation_recall": (1, 1), "citation_precision": (1, 1),
        "statement_support": (1, 1), "answer_support": (1, 1), "numeric_fidelity": (1, 1), "citation_validity": (1, 1),
        "span_exactness": (1, 1), "withdrawn_cited": (0, 1), "redundancy": (0, 2), "statement_count": (1, 1),
        "word_count": (5, 1), "disclaimer_present": (1, 1), "caution_right": (1, 1),
    }  # fmt: skip
    refused = scores_of(judged((), case(outcome=Outcome.EMERGENCY), Outcome.EMERGENCY))
    assert refused == dict.fromkeys(
        ["outcome_right", "correct_refusal", "disclaimer_present", "caution_right"], Score(1)
    )


CITES = st.builds(
    Cite,
    quote=st.text(max_size=20),
    span=st.none() | st.text(max_size=20),
    source=st.sampled_from(["a", "b"]),
    n=st.integers(-1, 3),
    supports=st.sampled_from(["verbatim", "checked", "?"]),
    status=st.sampled_from(["approved", "submitted", ""]),
    via=st.sampled_from([(), ("a",), ("z", "z")]),
    numbered=st.booleans(),
    withdrawn=st.sampled_from([(), ("a", "z")]),
    attributed=st.booleans(),
)
CASES = st.builds(
    Case,
    id=st.just("c"),
    question=st.just("q"),
    outcome=st.sampled_from([Outcome.ANSWERED, Outcome.CONFLICTING_EVIDENCE]),
    must_cite=st.sampled_from([(), (("a", "b"), ("z",))]),
    must_not_cite=st.sampled_from([(), ("b",)]),
    nuggets=st.sampled_from([(), (Nugget("n", (("5",),)), Nugget("m", (("x",),), vital=False))]),
    forbidden=st.sampled_from([(), (Fact("f", (("0",),)),)]),
    evidence=st.sampled_from([(), ("a b c d",)]),
)


@given(
    st.lists(st.tuples(st.text(max_size=40), st.lists(CITES, max_size=3)), max_size=3),
    CASES,
    st.none() | st.sampled_from(list(Outcome)),
    st.none() | st.just(CAUTION) | st.text(),
)
def test_every_share_stays_between_0_and_1(
    said: list[tuple[str, list[Cite]]], of: Case, outcome: Outcome | None, told: str | None
) -> None:
    one = judged(said, of, outcome, caution_told=told)
    scores = scores_of(one)
    assert scores == scores_of(one)
    for name, score in scores.items():
        assert score.total > 0, name
        assert score.hits >= 0
        assert name in UNBOUNDED or score.hits <= score.total, name
