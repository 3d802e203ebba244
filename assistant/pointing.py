"""Questions that point back (it, that dose, the latter) or leave out what they are about (the side effects?)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.context import Context, of_patients
from assistant.focus import ASPECTS, DISEASE_ASPECTS, Kind, Phrase, phrases, words_of
from indexer.analysis import terms

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as typed, its point without pleasantries, the point's phrases, and what it can refer to."""

    text: str
    point: str
    found: tuple[Phrase, ...]
    context: Context
    vocabulary: "Vocabulary"

    def has(self, *kinds: Kind) -> bool:
        """Whether the question itself names something of these kinds."""
        return any(phrase.kind in kinds for phrase in self.found)


    @property
    def names_disease(self) -> bool:
        """Whether it names a disease of its own, kidney and liver of a patient treated for another not counted."""
        topic = any(of_patients(phrase) is phrase for phrase in self.context.all_newest(Kind.DISEASE))
        own = [of_patients(phrase) if topic else phrase for phrase in self.found]
        return any(phrase.kind is Kind.DISEASE for phrase in own)


_TREATMENT = frozenset(
    "treatment treatments therapy therapies management options drug drugs medication medications guideline guidelines".split()
)
_CONNECTORS = {"alternative": "to", "alternatives": "to", "evidence": "for", "contraindications": "to", "contraindication": "to",
               "interactions": "with", "guidelines": "on", "guideline": "on", "target": "in", "targets": "in",
               "monitoring": "of", "test": "for", "tests": "for"}  # fmt: skip
_ENDS_IN_ASPECT = re.compile(
    r"^(?:(?:what|which|any|are there|is there|and)\b.*|(?:the )?\S+(?: \S+){0,3})$", re.IGNORECASE
)


_THINGS = 3
"""A question that names this much of its own is not about the drug of the last question unless it points back."""


def _unsaid(asked: Asked) -> tuple[list[Phrase], list[Phrase], list[Phrase]]:
    """The drugs, diseases and groups of the conversation that the question leaves out and would need."""
    context, words = asked.context, {word for phrase in asked.found for word in words_of(phrase.text)}
    drugs: list[Phrase] = []
    general = words & (DISEASE_ASPECTS | _TREATMENT)
    things = [word for phrase in asked.found if phrase.kind is Kind.THING for word in terms(phrase.text)]
    if not asked.has(Kind.DRUG) and len(things) < _THINGS and not general:
        drugs = [phrase for phrase in context.turns[0] if phrase.kind is Kind.DRUG][:2]
    diseases = [] if asked.names_disease else list(context.all_newest(Kind.DISEASE))
    groups: list[Phrase] = []
    if not asked.has(Kind.GROUP, Kind.THING):
        groups = [phrase for phrase in context.turns[0] if phrase.kind is Kind.GROUP][:1]
    return drugs, diseases, groups


def _both(found: list[Phrase]) -> str:
    return " and ".join(dict.fromkeys(phrase.text for phrase in found))


def with_context(asked: Asked, text: str, pointed: list[str] | None = None) -> str | None:
    """The text with what it leaves out: woven in after an aspect, in a bracket elsewhere; None when there is nothing."""
    drugs, diseases, groups = _unsaid(asked)
    drugs = [phrase for phrase in drugs if pointed is None or phrase.text in pointed]
    body = text.rstrip(" ?.!")
    ending = phrases(body, asked.vocabulary)
    last = ending[-1] if ending else None
    if (
        (drugs or diseases)
        and len(diseases) < 2
        and last
        and last.kind is Kind.ASPECT
        and last.end == len(body)
        and _ENDS_IN_ASPECT.match(body)
    ):
        link = "in" if asked.has(Kind.DRUG) else _CONNECTORS.get(words_of(last.text)[-1], "of")
        if drugs:
            body += f" {link} {_both(drugs)}"
            link = "in"
        if diseases:
            body += f" {'for' if words_of(last.text)[-1] in _TREATMENT and not drugs else link} {_both(diseases)}"
        body += f" in {groups[0].text}" if groups and not diseases else f", in {groups[0].text}" if groups else ""
        return f"{body[0].upper()}{body[1:]}?"
    names = [phrase.text for phrase in (*drugs, *diseases, *groups)]
    return _bracketed(text, names[:3] or pointed or _thing(asked, text))


