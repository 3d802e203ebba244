"""CSL-JSON literature with our own fields: evidence type, key findings, review status."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from corpus.errors import CorpusError, MissingField, UnreadableSource
from corpus.readers.assembly import Assembly, Block, Inline, assemble
from corpus.readers.identifiers import doi_in, identify, pmid_in
from corpus.readers.literature import Outcome, numbered, read_each
from corpus.readers.text import clean, squeeze
from corpus.types import (
    Author,
    Document,
    DocumentKind,
    EvidenceType,
    Reference,
    ReviewStatus,
    SourceStatus,
    Work,
)

FINDINGS = ("Key findings",)
_Vocabulary = TypeVar("_Vocabulary", bound=StrEnum)


def read_csl(text: str, name: str) -> tuple[tuple[Reference, ...], tuple[Document, ...]]:
    """The works of a CSL-JSON list, both as references (by their `id`) and as documents of their findings.

    Raises UnreadableSource (not a JSON list of objects), MissingField, DuplicateDocument; each names the record.
    """
    references: list[Reference] = []
    documents: list[Document] = []
    for _, outcome in each_csl(text, name):
        if isinstance(outcome, CorpusError):
            raise outcome
        references.append(outcome[0])
        documents.append(outcome[1])
    return tuple(references), tuple(documents)


def each_csl(text: str, name: str) -> Iterator[Outcome]:
    """The same, record by record, so that one which cannot be read does not stop the others.

    Raises UnreadableSource for what is not a JSON list of objects.
    """
    return read_each(numbered(_records(text, name)), _read_record, name)


def _records(text: str, name: str) -> list[Mapping[str, Any]]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"{name} is not JSON: {error}; it should hold a CSL-JSON list") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableSource(f"{name} is not a CSL-JSON list: it should be [ {{...}}, ... ] with one object a work")
    return records


def _read_record(record: Mapping[str, Any], where: str) -> tuple[Reference, Document]:
    key = _required(record, "id", where)
    where = f"{where} ({key})"
    doi, pmid = doi_in(_text(record, "DOI")), pmid_in(_text(record, "PMID"))
    work = Work(
        title=_required(record, "title", where),
        authors=_authors(record.get("author")),
        container=_text(record, "container-title"),
        year=_year(record.get("issued")),
        volume=_text(record, "volume"),
        issue=_text(record, "issue"),
        pages=_text(record, "page"),
        doi=doi,
        pmid=pmid,
        url=_url(doi, pmid),
        evidence_type=_chosen(record, "evidence_type", EvidenceType, EvidenceType.OTHER, where),
    )
    # The PMCID has no part in the id: it is given to a work by its full text, which this record is not.
    status = _chosen(record, "source_status", SourceStatus, SourceStatus.CURRENT, where)
    reference = Reference(key, identify(doi, pmid, "", key), work, status)
    content = _findings(record.get("key_findings"), _text(record, "abstract"), work.title, where)
    return reference, Document(
        id=reference.document_id,
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        review_status=_chosen(record, "review_status", ReviewStatus, ReviewStatus.SUBMITTED, where),
        source_status=status,
    )


def _findings(findings: object, abstract: str, title: str, where: str) -> Assembly:
    """The findings, a block each; without them the abstract, else the title, so that the work can be found."""
    if findings is not None and not isinstance(findings, list):
        raise MissingField(f'{where}: key_findings should be a list of sentences, ["...", "..."]')
    written = [squeeze(clean(str(finding))) for finding in findings or ()]
    if any(written):
        return assemble(Block(FINDINGS, Inline(finding)) for finding in written)
    return assemble([Block(("Abstract",), Inline(abstract)) if abstract else Block(("Title",), Inline(title))])


def _text(record: Mapping[str, Any], field: str) -> str:
    """A field as one line of text; CSL allows numbers where it means text."""
    value = record.get(field)
    return squeeze(clean(str(value))) if isinstance(value, str | int | float) else ""


def _required(record: Mapping[str, Any], field: str, where: str) -> str:
    value = _text(record, field)
    if not value:
        raise MissingField(f"{where} has no {field}; add it")
    return value


def _chosen(
    record: Mapping[str, Any], field: str, vocabulary: type[_Vocabulary], default: _Vocabulary, where: str
) -> _Vocabulary:
    value = _text(record, field)
    if not value:
        return default
    if value not in [str(allowed) for allowed in vocabulary]:
        raise MissingField(f"{where}: {field} {value!r} is unknown; use one of {', '.join(vocabulary)}")
    return vocabulary(value)


def _authors(people: object) -> tuple[Author, ...]:
    return tuple(_named(person) for person in people if isinstance(person, dict)) if isinstance(people, list) else ()


def _named(person: Mapping[str, Any]) -> Author:
    particle, family = _text(person, "non-dropping-particle"), _text(person, "family")
    if not family:
        return Author(_text(person, "literal") or _text(person, "given"))
    return Author(" ".join(_filled(particle, family, _text(person, "suffix"))), _text(person, "given"))


def _filled(*parts: str) -> Iterable[str]:
    return (part for part in parts if part)


def _year(issued: object) -> int | None:
    """The year of a CSL date, from `date-parts` or else from the first four digits of `raw` or `literal`."""
    if not isinstance(issued, dict):
        return None
    try:
        return int(issued["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        written = _text(issued, "raw") or _text(issued, "literal")
        return int(written[:4]) if written[:4].isdecimal() and len(written) >= 4 else None


def _url(doi: str, pmid: str) -> str:
    if pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return f"https://doi.org/{doi}" if doi else ""
