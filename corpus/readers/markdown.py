"""The Markdown of an article as blocks of plain text; Pandoc citations become marks."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.readers.assembly import Block, Inline, join
from corpus.readers.text import squeeze
from corpus.types import CitationMark

# Raw HTML is switched off, so that it stays what it is: literal text of the article.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_CITATION = re.compile(r"\s*\[([^\[\]]*)\]")
_KEY = re.compile(r"(?<![\w@])@([A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*\w)?)")  # Pandoc's citation keys
_HEADINGS = {"h1": 0, "h2": 0, "h3": 1, "h4": 2, "h5": 3, "h6": 4}  # how many headings stand above it


def read_markdown(source: str) -> Iterator[Block]:
    """The paragraphs, list items, quotes and tables, each under its heading path; headings give no text."""
    path: tuple[str, ...] = ()
    for node in _with_captions(SyntaxTreeNode(_MARKDOWN.parse(source)).children):
        if isinstance(node, tuple):
            caption, table = node
            yield _table(table, path, caption)
        elif node.type == "heading":
            path = (*path[: _HEADINGS[node.tag]], _inline(node).text)
        else:
            yield from (Block(path, content) for content in _flow(node))


def _with_captions(
    nodes: Sequence[SyntaxTreeNode],
) -> Iterator[SyntaxTreeNode | tuple[Inline, SyntaxTreeNode]]:
    """The nodes, each table paired with its caption: the paragraph before it, if that begins with "Table"."""
    caption: SyntaxTreeNode | None = None
    for node in nodes:
        if node.type == "table":
            yield (_inline(caption) if caption else Inline("Table")), node
            caption = None
            continue
        if caption:
            yield caption
        caption = node if node.type == "paragraph" and _inline(node).text.startswith("Table") else None
        if not caption:
            yield node
    if caption:
        yield caption


def _flow(node: SyntaxTreeNode) -> Iterator[Inline]:
    """The runs of text in a block, in order: a list item or quote may hold several."""
    if node.type in ("paragraph", "heading"):
        yield _inline(node)
    elif node.type == "table":
        yield from _rows(node)
    elif node.children:
        for child in node.children:
            yield from _flow(child)
    elif node.content:
        yield Inline(squeeze(node.content))  # a code block


def _table(table: SyntaxTreeNode, path: tuple[str, ...], caption: Inline) -> Block:
    """One line a row, every value after its column header. What the caption cites, every row cites."""
    cited = Inline("", tuple(CitationMark(0, mark.keys) for mark in caption.marks))
    return Block((*path, caption.text), join([join([row, cited], "") for row in _rows(table)], "\n"), is_table=True)


def _rows(table: SyntaxTreeNode) -> Iterator[Inline]:
    head, *rows = (row for part in table.children for row in part.children)
    headers = [_inline(cell).text for cell in head.children]
    for row in rows:
        cells = (_inline(cell) for cell in row.children)
        yield join([_labelled(header, cell) for header, cell in zip(headers, cells, strict=True)], "; ")


def _labelled(header: str, cell: Inline) -> Inline:
    return join([Inline(header), cell], ": ") if header and cell.text else cell


def _inline(node: SyntaxTreeNode) -> Inline:
    return _without_citations(squeeze("".join(_words(node))))


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type in ("softbreak", "hardbreak"):
        yield " "
    elif node.children:
        for child in node.children:
            yield from _words(child)
    else:
        yield node.content


def _without_citations(text: str) -> Inline:
    """The text without `[@key]` groups and the white space before them; each leaves a mark where it stood."""
    pieces: list[str] = []
    marks: list[CitationMark] = []
    done = length = 0
    for group in _CITATION.finditer(text):
        keys = tuple(dict.fromkeys(_KEY.findall(group.group(1))))
        if keys:
            pieces.append(text[done : group.start()])
            length += group.start() - done
            marks.append(CitationMark(length, keys))
            done = group.end()
    rest = text[done:] if length else text[done:].lstrip()
    return Inline("".join([*pieces, rest]), tuple(marks))
