"""A lexicon and the texts of a corpus → its Vocabulary."""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.abbreviations import definitions
from corpus.lexicons import Lexicon, read_lexicon
from corpus.vocabulary import Concept, Vocabulary
from corpus.words import Key, Words, exact_key, fold, folded_key, is_exact, plain_key, singular

# A meaning of a short form is kept when a fifth of the texts that define the short form give it.
_MEANING_SHARE = 0.2
_MOST_MEANINGS = 3
_SHORTEST_NAME = 5
"""Characters; shorter names of drugs and diseases are too often something else."""


def build_vocabulary(texts: Iterable[str], lexicon: Lexicon | None = None) -> Vocabulary:
    """The concepts of a lexicon, and of the texts' own definitions, that occur in `texts`.

    Reads each text once. Without `lexicon`, our list and the installed dictionaries; UnreadableSource
    when a dictionary package is missing.
    """
    lexicon = lexicon or read_lexicon()
    known, started = _started(lexicon)
    drafts = [_Draft(name, dict(forms)) for name, forms in started]
    defined: Counter[tuple[str, Key]] = Counter()
    long_forms: dict[Key, Counter[str]] = defaultdict(Counter)
    written: set[str] = set()
    for text in texts:
        words = Words(text)
        written.update(words.spelled)
        for start, end, places in known.matches(words):
            for place in places:
                drafts[place].seen[text[start:end]] += 1
        found = {(singular(each.short), folded_key(each.long)): each.long for each in definitions(text)}
        defined.update(found.keys())
        for (_, key), long in found.items():
            long_forms[key][long] += 1
    _add_definitions(drafts, defined, long_forms, lexicon.everyday | written)
    held = _occurring(drafts)
    return Vocabulary(held, _unheld(lexicon, held, written))


@dataclass(slots=True)
class _Draft:
    """A concept in the making: its forms by plain or exact key, and how often the texts write each."""

    name: str
    forms: dict[tuple[bool, Key], str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, form: str, *, any_case: bool) -> None:
        exact = is_exact(form)
        key = exact_key(form) if exact else plain_key(form)
        self.forms.setdefault((exact, key), form)
        if exact and any_case:
            self.forms.setdefault((False, plain_key(form)), form.lower())

    def concept(self) -> Concept:
        """The concept, its name and its spellings taken from the texts."""
        given = {plain_key(form): form for form in self.forms.values()}
        short = {form for form in self.forms.values() if is_exact(form) and " " not in form}
        short_keys = set(map(exact_key, short)) | set(map(plain_key, short))
        spelled = self.seen.copy()
        for form in self.seen:
            if not short_keys.isdisjoint((exact_key(form), plain_key(form))):
                del spelled[form]
        variants = {surface.lower() for surface in spelled if plain_key(surface) not in given}
        name = self._name(spelled or self.seen)
        return Concept(name, tuple(sorted({*self.forms.values(), *variants, name})))

    def _name(self, surfaces: Counter[str]) -> str:
        """The most frequent of `surfaces`; its capitals are those of a given form where there is one."""
        spellings: Counter[str] = Counter()
        for surface, count in surfaces.items():
            spellings[surface.casefold()] += count
        common = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
        written = [surface for surface in surfaces if surface.casefold() == common]
        given = [form for form in self.forms.values() if form.casefold() == common]
        return given[0] if given else min(written, key=lambda form: (-surfaces[form], form.swapcase()))


def _occurring(drafts: list[_Draft]) -> list[Concept]:
    """The concepts with a form in the texts that names nothing else, the most frequent first."""
    owners = Counter(key for draft in drafts for key in {folded_key(form) for form in draft.forms.values()})
    counted = (
        (sum(count for form, count in draft.seen.items() if owners[folded_key(form)] == 1), draft) for draft in drafts
    )
    order = sorted((-count, draft.name, place) for place, (count, draft) in enumerate(counted) if count)
    return [drafts[place].concept() for _, _, place in order]


