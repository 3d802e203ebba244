"""Plain rules, always first: what must not be answered from a corpus at all.

They read the question alone. Whether the corpus can answer is decided later, from evidence.
"""

import re
from dataclasses import dataclass

from assistant.answer import Outcome


@dataclass(frozen=True, slots=True)
class Triage:
    """An outcome decided by a rule, and what the reader is told."""

    outcome: Outcome
    message: str


_NOW = r"(?:right now|just now|at this moment|this (?:very )?(?:minute|moment|second))"
_PERSON = r"(?:i|i'm|im|my (?:wife|husband|child|son|daughter|mother|father|baby|friend|partner)|he|she|(?:(?:the|my|a|our) )?(?:patient|pt))"
_SELF = r"(?:i(?:'ve| have|'m| am|'d)?|my (?:wife|husband|child|son|daughter|mother|father|baby|friend|partner)(?:'s| has| is)?)"
_COLLAPSE = (
    r"(?:(?:is|isn't|has|not|stopped|in|went into|can't|cannot|having|am|are|'m|just)\s+){1,3}"
    r"(?:not breathing|breathing|breathe|unresponsive|unconscious|cardiac arrest|respiratory arrest|pulseless|"
    r"a heart attack|a stroke|anaphylaxis|an anaphylactic reaction|status epilepticus|choking|turning blue|seizing|"
    r"bleeding out|coding)"
)
_EMERGENCY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_PERSON}\s+(?:{_COLLAPSE})(?!\s+(?:trial|study|cohort|last|in \d{{4}}|\d+ (?:days|weeks|months|years)|survivor))",
        rf"\b(?:crushing |severe |bad |terrible )?(?:chest pain|shortness of breath|bleeding)\b.{{0,40}}\b{_NOW}\b",
        rf"\b{_NOW}\b.{{0,60}}\b(?:chest pain|not breathing|can't breathe|unresponsive|seizing|collapsed|overdos\w+)",
        r"\b(?:i|we|he|she|they|my \w+|the patient)\b.{0,20}\b(?:just |has |have )?(?:took|taken|swallowed|overdosed on)\b"
        r".{0,60}\b(?:whole bottle|all (?:of )?(?:my|his|her|the) (?:pills|tablets)|overdose|too many (?:pills|tablets))",
        r"\b(?:i|he|she|they|my \w+|(?:the|my) patient) (?:just |has |have )?overdosed\b",
        r"\b(?:i|i'm|i am|i've) .{0,30}(?:going to|want to|wanna|plan(?:ning)? to|thinking (?:of|about)) "
        r"(?:kill(?:ing)? myself|end(?:ing)? (?:my life|it all)|die\b|hurt(?:ing)? myself|suicide)",
        r"\b(?:patient|he|she|pt) (?:is )?(?:threaten(?:s|ing)|about|going|planning|plans) (?:to )?"
        r"(?:kill|hang|shoot|jump)\w*\b",
        rf"\b{_SELF}(?: (?:been|had|having|got|getting|suddenly|now))* (?:an? |some )?(?:crushing|severe|sudden|terrible|bad|intense) "
        r"(?:chest pain|chest pressure|chest tightness|shortness of breath|bleeding|headache|abdominal pain)",
        rf"\b{_SELF}(?: (?:been|had|having|got|getting|suddenly))* chest pain\b",
        r"\bi (?:can't|cannot|can not) (?:breathe|catch my breath|feel my (?:arm|leg|face)|stop the bleeding)",
        r"\bpain (?:down|in) my (?:left )?(?:arm|jaw)\b|\bworst headache of (?:my|his|her) life\b",
        r"\b(?:my|his|her) (?:face|mouth|speech|arm|leg|lips|throat|tongue) .{0,20}\b(?:droop\w*|slurr\w*|swelling|swollen up|suddenly)\b",
        r"\bcall (?:an ambulance|911|999|112)\b|\bneed an ambulance\b",
        r"\b(?:crashing|arresting|peri-?arrest|coding|collapsed)\b.{0,40}\b(?:now|in front of me|bedside|help)\b",
        r"\bhelp\b.{0,40}\b(?:not breathing|unresponsive|collapsed|no pulse|can't breathe)\b",
        r"\bno pulse\b.{0,60}\b(?:now|help|what do i do|patient)\b",
    )
)
_IDENTIFIERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)\b(?:mrn|medical record (?:number|no\.?)|hospital (?:number|no\.?|id)|patient (?:id|number|no\.?)|nhs (?:number|no\.?)|"
        r"chart (?:number|no\.?)|account (?:number|no\.?)|insurance (?:number|no\.?|id)|member id|medicare (?:number|no\.?)|ssn|"
        r"social security(?: number)?)\s*(?:is|:|#|=)?\s*#?\s*[A-Z]{0,4}-?\d[\d\- ]{3,}",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"[\w.+-]+@[\w-]+\.[\w.]+",
        r"(?i)\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?)\s*(?:is|:|=)?\s*(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}-\d{2}-\d{2}|"
        r"\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Z][a-z]{2,8},?\s+\d{4}|[A-Z][a-z]{2,8}\s+\d{1,2},?\s+\d{4})",
        r"(?i)\b(?:phone|tel|telephone|mobile|cell|call)\b[^\d]{0,15}\+?\(?\d[\d\s().\-]{7,}\d",
        r"(?<![\d.])\+?\(?\d{3}\)?[\s.\-]\d{3}[\s.\-]\d{4}(?![\d.])",
        r"\b(?:[Pp]atient|[Pp]t|[Mm]y patient|[Pp]atient named|[Nn]amed|[Nn]ame is)[,:]?\s+(?:is\s+|named\s+|called\s+)?"
        r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?(?!(?:Health|Global|Reported|Activity|Acceptable|Safety)\b)[A-Z][a-z]+\s+(?:[A-Z]\.?\s+)?[A-Z][a-z]+\b(?!\s+(?:disease|syndrome|criteria|score|trial))",
        r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z][a-z]+\b",
        r"(?i)\b(?:lives|living|residing|resides) at \d+\s+\w+",
    )
)
_OUTSIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:write|compose|draft|generate|make up|create) (?:me )?(?:a |an |some )?(?:\w+ )?(?:poem|song|story|joke|essay|email|e-mail|"
        r"letter|code|program|script|function|cover letter|tweet|haiku|limerick|recipe|slogan)\b",
        r"\b(?:weather (?:forecast|today|tomorrow|like|in)|football|soccer|basketball|cricket score|stock price|bitcoin|crypto\w*|lottery|horoscope|movie|celebrity|"
        r"recipe for|capital (?:city )?of|president of|prime minister|world cup|olympic\w*|who won)\b",
        r"\b(?:ignore|disregard|forget) (?:all |any |the |your )?(?:previous |prior |above |earlier )?(?:instructions|prompts?|rules)\b",
        r"\b(?:system prompt|your instructions|are you (?:an? )?(?:ai|bot|robot|human|chatgpt))\b",
        r"\b(?:translate|proofread|summari[sz]e) (?:this|the following|my)\b",
        r"\b(?:python|javascript|java|c\+\+|sql|excel|html)\b.{0,30}\b(?:code|function|script|query|formula|program|list|loop|sort)\b|"
        r"\b(?:sort|reverse|parse)\b.{0,20}\b(?:list|array|string)\b",
        r"\b(?:tax|mortgage|visa|flight|hotel|restaurant|train ticket|car insurance)\b.{0,30}\b(?:return|rate|application|book|cheap\w*|"
        r"best|near|file|deadline)\b",
    )
)

EMERGENCY_MESSAGE = (
    "This reads like an emergency happening now. Call the emergency number or the resuscitation team and follow local "
    "protocols. No literature answer is given; ask again, in general terms, once the person is safe."
)
IDENTIFIERS_MESSAGE = (
    "The question seems to hold details that identify a patient (a name, number, date of birth, address or contact). "
    "It was not searched or stored. Ask again without them: age group, condition and treatment are enough."
)
OUTSIDE_MESSAGE = (
    "This is not a clinical question that the corpus of vetted medical articles and their literature could answer; "
    "nothing was searched. Ask about diagnosis, treatment, monitoring or evidence."
)


def triage(text: str) -> Triage | None:
    """The rule that stops a question, None when it may be searched. Emergencies come first."""
    for patterns, outcome, message in (
        (_EMERGENCY, Outcome.EMERGENCY, EMERGENCY_MESSAGE),
        (_IDENTIFIERS, Outcome.PATIENT_IDENTIFIERS, IDENTIFIERS_MESSAGE),
        (_OUTSIDE, Outcome.OUT_OF_SCOPE, OUTSIDE_MESSAGE),
    ):
        if any(pattern.search(text) for pattern in patterns):
            return Triage(outcome, message)
    return None
