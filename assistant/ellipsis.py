"""Questions that leave out what they are about ("What are the side effects?"), and how it is put back."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.context import Context, of_patients
from assistant.focus import Kind, Phrase, phrases, words_of
from assistant.lexicon import DISEASE_ASPECTS
from assistant.reference import referents
from indexer.analysis import terms

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as typed, its point without pleasantries, the point's phrases, and what it can refer to."""

    text: str
    point: str
    found: tuple[Phrase, ...]
    context: Context
    vocabulary: "Vocabulary"

    def has(self, *kinds: Kind) -> bool:
        """Whether the question itself names something of these kinds."""
        return any(phrase.kind in kinds for phrase in self.found)

    @property
    def topic(self) -> list[Phrase]:
        """What the conversation is about, short: diseases, or failing these what the question probably refers to."""
        return list(self.context.all_newest(Kind.DISEASE)) or self.referents[:1]

    @property
    def referents(self) -> list[Phrase]:
        """The phrases said before that the question probably refers to, most likely first."""
        return referents(self.point, self.found, self.context)

    @property
    def names_disease(self) -> bool:
        """Whether it names a disease of its own, kidney and liver of a patient treated for another not counted."""
        topic = any(of_patients(phrase) is phrase for phrase in self.context.all_newest(Kind.DISEASE))
        own = [of_patients(phrase) if topic else phrase for phrase in self.found]
        return any(phrase.kind is Kind.DISEASE for phrase in own)


_TREATMENT = frozenset(
    "treatment treatments therapy therapies management options drug drugs medication medications guideline "
    "guidelines".split()
)
_CONNECTORS = {"evidence": "for", "test": "for", "tests": "for"}
_CONNECTORS |= dict.fromkeys(("alternative", "alternatives", "contraindication", "contraindications"), "to")
_CONNECTORS |= {"interactions": "with", "guideline": "on", "guidelines": "on", "target": "in", "targets": "in"}
_ENDS_IN_ASPECT = re.compile(
    r"^(?:(?:what|which|any|are there|is there|and)\b.*|(?:the )?\S+(?: \S+){0,3})$", re.IGNORECASE
)


_THINGS = 3
"""A question that names this much of its own is not about the drug of the last question unless it points back."""


def _unsaid(asked: Asked) -> tuple[list[Phrase], list[Phrase], list[Phrase]]:
    """The drugs, diseases and groups of the conversation that the question leaves out and would need."""
    context, words = asked.context, {word for phrase in asked.found for word in words_of(phrase.text)}
    drugs: list[Phrase] = []
    general = words & (DISEASE_ASPECTS | _TREATMENT)
    things = [word for phrase in asked.found if phrase.kind is Kind.THING for word in terms(phrase.text)]
    if not asked.has(Kind.DRUG) and len(things) < _THINGS and not general:
        drugs = [phrase for phrase in context.turns[0] if phrase.kind is Kind.DRUG][:2]
    diseases = [] if asked.names_disease else list(context.all_newest(Kind.DISEASE))
    groups: list[Phrase] = []
    if not asked.has(Kind.GROUP, Kind.THING):
        groups = [phrase for phrase in context.turns[0] if phrase.kind is Kind.GROUP][:1]
    return drugs, diseases, groups


def _both(found: list[Phrase]) -> str:
    return " and ".join(dict.fromkeys(phrase.text for phrase in found))


def with_context(asked: Asked, text: str, pointed: list[str] | None = None) -> str | None:
    """The text with what it leaves out, woven in after an aspect, in a bracket elsewhere; None if that is nothing."""
    drugs, diseases, groups = _unsaid(asked)
    drugs = [phrase for phrase in drugs if pointed is None or phrase.text in pointed]
    body = text.rstrip(" ?.!")
    ending = phrases(body, asked.vocabulary)
    last = ending[-1] if ending else None
    if (
        (drugs or diseases)
        and len(diseases) < 2
        and last
        and last.kind is Kind.ASPECT
        and last.end == len(body)
        and _ENDS_IN_ASPECT.match(body)
    ):
        link = "in" if asked.has(Kind.DRUG) else _CONNECTORS.get(words_of(last.text)[-1], "of")
        if drugs:
            body += f" {link} {_both(drugs)}"
            link = "in"
        if diseases:
            body += f" {'for' if words_of(last.text)[-1] in _TREATMENT and not drugs else link} {_both(diseases)}"
        body += f" in {groups[0].text}" if groups and not diseases else f", in {groups[0].text}" if groups else ""
        return f"{body[0].upper()}{body[1:]}?"
    names = [phrase.text for phrase in (*drugs, *diseases, *groups)]
    return bracketed(text, names[:3] or pointed or _thing(asked, text))


def _thing(asked: Asked, text: str) -> list[str]:
    own = set(terms(text))
    return [thing.text for thing in asked.referents if not set(terms(thing.text)) <= own][:1]


def bracketed(text: str, names: list[str]) -> str | None:
    said = set(terms(text))
    new = [name for name in dict.fromkeys(names) if not set(terms(name)) <= said]
    if not new:
        return None
    ended = text[0].upper() + text[1:] + ("" if text[-1] in "?.!" else "?")
    return f"{ended} ({', '.join(new)})"


STATES = re.compile(r"^(?:i|i['’]\w+|we|my|that['’]s|thanks?|let['’]s)\b(?!.*\?)", re.IGNORECASE)
_DEFINES = re.compile(
    r"^(?:what (?:is|are|was|were)(?! the\b)|who (?:is|are|was|were)|how (?:do|does|did)|define|describe|explain)\b",
    re.IGNORECASE,
)


def elliptical(asked: Asked) -> str | None:
    """A question that names too little to be understood alone gets the topic; one that names its own stays."""
    own = [word for phrase in asked.found if phrase.kind is not Kind.ASPECT for word in terms(phrase.text)]
    if asked.names_disease or (_DEFINES.match(asked.point) and own and not asked.has(Kind.GROUP)):
        return None
    things = [word for phrase in asked.found if phrase.kind is Kind.THING for word in terms(phrase.text)]
    if STATES.match(asked.point) or len(things) > 3:
        return None
    return with_context(asked, asked.text)
