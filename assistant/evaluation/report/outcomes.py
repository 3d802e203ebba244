"""Outcomes and tags of a suite as tables: what was expected against what was given, and measures by tag."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.answer import Outcome
from assistant.evaluation.record import Summary
from assistant.evaluation.report.measures import Reading
from assistant.evaluation.report.wording import number
from assistant.evaluation.verdict import in_words

TOPIC = "topic:"
"""What the tags of topics begin with."""


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """An expected outcome: how often each of the table's outcomes was given, and whether it was the expected one."""

    expected: str
    cells: tuple[tuple[int, bool], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """Expected outcomes in rows, given outcomes in columns."""

    given: tuple[str, ...]
    rows: tuple[ConfusionRow, ...]


@dataclass(frozen=True, slots=True)
class TagTable:
    """Measures by tag: titles of the columns, and (tag, values) with "" where a measure concerns no case of a tag."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def confusion(counts: Mapping[str, Mapping[str, int]]) -> Confusion | None:
    """The counts, expected → given → count, as a table; None without any."""
    if not counts:
        return None
    given = _in_order({outcome for row in counts.values() for outcome in row} | set(counts))
    rows = (_confusion_row(expected, counts[expected], given) for expected in _in_order(counts))
    return Confusion(tuple(map(in_words, given)), tuple(rows))


def tag_table(summary: Summary, reading: Reading) -> TagTable | None:
    """The measures by tag, topics last; None without tags."""
    tags = sorted(summary.by_tag, key=lambda tag: (tag.startswith(TOPIC), tag))
    names = [name for name in summary.measures if any(name in summary.by_tag[tag] for tag in tags)]
    if not names:
        return None
    values = ((tag, tuple(_value(summary.by_tag[tag], name) for name in names)) for tag in tags)
    return TagTable(tuple(reading.scale(name).title for name in names), tuple(values))


def _confusion_row(expected: str, counts: Mapping[str, int], given: tuple[str, ...]) -> ConfusionRow:
    cells = tuple((counts.get(outcome, 0), outcome == expected) for outcome in given)
    return ConfusionRow(in_words(expected), cells, sum(count for count, _ in cells))


def _in_order(outcomes: Iterable[str]) -> tuple[str, ...]:
    """Outcomes in the order of the program's own list, unknown ones last."""
    known = {str(outcome): place for place, outcome in enumerate(Outcome)}
    return tuple(sorted(outcomes, key=lambda outcome: (known.get(outcome, len(known)), outcome)))


def _value(values: Mapping[str, float], name: str) -> str:
    return number(values[name]) if name in values else ""
