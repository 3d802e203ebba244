"""BibTeX and BibLaTeX bibliographies."""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Entry as BibtexEntry
from bibtexparser.model import ParsingFailedBlock
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerParseError

from corpus.errors import UnreadableSource
from corpus.readers.literature import Entry, Outcome, described, read_each
from corpus.readers.scripts import plain_script
from corpus.readers.text import clean, squeeze
from corpus.types import Author

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it warns of is reported as a Problem
logging.getLogger("pylatexenc").addHandler(logging.NullHandler())

_LATEX = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
# In LaTeX these begin a comment, or mean nothing outside a table; in a bibliography they are what they look like.
_UNESCAPED = re.compile(r"(?<!\\)([%&#])")
_DOLLARS = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_MATHEMATICS = re.compile(r"[\\^_={}<>]")
_SCRIPT = re.compile(r"\\text(super|sub)script\s*\{([^{}]*)\}")

_Block = BibtexEntry | ParsingFailedBlock


def read_bibtex(text: str, name: str) -> Iterator[Outcome]:
    """The works of a BibTeX file, both as references (by their citation keys) and as documents of their abstracts.

    Raises UnreadableSource where there is no entry at all.
    """
    library = parse_string(clean(text))
    blocks: list[_Block] = [*library.entries, *library.failed_blocks]
    if not blocks:
        raise UnreadableSource(f"{name} holds no BibTeX entry; one looks like @article{{key, title = {{...}}}}")
    blocks.sort(key=_line)
    return read_each(((f"line {_line(block)}", block) for block in blocks), _read, name)


def _line(block: _Block) -> int:
    return (block.start_line or 0) + 1


def _read(block: _Block, where: str) -> Entry:
    if isinstance(block, ParsingFailedBlock):
        reason = squeeze(getattr(block.error, "abort_reason", "") or str(block.error))
        raise UnreadableSource(f"{where} is no well-formed entry: {reason}; correct it")
    fields = {field.key.lower(): str(field.value) for field in block.fields}
    return described(
        where,
        key=block.key,
        title=_plain(fields, "title"),
        authors=_authors(fields.get("author", ""), where),
        container=_plain(fields, "shortjournal", "journal", "journaltitle", "booktitle"),
        date=_plain(fields, "year", "date"),
        volume=_plain(fields, "volume"),
        issue=_plain(fields, "number", "issue"),
        pages=re.sub("[-–]+", "-", _plain(fields, "pages")),
        identifiers=(_plain(fields, "doi"), _pmid(fields), _plain(fields, "pmcid")),
        abstract=_plain(fields, "abstract"),
    )


def _plain(fields: Mapping[str, str], *names: str) -> str:
    return next(filter(None, (decoded(fields[name]) for name in names if name in fields)), "")


def decoded(value: str) -> str:
    """A value as one line of plain text: accents and symbols of LaTeX as characters, grouping braces gone."""
    if "\\" in value or "$" in value:
        literal = _DOLLARS.sub(_as_money, _UNESCAPED.sub(r"\\\1", value))
        try:
            value = str(_LATEX.latex_to_text(_SCRIPT.sub(_as_script, literal)))
        except (LatexWalkerParseError, RecursionError, ValueError, IndexError):
            value = value.replace("\\", "")
    return squeeze(clean(value.replace("{", "").replace("}", "").replace("~", " ")))


def _as_money(found: re.Match[str]) -> str:
    """A pair of dollar signs as they are, where neither a command nor a script stands between them."""
    return found[0] if _MATHEMATICS.search(found[1]) else rf"\${found[1]}\$"


def _as_script(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()], found.string[found.end() :]
    return plain_script(before, found[2], "^" if found[1] == "super" else "_", after)


def _authors(written: str, where: str) -> tuple[Author, ...]:
    try:
        return tuple(_author(name) for name in split_multiple_persons_names(written.strip()) if name.strip())
    except ValueError as error:
        raise UnreadableSource(f"{where}: author {squeeze(written)!r} is no list of names ({error})") from error


def _author(name: str) -> Author:
    """A person by the rules of BibTeX; a group stands in braces, and "others" for those left out."""
    if name.strip() == "others":
        return Author("et al.")
    parts = parse_single_name_into_parts(name, strict=False)
    family = decoded(" ".join((*parts.von, *parts.last, *parts.jr)))
    return Author(family, decoded(" ".join(parts.first)))


def _pmid(fields: Mapping[str, str]) -> str:
    if _plain(fields, "eprinttype", "archiveprefix").lower() == "pubmed":
        return _plain(fields, "pmid", "eprint")
    return _plain(fields, "pmid")
