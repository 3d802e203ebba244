"""Sentence boundaries of biomedical English, as exact character spans.

No library: a full stop, question or exclamation mark before white space ends a sentence unless a rule
below forbids it. `benchmarks/results/sentences.md` compares this with five libraries, each alone and
under the same rules. Where a mark stays ambiguous the rules merge: a quotation that runs on is still
true to its source, a fragment may not be ("the dose was approx." / "5 mg").
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from corpus.types import Span

_MARK = re.compile(
    r"""[.!?…]["'’”»)\]]*(?:\s["”)\]](?=\s))?  # closing quotes and brackets, one of them also after a space
    (?:(?<=[a-z]{4}\.)\[?\d{1,3}(?:[,–-]\s?\d{1,3})*\]?(?=\s+[A-Z]))?\s+  # a citation left in: "trials.17 We"
    """,
    re.VERBOSE,
)
_LEADS_IN = frozenset(  # always followed by what it introduces; the case matters ("ms" is a unit)
    """vs Vs e.g i.e cf viz fig figs Fig Figs eq eqs Eq Eqs ref refs Ref Refs Tab Dr Drs Prof Mr Mrs Ms St Mt
    approx Approx ca av resp incl esp p pp subsp ssp var""".split()
)
_NUMBERED = frozenset("no No nos Nos vol Vol suppl Suppl".split())  # an abbreviation only before a number
_NAMES = frozenset(  # part of a name or date more often than the end of a sentence
    "al Inc Ltd Co Corp Dept Univ Jr Sr Jan Feb Mar Apr Aug Sept Sep Oct Nov Dec".split()
)
_MAY_END = re.compile(r"etc|spp?|(?:[a-z]\.)+[a-z]")  # "etc", "spp", "i.v", "p.m"
_OPENERS = frozenset(  # capitalised words that begin sentences and are hardly ever names
    """A Additionally After All Also Although Among An And As At Because Before Both But By Compared Conclusion
    Conclusions Consistent Despite Due During Each Finally Following For From Further Furthermore Given He Hence
    Here How However If Importantly In Interestingly It Its Many Methods Moreover Most Nevertheless No Of On Only
    Other Our Overall Participants Patients Previous Recent Recently Results Several She Similarly Since Some
    Studies Such Taken That The Their Then There Therefore These They This Those Through Thus To Together Treatment
    Two Under Unlike Using We What When Where Whereas Whether While Why With Within Without You""".split()
)
_LAST_WORD = re.compile(r"[^\s(\[{\"“'‘,;/–—]*$")
_LONG_WORD = re.compile(r"[a-z]{6,}")  # too long for an abbreviation: a gene or compound may follow in lower case
_LOWER = re.compile(r"[a-z]{2,}+(?![A-Z0-9]|-[A-Z0-9])|[a-z](?=[\s.])")  # "albicans" but not "p53", "daf-2"
_OPENING = re.compile(r"^[\w'’]+")
_WORD = re.compile(r"\w")
_INITIALS = re.compile(r"(?:[A-Z]\.-?)*[A-Z]")
_GENUS = re.compile(r"[A-Z]\. ?[a-z]{3}")
_SEROVAR = re.compile(r"Typhi|Paratyphi|Enteritidis")  # of Salmonella: capitalised after "S."
_BEFORE_NAME = re.compile(  # what stands before the initial of a person or genus, not before "type B."
    r"(?:^|[(\[,;&.]|\b(?:of|to|in|by|with|against|from|for|or|than|the|(?<![A-Z] )(?<![A-Z], )and))\s*$"
)
_LIST_MARK = re.compile(r"\W*(?:[^\W\d_]|[ivx]{2,4}|[IVX]{2,4})?[\W\d_]*")  # "1.", "(a)", "iv."
_CLOSES = re.compile(r"(?:[^()\[\]]++|\([^()\[\]]*+\)|\[[^()\[\]]*+\])*+[)\]]")  # pairs, then a closing bracket
_WINDOW = 80  # characters on either side of a mark that the rules look at
_ASIDE = 200  # a bracket that closes within this many characters is kept whole


def split_sentences(text: str) -> tuple[Span, ...]:
    """The spans of the sentences: in order, stripped, holding every non-white character exactly once.

    A line end is always a boundary.
    """
    spans: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        starts = [0, *permitted(line, (mark.end() for mark in _MARK.finditer(line))), len(line)]
        for start, end in pairwise(starts):
            sentence = line[start:end]
            first = start + len(sentence) - len(sentence.lstrip())
            if sentence.strip():
                spans.append((offset + first, offset + start + len(sentence.rstrip())))
        offset += len(line)
    return tuple(spans)


def permitted(line: str, proposed: Iterable[int]) -> Iterator[int]:
    """Those of the proposed sentence starts (ascending, each after white space) that no rule forbids."""
    start = counted = depth = 0
    for position in proposed:
        between = line[counted:position]
        depth = max(0, depth + sum(map(between.count, "([")) - sum(map(between.count, ")]")))
        counted = position
        aside = depth > 0 and _CLOSES.match(line, position, position + _ASIDE) is not None
        head = line[max(start, position - _WINDOW) : position].rstrip()
        rest = line[position : position + _WINDOW]
        if rest and not aside and _ends(head, rest):
            yield position
            start, depth = position, 0


def _ends(head: str, rest: str) -> bool:
    """Whether a sentence whose last characters are `head` ends there, when `rest` follows."""
    head = head.rstrip("\"'’”»)] ")
    if _LIST_MARK.fullmatch(head) or rest[0] in ".,;:)]%" or not _WORD.search(rest):
        return False
    if head[-1] != ".":
        return not _LOWER.match(rest)
    word = _LAST_WORD.findall(head[:-1])[0]
    opening = "".join(_OPENING.findall(rest)[:1])
    if word in _LEADS_IN or (word in _NUMBERED and opening.isdigit()):
        return False
    if _LOWER.match(rest):
        return _LONG_WORD.fullmatch(word) is not None
    if opening in _OPENERS and rest[1:2] != ".":
        return True
    if _INITIALS.fullmatch(word):
        return len(word) == 1 and _ends_after_letter(head[:-2], rest)
    if _MAY_END.fullmatch(word):
        return opening[:1].isupper() and not opening.isupper()
    return word not in _NAMES


def _ends_after_letter(before: str, rest: str) -> bool:
    """Whether "type B." ends a sentence; "J. M. Smith" and "by B. Jones" do not."""
    if not rest[0].isupper() or _SEROVAR.match(rest) or (rest[1:2] == "." and not _GENUS.match(rest)):
        return False
    return _BEFORE_NAME.search(before) is None
