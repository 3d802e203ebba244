"""Question sets over the starter corpus: questions/*.jsonl, and tests/quality/questions.jsonl."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = {
    "calibration": ROOT / "benchmarks" / "questions" / "calibration.jsonl",
    "refusals": ROOT / "benchmarks" / "questions" / "refusals.jsonl",
    "quality": ROOT / "tests" / "quality" / "questions.jsonl",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A question and what a correct answer does: its outcome, a source it cites, what its quotes mention."""

    id: str
    text: str
    article_id: str | None
    history: tuple[str, ...]
    outcome: str
    sources: tuple[str, ...]
    must_mention: tuple[tuple[str, ...], ...]
    kind: str


def load_questions(name: str) -> list[Expected]:
    """A question set by name: "calibration" is for fitting, the others only for reporting."""
    lines = FILES[name].read_text("utf-8").splitlines()
    return [_expected(json.loads(line)) for line in lines if line.strip()]


def _expected(record: dict[str, object]) -> Expected:
    mention = record["must_mention"]
    assert isinstance(mention, list)
    return Expected(
        id=str(record["id"]),
        text=str(record["text"]),
        article_id=str(record["article_id"]) if record["article_id"] else None,
        history=tuple(_strings(record["history"])),
        outcome=str(record["outcome"]),
        sources=tuple(_strings(record["sources"])),
        must_mention=tuple(tuple(_strings(one)) for one in mention),
        kind=str(record["kind"]),
    )


def _strings(value: object) -> Sequence[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def mentions_all(question: Expected, text: str) -> bool:
    """Whether a text holds, for each thing an answer must mention, one of its wordings (any case)."""
    folded = text.casefold()
    return all(any(one.casefold() in folded for one in wordings) for wordings in question.must_mention)
