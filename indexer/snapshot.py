"""What a snapshot is on disk, how one is opened, and how one becomes current.

    home/snapshots/<id>/   manifest.json  passages.db  vectors.f16  sentences.f16  vocabulary.json  lexical/
                           and dense.faiss, when there are too many vectors to compare them all
    home/current           one line: the id that is live

A snapshot never changes once it carries its id. `current` is replaced in one atomic step.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from corpus.types import Document, Passage
from corpus.vocabulary import Vocabulary
from indexer.dense import EXACT, DenseIndex, DenseRecord, Rows, Scores, open_dense, open_vectors
from indexer.durable import locked, remove_unfinished, replace_file, undisturbed, writing
from indexer.encoder import EncoderIdentity
from indexer.errors import LiveChanged, NoSnapshot, SnapshotDamaged, SnapshotMismatch
from indexer.home import SWITCH, live_folder
from indexer.home import current_id as current_id
from indexer.home import folder_of as folder_of
from indexer.home import require_current as require_current
from indexer.home import snapshots_folder as snapshots_folder
from indexer.lexical import LexicalIndex
from indexer.store import PassageStore

LAYOUT = 2
MANIFEST = "manifest.json"
PASSAGES = "passages.db"
VECTORS = "vectors.f16"
DENSE = "dense.faiss"
SENTENCES = "sentences.f16"
VOCABULARY = "vocabulary.json"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Length in bytes and SHA-256 (hex) of a file of a snapshot."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was built from and how, and the checksum of every file in it."""

    id: str
    created: str
    software: str
    layout: int
    encoder: EncoderIdentity
    passage_tokens: int
    documents: Mapping[str, str]
    passages: int
    sentences: int
    dense: DenseRecord
    files: Mapping[str, FileRecord]


@dataclass(frozen=True, slots=True)
class _Layout:
    """What tells a manifest of another layout from a damaged one."""

    layout: int


def snapshot_id(
    encoder: EncoderIdentity,
    passage_tokens: int,
    documents: Mapping[str, str],
    vocabulary: str,
    software: str,
    dense: DenseRecord,
) -> str:
    """Digest of what decides what is found: documents and versions, encoder, vocabulary, layout, program, and how
    the nearest vectors are searched for (not how well, which is a measurement)."""
    how = [dense.kind, sorted(dense.parameters.items())]
    basis = [LAYOUT, software, encoder, passage_tokens, sorted(documents.items()), vocabulary, how]
    return hashlib.sha256(msgspec.json.encode(basis)).hexdigest()[:16]


