"""What was live when, worked out by hand; `before` is where a roll-back goes."""

import pytest

from corpus.catalogue import snapshots
from corpus.catalogue.database import Catalogue
from corpus.catalogue.snapshots import Built, Promotion, PromotionKind
from tests.corpus.catalogue.samples import LATER, NOW

BUILT = Built("s1", NOW, "tests 1", "hashing", 2, 7)


def history(steps: str) -> tuple[tuple[Promotion, ...], str]:
    """Attempts, and what is live after them. "A" promotes A, "x" is a refused promotion, "-" rolls back."""
    attempts: list[Promotion] = []
    live = ""
    for step in steps:
        if step == "x":
            attempts.append(Promotion("x", live, PromotionKind.PROMOTE, NOW, "ann", False, "gate", 3, "worse"))
            continue
        target = snapshots.before(tuple(attempts), live) if step == "-" else step
        assert target is not None
        kind = PromotionKind.ROLLBACK if step == "-" else PromotionKind.PROMOTE
        attempts.append(Promotion(target, live, kind, NOW, "ann", True))
        live = target
    return tuple(attempts), live


@pytest.mark.parametrize(
    ("steps", "live", "before"),
    [
        ("", "", None),
        ("A", "A", None),
        ("AA", "A", None),
        ("AB", "B", "A"),
        ("AxB", "B", "A"),
        ("ABx", "B", "A"),
        ("ABC", "C", "B"),
        ("ABC-", "B", "A"),
        ("ABC--", "A", None),
        ("ABC--D", "D", "A"),
        ("ABC--D-", "A", None),
        ("ABC-D", "D", "B"),
        ("ABC-D-", "B", "A"),
        ("ABC-C", "C", "B"),
        ("ABA", "A", "B"),
        ("ABA-", "B", "A"),
        ("ABA--", "A", None),
        ("ABAC-", "A", "B"),
        ("ABAC--", "B", "A"),
        ("ABB-", "A", None),
    ],
)
def test_where_a_roll_back_goes(steps: str, live: str, before: str | None) -> None:
    attempts, now_live = history(steps)
    assert now_live == live
    assert snapshots.before(attempts, live) == before


def test_where_a_roll_back_goes_when_the_record_is_behind() -> None:
    """A process was killed between making B live and noting it; or somebody chose a snapshot by hand."""
    attempts, _ = history("A")
    assert snapshots.before(attempts, "B") == "A"


def test_attempts_are_kept_in_their_order(catalogue: Catalogue) -> None:
    attempts, _ = history("ABxC-")
    with catalogue.writing() as connection:
        for one in attempts:
            snapshots.record_promotion(connection, one)
    with catalogue.reading() as connection:
        assert snapshots.promotions(connection) == attempts


def test_a_snapshot_is_known_after_it_is_removed_and_there_again_when_it_is_built_again(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        snapshots.record_built(connection, BUILT)
        snapshots.record_removed(connection, "s1", LATER)
        assert snapshots.built(connection, "s1") == Built("s1", NOW, "tests 1", "hashing", 2, 7, LATER)
        snapshots.record_built(connection, BUILT)
        assert snapshots.built(connection, "s1") == BUILT
        assert snapshots.built(connection, "s2") is None
