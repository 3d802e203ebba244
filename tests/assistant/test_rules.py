"""Which sources may be evidence: worked by hand over every status, and by every name a work can be barred under."""

from dataclasses import replace

import pytest

from assistant.rules import Rules
from corpus.types import Document, DocumentKind, ReviewStatus, SourceStatus, Work

WORK = Work("Title", doi="10.5555/ABC.1", pmid="90000001")
DOCUMENT = Document("PMC90000001", DocumentKind.LITERATURE, WORK, "Text.", (), review_status=ReviewStatus.UNDER_REVIEW)
SUBMITTED, UNDER_REVIEW, APPROVED = ReviewStatus.SUBMITTED, ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED


@pytest.mark.parametrize(
    ("least", "admitted"),
    [
        (SUBMITTED, {SUBMITTED, UNDER_REVIEW, APPROVED}),
        (UNDER_REVIEW, {UNDER_REVIEW, APPROVED}),
        (APPROVED, {APPROVED}),
    ],
)
def test_review_must_have_come_far_enough(least: ReviewStatus, admitted: set[ReviewStatus]) -> None:
    assert {one for one in ReviewStatus if Rules(least).admits(replace(DOCUMENT, review_status=one))} == admitted


@pytest.mark.parametrize("least", ReviewStatus)
def test_retracted_works_and_notices_are_never_evidence(least: ReviewStatus) -> None:
    approved = replace(DOCUMENT, review_status=APPROVED)
    admitted = {one for one in SourceStatus if Rules(least).admits(replace(approved, source_status=one))}
    assert set(SourceStatus) - admitted == {SourceStatus.RETRACTED, SourceStatus.RETRACTION_NOTICE}


@pytest.mark.parametrize("name", ["PMC90000001", "10.5555/abc.1", "90000001"])
def test_a_work_is_barred_under_each_of_its_names(name: str) -> None:
    rules = Rules(barred=("10.5555/another", name))
    assert rules.bars(DOCUMENT.id, WORK)
    assert not rules.admits(DOCUMENT)


@pytest.mark.parametrize(
    "barred", [(), ("",), ("PMC9000000",), ("PMC900000011",), ("10.5555/abc",), ("9000000",), ("Title",)]
)
def test_no_other_name_bars_it(barred: tuple[str, ...]) -> None:
    assert Rules(barred=barred).admits(DOCUMENT)
    assert not Rules(barred=barred).bars(DOCUMENT.id, WORK)


def test_a_name_that_a_work_does_not_have_bars_nothing() -> None:
    assert not Rules(barred=("",)).bars("", Work("Title"))


def test_by_default_every_stage_of_review_will_do_and_the_threshold_is_the_fitted_one() -> None:
    assert Rules() == Rules(SUBMITTED, (), None)
