"""Documents → a new snapshot, beside the live one, embedding only what is new."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np

from corpus.errors import DuplicateDocument
from corpus.types import Document
from corpus.vocabulary_build import build_vocabulary
from indexer import snapshot as layout
from indexer.dense import DenseIndex
from indexer.encoder import Encoder, Vectors
from indexer.errors import EmptyCorpus, IndexerError
from indexer.journal import VectorJournal
from indexer.known import KnownVectors
from indexer.lexical import LexicalIndex
from indexer.preparation import Prepared, digest, passage_tokens, prepare
from indexer.snapshot import Manifest, Snapshot
from indexer.store import PassageStore, PassageWriter

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
) -> Manifest:
    """Build, verify and keep a snapshot of the documents; it is not current until activated.

    Vectors of passages that `reuse` already holds are taken over. A killed build leaves only a
    folder that is never opened, and that the next build removes.
    """
    folder = layout.snapshots_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _remove_dead_builds(folder)
        work = folder / ".building"
        work.mkdir()
        try:
            manifest = _write(work, documents, encoder, created, software, reuse, progress)
            layout.verify(work)
            kept = _keep(work, folder / manifest.id, manifest)
            VectorJournal(folder, encoder.identity).remove()
            return kept
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time in a home; the next one waits. The lock goes with the process, however it ends."""
    with (folder / ".building.lock").open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _write(
    work: Path,
    documents: Iterable[Document],
    encoder: Encoder,
    created: str,
    software: str,
    reuse: Snapshot | None,
    progress: Progress,
) -> Manifest:
    tokens = passage_tokens(encoder)
    versions = _write_passages(work, _prepare_all(documents, encoder, tokens), encoder, reuse, progress)
    store = PassageStore(work / layout.PASSAGES)
    try:
        _write_lexical(work, store, progress)
        _write_vocabulary(work, store, progress)
        sentences = (work / layout.SENTENCES).stat().st_size // (2 * encoder.identity.dimension)
        files = layout.files_of(work)
        manifest = Manifest(
            id=layout.snapshot_id(encoder.identity, tokens, versions, files[layout.VOCABULARY].sha256, software),
            created=created,
            software=software,
            layout=layout.LAYOUT,
            encoder=encoder.identity,
            passage_tokens=tokens,
            documents=versions,
            passages=len(store),
            sentences=sentences,
            files=files,
        )
    finally:
        store.close()
    layout.replace_file(work / layout.MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _prepare_all(documents: Iterable[Document], encoder: Encoder, tokens: int) -> Iterator[Prepared]:
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise DuplicateDocument(f"two sources have the id {document.id!r}; leave one of them out")
        seen.add(document.id)
        yield prepare(document, encoder, tokens)


def _write_passages(
    work: Path, prepared: Iterable[Prepared], encoder: Encoder, reuse: Snapshot | None, progress: Progress
) -> dict[str, str]:
    """Passages, their vectors and their sentences' vectors; gives the version of each document."""
    lent = reuse if reuse is not None and reuse.manifest.encoder == encoder.identity else None
    with (
        closing(PassageWriter(work / layout.PASSAGES)) as writer,
        closing(VectorJournal(work.parent, encoder.identity)) as journal,
        (work / layout.SENTENCES).open("wb") as stream,
    ):
        known = KnownVectors(lent, journal)
        versions: dict[str, str] = {}
        blocks: list[Vectors] = []
        for group in _groups(prepared, 8):
            for one, vectors in zip(group, known.encode_documents(group, encoder), strict=True):
                writer.add(one.document, one.passages, [digest(item) for item in one.inputs])
                versions[one.document.id] = one.document.version
                for passage, (vector, own) in zip(one.passages, vectors, strict=True):
                    blocks.append(vector)
                    shared = np.tile(vector, (len(passage.sentences), 1))
                    stream.write((own if len(own) else shared).astype(np.float16).tobytes())
            progress("embedding", len(versions))
    if not blocks:
        raise EmptyCorpus("there is nothing to index; name a source, see: sequitur index build --help")
    DenseIndex.build(np.stack(blocks)).save(work / layout.DENSE)
    return versions


def _groups(prepared: Iterable[Prepared], size: int) -> Iterator[list[Prepared]]:
    remaining = iter(prepared)
    while group := list(islice(remaining, size)):
        yield group


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


def _keep(work: Path, target: Path, manifest: Manifest) -> Manifest:
    """Give the finished folder its id. The same id is the same content: an intact one is kept."""
    if target.exists():
        try:
            return layout.verify(target)
        except IndexerError:
            os.replace(target, work.with_name(f".damaged-{target.name}"))
    for path in work.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    os.replace(work, target)
    layout.sync_folder(target.parent)
    return manifest


def _remove_dead_builds(folder: Path) -> None:
    """Remove what killed builds left; called by the only build that runs."""
    for pattern in (".building", ".damaged-*"):
        for path in folder.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)
