"""What kinds of identifiers there are, and what a rule that notices one consists of."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class IdentifierKind(StrEnum):
    """The kinds of 45 CFR 164.514(b)(2)(i) that rules can find, (A) to (O) and (R), as the asker is told them."""

    NAME = "name"
    ADDRESS = "address"
    DATE = "personal date"
    TELEPHONE = "telephone number"
    FAX = "fax number"
    E_MAIL = "e-mail address"
    SOCIAL_SECURITY = "social security number"
    RECORD = "record number"
    HEALTH_PLAN = "health plan number"
    ACCOUNT = "account number"
    LICENCE = "licence number"
    VEHICLE = "vehicle number"
    DEVICE = "device number"
    WEB = "web address"
    IP = "IP address"
    PERSONAL_NUMBER = "personal number"


def _always(found: re.Match[str]) -> bool:
    return bool(found)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over folded text, whose group `value` (else the whole) identifies where `fits` agrees."""

    kind: IdentifierKind
    pattern: re.Pattern[str]
    fits: Callable[[re.Match[str]], bool] = _always

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it identifies; what does not fit hides nothing that begins within it."""
        position = 0
        while (found := self.pattern.search(text, position)) is not None:
            if self.fits(found):
                yield value_span(found)
                position = max(found.end(), found.start() + 1)
            else:
                position = found.start() + 1


def value_span(found: re.Match[str]) -> tuple[int, int]:
    """The offsets of what a match identifies by."""
    return found.span("value" if "value" in found.re.groupindex else 0)


def value(found: re.Match[str]) -> str:
    """What a match identifies by, without the words that led to it."""
    start, end = value_span(found)
    return found.string[start:end]
