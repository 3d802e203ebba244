"""RIS bibliographies (EndNote, Zotero, Web of Science, publishers' "export citation")."""

import re
from collections.abc import Iterator, Mapping

import rispy

from corpus.errors import UnreadableSource
from corpus.readers.jats_references import page_range
from corpus.readers.literature import Entry, Outcome, described, named, numbered, read_each
from corpus.readers.text import clean, squeeze
from corpus.types import Author

_BEGINNING = re.compile(r"^(?=TY  ?- )", re.MULTILINE)
_TAGGED = re.compile(r"[A-Z][A-Z0-9]  ?-")
_OF_PUBMED = re.compile(r"pubmed|medline|nlm", re.IGNORECASE)
_PUBMED_PAGE = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov|/)/?(\d{1,10})\b|ncbi\.nlm\.nih\.gov/pubmed/(\d{1,10})\b")


def read_ris(text: str, name: str) -> Iterator[Outcome]:
    """The works of a RIS file, both as references (by their `ID`) and as documents of their abstracts.

    Lines before the first record (the name of the provider, often) are passed over; a record without its `ER` line
    ends where the next begins. Raises UnreadableSource where no record begins.
    """
    _, *records = _BEGINNING.split(clean(text))
    if not records:
        raise UnreadableSource(f"{name} is not RIS: no record begins with a line such as 'TY  - JOUR'")
    return read_each(numbered(records), _read, name)


def _read(record: str, where: str) -> Entry:
    fields = _fields(record)
    abstract = _first(fields, "abstract", "notes_abstract")
    return described(
        where,
        key=_first(fields, "id", "label"),
        title=_first(fields, "title", "primary_title"),
        authors=_authors(fields),
        container=_first(fields, "alternate_title2", "journal_name", "alternate_title3", "secondary_title"),
        date=_first(fields, "year", "publication_year", "date"),
        volume=_first(fields, "volume"),
        issue=_first(fields, "number"),
        pages=_pages(fields),
        identifiers=(_doi(fields), _pmid(fields), _pmcid(fields)),
        abstract=abstract,
    )


def _fields(record: str) -> Mapping[str, list[str]]:
    """The fields of one record by rispy's names; a line without a tag goes on from the one before it."""
    lines: list[str] = []
    for line in map(str.rstrip, record.splitlines()):
        if _TAGGED.match(line):
            lines.append(f"{line[:2]}  - {line.partition('-')[2].strip()}")
        elif lines and line:
            lines[-1] += f" {line.strip()}"
    body = [line for line in lines if not line.startswith("ER")]
    (parsed,) = rispy.loads("\n".join([*body, "ER  - "]), skip_unknown_tags=True, enforce_list_tags=False)
    return {name: [squeeze(one) for one in (value if isinstance(value, list) else [value])]
            for name, value in parsed.items()}  # fmt: skip


def _first(fields: Mapping[str, list[str]], *names: str) -> str:
    return next((value for name in names for value in fields.get(name, ()) if value), "")


def _authors(fields: Mapping[str, list[str]]) -> tuple[Author, ...]:
    written = fields.get("authors") or fields.get("first_authors") or ()
    return tuple(named(one) for one in written if one.strip(" ,"))


def _pages(fields: Mapping[str, list[str]]) -> str:
    return page_range(_first(fields, "start_page"), _first(fields, "end_page"))


def _doi(fields: Mapping[str, list[str]]) -> str:
    """The DOI given as such, or else as a link to the resolver."""
    links = (link for link in fields.get("urls", ()) if "doi.org/" in link.lower())
    return _first(fields, "doi") or next(links, "")


def _pmid(fields: Mapping[str, list[str]]) -> str:
    """The accession number of a record that names PubMed as its database, or the PMID in a link to PubMed."""
    if _OF_PUBMED.search(f"{_first(fields, 'name_of_database')} {_first(fields, 'database_provider')}"):
        return _first(fields, "accession_number")
    found = (_PUBMED_PAGE.search(link) for link in fields.get("urls", ()))
    return next((match[1] or match[2] for match in found if match), "")


def _pmcid(fields: Mapping[str, list[str]]) -> str:
    return next((one for one in fields.get("custom2", ()) if one.upper().startswith("PMC")), "")
