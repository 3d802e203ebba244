"""The review history: each step with who, when and why."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from corpus.catalogue.tables import document, review_event
from corpus.types import ReviewStatus

PROGRAM = "sequitur"
"""Who takes the steps that no person takes."""


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """A step. `number` is the version that was looked at; `re_review` the date (ISO) at which it is due again, or "".

    An approval that waits for a second person leaves the status as it was: `before` is `after`.
    """

    document_id: str
    number: int
    before: ReviewStatus
    after: ReviewStatus
    who: str
    at: str
    why: str
    re_review: str = ""


def record(connection: Connection, step: ReviewEvent) -> None:
    """Keep a step and what it makes of the document."""
    values = {name: getattr(step, name) for name in ReviewEvent.__slots__}
    connection.execute(insert(review_event), values)
    connection.execute(
        update(document)
        .where(document.c.id == step.document_id)
        .values(review_status=step.after, re_review=step.re_review if step.after is ReviewStatus.APPROVED else "")
    )


def history(connection: Connection, document_id: str) -> tuple[ReviewEvent, ...]:
    """Every step of a document, oldest first."""
    query = select(review_event).where(review_event.c.document_id == document_id).order_by(review_event.c.id)
    return tuple(
        ReviewEvent(
            row.document_id, row.number, ReviewStatus(row.before), ReviewStatus(row.after),
            row.who, row.at, row.why, row.re_review,
        )
        for row in connection.execute(query)
    )  # fmt: skip


def edited(connection: Connection, document_id: str, number: int, before: ReviewStatus, now: str) -> None:
    """An approval is of one version: a new one goes back to Under Review."""
    if before is ReviewStatus.APPROVED:
        why = "the text was edited after approval"
        record(connection, ReviewEvent(document_id, number, before, ReviewStatus.UNDER_REVIEW, PROGRAM, now, why))


def due(connection: Connection, date: str) -> list[tuple[str, str]]:
    """(document id, date) of every approved document whose re-review is due on or before a date, soonest first."""
    query = select(document.c.id, document.c.re_review).where(
        document.c.review_status == ReviewStatus.APPROVED, document.c.re_review != "", document.c.re_review <= date,
        document.c.withdrawn == "",
    )  # fmt: skip
    return [(row.id, row.re_review) for row in connection.execute(query.order_by(document.c.re_review, document.c.id))]
