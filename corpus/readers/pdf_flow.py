"""Lines of PDF pages → paragraphs under headings, without what is printed on every page.

A PDF says where characters stand and not what belongs together, so this is done with care: two lines are joined only
where nothing speaks against it, since a sentence that was never written would be worse than one cut in two.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_lines import Line

Pages = Sequence[Sequence[Line]]

_EDGE = 3  # lines at the top and at the bottom of a page among which a running head or foot is looked for
_LEAST_REPEATS, _LEAST_SHARE = 3, 0.3  # odd and even pages may have heads of their own
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*(?:\^?[\d,–-]+)?$")
_GOES_ON = re.compile(r"[a-z0-9(\[%<>≤≥=+±]")
_ITEM = re.compile(r"[•‣▪◦●■–*]\s|\(?\d{1,2}[.)]\s+[A-Z]")
_HYPHEN = re.compile(r"([A-Za-z]+)[-‐]$")
_FIRST_WORD = re.compile(r"[a-z]+")
_WORD = re.compile(r"[A-Za-z]+(?:[-‐][A-Za-z]+)*")
_KEEPS_HYPHEN = frozenset(
    """non anti pre post self well co re sub semi multi inter intra half low high long short double single beta alpha
    gamma follow per cross all one two three four five six ten""".split()
)
_HEADINGS = frozenset(
    """abstract|summary|introduction|background|objective|objectives|aims|methods|method|materials and methods|
    patients and methods|subjects and methods|study design|design|setting|participants|interventions|results|findings|
    discussion|limitations|conclusion|conclusions|recommendations|references|bibliography|literature cited|appendix|
    appendices|acknowledgements|acknowledgments|funding|supplementary material|statistical analysis|outcomes""".replace(
        "\n", ""
    ).split("|")
)
_AT_AN_END = re.compile(r"^\d{1,5}(?=\s)|(?<=\s)\d{1,5}$", re.ASCII)
_DOTS = re.compile(r"(?:\. ?){4}")  # the leaders of a table of contents
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+")
_REFERENCES = frozenset(("references", "bibliography", "literature cited"))
_LARGER, _LONGEST_HEADING, _MOST_HEADINGS = 1.12, 120, 3
_SAME_SIZE, _WIDE_GAP, _INDENT, _SHORT = 0.08, 1.6, 0.8, 0.85


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph under its headings, and where in it each further page begins: (page, position)."""

    path: tuple[str, ...]
    text: str
    page: int
    further_pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    page: int
    line: Line


def without_running_heads(pages: Pages) -> list[list[Line]]:
    """The pages without the lines at their edges that come again from page to page, page numbers among them."""
    seen = Counter(key for number, page in enumerate(pages) for key in _keys_of(page, number))
    needed = max(_LEAST_REPEATS, len(pages) * _LEAST_SHARE)
    running = {key for key, count in seen.items() if count >= needed}
    return [
        [line for line in page if line not in _edges(page) or _key(line, number) not in running]
        for number, page in enumerate(pages)
    ]


def body_size(pages: Pages) -> float:
    """The size in which most characters are set; 0 where there are none."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs(pages: Pages) -> Iterator[Paragraph]:
    """The paragraphs in order; the list of references, in the second half, is left out."""
    body, words = body_size(pages), _words(pages)
    path: tuple[str, ...] = ()
    headings: list[tuple[int, str]] = []
    for is_heading, run in _runs(pages, body):
        if not is_heading:
            headings = []
            if not (path and path[-1].casefold() in _REFERENCES and run[0].page > len(pages) / 2):
                yield _paragraph(path, run, words)
            continue
        headings = _merged(run, body)
        if len(headings) > _MOST_HEADINGS:  # a title page or a slide: text that happens to be large
            yield from (Paragraph(path, text, page) for page, text in headings[:-1])
            headings = headings[-1:]
        path = tuple(text for _, text in headings)
    yield from (Paragraph((), text, page) for page, text in headings)  # which nothing follows


def _runs(pages: Pages, body: float) -> Iterator[tuple[bool, list[_Placed]]]:
    """The lines of each paragraph, and of headings that follow each other, with whether they are headings."""
    run: list[_Placed] = []
    was_heading = False
    for number, page in enumerate(pages, start=1):
        layout = _Layout.of(page)
        for line in page:
            is_heading = bool(_heading(line, body))
            if run and (is_heading != was_heading or (not is_heading and layout.parts(run[-1], number, line))):
                yield was_heading, run
                run = []
            run.append(_Placed(number, line))
            was_heading = is_heading
    if run:
        yield was_heading, run


def _merged(run: Sequence[_Placed], body: float) -> list[tuple[int, str]]:
    """Headings that follow each other, with their pages; lines of one size are one, unless one is a usual name."""
    found: list[tuple[int, str]] = []
    above: Line | None = None
    for placed in run:
        text = _heading(placed.line, body)
        goes_on = above and above.size == placed.line.size and not (_is_usual(text) or _is_usual(found[-1][1]))
        if goes_on and len(found[-1][1]) + len(text) < _LONGEST_HEADING:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
        else:
            found.append((placed.page, text))
        above = placed.line
    return found


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual on a page: the distance between lines, and their length in characters."""

    leading: float
    length: float

    @classmethod
    def of(cls, page: Sequence[Line]) -> "_Layout":
        gaps = [above.across - below.across for above, below in pairwise(page)]
        downwards = [gap for gap in gaps if gap > 0]
        return cls(median(downwards) if downwards else 0.0, median([len(line.text) for line in page] or [0]))

    def parts(self, above: _Placed, page: int, line: Line) -> bool:
        """Whether a line begins a paragraph, given the one before it."""
        before = above.line
        ended = bool(_ENDED.search(before.text))
        goes_on = not ended and bool(_GOES_ON.match(line.text))
        if _ITEM.match(line.text) and (ended or not goes_on):
            return True
        if abs(line.size - before.size) > _SAME_SIZE * max(line.size, before.size):
            return True
        gap = before.across - line.across
        if above.page != page or gap < 0 or gap > _WIDE_GAP * self.leading:
            return not goes_on  # the next column or page, or past a figure
        indented = line.along > before.along + _INDENT * line.size
        return ended and (indented or gap > 1.15 * self.leading or len(before.text) < _SHORT * self.length)


