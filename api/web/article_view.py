"""The library and an article as their pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.reading import articles
from api.web.blocks import Layout, Shown
from api.web.places import Outward, article_url, outward, source_url
from api.web.standing import Standing
from api.web.wording import READERS, Badge, Reader, evidence, kinds_explained, review_badge, steps
from assistant.policy import caution
from assistant.question import Audience
from assistant.vancouver import reference
from corpus.types import Document, DocumentKind, Reference, ReviewStatus
from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in the library."""

    title: str
    href: str
    review: Badge
    state: Badge | None
    updated: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the review; `state` is "done", "current" or "to come"."""

    badge: Badge
    state: str


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry of the reference list; `href` is its page here, None where the corpus holds no text of it."""

    n: int
    text: str
    kind: str
    state: Badge | None
    href: str | None
    links: tuple[Outward, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What article.html.j2 reads."""

    id: str
    title: str
    href: str
    updated: str
    steps: tuple[Step, ...]
    state: Badge | None
    caution: str | None
    reader: Reader
    readers: tuple[Reader, ...]
    sections: tuple[Shown, ...]
    references: tuple[Cited, ...]
    glossary: tuple[tuple[str, str], ...]
    licence: str


def entries(standing: Standing, wanted: str) -> tuple[Entry, ...]:
    """The articles whose title, or else whose text, holds all the words; those with the title first."""
    words = wanted.casefold().split()
    known = articles(standing.snapshot)
    titled = [one for one in known if _holds(one.work.title, words)]
    told = [one for one in known if one not in titled and _holds(f"{one.work.title} {one.text}", words)]
    return tuple(
        Entry(
            one.work.title,
            article_url(one.id),
            review_badge(one.review_status),
            standing.document_badge(one),
            one.updated,
        )
        for one in (*titled, *told)
    )


def article_view(found: Document, audience: Audience, standing: Standing) -> ArticleView:
    """The view of an article for a reader: what is stated and cited is the same for all."""
    numbers = {one.key: n for n, one in enumerate(found.references, start=1)}
    layout = Layout(found, numbers.get)
    vocabulary = standing.snapshot.vocabulary
    kinds = kinds_explained((one.work.evidence_type for one in found.references), audience)
    return ArticleView(
        id=found.id,
        title=found.work.title,
        href=article_url(found.id),
        updated=found.updated,
        steps=tuple(_steps(found.review_status)),
        state=standing.document_badge(found),
        caution=caution().text if found.review_status is not ReviewStatus.APPROVED else None,
        reader=READERS[audience],
        readers=tuple(READERS.values()),
        sections=layout.sections((0, len(found.text)), tables=True),
        references=tuple(_cited(n, one, standing) for n, one in enumerate(found.references, start=1)),
        glossary=() if audience is Audience.CLINICIAN else (*_glossary(found.text, vocabulary), *kinds),
        licence=found.licence,
    )


def _glossary(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """What the abbreviations of a text mean, in the order of the alphabet."""
    found = dict(vocabulary.abbreviations(text))
    return tuple(sorted(found.items(), key=lambda one: one[0].casefold()))


def _holds(text: str, words: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _steps(status: ReviewStatus) -> Iterator[Step]:
    order = list(ReviewStatus)
    for position, badge in enumerate(steps()):
        distance = position - order.index(status)
        yield Step(badge, "current" if distance == 0 else "done" if distance < 0 else "to come")


def _cited(n: int, one: Reference, standing: Standing) -> Cited:
    held = standing.snapshot.document(one.document_id) if one.document_id else None
    described = held or Document(one.document_id, DocumentKind.LITERATURE, one.work, "", ())
    kind = evidence(one.work.evidence_type)
    return Cited(
        n=n,
        text=reference(described),
        kind=f"{kind}, {one.work.year}" if one.work.year else kind,
        state=standing.badge(one.document_id, one.work, one.source_status),
        href=source_url(one.document_id) if held else None,
        links=outward(one.work),
    )
