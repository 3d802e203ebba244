"""What kind of thing a question asks for, and the signs of it in a sentence. Patterns, no model."""

import re
from collections.abc import Collection
from enum import StrEnum


class Sign(StrEnum):
    """A kind of content; a question may ask for several, a sentence may hold several."""

    EFFECT = "effect"
    DOSE = "dose"
    DURATION = "duration"
    QUANTITY = "quantity"
    SAFETY = "safety"
    RECOMMENDATION = "recommendation"
    DIAGNOSIS = "diagnosis"
    MONITORING = "monitoring"
    POPULATION = "population"
    UNCERTAINTY = "uncertainty"
    DESIGN = "design"


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ASKED = {
    Sign.EFFECT: _any(
        r"\beffects?\b|\beffective|\befficacy|\bwork(?:s|ed)?\b|\bbenefi|\bimprov|\breduc|\bincreas|\bdecreas|\blower|\bprevent|"
        r"\bbetter\b|\bworse\b|\bsuperior|\binferior|\bcompar|\bversus\b|\bvs\b|\boutcomes?\b|\bmortality\b|\bsurviv|\bhelp|"
        r"\bevidence\b|\bresults?\b|\bfindings?\b|\bdifferen"
    ),
    Sign.DOSE: _any(
        r"\bdos(?:e|es|ed|ing|age)\b|\bhow much\b|\bmg\b|\bhow (?:is|are) .{1,40}\bgiven\b|\bregimen|\btitrat|\btaper"
    ),
    Sign.DURATION: _any(
        r"\bhow long\b|\bduration\b|\bhow many (?:days|weeks|months|years)\b|\bhow (?:often|soon|quickly|frequent)|\bwhen\b|\binterval"
    ),
    Sign.QUANTITY: _any(
        r"\bhow (?:many|common|likely|high|low|large|big)\b|\bproportion|\bpercent|\brate\b|\brisk\b|\bhazard|\bratio\b|\bincidence|"
        r"\bprevalence|\bsensitivity|\bspecificity|\bcut-?off|\bthreshold|\btarget"
    ),
    Sign.SAFETY: _any(
        r"\bside[- ]effects?|\badverse|\bsafe|\brisks?\b|\bharm|\btoxic|\bcomplication|\bbleed|\bcontraindicat|\btolera|\binteract|"
        r"\bdanger|\bstop(?:ping)?\b|\bdiscontinu|\bavoid"
    ),
    Sign.RECOMMENDATION: _any(
        r"\bguidelines?\b|\brecommend|\bfirst[- ]line|\bsecond[- ]line|\bshould\b|\btreatments?\b|\btreat(?:ed|ing)?\b|\btherap|\bmanage|"
        r"\bprefer|\bchoice\b|\boptions?\b|\balternative|\badd[- ]on\b|\buse(?:d)?\b"
    ),
    Sign.DIAGNOSIS: _any(
        r"\bdiagnos|\bcriteria|\bclassif|\bscore\b|\btest(?:s|ing)?\b|\bbiopsy|\bantibod|\bworkup|\bwork-up|\bscreen"
    ),
    Sign.MONITORING: _any(r"\bmonitor|\bfollow[- ]up|\bsurveill|\bscreen|\bcheck\b|\bmeasur|\bassess"),
    Sign.POPULATION: _any(
        r"\bchild|\bpaediatric|\bpediatric|\bjuvenile|\bpregnan|\belderly|\bolder\b|\bage\b|\bwomen\b|\bmen\b|\brenal|\bkidney|\bhepatic|"
        r"\bdiabet|\bcancer|\bwho\b|\bpopulation|\bpatients with\b"
    ),
    Sign.UNCERTAINTY: _any(r"\buncertain|\bunknown|\bgaps?\b|\blimit|\bcontrovers|\bevidence\b|\bcaveat|\bquality\b"),
    Sign.DESIGN: _any(
        r"\bdesign|\bhow many (?:patients|participants|people|subjects)\b|\benrol|\binclu|\bexclu|\bend ?points?\b|\btrial\b|\bstudy\b"
    ),
}

