"""Fit the model of assistant/evaluation/support.py: python -m benchmarks.fit_support [--save].

On the half that benchmarks/support.py does not report on. The threshold is the one with the highest balanced accuracy
in five-fold predictions in which all claims of one question are predicted together. Attribution, SciFact's rationales
and its abstracts weigh the same, supported or not. Pairs that numbers, quotation or reversal decide are left out, as no
model is asked about them.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.evaluation.quantities import unheld
from assistant.evaluation.support_features import features, is_quoted, is_reversed
from benchmarks.support_data import Pair, pairs

MODEL = Path(__file__).parents[1] / "assistant" / "evaluation" / "support_model.json"
STRENGTH = 1.0
Matrix = npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true")
    open_to_judgement = [pair for pair in pairs("fit") if not _is_decided(pair)]
    found = [features(pair.claim, pair.premises) for pair in open_to_judgement]
    y = np.array([pair.supported for pair in open_to_judgement])
    groups = np.array([pair.group for pair in open_to_judgement])
    share = _shares(open_to_judgement)
    names = sorted(found[0])
    x = np.array([[one[name] for name in names] for one in found])
    for strength in (0.1, STRENGTH, 10.0):
        predicted = _predicted(strength, x, y, groups, share)
        threshold = _threshold(predicted, y, share)
        accuracy = balanced_accuracy_score(y, predicted >= threshold, sample_weight=share)
        print(f"{strength:5} threshold {threshold:.3f}, balanced accuracy {accuracy:.3f}")
    threshold = _threshold(_predicted(STRENGTH, x, y, groups, share), y, share)
    fitted = _model(STRENGTH).fit(x, y, sample_weight=share)
    weights = {name: round(float(value), 4) for name, value in zip(names, fitted.coef_[0], strict=True)}
    for name, value in sorted(weights.items(), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    if parser.parse_args().save:
        intercept = round(float(fitted.intercept_[0]), 4)
        model = {"intercept": intercept, "weights": weights, "threshold": round(threshold, 3)}
        MODEL.write_text(json.dumps(model, indent=1) + "\n")


def _is_decided(pair: Pair) -> bool:
    said = pair.claim, pair.premises
    return is_quoted(*said) or bool(unheld(*said)) or is_reversed(*said)


def _shares(judged: Sequence[Pair]) -> Matrix:
    """Weights by which attribution, SciFact's rationales and SciFact's abstracts count the same, supported or not."""
    kinds = [(pair.kind.rpartition(" ")[0] or "attribution", pair.supported) for pair in judged]
    return np.array([len(kinds) / len(set(kinds)) / kinds.count(kind) for kind in kinds])


def _model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=5000)


def _predicted(
    strength: float, x: Matrix, y: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_], share: Matrix
) -> Matrix:
    """For each pair, the probability given by a model that saw none of its question's."""
    found = cross_val_predict(
        _model(strength), x, y, groups=groups, cv=GroupKFold(5), method="predict_proba", params={"sample_weight": share}
    )
    return np.asarray(found[:, 1])


def _threshold(predicted: Matrix, y: npt.NDArray[np.bool_], share: Matrix) -> float:
    candidates = np.unique(np.round(predicted, 3))
    return float(max(candidates, key=lambda t: balanced_accuracy_score(y, predicted >= t, sample_weight=share)))


if __name__ == "__main__":
    main()
