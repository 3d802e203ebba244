"""Documents and their review as JSON."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic.config import JsonDict

from api.reviewing import Queue, Step
from corpus.account import Account
from corpus.catalogue.documents import Held
from corpus.catalogue.listing import Page
from corpus.catalogue.reviews import ReviewEvent
from corpus.review import waits_for_another
from corpus.types import DocumentKind, ReviewStatus, SourceStatus

_APPROVAL: JsonDict = {"to": "approved", "why": "checked against sources", "re_review": "2027-11-22", "version": 2}


class DocumentOut(BaseModel):
    """A document as the catalogue lists it; times are ISO 8601."""

    id: str
    kind: DocumentKind
    title: str
    number: int = Field(description="Of its newest version, from 1.")
    version: str
    origin: str
    format: str
    added: str
    changed: str
    review_status: ReviewStatus
    re_review: str | None
    withdrawn: str | None
    withdrawn_why: str | None

    @classmethod
    def of(cls, one: Held) -> Self:
        return cls(
            id=one.id,
            kind=DocumentKind(one.kind),
            title=one.title,
            number=one.number,
            version=one.version,
            origin=one.origin,
            format=one.format,
            added=one.added,
            changed=one.changed,
            review_status=one.review_status,
            re_review=one.re_review or None,
            withdrawn=one.withdrawn or None,
            withdrawn_why=one.withdrawn_why or None,
        )


class DocumentsOut(BaseModel):
    """Some of the documents that were asked for, and how many there are in all."""

    total: int
    offset: int
    documents: list[DocumentOut]

    @classmethod
    def of(cls, page: Page, offset: int) -> Self:
        return cls(total=page.total, offset=offset, documents=[DocumentOut.of(one) for one in page.documents])


class VersionOut(BaseModel):
    number: int
    version: str
    recorded: str
    origin: str


class ReviewStepOut(BaseModel):
    """A step of the review; one that `waits_for_another` is an approval that a second person has to share."""

    document_id: str
    number: int
    before: ReviewStatus
    after: ReviewStatus
    who: str
    at: str
    why: str
    re_review: str | None
    waits_for_another: bool

    @classmethod
    def of(cls, step: ReviewEvent) -> Self:
        return cls(
            document_id=step.document_id,
            number=step.number,
            before=step.before,
            after=step.after,
            who=step.who,
            at=step.at,
            why=step.why,
            re_review=step.re_review or None,
            waits_for_another=waits_for_another(step),
        )


class NoticeOut(BaseModel):
    """What a source says became of a work."""

    doi: str
    pmid: str
    status: SourceStatus
    origin: str
    date: str
    notice_doi: str
    notice_pmid: str
    reason: str


class LeaningOut(BaseModel):
    """A sentence that cites retracted works, which are named by their keys."""

    start: int
    end: int
    text: str
    keys: list[str]


class WholeDocumentOut(DocumentOut):
    """A document with its history, the notices on it, and the sentences of it that lean on retracted works."""

    source_status: SourceStatus
    versions: list[VersionOut]
    reviews: list[ReviewStepOut]
    notices: list[NoticeOut]
    leaning: list[LeaningOut]

    @classmethod
    def of_account(cls, one: Account) -> Self:
        return cls(
            **DocumentOut.of(one.held).model_dump(),
            source_status=one.source_status,
            versions=[VersionOut.model_validate(each, from_attributes=True) for each in one.versions],
            reviews=[ReviewStepOut.of(each) for each in one.reviews],
            notices=[NoticeOut.model_validate(each, from_attributes=True) for each in one.notices],
            leaning=[LeaningOut.model_validate(each, from_attributes=True) for each in one.leaning],
        )


class DueOut(BaseModel):
    """An approved document that is due for review again since a date."""

    id: str
    re_review: str


class QueueOut(BaseModel):
    """What waits for review, and approvals that are due for review again."""

    waiting: list[DocumentOut]
    due: list[DueOut]

    @classmethod
    def of(cls, one: Queue) -> Self:
        due = [DueOut(id=document_id, re_review=day) for document_id, day in one.due]
        return cls(waiting=[DocumentOut.of(each) for each in one.waiting], due=due)


class StepIn(BaseModel):
    """A step of the review, and why it is taken; an approval needs the date of the next review.

    `version` is the number of the version that was read: when there is a newer one, the step is refused. `who` takes
    it where no keys are asked for; with keys it is the name of the key.
    """

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [_APPROVAL]}}

    to: ReviewStatus
    why: str = Field(min_length=1, max_length=2_000)
    who: str = Field("", max_length=100)
    re_review: date | None = None
    version: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _has_a_date_when_it_approves(self) -> Self:
        if (self.to is ReviewStatus.APPROVED) != (self.re_review is not None):
            raise ValueError("an approval, and nothing else, has re_review, the date at which it is reviewed again")
        return self

    def step(self) -> Step:
        """The step that is asked for."""
        due = self.re_review.isoformat() if self.re_review else ""
        return Step(self.to, self.why, self.who, due, self.version)