_DRUG_AMOUNT = (
    r"\d+(?:[.,]\d+)*(?:\s*(?:-|–|to)\s*\d+(?:[.,]\d+)*)?\s*(?:mg|g|mcg|µg|μg|ug|iu|units?|ml|mmol|meq)\b"
    r"(?:\s*/\s*(?:kg|m2|day|d|h|dose|week|month|min)\b)*|\b(?:once|twice|three times|four times)\s+(?:a\s+)?(?:daily|day|weekly|week)"
)
_HELD = {
    Sign.EFFECT: _any(
        r"\bp\s*[=<>≤≥]|\bconfidence interval|\bCI\b|\bCrI\b|\bhazard ratio|\bodds ratio|\bHR\b|\bOR\b|\bRR\b|\bsignificant|"
        r"\b(?:increas|decreas|reduc|improv|lower|higher|greater|fewer|less|more|better|worse|longer|shorter|similar|differ|superior|"
        r"inferior|effective|benefi)\w*"
    ),
    Sign.DOSE: _any(_DRUG_AMOUNT),
    Sign.DURATION: _any(
        r"\b\d+[\s-]*(?:hours?|h|days?|weeks?|months?|years?)\b|\b(?:one|two|three|four|five|six|twelve)[\s-](?:days?|weeks?|months?|years?)"
    ),
    Sign.QUANTITY: _any(r"\d+(?:\.\d+)?\s*(?:%|percent|per cent|of \d+)|\b(?:ratio|RR|HR|OR)\b|≥|≤|>|<"),
    Sign.SAFETY: _any(
        r"\badverse|\bside[- ]effect|\bsafe|\btoxic|\bbleed|\bdeaths?\b|\bmortality|\bdiscontinu|\bcomplication|\btolerat|\bharm|"
        r"\binfections?\b|\bevents?\b|\brisk|\bcontraindicat|\bwarning"
    ),
    Sign.RECOMMENDATION: _any(
        r"\brecommend|\bguideline|\bfirst[- ]line|\bprefer|\bstandard\b|\bshould\b|\bsuggest|\bstrong|\bconditional|\badvis|\bendors"
    ),
    Sign.DIAGNOSIS: _any(
        r"\bdiagnos|\bcriteria|\bclassif|\bscore|\btest|\bbiopsy|\bantibod|\bsensitivity|\bspecificity|\bpoints?\b"
    ),
    Sign.MONITORING: _any(r"\bmonitor|\bfollow[- ]up|\bscreen|\bmeasur|\bassess|\bcheck|\bevery \d"),
    Sign.POPULATION: _any(
        r"\bchild|\bjuvenile|\bpregnan|\bolder\b|\baged?\b|\bwomen\b|\bmen\b|\brenal|\bkidney|\bdiabet|\bpatients with\b|\badults\b"
    ),
    Sign.UNCERTAINTY: _any(
        r"\buncertain|\bunknown|\bnot (?:known|shown|met|confirmed|studied)|\blimit|\bsmall\b|\bopen-label|\bfailed|\bunclear|\bcaution"
    ),
    Sign.DESIGN: _any(
        r"\brandomi[sz]ed|\bdouble-blind|\bplacebo|\bopen-label|\bcohort|\bparticipants|\bpatients\b|\bend ?point|\benrol|\bcrossover"
    ),
}

STATISTICS = _any(
    r"\bp\s*[=<>≤≥]\s*0?\.\d|\bCI\b|\bCrI\b|\bconfidence interval|±|\bSD\b|\bhazard ratio|\bodds ratio|\brelative risk"
)
DIRECTION = _any(
    r"\b(?:increas|decreas|reduc|improv|lower|higher|greater|fewer|better|worse|longer|shorter|superior|inferior|similar|"
    r"differ(?:ed|ence)|compar)\w*|\bno (?:\w+ ){0,2}(?:effect|difference|change|benefit)|\bsignificant"
)
COMPARISON = _any(
    r"\bthan\b|\bversus\b|\bvs\b|\bcompared\b|\bbetween\b|\brelative to\b|\bplacebo|\bcontrols?\b|\bboth groups|\bgroups?\b"
)
LEANS_BACK = _any(
    r"^(?:this|these|those|that|it|its|they|their|he|she|such|both|neither|however|therefore|thus|moreover|furthermore|in addition|"
    r"additionally|similarly|conversely|nevertheless|nonetheless|the (?:same|latter|former|other)|in contrast|on the other hand|also)\b"
)
"""A sentence that begins so is hard to read without the one before it."""


def asked(question: str) -> frozenset[Sign]:
    """What a question asks for; empty when no pattern says."""
    return frozenset(sign for sign, pattern in _ASKED.items() if pattern.search(question))


def held(sentence: str, wanted: Collection[Sign]) -> frozenset[Sign]:
    """Which of the wanted kinds a sentence holds."""
    return frozenset(sign for sign in wanted if _HELD[sign].search(sentence))
