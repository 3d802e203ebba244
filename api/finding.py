"""Passages and documents for programs: found or read, with their place, their standing and the disclaimer."""

from collections.abc import Iterable

from pydantic import BaseModel

from api.reading import document, passage
from api.service import Service
from assistant.policy import caution, disclaimer
from assistant.question import check_text
from assistant.render import plain
from assistant.rules import Rules
from assistant.vancouver import reference
from corpus.types import Document, ReviewStatus
from indexer.search import make_queries, search
from indexer.snapshot import Snapshot

CHARACTERS = 8_000
"""How much of a document is read at once."""


class FoundOut(BaseModel):
    """A passage that a search found, and the document it stands in."""

    passage_id: str
    document_id: str
    title: str
    kind: str
    section: list[str]
    text: str
    review_status: str
    source_status: str
    reference: str


class SearchedOut(BaseModel):
    """What a search found, best first; nothing that the site would not cite."""

    snapshot: str
    passages: list[FoundOut]
    caution: str | None
    disclaimer: str


class SourceTextOut(BaseModel):
    """A text, `start` to `end` of the `length` characters of its document. What is no evidence is not to be cited."""

    document_id: str
    title: str
    kind: str
    section: list[str]
    text: str
    start: int
    end: int
    length: int
    page: int | None
    review_status: str
    source_status: str
    is_evidence: bool
    reference: str
    caution: str | None
    disclaimer: str


def searched(service: Service, query: str, k: int) -> SearchedOut:
    """At most k passages near a query; those that the site would not cite are left out."""
    check_text(query)
    with service.live.lease() as snapshot:
        (asked,) = make_queries([query], snapshot, service.encoder)
        rules = service.rules(snapshot)
        found = [(hit.passage, document(snapshot, hit.passage.document_id)) for hit in search(asked, snapshot, k)]
        kept = [(one, source) for one, source in found if rules.admits(source) and stands(source, snapshot, rules)]
    passages = [
        FoundOut(
            passage_id=one.id,
            document_id=source.id,
            title=source.work.title,
            kind=source.kind,
            section=list(one.section),
            text=one.text,
            review_status=source.review_status,
            source_status=source.source_status,
            reference=reference(source),
        )
        for one, source in kept
    ]
    told = _caution(source for _, source in kept)
    return SearchedOut(snapshot=snapshot.id, passages=passages, caution=told, disclaimer=disclaimer().text)


def read(service: Service, id: str, start: int) -> SourceTextOut:
    """A passage, or a document from a character on; UnknownDocument when there is neither of this id."""
    with service.live.lease() as snapshot:
        if snapshot.store.row_of(id) is None:
            source, section = document(snapshot, id), list[str]()
            start = min(start, len(source.text))
            end = min(start + CHARACTERS, len(source.text))
        else:
            placed = passage(snapshot, id)
            source, section = placed.document, list(placed.passage.section)
            start, end = placed.passage.start, placed.passage.end
        is_evidence = stands(source, snapshot, service.rules(snapshot))
    return SourceTextOut(
        document_id=source.id,
        title=source.work.title,
        kind=source.kind,
        section=section,
        text=source.text[start:end],
        start=start,
        end=end,
        length=len(source.text),
        page=source.page_at(start),
        review_status=source.review_status,
        source_status=source.source_status,
        is_evidence=is_evidence,
        reference=reference(source),
        caution=_caution([source]),
        disclaimer=disclaimer().text,
    )


def as_list(found: SearchedOut) -> str:
    """What a search found, as text."""
    items = [
        f"{rank}. {_where(one.title, one.section)} ({one.kind}; review: {_words(one.review_status)}; "
        f"{_words(one.source_status)})\n{one.text}\n{one.reference}\npassage_id: {one.passage_id}"
        for rank, one in enumerate(found.passages, start=1)
    ]
    return "\n\n".join((*(items or ["Nothing was found."]), *_warnings(found.caution, found.disclaimer)))


def as_page(found: SourceTextOut) -> str:
    """What was read, as text."""
    place = f"characters {found.start} to {found.end} of {found.length}" + (f", p. {found.page}" if found.page else "")
    blocks = (
        f"{_where(found.title, found.section)} ({found.kind}; review: {_words(found.review_status)}; "
        f"{_words(found.source_status)}), {place}",
        "" if found.is_evidence else "This work is no evidence: it was retracted or withdrawn. Do not cite it.",
        found.text,
        found.reference,
        *_warnings(found.caution, found.disclaimer),
    )
    return "\n\n".join(block for block in blocks if block)


def stands(source: Document, snapshot: Snapshot, rules: Rules) -> bool:
    """Whether a work is still evidence; the site's wish for reviewed sources is another question."""
    barred = rules.bars(source.id, source.work) or snapshot.is_withdrawn(source.id, source.work.doi)
    return source.source_status.is_evidence and not barred


def _caution(sources: Iterable[Document]) -> str | None:
    pending = any(one.review_status is not ReviewStatus.APPROVED for one in sources)
    return caution().text if pending else None


def _where(title: str, section: list[str]) -> str:
    return " › ".join(plain(part) for part in (title, *section) if part)


def _words(status: str) -> str:
    return status.replace("_", " ")


def _warnings(caution: str | None, disclaimer: str) -> tuple[str, ...]:
    return (*((f"Caution: {caution}",) if caution else ()), f"Disclaimer: {disclaimer}")
