"""Is a message worded like emergencies are? What people say who name no sign that the rules of emergency.py know."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
import numpy.typing as npt

from assistant.logistic import sigmoid
from indexer.encoder import EncoderIdentity, Vectors

_TELLING_WORDS = 5
"""Fewer words have no wording to speak of: "And pegloticase?"."""


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A logistic model over the vector of a message, valid for the encoder whose weights have this SHA-256."""

    revision: str
    intercept: float
    weights: tuple[float, ...]
    threshold: float


@cache
def _likeness() -> _Likeness:
    raw = files("assistant").joinpath("emergency_model.json").read_bytes()
    return msgspec.json.decode(raw, type=_Likeness)


@cache
def _weights() -> npt.NDArray[np.float64]:
    return np.array(_likeness().weights)


def is_worded_like_one(text: str, vector: Vectors, encoder: EncoderIdentity) -> bool:
    """Whether a message is worded like emergencies are, beyond what the rules name.

    Fitted by `python -m benchmarks.fit_emergencies`; with another encoder than it was fitted for there is no telling,
    and the rules stand alone. `vector` (d,) is the text's own.
    """
    model = _likeness()
    if encoder.revision != model.revision or len(text.split()) < _TELLING_WORDS:
        return False
    return sigmoid(model.intercept + float(vector @ _weights())) >= model.threshold
