"""Citation marks out of running text: "shown [3-5]." becomes "shown." with a mark before the full stop.

The inline reader writes markers (C0 controls, which no XML text can hold) where the XML cites:
NUMBER stands for a numeric citation, whose figures are dropped; OPEN and CLOSE enclose an author-year
citation, whose words stay ("as Smith et al. (2004) found") unless a bracket holds nothing else.
"""

import re
from collections.abc import Sequence

from corpus.readers.assembly import Inline, merged
from corpus.types import CitationMark

NUMBER, OPEN, CLOSE, RANGE = "\x02", "\x03", "\x04", "\x05"

Cited = Sequence[tuple[str, ...]]
"""The keys of each citation of a run, in the order of its NUMBER and OPEN markers."""

_DASH = r" ?(?:[-–—‐‑−]|\bto\b) ?"
_SPAN = re.compile(rf"{NUMBER}(?:\]{_DASH}\[|\){_DASH}\(|{_DASH})(?={NUMBER})")
_BRACKETED = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_AUTHOR_YEAR = re.compile(rf"{OPEN}([^{CLOSE}]*){CLOSE}")
_SET = rf"{NUMBER}[{NUMBER}{RANGE}]*+"
_CLUSTER = re.compile(rf"(?P<before> ?)(?P<marks>{_SET}(?: ?[,;]? ?(?:and|&)? ?{_SET})*)(?P<after> ?)")
_MARKS = rf"([{NUMBER}{RANGE}]+)"
_LEFT_OVER = (
    (re.compile(rf"([(\[]){_MARKS}[,;:]? ?"), r"\1\2"),  # "(3, see below)" has lost its 3
    (re.compile(rf" ?[,;] ?{_MARKS} ?(?=[)\]])"), r"\1"),  # "(95% CI 1 to 2; 3)" likewise
    (re.compile(rf"([,;.]){_MARKS} ?\1(?!\d)"), r"\2\1"),  # "results, 3, and" would keep two commas
)
_MARKER = re.compile(rf"([{NUMBER}{OPEN}{CLOSE}{RANGE}])")
_YEAR = re.compile(r"(?:1[89]|20)\d\d[a-z]?(?:\W+[a-z])*")
_WORD = re.compile(r"[^\W_]+")
_CONTENT = re.compile(r"[%=<>≥≤±×+*/]")
_FILLER = frozenset(  # words that introduce a citation and mean nothing without it
    [
        "see",
        "also",
        "e",
        "g",
        "eg",
        "i",
        "ie",
        "cf",
        "and",
        "for",
        "example",
        "review",
        "reviews",
        "reviewed",
        "in",
        "ref",
        "refs",
        "reference",
        "references",
    ]
)
_AUTHORS = frozenset(["et", "al", "van", "von", "de", "der", "den", "di", "la", "le"])
_LONGEST_RANGE = 100


def settle(raw: str, cited: Cited, order: Sequence[str]) -> Inline:
    """The text of a run with white space already squeezed, markers resolved to citation marks.

    `order` is the reference list, by which the range of two citations is filled.
    """
    if not cited:
        return Inline(raw)
    text = _SPAN.sub(NUMBER + RANGE, raw)
    inside = _BRACKETED.sub(_unbracketed, text)
    text = inside if inside == text else _BRACKETED.sub(_unbracketed, inside)  # "([3])"
    text = _CLUSTER.sub(_closed_up, text)
    for pattern, replacement in _LEFT_OVER:
        text = pattern.sub(replacement, text)
    return _marked(text, cited, order)


def _unbracketed(group: re.Match[str]) -> str:
    """The citations alone, where a bracket holds nothing but citations and words that introduce them."""
    inner = group.group(1)
    if not _MARKER.search(inner):  # most brackets
        return group.group()
    quoted = _AUTHOR_YEAR.findall(inner)
    torn = inner.count(OPEN) != inner.count(CLOSE)  # the citation's own words hold half of the bracket
    if torn or (NUMBER not in inner and not quoted):
        return group.group()
    rest = _AUTHOR_YEAR.sub(" ", inner).replace(NUMBER, " ")
    names_outside = any(_YEAR.fullmatch(visible.strip()) for visible in quoted)
    words = _WORD.findall(rest)
    if _CONTENT.search(rest) or not all(_is_filler(word, names_outside) for word in words):
        return group.group()
    return _AUTHOR_YEAR.sub(NUMBER, "".join(re.findall(rf"{OPEN}[^{CLOSE}]*{CLOSE}|[{NUMBER}{RANGE}]", inner)))


def _is_filler(word: str, names_outside: bool) -> bool:
    """Whether a word in a bracket belongs to the citation: "see", or the "Smith et al." before a bare year."""
    if word.lower() in _FILLER:
        return True
    return names_outside and (word in _AUTHORS or word[0].isupper() or (len(word) == 1 and word.islower()))


def _closed_up(cluster: re.Match[str]) -> str:
    """The citations without the white space before them; one space stays where words would run together."""
    marks = re.sub(rf"[^{NUMBER}{RANGE}]", "", cluster.group("marks"))
    following = cluster.string[cluster.end() : cluster.end() + 1]
    apart = bool(cluster.group("after")) or (bool(cluster.group("before")) and following.isalnum())
    return marks + " " if apart and cluster.start() > 0 and following not in tuple(",.;:)]") else marks


def _marked(text: str, cited: Cited, order: Sequence[str]) -> Inline:
    pieces: list[str] = []
    marks: list[CitationMark] = []
    length = number = opened = 0
    in_range = False
    for piece in _MARKER.split(text):
        if piece == NUMBER:
            between = _between(cited[number - 1], cited[number], order) if in_range else ()
            marks.append(CitationMark(length, (*between, *cited[number])))
            number, in_range = number + 1, False
        elif piece == OPEN:
            opened, number = number, number + 1
        elif piece == CLOSE:
            marks.append(CitationMark(length, cited[opened]))
        elif piece == RANGE:
            in_range = True
        else:
            pieces.append(piece)
            length += len(piece)
    return Inline("".join(pieces), merged(mark for mark in marks if mark.keys))


def _between(first: tuple[str, ...], last: tuple[str, ...], order: Sequence[str]) -> tuple[str, ...]:
    """The references strictly between two citations, as in "[1-3]"; none if the list does not run that way."""
    if not first or not last:
        return ()
    start, end = order.index(first[-1]), order.index(last[0])
    return tuple(order[start + 1 : end]) if start < end <= start + _LONGEST_RANGE else ()
