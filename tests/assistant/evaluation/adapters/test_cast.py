"""Conversations: three layouts; a turn's history is what was typed before it, and nothing later."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.adapters.cast import open_cast
from assistant.evaluation.sets import FollowupTurn
from tests.assistant.evaluation.adapters.writing import fault, put, put_lines

TYPED = ["What is gout?", "Is it curable?", "And podagra?"]
RESOLVED = ["What is gout?", "Is gout curable?", "Is podagra curable?"]


def record(turn: int, *, health: bool = True, **changes: object) -> dict[str, object]:
    return {
        "source": "made-up",
        "conversation_id": "7",
        "turn": turn,
        "history": TYPED[: turn - 1],
        "raw": TYPED[turn - 1],
        "resolved": RESOLVED[turn - 1],
        "health": health,
        **changes,
    }


def topics_2019(folder: Path, resolved: str = "") -> Path:
    resolved = resolved or "".join(f"31_{number}\t{text}\n" for number, text in enumerate(RESOLVED, start=1))
    turns = [{"number": number, "raw_utterance": text} for number, text in enumerate(TYPED, start=1)]
    put(folder / "evaluation_topics_annotated_resolved_v1.0.tsv", resolved)
    topic = {"number": 31, "title": "gout", "description": "", "turn": turns}
    return put(folder / "evaluation_topics_v1.0.json", json.dumps([topic]))


def topics_2020(folder: Path, **changes: object) -> Path:
    turns = [
        {"number": number, "raw_utterance": raw, "manual_rewritten_utterance": resolved, **changes}
        for number, (raw, resolved) in enumerate(zip(TYPED, RESOLVED, strict=True), start=1)
    ]
    return put(folder / "2020_manual_evaluation_topics_v1.0.json", json.dumps([{"number": 81, "turn": turns}]))


def turns(source: str, topic: str, *subject: str) -> tuple[FollowupTurn, ...]:
    return tuple(
        FollowupTurn(
            f"{source}/{topic}_{n + 1}",
            tuple(TYPED[:n]),
            TYPED[n],
            RESOLVED[n],
            (source, *subject, "stands-alone" if n == 0 else "needs-context"),
        )
        for n in range(3)
    )


def test_the_three_layouts_say_the_same(tmp_path: Path) -> None:
    lines = put_lines(tmp_path / "a" / "turns.jsonl.zst", [record(n) for n in (1, 2, 3)])
    for path, expected in (
        (lines, turns("made-up", "7", "health")),
        (topics_2019(tmp_path / "b"), turns("trec-cast-2019-eval", "31")),
        (topics_2020(tmp_path / "c"), turns("trec-cast-2020", "81")),
    ):
        assert open_cast(path).turns == expected
        assert open_cast(path.parent) == open_cast(path)


def test_parts_are_what_the_records_say(tmp_path: Path) -> None:
    path = put_lines(tmp_path / "turns.jsonl", [record(1), record(2, health=False), record(3)])
    told = {part: [one.id for one in open_cast(path, part).turns] for part in ("", "health", "other")}
    assert told == {
        "": ["made-up/7_1", "made-up/7_2", "made-up/7_3"],
        "health": ["made-up/7_1", "made-up/7_3"],
        "other": ["made-up/7_2"],
    }
    assert open_cast(path, "health").name == "cast-health"
    fault(lambda: open_cast(path, "sport"), "no part sport", "health, other")
    fault(lambda: open_cast(topics_2019(tmp_path / "b"), "health"), "does not say which turns are about health")


def test_turns_that_nobody_resolved_are_history_only(tmp_path: Path) -> None:
    found = open_cast(topics_2019(tmp_path, "31_3\tIs podagra curable?\n"))
    assert [(one.id, one.history) for one in found.turns] == [("trec-cast-2019-eval/31_3", tuple(TYPED[:2]))]


@pytest.mark.parametrize(
    ("resolved", "told"),
    [
        ("31_9\tWhat?\n", "31_9 resolved, but no turn"),
        ("31_1\tWhat?\n31_1\tWhat?\n", "line 2: 31_1 is resolved above"),
        ("31_1 What?\n", "line 1: no turn, tab and text"),
        ("31_1\t \n", "line 1: no turn, tab and text"),
    ],
)
def test_resolved_turns_that_cannot_be_are_told(tmp_path: Path, resolved: str, told: str) -> None:
    fault(lambda: open_cast(topics_2019(tmp_path, resolved)), "resolved_v1.0.tsv", told)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    fault(lambda: open_cast(tmp_path), "none of turns.jsonl")
    file = topics_2019(tmp_path)
    (tmp_path / "evaluation_topics_annotated_resolved_v1.0.tsv").unlink()
    fault(lambda: open_cast(file), "evaluation_topics_annotated_resolved_v1.0.tsv")
    fault(lambda: open_cast(topics_2020(tmp_path / "b", manual_rewritten_utterance=None)), "turn 1", "manual_rewritten")
    fault(lambda: open_cast(put(tmp_path / "x.json", "[]")), "no file of turns that is known")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"raw": ""}, "field raw"),
        ({"raw": " "}, "field raw is empty"),
        ({"resolved": None}, "field resolved"),
        ({"history": "What?"}, "field history"),
        ({"health": 1}, "field health"),
        ({"turn": 1}, "made-up/7_1: is there twice"),
    ],
)
def test_records_that_cannot_be_are_told(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    path = put_lines(tmp_path / "turns.jsonl", [record(1), {**record(2), **changes}])
    fault(lambda: open_cast(path), str(path), told)


def test_a_turn_that_is_there_twice_is_told(tmp_path: Path) -> None:
    fault(lambda: open_cast(topics_2020(tmp_path, number=1)), "field number: the turn 81_1 is there twice")
