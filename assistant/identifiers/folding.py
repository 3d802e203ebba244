"""Text in a plain spelling that patterns can be written for, with the way back to the text as it was typed."""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

_SPELLED = {
    "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss",
    "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'", "“": '"', "”": '"', "−": "-",
}  # fmt: skip
"""What compatibility decomposition leaves as it is."""
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in a plain spelling; its character i comes from original[places[i][0]:places[i][1]]."""

    text: str
    places: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The offsets, in the text as typed, of a span of at least one character."""
        return self.places[start][0], self.places[end - 1][1]


def fold(text: str) -> Folded:
    """Without accents and invisible characters, runs of white space as one space or line end, digits, dashes and quotes as in ASCII."""
    plain: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _letters(text):
        spelled = "".join(map(_spelled, unicodedata.normalize("NFKD", text[start:end])))
        if spelled.isspace() and plain and plain[-1].isspace():
            plain[-1], places[-1] = min(plain[-1], spelled), (places[-1][0], end)
        elif spelled:
            plain.append(spelled)
            places += [(start, end)] * len(spelled)
    return Folded("".join(plain), tuple(places))


def _letters(text: str) -> list[tuple[int, int]]:
    """The offsets of each character together with the marks that combine with it."""
    number = 0
    numbers = [number := number + (not unicodedata.combining(character)) for character in text]
    runs = [list(run) for _, run in groupby(range(len(text)), key=numbers.__getitem__)]
    return [(run[0], run[-1] + 1) for run in runs]


def _spelled(character: str) -> str:
    if character.isspace():
        return "\n" if character in _LINE_ENDS else " "
    category = unicodedata.category(character)
    if category in ("Mn", "Cf"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Pd":
        return "-"
    return _SPELLED.get(character, character)
