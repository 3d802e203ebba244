"""Lists of retracted papers (Retraction Watch, as tab-separated text), and documents marked by them."""

from collections.abc import Mapping
from dataclasses import replace

from corpus.errors import MissingField
from corpus.readers.identifiers import doi_in
from corpus.readers.text import clean
from corpus.types import Document, SourceStatus

_STATUSES = {str(status): status for status in (SourceStatus.RETRACTED, SourceStatus.EXPRESSION_OF_CONCERN)}
# From the least to the most serious. A list knows of retractions only, so it may raise a status, never lower it.
_GRAVITY = tuple(SourceStatus)


def read_retractions(text: str, name: str) -> dict[str, SourceStatus]:
    """The status of each DOI (lower case) of a TSV with the columns `doi` and `status`; others are ignored.

    Raises MissingField for a missing column, an unknown status (with its line) and a line without a DOI.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    header = [column.strip().lower() for column in (lines[0] if lines else "").split("\t")]
    if "doi" not in header or "status" not in header:
        raise MissingField(f"{name}: the first line should name the columns doi and status, separated by tabs")
    statuses: dict[str, SourceStatus] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            fields = dict(zip(header, line.split("\t"), strict=False))
            doi, status = _read(fields, f"{name}: line {number}")
            statuses[doi] = max(status, statuses.get(doi, status), key=_GRAVITY.index)
    return statuses


def _read(fields: Mapping[str, str], where: str) -> tuple[str, SourceStatus]:
    doi = doi_in(clean(fields.get("doi", ""))).lower()
    written = clean(fields.get("status", "")).strip().lower()
    if not doi:
        raise MissingField(f"{where} has no DOI; write it as 10.1000/xyz or remove the line")
    if written not in _STATUSES:
        raise MissingField(f"{where}: status {written!r} is unknown; use one of {', '.join(_STATUSES)}")
    return doi, _STATUSES[written]


def with_source_status(document: Document, statuses: Mapping[str, SourceStatus]) -> Document:
    """The document, and the works it cites, with the status the list gives their DOI where that is graver."""
    references = tuple(
        replace(reference, source_status=_graver(reference.work.doi, reference.source_status, statuses))
        for reference in document.references
    )
    status = _graver(document.work.doi, document.source_status, statuses)
    return replace(document, source_status=status, references=references)


def _graver(doi: str, known: SourceStatus, statuses: Mapping[str, SourceStatus]) -> SourceStatus:
    return max(known, statuses.get(doi.lower(), known) if doi else known, key=_GRAVITY.index)
