"""The running text of a JATS element: emphasis dropped, scripts kept readable, citations marked."""

import html
import re
from collections.abc import Iterable, Sequence

from lxml import etree

from corpus.readers.assembly import Inline
from corpus.readers.jats_citations import CLOSE, NUMBER, OPEN, settle
from corpus.readers.jats_formula import MATH, formula
from corpus.readers.scripts import plain_script
from corpus.readers.text import remove_invisible, squeeze

Node = etree._Element
Piece = str | Node

# Not text: pictures, TeX (its MathML or plain twin is kept), identifiers and accessibility texts of pictures.
SILENT = frozenset(
    """tex-math graphic inline-graphic media object-id alt-text long-desc supplementary-material
    inline-supplementary-material private-char index-term""".split()
)
# Words inside these must not run into those around them.
_SPACED = frozenset(
    """break hr p title list list-item def-list def-item term def disp-formula disp-quote table tr td th label fn
    caption sec boxed-text table-wrap fig attrib speech verse-line array""".split()
)
_RAISED = frozenset(("table-fn", "fn"))  # links to footnotes are printed raised, tagged so or not
_FIGURES = re.compile(r"[^\s\[\](){},;–—‐‑−-]+")
_REFERENCE_NUMBER = re.compile(r"\W*\d{1,3}[a-zA-Z]?\W*|\d{4}|and|&")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d")
_RANGE = re.compile(r"(\d{1,3})(?:\s*[-–—‐‑−]\s*(\d{1,3}))?")
_LONGEST_LIST = 100  # characters of numbers in one link


class InlineReader:
    """Reads runs of text against one reference list (its ids, in order)."""

    def __init__(self, order: Sequence[str]) -> None:
        self._order = order
        self._places = {key: place for place, key in enumerate(order)}

    def read(self, pieces: Iterable[Piece]) -> Inline:
        """The text of strings and elements one after the other (an element counts without its tail)."""
        out: list[str] = []
        cited: list[tuple[str, ...]] = []
        for piece in pieces:
            if isinstance(piece, str):
                out.append(piece)
            else:
                self._write(piece, out, cited)
        return settle(squeeze(remove_invisible("".join(out))), cited, self._order)

    def inside(self, element: Node) -> Inline:
        """The text of an element."""
        if not len(element) and element.tag in _SPACED:  # most table cells: nothing to resolve
            return Inline(squeeze(remove_invisible(element.text or "")))
        return self.read([element])

    def _write(self, node: Node, out: list[str], cited: list[tuple[str, ...]]) -> None:
        tag = node.tag
        if not isinstance(tag, str):
            if isinstance(node, etree._Entity):
                out.append(html.unescape(str(node.text)))  # a DTD's character entity; never a declared one
        elif tag == "xref" and self._is_citation(node):
            self._cite(node, out, cited)
        elif tag in ("sup", "sub") or (tag == "xref" and node.get("ref-type") in _RAISED):
            script: list[str] = []
            self._write_content(node, script, cited)
            out.append(_raised(out[-1] if out else "", "".join(script), "_" if tag == "sub" else "^", node.tail or ""))
        elif tag == MATH:
            out.append(f" {formula(node)} ")
        elif tag in _SPACED:
            out.append(" ")
            self._write_content(node, out, cited)
            out.append(" ")
        elif tag not in SILENT:
            self._write_content(node, out, cited)

    def _write_content(self, node: Node, out: list[str], cited: list[tuple[str, ...]]) -> None:
        if node.text:
            out.append(node.text)
        for child in node:
            self._write(child, out, cited)
            if child.tail:
                out.append(child.tail)

    def _is_citation(self, xref: Node) -> bool:
        return xref.get("ref-type") == "bibr" or any(rid in self._places for rid in xref.get("rid", "").split())

    def _cite(self, xref: Node, out: list[str], cited: list[tuple[str, ...]]) -> None:
        """Reference numbers leave a marker; an author and year stay, between markers."""
        visible = squeeze("".join(map(str, xref.itertext())))
        cited.append(self._keys(xref, visible))
        numeric = all(map(_REFERENCE_NUMBER.fullmatch, _FIGURES.findall(visible))) and not _YEAR.search(visible)
        aside = visible[:1] + visible[-1:] in ("()", "[]")  # "(Smith, 2004)", brackets and all
        out.append(NUMBER if numeric or aside else OPEN + visible + CLOSE)

    def _keys(self, xref: Node, visible: str) -> tuple[str, ...]:
        """The known references an xref names; one that shows "3-5" but names the third only means all three."""
        keys = tuple(dict.fromkeys(rid for rid in xref.get("rid", "").split() if rid in self._places))
        if len(keys) != 1 or not 3 <= len(visible) <= _LONGEST_LIST:
            return keys
        numbers = [
            number
            for first, last in _RANGE.findall(visible)
            for number in range(int(first), int(last or first) + 1)
            if 0 < number <= len(self._order)
        ]
        starts_there = len(numbers) > 1 and numbers[0] - 1 == self._places[keys[0]]
        return tuple(dict.fromkeys(self._order[number - 1] for number in numbers)) if starts_there else keys


def _raised(before: str, script: str, sign: str, after: str) -> str:
    """A superscript or subscript in plain text; one that begins with a citation stays as it is."""
    return script if script.lstrip()[:1] in (NUMBER, OPEN) else plain_script(before, script, sign, after)
