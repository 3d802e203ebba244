"""An answer as its page shows it, from the fields of the public JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.export import FORMATS
from api.export.wording import CONFLICT
from api.schemas import AnswerOut, CitationOut, RelatedOut, SourceOut, StatementOut
from api.web.copying import as_plain_text
from api.web.places import Outward, outward, passage_url, quote_url, source_url
from api.web.standing import Standing
from api.web.wording import EXPORTS, TITLES, Badge, evidence, kinds_explained, review_badge, source_badge
from assistant.answer import Outcome
from assistant.question import Audience
from corpus.types import DocumentKind, Work


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A numbered source; `href` is its page here, None where the corpus holds no text of it."""

    n: int
    anchor: str
    is_article: bool
    title: str
    reference: str
    kind: str
    review: Badge
    state: Badge | None
    href: str | None
    links: tuple[Outward, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What stands behind a citation mark: the supporting sentence and its source. `href` opens the source at it.

    `by_way` is true of a work that the quoted article cites for the sentence.
    """

    id: str
    source: SourceLine
    href: str
    quote: str
    place: str
    by_way: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement, its cards in the order of their marks, and where it comes from in a line."""

    text: str
    origin: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that stands near a question that was not answered."""

    title: str
    place: str
    text: str
    href: str
    review: Badge


@dataclass(frozen=True, slots=True)
class Export:
    """A file that an answer can be had as."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What answer.html.j2 reads. `outdated` names sources withdrawn since; `exports` is empty when it is not kept."""

    id: str
    question: str
    read_as: str | None
    outcome: str
    title: str
    message: str | None
    caution: str | None
    conflict: str | None
    outdated: tuple[str, ...]
    statements: tuple[Stated, ...]
    sources: tuple[SourceLine, ...]
    related: tuple[Near, ...]
    suggestions: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    disclaimer: str
    exports: tuple[Export, ...]
    copied: str

    @property
    def is_kept(self) -> bool:
        return bool(self.exports)

    @property
    def said(self) -> str:
        """What a screen reader is told when the answer is there."""
        count = len(self.statements)
        stated = f": {count} {'statement' if count == 1 else 'statements'} with citations" if count else ""
        return f"{self.title}{stated}. {self.message or ''}".strip()


def view_of(answer: AnswerOut, standing: Standing, *, kept: bool) -> AnswerView:
    """The view of an answer; the state of its sources is that of now."""
    sources = {one.id: _source(one, answer.id, standing) for one in answer.sources}
    kinds = kinds_explained((one.evidence_type for one in answer.sources), Audience(answer.audience))
    outdated = tuple(_outdated(answer, sources))
    identifies = answer.outcome == Outcome.PATIENT_IDENTIFIERS
    return AnswerView(
        id=answer.id,
        question="" if identifies else answer.question,
        read_as=answer.read_as if answer.read_as != answer.question else None,
        outcome=answer.outcome,
        title=TITLES[answer.outcome],
        message=answer.message,
        caution=answer.caution,
        conflict=CONFLICT if answer.outcome == Outcome.CONFLICTING_EVIDENCE else None,
        outdated=outdated,
        statements=tuple(
            Stated(one.text, _origin(one, sources), tuple(_cards(one, f"c{number}-{answer.id}", sources)))
            for number, one in enumerate(answer.statements)
        ),
        sources=tuple(sources.values()),
        related=tuple(map(_near, answer.related)),
        suggestions=tuple(answer.suggestions),
        glossary=(*answer.glossary.items(), *kinds),
        disclaimer=answer.disclaimer,
        exports=tuple(_exports(answer.id)) if kept else (),
        copied=as_plain_text(answer, outdated) if answer.statements else "",
    )


def _source(one: SourceOut, answer_id: str, standing: Standing) -> SourceLine:
    kind = evidence(one.evidence_type)
    dated = one.kind == DocumentKind.LITERATURE and one.year
    work = Work(title=one.title, doi=one.doi or "", pmid=one.pmid or "")
    return SourceLine(
        n=one.n,
        anchor=f"source{one.n}-{answer_id}",
        is_article=one.kind == DocumentKind.ARTICLE,
        title=one.title,
        reference=one.reference,
        kind=f"{kind}, {one.year}" if dated else kind,
        review=review_badge(one.review_status),
        state=standing.badge(one.id, work, one.source_status),
        href=source_url(one.id) if standing.holds(one.id) else None,
        links=outward(one),
    )


def _outdated(answer: AnswerOut, sources: dict[str, SourceLine]) -> Iterator[str]:
    """Sources that were evidence when the answer was given, and are not any more."""
    for one in answer.sources:
        state = sources[one.id].state
        if state is not None and state.name == "retracted" and state != source_badge(one.source_status):
            yield f"[{one.n}] {one.title}"


def _cards(statement: StatementOut, prefix: str, sources: dict[str, SourceLine]) -> Iterator[Card]:
    for position, citation in enumerate(statement.citations):
        own = sources[citation.source_id]
        href = quote_url(citation) if own.href else f"#{own.anchor}"
        yield Card(f"{prefix}-{position}", own, href, citation.quote, _place(statement, citation), False)
        for number, one in enumerate(citation.via):
            via = sources[one]
            yield Card(
                f"{prefix}-{position}-{number}", via, via.href or f"#{via.anchor}", citation.quote, own.title, True
            )


def _place(statement: StatementOut, citation: CitationOut) -> str:
    page = () if citation.page is None else (f"p. {citation.page}",)
    return " › ".join((*statement.section, *page))


def _origin(statement: StatementOut, sources: dict[str, SourceLine]) -> str:
    """A sentence out of its place does not say what it is about: of literature the title, of an article the section."""
    own = sources[statement.citations[0].source_id]
    return " › ".join((own.title, *statement.section)) if own.is_article else f"{own.title} · {own.kind}"


def _near(one: RelatedOut) -> Near:
    href = passage_url(one.source_id, one.passage_id)
    return Near(one.title, " › ".join(one.section), one.text, href, review_badge(one.review_status))


def _exports(answer_id: str) -> Iterator[Export]:
    for name in FORMATS:
        yield Export(EXPORTS.get(name, name), f"/v1/answers/{answer_id}/export?format={name}")
