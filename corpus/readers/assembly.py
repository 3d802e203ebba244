"""Blocks to text: the one place where offsets are counted, so that every reader keeps the same laws."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.errors import HostileSource
from corpus.types import CitationMark, Section

BLOCK_SEPARATOR = "\n\n"
# Table rows repeat their headers, so the text may outgrow its file, but not by more than this (the most in 2,483
# trial reports is below 2); 10 million characters are always allowed.
_GROWTH, _ALWAYS_ALLOWED = 20, 10_000_000


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of plain text and the citation marks in it; positions count from its own start."""

    text: str
    marks: tuple[CitationMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or whole table, and the heading path it stands under."""

    path: tuple[str, ...]
    content: Inline
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Assembly:
    """The text of a document with its sections and marks in document offsets."""

    text: str
    sections: tuple[Section, ...]
    marks: tuple[CitationMark, ...]


def shifted(marks: Iterable[CitationMark], offset: int) -> tuple[CitationMark, ...]:
    """The marks as they stand once `offset` characters are put before their text."""
    return tuple(CitationMark(mark.position + offset, mark.keys) for mark in marks)


def merged(marks: Iterable[CitationMark]) -> tuple[CitationMark, ...]:
    """The marks in order of position; those at one position become one, each key once."""
    keys_at: dict[int, dict[str, None]] = {}
    for mark in marks:
        keys_at.setdefault(mark.position, {}).update(dict.fromkeys(mark.keys))
    return tuple(CitationMark(position, tuple(keys_at[position])) for position in sorted(keys_at))


def join(parts: Sequence[Inline], separator: str) -> Inline:
    """The parts in one run. A part without text adds no separator, but its marks stay where it stood."""
    pieces: list[str] = []
    marks: list[CitationMark] = []
    length = 0
    for part in parts:
        if part.text and pieces:
            pieces.append(separator)
            length += len(separator)
        if part.marks:
            marks += shifted(part.marks, length)
        if part.text:
            pieces.append(part.text)
            length += len(part.text)
    return Inline("".join(pieces), tuple(marks))


def assemble(blocks: Iterable[Block]) -> Assembly:
    """Text, sections and marks of the blocks that have text.

    Neighbouring blocks of one path form one section; a table is always a section of its own.
    """
    kept = [block for block in blocks if block.content.text]
    whole = join([block.content for block in kept], BLOCK_SEPARATOR)
    sections: list[Section] = []
    start = 0
    for number, block in enumerate(kept):
        end = start + len(block.content.text)
        continues = number > 0 and not (block.is_table or kept[number - 1].is_table)
        if continues and sections[-1].path == block.path:
            sections[-1] = Section(block.path, sections[-1].start, end)
        else:
            sections.append(Section(block.path, start, end, block.is_table))
        start = end + len(BLOCK_SEPARATOR)
    return Assembly(whole.text, tuple(sections), merged(whole.marks))


def assemble_bounded(blocks: Iterable[Block], size: int, name: str) -> Assembly:
    """As `assemble`, for blocks read from a file of `size` bytes.

    Raises HostileSource, which names the file, where the text unfolds far beyond it or is nested without measure.
    """
    try:
        return assemble(_bounded(blocks, _ALWAYS_ALLOWED + _GROWTH * size))
    except HostileSource as error:
        raise HostileSource(f"{name}: {error}") from error
    except RecursionError as error:
        raise HostileSource(f"{name} nests its elements deeper than any article does; check the file") from error


def _bounded(blocks: Iterable[Block], limit: int) -> Iterator[Block]:
    length = 0
    for block in blocks:
        length += len(block.content.text)
        if length > limit:
            raise HostileSource(
                f"the text unfolds to more than {limit:,} characters, far beyond its file; check the tables"
            )
        yield block
