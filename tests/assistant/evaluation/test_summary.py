"""Summaries by hand: ratios of sums, what is counted under each tag, confusion, confidence and latency."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.answer import Outcome
from assistant.evaluation.record import Bin, Percentiles, Point, Summary
from assistant.evaluation.score import Score, Scored
from assistant.evaluation.scoring import scored
from assistant.evaluation.summary import summarise, values
from tests.judged import case, quoting
from tests.reported import answered, ranked, retold, right, turn


def of(*scores: dict[str, Score], suite: str = "s") -> list[Scored]:
    return [Scored(suite, str(number), (), one) for number, one in enumerate(scores)]


def test_a_value_is_all_hits_of_all_totals_over_the_cases_it_concerns() -> None:
    found = values(of({"a": Score(1, 4), "b": Score(0)}, {"a": Score(6, 6)}, {}))
    assert (found["a"].value, found["a"].hits, found["a"].total, found["a"].cases) == (0.7, 7, 10, 2)
    assert (found["b"].value, found["b"].hits, found["b"].total, found["b"].cases) == (0.0, 0, 1, 1)
    assert values([]) == {}


PARTS = st.integers(1, 5).flatmap(lambda total: st.integers(0, total).map(lambda hits: Score(hits, total)))


@given(st.lists(PARTS, min_size=1, max_size=12))
def test_the_interval_holds_the_value_and_is_the_same_every_time(parts: list[Score]) -> None:
    cases = of(*({"a": part} for part in parts))
    value = values(cases)["a"]
    assert 0 <= value.low <= value.value <= value.high <= 1
    assert values(cases)["a"] == value


LINES = (
    right(case(id="1", tags=("dose",)), "mine"),
    answered([], case(id="2", tags=("dose", "topic:gout")), "mine"),
    answered([], case(id="3", outcome=Outcome.EMERGENCY), "mine", outcome=Outcome.EMERGENCY),
    answered([quoting("Rest.")], case(id="4", outcome=Outcome.INSUFFICIENT_EVIDENCE, split="develop"), "mine"),
)
CONFIDENCE = (0.9, 0.3, None, 0.6)
SECONDS = (1.0, 2.0, 3.0, 4.0)


def summed() -> Summary:
    lines = [
        replace(retold(line, confidence=confidence), seconds={"triage": seconds / 2, "all": seconds})
        for line, confidence, seconds in zip(LINES, CONFIDENCE, SECONDS, strict=True)
    ]
    lines[2] = replace(lines[2], seconds={"all": 3.0})
    (found,) = summarise(lines, [scored(line) for line in lines], 123.456)
    return found


def test_a_suite_of_answers_by_hand() -> None:
    found = summed()
    assert (found.suite, found.cases, found.peak_memory_mib) == ("mine", 4, 123.5)
    taken = {name: (value.hits, value.total, value.cases) for name, value in found.measures.items()}
    assert taken["outcome_right"] == (2, 4, 4)
    assert taken["correct_refusal"] == (1, 2, 2)
    assert taken["wrong_refusal"] == (1, 2, 2)
    assert taken["statement_support"] == (2, 2, 2)
    assert taken["same_again"] == (4, 4, 4)
    assert found.confusion == {
        "answered": {"answered": 1, "insufficient_evidence": 1},
        "insufficient_evidence": {"answered": 1},
        "emergency": {"emergency": 1},
    }


def test_tags_count_their_own_cases() -> None:
    found = summed().by_tag
    assert list(found) == ["dose", "split:develop", "split:test", "topic:gout"]
    assert found["dose"]["wrong_refusal"] == 0.5
    assert found["topic:gout"]["wrong_refusal"] == 1.0
    assert found["split:develop"]["correct_refusal"] == 0.0
    assert found["split:test"]["outcome_right"] == pytest.approx(2 / 3)
    assert "correct_refusal" not in found["dose"]
    assert "statement_support" not in found["topic:gout"]


def test_confidence_is_judged_where_something_was_searched() -> None:
    """0.9 right, 0.6 wrong, 0.3 right; the emergency has no confidence."""
    found = summed()
    assert found.risk_coverage == (Point(1 / 3, 0.0), Point(2 / 3, 0.5), Point(1.0, 1 / 3))
    assert found.aurc == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert [(one.count, round(one.confidence, 6), one.right) for one in found.reliability] == [
        (1, 0.3, 1.0), (1, 0.6, 0.0), (1, 0.9, 1.0)
    ]  # fmt: skip
    assert found.ece == pytest.approx((0.7 + 0.6 + 0.1) / 3)
    assert all(isinstance(one, Bin) for one in found.reliability)


def test_latency_is_told_for_each_stage_over_the_cases_that_had_it() -> None:
    """Of 1, 2, 3 and 4 seconds, by linear interpolation."""
    found = summed().latency
    assert list(found) == ["triage", "all"]
    everything = found["all"]
    assert (everything.p50, everything.p95, everything.longest) == pytest.approx((2.5, 3.85, 4.0))
    assert everything.p99 == pytest.approx(3.97)
    assert found["triage"].p50 == 1.0
    assert found["triage"].longest == 2.0


def test_each_suite_has_its_own_in_the_order_asked() -> None:
    lines = (turn(suite="z"), ranked("1", suite="a"), right(suite="m"), ranked("2", ("D:1",), suite="a"))
    found = summarise(lines, [scored(line) for line in lines], 0.0)
    assert [(one.suite, one.cases) for one in found] == [("z", 1), ("a", 2), ("m", 1)]
    turns, rankings, _ = found
    assert rankings.measures["reciprocal_rank"].value == 0.25
    assert (rankings.confusion, rankings.risk_coverage, rankings.aurc, rankings.ece) == ({}, (), None, None)
    assert rankings.latency == {"all": Percentiles(0.02, 0.02, 0.02, 0.02)}
    assert turns.measures["overlap_at_10"].value == pytest.approx(2 / 3)
    assert turns.by_tag["pronoun"]["overlap_at_10"] == pytest.approx(2 / 3)


def test_a_summary_survives_being_written() -> None:
    body = msgspec.json.encode(summed())
    assert msgspec.json.decode(body, type=Summary) == summed()
