"""Words as medicine writes them: which spellings are one word, and where a run of words stands in a text."""

import re
from functools import lru_cache
from unicodedata import combining, normalize

Key = tuple[str, ...]

# A word is split where letters meet digits, so that "SGLT-2", "SGLT 2" and "SGLT2" are one form.
_WORD = re.compile(r"([^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*|\d+)(?:['’]s\b)?")
_SEPARATOR = re.compile(r"[ \u00a0\t]{0,2}|[-\u2010-\u2013/'’]")
_INITIAL_STOP = re.compile(r"\.[ \u00a0]?")  # "C. difficile", "St. John's wort"
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "ω": "omega"}
_SPELLING = (("ae", "e"), ("oe", "e"), ("tumour", "tumor"), ("behaviour", "behavior"))


class Words:
    """The words of a text in order: runs of letters or of digits, without a possessive 's."""

    __slots__ = ("_found", "spelled", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._found = list(_WORD.finditer(text))
        self.spelled = [found[1] for found in self._found]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words `first` to `last` stand in the text."""
        return self._found[first].start(), self._found[last].end(1)

    def stand_alone(self, first: int, last: int) -> bool:
        """Whether the words `first` to `last` are whole and held together by spaces, hyphens or the like."""
        if first > 0 and self._gap(first - 1) == "":
            return False
        if last + 1 < len(self._found) and self._gap(last) == "":
            return False
        return all(_joins(self.spelled[place], self._gap(place)) for place in range(first, last))

    def _gap(self, place: int) -> str:
        return self.text[self._found[place].end() : self._found[place + 1].start()]


def word_texts(form: str) -> list[str]:
    """The words of a form, as written."""
    return _WORD.findall(form)


@lru_cache(maxsize=2**17)  # the forms of the dictionaries, each asked for four times by a build
def folded_key(form: str) -> Key:
    """What all spellings of a form have in common; empty when it has no word."""
    return tuple(map(fold, word_texts(form)))


def plain_key(form: str) -> Key:
    """A form without case and plural, its spelling kept."""
    return tuple(map(singular, word_texts(form.casefold())))


def exact_key(form: str) -> Key:
    """A form as written but for its plural."""
    return tuple(map(singular, word_texts(form)))


def is_exact(form: str) -> bool:
    """Whether a form is found only as written: it has a capital after its first character."""
    return form[1:] != form[1:].lower()


@lru_cache(maxsize=2**17)
def singular(word: str) -> str:
    """The word without a regular plural ending: "DOACs" and "kidneys", but not "is" or "stress"."""
    if len(word) > 2 and word[-1] == "s" and word[-2].isupper():
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


@lru_cache(maxsize=2**17)
def fold(word: str) -> str:
    """The word without case, plural, accents and the differences of British and American spelling."""
    plain = singular(word).casefold()
    if not plain.isascii():
        plain = "".join(c for c in normalize("NFKD", plain) if not combining(c))
    for british, american in _SPELLING:
        plain = plain.replace(british, american)
    return _GREEK.get(plain, plain)


def _joins(word: str, separator: str) -> bool:
    if separator in (" ", "-", "") or _SEPARATOR.fullmatch(separator):
        return True
    return len(word) <= 2 and _INITIAL_STOP.fullmatch(separator) is not None
