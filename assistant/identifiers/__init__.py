"""Patient identifiers in a text: the kinds of the HIPAA Safe Harbor (45 CFR 164.514(b)(2)) that rules can find.

Not noticed, by decision:

- Ages over 89. Safe Harbor counts them, but "in a 92-year-old with AF" is an ordinary question whose answer depends on
  the age, and an age alone leads to nobody. A kept question is therefore no Safe Harbor de-identified text; it stays
  sensitive, with a retention of its own. For the same reason a year alone ("born 1931") is let through.
- "Dr" and "Prof" are no titles of patients: physicians, authors and eponyms bear them ("Dr. Smith's criteria").
- A town alone: rules cannot tell "lives in Lower Sampleton" from "lives in Malawi", and the second is clinical.
- Names without a title, an introduction, a common given name or an age, number or date beside them; pictures and
  biometric data, which no text holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.identifiers import contacts, dates, names, numbers, places
from assistant.identifiers.folding import fold
from assistant.identifiers.rule import IdentifierKind

__all__ = ["Found", "IdentifierKind", "identifiers", "kinds"]

_RULES = (
    *contacts.WRITTEN,
    *numbers.NAMED,
    *contacts.DIALLED,
    *numbers.BARE,
    *contacts.BARE,
    *places.RULES,
    *dates.RULES,
    *names.RULES,
)
"""The earlier of two that overlap is right: a number that is named for what it is before one that only looks so."""


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier at text[start:end]."""

    kind: IdentifierKind
    start: int
    end: int


def identifiers(text: str) -> tuple[Found, ...]:
    """The identifiers of a text in their order, none overlapping another; offsets are those of the text as it is."""
    folded = fold(text)
    taken: list[tuple[int, int, IdentifierKind]] = []
    for rule in _RULES:
        for start, end in rule.spans(folded.text):
            if all(end <= other_start or other_end <= start for other_start, other_end, _ in taken):
                taken.append((start, end, rule.kind))
    return tuple(Found(kind, *folded.original(start, end)) for start, end, kind in sorted(taken))


def kinds(found: Iterable[Found]) -> tuple[IdentifierKind, ...]:
    """The kinds of what was found, each once, in the order of IdentifierKind."""
    present = {one.kind for one in found}
    return tuple(kind for kind in IdentifierKind if kind in present)
