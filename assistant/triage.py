"""Plain rules, always first: what must not be answered from a corpus at all.

They read the question alone. Whether the corpus can answer is decided later, from evidence.
"""

import re
from dataclasses import dataclass

from assistant.answer import Outcome
from assistant.emergency import is_emergency
from assistant.identifiers import identifiers, kinds
from assistant.likeness import is_worded_like_one
from indexer.encoder import EncoderIdentity, Vectors


@dataclass(frozen=True, slots=True)
class Triage:
    """An outcome decided by a rule, and what the reader is told."""

    outcome: Outcome
    message: str


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
    "The question seems to hold details that identify a patient ({kinds}). Nothing was searched, and nothing of the "
    "question was stored. Ask again without them: age group, condition and treatment are enough."
)
OUTSIDE_MESSAGE = (
    "This is not a clinical question that the corpus of vetted medical articles and their literature could answer; "
    "nothing was searched. Ask about diagnosis, treatment, monitoring or evidence."
)


def triage(text: str) -> Triage | None:
    """The rule that stops a question, None when it may be searched. Emergencies come first."""
    if is_emergency(text):
        return Triage(Outcome.EMERGENCY, EMERGENCY_MESSAGE)
    if found := identifiers(text):
        return Triage(Outcome.PATIENT_IDENTIFIERS, IDENTIFIERS_MESSAGE.format(kinds=", ".join(kinds(found))))
    if any(pattern.search(text) for pattern in _OUTSIDE):
        return Triage(Outcome.OUT_OF_SCOPE, OUTSIDE_MESSAGE)
    return None


def triage_by_wording(text: str, vector: Vectors, encoder: EncoderIdentity) -> Triage | None:
    """Stops what no rule names but what is worded as emergencies are; `vector` (d,) is the text's own."""
    return Triage(Outcome.EMERGENCY, EMERGENCY_MESSAGE) if is_worded_like_one(text, vector, encoder) else None
