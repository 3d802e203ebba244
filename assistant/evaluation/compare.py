"""Two runs side by side: which cases got better or worse, and whether the difference is more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.errors import BadRun
from assistant.evaluation.measures import Described, described
from assistant.evaluation.record import SuiteRecord
from assistant.evaluation.run_folder import Run
from assistant.evaluation.score import Score, Scored, pooled
from assistant.evaluation.scoring import columns
from assistant.evaluation.statistics import holm, paired_differences
from assistant.evaluation.summary import SEED

CHANCE = 0.05
"""The probability, corrected for the number of measures, below which a difference is more than chance."""
INDIFFERENT = ("statement_count", "word_count")
"""A longer or shorter answer is neither better nor worse for that."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that got better or worse by the measures named."""

    case: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs over the cases they share; `p` is corrected after Holm."""

    measure: Described
    before: float
    after: float
    cases: int
    p: float

    @property
    def is_more_than_chance(self) -> bool:
        return self.p < CHANCE

    @property
    def is_worse(self) -> bool:
        """Whether the second run's value lies on the bad side of the first's."""
        return self.after < self.before if self.measure.better == "higher" else self.after > self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """A suite in both runs. `same_corpus` and `same_suite` say whether its documents and its cases are the same."""

    suite: str
    same_corpus: bool
    same_suite: bool
    differences: tuple[Difference, ...]
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]


def compare(before: Run, after: Run) -> tuple[Comparison, ...]:
    """A comparison for each suite that both runs asked; BadRun when they share none."""
    earlier = {record.name: record for record in before.provenance.suites}
    shared = [record for record in after.provenance.suites if record.name in earlier]
    if not shared:
        raise BadRun(f"{before.name} and {after.name} have no suite in common; run one of them again with the other's")
    return tuple(_comparison(earlier[record.name], record, before, after) for record in shared)


def _comparison(earlier: SuiteRecord, later: SuiteRecord, before: Run, after: Run) -> Comparison:
    first, second = _shared(_of(earlier.name, before), _of(later.name, after))
    return Comparison(
        suite=later.name,
        same_corpus=earlier.corpus == later.corpus,
        same_suite=earlier.digest == later.digest,
        differences=_differences(first, second),
        better=_changed(first, second, sign=1),
        worse=_changed(first, second, sign=-1),
    )


def _of(suite: str, run: Run) -> dict[str, Scored]:
    return {one.case: one for one in run.scored if one.suite == suite}


def _shared(first: Mapping[str, Scored], second: Mapping[str, Scored]) -> tuple[list[Scored], list[Scored]]:
    """The cases of both, in one order."""
    names = [name for name in second if name in first]
    return [first[name] for name in names], [second[name] for name in names]


def _differences(first: Sequence[Scored], second: Sequence[Scored]) -> tuple[Difference, ...]:
    one, other = columns(first), columns(second)
    found = paired_differences(one, other, seed=SEED)
    corrected = holm({name: difference.p for name, difference in found.items()})
    return tuple(
        Difference(
            measure=described(name),
            before=_pooled(one[name]),
            after=_pooled(other[name]),
            cases=sum(score is not None for score in other[name]),
            p=corrected[name],
        )
        for name in found
    )


def _pooled(column: Sequence[Score | None]) -> float:
    return pooled(score for score in column if score is not None)


def _changed(first: Sequence[Scored], second: Sequence[Scored], sign: int) -> tuple[Changed, ...]:
    """The cases with a measure that moved to the good side (sign 1) or the bad one (-1), the most measures first."""
    found = []
    for one, other in zip(first, second, strict=True):
        moved = [name for name in one.scores if name in other.scores and name not in INDIFFERENT]
        named = tuple(name for name in moved if sign * _gain(name, one.scores[name], other.scores[name]) > 0)
        if named:
            found.append(Changed(other.case, named))
    return tuple(sorted(found, key=lambda changed: (-len(changed.measures), changed.case)))


def _gain(name: str, before: Score, after: Score) -> float:
    """How much better a measure of a case became, whichever way is better."""
    gain = pooled([after]) - pooled([before])
    return gain if described(name).better == "higher" else -gain
