"""Addresses of pages and of the literature. What is asked never stands in one."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from api.export.wording import doi_url, line, pubmed_url
from api.schemas import CitationOut, SourceOut
from corpus.types import Work

_HTTPS = re.compile(r"https://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outward:
    """A link to the literature, always https."""

    label: str
    href: str


def article_url(article_id: str) -> str:
    return f"/articles/{quote(article_id, safe='')}"


def source_url(document_id: str) -> str:
    return f"/sources/{quote(document_id, safe='')}"


def quote_url(citation: CitationOut) -> str:
    """The page of a source at the span that a citation quotes; `check` tells whether it still is that text."""
    span = {"passage": citation.passage_id, "start": citation.start, "end": citation.end}
    query = urlencode(span | {"check": check_of(citation.quote)})
    return f"{source_url(citation.source_id)}?{query}#quote"


def passage_url(document_id: str, passage_id: str) -> str:
    """The page of a source at a whole passage."""
    return f"{source_url(document_id)}?{urlencode({'passage': passage_id})}#quote"


def check_of(text: str) -> str:
    """What a quoted text is recognised by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def conversation_url(article_id: str | None, conversation_id: str | None, anchor: str = "") -> str:
    """The page on which a conversation goes on."""
    path = "/ask" if article_id is None else article_url(article_id)
    query = f"?{urlencode({'conversation': conversation_id})}" if conversation_id else ""
    return f"{path}{query}{'#' if anchor else ''}{anchor}"


def outward(found: Work | SourceOut) -> tuple[Outward, ...]:
    """Where a work is found; its own address only when it has no identifier, and only if it is of the safe web."""
    links = []
    if found.doi:
        links.append(Outward("DOI", doi_url(found.doi)))
    if found.pmid:
        links.append(Outward("PubMed", pubmed_url(found.pmid)))
    if not links and found.url and (address := _safe(found.url)):
        links.append(Outward("Website", address))
    return tuple(links)


def within(target: str) -> str:
    """A place to go on at after a form, if it is one of ours; else the front page."""
    ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if ours and target.isascii() and target.isprintable() else "/"


def _safe(url: str) -> str | None:
    address = line(url)
    return quote(address, safe="/:?=&;,@!$*+~.-_%#") if _HTTPS.match(address) else None
