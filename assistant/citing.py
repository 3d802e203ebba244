"""Grounded statements → numbered citations, in the order a reader meets them."""

from collections.abc import Iterable, Sequence

from assistant.answer import Citation, Source, Statement
from assistant.evidence import Evidence
from assistant.grounding import Grounded
from assistant.question import Audience
from corpus.types import Document, DocumentKind, Reference
from corpus.vocabulary import Vocabulary
from indexer.snapshot import Snapshot


def cite(
    grounded: Sequence[Grounded], evidence: Evidence, snapshot: Snapshot
) -> tuple[tuple[Statement, ...], tuple[Source, ...]]:
    """Statements with their citations, and the sources numbered 1, 2, 3 in order of appearance.

    A statement's own source comes before the literature that source cites for it.
    """
    sources: dict[str, Source] = {}
    statements = tuple(
        _statement(one, evidence.document(one.passage.document_id), sources, snapshot) for one in grounded
    )
    return statements, tuple(sources.values())


def _statement(one: Grounded, document: Document, sources: dict[str, Source], snapshot: Snapshot) -> Statement:
    own = _number(document, sources, direct=True)
    via = tuple(
        _number(_cited_document(reference, document, snapshot), sources, direct=False).document.id
        for reference in _references(one, document)
    )
    citation = Citation(
        n=own.n,
        source_id=document.id,
        passage_id=one.passage.id,
        start=one.start,
        end=one.end,
        quote=one.passage.quote(one.start, one.end),
        supports=one.supports,
        review_status=document.review_status,
        via=tuple(dict.fromkeys(via)),
        page=document.page_at(one.start),
    )
    return Statement(one.text, one.passage.section, (citation,))


def _number(document: Document, sources: dict[str, Source], *, direct: bool) -> Source:
    known = sources.get(document.id)
    n = known.n if known else len(sources) + 1
    source = Source(n, document, direct or (known is not None and known.cited_directly))
    sources[document.id] = source
    return source


def _references(one: Grounded, document: Document) -> Iterable[Reference]:
    """The references cited in the sentences of a span, in order, each once."""
    inside = [s for s in one.passage.sentences if s.start < one.end and s.end > one.start]
    by_key = {reference.key: reference for reference in document.references}
    return [by_key[key] for key in dict.fromkeys(key for s in inside for key in s.keys) if key in by_key]


def _cited_document(reference: Reference, document: Document, snapshot: Snapshot) -> Document:
    """The cited work as the corpus holds it, else as the reference list describes it."""
    held = snapshot.document(reference.document_id) if reference.document_id else None
    return held or Document(
        id=reference.document_id or f"{document.id}:{reference.key}",
        kind=DocumentKind.LITERATURE,
        work=reference.work,
        text="",
        sections=(),
        source_status=reference.source_status,
    )


def glossary(
    statements: Sequence[Statement], audience: Audience, vocabulary: Vocabulary
) -> tuple[tuple[str, str], ...]:
    """What the abbreviations of an answer mean, for readers who are not clinicians."""
    if audience is Audience.CLINICIAN:
        return ()
    found = dict[str, str]()
    for statement in statements:
        for form, meaning in vocabulary.abbreviations(statement.text):
            found.setdefault(form, meaning)
    return tuple(found.items())
