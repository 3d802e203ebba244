"""The snapshots of a home: listed, compared, and what a change means for past answers."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.recall import Touched, between
from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue
from indexer.difference import Difference, difference
from indexer.home import current_id, folder_of
from indexer.snapshot import Manifest, Snapshot, list_snapshots, read_manifest


@dataclass(frozen=True, slots=True)
class Listed:
    """A snapshot without the long lists of its manifest; `bytes` is what its files come to."""

    id: str
    live: bool
    created: str
    software: str
    encoder: str
    documents: int
    passages: int
    bytes: int

    @classmethod
    def of(cls, manifest: Manifest, live: str | None) -> "Listed":
        return cls(
            id=manifest.id,
            live=manifest.id == live,
            created=manifest.created,
            software=manifest.software,
            encoder=manifest.encoder.name,
            documents=len(manifest.documents),
            passages=manifest.passages,
            bytes=sum(record.size for record in manifest.files.values()),
        )


def listed(home: Path) -> tuple[Listed, ...]:
    """Every snapshot of a home, newest first."""
    live = current_id(home)
    return tuple(Listed.of(manifest, live) for manifest in list_snapshots(home))


def difference_between(home: Path, a: str, b: str) -> Difference:
    """What changes from one snapshot to another; NoSnapshot when there is none of an id."""
    with closing(_opened(home, a)) as before, closing(_opened(home, b)) as after:
        return difference(before, after)


def touched_between(home: Path, catalogue: Catalogue, a: str, b: str) -> tuple[Touched, ...]:
    """The citations of past answers that stand worse in `b` than in `a`; NoSnapshot when there is none of an id."""
    with (
        closing(_opened(home, a)) as before,
        closing(_opened(home, b)) as after,
        catalogue.reading() as connection,
    ):
        return tuple(between(answers.all_given(connection), before, after))


def _opened(home: Path, snapshot: str) -> Snapshot:
    """A snapshot opened for reading what it holds; whatever encoder built it."""
    folder = folder_of(home, snapshot)
    return Snapshot(folder, read_manifest(folder).encoder)
