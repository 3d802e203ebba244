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


_ABOUT = re.compile(r"\b(?:about|of|(?:what|who) (?:is|are|was|were)(?: the| a| an)?)\s+$", re.IGNORECASE)
_UNSEEN = "\x00"
"""A term no index holds, so its rarity is the highest there is."""
_WEIGHTS = {
    "newest": 0.55, "second": 0.15, "age": -0.12, "oldest": 1.05, "first": 0.45, "last": 0.5, "name": 0.55,
    "bracket": -0.55, "about": 0.65, "long": -1.3, "word": 0.45, "rare": 1.5,
}  # fmt: skip
"""Logistic regression over 8,450 phrases of the development turns (not health) of TREC CAsT, iKAT and MTRAG: is the
phrase in the human rewrite? The first choice was right in 70% of the CAsT turns where any was."""


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

    def topic(self) -> tuple[Phrase, ...]:
        """What the conversation is about, short: diseases, or failing these the things returned to."""
        return self.all_newest(Kind.DISEASE) or tuple(self.things()[:1])

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

    def things(self) -> list[Phrase]:
        """What "it" may mean when nothing medical was named, most likely first."""
        best: dict[str, tuple[float, Phrase]] = {}
        for age, turn in enumerate(self.turns):
            named = [phrase for phrase in turn if phrase.kind in (Kind.THING, Kind.DISEASE, Kind.DRUG)]
            for phrase in named:
                key = " ".join(terms(phrase.text))
                score = self._likelihood(phrase, age, phrase == named[0], phrase == named[-1]) if key else 0.0
                if key and (key not in best or age + 1 == len(self.turns)):
                    oldest = _WEIGHTS["oldest"] * (age + 1 == len(self.turns))
                    best[key] = (best[key][0] + oldest, best[key][1]) if key in best else (score + oldest, phrase)
        return [phrase for _, phrase in sorted(best.values(), key=lambda pair: -pair[0])]

    def _likelihood(self, phrase: Phrase, age: int, first: bool, last: bool) -> float:
        """Log odds, up to a constant, that a phrase is what a later turn points at."""
        text, words = self.texts[age], terms(phrase.text)
        highest = self.rarity(_UNSEEN)
        rare = sum(map(self.rarity, words)) / len(words) / highest if highest > 0 else 0.0
        said_of = {
            "first": first,
            "last": last,
            "name": phrase.start > 0 and phrase.text[0].isupper(),
            "bracket": phrase.start >= len(split_context(text)[0]),
            "about": age <= 1 and bool(_ABOUT.search(text[: phrase.start])),
            "long": len(words) > 3,
        }
        score = sum(_WEIGHTS[name] for name, holds in said_of.items() if holds)
        score += _WEIGHTS["rare"] * rare + _WEIGHTS["word"] * (min(len(words), 4) - 1) + _WEIGHTS["age"] * min(age, 6)
        return score + (_WEIGHTS["newest"] if age == 0 else _WEIGHTS["second"] if age == 1 else 0.0)


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
