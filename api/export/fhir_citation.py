"""A source of an answer → FHIR R5 Citation.

The systems of DOI and PMID are those that HL7's examples and published guidelines use.
"""

from collections.abc import Iterable

from api.export.fhir_elements import Element, narrative, sentence, source_id
from api.export.markdown import escaped
from api.export.wording import (
    ET_AL,
    Form,
    day_of,
    doi_url,
    evidence_of,
    form_of,
    line,
    note_on,
    pubmed_url,
    review_of,
    web_url,
)
from api.schemas import AnswerOut, CreatorOut, SourceOut
from corpus.types import ReviewStatus, SourceStatus

_DOI = "https://doi.org"
_PMID = "https://pubmed.ncbi.nlm.nih.gov"


def citation_of(source: SourceOut, answer: AnswerOut) -> Element:
    """The record of a source, a draft until the site has approved it, and the work it describes."""
    note = note_on(source, answer)
    return {
        "resourceType": "Citation",
        "id": source_id(answer, source),
        "text": narrative([source.reference, note]),
        "identifier": [{"type": {"text": "Sequitur source"}, "value": line(source.id)}],
        "title": line(source.title),
        "status": "active" if source.review_status == ReviewStatus.APPROVED else "draft",
        "note": [{"text": escaped(note)}],
        "currentState": [{"text": sentence(review_of(source.review_status))}],
        "citedArtifact": _artifact(source),
    }


def _artifact(source: SourceOut) -> Element:
    is_current = source.source_status == SourceStatus.CURRENT
    return {
        "identifier": [*_identifiers(source)],
        "currentState": [] if is_current else [{"text": line(source.source_status).replace("_", " ")}],
        "title": [{"text": escaped(source.title)}],
        "publicationForm": [_publication(source)],
        "webLocation": [{"url": url} for url in _addresses(source)],
        "classification": [
            _classified("Kind", line(source.kind)), _classified("Evidence type", evidence_of(source)),
        ],
        "contributorship": _contributors(source.creators),
    }  # fmt: skip


def _identifiers(source: SourceOut) -> Iterable[Element]:
    """DOI, PMID and PMCID; the last has no system that is agreed on, so it says what it is."""
    for named, value in (
        ({"system": _DOI}, source.doi),
        ({"system": _PMID}, source.pmid),
        ({"type": {"text": "PMCID"}}, source.pmcid),
    ):
        if value and line(value):
            yield {**named, "value": line(value)}


def _publication(source: SourceOut) -> Element:
    is_journal = form_of(source) is Form.JOURNAL_ARTICLE
    published = {"type": {"text": "Periodical"} if is_journal else None, "title": line(source.container)}
    return {
        "publishedIn": published if source.container else None,
        "publicationDateText": str(source.year or ""),
        "lastRevisionDate": day_of(source),
        "volume": line(source.volume or ""),
        "issue": line(source.issue or ""),
        "pageString": line(source.pages or ""),
    }


def _addresses(source: SourceOut) -> Iterable[str]:
    """By identifier, and where else it may be read; each once."""
    found = (
        doi_url(source.doi) if source.doi else None,
        pubmed_url(source.pmid) if source.pmid else None,
        web_url(source),
    )
    return dict.fromkeys(url for url in found if url)


def _classified(name: str, value: str) -> Element:
    return {"type": {"text": name}, "classifier": [{"text": value}]}


def _contributors(creators: list[CreatorOut]) -> Element:
    """People and groups in their order; a list that was cut short says that it is not complete."""
    named = [creator for creator in creators if creator.family != ET_AL]
    return {"complete": None if named == creators else False, "entry": [_contributor(one) for one in named]}


def _contributor(creator: CreatorOut) -> Element:
    name = line(f"{creator.family} {creator.given}")
    given = line(creator.given)
    initials = given if given.replace(".", "").replace(" ", "").isupper() else ""
    return {"contributor": {"display": name}, "forenameInitials": initials}
