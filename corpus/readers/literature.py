"""Works out of bibliographies (CSL-JSON, RIS, BibTeX): each is a reference, by its key, and a document."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from corpus.errors import CorpusError, DuplicateDocument, MissingField
from corpus.readers.assembly import Block, Inline, assemble
from corpus.readers.identifiers import doi_in, identify, pmcid_in, pmid_in
from corpus.readers.jats_design import named_design
from corpus.readers.jats_references import is_marked_retracted, work_url, year_in
from corpus.readers.text import squeeze
from corpus.types import Author, Document, DocumentKind, EvidenceType, Problem, Record, Reference, SourceStatus, Work

Entry = tuple[Reference, Document]
Outcome = tuple[str, Entry | CorpusError]
"""Where a record stands in its file, and what it gives or why it gives nothing."""
_Raw = TypeVar("_Raw")


def read_each(records: Iterable[tuple[str, _Raw]], read: Callable[[_Raw, str], Entry], name: str) -> Iterator[Outcome]:
    """Each record, given with its place, read on its own; a second one of the same key or document is an error."""
    keys: set[str] = set()
    ids: set[str] = set()
    for place, record in records:
        where = f"{name}: {place}"
        try:
            reference, document = read(record, where)
            if reference.key in keys:
                raise DuplicateDocument(f"{where}: id {reference.key!r} is already taken; give every record its own")
            if document.id in ids:
                raise DuplicateDocument(f"{where} ({reference.key}): {document.id} is already there; keep one record")
        except CorpusError as error:
            yield place, error
            continue
        keys.add(reference.key)
        ids.add(document.id)
        yield place, (reference, document)


def as_records(outcomes: Iterable[Outcome], name: str) -> Iterator[Record]:
    """Reference and document of each entry, and a Problem for each error."""
    for place, outcome in outcomes:
        if isinstance(outcome, CorpusError):
            yield Problem(name, place, str(outcome))
        else:
            yield from outcome


def numbered(records: Iterable[_Raw]) -> Iterator[tuple[str, _Raw]]:
    """Records with their places, "record 1" and so on."""
    return ((f"record {position}", record) for position, record in enumerate(records, start=1))


def described(
    where: str,
    *,
    key: str,
    title: str,
    authors: Iterable[Author] = (),
    container: str = "",
    date: str = "",
    volume: str = "",
    issue: str = "",
    pages: str = "",
    identifiers: tuple[str, str, str] = ("", "", ""),
    abstract: str = "",
) -> Entry:
    """A work as RIS and BibTeX describe it, with its abstract (else its title) as text.

    `identifiers` are DOI, PMID and PMCID as written. A record without a key is cited by its document id. The PMCID
    has no part in that: it is given to a work by its full text, which no bibliography holds.
    """
    doi, pmid, pmcid = doi_in(identifiers[0]), pmid_in(identifiers[1]), pmcid_in(identifiers[2])
    document_id = identify(doi, pmid, "", key)
    if not title or not document_id:
        missing = "title" if document_id else "key, DOI or PMID"
        raise MissingField(f"{where} has no {missing}; it cannot be cited without it")
    evidence_type = named_design(title, abstract) if abstract else EvidenceType.OTHER
    work = Work(title.rstrip("."), tuple(authors), container, year_in(date), volume, issue, pages, doi, pmid, pmcid,
                work_url(doi, pmid, pmcid), evidence_type)  # fmt: skip
    status = SourceStatus.RETRACTED if is_marked_retracted(title) else SourceStatus.CURRENT
    path, text = (("Abstract",), abstract) if abstract else (("Title",), work.title)
    content = assemble([Block(path, Inline(text))])
    return Reference(key or document_id, document_id, work, status), Document(
        id=document_id,
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        source_status=status,
    )


def named(written: str) -> Author:
    """A name as "Family, Given" or "Family, Given, Suffix"; one without a comma is kept whole, being often a group."""
    parts = [squeeze(part) for part in written.split(",")]
    family, given, suffix = (*parts, "", "")[:3]
    return Author(squeeze(f"{family} {suffix}"), given)
