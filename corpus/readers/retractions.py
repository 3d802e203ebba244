"""Lists of notices: the Retraction Watch database (CSV), and lists of DOIs with a status (tab-separated)."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from io import StringIO

from corpus.errors import MissingField, UnreadableSource
from corpus.notice_kinds import NOTICE_KINDS, kind_in, reason_of
from corpus.readers.identifiers import doi_in, pmid_in
from corpus.readers.text import clean, squeeze
from corpus.types import Notice, Problem, SourceStatus

_WATCH = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")
"""The columns by which the Retraction Watch database is recognised, and which it cannot do without."""
_LIST = ("doi", "status")
_USED = frozenset((*_WATCH, "Record ID", "RetractionDOI", "RetractionPubMedID", "Reason"))
_USED_OF_LIST = frozenset((*_LIST, "pmid", "date", "notice_doi", "notice_pmid"))
_LISTED = {
    str(status): status
    for status in (
        SourceStatus.RETRACTED,
        SourceStatus.EXPRESSION_OF_CONCERN,
        SourceStatus.CORRECTED,
        SourceStatus.ERRATUM,
    )
}
_SEVERAL_DOIS = re.compile(r";\s*(?=(?:https?://\S*?)?10\.\d{4,9}/)")  # a DOI may hold a semicolon of its own
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
_GRAVITY = tuple(SourceStatus)
NAMELESS = "names its work by no DOI and no PMID, so it cannot be matched with anything"
"""The reason given for every row that cannot be used for want of an identifier: an honest row, worth only counting."""

_Fields = Mapping[str, str]
_Row = Callable[[_Fields, str, str], Iterator[Notice | Problem]]


def read_notices(lines: Iterable[str] | str, name: str) -> Iterator[Notice | Problem]:
    """The notices of a list, one after the other; a row that cannot be read is a Problem and stops nothing.

    `lines` is an open text file (opened with `newline=""`) or its whole text. The first line tells which list it is:
    Retraction Watch's own columns, separated by commas, or `doi` and `status` (and, if wanted, `pmid`, `date`,
    `notice_doi`, `notice_pmid`), separated by tabs. Raises MissingField for any other first line, and
    UnreadableSource where the file is not text; each when it is reached.
    """
    iterator = iter(StringIO(lines, newline="") if isinstance(lines, str) else lines)
    try:
        header = next(iterator, "").removeprefix("\ufeff")
        columns, rows, read = _recognised(header, iterator, name)
        yield from _read_rows(columns, rows, read, name)
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{name} is not UTF-8 text: {error}; fetch it again") from error


def _recognised(header: str, lines: Iterator[str], name: str) -> tuple[list[str], Iterator[list[str] | Problem], _Row]:
    tabbed = [column.strip().lower() for column in header.split("\t")]
    if set(_LIST) <= set(tabbed):
        return tabbed, (line.rstrip("\r\n").split("\t") for line in lines), _read_listed
    watched = [column.strip() for column in next(csv.reader([header]), [])]
    if set(_WATCH) <= set(watched):
        return watched, _csv_rows(lines, name), _read_watched
    raise MissingField(
        f"{name}: the first line should name the columns doi and status, separated by tabs, or those of the"
        f" Retraction Watch database ({', '.join(_WATCH)}), separated by commas"
    )


def _csv_rows(lines: Iterator[str], name: str) -> Iterator[list[str] | Problem]:
    reader = csv.reader(lines)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(name, f"line {reader.line_num + 1}", f"is not a row of comma-separated values: {error}")


def _read_rows(
    columns: list[str], rows: Iterator[list[str] | Problem], read: _Row, name: str
) -> Iterator[Notice | Problem]:
    used = [(index, column) for index, column in enumerate(columns) if column in _USED | _USED_OF_LIST]
    for number, row in enumerate(rows, start=2):
        if isinstance(row, Problem):
            yield row
        elif any(map(str.strip, row)):
            fields = {column: squeeze(clean(row[index])) for index, column in used if index < len(row)}
            yield from read(fields, name, _place(fields, number))


def _place(fields: _Fields, number: int) -> str:
    """Where a row is found again: a row of the database may run over several lines, but has a number of its own."""
    record = fields.get("Record ID", "")
    return f"record {record}" if record else f"line {number}"


def _read_listed(fields: _Fields, name: str, place: str) -> Iterator[Notice | Problem]:
    doi, pmid = doi_in(fields.get("doi", "")).lower(), _pmid(fields.get("pmid", ""))
    written = fields.get("status", "").lower()
    if not doi and not pmid:
        yield Problem(name, place, "has no DOI; write it as 10.1000/xyz or remove the line")
    elif written not in _LISTED:
        yield Problem(name, place, f"status {written!r} is unknown; use one of {', '.join(_LISTED)}")
    else:
        day = _iso(fields.get("date", ""))
        if day is None:
            yield Problem(name, place, f"date {fields['date']!r} is not a date, so it is taken as unknown")
        notice_doi, notice_pmid = doi_in(fields.get("notice_doi", "")), _pmid(fields.get("notice_pmid", ""))
        yield Notice(doi, pmid, _LISTED[written], "list", day or "", notice_doi.lower(), notice_pmid)


def _read_watched(fields: _Fields, name: str, place: str) -> Iterator[Notice | Problem]:
    kind = kind_in(fields.get("RetractionNature", ""))
    if kind not in NOTICE_KINDS:
        yield Problem(name, place, f"RetractionNature {fields.get('RetractionNature', '')!r} is unknown")
        return
    dois = _dois(fields.get("OriginalPaperDOI", ""))
    pmid = _pmid(fields.get("OriginalPaperPubMedID", ""))
    status = NOTICE_KINDS[kind]
    if not pmid and not any(dois):
        yield Problem(name, place, NAMELESS)
    elif status is not None:
        day = _iso(fields.get("RetractionDate", ""))
        if day is None:
            yield Problem(name, place, f"RetractionDate {fields['RetractionDate']!r} is not a date, so it is unknown")
        reasons = [reason.strip(" +") for reason in fields.get("Reason", "").split(";")]
        yield from (
            Notice(
                doi=doi,
                pmid=pmid if len(dois) == 1 else "",  # one PMID cannot be that of several works
                status=status,
                origin="retraction-watch",
                date=day or "",
                notice_doi=doi_in(fields.get("RetractionDOI", "")).lower(),
                notice_pmid=_pmid(fields.get("RetractionPubMedID", "")),
                reason="; ".join(filter(None, (reason_of(kind), *reasons))),
            )
            for doi in dois
        )


def _dois(written: str) -> list[str]:
    """The DOIs of a field, or one empty string."""
    found = [doi_in(part).lower() for part in _SEVERAL_DOIS.split(written)]
    return list(dict.fromkeys(filter(None, found))) or [""]


def _pmid(written: str) -> str:
    """A PMID as spreadsheets leave it ("1234.0"); "" for 0, which stands for none."""
    return pmid_in(written.removesuffix(".0")).lstrip("0")


def _iso(written: str) -> str | None:
    """A date as year-month-day, from month/day/year or as it is; "" for none, None for what is no date."""
    if not written:
        return ""
    if american := _AMERICAN.fullmatch(written):
        month, day, year = map(int, american.groups())
    elif iso := _ISO.fullmatch(written):
        year, month, day = map(int, iso.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
