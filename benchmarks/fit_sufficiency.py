"""Fit the model of assistant/sufficiency.py: python -m benchmarks.fit_sufficiency HOME [--save].

HOME holds a live index of the starter corpus. Only questions that triage lets through count. Predictions are made for
the questions of each writer by a model fitted on the others' (writers differ more than questions do), and the threshold
is the highest that refuses at most one in twenty of the answerable questions in them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from assistant.evidence import gather
from assistant.sufficiency import features
from assistant.triage import triage
from benchmarks.starter import Expected, load_questions
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot, open_current

MODEL = Path(__file__).parents[1] / "assistant" / "sufficiency_model.json"
STRENGTH = 10.0
WRONG_REFUSALS = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--show", action="store_true", help="list the questions judged wrongly")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    questions = [q for q in load_questions("calibration") if triage(q.text) is None]
    found = [features_of(question, snapshot, encoder) for question in questions]
    names = sorted(found[0])
    x = np.array([[one[name] for name in names] for one in found])
    y = np.array([question.outcome == "answered" for question in questions])
    writers = np.array([question.id.partition("-")[0] for question in questions])
    for strength in (0.1, 1.0, STRENGTH, 100.0):
        predicted = _predicted(strength, x, y, writers)
        print(strength, _rates(predicted, y, _threshold(predicted, y)), _rates(predicted, y, 0.5))
    predicted = _predicted(STRENGTH, x, y, writers)
    threshold = _threshold(predicted, y)
    for writer in np.unique(writers):
        own = writers == writer
        print(writer, _rates(predicted[own], y[own], threshold))
    fitted = _model(STRENGTH).fit(x, y)
    weights = {name: round(float(value), 4) for name, value in zip(names, fitted.coef_[0], strict=True)}
    for name, value in sorted(weights.items(), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    if arguments.show:
        for question, probability, answerable in sorted(zip(questions, predicted, y, strict=True), key=lambda t: t[1]):
            if (probability >= threshold) != answerable:
                print(
                    f"{probability:.2f} {question.outcome:22} {question.kind:14} {question.article_id} {question.text}"
                )
    if arguments.save:
        model = {
            "intercept": round(float(fitted.intercept_[0]), 4),
            "weights": weights,
            "threshold": round(threshold, 3),
        }
        MODEL.write_text(json.dumps(model, indent=1) + "\n")


def features_of(question: Expected, snapshot: Snapshot, encoder: Encoder) -> dict[str, float]:
    """What the model would look at for a question: the evidence of the scope that looks best."""
    article = snapshot.document(question.article_id) if question.article_id else None
    (query,) = make_queries([question.text], snapshot, encoder)
    evidence = gather(query, article, (), snapshot)
    return features(evidence.query, evidence.ranked, snapshot.lexical)


def _model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000)


def _predicted(
    strength: float, x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_], writers: npt.NDArray[np.str_]
) -> npt.NDArray[np.float64]:
    """For each question, the probability given by a model that saw none of its writer's."""
    folds = LeaveOneGroupOut()
    found = cross_val_predict(_model(strength), x, y, groups=writers, cv=folds, method="predict_proba")
    return np.asarray(found[:, 1])


def _threshold(predicted: npt.NDArray[np.float64], y: npt.NDArray[np.bool_]) -> float:
    """The highest threshold that refuses at most WRONG_REFUSALS of the answerable questions."""
    candidates = [t for t in np.unique(np.round(predicted, 3)) if (predicted[y] < t).mean() <= WRONG_REFUSALS]
    return float(max(candidates))


def _rates(predicted: npt.NDArray[np.float64], y: npt.NDArray[np.bool_], threshold: float) -> str:
    said = predicted >= threshold
    correct, wrong = (~said & ~y).sum() / (~y).sum(), (~said & y).sum() / y.sum()
    return f"t={threshold:.2f} correct refusal {correct:.2f} wrong refusal {wrong:.2f}"


if __name__ == "__main__":
    main()
