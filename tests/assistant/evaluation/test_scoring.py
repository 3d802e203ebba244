"""Lines into scores, by hand: each kind of line by the measures that belong to it."""

from msgspec.structs import replace

from assistant.evaluation.measures import MEASURES, RANKING, READING
from assistant.evaluation.record import RankedQuery
from assistant.evaluation.score import Score, Scored
from assistant.evaluation.scoring import columns, scored, tags_of
from tests.judged import case, quoting
from tests.reported import answered, ranked, right, turn


def test_an_answer_is_scored_by_what_concerns_it_and_by_being_the_same_again() -> None:
    of = case(tags=("dose", "topic:gout"))
    one = scored(answered([quoting("Give 100 mg daily.")], of, suite="mine"))
    assert (one.suite, one.case, one.tags) == ("mine", "case-1", ("dose", "topic:gout", "split:test"))
    assert one.scores["same_again"] == Score(1, 1)
    assert one.scores["outcome_right"] == one.scores["statement_support"] == one.scores["numeric_fidelity"] == Score(1)
    assert one.scores["wrong_refusal"] == Score(0)
    assert "correct_refusal" not in one.scores
    assert set(one.scores) <= {*MEASURES, "same_again"}


def test_an_answer_that_is_another_the_second_time_is_told() -> None:
    line = answered([quoting("Give 100 mg daily.")], same_again=False)
    assert scored(line).scores["same_again"] == Score(0, 1)
    assert scored(line).scores | {"same_again": Score(1)} == scored(replace(line, same_again=True)).scores


def test_the_split_is_a_tag() -> None:
    develop = right(case(split="develop", tags=("x",)))
    assert tags_of(develop) == ("x", "split:develop")


def test_a_ranking_by_hand() -> None:
    """The only relevant document stands second of two: 1/log2(3), all of it found, 1/2."""
    one = scored(ranked())
    assert (one.suite, one.case, one.tags) == ("retrieval", "1", ())
    assert {name: round(score.hits, 4) for name, score in one.scores.items()} == {
        "ndcg_at_10": 0.6309, "recall_at_10": 1.0, "reciprocal_rank": 0.5,
    }  # fmt: skip
    assert set(one.scores) == {measure.name for measure in RANKING.values()}


def test_a_query_that_finds_nothing_scores_nothing_and_is_there() -> None:
    nothing = RankedQuery("retrieval", "1", "query", (), {"D:2": 1}, 0.0)
    assert set(scored(nothing).scores.values()) == {Score(0, 1)}
    assert len(scored(nothing).scores) == 3


def test_a_reading_by_hand() -> None:
    """Of three passages the reading finds two and what was typed one; of two terms, none and one."""
    one = scored(turn())
    assert (one.case, one.tags) == ("1_2", ("pronoun",))
    assert one.scores == {
        "overlap_at_10": Score(2, 3), "overlap_at_10_as_typed": Score(1, 3),
        "term_recall": Score(0, 2), "term_recall_as_typed": Score(1, 2),
    }  # fmt: skip
    assert set(one.scores) == {measure.name for measure in READING.values()}


def test_a_turn_whose_resolved_form_finds_and_says_nothing_has_no_score() -> None:
    assert scored(replace(turn(), found_resolved=(), resolved="?")).scores == {}


def test_columns_keep_the_order_of_cases_and_the_gaps() -> None:
    cases = [
        Scored("s", "1", (), {"a": Score(1), "b": Score(0, 2)}),
        Scored("s", "2", (), {}),
        Scored("s", "3", (), {"c": Score(3, 3), "a": Score(0)}),
    ]
    assert columns(cases) == {
        "a": [Score(1), None, Score(0)], "b": [Score(0, 2), None, None], "c": [None, None, Score(3, 3)],
    }  # fmt: skip
    assert columns([]) == {}