def _edges(page: Sequence[Line]) -> tuple[Line, ...]:
    return (*page[:_EDGE], *page[-_EDGE:])


def _keys_of(page: Sequence[Line], number: int) -> set[tuple[str, int]]:
    """The keys of the lines at the edges; a number beside words may also be that of the page."""
    numbers = (found for line in _edges(page) for found in _AT_AN_END.findall(line.text))
    return {_key(line, number) for line in _edges(page)} | {("", int(found) - number) for found in numbers}


def _key(line: Line, page: int) -> tuple[str, int]:
    """What two running heads have in common: their words, or that each is the number of its page."""
    if line.text.isdecimal() and len(line.text) < 6:
        return "", int(line.text) - page
    words = re.sub(r"^\d+\s+|\s+\d+$", "", line.text)
    return re.sub(r"(?i)(?<=page )\d+(?: of \d+)?", "", words).casefold(), 0


def _heading(line: Line, body: float) -> str:
    """A line as a heading: one of the usual names, or set larger than the text and no sentence; else ""."""
    text = _NUMBERING.sub("", line.text, count=1).rstrip(" .:")
    if _is_usual(text):
        return text.capitalize() if text.isupper() else text
    larger = line.size >= _LARGER * body and len(line.text) <= _LONGEST_HEADING
    worded = any(map(str.isalpha, text)) and not _DOTS.search(line.text)
    return text if larger and worded and not _ENDED.search(line.text) else ""


def _is_usual(text: str) -> bool:
    return text.casefold() in _HEADINGS


def _words(pages: Pages) -> frozenset[str]:
    """The words of the document that no line end cuts, hyphens and all."""
    found = ((match, line.text) for page in pages for line in page for match in _WORD.finditer(line.text))
    return frozenset(match[0].replace("‐", "-").casefold() for match, text in found if match.end() < len(text) - 1)


def _paragraph(path: tuple[str, ...], run: Sequence[_Placed], words: frozenset[str]) -> Paragraph:
    text = run[0].line.text
    pages: list[tuple[int, int]] = []
    for above, placed in pairwise(run):
        joined, following = _joined(text, placed.line.text, words)
        if placed.page != above.page:
            pages.append((placed.page, len(joined)))
        text = joined + following
    return Paragraph(path, text, run[0].page, tuple(pages))


def _joined(text: str, following: str, words: frozenset[str]) -> tuple[str, str]:
    """Two lines as one, in two parts. A hyphen at the end of the first goes where the document shows it should.

    It stays in a compound ("beta-blocker") and before figures and capitals ("IL-6"): dropped, it could change them.
    """
    cut, rest = _HYPHEN.search(text), _FIRST_WORD.match(following)
    if not cut:
        return (text, following) if text.endswith(("-", "‐")) and not text.endswith(" -") else (text + " ", following)
    if not rest:
        return text, following
    whole, compound = (cut[1] + rest[0]).casefold(), f"{cut[1]}-{rest[0]}".casefold()
    keeps = cut[1].casefold() in _KEEPS_HYPHEN or not cut[1][1:].islower()
    if whole not in words and (compound in words or keeps):
        return text, following
    return text[:-1], following
