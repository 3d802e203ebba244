"""An answer as a chat message: Markdown with the disclaimer first, and where its marks [n] stand in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from api.chat.schemas import AnnotationOut, UrlCitationOut
from api.export.markdown import escaped
from api.export.wording import (
    CONFLICT,
    Form,
    doi_url,
    form_of,
    is_conflict,
    line,
    outcome_of,
    pubmed_url,
    review_of,
    standing_of,
    web_url,
)
from api.schemas import AnswerOut, RelatedOut, SourceOut, StatementOut
from assistant.policy import disclaimer


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark [n] in a text, and the source it stands for."""

    start: int
    end: int
    source_id: str


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a message, with the blank line that ends it."""

    text: str
    marks: tuple[Mark, ...] = ()


def opening() -> Block:
    """What every message begins with, known before anything is answered."""
    return _labelled("Disclaimer", disclaimer().text)


def blocks(answer: AnswerOut, base: str) -> tuple[Block, ...]:
    """The message, in the order in which it is streamed. `base` is the address of this service."""
    sources = {source.id: source for source in answer.sources}
    found = (
        opening(),
        _labelled("Caution", answer.caution),
        _labelled("Read as", answer.read_as if answer.read_as != answer.question else None),
        _labelled("Conflict", CONFLICT if is_conflict(answer) else None),
        _labelled(outcome_of(answer), answer.message),
        *(_statement(statement, sources) for statement in answer.statements),
        _section("Related, not an answer", [_related(one) for one in answer.related]),
        _section("Sources", [_source(source, answer, base) for source in answer.sources]),
        _section("Abbreviations", [f"{escaped(form)}: {escaped(name)}" for form, name in answer.glossary.items()]),
        _section("You could ask next", [escaped(suggestion) for suggestion in answer.suggestions], numbered=True),
    )
    return tuple(block for block in found if block.text)


def content(parts: tuple[Block, ...]) -> str:
    """The whole message."""
    return "".join(block.text for block in parts)


def annotations(parts: tuple[Block, ...], answer: AnswerOut, base: str) -> list[AnnotationOut]:
    """A link for every mark in the message whose source has an address."""
    sources = {source.id: source for source in answer.sources}
    starts = accumulate((len(block.text) for block in parts), initial=0)
    return [
        AnnotationOut(
            url_citation=UrlCitationOut(
                start_index=start + mark.start, end_index=start + mark.end, title=line(source.title), url=links[0][1]
            )
        )
        for start, block in zip(starts, parts, strict=False)
        for mark in block.marks
        if (links := _links(source := sources[mark.source_id], base))
    ]


def page_of(article_id: str, base: str) -> str:
    """The address of an article's page on this service."""
    return f"{quote(base, safe=':/[]%')}articles/{quote(article_id, safe='')}"


def _labelled(label: str, text: str | None) -> Block:
    return Block(f"**{escaped(label)}:** {escaped(text)}\n\n" if text else "")


def _section(title: str, items: list[str], numbered: bool = False) -> Block:
    told = (f"{number}. {item}" if numbered else f"- {item}" for number, item in enumerate(items, start=1))
    return Block("\n".join((f"## {title}\n", *told)) + "\n\n" if items else "")


def _statement(statement: StatementOut, sources: dict[str, SourceOut]) -> Block:
    """The statement with its marks; the quoted span where it is not the statement itself."""
    text, marks = f"> {escaped(statement.text)} ", list[Mark]()
    for source in _cited(statement, sources):
        mark = f"[{source.n}]"
        marks.append(Mark(len(text), len(text) + len(mark), source.id))
        text += mark
    for citation in statement.citations:
        if line(citation.quote) != line(statement.text):
            text += f"\n>\n> Supported by [{citation.n}]: “{escaped(citation.quote)}”"
    return Block(f"{text}\n\n", tuple(marks))


def _cited(statement: StatementOut, sources: dict[str, SourceOut]) -> Iterator[SourceOut]:
    """What a statement rests on, and after each what it cites itself for that."""
    for citation in statement.citations:
        yield sources[citation.source_id]
        yield from (sources[via] for via in citation.via)


def _related(related: RelatedOut) -> str:
    where = " › ".join(escaped(part) for part in (related.title, *related.section) if part)
    return f"{where}: {escaped(related.text)} ({escaped(review_of(related.review_status))})"


def _source(source: SourceOut, answer: AnswerOut, base: str) -> str:
    links = " · ".join(f"[{label}](<{url}>)" for label, url in _links(source, base))
    told = f"**[{source.n}]** {escaped(source.reference)} ({escaped(standing_of(source, answer))})"
    return f"{told} {links}" if links else told


def _links(source: SourceOut, base: str) -> list[tuple[str, str]]:
    """Where a source is read, the best place first: a vetted article here, literature by identifier or address."""
    if form_of(source) is Form.VETTED_ARTICLE:
        return [("Article", page_of(source.id, base))]
    links = [("DOI", doi_url(source.doi))] if source.doi else []
    links += [("PubMed", pubmed_url(source.pmid))] if source.pmid else []
    address = web_url(source)
    return links or ([("Link", address)] if address else [])
