"""The sections of a JATS article as blocks: paragraphs, list items, captions, tables, under their headings."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.readers.assembly import Block, Inline, join
from corpus.readers.jats_headings import is_left_out, is_left_out_note
from corpus.readers.jats_inline import SILENT, InlineReader, Node, Piece
from corpus.readers.jats_table import caption_text, read_table

Path = tuple[str, ...]

_NOT_FLOW = """
    title label subtitle sec-meta ack glossary ref-list permissions kwd-group author-notes bio sub-article response"""
_LEFT_OUT_TAGS = SILENT | frozenset(_NOT_FLOW.split())
# Floats follow the paragraph they are anchored in; breaks split it.
_FLOATS = frozenset("table-wrap table-wrap-group fig fig-group boxed-text fn".split())
_BREAKS = frozenset("list def-list disp-quote verse-group speech statement".split())
_BLOCKS = _FLOATS | _BREAKS | frozenset("p sec app app-group notes fn-group def-item list-item title".split())


class BodyReader:
    """Turns body, abstract and appendix elements into blocks."""

    def __init__(self, inline: InlineReader) -> None:
        self._inline = inline

    def flow(self, parent: Node, path: Path) -> Iterator[Block]:
        """The blocks inside an element, in order."""
        for child in parent:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT_TAGS:
                yield from self.block(child, path)

    def section(self, node: Node, path: Path) -> Iterator[Block]:
        """The blocks of an element with a heading of its own."""
        heading = self.heading(node)
        if not is_left_out(heading, node.get("sec-type") or node.get("notes-type")):
            yield from self.flow(node, (*path, heading) if heading else path)

    def heading(self, node: Node) -> str:
        """An element's title in one line, without a final colon or full stop; "" where it has none."""
        names = ("title", "caption/title", "label") if node.tag == "app" else ("title", "caption/title")
        titles = (self._inline.inside(title).text.rstrip(" .:") for name in names for title in node.findall(name))
        return next(filter(None, titles), "")

    def block(self, node: Node, path: Path) -> Iterator[Block]:
        """The blocks of one element."""
        match node.tag:
            case "sec" | "app" | "notes" | "boxed-text" | "fig-group" | "table-wrap-group":
                yield from self.section(node, path)
            case "p":
                yield from self._paragraph(node, path)
            case "list":
                yield from self._list(node, path)
            case "def-item":
                yield Block(path, join([self._inline.inside(part) for part in node], ": "))
            case "table-wrap":
                yield from read_table(node, self._inline, path)
            case "fn" if is_left_out_note(self._inline.inside(node).text, node.get("fn-type")):
                return
            case "fn-group":
                yield from self.flow(node, (*path, self.heading(node) or "Notes"))
            case "fig":
                yield Block(path, caption_text(node, self._inline))
            case "caption":  # of a box or group: its title is the heading already
                yield from self.flow(node, path)
            case _ if _holds_blocks(node):
                yield from (Block(path, self._inline.inside(title)) for title in node.findall("title"))
                yield from self.flow(node, path)
            case _:
                yield Block(path, self._inline.inside(node))

    def _list(self, node: Node, path: Path) -> Iterator[Block]:
        if (title := node.find("title")) is not None:
            yield Block(path, self._inline.inside(title))
        for item in node.iterchildren("list-item"):
            label = self._inline.inside(found).text if (found := item.find("label")) is not None else ""
            numbered = label if any(map(str.isalnum, label)) else ""
            for block in self.flow(item, path):
                yield replace(block, content=join([Inline(numbered), block.content], " "))
                numbered = ""

    def _paragraph(self, node: Node, path: Path) -> Iterator[Block]:
        """The runs of text between lists and quotations, which stand in their place; floats come after."""
        run: list[Piece] = [node.text or ""]
        floats: list[Node] = []
        for child in node:
            if child.tag in _FLOATS:
                floats.append(child)
                run.append(" ")
            elif child.tag in _BREAKS:
                yield Block(path, self._inline.read(run))
                yield from self.block(child, path)
                run = []
            else:
                run.append(child)
            run.append(child.tail or "")
        yield Block(path, self._inline.read(run))
        yield from self._floats(floats, path)

    def _floats(self, floats: Iterable[Node], path: Path) -> Iterator[Block]:
        for node in floats:
            yield from self.block(node, path)


def _holds_blocks(node: Node) -> bool:
    return any(child.tag in _BLOCKS for child in node)
