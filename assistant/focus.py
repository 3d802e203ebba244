"""What a question is about: its noun phrases, and whether each names a drug, a disease, a group, an aspect or a thing.

No parser: a phrase is a run of words between function words and common verbs, which is enough for questions.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.lexicon import (
    ASPECTS,
    BREAKS,
    BRIDGES,
    COMPLICATIONS,
    CONTRACTED,
    DISEASE,
    DRUG,
    GROUP,
    NOT_DISEASE,
    OPENERS,
)

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


class Kind(StrEnum):
    """What a phrase can stand in for: like replaces like."""

    DRUG = "drug"
    DISEASE = "disease"
    GROUP = "group"
    ASPECT = "aspect"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a question, at its span."""

    text: str
    kind: Kind
    start: int
    end: int


TOKEN = re.compile(r"[^\W_]+(?:[-'’/.][^\W_]+)*")


def _names(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the phrase, its last word or any of its words is a name of that sort."""
    found = [word for word in (text, *TOKEN.findall(text)) if word.lower() not in NOT_DISEASE | COMPLICATIONS]
    return any(pattern.fullmatch(word) for word in found)


def kind_of(text: str, meanings: tuple[str, ...] = ()) -> Kind:
    """The kind of a phrase, by its own words or by the forms the vocabulary gives for it."""
    if GROUP.search(text):
        return Kind.GROUP
    if all(word in ASPECTS for word in words_of(text)):
        return Kind.ASPECT
    if text.lower() in COMPLICATIONS:
        return Kind.THING
    for form in (text, *meanings):
        if _names(DRUG, form):
            return Kind.DRUG
        if _names(DISEASE, form):
            return Kind.DISEASE
    return Kind.THING


def words_of(text: str) -> list[str]:
    """The words of a phrase in lower case."""
    return [token.lower().removesuffix("'s").removesuffix("’s") for token in TOKEN.findall(text)]


_OUTCOME = re.compile(r" (?:risks?|rates?|prevention|prophylaxis)\b", re.IGNORECASE)


def phrases(text: str, vocabulary: "Vocabulary") -> tuple[Phrase, ...]:
    """The noun phrases of a text in order, without overlap."""
    mentions = [m for m in vocabulary.mentions(text) if not _everyday(text[m.start : m.end])]
    cut = [piece for run in _runs(text, [(m.start, m.end) for m in mentions]) for piece in _peel(text, run)]
    found = []
    for start, end in cut:
        outcome = _OUTCOME.match(text, end) or text[:start].lower().endswith((" risk of ", "rate of ", "rates of "))
        meanings = tuple(f for m in mentions if start <= m.start and m.end == end for c in m.concepts for f in c.forms)
        kind = kind_of(text[start:end], meanings[:40])
        found.append(Phrase(text[start:end], Kind.THING if outcome and kind is Kind.DISEASE else kind, start, end))
    return tuple(_joined(text, found))


def _everyday(form: str) -> bool:
    """Whether a form the vocabulary knows is, as written here, an everyday word ("did", "it")."""
    return form.lower() in COMPLICATIONS or (form.islower() and form in BREAKS | ASPECTS)


def _runs(text: str, named: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of words that belong together: nothing but a space between them, and no break among them."""
    runs: list[tuple[int, int]] = []
    tokens = list(TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        word = CONTRACTED.sub("", token.group().lower())
        inside = any(s <= token.start() and token.end() <= e for s, e in named)
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        opens = word in BRIDGES and following is not None and text[token.end() : following.start()] == " "
        opens = opens and following is not None and following.group().lower() not in BREAKS
        name = token.group().istitle() and len(word) > 1 and text[: token.start()].rstrip()[-1:] not in ("", *".?!:")
        if word in BREAKS and not (inside or opens or name):
            continue
        if runs and text[runs[-1][1] : token.start()] == " ":
            runs[-1] = (runs[-1][0], token.end())
        else:
            runs.append((token.start(), token.end()))
    return runs


def _peel(text: str, run: tuple[int, int]) -> list[tuple[int, int]]:
    """The run, with the aspect words at its end on their own: "IVIg | side effects", "myositis | treatment"."""
    spans = [(run[0] + t.start(), run[0] + t.end()) for t in TOKEN.finditer(text[run[0] : run[1]])]
    aspect = [text[s:e].lower() in ASPECTS for s, e in spans]
    if all(aspect):
        return [run]
    last = max(at for at, is_aspect in enumerate(aspect) if not is_aspect)
    first = next(at for at, (s, e) in enumerate(spans) if text[s:e].lower() not in OPENERS)
    head = (spans[min(first, last)][0], spans[last][1])
    if last + 1 == len(spans) or text[head[0] : run[1]].lower().endswith(("disease", "disorder", "syndrome")):
        return [(head[0], run[1])]
    if not any(kind_of(text[s:e]) in (Kind.DRUG, Kind.DISEASE) for s, e in (head, spans[last])):
        return [run]
    return [head, (spans[last + 1][0], run[1])]


def _joined(text: str, found: list[Phrase]) -> list[Phrase]:
    """Diseases that go on ("exacerbation of COPD", "heart failure with preserved ejection fraction") made one."""
    joined: list[Phrase] = []
    for phrase in found:
        before = joined[-1] if joined else None
        link = text[before.end : phrase.start] if before else ""
        if before and (
            (link == " of " and before.kind == phrase.kind == Kind.DISEASE)
            or (link == " with " and before.kind is Kind.DISEASE and phrase.kind in (Kind.THING, Kind.DISEASE))
            or (link == " of " and before.kind == Kind.THING and before.text.istitle() and phrase.text.istitle())
        ):
            joined[-1] = Phrase(text[before.start : phrase.end], before.kind, before.start, phrase.end)
        else:
            joined.append(phrase)
    return joined
