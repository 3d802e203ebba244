"""Questions that point back: it, that drug, the latter, which of them."""

import re

from assistant.context import Context
from assistant.ellipsis import STATES, Asked, bracketed, with_context
from assistant.focus import Kind, words_of
from indexer.analysis import terms

_COMPARES = re.compile(
    r"\b(?:which|what)(?: one)?\b.*\b(?:better|best|worse|preferred|prefer|recommended|superior|first|more|less"
    r"|fewer|(?!other|ever|after"
    r"|over|under|never|older|number)[a-z]{3,}er|choose)\b|^which(?: one)?\b|\bcompare (?:them|these|the two)\b"
    r"|\bbetween (?:them|these|those|the two)\b|\bhow do (?:they|these) compare\b",
    re.IGNORECASE,
)


def _pair(context: Context) -> list[str]:
    """The two things weighed last: two drugs said in the last two turns, or two diseases in one."""
    recent = [phrase.text for turn in context.turns[:2] for phrase in turn if phrase.kind is Kind.DRUG]
    distinct = list(dict.fromkeys(recent))
    if not distinct:
        distinct = [phrase.text for phrase in context.all_newest(Kind.DISEASE)]
    return distinct[:2] if len(distinct) > 1 else []


_ORDER = re.compile(r"^the (former|first|latter|second|other)(?: one)?(?=$| (?:in|for|with|during)\b)", re.IGNORECASE)


def ordinal(text: str, context: Context) -> str:
    """The text, or what "the former", "the second one" stands for in it."""
    pair = _pair(context)
    return _ORDER.sub(lambda m: pair[m[1].lower() not in ("former", "first")], text) if pair else text


def comparison(asked: Asked) -> str | None:
    """ "Which is better?": between the two that were spoken of."""
    pair = _pair(asked.context)
    named = [word for phrase in asked.found if phrase.kind is not Kind.ASPECT for word in words_of(phrase.text)]
    if (
        not pair
        or not _COMPARES.search(asked.point)
        or len(named) > 1
        or re.search(r"\b(?:former|latter)\b", asked.point)
    ):
        return None
    body = asked.point.rstrip(" ?.!")
    diseases = [phrase.text for phrase in asked.context.all_newest(Kind.DISEASE) if phrase.text not in pair]
    return bracketed(f"{body}, {pair[0]} or {pair[1]}?", diseases) or f"{body}, {pair[0]} or {pair[1]}?"


_EXPLETIVE = re.compile(
    r"\bit (?:\w+ly )?(?:safe|possible|necessary|ok|okay|advisable|appropriate|reasonable|better|best|worth"
    r"|important|true|"
    r"useful|recommended|common|normal|likely|needed|required|helpful|wise)? ?(?:to|that|if)\b|\bdoes it take\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:(?P<named>(?:this|that|these|those|the) (?!treatments? (?:of|for)|therapy (?:of|for)|diseases? (?:of"
    r"|course)|drugs? of)(?:(?P<drug>drugs?|medications?|medicines?|agents?|treatments?|therap(?:y|ies))"
    r"|(?P<disease>diseases?|conditions?|disorders?|illness|infection)))"
    r"|(?P<order>the (?:former|latter|first|second|other)(?: one)?)(?= *(?:[?.,!]|$|is|are|for|in|of|be))"
    r"|(?P<own>its|their)|(?P<it>it|them|they|both(?= (?:be|are|together|at)\b| *[?]))"
    r"|(?P<that>(?:this|that|these|those)(?= *(?:[?.,!]|$)|(?<=^\w{4}) (?:is|are|was|does|do|mean)\b|(?<=^\w{5}) "
    r"(?:is|are)\b)"
    r"|(?<=\bis )(?:this|that)(?= (?:safe|effective|better|true|for|in|the|a|also|still|enough|common|recommended"
    r"|used|necessary|approved|available|licensed|given|indicated)\b)"
    r"|(?<=\bare )(?:these|those)(?= (?:safe|effective|better|for|in|the|also|still|common|recommended|used"
    r"|necessary|approved|available|licensed|given|indicated)\b)"
    r"|(?<=\bdo )(?:these|those)(?= \w+)|(?<=\bdoes )(?:this|that)(?= \w+)))\b",
    re.IGNORECASE,
)
_ILLNESS_CUE = re.compile(
    r"\b(?:contagious|curable|cured?|hereditary|genetic|fatal|treat(?:ed|ing)?|diagnos\w+|causes? (?:it|this|that)"
    r"|prevent(?:ed)?|"
    r"symptoms?|rare|common|recur|relapse|classified|screen\w*|have it|get it|with it)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|their|them|this|that (?=\w+ )|these|those|he|she|his|her|him|one|ones|there|such|same|the "
    r"(?:two|other))\b",
    re.IGNORECASE,
)


