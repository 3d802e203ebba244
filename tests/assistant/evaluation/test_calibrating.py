"""Where refusing begins: by hand, as a law, and whatever the cases of other splits say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.answer import Outcome
from assistant.evaluation.calibrating import Judged, Rates, choose, rates
from assistant.evaluation.case import Case, Split, Suite
from assistant.evaluation.confidence import judged
from assistant.evaluation.errors import BadSuite
from assistant.pipeline import Assistant
from assistant.question import Question
from assistant.rules import Rules
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.judged import case
from tests.tiny import GOUT, LIBRARY, snapshot_of

JUDGED = st.builds(Judged, st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0]), st.booleans())


def answerable(*confidences: float) -> list[Judged]:
    return [Judged(one, True) for one in confidences]


def refusable(*confidences: float) -> list[Judged]:
    return [Judged(one, False) for one in confidences]


@pytest.mark.parametrize(("share", "threshold"), [
    (0, 0.2), (0.2, 0.2), (0.24, 0.2), (0.25, 0.4), (0.5, 0.6), (0.74, 0.6), (0.75, 0.8), (1, 0.8),
])  # fmt: skip
def test_thresholds_by_hand(share: float, threshold: float) -> None:
    """Of four cases one may be refused from a quarter on; the last one is answered in any case."""
    assert choose(answerable(0.4, 0.8, 0.2, 0.6), share) == threshold


def test_one_in_twenty_may_be_refused_unless_told_otherwise() -> None:
    twenty = [n / 20 for n in range(20)]
    assert choose(answerable(*twenty)) == 1 / 20
    assert choose(answerable(*twenty[:19])) == 0


def test_cases_of_one_confidence_are_refused_together_or_not_at_all() -> None:
    assert choose(answerable(0.3, 0.3, 0.3, 0.9), 0.5) == 0.3


def test_cases_that_are_to_be_refused_do_not_move_the_threshold() -> None:
    alone = answerable(0.4, 0.8, 0.2, 0.6)
    assert choose([*alone, *refusable(0.0, 0.5, 0.99, 1.0)], 0.25) == choose(alone, 0.25)


def test_without_a_case_that_can_be_answered_there_is_no_threshold() -> None:
    for nothing in ([], refusable(0.1, 0.9)):
        with pytest.raises(BadSuite, match="can be answered"):
            choose(nothing)


def test_rates_by_hand() -> None:
    """At 0.5: of three to refuse two are below; of four to answer one is; one at 0.5 itself is answered."""
    cases = [*refusable(0.1, 0.49, 0.7), *answerable(0.2, 0.5, 0.6, 0.9)]
    assert rates(cases, 0.5) == Rates(correct_refusal=2 / 3, wrong_refusal=1 / 4, refusable=3, answerable=4)
    assert rates([], 0.5) == Rates(0, 0, 0, 0)


@given(st.lists(JUDGED, min_size=1), st.floats(0, 1))
def test_never_more_than_the_share_is_refused_and_any_higher_threshold_refuses_more(
    cases: list[Judged], share: float
) -> None:
    counted = [one for one in cases if one.is_answerable]
    if not counted:
        return
    chosen = choose(cases, share)
    assert rates(cases, chosen).wrong_refusal <= share
    above = min((one.confidence for one in counted if one.confidence > chosen), default=None)
    if above is not None:
        assert sum(one.confidence < above for one in counted) > int(share * len(counted))


SENTENCES = tuple(GOUT.cited)
CASES = (
    *(case(id=f"yes-{n}", question=f"{text[:-1]}?", split=Split.CALIBRATION) for n, text in enumerate(SENTENCES[:4])),
    case(id="no-1", question="Which zebra stripes confuse flies?", outcome=Outcome.INSUFFICIENT_EVIDENCE,
         split=Split.CALIBRATION),
    case(id="no-2", question="I want to kill myself tonight", outcome=Outcome.EMERGENCY, split=Split.CALIBRATION),
    case(id="test-1", question=f"{SENTENCES[5][:-1]}?"),
    case(id="test-2", question="Is it dangerous?", outcome=Outcome.INSUFFICIENT_EVIDENCE),
)  # fmt: skip
Made = tuple[Snapshot, HashingEncoder]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    encoder = HashingEncoder()
    return snapshot_of(LIBRARY.documents(), tmp_path_factory.mktemp("home"), encoder), encoder


def suite(*cases: Case) -> Suite:
    return Suite("suite", "d16e57", cases)


def test_cases_of_other_splits_are_not_looked_at(made: Made) -> None:
    """Whatever they ask, expect or are, and even where they cannot be asked at all."""
    found = judged(suite(*CASES), *made, Rules())
    calibration = [one for one in CASES if one.split is Split.CALIBRATION]
    others = [one for one in CASES if one.split is not Split.CALIBRATION]
    for changed in (
        [],
        [replace(one, outcome=Outcome.OUT_OF_SCOPE, split=Split.DEVELOP) for one in others],
        [replace(one, question=f"{SENTENCES[6][:-1]}?") for one in others],
        [replace(one, question="", article="pellagra") for one in others],
    ):
        assert judged(suite(*changed, *calibration), *made, Rules()) == found
    assert judged(suite(*reversed(CASES)), *made, Rules()) == tuple(reversed(found))


def test_what_is_stopped_before_any_search_has_no_confidence(made: Made) -> None:
    found = judged(suite(*CASES), *made, Rules())
    assert [one.is_answerable for one in found] == [True] * 4 + [False]
    assert max(one.confidence for one in found if not one.is_answerable) < min(
        one.confidence for one in found if one.is_answerable
    )


@pytest.mark.parametrize("article", [None, "hypertension"])
def test_the_threshold_at_a_confidence_answers_and_any_higher_one_refuses(made: Made, article: str | None) -> None:
    """In an article that does not answer, the whole corpus is judged; the better of the two decides.

    What an answer tells is what decided it: were it rounded only when told, a threshold there might refuse the case.
    """
    asked = replace(CASES[0], article=article)
    (found,) = judged(suite(asked), *made, Rules())

    def outcome(enough: float) -> Outcome:
        assistant = Assistant(*made, software="tiny 1", rules=Rules(enough=enough))
        return assistant.answer(Question(asked.question, article_id=article)).outcome

    assert outcome(found.confidence) is Outcome.ANSWERED
    assert outcome(found.confidence + 0.0001) is Outcome.INSUFFICIENT_EVIDENCE


def test_a_threshold_that_is_in_force_plays_no_part(made: Made) -> None:
    cases = [replace(one, article=article, id=f"{one.id} {article}") for one in CASES for article in ("gout", "scurvy")]
    found = judged(suite(*cases), *made, Rules())
    for enough in (0.0, 0.5, 1.0):
        assert judged(suite(*cases), *made, Rules(enough=enough)) == found


def test_without_calibration_cases_nothing_is_chosen(made: Made, tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match='suite has no case with "split": "calibration"'):
        judged(suite(*(replace(one, split=Split.TEST) for one in CASES)), *made, Rules())
