"""What the citations of an answer turn out to be when the snapshot is looked up, whatever the answer says of them."""

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.evaluation.told import Told, ToldCitation, ToldSource, Verified
from assistant.rules import Rules
from corpus.types import Document, Passage, Reference
from indexer.snapshot import Snapshot


def verify(told: Told, snapshot: Snapshot, rules: Rules) -> tuple[Verified, ...]:
    """Each citation, in the order of the statements, looked up anew."""
    return tuple(
        _verified(index, citation, told.sources, snapshot, rules)
        for index, statement in enumerate(told.statements)
        for citation in statement.citations
    )


def _verified(
    statement: int, citation: ToldCitation, sources: Sequence[ToldSource], snapshot: Snapshot, rules: Rules
) -> Verified:
    document = snapshot.document(citation.source_id)
    passage = _passage(citation, snapshot)
    return Verified(
        statement=statement,
        n=citation.n,
        span=passage.quote(citation.start, citation.end) if passage else None,
        numbered=_is_numbered(citation, sources),
        withdrawn=tuple(_withdrawn(citation, snapshot, rules)),
        attributed=passage is None or document is None or set(citation.via) == _cited_in(citation, passage, document),
    )


def _passage(citation: ToldCitation, snapshot: Snapshot) -> Passage | None:
    """The cited passage; None where that source has no such passage, or the offsets lie outside it."""
    row = snapshot.store.row_of(citation.passage_id)
    if row is None:
        return None
    (passage,) = snapshot.passages(np.array([row]))
    within = passage.start <= citation.start < citation.end <= passage.end
    return passage if within and passage.document_id == citation.source_id else None


def _is_numbered(citation: ToldCitation, sources: Sequence[ToldSource]) -> bool:
    numbered = [source.id for source in sources if source.n == citation.n]
    return numbered == [citation.source_id] and {source.id for source in sources}.issuperset(citation.via)


def _cited_in(citation: ToldCitation, passage: Passage, document: Document) -> set[str]:
    """Ids of the works that a document cites in the sentences of a span."""
    touched = [one for one in passage.sentences if one.start < citation.end and citation.start < one.end]
    keys = {key for sentence in touched for key in sentence.keys}
    return {_id_of(reference, document) for reference in document.references if reference.key in keys}


def _id_of(reference: Reference, document: Document) -> str:
    """The id under which an answer lists a work that a document cites."""
    return reference.document_id or f"{document.id}:{reference.key}"


def _withdrawn(citation: ToldCitation, snapshot: Snapshot, rules: Rules) -> Iterator[str]:
    """Ids of the source and of the works it rests on that are no evidence, by whatever name that is known."""
    for source_id in (citation.source_id, *citation.via):
        described = _described(source_id, snapshot.document(citation.source_id), snapshot)
        if (
            snapshot.is_withdrawn(source_id, "")
            or source_id in rules.barred
            or any(_is_no_evidence(source_id, one, snapshot, rules) for one in described)
        ):
            yield source_id


def _described(source_id: str, citing: Document | None, snapshot: Snapshot) -> Iterator[Document | Reference]:
    """The work as the corpus holds it, and as the one that cites it lists it."""
    held = snapshot.document(source_id)
    if held is not None:
        yield held
    if citing is not None:
        yield from (one for one in citing.references if _id_of(one, citing) == source_id)


def _is_no_evidence(source_id: str, known: Document | Reference, snapshot: Snapshot, rules: Rules) -> bool:
    return (
        not known.source_status.is_evidence
        or snapshot.is_withdrawn(source_id, known.work.doi)
        or rules.bars(source_id, known.work)
    )
