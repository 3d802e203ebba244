"""The design of a study, as far as its own title, keywords and abstract name it."""

import re

from corpus.readers.jats_inline import Node
from corpus.readers.jats_references import text_of
from corpus.types import EvidenceType

_NOT_RANDOMISED = re.compile(r"\b(?:non|un|quasi|not)[- ]?randomi[sz](?:ed|ation)", re.IGNORECASE)
_TRIAL = re.compile(
    r"\brandomi[sz](?:ed|ation)\b[^.]{0,100}\b(?:trials?|stud(?:y|ies))\b"
    r"|\b(?:trial|study)\b[^.]{0,60}\brandomi[sz]ed\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"\b(?:were|was) (?:\w+ )?randomi[sz]ed\b|\brandomi[sz]ed (?:to|into)\b|\brandom (?:assignment|allocation)\b"
    r"|\brandomly (?:\w+ ){0,2}(?:assigned|allocated|divided|distributed)\b"
    r"|\b(?:assigned|allocated|divided) randomly\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(r"\bwill be (?:\w+ )?(?:randomi[sz]ed|randomly|recruited|enrolled)\b", re.IGNORECASE)
_PLAN_HEADINGS = frozenset(("methods/design", "methods and design", "trial status"))
_REVIEW = re.compile(r"\bmeta-?\s?anal|\bsystematic(?:\s+\w+){0,2}\s+review", re.IGNORECASE)
_PLAN = re.compile(r"\bprotocol\b|\brationale and (?:study )?design\b|\bdesign and rationale\b", re.IGNORECASE)


def design(article_type: str, title: str, meta: Node) -> EvidenceType:
    """The design that a JATS article names, see `named_design`."""
    keywords = "; ".join(map(text_of, meta.iterfind("kwd-group/kwd")))
    abstract = " ".join(map(text_of, meta.iterfind("abstract//p")))
    headings = {text_of(node).casefold().strip(" .:") for node in meta.iterfind("abstract//title")}
    return named_design(title, abstract, keywords, article_type, bool(headings & _PLAN_HEADINGS))


def named_design(
    title: str, abstract: str, keywords: str = "", article_type: str = "", is_plan: bool = False
) -> EvidenceType:
    """SYSTEMATIC_REVIEW or RCT where title, keywords or abstract say so, else OTHER.

    The plan of a trial has no results, so it is OTHER whatever it plans.
    """
    if article_type == "protocol" or is_plan or _PLAN.search(title) or _PLANNED.search(abstract):
        return EvidenceType.OTHER
    if _REVIEW.search(title):
        return EvidenceType.SYSTEMATIC_REVIEW
    if _says_trial(title):
        return EvidenceType.RCT
    if article_type == "systematic-review" or _REVIEW.search(keywords):
        return EvidenceType.SYSTEMATIC_REVIEW
    said = _says_trial(keywords) or _says_trial(abstract) or _ASSIGNED.search(abstract)
    return EvidenceType.RCT if said or article_type == "clinical-trial" else EvidenceType.OTHER


def _says_trial(text: str) -> bool:
    return bool(_TRIAL.search(_NOT_RANDOMISED.sub(" ", text)))
