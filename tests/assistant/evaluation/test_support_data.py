"""What the support check is fitted on and what it is reported on have nothing in common, and nothing counts twice."""

import pytest

from benchmarks.altered import Altered, altered
from benchmarks.shared import DATA
from benchmarks.support_data import Pair, pairs

pytestmark = pytest.mark.skipif(
    not (DATA / "attribution").exists() or not (DATA / "scifact").exists(), reason=f"the public data are not at {DATA}"
)


@pytest.fixture(scope="module")
def halves() -> dict[str, list[Pair]]:
    return {half: list(pairs(half)) for half in ("fit", "report")}


def test_no_claim_and_no_group_is_in_both_halves(halves: dict[str, list[Pair]]) -> None:
    for of in ("claim", "group"):
        fit, report = ({getattr(pair, of) for pair in half} for half in halves.values())
        assert fit
        assert report
        assert fit.isdisjoint(report)


def test_no_premise_of_scifact_is_in_both_halves(halves: dict[str, list[Pair]]) -> None:
    fit, report = ({p.premises for p in half if p.kind.startswith("SciFact")} for half in halves.values())
    assert fit.isdisjoint(report)


def test_claims_in_both_attribution_files_count_once(halves: dict[str, list[Pair]]) -> None:
    everything = [pair for half in halves.values() for pair in half]
    attribution = [pair for pair in everything if not pair.kind.startswith("SciFact")]
    assert len(everything) == len({(pair.claim, pair.premises, pair.kind) for pair in everything})
    assert len(attribution) == 1198 + 741 - 442 - 1  # one record of AttributionBench stands there twice
    assert sum(pair.kind == "ExpertQA" for pair in attribution) == 470 + 741 - 442


def test_no_citation_mark_is_left_in_a_claim(halves: dict[str, list[Pair]]) -> None:
    assert not [pair.claim for half in halves.values() for pair in half if "[1]" in pair.claim or not pair.claim]


def test_altered_sentences_are_altered() -> None:
    some = [one for _, one in zip(range(300), altered(), strict=False)]
    assert len({one.kind for one in some}) == 8
    assert all((one.claim == one.premise) == (one.kind == "unchanged") for one in some if isinstance(one, Altered))
