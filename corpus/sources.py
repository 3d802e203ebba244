"""Where documents come from: the built-in corpus, folders of articles, literature files, JATS archives.

A source knows how many documents it holds before reading them, so that progress can be shown.
"""

import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from corpus.errors import DuplicateDocument, UnreadableSource
from corpus.readers.article import read_article
from corpus.readers.csl import read_csl
from corpus.readers.jats import read_jats
from corpus.readers.retractions import read_retractions, with_source_status
from corpus.types import Document, Reference, SourceStatus

STARTER = Path(__file__).parent
"""The room itself holds the built-in corpus: articles/*.md and references.json."""


class Source(Protocol):
    """Some documents, counted before they are read."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Document]: ...


@dataclass(frozen=True, slots=True)
class Literature:
    """CSL-JSON files: the documents they hold, and the library that articles may cite."""

    library: Mapping[str, Reference]
    documents: tuple[Document, ...]

    @classmethod
    def read(cls, paths: Sequence[Path]) -> "Literature":
        library: dict[str, Reference] = {}
        documents: list[Document] = []
        for path in paths:
            references, found = read_csl(read_text(path), str(path))
            for reference in references:
                if reference.key in library:
                    raise DuplicateDocument(f"{path}: key {reference.key!r} is already in another literature file")
                library[reference.key] = reference
            documents.extend(found)
        return cls(library, tuple(documents))

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)


@dataclass(frozen=True, slots=True)
class Articles:
    """A folder of article Markdown, citing keys of a library."""

    paths: tuple[Path, ...]
    library: Mapping[str, Reference]

    @classmethod
    def folder(cls, folder: Path, library: Mapping[str, Reference]) -> "Articles":
        if not folder.is_dir():
            raise UnreadableSource(f"no folder of articles at {folder}; name one that holds *.md files")
        return cls(tuple(sorted(folder.glob("*.md"))), library)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Document]:
        for path in self.paths:
            yield read_article(read_text(path), str(path), self.library)


class Jats:
    """JATS full texts: a folder of *.nxml or *.xml, a single file, or a tar archive (also .tar.zst)."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise UnreadableSource(f"nothing at {path}; name a JATS file, a folder of them, or a tar archive")
        self._path = path
        self._count = sum(1 for _ in self.members(read=False))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Document]:
        for name, data in self.members(read=True):
            yield read_jats(data, name)

    def members(self, read: bool) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file (empty content unless `read`)."""
        if self._path.is_dir():
            paths = sorted(path for pattern in ("*.nxml", "*.xml") for path in self._path.glob(pattern))
        elif self._path.name.endswith((".nxml", ".xml")):
            paths = [self._path]
        else:
            yield from _tar_members(self._path, read)
            return
        for path in paths:
            yield str(path), path.read_bytes() if read else b""


def _tar_members(path: Path, read: bool) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as raw, _open_tar(raw, path.suffix == ".zst") as archive:
            for member in archive:
                if member.isfile() and member.name.endswith((".nxml", ".xml")):
                    stream = archive.extractfile(member) if read else None
                    yield f"{path.name}:{member.name}", stream.read() if stream else b""
    except (tarfile.TarError, zstandard.ZstdError, EOFError, OSError) as error:
        raise UnreadableSource(f"{path} is not a readable tar archive: {error}") from error


def _open_tar(raw: BinaryIO, zstd: bool) -> tarfile.TarFile:
    if zstd:
        return tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(raw), mode="r|")
    return tarfile.open(fileobj=raw, mode="r|*")


@dataclass(frozen=True, slots=True)
class WithSourceStatus:
    """Another source, each document marked with what became of it (retracted, of concern)."""

    source: Source
    statuses: Mapping[str, SourceStatus]

    def __len__(self) -> int:
        return len(self.source)

    def __iter__(self) -> Iterator[Document]:
        return (with_source_status(document, self.statuses) for document in self.source)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Several sources, one after the other."""

    sources: tuple[Source, ...]

    def __len__(self) -> int:
        return sum(len(source) for source in self.sources)

    def __iter__(self) -> Iterator[Document]:
        for source in self.sources:
            yield from source


def gather(
    *,
    starter: bool = True,
    articles: Sequence[Path] = (),
    literature: Sequence[Path] = (),
    jats: Sequence[Path] = (),
    retractions: Sequence[Path] = (),
) -> Corpus:
    """The corpus that an operator names; errors name the file."""
    works = Literature.read([*([STARTER / "references.json"] if starter else []), *literature])
    folders = [*([STARTER / "articles"] if starter else []), *articles]
    sources: list[Source] = [Articles.folder(folder, works.library) for folder in folders]
    sources += [works, *(Jats(path) for path in jats)]
    if retractions:
        statuses = {doi: s for path in retractions for doi, s in read_retractions(read_text(path), str(path)).items()}
        sources = [WithSourceStatus(source, statuses) for source in sources]
    return Corpus(tuple(sources))


def read_text(path: Path) -> str:
    """A UTF-8 text file; UnreadableSource names it."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"{path} cannot be read as UTF-8 text: {error}") from error
