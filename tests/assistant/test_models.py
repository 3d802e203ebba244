"""The fitted models beside the code: their arithmetic, and that they name what the code computes and nothing else."""

from math import log

import msgspec
import pytest

from assistant.context import known
from assistant.focus import phrases
from assistant.logistic import LogisticModel, load_model
from assistant.question import Turn
from assistant.ranking import FEATURES, weights
from assistant.reference import candidates
from corpus.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("features", "probability"),
    [
        ({}, 0.5),  # 1 / (1 + e^0)
        ({"a": 1.0}, 0.75),  # 1 / (1 + 1/3)
        ({"a": -1.0}, 0.25),
        ({"a": 2.0, "b": 1.0}, 0.9),  # 2 ln 3 + 0: 1 / (1 + 1/9)
        ({"unknown": 5.0}, 0.5),
        ({"a": 1e6}, 1.0),
    ],
)
def test_probability(features: dict[str, float], probability: float) -> None:
    model = LogisticModel(0.0, {"a": log(3), "b": 0.0}, 0.5)
    assert model.probability(features) == pytest.approx(probability)


@pytest.mark.parametrize("name", ["sufficiency", "reference"])
def test_a_threshold_is_a_probability(name: str) -> None:
    assert 0 < load_model(name).threshold < 1


def test_the_reference_model_names_what_is_computed() -> None:
    vocabulary = Vocabulary(())
    context = known((Turn("What is gout?", "What is gout?"),), "", vocabulary, lambda term: 1.0)
    assert context is not None
    ((_, features),) = candidates("Is it common?", phrases("Is it common?", vocabulary), context)
    assert load_model("reference").weights.keys() == features.keys()


def test_ranking_has_a_finite_weight_for_every_feature() -> None:
    assert weights().shape == (len(FEATURES),)
    assert abs(weights()).max() < 100


def test_a_model_that_is_none_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"intercept": 0}', type=LogisticModel)
