"""Which vetted articles are about a patient's conditions, and the card that leads to them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from api.cds.schemas import CardOut, CardSourceOut, ConditionIn, LinkOut
from api.chat.message import page_of
from api.export.markdown import escaped
from api.export.wording import line, review_of
from api.reading import articles
from assistant.focus import Kind, phrases
from assistant.policy import caution, disclaimer
from assistant.rules import Rules
from corpus.types import Document, ReviewStatus
from corpus.vocabulary import Concept, Vocabulary
from indexer.snapshot import Snapshot

MAX_NAMES, MAX_NAME = 200, 300
"""Names of conditions that are looked at, and characters of one: each costs a search of the vocabulary."""
MAX_ARTICLES = 5
"""A card is read in passing."""
SUMMARY_CHARACTERS = 139
"""A summary has fewer than 140 characters (CDS Hooks 2.0)."""

_GONE = frozenset(("inactive", "remission", "resolved", "refuted", "entered-in-error"))
"""Statuses of conditions that the patient has not, or no more (FHIR condition-clinical, condition-ver-status)."""
_SHORTEST_STEM = 5
"""Letters of a name that a longer name may end in, as dermatomyositis in myositis; gout is no stem of pseudogout."""


@dataclass(frozen=True, slots=True)
class About:
    """An article, the diseases that its title names, and its text in lower case."""

    article: Document
    subjects: tuple[Concept, ...]
    text: str


def names_of(conditions: Iterable[ConditionIn]) -> tuple[str, ...]:
    """What the conditions that stand are called; no more than a record may sensibly hold."""
    standing = (one for one in conditions if not one.statuses & _GONE)
    names = (name for one in standing for name in one.code.names if len(name) <= MAX_NAME)
    return tuple(dict.fromkeys(names))[:MAX_NAMES]


def articles_on(names: Iterable[str], snapshot: Snapshot, rules: Rules) -> tuple[Document, ...]:
    """The articles whose title names one of the conditions, or a wider kind of it; by title, at most five.

    Names are understood by the words of the corpus, not by their codes. Articles that the site does not answer from
    are left out.
    """
    found = list(dict.fromkeys(concept for name in names for concept in _concepts(name, snapshot.vocabulary)))
    about = (one for one in _subjects(snapshot) if any(_covers(one, concept) for concept in found))
    return tuple(one.article for one in about if rules.admits(one.article))[:MAX_ARTICLES]


def card(found: tuple[Document, ...], base: str) -> CardOut:
    """One information card with a link to each article; `base` is the address of this service."""
    more = f"{len(found)} articles" if len(found) > 1 else "an article"
    told = f"Sequitur has {more} on this patient's conditions: {'; '.join(line(one.work.title) for one in found)}"
    return CardOut(
        uuid=str(uuid.uuid4()),
        summary=told if len(told) <= SUMMARY_CHARACTERS else f"{told[: SUMMARY_CHARACTERS - 1].rstrip()}…",
        detail=_detail(found),
        source=CardSourceOut(label="Sequitur", url=base),
        links=[LinkOut(label=line(one.work.title), url=page_of(one.id, base)) for one in found],
    )


def _detail(found: tuple[Document, ...]) -> str:
    pending = any(one.review_status is not ReviewStatus.APPROVED for one in found)
    items = (f"- {escaped(one.work.title)} ({escaped(review_of(one.review_status))}; {_updated(one)})" for one in found)
    blocks = (
        f"**Caution:** {escaped(caution().text)}" if pending else "",
        "Articles to read and to ask about; found by the names of the conditions alone:",
        "\n".join(items),
        f"**Disclaimer:** {escaped(disclaimer().text)}",
    )
    return "\n\n".join(block for block in blocks if block)


def _updated(article: Document) -> str:
    return f"updated {escaped(article.updated)}" if article.updated else "date of update not known"


@lru_cache(maxsize=1)
def _subjects(snapshot: Snapshot) -> tuple[About, ...]:
    """Kept for the live snapshot: an article is about the diseases that its title names."""
    return tuple(
        About(one, _named(one.work.title, snapshot.vocabulary), one.text.lower()) for one in articles(snapshot)
    )


def _named(title: str, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    diseases = (phrase.text for phrase in phrases(title, vocabulary) if phrase.kind is Kind.DISEASE)
    return tuple(concept for disease in diseases for concept in _concepts(disease, vocabulary))


def _concepts(name: str, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """What a name means. A name that the corpus does not hold is not cut: portal hypertension is no hypertension.

    Words after a name narrow it (migraine without aura); words before it may make it another disease.
    """
    unheld = [(at, at + len(other)) for other in vocabulary.unheld_names(name) if (at := name.find(other)) >= 0]
    mentions = (
        mention
        for mention in vocabulary.mentions(name)
        if not any(start < mention.start and mention.end <= end for start, end in unheld)
    )
    return tuple(concept for mention in mentions for concept in mention.concepts)


def _covers(about: About, concept: Concept) -> bool:
    """Whether an article is about a disease: by its title, or as a kind of what its title names that its text names."""
    return concept in about.subjects or any(
        form.lower().endswith(stem) and form.lower() in about.text
        for form in concept.forms
        for stem in _stems(about.subjects)
    )


def _stems(subjects: tuple[Concept, ...]) -> tuple[str, ...]:
    forms = (form.lower() for subject in subjects for form in subject.forms)
    return tuple(form for form in forms if len(form) >= _SHORTEST_STEM)
