"""What a question demands of an answer: a cost, a longest time, children. Patterns, no model.

A sentence near the question that lacks what is demanded is a neighbour of an answer, not one. The patterns stand in
demands.yaml; how much each counts is fitted with the rest of sufficiency.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Demand:
    """A kind of content: how a question asks for it, and how a sentence holds it."""

    name: str
    asked: re.Pattern[str]
    held: re.Pattern[str]


_AMOUNT = r"\d[\d.,]*(?:\s*(?:-|–|to)\s*[\d.,]+)?\s*(?:mg|g|mcg|µg|μg|units?|iu|ml)\b(?!\s*/\s*(?:d?l|mol|g)\b)"
_SPAN = (
    r"\b(?:\d+|one|two|three|four|five|six|seven|ten|twelve)"
    r"[\s-]*(?:hours?|hrs?|h|days?|weeks?|months?|years?|minutes?)\b"
)


@cache
def all_demands() -> tuple[Demand, ...]:
    """Every demand of demands.yaml, in its order."""
    written = yaml.safe_load(files("assistant").joinpath("demands.yaml").read_text("utf-8"))
    return tuple(Demand(name, _pattern(one["asked"]), _pattern(one["held"])) for name, one in written.items())


def _pattern(alternatives: Sequence[str]) -> re.Pattern[str]:
    joined = "|".join(alternatives).replace("{amount}", _AMOUNT).replace("{span}", _SPAN)
    return re.compile(joined, re.IGNORECASE)


def demanded(question: str) -> tuple[Demand, ...]:
    """What a question demands, empty when no pattern says."""
    return tuple(demand for demand in all_demands() if demand.asked.search(question))


def lacking(demands: Sequence[Demand], sentences: Sequence[str]) -> tuple[Demand, ...]:
    """The demands that none of the sentences holds."""
    return tuple(demand for demand in demands if not any(demand.held.search(sentence) for sentence in sentences))
