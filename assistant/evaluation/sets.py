"""Public sets in our own terms: queries with judgements, questions over articles, turns of conversations.

What a set is about is read when it is opened; its documents are read anew each time they are asked for, one by one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.evaluation.case import Case
from corpus.types import Document

Documents = Callable[[], Iterator[Document]]
"""Gives the documents of a set, from the first on each time it is called."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query, and the ids of the documents that are relevant to it with their grades, from 1; never empty."""

    id: str
    text: str
    relevant: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Queries with judgements over documents; `digest` is of the files that were read."""

    name: str
    digest: str
    documents: Documents
    queries: tuple[JudgedQuery, ...]

    @property
    def relevant(self) -> Mapping[str, Mapping[str, int]]:
        """Query id → document id → grade."""
        return {query.id: query.relevant for query in self.queries}


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Cases over documents of the set's own; `digest` is of the files that were read."""

    name: str
    digest: str
    cases: tuple[Case, ...]
    documents: Documents


@dataclass(frozen=True, slots=True)
class FollowupTurn:
    """What a user typed, what the user had typed before, and what a person made of it that stands alone."""

    id: str
    history: tuple[str, ...]
    raw: str
    resolved: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowupSet:
    """Turns of conversations; `digest` is of the files that were read."""

    name: str
    digest: str
    turns: tuple[FollowupTurn, ...]
