"""Web pages, by trafilatura: the main text under its headings, tables as tables; never scripts, never the network."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.utils import load_html

from corpus.errors import MissingField, UnreadableSource
from corpus.readers.assembly import Block, Inline, assemble_bounded
from corpus.readers.html_meta import read_page_work
from corpus.readers.html_tree import prepare, table_blocks, take_tables
from corpus.readers.identifiers import identify
from corpus.readers.jats_design import named_design
from corpus.readers.jats_inline import Node
from corpus.readers.jats_references import is_marked_retracted
from corpus.readers.text import clean, squeeze
from corpus.types import Document, DocumentKind, SourceStatus

for _library in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # what matters of their warnings is an error of ours

_ABSTRACT = 5000  # characters: what stands at the beginning of a page may name the design of its study
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BROKEN = (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What lxml and trafilatura let through on pages that no browser wrote."""


def read_html(data: bytes, name: str, stem: str) -> Document:
    """The document of a page: its main text, without navigation, comments and scripts.

    Its id is its PMID or DOI where its meta tags give one, else its own address, else `stem`, the name of its file.
    Raises UnreadableSource (no page, or one without text), HostileSource, MissingField (no title); each names the file.
    """
    try:
        tree = load_html(data)
        if tree is None:
            raise UnreadableSource(f"{name} is not an HTML page; check the file")
        work = read_page_work(tree)  # first, since some of it stands in a script
        prepare(tree)
        tables = take_tables(tree, _unused(tree))
        content = assemble_bounded(_blocks(_body(tree), tables, work.title), len(data), name)
    except _BROKEN as error:
        raise UnreadableSource(f"{name} cannot be read as an HTML page ({error}); save it again") from error
    if not content.text:
        raise UnreadableSource(f"{name} holds no text outside navigation and scripts; save the page once it is shown")
    if not work.title:
        raise MissingField(f"{name} has no title; give it a <title> or a citation_title meta tag")
    work = replace(work, evidence_type=named_design(work.title, content.text[:_ABSTRACT]))
    address = work.url if work.url and not (work.doi or work.pmid) else ""
    return Document(
        id=identify(work.doi, work.pmid, "", "") or (f"URL:{address}" if address else f"FILE:{stem}"),
        kind=DocumentKind.LITERATURE,
        work=work,
        text=content.text,
        sections=content.sections,
        source_status=SourceStatus.RETRACTED if is_marked_retracted(work.title) else SourceStatus.CURRENT,
    )


def _unused(tree: HtmlElement) -> str:
    """The beginning of a word that the page does not hold, to stand where its tables stood."""
    page = " ".join(map(str, tree.itertext()))
    return next(word for number in range(len(page) + 1) if (word := f"tablehere{number}x") not in page)


def _body(tree: HtmlElement) -> Node:
    found = bare_extraction(tree, fast=True, include_comments=False, include_tables=True, deduplicate=False)
    return etree.Element("body") if found is None or isinstance(found, dict) else found.body


def _blocks(body: Node, tables: Mapping[str, Node], title: str) -> Iterator[Block]:
    """The paragraphs, list items and tables of trafilatura's tree, each under its headings (the title is none)."""
    above: dict[int, str] = {}
    for node in body.iterchildren("*"):
        path = tuple(above[level] for level in sorted(above))
        text = _text(node)
        if node.tag == "head" and text:
            level = _LEVELS.get(node.get("rend", ""), 6)
            above = {upper: heading for upper, heading in above.items() if upper < level}
            if text.rstrip(".").casefold() != title.casefold():
                above[level] = text
        elif node.tag == "list":
            yield from (Block(path, Inline(item)) for item in _items(node))
        elif node.tag == "table":
            yield from (Block(path, Inline(row)) for row in _rows(node))
        else:
            yield from _with_tables(text, path, tables)


def _with_tables(text: str, path: tuple[str, ...], tables: Mapping[str, Node]) -> Iterator[Block]:
    """A paragraph, and the tables in whose places words of it stand."""
    pieces = re.split(rf"({'|'.join(tables)})", text) if tables else [text]
    for piece in pieces:
        yield from table_blocks(tables[piece], path) if piece in tables else (Block(path, Inline(piece.strip())),)


def _items(node: Node) -> Iterator[str]:
    """The items of a list, those of lists in it after the item they belong to; a term before its definition."""
    term = ""
    for item in node.iterchildren("item"):
        own = squeeze(" ".join(_own_words(item)))
        if item.get("rend", "").startswith("dt"):
            term = own
        elif own:
            yield f"{term}: {own}" if term else own
            term = ""
        for inner in item.iterdescendants("list"):
            if next(inner.iterancestors("item")) is item:
                yield from _items(inner)
    if term:
        yield term


def _own_words(node: Node) -> Iterator[str]:
    """The words of an item without those of the lists in it."""
    yield clean(node.text or "")
    for child in node.iterchildren("*"):
        if child.tag != "list":
            yield from _own_words(child)
        yield clean(child.tail or "")


def _rows(table: Node) -> Iterator[str]:
    return (row for row in ("; ".join(filter(None, map(_text, cells))) for cells in table.iterchildren("row")) if row)


def _text(node: Node) -> str:
    """The words of an element in one line; a line break parts them."""
    for line_break in node.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return squeeze(clean("".join(map(str, node.itertext()))))
