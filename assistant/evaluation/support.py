"""Does a premise support a claim? Used for measuring only: the assistant checks its own statements by other code.

LexicalSupport needs no model files; how often it errs on people's judgements stands in benchmarks/results/support.md.
"""

from collections.abc import Sequence
from typing import Protocol

from assistant.evaluation.quantities import unheld
from assistant.evaluation.record import StatementSupport
from assistant.evaluation.support_features import features, is_quoted, is_reversed
from assistant.logistic import LogisticModel, load_model


class SupportCheck(Protocol):
    """Judges whether premises, taken together, support a claim; without premises nothing is supported.

    `name` says in a run what judged.
    """

    @property
    def name(self) -> str: ...

    def supports(self, claim: str, premises: Sequence[str]) -> bool: ...


class LexicalSupport:
    """Every number of the claim is held, with unit and sign, and a linear model over shared words says yes.

    A claim that is sentences of a premise is supported; one that is such a sentence but for a negation, or for a word
    put in place of its opposite, is not. It does not understand: what says the opposite in other words may pass.
    """

    name = "lexical"

    def __init__(self, model: LogisticModel | None = None) -> None:
        """`model`: other weights than those fitted by benchmarks/fit_support.py."""
        self._model = model or load_model("evaluation/support")

    def supports(self, claim: str, premises: Sequence[str]) -> bool:
        """Whether the premises support the claim."""
        if not premises:
            return False
        if is_quoted(claim, premises):
            return True
        if unheld(claim, premises) or is_reversed(claim, premises):
            return False
        return self.probability(claim, premises) >= self._model.threshold

    def probability(self, claim: str, premises: Sequence[str]) -> float:
        """The model's probability that people would say supported, numbers not looked at."""
        return self._model.probability(features(claim, premises))


def statement_support(text: str, spans: Sequence[str | None], check: SupportCheck) -> StatementSupport:
    """What a check says of a statement and the spans it cites; None is a span that is not there and supports nothing.

    As in ALCE, a statement that cites what is not there is not supported by the rest either.
    """
    there = [span for span in spans if span is not None]
    return StatementSupport(
        together=bool(spans) and len(there) == len(spans) and check.supports(text, there),
        alone=tuple(span is not None and check.supports(text, [span]) for span in spans),
        without=tuple(_without(text, spans, at, check) for at in range(len(spans))),
    )


def _without(text: str, spans: Sequence[str | None], at: int, check: SupportCheck) -> bool:
    rest = [span for number, span in enumerate(spans) if number != at and span is not None]
    return check.supports(text, rest)
