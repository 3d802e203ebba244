"""An answered case with all that its measures look at; measures are pure functions of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evaluation.case import Case
from assistant.evaluation.errors import EvaluationError
from assistant.evaluation.record import StatementSupport
from assistant.evaluation.support import SupportCheck, statement_support
from assistant.evaluation.told import Told, ToldCitation, ToldStatement, Verified


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, the statement it stands under, and what it turned out to be."""

    statement: ToldStatement
    citation: ToldCitation
    verified: Verified


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, what was told, each citation looked up (in the answer's order), and each statement's support.

    EvaluationError when these are not of the same answer: a measure of mismatched parts would mean nothing.
    """

    case: Case
    told: Told
    verified: tuple[Verified, ...]
    supported: tuple[StatementSupport, ...]

    def __post_init__(self) -> None:
        _check(self.case, self.told, self.verified)
        expected = [len(statement.citations) for statement in self.told.statements]
        if expected != [len(one.alone) for one in self.supported] or expected != [
            len(o.without) for o in self.supported
        ]:
            raise EvaluationError(f"case {self.case.id}: the support verdicts are not of this answer; judge it again")

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Every citation of the answer, in order."""
        places = ((statement, citation) for statement in self.told.statements for citation in statement.citations)
        return tuple(Cited(*place, one) for place, one in zip(places, self.verified, strict=True))

    @property
    def spans(self) -> tuple[tuple[str | None, ...], ...]:
        """For each statement, what the snapshot really holds where its citations point."""
        return tuple(_spans(self.told, self.verified))


def judge(case: Case, told: Told, verified: Sequence[Verified], check: SupportCheck) -> Judged:
    """A case with a support check's verdicts. The premises are the looked-up spans, never what the answer quotes."""
    _check(case, told, verified)
    supported = (
        statement_support(statement.text, spans, check)
        for statement, spans in zip(told.statements, _spans(told, verified), strict=True)
    )
    return Judged(case, told, tuple(verified), tuple(supported))


def _spans(told: Told, verified: Sequence[Verified]) -> Iterator[tuple[str | None, ...]]:
    for number in range(len(told.statements)):
        yield tuple(one.span for one in verified if one.statement == number)


def _check(case: Case, told: Told, verified: Sequence[Verified]) -> None:
    cited = [(at, one.n) for at, statement in enumerate(told.statements) for one in statement.citations]
    if cited != [(one.statement, one.n) for one in verified]:
        raise EvaluationError(
            f"case {case.id}: the citations looked up are not those of its answer; look them up again"
        )
