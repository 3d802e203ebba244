"""A work as Crossref describes it (the `message` of its API) → reference and notices."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.notice_kinds import NOTICE_KINDS, OF_THE_NOTICE, kind_in, reason_of
from corpus.readers.identifiers import doi_in, identify
from corpus.readers.jats_references import is_marked_retracted
from corpus.readers.text import clean, squeeze
from corpus.source_status import settled
from corpus.types import Author, Notice, Problem, Record, Reference, SourceStatus, Work

CROSSREF = "Crossref"
ORIGIN = "crossref"
Message = Mapping[str, Any]
# Face markup and MathML, which titles hold as text. Not any "<...>": a title may compare numbers.
_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|scp|sc|tt|span|br|p|(?:mml|jats):\w+)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


def doi_of(message: Message) -> str:
    """The DOI (lower case) of a work, or ""."""
    return doi_in(_text(message.get("DOI"))).lower()


def read_work(message: Message, asked: str) -> Iterator[Record]:
    """The reference, the notices and the problems of the work that was asked for by a DOI.

    Where that DOI is an alias, its notices name the work by both DOIs, so that they reach whoever cites the alias.
    """
    doi, asked = doi_of(message), asked.lower()
    if not doi:
        yield Problem(CROSSREF, asked, "the work has no DOI; report this")
        return
    updates = tuple(_updates(message, "updated-by", asked))
    known = [one for one in updates if isinstance(one, _Update)]
    notices = dict.fromkeys(_notice(name, one, one.doi) for name in dict.fromkeys((doi, asked)) for one in known)
    title = _title(message)
    if title:
        marked = SourceStatus.RETRACTED if is_marked_retracted(title) else SourceStatus.CURRENT
        own = [notice for notice in notices if notice.doi == doi]
        work = _work(message, title, doi)
        yield Reference(asked, identify(doi, "", "", ""), work, settled(marked, own))
    else:
        yield Problem(CROSSREF, asked, "the work has no title, so it cannot be cited")
    yield from notices
    yield from _announced(message, doi, asked)
    yield from (one for one in updates if isinstance(one, Problem))


@dataclass(frozen=True, slots=True)
class _Update:
    """An entry of `updated-by` or `update-to`: the other work, and what the notice makes of the updated one."""

    doi: str
    kind: str
    status: SourceStatus
    date: str


def _updates(message: Message, field: str, asked: str) -> Iterator[_Update | Problem]:
    """The entries that say something of a work's status, and a Problem for each kind that is not known."""
    entries = message.get(field)
    for entry in entries if isinstance(entries, list) else ():
        kind = kind_in(_text(entry.get("type"))) if isinstance(entry, dict) else ""
        if kind not in NOTICE_KINDS:
            yield Problem(CROSSREF, asked, f"{field} is of the unknown kind {kind!r}; look at the notice")
        elif (status := NOTICE_KINDS[kind]) is not None:
            yield _Update(doi_of(entry), kind, status, _date(entry.get("updated")))


def _notice(doi: str, update: _Update, notice_doi: str) -> Notice:
    reason = reason_of(update.kind)
    return Notice(doi, "", update.status, ORIGIN, update.date, notice_doi, reason=reason)


def _announced(message: Message, doi: str, asked: str) -> Iterator[Notice | Problem]:
    """What the work says of other works, and is itself by saying so."""
    own: dict[SourceStatus, None] = {}
    for update in _updates(message, "update-to", asked):
        if isinstance(update, Problem):
            yield update
        elif update.doi:
            yield _notice(update.doi, update, doi)
            # A publisher that changed the article in place says that it updates itself.
            if update.doi != doi and update.status in OF_THE_NOTICE:
                own[OF_THE_NOTICE[update.status]] = None
    yield from (Notice(doi, "", status, ORIGIN) for status in own)


def _work(message: Message, title: str, doi: str) -> Work:
    return Work(
        title=title,
        authors=tuple(_authors(message.get("author"))),
        container=_plain(_first(message.get("container-title"))),
        year=_year(message.get("issued")),
        volume=_text(message.get("volume")),
        issue=_text(message.get("issue")),
        pages=_text(message.get("page")) or _text(message.get("article-number")),
        doi=doi,
        url=f"https://doi.org/{doi}",
    )


def _title(message: Message) -> str:
    parts = (_plain(_first(message.get(field))) for field in ("title", "subtitle"))
    return ": ".join(part.rstrip(".:") for part in parts if part)


def _authors(people: object) -> Iterator[Author]:
    for person in people if isinstance(people, list) else ():
        if isinstance(person, dict):
            family = " ".join(filter(None, (_text(person.get("family")), _text(person.get("suffix")))))
            group = _text(person.get("name")) or _text(person.get("given"))
            if family or group:
                yield Author(family, _text(person.get("given"))) if family else Author(group)


def _year(issued: object) -> int | None:
    parts = _date_parts(issued)
    return parts[0] if parts else None


def _date(updated: object) -> str:
    """A date as exact as it is given: 2015, 2015-05, 2015-05-04."""
    parts = _date_parts(updated)
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def _date_parts(value: object) -> list[int]:
    """Year, month and day, as far as they are numbers: Crossref writes an unknown date as [[null]]."""
    dates = value.get("date-parts") if isinstance(value, dict) else None
    first = dates[0] if isinstance(dates, list) and dates else None
    known: list[int] = []
    for part, most in zip(first if isinstance(first, list) else (), (9999, 12, 31), strict=False):
        if not isinstance(part, int) or not 1 <= part <= most:
            break
        known.append(part)
    return known


def _first(values: object) -> object:
    return values[0] if isinstance(values, list) and values else values


def _plain(value: object) -> str:
    """A text without the markup that publishers leave in it."""
    return squeeze(_MARKUP.sub("", html.unescape(_text(value))))


def _text(value: object) -> str:
    return squeeze(clean(value)) if isinstance(value, str) else ""