def _referent(asked: Asked, found: re.Match[str]) -> list[str]:
    """What a pointing word stands for: the drug or disease in focus, else the thing the talk returns to."""
    context = asked.context
    drugs = [phrase.text for phrase in context.turns[0] if phrase.kind is Kind.DRUG]
    diseases = [phrase.text for phrase in context.all_newest(Kind.DISEASE)]
    if found["order"]:
        pair = _pair(context)
        return [pair[0 if re.search("former|first", found["order"]) else 1]] if pair else []
    if found["named"] and found["drug"]:
        newest = context.newest(Kind.DRUG)
        return drugs[: 2 if found["drug"][-1] == "s" else 1] or (
            [newest.text] if newest and len(context.turns) > 1 else []
        )
    if found["named"]:
        return diseases
    if re.search(r"\b(?:together|both|between)\b", asked.point, re.IGNORECASE) and len(_pair(context)) == 2:
        return _pair(context)
    many = (
        2
        if (found["it"] or found["own"] or found["that"]).lower() in ("they", "them", "their", "these", "those", "both")
        else 1
    )
    if _ILLNESS_CUE.search(asked.point) and diseases:
        return diseases
    things = [phrase.text for phrase in asked.referents[:1]]
    return drugs[:many] or diseases or things


def pointing_back(asked: Asked) -> str | None:
    """The pointing word replaced by what it points at, where that is plain; else that in a bracket."""
    own = [word for phrase in asked.found if phrase.kind is not Kind.ASPECT for word in terms(phrase.text)]
    if STATES.match(asked.point) or len(own) > 8:
        return None
    found = next(
        (m for m in _POINTER.finditer(asked.text) if not _is_patient(m, asked.text) and not _is_within(m, asked)), None
    )
    if found is None or (found["it"] and _EXPLETIVE.search(asked.text, found.start())):
        return with_context(asked, asked.text) if _POINTS.search(asked.point) and asked.context.medical else None
    names = _referent(asked, found)
    if not names:
        return with_context(asked, asked.text)
    if _IS_GIVEN.search(asked.text) and names == _diseases(asked)[:1]:
        names = [f"the treatment of {names[0]}"]
    before, after = asked.text[: found.start()], asked.text[found.end() :]
    if found["own"]:
        woven = with_context(asked, f"{before}{'The' if found['own'][0].isupper() else 'the'}{after}", names)
        return woven if woven and not woven.endswith(")") else bracketed(asked.text, [*names, *_diseases(asked)][:3])
    text = f"{before}{' and '.join(names)}{after}"
    if asked.names_disease:
        return text
    return bracketed(text, _diseases(asked)) or text


# What is said of a treatment and not of a disease: "is it safe in CKD", after a question about gout.
_IS_GIVEN = re.compile(
    r"\b(?:safe|given|gives?|dosed?|effective|tolerated|contraindicated|recommended|stopped|started|prescribed)\b",
    re.IGNORECASE,
)


def _diseases(asked: Asked) -> list[str]:
    return [phrase.text for phrase in asked.context.all_newest(Kind.DISEASE)]


def _is_within(found: re.Match[str], asked: Asked) -> bool:
    """Whether the question itself names what the word points at: "what is rituximab and does it work"."""
    before = asked.text[: found.start()]
    named = any(p.kind in (Kind.DRUG, Kind.DISEASE) and p.text in before for p in asked.found)
    return named and not before.lower().endswith(("with ", "than ", "to ", "after ", "before ", "instead of ", "for "))


def _is_patient(found: re.Match[str], text: str) -> bool:
    """Whether "they" are those who are treated: "how long should they take it"."""
    if (found["it"] or found["own"] or "").lower() not in ("they", "them", "their"):
        return False
    return bool(_UNDERGOES.match(text, found.end())) or (bool(found["own"]) and bool(_BODILY.match(text, found.end())))


_UNDERGOES = re.compile(
    r" (?:\w+ly )?(?:take|receive|stop|need|start|continue|have|feel|present|be (?:given|treated|admitted|referred"
    r"|monitored|"
    r"discharged|screened|offered|vaccinated|switched|on)|recover|live|respond|get|want|tolerate|become|develop"
    r"|relapse|fail|worsen|improve|have)\b",
    re.IGNORECASE,
)
_BODILY = re.compile(
    r" (?:age|weight|kidney|renal|liver|family|doctor|life|lives|disease|symptoms|age|diet)\b", re.IGNORECASE
)