def file_record(path: Path) -> FileRecord:
    with path.open("rb") as stream:
        return FileRecord(path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def files_of(folder: Path) -> dict[str, FileRecord]:
    """Records of every file under a folder but its manifest, by relative name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): file_record(path) for path in paths}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot folder; NoSnapshot without one, SnapshotDamaged when unreadable."""
    try:
        body = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise NoSnapshot(f"{folder} holds no snapshot; see: sequitur index list") from error
    try:
        layout = msgspec.json.decode(body, type=_Layout).layout
        if layout != LAYOUT:
            raise SnapshotMismatch(
                f"{folder} has layout {layout}, this program reads {LAYOUT}; rebuild: sequitur index build"
            )
        return msgspec.json.decode(body, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(f"{folder / MANIFEST} cannot be read ({error}); rebuild: sequitur index build") from error


def verify(folder: Path) -> Manifest:
    """Check every file against the manifest; SnapshotDamaged names the first that differs."""
    manifest = read_manifest(folder)
    vocabulary = manifest.files.get(VOCABULARY, FileRecord(0, "")).sha256
    basis = (manifest.encoder, manifest.passage_tokens, manifest.documents, vocabulary)
    if manifest.id != snapshot_id(*basis, manifest.software, manifest.dense):
        raise SnapshotDamaged(f"the manifest in {folder} does not match its id; rebuild: sequitur index build")
    for name, record in manifest.files.items():
        path = folder / name
        if not path.is_file() or file_record(path) != record:
            raise SnapshotDamaged(
                f"snapshot {manifest.id}: {name} is missing or does not match its checksum; "
                "rebuild it (sequitur index build) or go back to another (sequitur index promote ID)"
            )
    return manifest


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """What the libraries say of a file that is gone, cut short or unreadable, as SnapshotDamaged."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
        raise SnapshotDamaged(f"{folder} cannot be read ({error}); rebuild it: sequitur index build") from error


class Snapshot:
    """An opened snapshot: every part agrees with every other, and nothing in it can change."""

    def __init__(self, folder: Path, encoder: EncoderIdentity) -> None:
        """Open and verify; SnapshotMismatch when `encoder` is not the one that built it."""
        with _reading(folder):
            self.manifest = verify(folder)
            if self.manifest.encoder != encoder:
                raise SnapshotMismatch(_difference(self.manifest, encoder))
            self._open(folder)

    def _open(self, folder: Path) -> None:
        self.store = PassageStore(folder / PASSAGES)
        self._withdrawn = self.store.withdrawn()
        self.dense = self._open_dense(folder)
        self.lexical = LexicalIndex.load(folder / LEXICAL)
        self.vocabulary = Vocabulary.from_json((folder / VOCABULARY).read_bytes())
        self._sentences = open_vectors(folder / SENTENCES, self.manifest.encoder.dimension)
        counts = {len(self.store), len(self.dense), len(self.lexical), self.manifest.passages}
        if len(counts) != 1 or len(self._sentences) != self.manifest.sentences:
            raise SnapshotDamaged(f"snapshot {self.id}: its parts hold different numbers of passages; rebuild it")

    def _open_dense(self, folder: Path) -> DenseIndex:
        record = self.manifest.dense
        if VECTORS not in self.manifest.files or (DENSE in self.manifest.files) == (record.kind == EXACT):
            raise SnapshotDamaged(f"snapshot {self.id}: its vectors or their codes are not in its manifest; rebuild it")
        return open_dense(folder / VECTORS, folder / DENSE, record, self.manifest.encoder.dimension)

    @property
    def id(self) -> str:
        return self.manifest.id

    def close(self) -> None:
        self.store.close()

    def is_withdrawn(self, document_id: str, doi: str) -> bool:
        """Whether this snapshot holds a work as retracted, or as a notice, under this id or this DOI."""
        return document_id in self._withdrawn or doi.lower() in self._withdrawn

    def passages(self, rows: Rows) -> list[Passage]:
        return self.store.passages(rows)

    def document(self, document_id: str) -> Document | None:
        return self.store.document(document_id)

    def sentence_vectors(self, row: int, count: int) -> Scores:
        """Unit vectors (count, d) of the sentences of the passage at a row."""
        first = self.store.first_sentence(row)
        return np.asarray(self._sentences[first : first + count], np.float32)


def _difference(manifest: Manifest, encoder: EncoderIdentity) -> str:
    built = manifest.encoder
    if built.dimension != encoder.dimension:
        what = f"vectors of {built.dimension} dimensions, the configured encoder gives {encoder.dimension}"
    else:
        what = f"encoder {built.name} ({built.revision[:12]}), configured is {encoder.name} ({encoder.revision[:12]})"
    return (
        f"snapshot {manifest.id} holds {what}; configure that encoder (SEQUITUR_ENCODER) or run: sequitur index build"
    )


def list_snapshots(home: Path) -> list[Manifest]:
    """The manifests of all finished snapshots, newest first."""
    folder = snapshots_folder(home)
    found = [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []
    return sorted(_readable(found), key=lambda m: (m.created, m.id), reverse=True)


def _readable(folders: Iterable[Path]) -> Iterator[Manifest]:
    """The manifests that can be read: one that cannot must not hide the others from who wants to go back."""
    for folder in folders:
        try:
            yield read_manifest(folder)
        except (NoSnapshot, SnapshotDamaged, SnapshotMismatch):
            continue


def activate(home: Path, snapshot: str, instead_of: str | None = None) -> Manifest:
    """Make a verified snapshot current, in one atomic step; readers keep the one they opened.

    NotWritten when the disk is full, LiveChanged when not `instead_of` is live ("" for none): then what was still is.
    """
    folder_of(home, snapshot)
    with writing(home, "activate it again; what was live still is"), locked(home / SWITCH):
        manifest = verify(folder_of(home, snapshot))
        if manifest.id != snapshot:
            raise SnapshotDamaged(f"the folder {snapshot} holds snapshot {manifest.id}; rebuild: sequitur index build")
        if instead_of is not None and (live := current_id(home) or "") != instead_of:
            raise LiveChanged(f"{live or 'nothing'} is live by now, so {snapshot} is not; see: sequitur index list")
        remove_unfinished(home / "current")
        replace_file(home / "current", f"{manifest.id}\n".encode())
    return manifest


def open_current(home: Path, encoder: EncoderIdentity) -> Snapshot:
    """The live snapshot; NoSnapshot when none was activated yet.

    What is removed while it is being opened is not live any more: then the one that is live is opened,
    while no switch and no removal can come between.
    """
    with suppress(NoSnapshot, SnapshotDamaged):
        return Snapshot(live_folder(home), encoder)
    with undisturbed(home / SWITCH):
        return Snapshot(live_folder(home), encoder)
