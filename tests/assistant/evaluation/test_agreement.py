"""Agreement of a language model with the checks: share and Cohen's kappa, worked by hand."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.agreement import Agreement, agreements
from assistant.evaluation.judgements import Conveyed, Judgement, Judgements, JudgeRecord, Supported
from tests.model import LINES
from tests.reported import run_of

YES, NO = Supported.YES, Supported.NO
RECORD = JudgeRecord("2026-01-02T03:04:05+00:00", "sequitur 0", "judge-model", "http://localhost", {}, "d16e57")
COUNTS = st.tuples(*[st.integers(0, 30)] * 4)


@pytest.mark.parametrize(
    ("counts", "share", "kappa"),
    [
        # of 50: by chance (25·30 + 25·20) / 50² = .5; (.7 - .5) / (1 - .5) = .4
        ((20, 5, 10, 15), 0.7, 0.4),
        # of 100: by chance (70·60 + 30·40) / 100² = .54; (.6 - .54) / .46
        ((45, 25, 15, 15), 0.6, 6 / 46),
        ((3, 0, 0, 4), 1.0, 1.0),
        ((0, 5, 5, 0), 0.0, -1.0),
        ((4, 0, 4, 0), 0.5, 0.0),
    ],
)
def test_share_and_kappa_by_hand(counts: tuple[int, int, int, int], share: float, kappa: float) -> None:
    found = Agreement("x", *counts, missing=9)
    assert found.share == pytest.approx(share)
    assert found.kappa == pytest.approx(kappa)


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (7, 0, 0, 0), (0, 0, 0, 7)])
def test_where_chance_alone_gives_it_there_is_no_kappa(counts: tuple[int, int, int, int]) -> None:
    assert isnan(Agreement("x", *counts, missing=0).kappa)
    assert isnan(Agreement("x", 0, 0, 0, 0, missing=3).share)


@given(COUNTS)
def test_kappa_is_the_same_seen_from_either_side_and_at_most_the_share(counts: tuple[int, int, int, int]) -> None:
    both, model, check, neither = counts
    found = Agreement("x", *counts, missing=0)
    if isnan(found.kappa):
        return
    assert -1 <= found.kappa <= found.share <= 1
    assert found.kappa == pytest.approx(Agreement("x", both, check, model, neither, 0).kappa)
    assert found.kappa == pytest.approx(Agreement("x", neither, check, model, both, 0).kappa)


def test_what_is_counted_is_statements_with_the_support_check_and_nuggets_with_their_wordings() -> None:
    """The check says yes, yes, no of the statements of LINES, and yes, no, no of the nuggets."""
    judgements = (
        Judgement("suite", "right", (NO,), (Conveyed.PARTLY, Conveyed.YES, None)),
        Judgement("suite", "wrong", (YES, NO), ()),
    )
    found = agreements(run_of(LINES), Judgements(RECORD, judgements))
    assert found == (Agreement("Statement supported", 1, 0, 1, 1, 0), Agreement("Point conveyed", 0, 1, 1, 0, 1))


def test_partly_conveyed_is_not_conveyed() -> None:
    judgements = (Judgement("suite", "right", (YES,), (Conveyed.YES, Conveyed.PARTLY, Conveyed.NO)),)
    _, points = agreements(run_of(LINES[:1]), Judgements(RECORD, judgements))
    assert points == Agreement("Point conveyed", 1, 0, 0, 2, 0)


def test_what_was_not_judged_is_missing() -> None:
    statements, points = agreements(run_of(LINES), Judgements(RECORD, ()))
    assert (statements.judged, statements.missing, points.judged, points.missing) == (0, 3, 0, 3)
