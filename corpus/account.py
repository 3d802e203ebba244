"""What there is to tell of a document, and what is wrong with the corpus as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.catalogue import documents, notices, reviews
from corpus.catalogue.database import Catalogue
from corpus.catalogue.documents import Held, Version
from corpus.catalogue.reviews import ReviewEvent
from corpus.leaning import Leaning, leaning
from corpus.source_status import Statuses, applied
from corpus.standing import StandingCorpus
from corpus.types import Document, Notice, SourceStatus


@dataclass(frozen=True, slots=True)
class Account:
    """A document with its history: versions, review steps, notices on it, sentences that lean on retracted works."""

    held: Held
    source_status: SourceStatus
    versions: tuple[Version, ...]
    reviews: tuple[ReviewEvent, ...]
    notices: tuple[Notice, ...]
    leaning: tuple[Leaning, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A document that notices speak of, or that cites what they speak of."""

    document_id: str
    title: str
    source_status: SourceStatus
    notices: tuple[Notice, ...]
    leaning: tuple[Leaning, ...]


def account(catalogue: Catalogue, document_id: str) -> Account:
    """All that is known of a document; UnknownDocument when it is not held."""
    with catalogue.reading() as connection:
        held = documents.one_held(connection, document_id)
        statuses = Statuses(notices.of_corpus(connection))
        document = applied(documents.newest(connection, document_id), statuses)
        return Account(
            held=held,
            source_status=document.source_status,
            versions=documents.versions(connection, document_id),
            reviews=reviews.history(connection, document_id),
            notices=_of(document, statuses),
            leaning=leaning(document, statuses),
        )


def flags(catalogue: Catalogue) -> Iterator[Flag]:
    """The standing documents whose status is not plain, and those with sentences that lean on retracted works."""
    with catalogue.reading() as connection:
        statuses = Statuses(notices.of_corpus(connection))
    for document in StandingCorpus(catalogue):
        found = leaning(document, statuses)
        if found or document.source_status is not SourceStatus.CURRENT:
            yield Flag(document.id, document.work.title, document.source_status, _of(document, statuses), found)


def _of(document: Document, statuses: Statuses) -> tuple[Notice, ...]:
    return statuses.notices_of(document.work.doi, document.work.pmid)
