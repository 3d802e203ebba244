"""What a language model said of a run's answers: advice beside the run, never part of its scores.

RUN/judge.json         a JudgeRecord: which model was asked, where, and by which prompts
RUN/judgements.jsonl   a Judgement for each case that states something, in the order they were judged
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from assistant.evaluation.errors import BadRun
from assistant.evaluation.lines import LineFile, read_lines, read_value, replace_value
from assistant.evaluation.run_folder import CASES
from indexer.durable import writing

JUDGE, JUDGEMENTS = "judge.json", "judgements.jsonl"
_AGAIN = "judge again: what is judged is kept"
_ANEW = f"remove {JUDGE} and {JUDGEMENTS}, and judge again"


class Supported(StrEnum):
    """Whether a statement is supported by its cited spans."""

    YES = "yes"
    NO = "no"


class Conveyed(StrEnum):
    """Whether an answer conveys a nugget."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Judgement(msgspec.Struct, frozen=True):
    """What the model said of a case: of each statement, and of each nugget in the case's order.

    None is a judgement that is missing, and `missing` says why of each. `answered_by` is what the server called its
    model.
    """

    suite: str
    case: str
    supported: tuple[Supported | None, ...]
    conveyed: tuple[Conveyed | None, ...]
    missing: tuple[str, ...] = ()
    answered_by: str = ""


class JudgeRecord(msgspec.Struct, frozen=True):
    """What judgements were made with. `prompts`: name → digest; `cases` is the digest of the answers' file."""

    created: str
    software: str
    model: str
    server: str
    prompts: dict[str, str]
    cases: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """The judgements of a run, not always of all its cases."""

    record: JudgeRecord
    judgements: tuple[Judgement, ...]

    def by_case(self) -> dict[tuple[str, str], Judgement]:
        """The judgements by suite and case."""
        return {(one.suite, one.case): one for one in self.judgements}


class JudgementWriter:
    """Writes judgements beside a run. What `add` returned for is on the disk."""

    def __init__(self, folder: Path, record: JudgeRecord) -> None:
        """Begin, or go on with judgements of the same record but for the time; BadRun names what differs."""
        if (folder / JUDGE).is_file():
            _go_on(folder, record)
        else:
            _begin(folder, record)
        self._lines = LineFile[Judgement](folder / JUDGEMENTS, Judgement, _AGAIN, _ANEW)

    @property
    def done(self) -> tuple[Judgement, ...]:
        """The judgements that were there when this writer came."""
        return self._lines.done

    def add(self, judgement: Judgement) -> None:
        self._lines.add(judgement)

    def close(self) -> None:
        self._lines.close()


def read_judgements(folder: Path) -> Judgements | None:
    """The judgements beside a run, None when nobody judged it; BadRun when they are of other answers."""
    if not (folder / JUDGE).is_file():
        return None
    record = read_value(folder / JUDGE, JudgeRecord, _ANEW)
    if record.cases != cases_digest(folder):
        raise BadRun(f"{folder} holds judgements of other answers; {_ANEW}")
    path = folder / JUDGEMENTS
    return Judgements(record, tuple(read_lines(path, Judgement, _ANEW, still_written=True)) if path.exists() else ())


def cases_digest(folder: Path) -> str:
    """The digest of a run's answers; BadRun where it has none, as a baseline."""
    try:
        return hashlib.sha256((folder / CASES).read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise BadRun(f"{folder} holds no answers to judge; name the folder of a run, not of a baseline") from error


def _begin(folder: Path, record: JudgeRecord) -> None:
    """The record first: judgements that nobody knows the model of are none."""
    with writing(folder, _AGAIN):
        (folder / JUDGEMENTS).unlink(missing_ok=True)
        replace_value(folder / JUDGE, record)


def _go_on(folder: Path, record: JudgeRecord) -> None:
    before = read_value(folder / JUDGE, JudgeRecord, _ANEW)
    names = [name for name in JudgeRecord.__struct_fields__ if name != "created"]
    differing = [name for name in names if getattr(before, name) != getattr(record, name)]
    if differing:
        raise BadRun(f"{folder} holds judgements with another {', '.join(differing)}; {_ANEW}")
