"""The texts of Evidence Inference as documents, one at a time: `PMC<id>.txt`, in a folder or in a tar archive.

A text is a run of parts, each under a line such as "BODY.METHODS.PATIENTS:" (upstream `preprocess/article_reader.py`).
Parts begin at such a heading wherever it stands: a caption without a line end of its own often runs into it.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from assistant.evaluation.adapters.files import SUFFIXES, content, find
from assistant.evaluation.errors import BadSuite
from corpus.archives import members
from corpus.errors import UnreadableSource
from corpus.readers.text import clean, one_line
from corpus.types import Document, DocumentKind, Section, Work

_FOLDER, _ARCHIVE = "txt_files", "txt.tar"
_NAME = re.compile(r"(PMC[0-9]{1,12})\.txt")
# Capitals up to the last colon; what of a title stood in marks of its own follows it ("NASAL CO:2 puffs").
_HEADING = re.compile(
    r"(?P<root>\ATITLE|ABSTRACT|BODY)"
    r"(?::[ ]*\n|\.(?P<title>(?:[^a-z\n:]{0,300}\n)?[^a-z\n]{0,300}):(?:(?P<rest>[^\n]{0,200})\n)?)"
)


def article_files(path: Path) -> tuple[Path, ...]:
    """The files that hold the texts beside the tables: one archive, or one file an article."""
    if archive := find(path, _ARCHIVE):
        return (archive,)
    folder = path / _FOLDER
    texts = sorted(file for file in folder.glob("PMC*.txt") if _NAME.fullmatch(file.name))
    if not texts:
        raise BadSuite(f"{path} holds no texts ({_FOLDER}/PMC….txt, or {_ARCHIVE} with one of {SUFFIXES[1:]})")
    return tuple(texts)


def article_ids(files: tuple[Path, ...]) -> set[str]:
    """The ids of the articles that there is a text of."""
    return {name for name, _ in _texts(files, read=False)}


def article_documents(files: tuple[Path, ...]) -> Iterator[Document]:
    """A document for each text; memory is that of one."""
    for name, data in _texts(files, read=True):
        try:
            yield read_text(name, data.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadSuite(f"{files[0].parent}: {name}.txt is not UTF-8 text ({error.reason})") from error


def read_text(article: str, text: str) -> Document:
    """A text as a document: headings become section paths, parts without text are left out."""
    title, whole, sections = "", "", list[Section]()
    for place, part in _parts(text):
        if place["root"] == "TITLE":
            # An abstract without a heading follows the title after a blank line.
            first, _, part = part.strip().partition("\n\n")
            title = one_line(first)
        if blocks := _blocks(part):
            start = len(whole) + 2 * bool(whole)
            whole = f"{whole}\n\n{blocks}" if whole else blocks
            sections.append(Section(_path(place), start, len(whole)))
    if not sections:
        raise BadSuite(f"{article}.txt holds no text under a heading such as BODY.METHODS:; check the file")
    work = Work(title, pmcid=article)
    return Document(article, DocumentKind.LITERATURE, work, whole, tuple(sections))


def _parts(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each heading, and the text under it."""
    places = list(_HEADING.finditer(text))
    ends = [*(place.start() for place in places[1:]), len(text)]
    yield from ((place, text[place.end() : end]) for place, end in zip(places, ends, strict=False))


def _path(place: re.Match[str]) -> tuple[str, ...]:
    """The section path of a heading. Points also end numbers ("2.1. SETTING"), so a title is not split at them."""
    title = one_line(f"{place['title'] or ''}{place['rest'] or ''}")
    return (*(() if place["root"] == "BODY" else ("Abstract",)), *((title,) if title else ()))


def _blocks(part: str) -> str:
    """A part as blocks, one a paragraph."""
    return "\n\n".join(block for line in clean(part).split("\n") if (block := line.strip()))


def _texts(files: tuple[Path, ...], read: bool) -> Iterator[tuple[str, bytes]]:
    """Article id and content (empty unless `read`) of each text."""
    if len(files) > 1 or _NAME.fullmatch(files[0].name):
        for file in files:
            yield file.stem, content(file) if read else b""
    else:
        yield from _members(files[0], read)


def _members(archive: Path, read: bool) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    try:
        for name, data in members(archive, read):
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise BadSuite(f"{archive}: the member {name!r} names a place outside the archive; do not use it")
            found = _NAME.fullmatch(path.name)
            if found is None:
                continue
            if found[1] in seen or data is None:
                fault = "stands twice in it" if found[1] in seen else "is larger than any article"
                raise BadSuite(f"{archive}: the member {name} {fault}; fetch it again")
            seen.add(found[1])
            yield found[1], data
    except UnreadableSource as error:
        raise BadSuite(str(error)) from error
