"""Draft + evidence → Statements. A drafted statement whose quoted span does not support it is cut.

A verbatim statement is its own support. Any other must bring every number, unit, comparison and
negation of its own in the span; similarity is no support (contradictions score higher than
paraphrases, see the design notes in docs/decisions.md).
"""

import re
from collections import Counter
from dataclasses import dataclass

from assistant.answer import Support
from corpus.types import Passage
from indexer.analysis import terms, words


@dataclass(frozen=True, slots=True)
class Drafted:
    """A statement proposed by a writer: its text, and the passage and span it says it rests on."""

    text: str
    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grounded:
    """A statement that its span supports, and how."""

    text: str
    passage: Passage
    start: int
    end: int
    supports: Support


MINIMUM_SHARED = 0.5
"""Share of a paraphrase's own terms that must stand in the span; below it, it speaks of something else."""

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")
_UNIT = re.compile(
    r"(?<=[\d\s])(?:%|percent|(?:[mµu]c?g|g|kg|ng|mmol|mol|iu|u|units?|ml|l|dl|mm\s?hg|h|hours?|days?|weeks?|months?|years?)"
    r"(?:\s?/\s?(?:kg|m2|day|d|h|l|ml|dl|week|month|min))*)(?![A-Za-z])",
    re.IGNORECASE,
)
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}
_OFTEN = frozenset("once twice thrice hourly daily weekly monthly yearly annually".split())
_BOUND = re.compile(
    r"[<>≤≥]|\bat (?:least|most)\b|\bor (?:more|less|fewer|over|under|higher|lower)\b|\bup to\b|"
    r"\b(?:more|less|fewer|greater|higher|lower) than(?= \d)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"n['’]t\b", re.IGNORECASE)
_NEGATION = frozenset("no not nor never without neither cannot none absent failed lack lacks lacked".split())
_DIRECTION = {
    **dict.fromkeys(
        "increase increased increases higher greater more raised raises rise rose above superior longer".split(), "+"
    ),
    **dict.fromkeys(
        """decrease decreased decreases lower lowered lowers less fewer reduced reduces reduce reduction below inferior
        shorter""".split(),
        "-",
    ),
    **dict.fromkeys("equal equivalent similar unchanged noninferior non-inferior same".split(), "="),
}


def ground(drafted: tuple[Drafted, ...], passages: dict[str, Passage]) -> tuple[Grounded, ...]:
    """The drafted statements that stand, in their order; the rest are cut."""
    return tuple(kept for draft in drafted if (kept := _ground_one(draft, passages)) is not None)


def _ground_one(draft: Drafted, passages: dict[str, Passage]) -> Grounded | None:
    passage = passages.get(draft.passage_id)
    if passage is None or not passage.start <= draft.start < draft.end <= passage.end:
        return None
    span = passage.quote(draft.start, draft.end)
    if span == draft.text:
        return Grounded(draft.text, passage, draft.start, draft.end, Support.VERBATIM)
    if supported(draft.text, span):
        return Grounded(draft.text, passage, draft.start, draft.end, Support.CHECKED)
    return None


def supported(statement: str, span: str) -> bool:
    """Whether a span holds every number, unit, direction and negation of a statement, and its subject."""
    return (
        not _beyond(_numbers(statement), _numbers(span))
        and not _beyond(_units(statement), _units(span))
        and _often(statement) <= _often(span)
        and _bounds(statement) <= _bounds(span)
        and _directions(statement) <= _directions(span)
        and _negated(statement) == _negated(span)
        and _shared(statement, span) >= MINIMUM_SHARED
    )


def same_sense(one: str, other: str) -> bool:
    """Whether two texts agree in direction and negation; when not, they are not the same however alike."""
    return _directions(one) == _directions(other) and _negated(one) == _negated(other)


def _often(text: str) -> frozenset[str]:
    return _OFTEN.intersection(words(text))


def _bounds(text: str) -> set[str]:
    return {found.casefold() for found in _BOUND.findall(text)}


def _beyond(wanted: Counter[str], held: Counter[str]) -> bool:
    """Whether anything is wanted that is not held at all."""
    return bool(set(wanted) - set(held))


def _numbers(text: str) -> Counter[str]:
    written = (found.replace("·", ".").replace(",", "") for found in _NUMBER.findall(text))
    spelled = (NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS)
    return Counter((*written, *spelled))


def _units(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", found).casefold().rstrip("s") for found in _UNIT.findall(text))


def _directions(text: str) -> set[str]:
    return {_DIRECTION[word] for word in words(text) if word in _DIRECTION}


def _negated(text: str) -> bool:
    return bool(_NEGATION.intersection(words(text)) or _CONTRACTED.search(text))


def _shared(statement: str, span: str) -> float:
    own = set(terms(statement))
    return len(own & set(terms(span))) / len(own) if own else 0.0
