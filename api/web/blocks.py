"""The text of a document as a page shows it: sections, paragraphs and tables, citation marks and a marked span."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.types import Document, Section, Span

MAX_LEVEL = 4
_NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `numbers` are the references cited at its end, `quoted` whether it is in the marked span.

    `opens` is true of the first piece of that span alone.
    """

    text: str
    numbers: tuple[int, ...] = ()
    quoted: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under their column headers; a row has a cell for each header."""

    headers: tuple[str, ...]
    rows: tuple[tuple[tuple[Piece, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins here; level 2 is the highest below the page's own."""

    text: str
    level: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A section: the headings that begin with it, its caption when it is a table, its paragraphs or its table."""

    headings: tuple[Heading, ...]
    caption: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    table: Table | None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is to be cut into pieces: what its marks are numbered, and which span is marked."""

    document: Document
    numbers: Callable[[str], int | None] = lambda key: None
    quoted: Span = _NOWHERE

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The text of a span, cut where something is cited and where the marked span begins and ends."""
        marks = {one.position: one.keys for one in self.document.marks if start < one.position <= end}
        first, last = self.quoted
        cuts = sorted({start, end, *marks, *(at for at in (first, last) if start < at < end)})
        return tuple(
            Piece(
                self.document.text[low:high],
                tuple(n for key in marks.get(high, ()) if (n := self.numbers(key)) is not None),
                first <= low and high <= last,
                low == max(first, start) and first >= start and first < last,
            )
            for low, high in pairwise(cuts)
        )

    def sections(self, window: Span, *, tables: bool) -> tuple[Shown, ...]:
        """What meets a span of the document, paragraph by paragraph; without `tables` rows stay lines of text."""
        path: tuple[str, ...] = ()
        shown = list[Shown]()
        for number, one in enumerate(self.document.sections):
            if _meet((one.start, one.end), window):
                shown.append(self._shown(one, path, number, window, tables=tables))
                path = _headed(one)
        return tuple(shown)

    def _shown(self, one: Section, before: tuple[str, ...], number: int, window: Span, *, tables: bool) -> Shown:
        path = _headed(one)
        caption = one.path[-1] if one.is_table and one.path else ""
        headings = tuple(_headings(path, before, number))
        if one.is_table and tables and (table := self._table(one)) is not None:
            return Shown(headings, caption, (), table)
        separator = "\n" if one.is_table else "\n\n"
        spans = _spans(self.document.text, one.start, one.end, separator)
        paragraphs = (self.pieces(*span) for span in spans if _meet(span, window))
        return Shown(headings, caption, tuple(paragraphs), None)

    def _table(self, one: Section) -> Table | None:
        """Lines such as "Drug: A; Dose: 5 mg" as rows; None where the lines do not say the same columns."""
        lines = list(_spans(self.document.text, one.start, one.end, "\n"))
        rows = [list(_cells(self.document.text, *line)) for line in lines]
        headers = tuple(name for name, _ in max(rows, key=len, default=[]))
        if not _are_columns(headers, [tuple(name for name, _ in row) for row in rows]):
            return None
        return Table(headers, tuple(self._row(dict(row), headers) for row in rows))

    def _row(self, cells: dict[str, Span], headers: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
        return tuple(self.pieces(*cells[name]) if name in cells else () for name in headers)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and one[1] > other[0]


def _headed(one: Section) -> tuple[str, ...]:
    return one.path[:-1] if one.is_table else one.path


def _headings(path: tuple[str, ...], before: tuple[str, ...], number: int) -> Iterator[Heading]:
    """The parts of a path that are new since the section before."""
    same = 0
    while same < min(len(path), len(before)) and path[same] == before[same]:
        same += 1
    for depth, text in enumerate(path[same:], start=same):
        yield Heading(text, min(depth + 2, MAX_LEVEL), f"s{number}-{depth}")


def _spans(text: str, start: int, end: int, separator: str) -> Iterator[Span]:
    """The spans of the parts of a text between separators; empty ones are left out."""
    at = start
    while at < end:
        found = text.find(separator, at, end)
        stop = end if found < 0 else found
        if text[at:stop].strip():
            yield at, stop
        at = stop + len(separator)


_CELL = re.compile(r"(?P<name>[^:;]+): ")


def _cells(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The columns of a line with the spans of their values: they leave out nothing but names and separators.

    What begins a line without a name is in a column named ""; elsewhere it belongs to the value before it.
    """
    name, begun = "", start
    at = start
    while at < end:
        found = text.find("; ", at, end)
        stop = end if found < 0 else found
        named = _CELL.match(text, at, stop)
        if named is not None or at == start:
            if at > start:
                yield name, (begun, at - len("; "))
            name, begun = (named["name"], named.end()) if named is not None else ("", at)
        at = stop + len("; ")
    yield name, (begun, end)


def _are_columns(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether every row names some headers, in their order. A name that one row alone has may be part of a value."""
    often = len(rows) == 1 or all(sum(name in row for row in rows) > 1 for name in headers)
    distinct = len(headers) > 1 and len(set(headers)) == len(headers)
    return distinct and often and all(_is_part(row, headers) for row in rows)


def _is_part(names: tuple[str, ...], headers: tuple[str, ...]) -> bool:
    left = iter(headers)
    return bool(names) and all(name in left for name in names)
