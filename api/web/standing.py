"""What became of sources by now: a page that was right yesterday must not show a retracted work as it was."""

from dataclasses import dataclass

from api.service import Service
from api.web.wording import BARRED, Badge, source_badge
from assistant.rules import Rules
from corpus.catalogue import notices
from corpus.source_status import Statuses, settled
from corpus.standing import barred_since
from corpus.types import Document, SourceStatus, Work
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """The live snapshot, what was barred since it was built, and the notices where any came since."""

    snapshot: Snapshot
    rules: Rules
    noticed: Statuses

    @classmethod
    def now(cls, service: Service, snapshot: Snapshot) -> "Standing":
        since = snapshot.manifest.created
        with service.catalogue.reading() as connection:
            recent = next(notices.of_corpus(connection, since), None)
            noticed = Statuses(notices.of_corpus(connection) if recent else ())
        return cls(snapshot, Rules(barred=barred_since(service.catalogue, since)), noticed)

    def holds(self, document_id: str) -> bool:
        """Whether there is a page of the source."""
        return self.snapshot.document(document_id) is not None

    def document_badge(self, found: Document) -> Badge | None:
        """The state of a document that the snapshot holds."""
        return self.badge(found.id, found.work, found.source_status)

    def badge(self, document_id: str, work: Work, told: str) -> Badge | None:
        """The state of a publication, of which `told` was said elsewhere; None while it stands as published."""
        held = self.snapshot.document(document_id) if document_id else None
        status = SourceStatus(told) if held is None else held.source_status
        status = settled(status, self.noticed.notices_of(work.doi, work.pmid))
        if status.is_evidence and self.snapshot.is_withdrawn(document_id, work.doi):
            status = SourceStatus.RETRACTED
        if status.is_evidence and self.rules.bars(document_id, work):
            return BARRED
        return source_badge(status)
