"""The corpus as it stands in the catalogue: what is indexed, with the status that notices give it."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from corpus.catalogue import documents, notices
from corpus.catalogue.database import Catalogue
from corpus.catalogue.tables import document
from corpus.source_status import Statuses, applied
from corpus.types import Document


class StandingCorpus:
    """Every document that is not withdrawn, in its newest version, in the order of ids; one state of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __len__(self) -> int:
        with self._catalogue.reading() as connection:
            query = select(func.count()).select_from(document).where(document.c.withdrawn == "")
            return int(connection.scalar(query) or 0)

    def __iter__(self) -> Iterator[Document]:
        with self._catalogue.reading() as connection:
            statuses = Statuses(notices.of_corpus(connection))
            for one in documents.standing(connection):
                yield applied(one, statuses)


def barred_since(catalogue: Catalogue, when: str) -> tuple[str, ...]:
    """What became no evidence from a time on: ids of withdrawn documents, DOIs and PMIDs of works with a retraction.

    A snapshot built before that time does not know of it; whoever answers from one must (law 5).
    """
    with catalogue.reading() as connection:
        gone = set(connection.scalars(select(document.c.id).where(document.c.withdrawn >= when)))
        recent = list(notices.of_corpus(connection, when))
        statuses = Statuses(notices.of_corpus(connection) if recent else ())
    barred = [one for one in recent if not statuses.of(one.doi, one.pmid).is_evidence]
    told = (each for one in barred for each in statuses.notices_of(one.doi, one.pmid))
    return tuple(sorted(gone | {name for each in told for name in (each.doi, each.pmid) if name}))


def finder(catalogue: Catalogue) -> Callable[[str], Document | None]:
    """Gives a document by id as it stands now, None when it is not held or was withdrawn."""
    with catalogue.reading() as connection:
        statuses = Statuses(notices.of_corpus(connection))

    def find(document_id: str) -> Document | None:
        with catalogue.reading() as connection:
            known = list(documents.held(connection, [document_id]))
            if not known or known[0].withdrawn:
                return None
            return applied(documents.newest(connection, document_id), statuses)

    return find
