"""Is an emergency happening now? A sign, somebody who has it or a moment, and nothing that puts it elsewhere.

Signs and circumstances are kept apart so that they combine: "he is fitting", "pt fitting in resus". A general question
on the same sign ("fitting in patients on tramadol") names no one and no moment.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

import msgspec
import numpy as np

from indexer.encoder import EncoderIdentity, Vectors

_SIGNS = (
    # breathing
    r"(?:not|\w+n['’]?t|stopped|stops|barely|hardly) breathing(?! exercise)",
    r"(?:can['’]?t|cannot|can not|unable to|struggling to|struggles to|fighting to) "
    r"(?:breath\w*|catch (?:my|his|her) breath|get (?:any |my |his |her )?(?:air|breath))(?! (?:well|easily|at night|lying))",
    r"gasping|agonal|chok(?:ing|es)|stridor|suffocating",
    r"(?:turn\w*|go\w*|gone|went|is|are|looks?|['’]s) (?:all |really |very )?(?:blue|grey|gray|cyanos\w+)\b|lips .{0,15}\bblue",
    r"sats? (?:of |are |is |at |down to |dropping (?:to )?)*[1-7]\d\b",
    # consciousness
    r"unresponsive|(?:not|\w+n['’]?t|stopped) respond(?:ing|ed|s)?\b(?! to)|unconscious|unrousable|lifeless|floppy|limp and",
    r"(?:won['’]?t|not|\w+n['’]?t|can['’]?t|cannot|impossible to) (?:be )?(?:wak\w+|rous\w+)",
    r"passed out|pass(?:ing)? out|black(?:ed|ing) out|collaps(?:ed|ing)|about to faint|gcs (?:of |is |now )*[3-8]\b",
    # circulation
    r"no pulse|pulseless|without a pulse|(?:in|into) (?:a )?(?:cardiac |respiratory |asystolic |pea )?arrest\b|(?:has|have|just|'s) arrested",
    r"peri-?arrest|(?:in|into) (?:v\.?f|vfib|v-?fib|vt|asystole|torsades)\b|coding\b|crash(?:ing|ed)\b|doing cpr|started cpr",
    r"bp (?:is |now |of |down to |dropping (?:to )?)*(?:unrecordable|crashing|dropping|in (?:his|her|their) boots|[3-7]\d(?:/|\s?systolic|\b))",
    r"systolic (?:is |of |now |down to )*[3-7]\d\b|mottled|going into shock",
    # heart, brain
    r"(?:having|has|got|get\w*) (?:a |an )?(?:massive |big |another )?(?:heart attack|stroke|fit|seizure|convulsion|anaphyla\w+)",
    r"seizing|convulsing|fitting(?! (?:the|of|in with))|status epilepticus (?:now|in front)",
    r"crushing|(?:severe|bad|terrible|sudden|intense|awful|horrible|massive|unbearable|tearing|ripping) (?:\w+ ){0,2}"
    r"(?:chest|headache|abdominal|belly|stomach) ?(?:pain|pressure|tightness|ache)?",
    r"chest (?:hurts|is (?:tight|hurting|killing)|pain (?:\w+ ){0,4}(?:arm|jaw|sweat\w+))|elephant on (?:my|his|her) chest",
    r"pain (?:down|in|into|going down|shooting down|spreading to) (?:my|his|her) (?:left )?(?:arm|jaw)",
    r"(?:face|mouth|smile) .{0,20}(?:droop\w*|dropp\w*|lopsided|fall\w*)|(?:droopy|drooping|lopsided) (?:face|mouth)|slurr\w+",
    r"(?:can['’]?t|cannot|can not|suddenly not|unable to) (?:speak|talk|move|feel|see|lift|get (?:his|her|my) words)",
    r"(?:lost|losing|loss of) (?:all )?(?:his |her |my |the )?(?:vision|sight|speech)|(?:went|gone|going) blind",
    r"(?:worst|thunderclap) headache",
    # allergy, bleeding
    r"throat .{0,15}(?:clos\w+|swell\w*|swollen|tight\w*)|(?:tongue|lips?|face|mouth|eyes) .{0,12}(?:swell\w*|swollen|swole|puff\w+ up)|swelling up",
    r"bleeding (?:out|heavily|badly|profusely|a lot|loads|everywhere|like|through|and (?:it )?won)|gushing|spurting|soak(?:ed|ing) through|pouring (?:blood|out)",
    r"(?:won['’]?t|can['’]?t|cannot|does ?n['’]?t|not|will not) stop(?:ping)? (?:the )?bleed\w*|bleed\w* .{0,20}(?:won['’]?t|not|\w+n['’]?t) stop",
    r"(?:vomit\w*|cough\w*|throw\w*|spit\w*|puk\w*|bring\w*|pee\w*|poo\w*|pass\w*) (?:up |out )?(?:\w+ ){0,3}blood|blood (?:is )?everywhere|pool of blood",
    # poison, intent
    r"(?:took|taken|swallowed|ate|eaten|drank|drunk|injected|necked|downed) (?:\w+ ){0,5}"
    r"(?:\d\d+|all|whole|entire|bottle|packet|pack|box|strip|handful|too many|loads of|overdose|bleach|antifreeze|battery)",
    r"swallowed (?:\w+ ){0,4}(?:pills?|tablets?|medicines?|meds|capsules?|patch)|(?:got|gotten) into (?:\w+ ){0,3}(?:pills|tablets|medicines?|meds)",
    r"overdosed|(?:taken|took) an overdose|o\.?d\.?(?:['’]d|ed)\b",
    r"(?:kill|hang|shoot|cut|drown|stab)(?:ing)? (?:my|him|her|them)sel(?:f|ves)|kill (?:me|people|us)\b|(?:end|ending|take|taking) (?:my|his|her) (?:own )?life|end it all",
    r"(?:want|wants|going|ready|plan\w*|rather) (?:to )?(?:die|be dead|jump)\b|suicid\w+ .{0,30}(?:in front|tonight|knife|rope|bridge|gun|note)",
)  # fmt: skip
_SIGN = re.compile(rf"\b(?:{'|'.join(_SIGNS)})", re.IGNORECASE)

_SOMEBODY = re.compile(
    r"\b(?:i|i['’]?m|i['’]?ve|me|my|we|we['’]?ve|our|he|he['’]?s|she|she['’]?s|hes|shes|him|her|his|pt|someone|somebody|patient (?:has|is|was|went|now|just|in)|"
    r"(?:the|this|a|an|one|your) (?:\w+ )?(?:patient|pt|man|woman|lady|guy|gentleman|kid|child|toddler|baby|boy|girl|colleague|neighbou?r|"
    r"stranger|person|passenger|resident|customer|lad|bloke)|mum|mom|dad|nan|grandma|grandad|grandpa|"
    r"\d{1,3} ?(?:yo|y/o|yr|m|f|year)[- ]?(?:old)?|man|woman|baby|toddler)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:right now|now|just now|just|help|asap|urgent\w*|hurry|quick|quickly|in front of (?:me|us)|in resus|bedside|on the (?:floor|ward)|"
    r"tonight|this (?:morning|evening|afternoon|minute|second|moment)|(?:min|mins|minutes|hour|hours|hr|hrs) ago|for \d+ ?(?:min\w*|hours?)|"
    r"what (?:do|should) (?:i|we) (?:do|give)|what(?:['’]?s| is)? (?:now|next)|what (?:do|can) (?:i|we) (?:\w+ )?(?:with|inject|give|do)|who do i call|call (?:an ambulance|911|999|112)|need an ambulance|suddenly|still)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:last (?:week|month|year|spring|summer|autumn|winter)|(?:days?|weeks?|months?|years?) (?:ago|earlier|before|back)|in (?:19|20)\d\d|"
    r"history of|previous(?:ly)?|prior|past|survived|survivors?|recovered|ever|used to|when (?:i|he|she) was|as a child|"
    r"patients|people|adults|cohort|trials?|study|studies|randomi[sz]ed|guidelines?|mortality|incidence|prevalence|prognosis|how common|"
    r"evidence|risk of|risk factors?|rates? of|prevent\w*|prophyla\w*|if (?:a|an|the|my|i|he|she|someone|they)|in case|would|could|might|"
    r"recommended|algorithm|protocol|survival|outcomes?)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:anaphyla\w+|cardiac arrest|strokes?|heart attack|seizures?|status epilepticus|ha?emorrhage|bleeding|septic shock|overdose|"
    r"(?:severe )?shortness of breath|chest pain|suicidal)\b",
    re.IGNORECASE,
)
_BEFORE_ONE = re.compile(
    r"\b(?:right now|in front of (?:me|us)|in resus|at this moment|this (?:very )?(?:minute|second))\b", re.IGNORECASE
)
_CALL = re.compile(r"\b(?:call|need|send|get) (?:an ambulance|911|999|112|the crash team)\b", re.IGNORECASE)


def is_emergency(text: str) -> bool:
    """Whether somebody has a sign of an emergency now, as far as the words tell."""
    if _CALL.search(text) and not re.search(r"\bwhen (?:should|to|do|would)\b", text, re.IGNORECASE):
        return True
    if _ELSEWHERE.search(text):
        return False
    if _SIGN.search(text):
        return bool(_NOW.search(text) or _SOMEBODY.search(text))
    return bool(_NAMED.search(text) and _BEFORE_ONE.search(text))


_TELLING_WORDS = 5
"""Fewer words have no wording to speak of: "And pegloticase?"."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A logistic model over the vector of a message, valid for the encoder whose weights have this SHA-256."""

    revision: str
    intercept: float
    weights: tuple[float, ...]
    threshold: float


@cache
def _likeness() -> _Likeness:
    raw = files("assistant").joinpath("emergency_model.json").read_bytes()
    return msgspec.json.decode(raw, type=_Likeness)


def is_worded_like_one(text: str, vector: Vectors, encoder: EncoderIdentity) -> bool:
    """Whether a message is worded like emergencies are, beyond what the rules name.

    Fitted by `python -m benchmarks.fit_emergencies`; with another encoder than it was fitted for there is no telling,
    and the rules stand alone. `vector` (d,) is the text's own.
    """
    model = _likeness()
    if encoder.revision != model.revision or len(text.split()) < _TELLING_WORDS:
        return False
    return 1 / (1 + exp(-(model.intercept + float(vector @ np.array(model.weights))))) >= model.threshold
