"""The measures of a suite as rows of a table: value, interval, bar, and whether a target was met."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evaluation.measures import ALL, Described
from assistant.evaluation.record import Summary, Value
from assistant.evaluation.report.wording import amount, number


@dataclass(frozen=True, slots=True)
class Reading:
    """How a report reads measures: `targets` are, by the measure's name, the least value that will do, or the greatest
    where lower is better."""

    targets: Mapping[str, float]

    def scale(self, measure: str) -> Described:
        """What is known of a measure; of one that is not known, such as that of an older program, its name."""
        return ALL.get(measure) or Described(measure, measure, "", "higher")

    def is_met(self, measure: str, value: float) -> bool | None:
        """Whether a value meets the measure's target; None without a target. nan meets none."""
        target = self.targets.get(measure)
        if target is None:
            return None
        return value <= target if self.scale(measure).better == "lower" else value >= target


@dataclass(frozen=True, slots=True)
class Bar:
    """Value, interval and target of a measure, in percent of the width of its bar."""

    value: float
    low: float
    high: float
    target: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in words. `bar` is None for what is not a share, `target` and `is_met` for what has none."""

    name: str
    scale: Described
    value: str
    interval: str
    of: str
    cases: int
    bar: Bar | None
    target: str | None
    is_met: bool | None

    @property
    def met(self) -> str:
        """Met or missed in a word; empty without a target."""
        return {True: "met", False: "missed", None: ""}[self.is_met]


def rows(summary: Summary, reading: Reading) -> tuple[Row, ...]:
    """The measures of a suite in their order, those with a target first."""
    names = sorted(summary.measures, key=lambda name: name not in reading.targets)
    return tuple(_row(name, summary.measures[name], reading) for name in names)


def _row(name: str, value: Value, reading: Reading) -> Row:
    scale, target = reading.scale(name), reading.targets.get(name)
    return Row(
        name=name,
        scale=scale,
        value=number(value.value),
        interval=f"{number(value.low)} to {number(value.high)}",
        of=f"{amount(value.hits)} of {amount(value.total)}",
        cases=value.cases,
        bar=_bar(value, target),
        target=None if target is None else f"{'≤' if scale.better == 'lower' else '≥'}\u00a0{number(target)}",
        is_met=reading.is_met(name, value.value),
    )


def _bar(value: Value, target: float | None) -> Bar | None:
    if not all(0 <= share <= 1 for share in (value.value, value.low, value.high)):
        return None
    shown = None if target is None else round(100 * target, 2)
    return Bar(round(100 * value.value, 2), round(100 * value.low, 2), round(100 * value.high, 2), shown)
