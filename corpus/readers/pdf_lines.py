"""The lines of a PDF page as they are set: text, place and size, raised and lowered characters marked as such."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from pypdf import PageObject

from corpus.readers.scripts import plain_script
from corpus.readers.text import clean, squeeze

# Single characters for two or three letters; other compatibility characters keep their meaning ("10⁹", "½").
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SMALLER = 0.85  # of the size of the line: what is set smaller and off its base line is a script
_OFF_LINE = 0.1  # of the size of the line
_NEXT_LINE = 0.6  # of the size of the line: more than any script is raised by
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where it begins, along it and across (upwards), and the size of most of its characters."""

    text: str
    along: float
    across: float
    size: float


@dataclass(frozen=True, slots=True)
class _Fragment:
    text: str
    along: float
    across: float
    size: float
    direction: tuple[int, int]


def read_lines(page: PageObject) -> list[Line]:
    """The lines of a page in the order in which they were set; text that runs another way than most is left out.

    (Such as a note of who downloaded the file, up the margin.)
    """
    collector = _Collector()
    page.extract_text(visitor_operand_before=collector.operand, visitor_text=collector.text)
    fragments = collector.fragments
    ways = Counter[tuple[int, int]]()
    for fragment in fragments:
        ways[fragment.direction] += len(fragment.text.strip())
    usual = ways.most_common(1)[0][0] if ways else (1, 0)
    lines = (_line(pieces) for pieces in _split(fragments, usual))
    return [line for line in lines if line]


class _Collector:
    """Takes what pypdf reports while it extracts a page: runs of text, and how far they are raised (operator Ts)."""

    def __init__(self) -> None:
        self.fragments: list[_Fragment] = []
        self._rise = self._shown = 0.0
        self._saved: list[float] = []

    def operand(self, operator: bytes, operands: Sequence[Any], _cm: object, _tm: object) -> None:
        """One operator of the page, before it acts. Text is reported only after the next one may have acted."""
        if operator in _SHOWS:
            self._shown = self._rise
        elif operator == b"Ts" and operands and isinstance(operands[0], int | float):
            self._rise = float(operands[0])
        elif operator == b"q":
            self._saved.append(self._rise)
        elif operator == b"Q" and self._saved:
            self._rise = self._saved.pop()

    def text(self, text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
        """A run of text, all in one size."""
        if text:
            self.fragments.append(_placed(text, cm, tm, size, self._shown))


def _placed(text: str, cm: Sequence[float], tm: Sequence[float], size: float, rise: float) -> _Fragment:
    """A run of text with its place on the page, whatever the page has turned, scaled or moved it by."""
    a, b, c, d, e, f = (
        tm[0] * cm[0] + tm[1] * cm[2],
        tm[0] * cm[1] + tm[1] * cm[3],
        tm[2] * cm[0] + tm[3] * cm[2],
        tm[2] * cm[1] + tm[3] * cm[3],
        tm[4] * cm[0] + tm[5] * cm[2] + cm[4],
        tm[4] * cm[1] + tm[5] * cm[3] + cm[5],
    )
    length = hypot(a, b) or 1.0
    right, up, scale = a / length, b / length, hypot(c, d)
    across = f * right - e * up + rise * scale
    return _Fragment(text, e * right + f * up, across, abs(size) * scale, (round(right), round(up)))


def _split(fragments: Iterable[_Fragment], usual: tuple[int, int]) -> Iterator[list[_Fragment]]:
    """The fragments of each line; pypdf writes a line feed where one ends, unless lines are set very close."""
    line: list[_Fragment] = []
    for fragment in fragments:
        first, *others = fragment.text.split("\n")
        kept = fragment.direction == usual
        if first and kept:
            if line and abs(fragment.across - line[0].across) > _NEXT_LINE * max(line[0].size, fragment.size):
                yield line
                line = []
            line.append(_Fragment(first, fragment.along, fragment.across, fragment.size, usual))
        for text in others:
            yield line
            line = [_Fragment(text, fragment.along, fragment.across, fragment.size, usual)] if text and kept else []
    yield line


def _line(fragments: Sequence[_Fragment]) -> Line | None:
    printed = [fragment for fragment in fragments if fragment.text.strip()]
    if not printed:
        return None
    sizes = Counter[float]()
    for fragment in printed:
        sizes[round(fragment.size, 1)] += len(fragment.text)
    size = sizes.most_common(1)[0][0]
    base = next((one.across for one in printed if round(one.size, 1) == size), printed[0].across)
    pieces: list[str] = []
    for position, fragment in enumerate(fragments):
        after = fragments[position + 1].text if position + 1 < len(fragments) else ""
        pieces.append(_written("".join(pieces[-2:]), fragment, after, size, base))
    text = squeeze(clean("".join(pieces).translate(_LIGATURES)))
    return Line(text, printed[0].along, base, size) if text else None


def _written(before: str, fragment: _Fragment, after: str, size: float, base: float) -> str:
    raised = fragment.across - base
    if fragment.size > size * _SMALLER or abs(raised) < size * _OFF_LINE:
        return fragment.text
    return plain_script(before, fragment.text, "^" if raised > 0 else "_", after)
