"""Jobs and snapshots as JSON."""

from typing import Self

from pydantic import BaseModel, Field

from api.live import Switch
from api.snapshots import Listed
from assistant.recall import Touched
from corpus.catalogue.jobs import Job, JobState
from indexer.difference import Difference


class JobOut(BaseModel):
    """Long work: `done` of `total` in its present `stage`; `detail` is its result or the reason of its failure."""

    id: str
    kind: str = Field(examples=["index build"])
    state: JobState
    who: str
    started: str
    finished: str | None
    stage: str | None = Field(examples=["embedding"])
    done: int
    total: int
    detail: str

    @classmethod
    def of(cls, one: Job) -> Self:
        return cls(
            id=one.id,
            kind=one.kind,
            state=one.state,
            who=one.who,
            started=one.started,
            finished=one.finished or None,
            stage=one.stage or None,
            done=one.done,
            total=one.total,
            detail=one.detail,
        )


class BuildIn(BaseModel):
    """Whether what is built goes live, if the gate lets it."""

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"promote": True}]}}

    promote: bool = True


class SnapshotOut(BaseModel):
    """An index; `bytes` is what its files come to."""

    id: str
    live: bool
    created: str
    software: str
    encoder: str
    documents: int
    passages: int
    bytes: int

    @classmethod
    def of(cls, one: Listed) -> Self:
        return cls.model_validate(one, from_attributes=True)


class GateOut(BaseModel):
    """How the quality gate ended, and the end of what it printed."""

    command: str
    status: int
    report: str


class SwitchOut(BaseModel):
    """What is live now and what was before; `gate` is null without one."""

    live: str
    previous: str | None
    gate: GateOut | None

    @classmethod
    def of(cls, one: Switch) -> Self:
        gate = None if one.gate is None else GateOut.model_validate(one.gate, from_attributes=True)
        return cls(live=one.manifest.id, previous=one.previous or None, gate=gate)


class StatusChangeOut(BaseModel):
    """(review status, source status) of a document before and after."""

    document_id: str
    before: tuple[str, str]
    after: tuple[str, str]


class CitedChangeOut(BaseModel):
    """The source status of a work that a document cites, before and after."""

    document_id: str
    key: str
    before: str
    after: str


class DifferenceOut(BaseModel):
    """What changes from snapshot `before` to `after`; when the encoders differ, every vector does."""

    before: str
    after: str
    added: list[str]
    removed: list[str]
    changed: list[str]
    statuses: list[StatusChangeOut]
    cited: list[CitedChangeOut]
    passages_kept: int
    passages_new: int
    passages_gone: int
    same_encoder: bool
    same_software: bool

    @classmethod
    def of(cls, one: Difference) -> Self:
        return cls.model_validate(one, from_attributes=True)


class TouchedOut(BaseModel):
    """A citation of a past answer that stands worse; without a passage, the work is cited by way of an article.

    `statement` counts from 0. What was asked is not told: ask for the answer by its id.
    """

    answer_id: str
    created: str
    statement: int
    document_id: str
    passage_id: str | None
    quote: str | None
    standing: str = Field(examples=["retracted"])

    @classmethod
    def of(cls, one: Touched) -> Self:
        span = one.span
        return cls(
            answer_id=one.answer_id,
            created=one.created,
            statement=span.statement,
            document_id=span.document_id,
            passage_id=span.passage_id or None,
            quote=span.quote or None,
            standing=one.standing,
        )
