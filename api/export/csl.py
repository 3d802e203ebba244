"""The sources of an answer → CSL-JSON, as Pandoc, Zotero and citation processors read it."""

import json

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

_Value = str | int | list[dict[str, str]] | dict[str, list[list[int]]] | dict[str, str | int]
_TYPES = {
    Form.JOURNAL_ARTICLE: "article-journal",
    Form.VETTED_ARTICLE: "webpage",
    Form.WEB_PAGE: "webpage",
    Form.OTHER: "document",
}


def as_csl(answer: AnswerOut) -> str:
    """A list with an item for each source, each with caution and disclaimer in its note.

    A list has no place of its own for the disclaimer, so where there is no source one item stands for the answer.
    """
    items = [_item(source, answer) for source in answer.sources] or [_answer(answer)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _answer(answer: AnswerOut) -> dict[str, _Value]:
    title = f"{name_of(answer)}: {outcome_of(answer).lower()}, no source is cited"
    return {"id": f"sequitur-answer-{line(answer.id)}", "type": "document", "title": title,
            "note": " ".join(warnings_of(answer))}  # fmt: skip


def _item(source: SourceOut, answer: AnswerOut) -> dict[str, _Value]:
    fields: dict[str, _Value] = {
        "id": key_of(source),
        "type": _TYPES[form_of(source)],
        "title": line(source.title),
        "author": [_name(creator) for creator in source.creators if line(creator.family) or line(creator.given)],
        "container-title": container_of(source),
        "issued": {"date-parts": [_date(source)]} if source.year else "",
        "volume": line(source.volume or ""),
        "issue": line(source.issue or ""),
        "page": line(source.pages or ""),
        "DOI": line(source.doi or ""),
        "PMID": line(source.pmid or ""),
        "PMCID": line(source.pmcid or ""),
        "URL": web_url(source) or "",
        "note": note_on(source, answer),
        "custom": _custom(source),
    }
    return {name: value for name, value in fields.items() if value}


def _custom(source: SourceOut) -> dict[str, str | int]:
    """What CSL has no names for, by the names of our own JSON."""
    return {
        "n": source.n,
        "source_id": line(source.id),
        "kind": line(source.kind),
        "evidence_type": line(source.evidence_type),
        "review_status": line(source.review_status),
        "source_status": line(source.source_status),
    }


def _name(creator: CreatorOut) -> dict[str, str]:
    """A group, and the "et al." of a list cut short, has one name that no style takes apart."""
    family, given = line(creator.family), given_of(creator)
    return {"family": family, "given": given} if family and given else {"literal": family or given}


def _date(source: SourceOut) -> list[int]:
    """The day of the last update of an article, else the year."""
    return [int(part) for part in (day_of(source) or str(source.year)).split("-")]