def _unheld(lexicon: Lexicon, held: list[Concept], written: set[str]) -> set[str]:
    """The names of the lexicon that no text holds, folded; words that the texts use anyway are not names."""
    forms = {form for groups in (lexicon.curated, lexicon.shipped) for name in groups for form in (name, *groups[name])}
    known = {folded_key(form) for concept in held for form in concept.forms}
    everyday = {fold(word) for word in lexicon.everyday}
    plain = everyday | {fold(word) for word in written}
    keys = {folded_key(form) for form in forms if len(form) >= _SHORTEST_NAME} - known
    return {" ".join(key) for key in keys if key and not (plain if len(key) == 1 else everyday).issuperset(key)}


@lru_cache(maxsize=2)
def _started(lexicon: Lexicon) -> tuple[Vocabulary, tuple[tuple[str, dict[tuple[bool, Key], str]], ...]]:
    """What every build with a lexicon begins with: its concepts as they are found in texts, and as drafts."""
    with _uncollected():
        drafts = _drafts(lexicon)
        known = Vocabulary(Concept(draft.name, tuple(draft.forms.values())) for draft in drafts)
    return known, tuple((draft.name, draft.forms) for draft in drafts)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles, of which there are none: among so many small objects that doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _drafts(lexicon: Lexicon) -> list[_Draft]:
    """The lexicon's concepts: ours, each joined with the dictionary entry of one of its names."""
    drafts: list[_Draft] = []
    ours: dict[Key, int] = {}
    for name, forms in lexicon.curated.items():
        draft = _Draft(name)
        for form in (name, *forms):
            letters = sum(map(str.isalpha, form))
            draft.add(form, any_case=letters >= 3 and form.lower() not in lexicon.everyday)
            ours.setdefault(folded_key(form), len(drafts))
        drafts.append(draft)
    for name, forms in lexicon.shipped.items():
        joined = ours.get(folded_key(_straight(name)))
        draft = _Draft(_straight(name)) if joined is None else drafts[joined]
        for form in forms:
            if folded_key(form) not in ours:
                draft.add(form, any_case=False)
        if joined is None and draft.forms:
            drafts.append(draft)
    return drafts


def _straight(name: str) -> str:
    """A subject heading in running order: "Lung Diseases, Interstitial" is interstitial lung diseases."""
    return " ".join(reversed(name.split(", ")))


def _add_definitions(
    drafts: list[_Draft],
    defined: Counter[tuple[str, Key]],
    long_forms: dict[Key, Counter[str]],
    english: frozenset[str] | set[str],
) -> None:
    """Give each short form that the texts define to the concept of its long form, or to a new one."""
    owners: dict[Key, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        for key in {folded_key(form) for exact_form, form in draft.forms.items() if not exact_form[0]}:
            owners[key].append(draft)
    for (short, key), count in _common_meanings(defined):
        if not owners[key]:
            ranked = long_forms[key]
            name = min(ranked, key=lambda form: (-ranked[form], form.swapcase()))
            owners[key].append(_Draft(name))
            owners[key][0].add(name, any_case=True)
            drafts.extend(owners[key])
        any_case = sum(map(str.isalpha, short)) >= 4 and short.lower() not in english
        for draft in owners[key]:
            draft.add(short, any_case=any_case)
            draft.seen[draft.name] += count


def _common_meanings(defined: Counter[tuple[str, Key]]) -> Iterator[tuple[tuple[str, Key], int]]:
    by_short: dict[str, list[tuple[int, Key]]] = defaultdict(list)
    for (short, key), count in defined.items():
        by_short[short].append((count, key))
    for short, meanings in sorted(by_short.items()):
        total = sum(count for count, _ in meanings)
        for count, key in sorted(meanings, key=lambda each: (-each[0], each[1]))[:_MOST_MEANINGS]:
            if count >= _MEANING_SHARE * total:
                yield (short, key), count
