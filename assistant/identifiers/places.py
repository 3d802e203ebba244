"""Geographic units below a state: streets, post boxes, postal codes."""

import re

from assistant.identifiers.names import ORDINARY
from assistant.identifiers.rule import IdentifierKind, Rule, value

_KINDS_OF_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Terrace|Boulevard|Blvd|Way|Place|Pl|Square|Sq|"
    r"Gardens?|Gdns|Alley|Cove|Crossing|Esplanade|Estate|Grove|Heights|Hollow|Junction|Manor|Meadows?|Parade|Plaza|Ridge|Turnpike|Park|Hill|Mews|Parkway|Highway|Quay|Wharf)"
)
_STATES = r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]|PR|GU)"
_DWELLS = (
    r"(?i:\b(?:(?:lives?|living|resid(?:es|ing)|stay(?:s|ing)|works|home is|house is|resident) (?:at|in|on|of)|address(?: is)?:?)\s"
    r"(?:(?:flat|apartment|apt\.?|unit|suite|studio|room|h\.?no\.?|no\.?) ?\w{1,4},?\s)?)"
)
_PROVINCES = r"(?:AB|BC|MB|N[BLSTU]|ON|PE|QC|SK|YT)"


def _names_a_street(found: re.Match[str]) -> bool:
    words = re.findall(r"[A-Za-z]+", value(found))[:-1]
    return not any(word.lower() in ORDINARY for word in words)


RULES = (
    Rule(
        IdentifierKind.ADDRESS,
        re.compile(
            rf"(?<![\w.,/-])\d{{1,5}}[A-Za-z]?,? (?:(?:[A-Z][A-Za-z'-]{{1,20}}|[Tt]he|of) ){{1,3}}{_KINDS_OF_STREET}\b\.?(?! (?:[a-z]+ )?(?:study|trial|cohort))"
        ),
        _names_a_street,
    ),
    Rule(
        IdentifierKind.ADDRESS,
        re.compile(rf"{_DWELLS}(?P<value>\d{{1,5}}(?:/\d{{1,4}})?[A-Za-z]?,?\s[A-Z][a-z]{{2,20}})"),
        _names_a_street,
    ),
    Rule(
        IdentifierKind.ADDRESS,
        re.compile(
            rf"{_DWELLS}"
            r"(?i:(?P<value>\d{1,5}[a-z]?,? [a-z][a-z'-]{2,20} [a-z][a-z'-]{1,20}))\b"
        ),
        lambda found: (
            re.search(rf"(?i)\b{_KINDS_OF_STREET}$", value(found)) is not None or found[0][:4].lower() == "addr"
        ),
    ),
    Rule(IdentifierKind.ADDRESS, re.compile(r"(?i)\bP\.?\s?O\.?\s?Box\s?(?:no\.?\s?)?\d{1,6}\b")),
    Rule(
        IdentifierKind.ADDRESS,
        re.compile(
            r"(?i)\b(?:zip(?:[ -]?code)?|post(?:al)?[ -]?code|postcode)\b\s*(?:is|of|:|=|,)?\s*"
            r"(?P<value>\d{5}(?:-\d{4})?\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d[A-Z] ?\d[A-Z]\d\b)"
        ),
    ),
    Rule(IdentifierKind.ADDRESS, re.compile(rf"\b[A-Z][A-Za-z'.-]{{1,25}},? {_STATES},? \d{{5}}(?:-\d{{4}})?\b")),
    Rule(IdentifierKind.ADDRESS, re.compile(rf"\b{_PROVINCES},? [A-Z]\d[A-Z] ?\d[A-Z]\d\b")),
    Rule(IdentifierKind.ADDRESS, re.compile(r"\b[A-Z][a-z'-]{2,25},? (?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? \d{4}\b")),
    # The last two letters of a United Kingdom postcode are none of C, I, K, M, O, V: no unit of a dose looks like one.
    Rule(IdentifierKind.ADDRESS, re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")),
)
