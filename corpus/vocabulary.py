"""What the words of a question mean in this corpus: abbreviations, brand names, synonyms.

A form with a capital after its first character ("AF", "HFrEF") is found only as written; every other
form is found in any case, in singular or plural, in British or American spelling.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from corpus.words import Key, Words, exact_key, fold, is_exact, singular

_LONGEST_NAME = 5
"""Words of the longest name looked for among those that the corpus does not hold."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning: the name that the corpus spells out most often, and every form that names it."""

    name: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A form found in a text; several concepts, the most frequent first, when it is ambiguous."""

    start: int
    end: int
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    concepts: tuple[Concept, ...]
    unheld: tuple[str, ...]


class Vocabulary:
    """Concepts, the most frequent first, and the mentions of them in a text.

    `unheld` are names of drugs and diseases that medicine knows and this corpus does not hold, as
    folded words joined by spaces.
    """

    __slots__ = ("_root", "concepts", "unheld")

    def __init__(self, concepts: Iterable[Concept], unheld: Iterable[str] = ()) -> None:
        self.concepts = tuple(concepts)
        self.unheld = frozenset(unheld)
        self._root = _Node()
        for place, concept in enumerate(self.concepts):
            for form in concept.forms:
                exact = exact_key(form)
                node = self._root
                for word in exact:
                    node = node.branch(fold(word))
                node.meanings.append((exact if is_exact(form) else None, place))
        self._root.meanings.clear()  # forms without a word, which no text mentions

    @classmethod
    def from_json(cls, data: bytes) -> "Vocabulary":
        """The vocabulary that `to_json` wrote."""
        stored = msgspec.json.decode(data, type=_Stored)
        return cls(stored.concepts, stored.unheld)

    def to_json(self) -> bytes:
        """Everything as UTF-8 JSON."""
        return msgspec.json.encode(_Stored(self.concepts, tuple(sorted(self.unheld))))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Whole-word forms in `text`, in order: the longest at each place, never overlapping."""
        free, found = 0, []
        for start, end, places in self.matches(Words(text)):
            if start >= free:
                found.append(Mention(start, end, tuple(self.concepts[place] for place in places)))
                free = end
        return tuple(found)

    def abbreviations(self, text: str) -> Iterator[tuple[str, str]]:
        """The abbreviations in `text` that mean one thing only, each with what it means, as often as they stand there.

        An abbreviation is a form with two capitals at least.
        """
        for mention in self.mentions(text):
            form, meaning = text[mention.start : mention.end], mention.concepts[0].name
            is_short = sum(c.isupper() for c in form) > 1 and meaning.casefold() != form.casefold()
            if is_short and len(mention.concepts) == 1:
                yield form, meaning

    def unheld_names(self, text: str) -> tuple[str, ...]:
        """Names in `text`, as written, that the corpus does not hold; none that lies within a mention."""
        words, taken = Words(text), [(m.start, m.end) for m in self.mentions(text)]
        folded, free, found = list(map(fold, words.spelled)), 0, []
        for first in range(len(folded)):
            for last in reversed(range(first, min(first + _LONGEST_NAME, len(folded)))):
                start, end = words.span(first, last)
                known = start < free or any(a <= start and end <= b for a, b in taken)
                if not known and " ".join(folded[first : last + 1]) in self.unheld and words.stand_alone(first, last):
                    found.append(text[start:end])
                    free = end
        return tuple(found)

    def matches(self, words: Words) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Span and places of the concepts of every form, overlapping too; by start, the longer first."""
        folded = list(map(fold, words.spelled))
        for first, key in enumerate(folded):
            node = self._root.branches.get(key)
            if node is None:
                continue
            ends, last = [], first
            while node is not None:
                if node.meanings:
                    ends.append((last, node))
                last += 1
                node = node.branches.get(folded[last]) if last < len(folded) else None
            for last, node in reversed(ends):
                places = node.read(words.spelled[first : last + 1])
                if places and words.stand_alone(first, last):
                    yield *words.span(first, last), places


class _Node:
    """A step in the tree of forms: the words that may follow, and what the form so far means."""

    __slots__ = ("branches", "meanings")

    def __init__(self) -> None:
        self.branches: dict[str, _Node] = {}
        self.meanings: list[tuple[Key | None, int]] = []

    def branch(self, word: str) -> "_Node":
        """The step that `word` leads to, made when there is none."""
        if word not in self.branches:
            self.branches[word] = _Node()
        return self.branches[word]

    def read(self, run: list[str]) -> tuple[int, ...]:
        """The concepts that a run of words names as it is written."""
        written = tuple(map(singular, run))
        return tuple(sorted({place for exact, place in self.meanings if exact in (None, written)}))
