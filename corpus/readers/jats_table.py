"""JATS tables as lines of text: every value after its column header, so that a number keeps its unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.errors import HostileSource
from corpus.readers.assembly import Block, Inline, join
from corpus.readers.jats_grid import Cell, Grid, Row, read_grid
from corpus.readers.jats_inline import InlineReader, Node
from corpus.types import CitationMark

_LONGEST_HEADING = 250
# A longer header or row label is a note, printed once: on every row it would bury the values.
_LONGEST_LABEL = 300
_MOST_COLUMNS_NAMED = 4  # a value across more columns than this belongs to the row, not to its columns
_LONGEST_TABLE = 5_000_000  # characters; the longest of 2,483 trial reports has under 100,000
_SPANNING, _FIRST_CELL_ONLY = 0, 1000  # a label across the table outranks one in the first column


def caption_text(node: Node, inline: InlineReader) -> Inline:
    """Label and caption of a figure or table in one run: "Figure 1. Flow of participants. ITT, intention to treat"."""
    parts = [inline.inside(part) for part in (*node.findall("caption/title"), *node.findall("caption/p"))]
    parts += [inline.inside(part) for part in node.iterchildren("p", "attrib")]
    if (label := node.find("label")) is not None:
        parts.insert(0, inline.inside(label))
    parts = [part for part in parts if part.text or part.marks]
    return join([*map(_stopped, parts[:-1]), *parts[-1:]], " ")


def read_table(wrap: Node, inline: InlineReader, path: tuple[str, ...]) -> Iterator[Block]:
    """The table as one block: a line a row, then its footnotes. Its caption ends the path.

    A caption too long for a heading is also the first line; a picture of a table leaves its caption as text.
    What the caption cites, every row cites.
    """
    caption = caption_text(wrap, inline)
    cited = Inline("", tuple(CitationMark(0, mark.keys) for mark in caption.marks))
    tables = (table for table in wrap.iter("table") if not any(True for _ in table.iterancestors("td", "th")))
    rows = [join([row, cited], "") for row in _bounded(row for table in tables for row in _rows(table, inline))]
    notes = [inline.inside(note) for foot in wrap.iter("table-wrap-foot") for note in _notes(foot)]
    if not rows:
        yield Block(path, join([caption, *notes], " "))
        return
    heading = _heading(caption.text)
    in_full = [] if heading == _closed(caption.text) else [caption]
    yield Block((*path, heading or "Table"), join([*in_full, *rows, *notes], "\n"), is_table=True)


def _stopped(part: Inline) -> Inline:
    return part if part.text.endswith((".", ":", "?", "!", ";", ",")) else Inline(part.text + ".", part.marks)


def _closed(caption: str) -> str:
    return caption.rstrip(" .:")


def _heading(caption: str) -> str:
    """The caption, or as many whole sentences (else words) of it as a heading can hold."""
    if len(caption) <= _LONGEST_HEADING:
        return _closed(caption)
    start = caption[:_LONGEST_HEADING]
    whole_sentences = start.rpartition(". ")[0]
    # "Table 2." alone says nothing: a heading of a label only is cut at a word instead.
    return whole_sentences if " " in whole_sentences[len("Table 10.") :] else start.rpartition(" ")[0] + " …"


def _notes(foot: Node) -> Iterator[Node]:
    for note in foot:
        if note.tag == "fn-group":
            yield from note.iterchildren("fn")
        elif isinstance(note.tag, str) and note.tag != "permissions":
            yield note


def _bounded(rows: Iterator[Inline]) -> Iterator[Inline]:
    """The rows. Raises HostileSource where spans and headers, repeated on every row, grow without measure."""
    length = 0
    for row in rows:
        length += len(row.text)
        if length > _LONGEST_TABLE:
            raise HostileSource(f"a table unfolds to more than {_LONGEST_TABLE:,} characters; remove it")
        yield row


@dataclass(frozen=True, slots=True)
class _Label:
    """The first cell of a row that names those below it. `inner` is the indent of the first of these, once met."""

    rank: int
    indent: int
    content: Inline
    inner: int | None = None

    def ended_by(self, indent: int) -> bool:
        """Whether a row of this indent stands outside the group: its first row was set in, this one is not."""
        return self.inner is not None and self.inner > self.indent >= indent

    def over(self, indent: int) -> "_Label":
        """The label once a row of this indent stands under it."""
        return self if self.inner is not None else replace(self, inner=indent)


def _rows(table: Node, inline: InlineReader) -> Iterator[Inline]:
    """The body rows as lines, after what its head says of no value.

    A row with nothing but a label, and a row that the next ones are set in from, is put before each row of its
    group. A label without rows is a line of its own.
    """
    grid = read_grid(table, inline)
    headers = [_header(grid.headers, column) for column in range(grid.width)]
    named = [Inline("") if _is_note(header) else header for header in headers]
    yield from _unprinted(headers, named, grid)
    labels: list[_Label] = []
    above: Row = ()
    for row in grid.rows:
        if _repeats(row, named):
            named, above = [row[0].content, *named[1:]], ()
        elif label := _label(row, grid.width):
            yield from (old.content for old in labels if old.rank >= label.rank and old.inner is None)
            labels, above = [*(old for old in labels if old.rank < label.rank), label], ()
        else:
            indent = row[0].indent
            kept = [old.over(indent) for old in labels if not old.ended_by(indent)]
            labels = [*kept, *_lead(above, row)]
            yield join([*(old.content for old in labels), *(_value(cell, named) for cell in row)], "; ")
            above = row
    yield from (old.content for old in labels if old.inner is None)


def _unprinted(headers: Sequence[Inline], named: Sequence[Inline], grid: Grid) -> Iterator[Inline]:
    """Headers that no value is printed after: notes, and those of columns that hold labels only."""
    rows = (row for row in grid.rows if not _label(row, grid.width) and not _repeats(row, named))
    over_values = {column for row in rows for cell in row for column in _named_columns(cell)}
    apart = (header for column, header in enumerate(headers) if _is_note(header) or column not in over_values)
    yield from {header.text: header for header in apart if header.text}.values()


def _repeats(row: Row, headers: Sequence[Inline]) -> bool:
    """Whether a row prints the header again, over a new group that its first cell names."""
    first, *others = row
    same = all(cell.content.text == headers[cell.column].text for cell in others)
    return bool(first.content.text and first.column == 0 and same and any(cell.content.text for cell in others))


def _label(row: Row, width: int) -> _Label | None:
    """The row as a label, if nothing stands in it but its first cell."""
    first, *others = row
    alone = not any(cell.content.text or cell.content.marks for cell in others)
    if first.column or not alone or _is_note(first.content) or width < 2:
        return None
    return _Label((_SPANNING if first.span >= width else _FIRST_CELL_ONLY) + first.indent, first.indent, first.content)


def _lead(above: Row, row: Row) -> Iterator[_Label]:
    """The row above as a label, if this one is set in from it: "Any adverse event" over "Headache"."""
    if above and row[0].indent > above[0].indent and row[0].column == above[0].column == 0:
        content = above[0].content
        if content.text and not _is_note(content):
            yield _Label(_FIRST_CELL_ONLY + above[0].indent, above[0].indent, content, row[0].indent)


def _is_note(part: Inline) -> bool:
    return len(part.text) > _LONGEST_LABEL


def _header(rows: Sequence[Row], column: int) -> Inline:
    """The headers above a column from top to bottom, "Week 12 / Mean (SD)"; a cell over several rows once."""
    above = [cell.content for row in rows for cell in row if cell.column <= column < cell.column + cell.span]
    return join(list({part.text: part for part in above}.values()), " / ")


def _named_columns(cell: Cell) -> range:
    """The columns whose headers a cell's value is printed after."""
    named = bool(cell.content.text) and cell.span <= _MOST_COLUMNS_NAMED
    return range(cell.column, cell.column + cell.span if named else cell.column)


def _value(cell: Cell, headers: Sequence[Inline]) -> Inline:
    """A cell after its header, "Placebo (n = 50): 12 (24%)"; the headers of a wide cell are joined by "and"."""
    over = [headers[column] for column in _named_columns(cell) if headers[column].text]
    if not over:
        return cell.content
    if len(over) == 1 and not over[0].marks and not cell.content.marks:  # nearly every cell
        return Inline(f"{over[0].text}: {cell.content.text}")
    return join([join(list({part.text: part for part in over}.values()), " and "), cell.content], ": ")
