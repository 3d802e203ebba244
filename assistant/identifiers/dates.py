"""Dates more exact than a year that belong to a person: of birth, of death, of care."""

import re

from assistant.identifiers.rule import IdentifierKind, Rule

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May|MAY)|may(?=,?[ /-]'?\d\d)|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
_WITH_YEAR = (
    rf"(?:{_NUMBER}(?P<mark>[/. -]){_NUMBER}(?P=mark)(?:(?:19|20)\d\d|'?\d\d)|(?:19|20)\d\d(?P<dash>[/.-]){_NUMBER}(?P=dash){_NUMBER})"
    r"(?![\d/%]|[-.]\d|\s?(?:mg|mcg|g|kg|ml|units?|h|hours?|days?|weeks?|months?|years?|mmol|cm|mm)\b)"
)
_IN_WORDS = rf"(?:(?:the )?{_DAY}(?: of)?[ -]?{_MONTH}(?:,?[ /-]?'?\d{{2,4}})?|{_MONTH}[ -](?:the )?{_DAY}\b(?:,? (?:19|20)\d{{2}})?|{_MONTH},?[ -](?:of )?(?:19|20)\d{{2}})\b"
_DATE = rf"(?P<value>{_WITH_YEAR}|{_IN_WORDS})"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_EVENTS = (
    r"(?:admitted|admission|readmitted|discharged?|died|dies|death|deceased|passed away|date of (?:death|admission|discharge|surgery|operation|visit|service|"
    r"diagnosis|onset)|seen|diagnosed|transplanted|operated|underwent|delivered|delivery|placed|replaced|implanted|inserted|surgery|operation|"
    r"procedure|biops(?:y|ied)|scanned|consulted|presented|attended|referred|transferred|intubated|appointment|clinic|visit(?:ed)?|collapsed|fell|adm|lmp|edd|post-?op|cath(?:eterised)?|pci|cabg|scan|mri|echo|bloods|labs|vaccinated|"
    r"had (?:a|an|her|his|the|their)|started)"
)
_SEVERAL = re.compile(
    r"(?i)\d ?%|\b(?:patients|people|those|participants|adults|children|women|men|infants|subjects|cases|trials?|stud(?:y|ies)|guidelines?|fda|ema|who|nice|"
    r"published|approved|percent|surge|as of|pandemic|enrolled|recruited|randomi[sz]ed|between|cohort|vaccines?|drugs?|sites|many|review)\b"
)


def _of_one_person(found: re.Match[str]) -> bool:
    """Cohorts, trials and authorities have dates as well, and those identify nobody."""
    sentence = re.split(r"[.?!;\n] ", found.string[max(0, found.start("value") - 200) : found.start("value")])[-1]
    return _SEVERAL.search(sentence) is None


RULES = (
    Rule(
        IdentifierKind.DATE,
        re.compile(
            r"(?i)(?:\b(?:dob|d\.o\.b\.?|date of birth|birth ?dates?|birthdays?|born(?: on| in)?)|\bb\.)"
            rf"[ ]?(?:\([a-z/ -]{{2,12}}\))?\s*(?:is|was|:|=|-)?\s*{_WEEKDAY}(?P<value>{_WITH_YEAR}|{_IN_WORDS}|\d{{8}}\b)"
        ),
    ),
    Rule(
        IdentifierKind.DATE,
        re.compile(rf"(?i)\b{_EVENTS}\b[^.?!;\n]{{0,40}}?(?<![\w/.-]){_DATE}"),
        _of_one_person,
    ),
    Rule(IdentifierKind.DATE, re.compile(rf"(?i)\bon (?:the )?(?P<value>{_WITH_YEAR})"), _of_one_person),
    Rule(
        IdentifierKind.DATE,
        re.compile(
            rf"(?i)\b{_EVENTS} (?:to \w+ )?on (?P<value>\d{{1,2}}[/.]\d{{1,2}})(?![\d/.%]| ?(?:of|mg|patients|h)\b)"
        ),
        _of_one_person,
    ),
)
