"""A case: a question, and what a right answer to it does and does not do. docs/suites.md describes the file format."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from assistant.answer import Outcome
from assistant.errors import InvalidQuestion
from assistant.evaluation.errors import BadSuite
from assistant.question import MAX_TURNS, Audience, check_text

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
_BLANK = r"Expected `str` matching regex '\\S'"
Wordings = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
"""Alternative wordings of one thing; any of them will do."""


class Split(StrEnum):
    """What a case may be used for: choosing thresholds, finding faults, or only telling how good answers are."""

    CALIBRATION = "calibration"
    DEVELOP = "develop"
    TEST = "test"


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a statement may say: `text` for people, `mentions` for the machine.

    A statement says it when it holds, of each group of wordings, at least one.
    """

    text: Text
    mentions: Annotated[tuple[Wordings, ...], msgspec.Meta(min_length=1)]

    def is_in(self, statement: str) -> bool:
        """Whether a statement says it; case, dashes, white space and the kind of decimal point do not matter."""
        folded = _folded(statement)
        return all(any(_pattern(wording).search(folded) for wording in group) for group in self.mentions)


class Nugget(Fact, frozen=True, forbid_unknown_fields=True):
    """A fact that an answer should convey: vital, or okay to have (Voorhees, TREC 2003)."""

    vital: bool = True


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question and what is expected.

    `outcome` holds every outcome that is right. Of each group in `must_cite` one source must be cited, directly or as
    what an article cites; sources of `must_not_cite` never. `evidence` are annotated spans, any of which answers.
    """

    id: Text
    question: Text
    outcome: Outcome | Annotated[tuple[Outcome, ...], msgspec.Meta(min_length=1)]
    history: tuple[Text, ...] = ()
    article: Text | None = None
    audience: Audience = Audience.CLINICIAN
    must_cite: tuple[Wordings, ...] = ()
    may_cite: tuple[Text, ...] = ()
    must_not_cite: tuple[Text, ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    forbidden: tuple[Fact, ...] = ()
    evidence: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    split: Split = Split.TEST

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that are right."""
        return (self.outcome,) if isinstance(self.outcome, Outcome) else self.outcome

    @property
    def is_answerable(self) -> bool:
        """Whether something is to be stated."""
        return self.outcomes[0].has_statements


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases by name; `digest` is of the file they were read from."""

    name: str
    digest: str
    cases: tuple[Case, ...]


def read_suite(path: Path) -> Suite:
    """A JSONL file as a suite named after the file; BadSuite names the line and the field that are wrong."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadSuite(f"{path} cannot be read: {error.strerror}; see: sequitur evaluate suites") from error
    lines = enumerate(raw.split(b"\n"), start=1)
    cases = tuple(_case(path, number, line) for number, line in lines if line.strip())
    if not cases:
        raise BadSuite(f"{path} holds no case")
    twice = [name for name, count in Counter(case.id for case in cases).items() if count > 1]
    if twice:
        raise BadSuite(f"{path}: field id: {', '.join(twice[:5])} names more than one case")
    return Suite(path.stem, hashlib.sha256(raw).hexdigest()[:16], cases)


def _case(path: Path, number: int, line: bytes) -> Case:
    try:
        case = msgspec.json.decode(line, type=Case)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        field = f"field {where.rstrip('`')}: " if where else ""
        raise BadSuite(f"{path}, line {number}: {field}{what.replace(_BLANK, 'it is blank')}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSuite(f"{path}, line {number}: no JSON object ({error})") from error
    for field, message in (*_unaskable(case), *_contradictions(case)):
        raise BadSuite(f"{path}, line {number}: field {field}: {message}")
    return case


def _unaskable(case: Case) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of what the assistant would not take: a run must not break off at it."""
    for field, texts in (("question", (case.question,)), ("history", case.history)):
        for text in texts:
            try:
                check_text(text)
            except InvalidQuestion as error:
                yield field, str(error)
    if len(case.history) > MAX_TURNS:
        yield "history", f"{len(case.history)} earlier questions; keep the last {MAX_TURNS}"


def _contradictions(case: Case) -> Sequence[tuple[str, str]]:
    """(field, what is wrong) of everything in a case that cannot be true together."""
    found = []
    if len({outcome.has_statements for outcome in case.outcomes}) > 1:
        found.append(("outcome", "one outcome states something, another nothing; split it into two cases"))
    stating = ("must_cite", "may_cite", "nuggets", "evidence")
    if not case.is_answerable:
        found += [(field, "nothing is stated with this outcome") for field in stating if getattr(case, field)]
    allowed = {*case.may_cite, *(source for group in case.must_cite for source in group)}
    found += [
        ("must_not_cite", f"{source} must or may also be cited") for source in case.must_not_cite if source in allowed
    ]
    return found


_DASHES = re.compile(r"[‐‑‒–—−]")
_POINTS = re.compile(r"(?<=\d)·(?=\d)")
_LEADING = re.compile(r"(?<![\w.])[.·](?=\d)")


def _folded(text: str) -> str:
    """In one writing: single spaces, hyphens, decimal points with a figure before them, no capitals."""
    plain = _DASHES.sub("-", " ".join(text.split()))
    return _LEADING.sub("0.", _POINTS.sub(".", plain)).casefold()


@lru_cache(maxsize=4096)
def _pattern(wording: str) -> re.Pattern[str]:
    """A wording at the beginning of a word, and never a part of a longer number ("5 mg" is not in "2.5 mg")."""
    folded = _folded(wording)
    before = r"(?<!\w)(?<!\d[.,])" if folded[0].isalnum() else ""
    after = r"(?![.,]?\d)" if folded[-1].isdigit() else ""
    return re.compile(before + re.escape(folded) + after)
