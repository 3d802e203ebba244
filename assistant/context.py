"""What the conversation is about when a follow-up is typed: the last question, and the things it can refer to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.focus import Kind, Phrase, kind_of, phrases
from assistant.lexicon import ASPECTS
from indexer.analysis import terms

if TYPE_CHECKING:
    from assistant.question import Turn
    from corpus.vocabulary import Vocabulary

_BRACKET = re.compile(r"(?<=[?.!])\s*\(([^()]*)\)\s*$")
_ASKING = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|thanks?(?: you)?|please|then)\b[\s,]*)*"
    r"(?:(?:can|could|would) you (?:please )?(?:tell me|explain|describe|give me)(?: more)?(?: about)?|tell me "
    r"(?:more )?about|"
    r"(?:what|which(?: one)?|who|when|where|why|how)(?: (?:often|long|much|many|soon|far))?)?\s*"
    r"(?:(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|may|might)\b\s*)?(?:there\b\s*)?"
    r"(?:(?:the|a|an|any|some|you|i|we)\b\s*)?",
    re.IGNORECASE,
)


def split_context(text: str) -> tuple[str, str]:
    """A reading without the bracket an earlier turn added, and what that bracket held."""
    found = _BRACKET.search(text)
    return (text[: found.start()], found.group(1)) if found else (text, "")


def gist(text: str) -> str:
    """What a question asks about, without the words of asking: "first-line treatment for myositis"."""
    core, added = split_context(" ".join(text.split()))
    bare = _ASKING.sub("", core, count=1).rstrip(" ?.!")
    if not terms(bare):
        return added
    bare = bare[0].lower() + bare[1:] if bare.split()[0].istitle() and bare.split()[0].lower() in ASPECTS else bare
    return f"{bare}, {added}" if added else bare


@dataclass(frozen=True, slots=True)
class Context:
    """Phrases that were said before, those of the newest turn first; the article's title is the oldest turn."""

    last: str
    subject: str
    texts: tuple[str, ...]
    turns: tuple[tuple[Phrase, ...], ...]
    rarity: Callable[[str], float]

    @property
    def medical(self) -> bool:
        """Whether any drug or disease was named."""
        return any(phrase.kind in (Kind.DRUG, Kind.DISEASE) for turn in self.turns for phrase in turn)

    def is_new(self, name: str) -> bool:
        """Whether the newest turn said that name."""
        return name in self.texts[0]

    def newest(self, kind: Kind, within: int = 99) -> Phrase | None:
        """The phrase of that kind said last; a turn's main words go before its bracket."""
        for turn in self.turns[:within]:
            for phrase in turn:
                if phrase.kind is kind:
                    return phrase
        return None

    def all_newest(self, kind: Kind, limit: int = 2) -> tuple[Phrase, ...]:
        """The phrases of that kind in the newest turn that has any."""
        for turn in self.turns:
            found = [phrase for phrase in turn if phrase.kind is kind]
            if found:
                return tuple(found[:limit])
        return ()


_ORGAN = re.compile(r"\b(?:renal|kidney|ckd|eskd|hepatic|liver|cirrhosis)\b", re.IGNORECASE)
"""Beside another disease, these say which patient it is."""


def _apart(turns: tuple[tuple[Phrase, ...], ...]) -> tuple[tuple[Phrase, ...], ...]:
    """The turns with kidney and liver disease taken as a group of patients, where another disease is the topic."""
    turns = tuple(tuple(_midway(phrase) for phrase in turn) for turn in turns)
    diseases = [phrase for turn in turns for phrase in turn if phrase.kind is Kind.DISEASE]
    if all(_ORGAN.search(phrase.text) for phrase in diseases):
        return turns
    return tuple(tuple(of_patients(phrase) for phrase in turn) for turn in turns)


def _midway(phrase: Phrase) -> Phrase:
    """The phrase as written within a sentence: a drug's generic name loses the capital that opened its own."""
    generic = phrase.start == 0 and phrase.text.istitle() and kind_of(phrase.text) is Kind.DRUG
    return Phrase(phrase.text.lower(), phrase.kind, 0, phrase.end) if generic else phrase


def of_patients(phrase: Phrase) -> Phrase:
    """The phrase as a group of patients, if it names kidney or liver disease."""
    organ = phrase.kind is Kind.DISEASE and _ORGAN.search(phrase.text)
    return Phrase(phrase.text, Kind.GROUP, phrase.start, phrase.end) if organ else phrase


def known(
    history: "tuple[Turn, ...]", subject: str, vocabulary: "Vocabulary", rarity: Callable[[str], float]
) -> Context | None:
    """The context of a question, if anything was said or read before it."""
    said = [turn.read_as or turn.text for turn in reversed(history)]
    texts = [text for text in (*said, subject) if terms(text)]
    if not texts:
        return None
    turns = _apart(tuple(phrases(text, vocabulary) for text in texts))
    return Context(said[0] if said else "", subject, tuple(texts), turns, rarity)
