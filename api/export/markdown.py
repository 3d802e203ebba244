"""Answer → Markdown, to read and to print. No foreign text becomes markup."""

import re

from api.export.wording import (
    CONFLICT,
    doi_url,
    is_conflict,
    kind_of,
    line,
    outcome_of,
    pubmed_url,
    review_of,
    standing_of,
    web_url,
)
from api.schemas import AnswerOut, CitationOut, RelatedOut, SourceOut, StatementOut

_MARKUP = re.compile(r"[\\`*_\[\]<>&~|#$^{}@]")
# What begins a heading underline, a list, a definition or a title block where it stands first.
_FIRST = re.compile(r"^(?=[-+=:%(!])|^\d{1,9}(?=[.)](?:\s|$))")
# Addresses that GitHub and others make links of without being asked.
_ADDRESS = re.compile(r"(?i)\b(?:(?:https?|ftp|mailto|xmpp)(?=:)|www(?=\.))")


def escaped(text: str) -> str:
    """A text as Markdown that shows it as it is, wherever it stands in a line."""
    shown = _MARKUP.sub(r"\\\g<0>", line(text))
    shown = _ADDRESS.sub(r"\g<0>\\", shown)
    return _FIRST.sub(r"\g<0>\\", shown)


def as_markdown(answer: AnswerOut) -> str:
    """The whole answer but for the suggestions, the disclaimer always."""
    sources = {source.id: source for source in answer.sources}
    blocks = [
        f"# {escaped(answer.question)}",
        f"**Read as:** {escaped(answer.read_as)}" if answer.read_as != answer.question else "",
        f"**Caution:** {escaped(answer.caution)}" if answer.caution else "",
        f"**Conflict:** {CONFLICT}" if is_conflict(answer) else "",
        f"**{escaped(outcome_of(answer))}:** {escaped(answer.message)}" if answer.message else "",
        *(_statement(statement, sources) for statement in answer.statements),
        _section("Related, not an answer", [_related(one) for one in answer.related]),
        _section("Sources", [_source(source, answer) for source in answer.sources]),
        _section("Abbreviations", [f"{escaped(form)}: {escaped(name)}" for form, name in answer.glossary.items()]),
        f"## Disclaimer\n\n{escaped(answer.disclaimer)}",
        f"---\n\n{_provenance(answer)}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(title: str, items: list[str]) -> str:
    return "\n".join((f"## {title}\n", *(f"- {item}" for item in items))) if items else ""


def _statement(statement: StatementOut, sources: dict[str, SourceOut]) -> str:
    numbers = "".join(f"[{n}]" for citation in statement.citations for n in _numbers(citation, sources))
    lines = [f"> {escaped(statement.text)} {numbers}"]
    for citation in statement.citations:
        if line(citation.quote) != line(statement.text):
            lines.append(f"Supported by [{citation.n}]: “{escaped(citation.quote)}”")
        lines.append(_origin(statement, citation, sources))
    return "\n>\n> ".join(lines)


def _numbers(citation: CitationOut, sources: dict[str, SourceOut]) -> list[int]:
    return [citation.n, *(sources[via].n for via in citation.via)]


def _origin(statement: StatementOut, citation: CitationOut, sources: dict[str, SourceOut]) -> str:
    """Where the quoted span stands, and by way of what."""
    source = sources[citation.source_id]
    via = [sources[one] for one in citation.via]
    parts = (
        _where(source.title, statement.section),
        "" if citation.page is None else f"p. {citation.page}",
        escaped(kind_of(source)),
        escaped(review_of(citation.review_status)),
        f"citing {', '.join(f'[{one.n}] {escaped(kind_of(one))}' for one in via)}" if via else "",
    )
    return f"— [{citation.n}] {'; '.join(part for part in parts if part)}"


def _where(title: str, section: list[str]) -> str:
    return " › ".join(escaped(part) for part in (title, *section) if part)


def _related(related: RelatedOut) -> str:
    review = escaped(review_of(related.review_status))
    return f"{_where(related.title, related.section)}: {escaped(related.text)} ({review})"


def _source(source: SourceOut, answer: AnswerOut) -> str:
    links = _links(source)
    found = f" {' · '.join(links)}" if links else ""
    return f"**[{source.n}]** {escaped(source.reference)} ({escaped(standing_of(source, answer))}){found}"


def _links(source: SourceOut) -> list[str]:
    """By identifier, else by address; a destination in angle brackets holds none of the characters that end it."""
    links = [f"[DOI](<{doi_url(source.doi)}>)"] if source.doi else []
    links += [f"[PubMed](<{pubmed_url(source.pmid)}>)"] if source.pmid else []
    address = web_url(source)
    return links or ([f"[Link](<{address}>)"] if address else [])


def _provenance(answer: AnswerOut) -> str:
    made = answer.provenance
    parts = (
        f"Sequitur answer {answer.id}",
        answer.created,
        f"for: {answer.audience}",
        f"outcome: {outcome_of(answer).lower()}",
        f"snapshot {made.snapshot}",
        f"encoder {made.encoder}",
        f"generator {made.generator}",
        f"prompt {made.prompt}" if made.prompt else "",
        f"policy {made.policy}",
        f"disclaimer version {made.disclaimer_version}",
        made.software,
    )
    return " · ".join(escaped(part) for part in parts if part)
