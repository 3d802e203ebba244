"""Documents straight from files, without a catalogue: for what wants all of them or none."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import UnreadableSource
from corpus.readers.formats import Format, read_file, recognise_file
from corpus.sources import SourceFile, files, starter_files
from corpus.types import Document, Problem, Reference


def gather(paths: Sequence[str | Path] | None = None) -> Iterator[Document]:
    """The documents of some files (of the built-in corpus when none are named), articles after the others.

    Articles may cite the works of any of the files. The first problem is an UnreadableSource.
    """
    library: dict[str, Reference] = {}
    articles: list[SourceFile] = []
    for file in files(starter_files() if paths is None else paths):
        if isinstance(file, Problem):
            raise UnreadableSource(file.reason)
        if recognise_file(file) is Format.ARTICLE:
            articles.append(file)
        else:
            yield from _documents(file, library)
    for file in articles:
        yield from _documents(file, library)


def _documents(file: SourceFile, library: dict[str, Reference]) -> Iterator[Document]:
    """The documents of a file; its references go into the library."""
    for record in read_file(file, library):
        if isinstance(record, Problem):
            raise UnreadableSource(record.reason)
        if isinstance(record, Reference):
            library[record.key] = record
        elif isinstance(record, Document):
            yield record
