"""Sentences of SciFact's abstracts, as they are and altered by rule so that they no longer say what they said."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from benchmarks.shared import records
from benchmarks.support_data import half_of

ALTERED = {
    "unchanged": "unchanged: supported",
    "shorter": "what stands in brackets left out: supported",
    "number": "a number changed: not supported",
    "swapped": "two of its numbers exchanged: not supported",
    "unit": "a unit changed: not supported",
    "negation": "a negation put in or taken out: not supported",
    "opposite": "a word of direction turned round: not supported",
    "other": "the sentence of another abstract: not supported",
}
"""Kinds of sentence, and what is right."""

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w]|[.,]\d)")
_UNITS = {"mg": "g", "%": " mg", "days": "weeks", "weeks": "months", "months": "years", "years": "months", "h": "days"}
_UNIT = re.compile(r"(?<=\d)(?P<space>\s?)(?P<unit>%|(?:mg|days|weeks|months|years|h)\b)")
_VERB = re.compile(r"\b(is|are|was|were|has|have|can|may|did)\s(not\s)?")
_TURNED = dict(
    pair.split("|")
    for pair in "increased|decreased higher|lower reduced|increased more|less inhibits|activates".split()
)
_TURN = re.compile(r"\b(" + "|".join(_TURNED) + r")\b")


@dataclass(frozen=True, slots=True)
class Altered:
    """A claim made from a sentence, and whether the sentence still supports it."""

    kind: str
    claim: str
    premise: str

    @property
    def supported(self) -> bool:
        return self.kind in ("unchanged", "shorter")


def altered() -> Iterator[Altered]:
    """Of each abstract of the reported half, the first sentence that a rule applies to, for every rule."""
    before = "We describe the patients."
    for record in records("scifact", "corpus.jsonl.zst"):
        sentences = [one for one in record["abstract"] if 60 <= len(one) <= 300]
        if half_of(f"abstract {record['doc_id']}") == "report" and sentences:
            for kind, change in _CHANGES.items():
                changed = ((change(sentence), sentence) for sentence in sentences)
                found = next(((claim, one) for claim, one in changed if kind == "unchanged" or claim != one), None)
                if found:
                    yield Altered(kind, *found)
            yield Altered("other", before, sentences[0])
            before = sentences[0]


def _shorter(sentence: str) -> str:
    return re.sub(r"\s\([^()]*\)", "", sentence)


def _number(sentence: str) -> str:
    other = next(number for number in count(7) if str(number) not in sentence)
    return _NUMBER.sub(str(other), sentence, count=1)


def _swapped(sentence: str) -> str:
    found = list(_NUMBER.finditer(sentence))
    if len(found) < 2 or found[0][0] == found[1][0]:
        return sentence
    one, other = found[:2]
    return sentence[: one.start()] + other[0] + sentence[one.end() : other.start()] + one[0] + sentence[other.end() :]


def _unit(sentence: str) -> str:
    return _UNIT.sub(lambda match: match["space"] + _UNITS[match["unit"]], sentence, count=1)


def _negation(sentence: str) -> str:
    return _VERB.sub(lambda match: f"{match[1]} " if match[2] else f"{match[1]} not ", sentence, count=1)


def _opposite(sentence: str) -> str:
    return _TURN.sub(lambda match: _TURNED[match[1]], sentence, count=1)


_CHANGES: dict[str, Callable[[str], str]] = {
    "unchanged": str,
    "shorter": _shorter,
    "number": _number,
    "swapped": _swapped,
    "unit": _unit,
    "negation": _negation,
    "opposite": _opposite,
}
