"""Which format a file is in, and the reader for it: one place where every format is listed."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from corpus.errors import CorpusError
from corpus.readers.article import read_article
from corpus.readers.bibtex import read_bibtex
from corpus.readers.csl import each_csl
from corpus.readers.html import read_html
from corpus.readers.jats import read_jats
from corpus.readers.literature import as_records
from corpus.readers.medline import ROOTS, read_medline
from corpus.readers.pdf import read_pdf
from corpus.readers.ris import read_ris
from corpus.sources import SourceFile
from corpus.types import Problem, Record, Reference


class Format(StrEnum):
    """The kinds of file that can be read."""

    ARTICLE = "article"
    JATS = "jats"
    MEDLINE = "medline"
    PDF = "pdf"
    HTML = "html"
    CSL_JSON = "csl-json"
    RIS = "ris"
    BIBTEX = "bibtex"


HEAD = 8192
"""Bytes of a file by which its format is recognised: a document type declaration and comments may come first."""

_BY_SUFFIX = {
    ".md": Format.ARTICLE,
    ".markdown": Format.ARTICLE,
    ".nxml": Format.JATS,
    ".pdf": Format.PDF,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".json": Format.CSL_JSON,
    ".ris": Format.RIS,
    ".bib": Format.BIBTEX,
}
_BY_ROOT = {"article": Format.JATS, "html": Format.HTML} | dict.fromkeys(ROOTS, Format.MEDLINE)
_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*(?=>))*>)", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]")
# By content: each is how files of the format begin, and those of no other.
_BY_BEGINNING = (
    (Format.ARTICLE, re.compile(r"\s*---[ ]*\n(?=(?:.*\n)*?(?:id|title|topic|status|updated):)")),
    (Format.CSL_JSON, re.compile(r"\s*\[\s*(?:\]|\{)")),
    (Format.RIS, re.compile(r"\s*TY  ?- ")),
    (Format.BIBTEX, re.compile(r"(?:\s|%.*\n)*@\s*[A-Za-z]+\s*[{(]")),
    (Format.HTML, re.compile(r"\s*<(?:!DOCTYPE\s+)?html[\s>]", re.IGNORECASE)),
)
_PDF = b"%PDF-"
_WITHIN = 1024  # bytes: PDF readers accept that many before the header (ISO 32000-1, Annex H, implementation note 13)


def recognise(name: str, head: bytes) -> Format | None:
    """The format of a file by how its (decompressed) content begins, else by its name; None for neither."""
    if _PDF in head[:_WITHIN]:
        return Format.PDF
    beginning = _decoded(head)
    for format, pattern in _BY_BEGINNING:
        if pattern.match(beginning):
            return format
    named = _BY_SUFFIX.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix)
    if root := _root(beginning):  # of XML, or a part of a page
        return _BY_ROOT.get(root, Format.HTML if named is Format.HTML else None)
    return named


def recognise_file(file: SourceFile) -> Format | Problem:
    """The format of a file, or why it cannot be read."""
    try:
        with file.open() as stream:
            format = recognise(file.name, stream.read(HEAD))
    except (OSError, EOFError, zlib.error) as error:
        return _unreadable(file, error)
    known = ", ".join(Format)
    return format or Problem(file.name, "", f"neither its content nor its name is of a format known here ({known})")


def read_file(file: SourceFile, library: Mapping[str, Reference]) -> Iterator[Record]:
    """What a file holds, in its order; `library` has the works that articles may cite, by key.

    What cannot be read is a Problem, and nothing here raises for what a file contains.
    """
    format = recognise_file(file)
    if isinstance(format, Problem):
        yield format
        return
    try:
        yield from READERS[format](file, library)
    except CorpusError as error:
        yield Problem(file.name, "", str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield _unreadable(file, error)


def _article(file: SourceFile, library: Mapping[str, Reference]) -> Iterator[Record]:
    yield read_article(file.text(), file.name, library)


def _jats(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield read_jats(file.read(), file.name)


def _medline(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    with file.open() as stream:
        yield from read_medline(stream, file.name)


def _pdf(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield read_pdf(file.read(), file.name, _stem(file.name))


def _html(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield read_html(file.read(), file.name, _stem(file.name))


def _csl(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield from as_records(each_csl(file.text(), file.name), file.name)


def _ris(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield from as_records(read_ris(file.text(), file.name), file.name)


def _bibtex(file: SourceFile, _: Mapping[str, Reference]) -> Iterator[Record]:
    yield from as_records(read_bibtex(file.text(), file.name), file.name)


READERS: Mapping[Format, Callable[[SourceFile, Mapping[str, Reference]], Iterator[Record]]] = {
    Format.ARTICLE: _article,
    Format.JATS: _jats,
    Format.MEDLINE: _medline,
    Format.PDF: _pdf,
    Format.HTML: _html,
    Format.CSL_JSON: _csl,
    Format.RIS: _ris,
    Format.BIBTEX: _bibtex,
}


def _decoded(head: bytes) -> str:
    """The beginning of a text file, as far as recognising it asks for."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _root(beginning: str) -> str:
    """The name of the first element, without its prefix, of what looks like XML; "" for what does not."""
    while before := _BEFORE_ROOT.match(beginning):
        beginning = beginning[before.end() :]
    found = _ROOT.match(beginning)
    return found[1] if found else ""


def _stem(name: str) -> str:
    """The name of a file without folders, archive and suffixes."""
    last = PurePosixPath(name.rpartition(":")[2]).name
    return PurePosixPath(last.removesuffix(".gz")).stem or last


def _unreadable(file: SourceFile, error: Exception) -> Problem:
    return Problem(file.name, "", f"{file.name} cannot be read: {error}; check the file or fetch it again")
