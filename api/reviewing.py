"""What waits for review, and the steps that people take over HTTP."""

from dataclasses import dataclass

from api.access import Caller
from api.service import Service
from corpus.catalogue import documents, reviews
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Held
from corpus.catalogue.reviews import ReviewEvent
from corpus.errors import ReviewRefused
from corpus.review import move
from corpus.types import DocumentKind, ReviewStatus


@dataclass(frozen=True, slots=True)
class Queue:
    """What people have to look at: what is not approved, and (id, date) of approvals that are due for review again."""

    waiting: tuple[Held, ...]
    due: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A review step that somebody asks for; see `corpus.review.move`. `who` is "" for whoever asks."""

    to: ReviewStatus
    why: str
    who: str = ""
    re_review: str = ""
    version: int | None = None


def queue(catalogue: Catalogue, today: str, *, literature: bool) -> Queue:
    """The review queue on a day (ISO date): of the articles, and with `literature` of all documents."""
    with catalogue.reading() as connection:
        waiting = tuple(one for one in documents.held(connection) if _waits(one, literature))
        return Queue(waiting, tuple(reviews.due(connection, today)))


def take(service: Service, document_id: str, step: Step, caller: Caller) -> ReviewEvent:
    """Take a review step, by the rules of the site.

    Where keys are asked for, the step is taken in the name of the key: with one key nobody approves as two people.
    """
    if caller.name and step.who and step.who.casefold() != caller.name.casefold():
        raise ReviewRefused(f"this key takes its steps as {caller.name}, not as {step.who}; leave out who takes it")
    return move(
        service.catalogue,
        document_id,
        step.to,
        who=caller.name or step.who or service.settings.user,
        why=step.why,
        now=service.now(),
        re_review=step.re_review,
        version=step.version,
        rules=service.settings.review_rules,
    )


def _waits(one: Held, literature: bool) -> bool:
    asked = literature or one.kind == DocumentKind.ARTICLE
    return asked and not one.withdrawn and one.review_status is not ReviewStatus.APPROVED
