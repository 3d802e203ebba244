"""Numbers given to a person or a thing of theirs, named for what they are or told by their form."""

import re

from assistant.identifiers.rule import IdentifierKind, Rule, value

_NUMBER = r"(?:\s*(?:numbers?\b|no\b\.?|num\b\.?|nr\b\.?|nos?\.|id\b|code\b|card\b|#))"
_LINK = r"\s*(?:\([A-Za-z /]{1,20}\))?\s*(?:is|was|:|=|#|-|,)?\s*[#\"']?\s*"
_CODE = (
    r"(?P<value>[A-Z]{0,6}[-/]?\d[A-Z0-9]{0,20}(?:[-/. ]{1,2}[A-Z0-9]{0,3}\d[A-Z0-9]{0,20}|-[A-Z]{1,4}\b){0,6})(?![\w])"
)
_GROUPED = r"(?-i:(?P<value>[A-Z0-9]{1,12}(?:[ -][A-Z0-9]{1,12}){0,4}))(?!\w)"
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-/]\s?(?:(?:19|20)?\d\d))?")


def _named(kind: IdentifierKind, cue: str, digits: int, code: str = _CODE) -> Rule:
    """A code of at least so many digits, no years, right after words that name it."""
    return Rule(
        kind,
        re.compile(rf"(?i)\b(?:{cue}){_LINK}{code}"),
        lambda found: _digits(value(found)) >= digits and not _YEARS.fullmatch(value(found)),
    )


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _is_nhs_number(found: re.Match[str]) -> bool:
    """Modulus 11 over ten digits, as the NHS Data Dictionary defines it; a book's number has the same form."""
    digits = [int(character) for character in value(found) if character.isdigit()]
    remainder = sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (
        digits[9] == (11 - remainder) % 11
        and remainder != 1
        and "ISBN" not in found.string[: found.start()][-12:].upper()
    )


def _is_a_plate(found: re.Match[str]) -> bool:
    plate = value(found)
    return plate == plate.upper() and _digits(plate) >= 1 and len(plate) >= 5 and not _YEARS.fullmatch(plate)


