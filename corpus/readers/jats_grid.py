"""The cells of a JATS table on their grid: spans resolved, header rows told from body rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.readers.assembly import Inline
from corpus.readers.jats_inline import InlineReader, Node

# Bounds far above what real tables hold, so that a few bytes of span attributes cannot ask for millions of cells.
_MOST_COLUMNS = 100
_MOST_ROWS_SPANNED = 1000
_MOST_HEADER_ROWS = 12
_REPEATED = 300  # characters; a longer cell is printed in the first of its rows only

_INDENT = re.compile(r"[\s\u00a0\u2000-\u200a\u3000]*")
_DRAWN = frozenset(" \t\r\n")  # layout of the XML, not of the table
_NAMES = re.compile(r"[^\W\d_]{2}|^[NnPp%]$")  # a header has a word in it; a value may be figures and signs alone


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in columns `column` to `column + span - 1`; `indent` counts the blanks printed before it."""

    content: Inline
    column: int
    span: int
    indent: int
    is_header: bool


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's header rows and body rows; every row holds the cells that reach into it, in column order."""

    headers: tuple[Row, ...]
    rows: tuple[Row, ...]
    width: int


def read_grid(table: Node, inline: InlineReader) -> Grid:
    """The grid of a `<table>`, its head being `<thead>`, or rows of `<th>`, or a first row of words."""
    head = list(_placed(_rows_of(table, "thead"), inline))
    body = list(_placed([*_rows_of(table, "tbody"), *table.findall("tr"), *_rows_of(table, "tfoot")], inline))
    headers = [row for row in head if any(cell.content.text for cell in row)]
    if not headers:
        count = _leading_headers(body)
        headers, body = body[:count], body[count:]
    body = headers[_MOST_HEADER_ROWS:] + body
    width = max((cell.column + cell.span for row in (*headers, *body) for cell in row), default=0)
    filled = (row for row in body if any(cell.content.text or cell.content.marks for cell in row))
    return Grid(tuple(headers[:_MOST_HEADER_ROWS]), tuple(filled), width)


def _rows_of(table: Node, part: str) -> list[Node]:
    return [row for group in table.iterchildren(part) for row in group.iterchildren("tr")]


def _placed(rows: Sequence[Node], inline: InlineReader) -> Iterator[Row]:
    """Each row's cells at their columns, with the cells that reach down from rows above."""
    reaching: dict[int, tuple[int, Cell]] = {}  # column -> rows still to fill, cell
    for row in rows:
        cells = [cell for _, cell in reaching.values()]
        taken = {column for cell in cells for column in range(cell.column, cell.column + cell.span)}
        reaching = {column: (left - 1, cell) for column, (left, cell) in reaching.items() if left > 1}
        column = 0
        for node in row.iterchildren("td", "th"):
            while column in taken:
                column += 1
            cell = _cell(node, column, inline)
            cells.append(cell)
            column += cell.span
            rows_below = min(_number(node, "rowspan"), _MOST_ROWS_SPANNED) - 1
            if rows_below > 0:
                reaching[cell.column] = (rows_below, _repeatable(cell))
        yield tuple(sorted(cells, key=lambda cell: cell.column))


def _cell(node: Node, column: int, inline: InlineReader) -> Cell:
    return Cell(
        content=inline.inside(node),
        column=column,
        span=max(1, min(_number(node, "colspan"), _MOST_COLUMNS - column)),
        indent=_indent(node),
        is_header=node.tag == "th",
    )


def _repeatable(cell: Cell) -> Cell:
    return cell if len(cell.content.text) <= _REPEATED else replace(cell, content=Inline(""))


def _number(node: Node, attribute: str) -> int:
    written = node.get(attribute)
    if written is None or written == "1":  # nearly every cell
        return 1
    digits = written.strip()
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1


def _indent(node: Node) -> int:
    """How far the cell's text is set in: tables mark sub-rows with no-break and em spaces, or a dash."""
    own = node.text
    if own and own[0].isalnum():
        return 0
    for text in node.itertext():
        blanks = _INDENT.match(str(text))
        depth = sum(blank not in _DRAWN for blank in blanks.group()) if blanks else 0
        if str(text).strip():
            return depth + str(text).strip().startswith(("- ", "– ", "• "))
        if depth:
            return depth
    return 0


def _leading_headers(body: Sequence[Row]) -> int:
    """How many rows at the top of a table without a head are its head."""
    count = 0
    while count < len(body) and body[count] and all(cell.is_header for cell in body[count]):
        count += 1
    if count:
        return count if count < len(body) else 0
    named = all(_NAMES.search(cell.content.text) for cell in body[0][1:]) if body else False
    return int(named and len(body) > 2 and len(body[0]) > 1)
