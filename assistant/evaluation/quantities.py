"""Numbers as a text states them: value, unit, how often, and comparison sign.

Written for measuring alone: the assistant checks its own statements by other code, so that no mistake hides in both.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

_UNITS = {
    alias.replace("_", " "): line.split()[0]
    for line in """% percent per_cent pct
        points percentage_points percentage_point
        kg kilogram kilograms kilo kilos
        g gram grams
        mg milligram milligrams
        ug mcg microgram micrograms
        ng nanogram nanograms
        pg
        mol
        mmol millimoles
        umol
        nmol
        pmol
        meq
        iu
        u unit units
        l liter liters litre litres
        dl
        ml milliliter milliliters millilitre millilitres cc
        ul
        m2
        mmhg mm_hg
        mm
        cm
        m meter meters metre metres
        km
        kcal
        kpa
        bpm beats
        °c
        °f
        second s sec secs seconds
        minute min mins minutes
        hour h hr hrs hours
        day d days
        week wk wks weeks
        month mo months
        year y yr yrs years
        times time
        fold
        hundred
        thousand
        million
        billion""".splitlines()
    for alias in line.split()
}
_RATES = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "hourly": "hour"}
_CALENDAR = ("day", "week", "month", "year")
_WORDS = {
    word: str(value)
    for value, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}
_OFTEN = {"once": "1", "twice": "2", "thrice": "3"}

_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = re.compile(  # "once" only where it says how often
    r"(?P<number>(?<![a-z\d)\]])(?<!\d )-\d[\d.,]*|(?<!\d)\.\d+|\d+(?:[.,]\d+)*)"
    r"|\b(?P<word>"
    + "|".join((*_WORDS, "twice", "thrice", rf"once(?=\s(?:an?|per|every|{'|'.join(_RATES)})\b)"))
    + r")\b"
)
_ATTACHED = re.compile(
    rf"[\s-]?(?P<unit>{_UNIT})(?![a-z])(?P<per>(?:(?:\s?/\s?|\sper\s|\s(?:a|each|every)\s)(?:{_UNIT})(?![a-z]))*)"
)
_ADVERB = re.compile(rf"\s?(?P<rate>{'|'.join(_RATES)})\b")
_OFTEN_A = re.compile(r"\s(?:a|an|per|each|every)\s(?P<rate>day|week|month|year)\b")
_PER = re.compile(rf"(?:/|\b(?:per|a|each|every)\b)\s?(?P<unit>{_UNIT})(?![a-z])")
_PREFIX = re.compile(r"\b(?P<unit>hour|day|week|month|year)s?\s$")
_CHAIN = re.compile(r"\s?(?:-|to|and|or|,|/|;|, and|, or|and/or|through)\s?")
_BEFORE = re.compile(r"([a-z]+)[^a-z\d]*$")
_AFTER = re.compile(r"[^a-z\d]*([a-z]+)")

_SIGNS_BEFORE = tuple(
    (re.compile(rf"(?:{pattern})\s?$"), sign)
    for pattern, sign in (
        (r"<=|=<|≤|≦|⩽|\b(?:less|lower|fewer|smaller) than or equal to", "≤"),
        (r"\b(?:no|not) (?:more|greater|higher|later) than", "≤"),
        (r"\bat (?:the )?most|\bup to|\bmaximum(?: of)?|\b(?:not|never) exceed(?:ing)?", "≤"),
        (r">=|=>|≥|≧|⩾|\b(?:more|greater|higher|larger) than or equal to|\b(?:no|not) (?:less|fewer|lower) than", "≥"),
        (r"\bat (?:the )?least|\bminimum(?: of)?", "≥"),
        (r"<|\b(?:less|fewer|lower|smaller|younger|shorter) than|\bbelow|\bunder", "<"),
        (r">|\b(?:more|greater|higher|larger|older|longer) than|\babove|\bover|\bexceed(?:s|ed|ing)?", ">"),
    )
)  # fmt: skip
_SIGNS_AFTER = (
    (re.compile(r",? (?:or|and) (?:more|greater|older|higher|above|over|longer|later)\b"), "≥"),
    (re.compile(r",? (?:or|and) (?:less|fewer|younger|lower|below|under|shorter|earlier)\b"), "≤"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text. `units` are the readings of its unit ("" is none): "10" of "10 to 20 mg" has both.

    `rate` is per day, week, month or year, "" when not said; `before` and `after` are the words around it.
    """

    value: str
    units: frozenset[str]
    rate: str
    sign: str
    before: str
    after: str

    def is_held_by(self, other: "Quantity") -> bool:
        """Whether another says this: same value and sign, same unit, and the rate where this one has any."""
        return (
            self.value == other.value
            and self.sign == other.sign
            and bool(self.units & other.units)
            and self.rate in ("", other.rate)
        )

    def is_in_place_of(self, other: "Quantity") -> bool:
        """Whether another stands between the same two words."""
        return bool(self.before and self.after) and (self.before, self.after) == (other.before, other.after)


