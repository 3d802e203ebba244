"""The sources of an answer → RIS, as EndNote, Zotero, Mendeley and RefWorks read it."""

import re

import rispy

from api.export.wording import (
    Form,
    container_of,
    day_of,
    form_of,
    given_of,
    key_of,
    line,
    name_of,
    note_on,
    outcome_of,
    warnings_of,
    web_url,
)
from api.schemas import AnswerOut, CreatorOut, SourceOut

_TYPES = {Form.JOURNAL_ARTICLE: "JOUR", Form.VETTED_ARTICLE: "ELEC", Form.WEB_PAGE: "ELEC", Form.OTHER: "GEN"}
_RANGE = re.compile(r"([A-Za-z]?\d+)\s*[-–]\s*([A-Za-z]?\d+)")


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """RIS ends its lines with CR LF, and numbers no records."""

    NEWLINE = "\r\n"

    def set_header(self, count: int) -> str:
        return ""


def as_ris(answer: AnswerOut) -> str:
    """A record for each source, before them who answered, with the caution and the disclaimer.

    The lines before the first record are what a person sees who opens the file, and all there is of a refusal;
    reference managers pass them over (Zotero knows a file with at most four of them as RIS). They keep the records
    apart, so each has caution and disclaimer in a note of its own, too.
    """
    head = (f"Provider: {name_of(answer)}, outcome: {outcome_of(answer).lower()}", *warnings_of(answer), "")
    records: str = rispy.dumps([_record(source, answer) for source in answer.sources], implementation=_Writer)
    return _Writer.NEWLINE.join((*head, records))


def _record(source: SourceOut, answer: AnswerOut) -> dict[str, str | list[str]]:
    """One record, by rispy's names. The accession number in the database PubMed is the PMID."""
    first, last = _pages(line(source.pages or ""))
    fields: dict[str, str | list[str]] = {
        "type_of_reference": _TYPES[form_of(source)],
        "id": key_of(source),
        "authors": [_name(creator) for creator in source.creators],
        "title": line(source.title),
        "secondary_title": container_of(source),
        "year": str(source.year or ""),
        "date": day_of(source).replace("-", "/"),
        "volume": line(source.volume or ""),
        "number": line(source.issue or ""),
        "start_page": first,
        "end_page": last,
        "doi": line(source.doi or ""),
        "accession_number": line(source.pmid or ""),
        "name_of_database": "PubMed" if source.pmid else "",
        "custom2": line(source.pmcid or ""),
        "urls": [url] if (url := web_url(source)) else [],
        "notes": [note_on(source, answer)],
    }
    return {name: value for name, value in fields.items() if value}


def _name(creator: CreatorOut) -> str:
    """ "Family, Given". A comma ends a family name, so that of a group which has one goes without."""
    family, given = (line(part).replace(",", " ") for part in (creator.family, given_of(creator)))
    return ", ".join(part for part in (line(family), line(given)) if part)


def _pages(pages: str) -> tuple[str, str]:
    """First and last page; what is no plain range is left whole."""
    found = _RANGE.fullmatch(pages)
    return (found[1], found[2]) if found else (pages, "")
