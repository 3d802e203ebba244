"""What a reader would find changed between two snapshots."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.types import Document, ReviewStatus, SourceStatus
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A document whose review or source status differs: (review, source) before and after."""

    document_id: str
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CitedChange:
    """A work that a document cites, under a key of its own, whose source status differs."""

    document_id: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Documents added, removed and changed in text or description; passages by what is encoded for them.

    `same_encoder` is False when every vector differs.
    """

    before: str
    after: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    statuses: tuple[StatusChange, ...]
    cited: tuple[CitedChange, ...]
    passages_kept: int
    passages_new: int
    passages_gone: int
    same_encoder: bool
    same_software: bool

    @property
    def is_empty(self) -> bool:
        documents = self.added or self.removed or self.changed or self.statuses or self.cited
        return not (documents or self.passages_new or self.passages_gone) and self.same_encoder


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """Compare two opened snapshots."""
    old, new = before.manifest.documents, after.manifest.documents
    differing = [one for one in sorted(old.keys() & new.keys()) if old[one] != new[one]]
    pairs = [(before.document(one), after.document(one)) for one in differing]
    was, now = set(before.store.digests()), set(after.store.digests())
    return Difference(
        before=before.id,
        after=after.id,
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(a.id for a, b in pairs if a and b and _content(a) != _content(b)),
        statuses=tuple(change for a, b in pairs if a and b for change in _status_change(a, b)),
        cited=tuple(change for a, b in pairs if a and b for change in _cited_changes(a, b)),
        passages_kept=len(was & now),
        passages_new=len(now - was),
        passages_gone=len(was - now),
        same_encoder=before.manifest.encoder == after.manifest.encoder,
        same_software=before.manifest.software == after.manifest.software,
    )


def _content(document: Document) -> Document:
    """All of a document but its statuses, and those of what it cites."""
    cited = tuple(replace(one, source_status=SourceStatus.CURRENT) for one in document.references)
    return replace(document, references=cited, review_status=ReviewStatus.SUBMITTED, source_status=SourceStatus.CURRENT)


def _status_change(before: Document, after: Document) -> Iterator[StatusChange]:
    was = (str(before.review_status), str(before.source_status))
    now = (str(after.review_status), str(after.source_status))
    if was != now:
        yield StatusChange(after.id, was, now)


def _cited_changes(before: Document, after: Document) -> Iterator[CitedChange]:
    was = {one.key: one.source_status for one in before.references}
    for one in after.references:
        if was.get(one.key, one.source_status) is not one.source_status:
            yield CitedChange(after.id, one.key, was[one.key], one.source_status)
