"""Whether what is about to be stated disagrees with itself across sources.

Conservative: only when the question asks for an effect, two different publications speak of the same
intervention and outcome, and one reports an effect where the other reports none or the opposite.
"""

import re
from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.grounding import Grounded
from assistant.intent import Sign, asked
from corpus.types import DocumentKind, Passage
from indexer.analysis import terms
from indexer.search import Facet

NONE = re.compile(
    r"\bno (?:\w+ ){0,3}(?:difference|effect|benefit|improvement|reduction)|\bnot (?:\w+ ){0,2}(?:significant|superior|differ|met|"
    r"reduce|improve|lower)|\bdid not (?:\w+ )?(?:differ|reduce|improve|lower|prolong|meet)|\bend ?point (?:was )?not met|"
    r"\bfailed to\b|\bwithout (?:a )?(?:significant )?(?:difference|benefit|effect)",
    re.IGNORECASE,
)
FAVOURS = re.compile(
    r"\b(?:reduc|improv|lower(?:ed|s)?\b|fewer|superior|prevent|prolong|benefi|more effective|favou?r)\w*",
    re.IGNORECASE,
)
AGAINST = re.compile(
    r"\b(?:worse|worsen|harm|increased (?:risk|mortality|deaths?)|higher (?:risk|mortality))\w*", re.IGNORECASE
)


def direction(text: str) -> int | None:
    """1 for a benefit, 0 for none shown, −1 for harm; None when the text does not say, or says several."""
    rest = NONE.sub(" ", text)
    found = {0} if rest != text else set()
    found |= {value for value, pattern in ((1, FAVOURS), (-1, AGAINST)) if pattern.search(rest)}
    return found.pop() if len(found) == 1 else None


def conflicting(question: str, grounded: Sequence[Grounded], evidence: Evidence) -> bool:
    """Whether two of the statements, from different publications, answer the question in different directions."""
    if Sign.EFFECT not in asked(question):
        return False
    named = [facet for facet in evidence.query.facets if facet.is_concept]
    told = [
        (publications, value)
        for one in grounded
        if (value := direction(one.text)) is not None
        and (publications := _publications(one, evidence))
        and _speaks_of(named, one.text)
    ]
    return any(a != b and not (p & q) for p, a in told for q, b in told)


def _publications(one: Grounded, evidence: Evidence) -> frozenset[str]:
    """The works a statement rests on: those an article cites for it, else the document itself."""
    passage: Passage = one.passage
    document = evidence.document(passage.document_id)
    if document.kind is not DocumentKind.ARTICLE:
        return frozenset((document.id,))
    keys = {key for s in passage.sentences if s.start < one.end and s.end > one.start for key in s.keys}
    return frozenset(r.document_id for r in document.references if r.key in keys and r.document_id)


def _speaks_of(named: Sequence[Facet], text: str) -> bool:
    """Whether a text itself names every concept of the question, at least two of them."""
    held = set(terms(text))
    return len(named) >= 2 and all(facet.held_by(held) for facet in named)
