"""PDF documents, by pypdf: text with the page that each part of it stands on."""

import logging
import re
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import takewhile
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from corpus.errors import HostileSource, UnreadableSource
from corpus.readers.assembly import BLOCK_SEPARATOR, Block, Inline, assemble
from corpus.readers.identifiers import doi_in, identify
from corpus.readers.jats_design import named_design
from corpus.readers.jats_references import is_marked_retracted, work_url
from corpus.readers.literature import named
from corpus.readers.pdf_flow import Pages, Paragraph, body_size, paragraphs, without_running_heads
from corpus.readers.pdf_lines import Line, read_lines
from corpus.readers.text import clean, squeeze
from corpus.types import Author, Document, DocumentKind, SourceStatus, Work

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it warns of is repaired, or an error of ours

_BROKEN = (PyPdfError, DependencyError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError,
           AssertionError, NotImplementedError, RecursionError, OSError, EOFError, zlib.error)  # fmt: skip
"""What pypdf lets through on broken files ("might cause other Exceptions", its own errors module says)."""

_MOST_PAGES, _MOST_TEXT = 5_000, 50_000_000  # far above any book, so that a small file cannot ask for days
_NO_TITLE = re.compile(r"(?i)untitled|microsoft word|powerpoint|\.(?:docx?|pdf|indd|tex|qxd|rtf|dvi)\b|^\W*$")
_YEAR = re.compile(r"(?:©|\(c\)|copyright|published).{0,40}?\b((?:19|20)\d\d)\b", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_CUT = re.compile(r"(?<=[/._-])\n(?!https?:|doi|10\.)(?=[a-z0-9])")
_TITLE_SIZE = 1.15  # of the body's


def read_pdf(data: bytes, name: str, stem: str) -> Document:
    """The document of a PDF. Its id is the DOI on its first page, else `stem`, the name of its file.

    Left out: running heads and feet, and the list of references.
    Raises UnreadableSource (encrypted, damaged, or pictures of pages only), HostileSource; each names the file.
    """
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSource(f"{name} is encrypted; save it without a password")
        info = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
        pages = [read_lines(page) for page in _bounded(reader, name)]
    except _BROKEN as error:
        raise UnreadableSource(f"{name} is damaged, encrypted or no PDF ({error}); fetch it again") from error
    if sum(len(line.text) for page in pages for line in page) > _MOST_TEXT:
        raise HostileSource(f"{name} unfolds to more than {_MOST_TEXT:,} characters; split it")
    if not any(map(str.isalpha, (c for page in pages for line in page for c in line.text))):
        raise UnreadableSource(f"{name} holds no text, only pictures of its pages; run OCR over it first")
    return _document(without_running_heads(pages), pages[0], info, stem)


def _bounded(reader: PdfReader, name: str) -> Iterator[Any]:
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES:
            raise HostileSource(f"{name} has more than {_MOST_PAGES:,} pages; split it")
        yield page


def _document(pages: list[list[Line]], first: Sequence[Line], info: dict[str, str], stem: str) -> Document:
    set_title = _set_title(pages)
    title = _info_title(info) or squeeze(" ".join(line.text for line in set_title)) or stem
    kept = [[line for line in pages[0] if line not in set_title], *pages[1:]]
    found = list(paragraphs(kept))
    content = assemble(Block(one.path, Inline(one.text)) for one in found)
    doi = _doi(info, first)
    year = _YEAR.search(" ".join(line.text for line in first))
    work = Work(
        title=title.rstrip("."),
        authors=_authors(info.get("/Author", "")),
        year=int(year[1]) if year else None,
        doi=doi,
        url=work_url(doi, "", ""),
        evidence_type=named_design(title, " ".join(one.text for one in found if one.page == 1)),
    )
    return Document(
        id=identify(doi, "", "", "") or f"FILE:{stem}",
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        source_status=SourceStatus.RETRACTED if is_marked_retracted(work.title) else SourceStatus.CURRENT,
        page_starts=_page_starts(found, len(pages), len(content.text)),
    )


def _page_starts(found: Sequence[Paragraph], count: int, end: int) -> tuple[int, ...]:
    """Where each page begins; one without text begins where the next does."""
    starts: dict[int, int] = {}
    start = 0
    for one in found:
        starts.setdefault(one.page, start)
        for page, position in one.further_pages:
            starts.setdefault(page, start + position)
        start += len(one.text) + len(BLOCK_SEPARATOR)
    following = end
    filled = [following := starts.get(page, following) for page in range(count, 0, -1)]
    return (0, *filled[::-1][1:])


def _info_title(info: dict[str, str]) -> str:
    """The title in the file's properties, where somebody wrote one."""
    title = squeeze(clean(info.get("/Title", "")))
    return "" if _NO_TITLE.search(title) or " " not in title else title


def _set_title(pages: Pages) -> list[Line]:
    """The lines of the first page that are set largest, as far as they follow each other."""
    body, page = body_size(pages), pages[0]
    largest = max((line.size for line in page if len(line.text) > 3), default=0.0)
    if largest < _TITLE_SIZE * body:
        return []
    start = next(number for number, line in enumerate(page) if line.size == largest and len(line.text) > 3)
    return list(takewhile(lambda line: abs(line.size - largest) < 0.05 * largest, page[start:]))


def _authors(written: str) -> tuple[Author, ...]:
    """The authors in the file's properties; a single word there is the name of an account, not of a person."""
    text = squeeze(clean(written))
    several = text.split(";") if ";" in text else re.split(r",\s+|\s+and\s+", text)
    if ";" not in text and not all(" " in one.strip() for one in several):
        several = [text] if "," in text else []
    return tuple(named(one) for one in several if one.strip(" ,"))


def _doi(info: dict[str, str], first: Sequence[Line]) -> str:
    """The DOI in the file's properties, else the one on its first page; none where it shows several.

    One that a line end cuts (after "/", "-", "_", or a full stop that ends no sentence) is put together again.
    """
    own = next(filter(None, (_doi_of(value) for key, value in info.items() if "doi" in (key + value).lower())), "")
    lines = "\n".join(line.text for line in first)
    shown = {_doi_of(found).lower(): _doi_of(found) for found in _DOI.findall(_CUT.sub("", lines))}
    return own or (next(iter(shown.values())) if len(shown) == 1 else "")


def _doi_of(text: str) -> str:
    """A DOI without the bracket or quotation mark that closes after it."""
    doi = doi_in(text).rstrip("'\"”’")
    for opening, closing in ("()", "[]"):
        while doi.endswith(closing) and doi.count(opening) < doi.count(closing):
            doi = doi[:-1].rstrip(".,;")
    return doi
