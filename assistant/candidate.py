"""A sentence that may be quoted, and where it stands."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.types import Passage, Sentence


class Role(StrEnum):
    """What a section does in a paper; guideline-like articles mostly have BODY."""

    ABSTRACT_RESULTS = "abstract_results"
    ABSTRACT_CONCLUSION = "abstract_conclusion"
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"
    TABLE = "table"
    BODY = "body"


_ROLES = (
    (Role.RESULTS, r"result|finding|outcome|efficacy|safety|adverse"),
    (
        Role.METHODS,
        r"method|material|design|procedure|statistic|participants|patients and|intervention|protocol|ethic|measure",
    ),
    (Role.CONCLUSION, r"conclusion|interpretation"),
    (Role.DISCUSSION, r"discussion|limitation|comment"),
    (Role.INTRODUCTION, r"introduction|background|objective|aim|purpose|context|rationale"),
)


_LEFT_OUT = re.compile(
    r"\bwithout (?:a |any |known )?(?:[\w-]+ ?){1,3}|\([^()]*\bexcluded\)|"
    r"\bexclud(?:ed|ing) [^,.;()]{1,60}|\bother than [^,.;()]{1,40}",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def section_role(path: tuple[str, ...], is_table: bool) -> Role:
    """The role of a section, from its headings (outermost first)."""
    if is_table:
        return Role.TABLE
    in_abstract = bool(path) and "abstract" in path[0].lower()
    for heading in path[1:] if in_abstract else path:
        for role, pattern in _ROLES:
            if re.search(pattern, heading.lower()):
                return _within_abstract(role) if in_abstract else role
    return Role.ABSTRACT if in_abstract else Role.BODY


def _within_abstract(role: Role) -> Role:
    if role is Role.RESULTS:
        return Role.ABSTRACT_RESULTS
    return Role.ABSTRACT_CONCLUSION if role in (Role.CONCLUSION, Role.DISCUSSION) else Role.ABSTRACT


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage. `row` is the passage's row; `position` counts from 0 in it."""

    passage: Passage
    row: int
    position: int
    title: str
    vetted: bool
    passage_score: float

    @property
    def sentence(self) -> Sentence:
        return self.passage.sentences[self.position]

    @property
    def heading(self) -> str:
        """What stands over the sentence: the document's title and the section's headings, outermost first."""
        return " ".join((self.title, *self.passage.section))

    @property
    def text(self) -> str:
        return self.passage.quote(self.sentence.start, self.sentence.end)

    @property
    def included(self) -> str:
        """The text without the parts that say what it does not speak of ("without diabetes", "IBM excluded")."""
        return _LEFT_OUT.sub(" ", self.text)

    @property
    def role(self) -> Role:
        return section_role(self.passage.section, self.passage.is_table)
