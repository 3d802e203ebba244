"""What the operators' pages show, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from api.service import Service
from api.web.wording import Badge, review_badge, source_badge, steps
from assistant.evaluation.report.wording import when
from assistant.recall import Touched
from corpus.account import Account
from corpus.catalogue.documents import Held
from corpus.catalogue.jobs import Job, JobState
from corpus.catalogue.reviews import ReviewEvent
from corpus.catalogue.snapshots import Promotion, PromotionKind
from corpus.review import waits_for_another
from corpus.types import DocumentKind, ReviewStatus


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the operators' part."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list; `due` is the date since which it is to be reviewed again, "" when it is not."""

    href: str
    id: str
    title: str
    kind: str
    number: int
    changed: str
    badge: Badge
    due: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that may be taken; one that approves needs a date."""

    to: ReviewStatus
    label: str
    hint: str
    approves: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of the three, and how it stands: "done", "current" or ""."""

    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A step in the history of a document."""

    when: str
    what: str
    who: str
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job; `total` is 0 where nobody knows it."""

    href: str
    id: str
    kind: str
    badge: Badge
    is_running: bool
    who: str
    started: str
    finished: str
    stage: str
    done: int
    total: int
    detail: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to change what is live; `report` is the gate's."""

    when: str
    what: str
    snapshot: str
    badge: Badge
    who: str
    report: str


@dataclass(frozen=True, slots=True)
class TouchedAnswer:
    """A past answer, and each of its citations that stands worse: (how, what is quoted or named)."""

    id: str
    when: str
    citations: tuple[tuple[str, str], ...]


_OFFERS: Mapping[ReviewStatus, tuple[Offer, ...]] = {
    ReviewStatus.SUBMITTED: (
        Offer(ReviewStatus.UNDER_REVIEW, "Start the review", "Somebody reads it against its sources from now on."),
    ),
    ReviewStatus.UNDER_REVIEW: (
        Offer(ReviewStatus.APPROVED, "Approve", "Readers see it without the caution after the next build.", True),
        Offer(ReviewStatus.SUBMITTED, "Return to submitted", "Nobody is reading it for now."),
    ),
    ReviewStatus.APPROVED: (
        Offer(ReviewStatus.UNDER_REVIEW, "Return to review", "The caution comes back with the next build."),
    ),
}
_STATES = {
    JobState.RUNNING: Badge("live", "Running"),
    JobState.DONE: Badge("good", "Done"),
    JobState.FAILED: Badge("bad", "Failed"),
    JobState.INTERRUPTED: Badge("warn", "Interrupted"),
}
_STAGES = {
    "": "Starting…",
    "changes": "Looking for changes…",
    "encoder": "Loading the encoder…",
    "embedding": "Reading and encoding documents…",
    "lexical index": "Indexing words…",
    "vocabulary": "Collecting vocabulary…",
    "quality gate": "The quality gate is looking at it…",
    "promotion": "Making it live…",
}
_KINDS = {DocumentKind.ARTICLE: "Article", DocumentKind.LITERATURE: "Literature"}
_TABS = (("Review", "/operator"), ("Documents", "/operator/documents"), ("Indexes", "/operator/snapshots"),
         ("Jobs", "/operator/jobs"))  # fmt: skip


def tabs(here: str) -> tuple[Tab, ...]:
    """The operators' pages, one of which one is on."""
    return tuple(Tab(label, href, href == here) for label, href in _TABS)


def entry(one: Held, due: str = "") -> Entry:
    """A document for a list."""
    badge = Badge("bad", "Withdrawn") if one.withdrawn else review_badge(one.review_status)
    kind = _KINDS[DocumentKind(one.kind)]
    return Entry(document_href(one.id), one.id, one.title, kind, one.number, one.changed[:10], badge, due)


def document_href(document_id: str) -> str:
    """Where an operator looks at a document."""
    return f"/operator/documents/{quote(document_id)}"


def marks(now: ReviewStatus) -> tuple[Mark, ...]:
    """The three steps of the review with the present one marked."""
    order = list(ReviewStatus)
    at = order.index(now)
    states = ["done" if n < at else "current" if n == at else "" for n in range(len(order))]
    return tuple(Mark(step.words, state) for step, state in zip(steps(), states, strict=True))


def offers(found: Account) -> tuple[Offer, ...]:
    """The steps that may be taken from where a document stands."""
    return () if found.held.withdrawn else _OFFERS[found.held.review_status]


def waits(found: Account) -> str:
    """Who approved the newest version already, where a second person has to; "" for nobody."""
    last = found.reviews[-1] if found.reviews else None
    return last.who if last and waits_for_another(last) and last.number == found.held.number else ""


def taken(step: ReviewEvent) -> Taken:
    """A step for the history."""
    before, after = (review_badge(status).words for status in (step.before, step.after))
    what = "Approved by one; a second person is needed" if waits_for_another(step) else f"{before} → {after}"
    due = f", to be reviewed again by {step.re_review}" if step.re_review else ""
    return Taken(when(step.at), what + due, step.who, step.why, step.number)


def standing(found: Account) -> Badge | None:
    """What became of the publication; None while it stands."""
    return source_badge(found.source_status)


def shown_job(one: Job) -> ShownJob:
    """A job for a page."""
    return ShownJob(
        href=f"/operator/jobs/{one.id}",
        id=one.id,
        kind=one.kind.capitalize(),
        badge=_STATES[one.state],
        is_running=one.state is JobState.RUNNING,
        who=one.who,
        started=when(one.started),
        finished=when(one.finished) if one.finished else "",
        stage=_STAGES.get(one.stage, one.stage),
        done=one.done,
        total=one.total,
        detail=one.detail,
    )


def attempt(one: Promotion) -> Attempt:
    """An attempt to change what is live."""
    what = "Promotion" if one.kind is PromotionKind.PROMOTE else "Roll-back"
    badge = Badge("good", "Went live") if one.live else Badge("bad", "Refused by the gate")
    return Attempt(when(one.at), what, one.snapshot_id, badge, one.who, one.gate_report)


def touched_answers(found: tuple[Touched, ...]) -> tuple[TouchedAnswer, ...]:
    """The touched citations, gathered by answer."""
    by_answer: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in found:
        said = f"“{one.span.quote}”" if one.span.quote else f"cited by way of an article: {one.span.document_id}"
        by_answer.setdefault((one.answer_id, one.created), []).append((str(one.standing).capitalize(), said))
    return tuple(TouchedAnswer(id, when(created), tuple(each)) for (id, created), each in by_answer.items())


def recorder(service: Service, name: str) -> str:
    """In whose name steps are recorded, unless somebody says otherwise."""
    return name or service.settings.user
