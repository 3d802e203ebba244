"""Turns of conversations with what people made of them: TREC CAsT 2019 and 2020, and one turn a line.

Read are the files of github.com/daltonj/treccastweb: topics of 2019 (JSON) beside their resolved turns
(`31_2<TAB>text`), the manual topics of 2020, which hold theirs, and records of several sources (turns.jsonl).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from assistant.evaluation.adapters.files import digest_of, find, lines, located, plain_name
from assistant.evaluation.adapters.records import Name, Text, records, whole
from assistant.evaluation.errors import BadSuite
from assistant.evaluation.sets import FollowupSet, FollowupTurn

_LINES = "turns.jsonl"
PARTS = ("health", "other")


class _Source(NamedTuple):
    """What a file of topics is called here, and the file of its resolved turns ("" where it holds them)."""

    name: str
    resolved: str


_TOPICS = {
    "evaluation_topics_v1.0.json": _Source("trec-cast-2019-eval", "evaluation_topics_annotated_resolved_v1.0.tsv"),
    "train_topics_v1.0.json": _Source("trec-cast-2019-train", "train_topic_sample_annotated_resolved_v1.0.tsv"),
    "2020_manual_evaluation_topics_v1.0.json": _Source("trec-cast-2020", ""),
}


class _Line(msgspec.Struct, frozen=True):
    source: Text
    conversation_id: Name
    turn: Name
    history: tuple[str, ...]
    raw: Text
    resolved: Text
    health: bool


class _Turn(msgspec.Struct, frozen=True):
    number: Name
    raw_utterance: Text
    manual_rewritten_utterance: Text | None = None


class _Topic(msgspec.Struct, frozen=True):
    number: Name
    turn: tuple[_Turn, ...]


def open_cast(path: Path, part: str = "") -> FollowupSet:
    """The turns of a file, or of the one in a folder; `part` "health" or "other" where its records say which they are.

    Tags of a turn: its source; "health" or "other" where that is known; whether it "stands-alone" or "needs-context".
    """
    if part and part not in PARTS:
        raise BadSuite(f"conversations have no part {part}, but: {', '.join(PARTS)}")
    file = _file(path)
    if plain_name(file).endswith(".jsonl"):
        files: tuple[Path, ...] = (file,)
        turns = tuple(_of_lines(file, part))
    elif part:
        raise BadSuite(f"{file} does not say which turns are about health; leave out #{part}")
    else:
        files, turns = _of_topics(file)
    _check(file, turns)
    return FollowupSet(f"cast-{part}" if part else "cast", digest_of(files), turns)


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = [file for name in (_LINES, *_TOPICS) if (file := find(path, name))]
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or f"none of {', '.join((_LINES, *_TOPICS))}"
        raise BadSuite(f"{path} is to hold one file of turns, but holds {names}; name a file")
    return found[0]


def _of_lines(path: Path, part: str) -> Iterator[FollowupTurn]:
    for _, one in records(path, _Line):
        subject = "health" if one.health else "other"
        if part in ("", subject):
            name = f"{one.source}/{one.conversation_id}_{one.turn}"
            yield _turn(name, one.history, one.raw, one.resolved, one.source, subject)


def _of_topics(path: Path) -> tuple[tuple[Path, ...], tuple[FollowupTurn, ...]]:
    """The files that were read, and their turns."""
    source = _TOPICS.get(plain_name(path))
    if source is None:
        raise BadSuite(f"{path} is no file of turns that is known; known are {', '.join((_LINES, *_TOPICS))}")
    topics = whole(path, tuple[_Topic, ...])
    _check_numbers(path, topics)
    if not source.resolved:
        return (path,), tuple(_with_rewrites(path, topics, source.name))
    table = located(path.parent, source.resolved)
    return (path, table), tuple(_with_table(topics, source.name, table))


def _with_rewrites(path: Path, topics: tuple[_Topic, ...], source: str) -> Iterator[FollowupTurn]:
    for topic in topics:
        for at, turn in enumerate(topic.turn):
            if turn.manual_rewritten_utterance is None:
                place = f"topic {topic.number}, turn {turn.number}"
                raise BadSuite(f"{path}, {place}: field manual_rewritten_utterance is missing; name the manual topics")
            history = tuple(before.raw_utterance.strip() for before in topic.turn[:at])
            name = f"{source}/{topic.number}_{turn.number}"
            yield _turn(name, history, turn.raw_utterance, turn.manual_rewritten_utterance, source)


def _with_table(topics: tuple[_Topic, ...], source: str, table: Path) -> Iterator[FollowupTurn]:
    """The turns that were resolved; of the training topics only a sample is."""
    resolved = _resolved(table)
    for topic in topics:
        for at, turn in enumerate(topic.turn):
            text = resolved.pop(f"{topic.number}_{turn.number}", None)
            if text is not None:
                history = tuple(before.raw_utterance.strip() for before in topic.turn[:at])
                yield _turn(f"{source}/{topic.number}_{turn.number}", history, turn.raw_utterance, text, source)
    if resolved:
        raise BadSuite(f"{table}: {', '.join(sorted(resolved)[:5])} resolved, but no turn of a topic")


def _resolved(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in lines(path):
        try:
            name, tab, text = line.decode("utf-8").rstrip("\r\n").partition("\t")
        except UnicodeDecodeError as error:
            raise BadSuite(f"{path}, line {number}: not UTF-8 text ({error.reason})") from error
        if not (tab and name.strip() and text.strip()):
            raise BadSuite(f"{path}, line {number}: no turn, tab and text")
        if name.strip() in found:
            raise BadSuite(f"{path}, line {number}: {name} is resolved above already")
        found[name.strip()] = text
    return found


def _turn(name: str, history: tuple[str, ...], raw: str, resolved: str, source: str, *subject: str) -> FollowupTurn:
    typed, alone = raw.strip(), resolved.strip()
    need = "stands-alone" if typed == alone else "needs-context"
    return FollowupTurn(name, history, typed, alone, (source, *subject, need))


def _check(path: Path, turns: tuple[FollowupTurn, ...]) -> None:
    """Every turn says something, and none is there twice."""
    seen: set[str] = set()
    for turn in turns:
        empty = [field for field in ("raw", "resolved") if not getattr(turn, field)]
        if empty or turn.id in seen:
            fault = f"field {empty[0]} is empty" if empty else "is there twice"
            raise BadSuite(f"{path}: the turn {turn.id}: {fault}")
        seen.add(turn.id)
    if not turns:
        raise BadSuite(f"{path} holds no turn of this kind")


def _check_numbers(path: Path, topics: tuple[_Topic, ...]) -> None:
    """Topics and turns have numbers of their own, without which a resolved turn could be another's."""
    numbers = [f"{topic.number}_{turn.number}" for topic in topics for turn in topic.turn]
    twice = sorted({one for one in numbers if numbers.count(one) > 1}) if len(set(numbers)) < len(numbers) else []
    if twice:
        raise BadSuite(f"{path}: field number: the turn {', '.join(twice[:5])} is there twice")
