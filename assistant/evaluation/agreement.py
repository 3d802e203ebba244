"""How far a language model's judgements agree with the checks that the measures rest on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.evaluation.judge import stating
from assistant.evaluation.judgements import Conveyed, Judgement, Judgements, Supported
from assistant.evaluation.record import Answered
from assistant.evaluation.run_folder import Run
from assistant.evaluation.verdict import checked

_Pair = tuple[bool | None, bool]
"""What the model says, None where its judgement is missing, and what the check says."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of yes and no by the model and by the check it is compared with; `missing` were not judged."""

    what: str
    both: int
    only_model: int
    only_check: int
    neither: int
    missing: int

    @property
    def judged(self) -> int:
        """How many both have judged."""
        return self.both + self.only_model + self.only_check + self.neither

    @property
    def share(self) -> float:
        """The share on which they agree, in [0, 1]; nan when nothing was judged."""
        return (self.both + self.neither) / self.judged if self.judged else float("nan")

    @property
    def kappa(self) -> float:
        """Cohen's kappa (Cohen 1960, doi 10.1177/001316446002000104): agreement beyond what chance gives, at most 1.

        nan when both say the same of everything, so that chance alone gives it, and when nothing was judged.
        """
        total = self.judged
        yes_model, yes_check = self.both + self.only_model, self.both + self.only_check
        by_chance = yes_model * yes_check + (total - yes_model) * (total - yes_check)
        if by_chance == total * total:
            return float("nan")
        return (total * (self.both + self.neither) - by_chance) / (total * total - by_chance)


def agreements(run: Run, judgements: Judgements) -> tuple[Agreement, Agreement]:
    """Of statements, with the run's support check; of nuggets, with the match of their wordings. A nugget that is
    partly conveyed counts as not conveyed, as it does for the match."""
    found = judgements.by_case()
    lines = [(line, found.get((line.suite, line.id))) for line in stating(run.lines)]
    return (
        _agreement("Statement supported", (pair for line in lines for pair in _statements(*line))),
        _agreement("Point conveyed", (pair for line in lines for pair in _nuggets(*line))),
    )


def _statements(line: Answered, judgement: Judgement | None) -> Iterator[_Pair]:
    for index, statement in enumerate(checked(line)):
        said = judgement.supported[index] if judgement else None
        yield None if said is None else said is Supported.YES, statement.is_supported


def _nuggets(line: Answered, judgement: Judgement | None) -> Iterator[_Pair]:
    for index, nugget in enumerate(line.case.nuggets):
        said = judgement.conveyed[index] if judgement else None
        yield None if said is None else said is Conveyed.YES, line.told.saying(nugget) is not None


def _agreement(what: str, pairs: Iterable[_Pair]) -> Agreement:
    counts = dict.fromkeys(((model, check) for model in (True, False, None) for check in (True, False)), 0)
    for pair in pairs:
        counts[pair] += 1
    return Agreement(
        what,
        both=counts[True, True],
        only_model=counts[True, False],
        only_check=counts[False, True],
        neither=counts[False, False],
        missing=counts[None, True] + counts[None, False],
    )
