"""Under which licence an article says it may be used, and whether that allows keeping and quoting its text.

The article's own statement decides, and where it says two things, the narrower one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.readers.jats_inline import Node

_DEED = re.compile(
    r"creativecommons\.org/(?P<shelf>licen[sc]es|publicdomain)/(?P<terms>[a-z+-]+)(?:/(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
_NARROWER = re.compile(
    r"non-?\s?commercial|no-?\s?deriv|by[-\s]?n[cd]"
    r"|(?:not|without)\s(?:be\s|being\s)?(?:altered|modified|changed|transformed)",
    re.IGNORECASE,
)
_ALIKE = re.compile(r"share-?\s?alike|\bby-?sa", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"creative\s?commons\s(?:international\s)?attribution|\bcc[- ]?by\b", re.IGNORECASE)
_ZERO = re.compile(r"creative\s?commons\s(?:cc0|zero)|\bcc0\b", re.IGNORECASE)


class Terms(StrEnum):
    """What a licence asks of those who use the text, from the widest to the narrowest."""

    ZERO = "CC0"
    ATTRIBUTION = "CC BY"
    SHARE_ALIKE = "CC BY-SA"
    NARROWER = "narrower"
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms, and the name to show for them ("CC BY-NC 4.0"; the statement's own beginning where it names none)."""

    terms: Terms
    name: str


def licence_of(article: Node) -> Licence:
    """The licence of a JATS article, by its permissions: links, attributes and wording together."""
    meta = article.find("front/article-meta")
    parts = [] if meta is None else [*meta.iterchildren("permissions", "license", "copyright-statement")]
    wording = " ".join(" ".join("".join(map(str, part.itertext())) for part in parts).split())
    attributes = (str(value) for part in parts for node in part.iter() for value in node.attrib.values())
    return _licence(" ".join((*attributes, wording)), wording)


def _licence(stated: str, wording: str) -> Licence:
    deeds = [_deed(match) for match in _DEED.finditer(stated)]
    found = [*deeds, *_worded(stated)]
    if not found:
        return Licence(Terms.NOT_STATED, wording[:100] or str(Terms.NOT_STATED))
    narrowest = max((licence.terms for licence in found), key=list(Terms).index)
    # A deed has a version, wording has not.
    return next(licence for licence in found if licence.terms is narrowest)


def _deed(match: re.Match[str]) -> Licence:
    terms, version = match["terms"].lower().strip("-"), match["version"] or ""
    if match["shelf"].lower() == "publicdomain":
        # The public domain mark grants nothing: it says what somebody believes of a work's rights in some country.
        name, meaning = ("CC0", Terms.ZERO) if terms == "zero" else ("public domain mark", Terms.NOT_STATED)
    else:
        name = f"CC {terms.upper()}"
        meaning = {"by": Terms.ATTRIBUTION, "by-sa": Terms.SHARE_ALIKE}.get(terms, Terms.NARROWER)
    return Licence(meaning, f"{name} {version}".strip())


def _worded(stated: str) -> list[Licence]:
    """The terms that wording and attributes name, each under the name of its terms."""
    if _NARROWER.search(stated):
        return [Licence(Terms.NARROWER, "not commercial, or not changed")]
    if _ALIKE.search(stated):
        return [Licence(Terms.SHARE_ALIKE, str(Terms.SHARE_ALIKE))]
    kinds = ((Terms.ATTRIBUTION, _ATTRIBUTION), (Terms.ZERO, _ZERO))
    return [Licence(terms, str(terms)) for terms, pattern in kinds if pattern.search(stated)]
