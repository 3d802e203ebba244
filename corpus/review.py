"""Submitted → Under Review → Approved, and back: who may take which step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.catalogue import documents, reviews
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Held
from corpus.catalogue.reviews import ReviewEvent
from corpus.errors import ReviewRefused
from corpus.types import ReviewStatus

_STEPS = {
    ReviewStatus.SUBMITTED: (ReviewStatus.UNDER_REVIEW,),
    ReviewStatus.UNDER_REVIEW: (ReviewStatus.SUBMITTED, ReviewStatus.APPROVED),
    ReviewStatus.APPROVED: (ReviewStatus.UNDER_REVIEW,),
}


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """How many different people an approval needs: 1 or 2."""

    approvers: int = 1


def move(
    catalogue: Catalogue,
    document_id: str,
    to: ReviewStatus,
    *,
    who: str,
    why: str,
    now: str,
    re_review: str = "",
    version: int | None = None,
    rules: ReviewRules = ReviewRules(),
) -> ReviewEvent:
    """Take one step of the review, for the version looked at; gives what was recorded.

    An approval needs a later re-review date (ISO). With two approvers the first approval is recorded and the status
    stays; a second one, of the same version and by somebody else, approves. `version` is the number of the version
    that was read, the newest when None. Raises ReviewRefused, UnknownDocument.
    """
    who, why = " ".join(who.split()), why.strip()
    if not who or not why:
        raise ReviewRefused("a review step needs who takes it and why; give --who and --why")
    with catalogue.writing() as connection:
        held = documents.one_held(connection, document_id)
        _check(held, to, version)
        after, due = to, ""
        if to is ReviewStatus.APPROVED:
            due = _due(re_review, now)
            before = _approvers(reviews.history(connection, document_id), held.number)
            if who.casefold() in before:
                raise ReviewRefused(f"{who} has approved version {held.number} already; another person is needed")
            after = to if len(before) + 1 >= rules.approvers else held.review_status
        step = ReviewEvent(document_id, held.number, held.review_status, after, who, now, why, due)
        reviews.record(connection, step)
    return step


def waits_for_another(step: ReviewEvent) -> bool:
    """Whether a step is an approval that a second person has to share."""
    return step.before is step.after


def _check(held: Held, to: ReviewStatus, version: int | None) -> None:
    if held.withdrawn:
        raise ReviewRefused(
            f"{held.id} is withdrawn ({held.withdrawn_why}); bring it back first: sequitur corpus restore"
        )
    if version is not None and version != held.number:
        raise ReviewRefused(f"{held.id} is at version {held.number}, not {version}; read that one and decide again")
    if to not in _STEPS[held.review_status]:
        allowed = " or ".join(_STEPS[held.review_status])
        raise ReviewRefused(f"{held.id} is {held.review_status}; from there it can go to {allowed}, not to {to}")


def _due(re_review: str, now: str) -> str:
    """The re-review date, written as dates are compared (2027-11-22)."""
    try:
        day = date.fromisoformat(re_review)
    except ValueError as error:
        raise ReviewRefused(
            f"an approval needs the date at which it is reviewed again, such as 2027-11-22, not {re_review!r}; "
            "give --re-review"
        ) from error
    if day <= date.fromisoformat(now[:10]):
        raise ReviewRefused(f"the re-review date {day} is not in the future; give a later one")
    return day.isoformat()


def _approvers(steps: Sequence[ReviewEvent], number: int) -> set[str]:
    """Who has approved a version since it last changed its status; a name is the same in any case."""
    return {who.casefold() for who in _since_last_change(steps, number)}


def _since_last_change(steps: Sequence[ReviewEvent], number: int) -> Iterator[str]:
    for step in reversed(steps):
        if not waits_for_another(step) or step.number != number:
            return
        yield step.who