_PERSONAL = IdentifierKind.PERSONAL_NUMBER
NAMED = (
    _named(IdentifierKind.SOCIAL_SECURITY, rf"(?:ssn|ss#|ss (?:no|number)\b\.?|soc(?:ial)?\.? sec(?:urity)?\b\.?|(?:his|her|my|their|pt'?s) social(?: is)?){_NUMBER}?", 9),
    _named(_PERSONAL, rf"nhs{_NUMBER}?|(?:chi|health (?:and|&) care){_NUMBER}", 9),
    _named(_PERSONAL, rf"(?:passport|national insurance|ni|national id(?:entity)?|identity card|tax|cpr|personnummer){_NUMBER}", 6, _GROUPED),
    _named(_PERSONAL, r"(?:study |trial |research )?(?:subject|participant|volunteer|specimen|sample|donor) id\b", 3),
    Rule(
        _PERSONAL,
        re.compile(rf"(?i)\b(?:study |trial |research )?(?:subject|participant|volunteer|specimen|sample|donor){_NUMBER}{_LINK}{_CODE}"),
        lambda found: not value(found).isdecimal() or len(value(found)) > 5,
    ),
    _named(IdentifierKind.HEALTH_PLAN, rf"(?:member(?:ship)?|subscriber|policy(?:holder)?|insurance|insured|beneficiary|health plan(?: beneficiary)?|medicare|medicaid|payer|group|plan){_NUMBER}{{1,2}}", 5),
    _named(IdentifierKind.HEALTH_PLAN, rf"mbi{_NUMBER}?", 4),
    _named(IdentifierKind.ACCOUNT, rf"(?:(?:patient |bank |billing |invoice |hospital )?(?:account|acct)|(?:credit|debit|bank) card|(?:invoice|billing)(?={_NUMBER}))\b\.?{_NUMBER}?", 5),
    _named(IdentifierKind.ACCOUNT, rf"a/c{_NUMBER}?", 6),
    _named(IdentifierKind.ACCOUNT, rf"iban{_NUMBER}?", 8, r"(?P<value>[A-Z]{2}\d{2}[A-Z0-9 ]{10,30})"),
    _named(IdentifierKind.LICENCE, rf"(?:(?:driver'?s?'?|driving|medical|nursing|pilot'?s?|professional|state|board)\s+(?:licen[cs]e|certificate)|licen[cs]e){_NUMBER}?", 5, _GROUPED),
    _named(IdentifierKind.LICENCE, rf"(?:(?:birth |death |marriage |pilot )?certificate|professional registration){_NUMBER}", 4),
    _named(IdentifierKind.LICENCE, rf"(?:gmc|nmc|npi|dea|gphc|hcpc|gdc)(?: pin)?{_NUMBER}?", 6),
    Rule(
        IdentifierKind.VEHICLE,
        re.compile(rf"\b(?:VIN|vin|[Vv]ehicle identification number|[Cc]hassis)(?:\s*(?:number|no\.?))?{_LINK}(?P<value>[A-HJ-NPR-Z0-9]{{17}})\b"),
    ),
    Rule(
        IdentifierKind.VEHICLE,
        re.compile(
            r"(?i)\b(?:(?:licen[cs]e|number|car|vehicle|registration)[ -]?(?:plate|registration|reg|tag)s?\b\.?|plate(?=\s+(?:no|number))|reg(?:istration)?(?=\s+(?:no|number|mark))|"
            rf"(?:ambulance|car|vehicle|truck|van|bike|motorcycle|taxi|scooter),? (?:tag|plate|reg)){_NUMBER}?{_LINK}(?-i:(?P<value>[A-Z0-9]{{1,7}}(?:[ -][A-Z0-9]{{2,6}}){{0,2}}))\b"
        ),
        _is_a_plate,
    ),
    _named(IdentifierKind.DEVICE, rf"serial(?:{_NUMBER}|s?:)|s/n|serial and lot|(?:device|transmitter|implant|sensor|pump|pacemaker){_NUMBER}", 3),
    Rule(IdentifierKind.DEVICE, re.compile(r"\b(?:SN|sn|S\.N\.)[ :#]{1,3}(?P<value>[A-Z0-9]{1,10}(?:-[A-Z0-9]{1,10}){0,4})\b"), lambda found: _digits(value(found)) >= 4),
    Rule(IdentifierKind.DEVICE, re.compile(r"\(01\)\d{14}(?:\(\d\d\)[A-Za-z0-9-]{1,20}){0,4}")),
    _named(
        IdentifierKind.RECORD,
        rf"(?:mrn|m\.r\.n\.?|medical record|med rec|health record){_NUMBER}?|"
        rf"(?:hospital|hosp|chart|case ?notes?|unit|encounter|patient|pt|accession|record|file|visit|admission|episode|folder|lab|request){_NUMBER}|chart\s+(?=#)",
        4,
    ),
    _named(IdentifierKind.RECORD, rf"(?:urn|crn|emr|ehr|pid){_NUMBER}?", 5),
)  # fmt: skip
BARE = (
    Rule(IdentifierKind.SOCIAL_SECURITY, re.compile(r"(?<![\w.,/-])\d{3}-\d{2}-\d{4}(?![\w-]|[.,/]\d)")),
    Rule(_PERSONAL, re.compile(r"(?<![\w.,/+)-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w-]|[.,/]\d)"), _is_nhs_number),
    Rule(_PERSONAL, re.compile(r"\b[A-Z]{2} ?\d{2} \d{2} \d{2} ?[A-D]\b")),
    Rule(IdentifierKind.HEALTH_PLAN, re.compile(r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d{2}\b")),
)
