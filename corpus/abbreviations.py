"""Abbreviations a text defines itself: "interstitial lung disease (ILD)".

The method is A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text", Pac Symp Biocomput 2003:451-462 (PMID 12603049).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]\n]{2,200}?)\s*[)\]]")
_SHORT = re.compile(r"[^\W_][\w+/-]*(?: [\w+/-]+)?")
_LAST_WORD = re.compile(r"[^\W_][\w+/-]*$")
_SENTENCE_BREAK = re.compile(r"[.;:?!]\s")
_WINDOW = 200  # characters read before a bracket; twelve-word long forms stay well within it


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and the words that the text says it stands for."""

    short: str
    long: str


def definitions(text: str) -> Iterator[Definition]:
    """Every definition by brackets, in either order, as the text spells it."""
    for bracket in _BRACKETED.finditer(text):
        inside = re.split(r"[,;]\s", bracket[1], maxsplit=1)[0]
        before = _before(text, bracket.start())
        if _may_be_short(inside):
            yield from _defined(inside, before)
        elif (word := _LAST_WORD.search(before)) and _may_be_short(word[0]):
            yield from _defined(word[0], inside)


def long_form(short: str, candidate: str) -> str:
    """The shortest end of `candidate` that holds the characters of `short` in order, or "".

    The first character must begin a word, as Schwartz and Hearst require.
    """
    position = len(candidate)
    for index in reversed(range(len(short))):
        wanted = short[index].lower()
        if not wanted.isalnum():
            continue
        position -= 1
        while position >= 0 and (
            candidate[position].lower() != wanted or (index == 0 and position > 0 and candidate[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return ""
    return candidate[candidate.rfind(" ", 0, position + 1) + 1 :]


def _defined(short: str, words_before: str) -> Iterator[Definition]:
    limit = min(len(short) + 5, 2 * len(short))
    candidate = " ".join(words_before.split()[-limit:])
    long = long_form(short, candidate).strip("\"'“”‘’.,;:([*")
    repeats = set(short.split()) & set(re.findall(r"\w+", long))
    if long[:1].isalnum() and len(long) > len(short) + 1 and not repeats:
        yield Definition(short, long)


def _may_be_short(form: str) -> bool:
    """Two to ten characters, at most two words, and a capital after the first character.

    The last condition is ours: it leaves out bracketed words ("placebo", "Met") that a match in any
    case would find everywhere.
    """
    return (
        2 <= len(form) <= 10
        and _SHORT.fullmatch(form) is not None
        and any(character.isupper() for character in form[1:])
    )


def _before(text: str, end: int) -> str:
    """The part of the sentence that precedes a bracket."""
    line = text[max(text.rfind("\n", 0, end) + 1, end - _WINDOW) : end].rstrip()
    breaks = [found.end() for found in _SENTENCE_BREAK.finditer(line)]
    return line[breaks[-1] :] if breaks else line