def _thing(asked: Asked, text: str) -> list[str]:
    own = set(terms(text))
    return [thing.text for thing in asked.context.things() if not set(terms(thing.text)) <= own][:1]


def _bracketed(text: str, names: list[str]) -> str | None:
    said = set(terms(text))
    new = [name for name in dict.fromkeys(names) if not set(terms(name)) <= said]
    if not new:
        return None
    ended = text[0].upper() + text[1:] + ("" if text[-1] in "?.!" else "?")
    return f"{ended} ({', '.join(new)})"


_COMPARES = re.compile(
    r"\b(?:which|what)(?: one)?\b.*\b(?:better|best|worse|preferred|prefer|recommended|superior|first|more|less|fewer|(?!other|ever|after"
    r"|over|under|never|older|number)[a-z]{3,}er|choose)\b|^which(?: one)?\b|\bcompare (?:them|these|the two)\b"
    r"|\bbetween (?:them|these|those|the two)\b|\bhow do (?:they|these) compare\b",
    re.IGNORECASE,
)


def _pair(context: Context) -> list[str]:
    """The two things weighed last: two drugs said in the last two turns, or two diseases in one."""
    recent = [phrase.text for turn in context.turns[:2] for phrase in turn if phrase.kind is Kind.DRUG]
    distinct = list(dict.fromkeys(recent))
    if len(distinct) < 2:
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
    return _bracketed(f"{body}, {pair[0]} or {pair[1]}?", diseases) or f"{body}, {pair[0]} or {pair[1]}?"


