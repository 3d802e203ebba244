"""Documents → a new snapshot, beside the live one, embedding only what is new."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from corpus.errors import DuplicateDocument
from corpus.types import Document
from corpus.vocabulary_build import build_vocabulary
from indexer import snapshot as layout
from indexer.dense import open_vectors
from indexer.dense_build import EXACT_UP_TO, choose
from indexer.durable import locked, replace_file, sync_folder, writing
from indexer.encoder import Encoder, EncoderIdentity
from indexer.errors import EmptyCorpus, IndexerError, NotWritten, SnapshotDamaged
from indexer.journal import VectorJournal
from indexer.known import KnownVectors
from indexer.lexical import LexicalIndex
from indexer.preparation import passage_tokens
from indexer.ready import ReadyDocuments
from indexer.snapshot import Manifest, Snapshot
from indexer.store import PassageStore, PassageWriter

_TOGETHER = 8
"""Documents whose new passages are encoded in one batch, and lost together when the build is killed before it ends."""

Progress = Callable[[str, int], None]
"""Called with the stage's name and the number of documents done in it."""


def build(
    documents: Iterable[Document],
    home: Path,
    encoder: Encoder,
    *,
    created: str,
    software: str,
    reuse: Snapshot | None = None,
    progress: Progress = lambda stage, done: None,
    exact_up_to: int = EXACT_UP_TO,
) -> Manifest:
    """Build, verify and keep a snapshot of the documents; it is not current until activated.

    Vectors of passages that `reuse` or the newest snapshot already holds are taken over. A killed build
    leaves only a folder that is never opened, and that the next build removes. NotWritten when the disk is full.
    Up to `exact_up_to` passages a search compares every vector; beyond, codes choose which (indexer/dense_build.py).
    """
    folder = layout.snapshots_folder(home)
    with writing(folder, "build again: what is encoded is kept"), _alone(folder):
        _remove_dead_builds(folder)
        work = folder / ".building"
        work.mkdir()
        try:
            with _lenders(home, reuse, encoder.identity) as lenders:
                manifest = _write(work, documents, encoder, created, software, lenders, progress, exact_up_to)
            _check(work, encoder.identity)
            kept = _keep(work, folder / manifest.id, manifest)
            VectorJournal.remove(folder, encoder.identity)
            return kept
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time in a home; the next one waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".building.lock"):
        yield


@contextmanager
def _lenders(home: Path, reuse: Snapshot | None, encoder: EncoderIdentity) -> Iterator[tuple[Snapshot, ...]]:
    """Whose vectors are taken over: those of `reuse`, and of the newest snapshot, which may never have gone live."""
    given = (reuse,) if reuse is not None and reuse.manifest.encoder == encoder else ()
    newest = next((one.id for one in layout.list_snapshots(home) if one.encoder == encoder), None)
    if newest is None or newest in [one.id for one in given]:
        yield given
        return
    try:
        opened = Snapshot(layout.folder_of(home, newest), encoder)
    except IndexerError:
        yield given
        return
    with closing(opened):
        yield (*given, opened)


def _write(
    work: Path,
    documents: Iterable[Document],
    encoder: Encoder,
    created: str,
    software: str,
    lenders: Sequence[Snapshot],
    progress: Progress,
    exact_up_to: int,
) -> Manifest:
    tokens = passage_tokens(encoder)
    versions = _write_passages(work, _distinct(documents), encoder, software, lenders, progress)
    store = PassageStore(work / layout.PASSAGES)
    try:
        _write_lexical(work, store, progress)
        _write_vocabulary(work, store, progress)
        dimension = encoder.identity.dimension
        dense = choose(open_vectors(work / layout.VECTORS, dimension), work / layout.DENSE, exact_up_to)
        files = layout.files_of(work)
        vocabulary = files[layout.VOCABULARY].sha256
        manifest = Manifest(
            id=layout.snapshot_id(encoder.identity, tokens, versions, vocabulary, software, dense),
            created=created,
            software=software,
            layout=layout.LAYOUT,
            encoder=encoder.identity,
            passage_tokens=tokens,
            documents=versions,
            passages=len(store),
            sentences=len(open_vectors(work / layout.SENTENCES, dimension)),
            dense=dense,
            files=files,
        )
    finally:
        store.close()
    replace_file(work / layout.MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _distinct(documents: Iterable[Document]) -> Iterator[Document]:
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise DuplicateDocument(f"two sources have the id {document.id!r}; leave one of them out")
        seen.add(document.id)
        yield document


def _write_passages(
    work: Path,
    documents: Iterator[Document],
    encoder: Encoder,
    software: str,
    lenders: Sequence[Snapshot],
    progress: Progress,
) -> dict[str, str]:
    """Passages, their vectors and their sentences' vectors, as they come; gives the version of each document."""
    with (
        closing(PassageWriter(work / layout.PASSAGES)) as writer,
        closing(VectorJournal(work.parent, encoder.identity)) as journal,
        (work / layout.VECTORS).open("wb") as vectors,
        (work / layout.SENTENCES).open("wb") as sentences,
    ):
        making = ReadyDocuments(KnownVectors(lenders, journal), lenders, encoder, software)
        versions: dict[str, str] = {}
        while group := list(islice(documents, _TOGETHER)):
            for one in making.ready(group):
                writer.add(one.document, [(each.passage, each.digest) for each in one.passages])
                versions[one.document.id] = one.version
                for each in one.passages:
                    vectors.write(each.vector.astype(np.float16).tobytes())
                    sentences.write(each.sentences.astype(np.float16).tobytes())
            progress("embedding", len(versions))
    if not writer.rows:
        raise EmptyCorpus("there is nothing to index; name a source, see: sequitur index build --help")
    return versions


def _write_lexical(work: Path, store: PassageStore, progress: Progress) -> None:
    def texts() -> Iterator[str]:
        titles = {document.id: document.work.title for document in store.documents()}
        done: set[str] = set()
        for row in range(len(store)):
            passage = store.passages(np.array([row]))[0]
            if passage.document_id not in done:
                done.add(passage.document_id)
                progress("lexical index", len(done))
            yield " ".join((titles[passage.document_id], *passage.section, passage.text))

    LexicalIndex.build(texts()).save(work / layout.LEXICAL)


def _write_vocabulary(work: Path, store: PassageStore, progress: Progress) -> None:
    def texts() -> Iterator[str]:
        for done, document in enumerate(store.documents(), start=1):
            progress("vocabulary", done)
            yield f"{document.work.title}\n{document.text}"

    (work / layout.VOCABULARY).write_bytes(build_vocabulary(texts()).to_json())


def _check(work: Path, encoder: EncoderIdentity) -> None:
    """Open what was written: when the last bytes of a file do not reach the disk, FAISS and numpy do not say so."""
    try:
        Snapshot(work, encoder).close()
    except SnapshotDamaged as error:
        raise NotWritten(
            f"what was written to {work.parent} is not whole ({error}); "
            "make room there and build again: what is encoded is kept"
        ) from error


def _keep(work: Path, target: Path, manifest: Manifest) -> Manifest:
    """Give the finished folder its id. The same id is the same content: an intact one is kept."""
    if target.exists():
        try:
            return layout.verify(target)
        except IndexerError:
            os.replace(target, work.with_name(f".damaged-{target.name}"))
    for path in (work, *work.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    os.replace(work, target)
    sync_folder(target.parent)
    return manifest


def _remove_dead_builds(folder: Path) -> None:
    """Remove what killed builds left; called by the only build that runs."""
    for pattern in (".building", ".damaged-*", ".removed-*"):
        for path in folder.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)
