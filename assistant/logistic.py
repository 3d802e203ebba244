"""A logistic model kept as JSON beside the code: weights by feature name, and the probability that is enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

import msgspec


def sigmoid(z: float) -> float:
    """1 / (1 + e^-z), in [0, 1], without overflow for any finite z."""
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Weights by feature name, and the probability from which the answer is yes."""

    intercept: float
    weights: dict[str, float]
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """The estimated probability, in [0, 1]; a feature without a weight counts nothing."""
        z = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return sigmoid(z)


@cache
def load_model(name: str) -> LogisticModel:
    """The fitted model in assistant/<name>_model.json."""
    raw = files("assistant").joinpath(f"{name}_model.json").read_bytes()
    return msgspec.json.decode(raw, type=LogisticModel)