_EXPLETIVE = re.compile(
    r"\bit (?:\w+ly )?(?:safe|possible|necessary|ok|okay|advisable|appropriate|reasonable|better|best|worth|important|true|"
    r"useful|recommended|common|normal|likely|needed|required|helpful|wise)? ?(?:to|that|if)\b|\bdoes it take\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:(?P<named>(?:this|that|these|those|the) (?!treatments? (?:of|for)|therapy (?:of|for)|diseases? (?:of|course)|drugs? of)(?:(?P<drug>drugs?|medications?|medicines?|agents?|treatments?|therap(?:y|ies))"
    r"|(?P<disease>diseases?|conditions?|disorders?|illness|infection)))"
    r"|(?P<order>the (?:former|latter|first|second|other)(?: one)?)(?= *(?:[?.,!]|$|is|are|for|in|of|be))"
    r"|(?P<own>its|their)|(?P<it>it|them|they|both(?= (?:be|are|together|at)\b| *[?]))"
    r"|(?P<that>(?:this|that|these|those)(?= *(?:[?.,!]|$)|(?<=^\w{4}) (?:is|are|was|does|do|mean)\b|(?<=^\w{5}) (?:is|are)\b)"
    r"|(?<=\bis )(?:this|that)(?= (?:safe|effective|better|true|for|in|the|a|also|still|enough|common|recommended|used|necessary)\b)"
    r"|(?<=\bare )(?:these|those)(?= (?:safe|effective|better|for|in|the|also|still|common|recommended|used|necessary)\b)"
    r"|(?<=\bdo )(?:these|those)(?= \w+)|(?<=\bdoes )(?:this|that)(?= \w+)))\b",
    re.IGNORECASE,
)
_ILLNESS_CUE = re.compile(
    r"\b(?:contagious|curable|cured?|hereditary|genetic|fatal|treat(?:ed|ing)?|diagnos\w+|causes? (?:it|this|that)|prevent(?:ed)?|"
    r"symptoms?|rare|common|recur|relapse|classified|screen\w*|have it|get it|with it)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|their|them|this|that (?=\w+ )|these|those|he|she|his|her|him|one|ones|there|such|same|the (?:two|other))\b",
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
        return drugs[: 2 if found["drug"][-1] == "s" else 1] or ([newest.text] if newest and len(context.turns) > 1 else [])
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
    things = [phrase.text for phrase in context.things()[:1]]
    return drugs[:many] or diseases or things


def pointing_back(asked: Asked) -> str | None:
    """The pointing word replaced by what it points at, where that is plain; else that in a bracket."""
    own = [word for phrase in asked.found if phrase.kind is not Kind.ASPECT for word in terms(phrase.text)]
    if _STATES.match(asked.point) or len(own) > (8 if asked.context.medical else 4):
        return None
    found = next((m for m in _POINTER.finditer(asked.text) if not _is_patient(m, asked.text)), None)
    if found is None or (found["it"] and _EXPLETIVE.search(asked.text, found.start())):
        return with_context(asked, asked.text) if _POINTS.search(asked.point) and asked.context.medical else None
    names = _referent(asked, found)
    if not names:
        return with_context(asked, asked.text)
    before, after = asked.text[: found.start()], asked.text[found.end() :]
    if found["own"]:
        return with_context(asked, f"{before}the{after}".strip()[:1].upper() + f"{before}the{after}".strip()[1:], names)
    text = f"{before}{' and '.join(names)}{after}"
    if not asked.context.medical and not asked.context.is_new(names[0]):
        return _bracketed(asked.text, names)
    if asked.names_disease:
        return text
    return _bracketed(text, [phrase.text for phrase in asked.context.all_newest(Kind.DISEASE)]) or text


def _is_patient(found: re.Match[str], text: str) -> bool:
    """Whether "they" are those who are treated: "how long should they take it"."""
    if (found["it"] or found["own"] or "").lower() not in ("they", "them", "their"):
        return False
    return bool(_UNDERGOES.match(text, found.end())) or (bool(found["own"]) and bool(_BODILY.match(text, found.end())))


_UNDERGOES = re.compile(
    r" (?:\w+ly )?(?:take|receive|stop|need|start|continue|have|feel|present|be (?:given|treated|admitted|referred|monitored|"
    r"discharged|screened|offered|vaccinated|switched|on)|recover|live|respond|get|want|tolerate|become|develop|relapse|fail|worsen|improve|have)\b",
    re.IGNORECASE,
)
_BODILY = re.compile(
    r" (?:age|weight|kidney|renal|liver|family|doctor|life|lives|disease|symptoms|age|diet)\b", re.IGNORECASE
)


_STATES = re.compile(r"^(?:i|i['’]\w+|we|my|that['’]s|thanks?|let['’]s)\b(?!.*\?)", re.IGNORECASE)
_DEFINES = re.compile(
    r"^(?:what (?:is|are|was|were)(?! the\b)|who (?:is|are|was|were)|how (?:do|does|did)|define|describe|explain)\b",
    re.IGNORECASE,
)
_LEAVES_OPEN = re.compile(r"\bthe (?:\S+ )?\S+?[\s?.]*$|\b(?:is|are|was|were) there\b", re.IGNORECASE)


def elliptical(asked: Asked) -> str | None:
    """A question that names too little to be understood alone gets the topic; one that names its own stays."""
    own = [word for phrase in asked.found if phrase.kind is not Kind.ASPECT for word in terms(phrase.text)]
    if asked.names_disease or (_DEFINES.match(asked.point) and own and not asked.has(Kind.GROUP)):
        return None
    if _STATES.match(asked.point) or len(own) > 3:
        return None
    if not asked.context.medical:
        said = {word for text in asked.context.texts for word in terms(text)}
        named = any(phrase.start > 0 and phrase.text[0].isupper() for phrase in asked.found)
        if said & set(own) or named or len(own) > (2 if _LEAVES_OPEN.search(asked.point) else 1):
            return None
    return with_context(asked, asked.text)