def unheld(claim: str, premises: Sequence[str]) -> tuple[Quantity, ...]:
    """The quantities of a claim that no premise holds, or that stand where the premises have another number only."""
    held = [quantity for premise in premises for quantity in quantities(premise)]
    return tuple(one for one in quantities(claim) if not _stands(one, held))


def _stands(one: Quantity, held: Sequence[Quantity]) -> bool:
    there = [other for other in held if one.is_in_place_of(other)]
    return any(map(one.is_held_by, held)) and (not there or any(map(one.is_held_by, there)))


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in their order, also those in names (IL-6, COVID-19)."""
    folded = _folded(text)
    found = list(_found(folded))
    for at in range(len(found) - 2, -1, -1):
        (one, end), (following, _) = found[at], found[at + 1]
        start = _start(folded, end, found[at + 1][1])
        if one.units == {""} and following.units != {""} and _CHAIN.fullmatch(folded, end, start):
            found[at] = replace(one, units=following.units | {""}), end
    return tuple(one for one, _ in found)


def _start(folded: str, after: int, before: int) -> int:
    """Where the next number begins."""
    following = _NUMBER.search(folded, after, before)
    return following.start() if following else before


def _found(folded: str) -> Iterator[tuple[Quantity, int]]:
    """Quantities, and where each ends with its unit."""
    for match in _NUMBER.finditer(folded):
        word = match["word"]
        value = _value(match["number"]) if word is None else _WORDS.get(word) or _OFTEN[word]
        units, rate, end = ({"times"}, "", match.end()) if word in _OFTEN else _unit(folded, match.end())
        if units == {""} and (prefix := _PREFIX.search(folded, max(0, match.start() - 8), match.start())):
            units = {"", prefix["unit"]}
        adverb = _ADVERB.match(folded, end) or (_OFTEN_A.match(folded, end) if units == {"times"} else None)
        if adverb:
            rate, end = _RATES.get(adverb["rate"], adverb["rate"]), adverb.end()
        before, after = _BEFORE.search(folded[max(0, match.start() - 40) : match.start()]), _AFTER.match(folded, end)
        sign = _sign(folded, match.start(), end)
        around = (before[1] if before else "", after[1] if after else "")
        yield Quantity(value, frozenset(units), rate, sign, *around), end


def _unit(folded: str, end: int) -> tuple[set[str], str, int]:
    """The unit that stands at a place, its rate, and where it ends."""
    attached = _ATTACHED.match(folded, end)
    if attached is None:
        return {""}, "", end
    per = [_UNITS[one["unit"]] for one in _PER.finditer(attached["per"])]
    rate = next((one for one in per if one in _CALENDAR), "")
    return {"/".join([_UNITS[attached["unit"]], *(one for one in per if one not in _CALENDAR)])}, rate, attached.end()


def _sign(folded: str, start: int, end: int) -> str:
    head = folded[max(0, start - 32) : start]
    before = next((sign for pattern, sign in _SIGNS_BEFORE if pattern.search(head)), "")
    return before or next((sign for pattern, sign in _SIGNS_AFTER if pattern.match(folded, end)), "")


def _value(written: str) -> str:
    """A number without what does not change it: 2.50 is 2.5, .5 is 0.5, 11,340 is 11340, 1,5 is 1.5."""
    number = written.rstrip(".,")
    minus, number = ("-", number[1:]) if number.startswith("-") else ("", number)
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    elif number.count(",") == 1 and "." not in number:
        number = number.replace(",", ".")
    if number.count(".") > 1 or "," in number:
        return minus + number
    whole, _, rest = number.partition(".")
    fraction = rest.rstrip("0")
    return minus + (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


_GROUPS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_DASHES = re.compile(r"[‐‑‒–—−﹣－]")


def _folded(text: str) -> str:
    """Lower case, one kind of dash, digit and decimal point, single spaces."""
    plain = "".join(c if c.isascii() else _plain(c) for c in _DASHES.sub("-", _GROUPS.sub("", text)))
    return re.sub(r"(?<=\d)·(?=\d)", ".", " ".join(plain.split())).casefold()


def _plain(character: str) -> str:
    if character in "µμ":
        return "u"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isdigit():  # superscripts: 10⁹ is not 109
        return f"^{unicodedata.digit(character)}"
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return " " + unicodedata.normalize("NFKC", character).replace("\u2044", "/")
    return character
