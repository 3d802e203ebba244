"""Reading what a snapshot holds: its articles, its documents, a passage in its place, questions to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from api.errors import NoPassage
from assistant.errors import UnknownArticle
from corpus.errors import UnknownDocument
from corpus.types import Document, DocumentKind, Passage
from indexer.snapshot import Snapshot
from indexer.store import PassageStore


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with the document it stands in: `document.text[passage.start:passage.end] == passage.text`."""

    passage: Passage
    document: Document


def articles(snapshot: Snapshot) -> tuple[Document, ...]:
    """The vetted articles, by title."""
    return _articles(snapshot.store)


@lru_cache(maxsize=1)
def _articles(store: PassageStore) -> tuple[Document, ...]:
    """Kept for the live snapshot: to find them, every document has to be read."""
    found = (one for one in store.documents() if one.kind is DocumentKind.ARTICLE)
    return tuple(sorted(found, key=lambda one: one.work.title.casefold()))


def article(snapshot: Snapshot, article_id: str) -> Document:
    """A vetted article; UnknownArticle when the snapshot holds none of this id."""
    found = snapshot.document(article_id)
    if found is None or found.kind is not DocumentKind.ARTICLE:
        raise UnknownArticle(f"there is no article {article_id!r}; see the library")
    return found


def document(snapshot: Snapshot, document_id: str) -> Document:
    """Any document; UnknownDocument when the snapshot holds none of this id."""
    found = snapshot.document(document_id)
    if found is None:
        raise UnknownDocument(f"snapshot {snapshot.id} holds no document {document_id!r}")
    return found


def passage(snapshot: Snapshot, passage_id: str) -> Placed:
    """A passage in its document; NoPassage when the snapshot holds none of this id."""
    row = snapshot.store.row_of(passage_id)
    if row is None:
        raise NoPassage(f"snapshot {snapshot.id} holds no passage {passage_id!r}; an index built since may have cut it")
    (found,) = snapshot.passages(np.array([row]))
    return Placed(found, document(snapshot, found.document_id))


def passages_of(snapshot: Snapshot, document_id: str) -> Sequence[Passage]:
    """The passages of a document in their order; UnknownDocument when there is no such document."""
    document(snapshot, document_id)
    return [one for _, _, one in snapshot.store.held(document_id)]
