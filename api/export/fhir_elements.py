"""What the FHIR resources of an answer have in common.

Elements of type `markdown` get escaped Markdown; the same text stands as it is in an element of type `string`, or
escaped in a narrative.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from api.export.wording import line
from api.schemas import AnswerOut, SourceOut

Element = dict[str, Any]
_DIV = Markup('<div xmlns="http://www.w3.org/1999/xhtml">{}</div>')
_PARAGRAPH = Markup("<p>{}</p>")
_EMPTY: tuple[object, ...] = (None, "", [], {})


def id_of(answer: AnswerOut, part: str) -> str:
    """The id of a resource: the same for the same part of the same answer."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sequitur:answer:{line(answer.id)}:{line(part)}"))


def source_id(answer: AnswerOut, source: SourceOut) -> str:
    """The id of the Citation of a source."""
    return id_of(answer, f"source:{source.id}")


def filled(value: Any) -> Any:
    """A value without what is empty in it, at whatever depth; FHIR allows nothing empty."""
    if isinstance(value, Mapping):
        return {name: one for name, inner in value.items() if (one := filled(inner)) not in _EMPTY}
    if isinstance(value, list):
        return [one for inner in value if (one := filled(inner)) not in _EMPTY]
    return value


def narrative(paragraphs: Iterable[str]) -> Element:
    """Paragraphs as XHTML, their text escaped."""
    body = Markup("").join(_PARAGRAPH.format(line(one)) for one in paragraphs)
    return {"status": "generated", "div": str(_DIV.format(body))}


def reference(source: SourceOut, answer: AnswerOut) -> Element:
    """A reference to the Citation of a source in the same Bundle."""
    return {"reference": f"urn:uuid:{source_id(answer, source)}", "type": "Citation", "display": line(source.reference)}


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
