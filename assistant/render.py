"""Answer → plain text for a terminal. Everything foreign is stripped of control characters first."""

import textwrap
import unicodedata

from assistant.answer import Answer, Citation, Source, Statement
from assistant.vancouver import EVIDENCE, reference
from corpus.types import DocumentKind, ReviewStatus, SourceStatus

WIDTH = 100


def plain(text: str) -> str:
    """A text that cannot steer a terminal: no escapes, no controls, no direction overrides; one line."""
    kept = (c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in text)
    return " ".join("".join(kept).split())


def as_text(answer: Answer, width: int = WIDTH) -> str:
    """The whole answer, disclaimer included, wrapped to `width` columns."""
    sources = {source.document.id: source for source in answer.sources}
    blocks = [
        _labelled("Read as", answer.read_as, width) if answer.read_as != answer.question else "",
        _labelled("Caution", answer.caution, width) if answer.caution else "",
        _labelled("Conflict", "the sources below disagree; both sides are shown.", width)
        if answer.outcome == "conflicting_evidence" else "",
        _labelled(_title(answer.outcome), answer.message, width) if answer.message else "",
        *(_statement(statement, sources, width) for statement in answer.statements),
        _list("Related, not an answer", [f"{_where(r.title, r.section)}: {r.text}" for r in answer.related], width),
        _list("Sources", [_source(source) for source in answer.sources], width),
        _list("Abbreviations", [f"{form}: {meaning}" for form, meaning in answer.glossary], width),
        _list("You could ask next", list(answer.suggestions), width),
        _labelled("Disclaimer", answer.disclaimer, width),
    ]  # fmt: skip
    return "\n\n".join(block for block in blocks if block) + "\n"


def _title(outcome: str) -> str:
    return outcome.replace("_", " ").capitalize()


def _labelled(label: str, text: str, width: int) -> str:
    return textwrap.fill(f"{label}: {plain(text)}", width, subsequent_indent="  ")


def _statement(statement: Statement, sources: dict[str, Source], width: int) -> str:
    numbers = "".join(f"[{n}]" for citation in statement.citations for n in _numbers(citation, sources))
    lines = [textwrap.fill(f"“{plain(statement.text)}” {numbers}", width)]
    for citation in statement.citations:
        if citation.quote != statement.text:
            lines.append(_indented(f"supported by: “{plain(citation.quote)}”", width))
        lines.append(_indented(_origin(statement, citation, sources), width))
    return "\n".join(lines)


def _indented(text: str, width: int) -> str:
    return textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    ")


def _numbers(citation: Citation, sources: dict[str, Source]) -> list[int]:
    return [citation.n, *(sources[via].n for via in citation.via)]


def _origin(statement: Statement, citation: Citation, sources: dict[str, Source]) -> str:
    source = sources[citation.source_id]
    via = [sources[one] for one in citation.via]
    title = "" if source.document.kind is DocumentKind.ARTICLE else source.document.work.title
    page = "" if citation.page is None else f"p. {citation.page}"
    parts = [_where(title, statement.section), page, _kind(source)]
    if via:
        parts.append("citing " + ", ".join(f"[{one.n}] {_kind(one)}" for one in via))
    return "; ".join(part for part in parts if part)


def _where(title: str, section: tuple[str, ...]) -> str:
    return " › ".join(plain(part) for part in (title, *section) if part)


def _kind(source: Source) -> str:
    document = source.document
    kind = EVIDENCE[document.work.evidence_type]
    year = f" {document.work.year}" if document.work.year else ""
    review = f", {_review(document.review_status)}" if source.cited_directly else ""
    status = document.source_status
    notice = "" if status is SourceStatus.CURRENT else f", {status.replace('_', ' ')}"
    return f"{kind}{year}{review}{notice}"


def _review(status: ReviewStatus) -> str:
    return {
        ReviewStatus.SUBMITTED: "submitted, not reviewed",
        ReviewStatus.UNDER_REVIEW: "under review",
        ReviewStatus.APPROVED: "approved",
    }[status]


def _source(source: Source) -> str:
    return f"{reference(source.document)} ({_kind(source)})"


def _list(title: str, items: list[str], width: int) -> str:
    if not items:
        return ""
    lines = (
        textwrap.fill(f"{number}. {plain(item)}", width, initial_indent="  ", subsequent_indent="     ")
        for number, item in enumerate(items, start=1)
    )
    return "\n".join((f"{title}:", *lines))
