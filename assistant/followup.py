"""A follow-up in its context becomes a question that stands alone, shown to the reader as "Read as: …".

Rules in order, the first that applies decides. Every added word also steers retrieval, so at most three phrases are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.context import Context, gist, known, split_context
from assistant.ellipsis import Asked, elliptical, with_context
from assistant.focus import Kind, phrases, words_of
from assistant.pointing import comparison, ordinal, pointing_back
from assistant.question import MAX_CHARACTERS, Question
from indexer.analysis import terms

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question is read; `carried` are the passages of the earlier turn that stay in play."""

    text: str
    is_followup: bool
    carried: tuple[str, ...] = ()


_LEAD = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?(?: for [^.!?,]{1,40})?|great|good|interesting|"
    r"i see|hmm+|oh|ah|wow|well|right|sorry|got it|sure|yes|no|cool|perfect|alright|so|but|then|now)\b[\s,.!;:–—-]*)+",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:yes|yes please|yeah|yep|yup|please|please do|ok(?:ay)?|sure|of course|go ahead|go on|continue|do it|y"
    r"|absolutely|"
    r"definitely|certainly|(?:yes|ok(?:ay)?|sure),? (?:please|go ahead|do|tell me|sure|thanks?|thank you)|"
    r"(?:that )?sounds good|please go on)[\s.!]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:number |option |no\. ?|#)?([1-9]|one|two|three|the (?:first|second|third|last)(?: one| option)?)[\s.!)]*",
    re.IGNORECASE,
)
_ORDINALS = {"one": 1, "two": 2, "three": 3, "first": 1, "second": 2, "third": 3}
_DECLINED = re.compile(
    r"(?:no|nope|no,? thanks?|no,? thank you|not now|never ?mind|nothing(?: else)?|thanks?|thank you(?: very much)?|"
    r"thanks a lot|great,? thanks?|ok(?:ay)?,? thanks?|that'?s all|bye|goodbye|(?:no,? )?that(?:'s| is) (?:all"
    r"|it)(?: thanks?)?)[\s.!,]*",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:(?:can|could|would) you )?(?:please )?(?:tell me|say|explain|give me|show me|i(?:'d| would) like"
    r"|elaborate)?\s*"
    r"(?:more|some more|elaborate|(?:more |further )?(?:details?|information|info|detail)|more,? please|in more detail)"
    r"(?: about (?:it|this|that))?(?:,? please)?[\s.!?]*",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:and |but |so )*(?:(?:for |since )?(?:why|how|when|where|who|which|what)(?: not| so| exactly| else| then| "
    r"often| long| "
    r"much| many| soon| early| far| fast| quickly| ones?| is (?:it|that|this)| are (?:they|those|these))*)[\s?.!]*",
    re.IGNORECASE,
)


def resolve(question: Question, subject: str, vocabulary: "Vocabulary", rarity: Callable[[str], float]) -> Reading:
    """The standalone reading of a question, given its history and the title of the article being read."""
    carried = question.history[-1].passage_ids if question.history else ()
    if question.read_as is not None:
        return Reading(question.read_as, True, carried)
    context = known(question.history, "".join(filter(str.isprintable, subject)), vocabulary, rarity)
    typed = " ".join(question.text.split())
    if context is None or _DECLINED.fullmatch(typed):
        return Reading(question.text, False)
    suggestions = question.history[-1].suggestions if question.history else ()
    text = _accepted(typed, suggestions, context)
    if text is None:
        point = _LEAD.sub("", typed)
        point = point if terms(point) or _BARE.fullmatch(point) or _MORE.fullmatch(point) else typed
        asked = Asked(typed, point, phrases(point, vocabulary), context, vocabulary)
        text = next((read for rule in _RULES if (read := rule(asked)) is not None), None)
    if text is None or text == typed or len(text) > MAX_CHARACTERS:
        return Reading(question.text, False)
    return Reading(text, True, carried)


def _accepted(typed: str, suggestions: tuple[str, ...], context: Context) -> str | None:
    """A suggestion that was taken up, by consent or by number; without suggestions, more of the same."""
    number = _NUMBER.fullmatch(typed)
    if number and context.last:
        word = number[1].lower().removeprefix("the ").split()[0]
        place = len(suggestions) if word == "last" else _ORDINALS.get(word) or int(word)
        return suggestions[place - 1] if 0 < place <= len(suggestions) else _more_of(context.last)
    if not _CONSENT.fullmatch(typed) or not context.last:
        return None
    return suggestions[0] if suggestions else _more_of(context.last)


def _more_of(last: str) -> str:
    return last if last.startswith("Tell me more: ") else f"Tell me more: {last}"


def _more(asked: Asked) -> str | None:
    """ "Tell me more" asks the last question again, for more; in an article, its title's."""
    if not _MORE.fullmatch(asked.point):
        return None
    return _more_of(asked.context.last or asked.context.subject)


def _bare(asked: Asked) -> str | None:
    """ "Why?", "How often?": the words of asking, and what was asked about before."""
    if not _BARE.fullmatch(asked.point):
        return None
    before = gist(asked.context.last or asked.context.subject)
    if len(words_of(before)) > _GIST_WORDS:
        before = ", ".join(phrase.text for phrase in asked.topic)
    point = asked.point.rstrip(" ?.!")
    return f"{point[0].upper()}{point[1:]}? ({before})" if before else None


_GIST_WORDS = 10


_SWAP = re.compile(
    r"(?:(?:(?:(?:and|but|or|so) )?(?:what|how) about|what of|(?:and )?(?:the )?same (?:question )?for|and|or"
    r"|(?:sorry,? )?i meant)\s+"
    r"|(?=(?:in|for|with|during|after|before|if|without) \S+(?: \S+){0,3}$))"
    r"(?!(?:what|which|who|how|why|when|where|is|are|was|were|do|does|did|can|could|should|would|will|has|have|i|you"
    r"|we|they|it|"
    r"he|she|there|that|this|those|these|then|also|please|tell)\b)"
    r"(?P<link>in|for|with|during|after|before|if|when|without|on|as|under|over|at|while)?\b\s*"
    r"(?P<what>(?:(?:the|a|an|my|those|these|people|patients|someone|somebody) )*[^?!]*?)[\s?.!]*",
    re.IGNORECASE,
)
_SWAP_WORDS = 8


def _swapped(asked: Asked) -> str | None:
    """ "And in children?", "What about rituximab?": the last question, with the new thing for the comparable one."""
    found, last = _SWAP.fullmatch(asked.point), asked.context.last
    if not found or not last or not terms(found["what"]) or len(words_of(found["what"])) > _SWAP_WORDS:
        return None
    what, link = ordinal(found["what"], asked.context), (found["link"] or "").lower()
    if what != found["what"]:
        return with_context(asked, f"What about {what}?", [what])
    news = phrases(what, asked.vocabulary)
    if sum(phrase.kind is not Kind.ASPECT for phrase in news) > 1:
        return with_context(asked, asked.point)
    kind = news[-1].kind if news else Kind.THING
    if kind is Kind.ASPECT and not link:
        return with_context(asked, what)
    added_to = link in ("if", "when", "after", "before", "without", "while", "over", "under", "at", "on", "as")
    added_to = added_to or (kind is Kind.DRUG and bool(link)) or (link != "for" and bool(_COMORBID.search(what)))
    added_to = added_to or bool(_MANIFESTATION.search(what))
    replaced = None if added_to else _replaced(last, what, kind, asked)
    if replaced or not (link or kind in (Kind.GROUP, Kind.DISEASE)):
        return replaced or with_context(asked, asked.point)
    core, added = split_context(last)
    return f"{core.rstrip(' ?.!')}, {link or 'in'} {what}?{f' ({added})' if added else ''}"


def _replaced(last: str, what: str, kind: Kind, asked: Asked) -> str | None:
    """The last question with `what` for its one phrase of that kind, or for those in its bracket."""
    if kind not in (Kind.DRUG, Kind.DISEASE, Kind.GROUP):
        return None
    core, added = split_context(last)
    core, added = (added or gist(last), "") if _BARE.fullmatch(core) else (core, added)
    body = core[:1].upper() + core[1:].rstrip(" ?.!")
    old = [phrase for phrase in phrases(body, asked.vocabulary) if phrase.kind is kind]
    if len(old) == 1:
        body = f"{body[: old[0].start]}{what}{body[old[0].end :]}"
        body = body[0].upper() + body[1:]
        return f"{body}?{f' ({added})' if added else ''}"
    held = [phrase for phrase in phrases(added, asked.vocabulary) if phrase.kind is kind]
    if old or not held:
        return None
    rest = re.sub(r"^(?:,| and) ", "", added[held[-1].end :])
    return f"{body}? ({added[: held[0].start]}{what}{', ' if rest and rest[0].isalnum() else ''}{rest})"


_FIGURE = r"(?<![\w.-])\d+(?:[.,]\d+)?(?![\w.-]*\w)"
_ASKED_FIGURE = re.compile(
    rf"(?:(?:and|or|what about|how about) )?(?:(?:for|at|with|of) )?({_FIGURE})[\s?.!]*", re.IGNORECASE
)


def _renumbered(asked: Asked) -> str | None:
    """ "And 5?": the last question, with that figure for its only one."""
    found, held = _ASKED_FIGURE.fullmatch(asked.point), re.findall(_FIGURE, asked.context.last)
    return re.sub(_FIGURE, found[1], asked.context.last) if found and len(held) == 1 else None


_COMORBID = re.compile(
    r"\b(?:renal|kidney|ckd|eskd|hepatic|liver|cirrhosis|heart failure|diabetes|hypertension|obes\w+|cancer"
    r"|malignancy|hiv)\b",
    re.IGNORECASE,
)
"""Said after "in" or "with", these are what the patient has besides."""

_MANIFESTATION = re.compile(r"^(?:the )?(?:skin|lung|joint|muscle|eye|cardiac|cutaneous|pulmonary)\b", re.IGNORECASE)
"""Parts of the same illness rather than another one."""


_RULES: tuple[Callable[[Asked], str | None], ...] = (
    _more,
    _bare,
    _renumbered,
    _swapped,
    comparison,
    pointing_back,
    elliptical,
)
