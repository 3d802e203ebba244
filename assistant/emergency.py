"""Is an emergency happening now? A sign, somebody who has it or a moment, and nothing that puts it elsewhere.

Signs and circumstances are kept apart so that they combine: "he is fitting", "pt fitting in resus". Each sign is judged
in its own clause: it is no emergency when it is over ("last year"), supposed ("if he stops breathing") or nobody's in
particular ("fitting in patients on tramadol"). Asking for the evidence beside "she can't breathe" changes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNS = (
    # breathing
    r"(?:not|\w+n['’]?t|stopped|stops|barely|hardly) breathing(?! exercise)",
    r"(?:can['’]?t|cannot|can not|unable to|struggling to|struggles to|fighting to) "
    r"(?:breath\w*|catch (?:my|his|her) breath|get (?:any |my |his |her )?(?:air|breath))\b(?! (?:well|easily|at night|lying))",
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
    r"(?:can['’]?t|cannot|can not|suddenly not|unable to) (?:speak|talk|move|feel|see|lift|get (?:his|her|my) words)\b",
    r"(?:lost|losing|loss of) (?:all )?(?:his |her |my |the )?(?:vision|sight|speech)|(?:went|gone|going) blind",
    r"(?:worst|thunderclap) headache",
    # allergy, bleeding
    r"throat .{0,15}(?:clos\w+|swell\w*|swollen|tight\w*)|(?:tongue|lips?|face|mouth|eyes) .{0,12}(?:swell\w*|swollen|swole|puff\w+ up)|swelling up",
    r"bleeding (?:out|heavily|badly|profusely|a lot|loads|everywhere|like|through|and (?:it )?won)|gushing|spurting|soak(?:ed|ing) through|pouring (?:blood|out)",
    r"(?:won['’]?t|can['’]?t|cannot|does ?n['’]?t|not|will not) stop(?:ping)? (?:the )?bleed\w*|bleed\w* .{0,20}(?:won['’]?t|not|\w+n['’]?t) stop",
    r"(?:vomit\w*|cough\w*|throw\w*|spit\w*|puk\w*|bring\w*|pee\w*|poo(?:s|ed|ing)?|pass\w*) (?:up |out )?(?:\w+ ){0,3}blood(?! (?:tests?|pressure|sugar))|blood (?:is )?everywhere|pool of blood",
    # poison, intent
    r"(?:took|taken|swallowed|ate|eaten|drank|drunk|injected|necked|downed) (?:\w+ ){0,5}"
    r"(?:\d\d+|all\b|whole|entire|bottle|packet|pack|box|strip|handful|too many|loads of|overdose|bleach|antifreeze|battery)",
    r"swallowed (?:my|his|her|our|their|the) (?:gran\w*|nan\w*|mum|mom|dad|mother|father|brother|sister|husband|wife)['’]?s \w+|"
    r"swallowed (?:\w+ ){0,4}(?:pills?|tablets?|medicines?|meds|capsules?|patch)|(?:got|gotten) into (?:\w+ ){0,3}(?:pills|tablets|medicines?|meds)",
    r"overdosed|(?:taken|took) an overdose|o\.?d\.?(?:['’]d|ed)\b",
    r"(?:kill|hang|shoot|cut|drown|stab)(?:ing)? (?:my|him|her|them)sel(?:f|ves)|kill (?:me|people|us)\b|(?:end|ending|take|taking) (?:my|his|her) (?:own )?life|end it all",
    r"(?:want|wants|going|ready|plan\w*|rather) (?:to )?(?:die|be dead|jump)\b|suicid\w+ .{0,30}(?:in front|tonight|knife|rope|bridge|gun|note)",
)  # fmt: skip
_SIGN = re.compile(rf"\b(?:{'|'.join(_SIGNS)})", re.IGNORECASE)


def _words(alternatives: str) -> re.Pattern[str]:
    """Any of the alternatives as whole words, in capitals or not."""
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


_SOMEBODY = _words(
    r"i|i['’]?m|i['’]?ve|me|my|we|we['’]?ve|our|he|he['’]?s|she|she['’]?s|hes|shes|him|her|his|pt|someone|somebody|patient (?:has|is|was|went|now|just|in|not)|"
    r"(?:the|this|a|an|one|your) (?:\w+ )?(?:patient|pt|man|woman|lady|guy|gentleman|kid|child|toddler|baby|boy|girl|colleague|neighbou?r|"
    r"stranger|person|passenger|resident|customer|lad|bloke)|mum|mom|dad|nan|grandma|grandad|grandpa|wife|husband|colleague|kid|"
    r"(?:two|three|several) (?:people|patients|men|women|children|kids)|\d{1,3} ?(?:yo|y/o|yr|m|f|year)[- ]?(?:old)?|man|woman|baby|toddler"
)
_NOW = re.compile(
    r"\b(?:right now|now|just now|just|asap|urgent\w*|hurry|quick|quickly|in front of (?:me|us)|in resus|bedside|on the (?:floor|ward)|"
    r"tonight|this (?:morning|evening|afternoon|minute|second|moment)|(?:min|mins|minutes|hour|hours|hr|hrs) ago|for \d+ ?(?:min\w*|hours?)|"
    r"what (?:do|should) (?:i|we) (?:do|give)|what(?:['’]?s| is)? (?:now|next)|what (?:do|can) (?:i|we) (?:\w+ )?(?:with|inject|give|do)|"
    r"who do i call|call (?:an ambulance|911|999|112)|need an ambulance|suddenly|help (?:me|us|him|her|please)|"
    r"still (?:in|no|not|breathing|bleeding|fitting|seizing|choking|gasping|vomiting|unconscious|unresponsive|\w+n['’]?t))\b|"
    r"(?:^|[.!?,;\n]\s*|\bplease )help\b|\bhelp(?=[!.]|$)",
    re.IGNORECASE,
)
_DATE = _words(
    r"last (?:week|month|year|spring|summer|autumn|winter)|(?:days?|weeks?|months?|years?) (?:ago|earlier|before|back)|in (?:19|20)\d\d|"
    r"(?:last|in|during|since) (?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_ONCE = _words(
    r"in the past|previously|used to|when i was|when (?:he|she) was (?:an?|young\w*|little|small|pregnant|admitted|in hospital|\d+)|as a (?:child|teenager)"
)
_RESOLVED = _words(r"survived|recovered")
_FORMER = _words(r"history of|previous|prior|past")
_FORMERLY = re.compile(rf"{_FORMER.pattern}(?: (?:recurrent|repeated|frequent|severe|possible))? $", re.IGNORECASE)
_GENERAL = _words(
    r"(?<!two )(?<!three )(?<!several )(?<!\d )(?<!one of my )(?<!one of our )(?<!one of the )(?:patients|people|adults|women)|cohort|trials?|study|studies|randomi[sz]ed|guidelines?|"
    r"mortality|incidence|prevalence|prognosis|how common|how many (?:passed|survive\w*|die\w*|had|have|get|are|were)|evidence|risk of|"
    r"risk factors?|rates? of|prevent\w*|prophyla\w*|survivors?|caus\w+|ever(?! (?:had|felt|known))|recommended|algorithm|protocol|survival|"
    r"outcomes?|leaflet|homework|teaching (?:slides|session)"
)
_ONE = re.compile(
    r"\b(?:(?<!\bdo )(?<!\bcan )(?<!should )(?<!could )(?<!would )(?:i|i['’]?m|i['’]?ve|we)|he|he['’]?s|she|she['’]?s|pt|"
    r"(?:my|our|his|her) (?!patients|people)\w+|one of (?:my|our|the) patients|(?:the|this) (?:patient|pt|man|woman|lady|baby|toddler|child|kid|boy|girl)|"
    r"(?:two|three|several|\d) (?:people|patients|men|women|children|kids))\b|\b(?:my|our|his|her) $|"
    r"^\W*(?:patient|man|woman|lady|baby|toddler|kid|colleague|wife|husband|mum|mom|dad|nan|son|daughter)\b",
    re.IGNORECASE,
)
# "I don't know if he is choking" supposes nothing.
_SUPPOSED = _words(
    r"(?:(?<!know )(?<!sure )(?<!tell )(?<!see )(?<!wonder )(?<!wondering )if|in case|suppose) "
    r"(?:a|an|the|my|our|your|his|her|i|he|she|you|we|they|someone|somebody|anyone|people|patients)|"
    r"when(?:ever)? (?:a|an|someone|somebody|anyone|you|your)"
)
_RECENT = _words(
    r"suddenly|now(?! and (?:then|again))|just|tonight|today|this (?:morning|evening|afternoon|minute|second|moment|hour)|"
    r"in front of (?:me|us)|in (?:the )?resus|on the floor|(?:min|mins|minutes|hour|hours|hr|hrs) ago|for \d+ ?(?:min\w*|hours?)"
)
_PRESENT = _words(r"now(?! and (?:then|again))|at this moment|in front of (?:me|us)|in resus")
_IN_FRONT = _words(r"in front of (?:me|us)")
_OWN_WISH = re.compile(r"\b(?:i|im|i['’]m|my|me)\b.*\b(?:mysel(?:f|ves)|life|die|dead|jump|end it all)$", re.IGNORECASE)
_PAST_FORM = re.compile(r"(?:\w+ed|lost|took|taken|ate|eaten|drank|drunk|got\w*|went|was\w*|were\w*)\b", re.IGNORECASE)
# What was taken still acts, and what cannot be done may have been so for years.
_TAKEN = re.compile(r"took|taken|swallowed|ate|drank|drunk|injected|necked|downed|overdosed|o\.?d", re.IGNORECASE)
_LASTING = re.compile(r"speak|talk|move|feel|see|lift|vision|sight|speech|blind|slur", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were)(?: \w+)? $", re.IGNORECASE)
_HAS = re.compile(r"(?:\b(?:has|have|hes|shes|ive)|['’](?:s|ve))(?: \w+)? $", re.IGNORECASE)
_SINCE = _words(r"after|since|following|post")
_OWN_SUBJECT = re.compile(r"\W*(?:he|she|i|his|her)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!]+(?=\s|$)|\n")
_CLAUSE_END = re.compile(
    rf"{_SENTENCE_END.pattern}|[,;:()–—]|\s-\s|\bbut\b|"
    r"\band (?=(?:now|today|tonight|still|again|previously|he|she|i|we|they|it|his|her|my|the|is|are|has|can|cannot|\w+n['’]?t)\b)|"
    # not everybody types commas: a clause begins at a subject too, unless the word before it goes along ("if he")
    r"(?<!\bif)(?<!\bdo|\bas|\bis)(?<!\bcan|\bmay|\bhas|\bwas|\bdid)(?<!\bwhen|\bthat|\bdoes|\bwhat|\bonce)"
    r"(?<!could|would|might|while|after)(?<!should)\s(?=(?:he|hes|she|shes|i|im|they)\b)",
    re.IGNORECASE,
)
_NAMED = _words(
    r"anaphyla\w+|cardiac arrest|strokes?|heart attack|seizures?|status epilepticus|ha?emorrhage|bleeding|septic shock|overdose|"
    r"(?:severe )?shortness of breath|chest pain|suicidal"
)
_BEFORE_ONE = _words(r"right now|in front of (?:me|us)|in resus|at this moment|this (?:very )?(?:minute|second)")
_CALL = _words(r"(?:call|need|send|get) (?:an ambulance|911|999|112|the crash team)")


@dataclass(frozen=True, slots=True)
class _Found:
    """A sign, its clause up to it and whole, and the rest of the sentence before and after the clause."""

    sign: str
    before: str
    clause: str
    earlier: str
    later: str


def is_emergency(text: str) -> bool:
    """Whether somebody has a sign of an emergency now, as far as the words tell."""
    if _CALL.search(text) and not re.search(r"\bwhen (?:should|to|do|would)\b", text, re.IGNORECASE):
        return True
    signs: list[_Found] = []
    if _NOW.search(text) or _SOMEBODY.search(text):
        signs += _find(_SIGN, text)
    if _BEFORE_ONE.search(text):
        signs += _find(_NAMED, text)
    in_general = bool(_GENERAL.search(text))
    return any(_is_now(one, in_general) for one in signs)


def _find(signs: re.Pattern[str], text: str) -> Iterator[_Found]:
    for match in signs.finditer(text):
        left, right = _around(match, _CLAUSE_END, text)
        first, last = _around(match, _SENTENCE_END, text)
        yield _Found(match[0], text[left : match.start()], text[left:right], text[first:left], text[right:last])


def _around(match: re.Match[str], ends: re.Pattern[str], text: str) -> tuple[int, int]:
    """The span between the ends next to a match."""
    spans = [end.span() for end in ends.finditer(text)]
    left = max((end for _, end in spans if end <= match.start()), default=0)
    return left, min((start for start, _ in spans if start >= match.end()), default=len(text))


def _is_now(found: _Found, in_general: bool) -> bool:
    """Whether a sign is somebody's and present; `in_general`: the message also speaks of nobody in particular."""
    if _is_over(found):
        return False
    if _OWN_WISH.search(found.before + found.sign):
        return True
    if _is_supposed(found):
        return bool(_PRESENT.search(found.clause))
    if _FORMERLY.search(found.before) or (_GENERAL.search(found.before) and not _comes_to_one(found)):
        return bool(_IN_FRONT.search(found.clause))
    if _RECENT.search(found.clause):
        return True
    told = _is_told(found)
    if in_general and not _is_somebodys(found, told):
        return False
    lasting = bool(_LASTING.search(found.sign))
    return not ((told or lasting) and _is_dated(found, lasting))


