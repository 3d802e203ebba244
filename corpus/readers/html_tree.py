"""A web page made ready for trafilatura: what it would garble is settled before, tables above all.

trafilatura drops marks of raised and lowered characters ("10<sup>9</sup>" becomes "109"), and the first cell of a row
that an earlier one spans, so that a dose loses its drug. So scripts are written out here, and each table of data is
taken out, leaving a word in its place by which it is found again in the text that trafilatura keeps.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement

from corpus.readers.assembly import Block
from corpus.readers.jats_inline import InlineReader, Node
from corpus.readers.jats_table import read_table
from corpus.readers.scripts import plain_script

_NEVER_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas")
_STRUCK_OUT = ("del", "s", "strike")  # what a page has struck out, it no longer says
_UNWRAPPED = ("time", "label", "output", "data", "abbr")  # words of a sentence that trafilatura would leave out
_BREAKS = ("br", "div", "li", "dd", "dt")
_PLAIN = InlineReader(())
_MOST_IN_A_CELL = 2000  # characters; beyond it a table lays out a page rather than data


def prepare(tree: HtmlElement) -> None:
    """Take out what is never text, write out scripts, keep the words that trafilatura would drop."""
    etree.strip_elements(tree, *_NEVER_TEXT, *_STRUCK_OUT, etree.Comment, with_tail=False)
    etree.strip_tags(tree, *_UNWRAPPED)
    for node in list(tree.iter("sup", "sub")):
        _write_out(node)


def take_tables(tree: HtmlElement, word: str) -> Mapping[str, Node]:
    """Each table of data, with its caption, by the word that now stands in its place; the page should not hold it."""
    taken: dict[str, Node] = {}
    for table in list(tree.iter("table")):
        if _holds_data(table):
            figure = next(table.iterancestors("figure"), None)  # which trafilatura drops, and the table with it
            name = f"{word}{len(taken) + 1}x"
            taken[name] = _wrapped(table, figure)
            place = etree.Element("p")
            place.text = name
            (table if figure is None else figure).addprevious(place)
            table.drop_tree()
    return taken


def table_blocks(wrap: Node, path: tuple[str, ...]) -> Iterator[Block]:
    """A table as the JATS reader gives one: a line a row, every value after its column header."""
    return read_table(wrap, _PLAIN, path)


def _wrapped(table: HtmlElement, figure: HtmlElement | None) -> Node:
    """A copy of a table as JATS would have it, under the caption that it has itself or else its figure."""
    captions = [table.find("caption"), None if figure is None else next(figure.iter("figcaption"), None)]
    wrap = etree.Element("table-wrap")
    words = next((" ".join("".join(map(str, one.itertext())).split()) for one in captions if one is not None), "")
    etree.SubElement(etree.SubElement(wrap, "caption"), "p").text = words
    copied = deepcopy(table)
    copied.tail = None
    for node in list(copied.iter("caption")):
        node.drop_tree()
    for node in list(copied.iter(*_BREAKS)):
        node.tail = f" {node.tail or ''}"
    wrap.append(copied)
    return wrap


def _holds_data(table: HtmlElement) -> bool:
    """Whether a table has rows and columns of data; one that lays out a page has tables or long texts in it."""
    rows = list(table.iter("tr"))
    cells = list(table.iter("td", "th"))
    nested = any(True for _ in table.iterdescendants("table")) or any(True for _ in table.iterancestors("table"))
    widest = max((len(row.findall("td") + row.findall("th")) for row in rows), default=0)
    lengths = (sum(len(str(text)) for text in cell.itertext()) for cell in cells)
    return not nested and len(rows) > 1 and widest > 1 and max(lengths, default=0) <= _MOST_IN_A_CELL


def _write_out(node: HtmlElement) -> None:
    """A raised or lowered element in plain text; a link to a reference or footnote goes."""
    sibling, parent = node.getprevious(), node.getparent()
    if parent is None:
        return
    before = (parent.text if sibling is None else sibling.tail) or ""
    linked = any((link.get("href") or "").partition("#")[1] for link in node.iter("a"))
    content = "" if linked else "".join(map(str, node.itertext()))
    sign = "^" if node.tag == "sup" else "_"
    for child in list(node):
        node.remove(child)
    node.text = plain_script(before, content, sign, node.tail or "")
    node.drop_tag()
