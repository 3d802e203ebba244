"""The YAML front matter of a vetted article, checked field by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from corpus.errors import MissingField, UnreadableSource
from corpus.readers.text import squeeze
from corpus.types import ReviewStatus

_FRONT_MATTER = re.compile(r"\s*---[ ]*\n(.*?)^(?:---|\.\.\.)[ ]*$\n?", re.DOTALL | re.MULTILINE)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What an article says of itself; `specialty` and `summary` may be empty."""

    id: str
    title: str
    topic: str
    status: ReviewStatus
    updated: date
    specialty: str = ""
    summary: str = ""


def read_front_matter(text: str, name: str) -> tuple[FrontMatter, str]:
    """The front matter of an article and the Markdown after it. Raises UnreadableSource or MissingField."""
    found = _FRONT_MATTER.match(text)
    if not found:
        raise MissingField(
            f"{name} has no front matter; begin the file with --- , id, title, topic, status, updated, ---"
        )
    fields = _fields(found.group(1), name)
    return FrontMatter(
        id=_id(fields, name),
        title=_required(fields, "title", "a question in plain words", name),
        topic=_required(fields, "topic", "the topic of the article", name),
        status=_status(fields, name),
        updated=_updated(fields, name),
        specialty=_optional(fields, "specialty", name),
        summary=_optional(fields, "summary", name),
    ), text[found.end() :]


def _fields(source: str, name: str) -> Mapping[str, object]:
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: YAML's own reading of an impossible date such as 2026-13-45.
        raise UnreadableSource(f"{name}: the front matter is not YAML ({squeeze(str(error))}); correct it") from error
    if not isinstance(fields, dict):
        raise MissingField(f"{name}: the front matter holds no fields; write lines such as 'id: gout'")
    return fields


def _optional(fields: Mapping[str, object], field: str, name: str) -> str:
    value = fields.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MissingField(f"{name}: {field} is {value!r}, which is not text; put it in quotes")
    return squeeze(value)


def _required(fields: Mapping[str, object], field: str, meaning: str, name: str) -> str:
    value = _optional(fields, field, name)
    if not value:
        raise MissingField(f"{name}: {field} is missing; add a line '{field}: ...' with {meaning}")
    return value


def _id(fields: Mapping[str, object], name: str) -> str:
    value = _required(fields, "id", "a short lower-case name such as 'gout'", name)
    if not _ID.fullmatch(value):
        raise MissingField(f"{name}: id {value!r} is not usable; use lower-case letters, digits and hyphens only")
    return value


def _status(fields: Mapping[str, object], name: str) -> ReviewStatus:
    allowed = ", ".join(ReviewStatus)
    value = _required(fields, "status", f"one of {allowed}", name)
    if value not in [str(status) for status in ReviewStatus]:
        raise MissingField(f"{name}: status {value!r} is unknown; use one of {allowed}")
    return ReviewStatus(value)


def _updated(fields: Mapping[str, object], name: str) -> date:
    value = fields.get("updated")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_required(fields, "updated", "the date of the last revision, 2026-11-22", name))
    except ValueError as error:
        raise MissingField(f"{name}: updated {value!r} is not a date; write it as 2026-11-22") from error