def _comes_to_one(found: _Found) -> bool:
    """Whether a clause that begins in general goes on to somebody now: "evidence for my patient now seizing"."""
    *_, general = _GENERAL.finditer(found.before)
    return bool(_ONE.search(found.before[general.end() :]) and _RECENT.search(found.clause))


def _is_somebodys(found: _Found, told: bool) -> bool:
    """Whether a sign, in a message that also speaks in general, has somebody of its own or a sentence about now."""
    sentence = found.earlier + found.clause + found.later
    if _RECENT.search(sentence) and not _GENERAL.search(sentence):
        return True
    subject = found.earlier + found.before if _goes_on(found) else found.before
    return bool(_ONE.search(subject)) and (not told or bool(_TAKEN.match(found.sign)))


def _is_over(found: _Found) -> bool:
    """Whether its clause puts the sign in the past; "gasping since the operation last week" does not."""
    if _ONCE.search(found.clause) or _RESOLVED.search(found.clause[len(found.before) :]):
        return True
    date = _DATE.search(found.clause)
    if date is None:
        return False
    fresh = re.search("day|week", date[0], re.IGNORECASE) and _SINCE.search(found.clause[: date.start()])
    return not fresh or _is_told(found) or bool(_LASTING.search(found.sign))


def _is_supposed(found: _Found) -> bool:
    """Whether the sign is in an "if", or in what goes on from there until somebody else comes in."""
    if _SUPPOSED.search(found.before):
        return True
    return bool(_SUPPOSED.search(found.earlier)) and (_goes_on(found) or not _ONE.search(found.before))


def _goes_on(found: _Found) -> bool:
    """Whether its clause goes on from the one before: "she collapsed and can't breathe"."""
    return found.earlier.casefold().endswith("and ")


def _is_told(found: _Found) -> bool:
    """Whether the sign is told as something that happened ("collapsed"), which may be over by now."""
    if _WAS.search(found.before) or re.search(r"\b(?:was|were)\b", found.sign, re.IGNORECASE):
        return True
    return bool(_PAST_FORM.match(found.sign)) and not _HAS.search(found.before)


def _is_dated(found: _Found, lasting: bool) -> bool:
    """Whether the rest of the sentence says when: "he collapsed, went blue and was shocked last year".

    A clause with a subject of its own dates something else, unless what it tells of lasts ("a stroke in 2019").
    """
    if _ONCE.search(found.earlier) or _RESOLVED.search(found.later):
        return True
    if _WAS.search(found.before) and _FORMER.search(found.clause):
        return True
    others = [*_CLAUSE_END.split(found.earlier), *_CLAUSE_END.split(found.later)]
    return any(_DATE.search(one) and (lasting or not _OWN_SUBJECT.match(one)) for one in others)
