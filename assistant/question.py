"""What is asked: the text, what came before it, what is being read, and by whom."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import ControlCharacters, EmptyQuestion, OverlongQuestion

MAX_CHARACTERS = 1000
"""Beyond the longest of 700 real consumer questions' summaries by far; a page of text is not a question."""
MAX_TURNS = 20


class Audience(StrEnum):
    """Who reads; decides what is explained beside the answer, never what the answer states."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange: what was typed, how it was read, the passages its answer rested on, its offers."""

    text: str
    read_as: str
    passage_ids: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question of bounded length with a bounded history.

    `read_as` is the reader's own correction of how a follow-up is to be read; it replaces ours.
    """

    text: str
    history: tuple[Turn, ...] = ()
    article_id: str | None = None
    audience: Audience = Audience.CLINICIAN
    read_as: str | None = None

    def __post_init__(self) -> None:
        for text in (self.text, *([] if self.read_as is None else [self.read_as])):
            check_text(text)
        if len(self.history) > MAX_TURNS:
            raise OverlongQuestion(f"{len(self.history)} earlier turns; keep the last {MAX_TURNS}")


def check_text(text: str) -> None:
    """Raise the InvalidQuestion that fits, if any."""
    if len(text) > MAX_CHARACTERS:
        raise OverlongQuestion(f"the question has {len(text)} characters; ask in at most {MAX_CHARACTERS}")
    bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Co") and c not in "\t\n\r"]
    if bad:
        raise ControlCharacters(f"the question holds the control character U+{ord(bad[0]):04X}; type it again without")
    if not any(c.isalnum() for c in text):
        raise EmptyQuestion("the question is empty; type what you want to know")
