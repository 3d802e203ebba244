"""Fit the model of assistant/sufficiency.py: python -m benchmarks.fit_sufficiency HOME [--save].

HOME holds a live index of the starter corpus. Only questions that triage lets through count. Predictions are made for
the questions of each writer by a model fitted on the others' (writers differ more than questions do). The threshold is
chosen on the shipped calibration suite: a quarter of each writer's questions, which the model does not see.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.evaluation.calibrating import Judged, choose, rates
from assistant.evaluation.case import Case, read_suite
from assistant.evaluation.shipped import suite_path
from assistant.evidence import gather
from assistant.sufficiency import features
from assistant.triage import triage
from benchmarks.shared import FITTING
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot, open_current

MODEL = Path(__file__).parents[1] / "assistant" / "sufficiency_model.json"
STRENGTH = 0.1

Table = npt.NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--show", action="store_true", help="list the questions judged wrongly")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    cases, table, answerable = examples(FITTING, snapshot, encoder)
    writers = np.array([case.id.partition("-")[0] for case in cases])
    for strength in (0.01, 0.03, STRENGTH, 0.3):
        predicted = _predicted(strength, table, answerable, writers)
        judged = _judged(predicted, answerable)
        print(strength, f"AUC {_auc(predicted, answerable):.3f}", rates(judged, choose(judged)))
    predicted = _predicted(STRENGTH, table, answerable, writers)
    for writer in np.unique(writers):
        own = writers == writer
        print(writer, f"AUC {_auc(predicted[own], answerable[own]):.3f}", own.sum())
    names, weights, intercept = fit(table, answerable)
    for name, value in sorted(zip(names, weights, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    held, held_table, held_answerable = examples(suite_path("calibration"), snapshot, encoder)
    judged = _judged(1 / (1 + np.exp(-(_matrix(held_table, names) @ weights + intercept))), held_answerable)
    threshold = choose(judged)
    print("calibration suite:", len(held), f"threshold {threshold:.3f}", rates(judged, threshold))
    if arguments.show:
        _show(cases, predicted, answerable, threshold)
    if arguments.save:
        fitted = {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}
        model = {"intercept": round(intercept, 4), "weights": fitted, "threshold": round(threshold, 3)}
        MODEL.write_text(json.dumps(model, indent=1) + "\n")


def examples(path: Path, snapshot: Snapshot, encoder: Encoder) -> tuple[list[Case], list[dict[str, float]], Table]:
    """The cases that are searched at all, what the model would look at for each, and whether each is answerable."""
    cases = [case for case in read_suite(path).cases if triage(case.question) is None]
    found = [features_of(case, snapshot, encoder) for case in cases]
    return cases, found, np.array([case.is_answerable for case in cases])


def features_of(case: Case, snapshot: Snapshot, encoder: Encoder) -> dict[str, float]:
    """What the model would look at for a question: the evidence of the scope that looks best."""
    article = snapshot.document(case.article) if case.article else None
    (query,) = make_queries([case.question], snapshot, encoder)
    evidence = gather(query, article, (), snapshot)
    return features(evidence.query, evidence.ranked, snapshot.lexical)


def fit(found: list[dict[str, float]], answerable: Table) -> tuple[list[str], Table, float]:
    """Names, weights and intercept of the model, for features as they are (fitting itself sees them standardised)."""
    names = sorted(found[0])
    model = _model(STRENGTH).fit(_matrix(found, names), answerable)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    return names, weights, float(regression.intercept_[0] - scaler.mean_ @ weights)


def _matrix(found: list[dict[str, float]], names: list[str]) -> Table:
    return np.array([[one[name] for name in names] for one in found])


def _model(strength: float) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))


def _predicted(
    strength: float, found: list[dict[str, float]], answerable: Table, writers: npt.NDArray[np.str_]
) -> Table:
    """For each question, the probability given by a model that saw none of its writer's."""
    table = _matrix(found, sorted(found[0]))
    folds = LeaveOneGroupOut()
    chances = cross_val_predict(_model(strength), table, answerable, groups=writers, cv=folds, method="predict_proba")
    return np.asarray(chances[:, 1])


def _judged(predicted: Table, answerable: Table) -> list[Judged]:
    return [Judged(float(p), bool(a)) for p, a in zip(predicted, answerable, strict=True)]


def _auc(predicted: Table, answerable: Table) -> float:
    """The share of pairs of an answerable and another question that are in the right order."""
    yes, no = predicted[answerable.astype(bool)], predicted[~answerable.astype(bool)]
    return float((yes[:, None] > no[None, :]).mean())


def _show(cases: list[Case], predicted: Table, answerable: Table, threshold: float) -> None:
    for case, probability, yes in sorted(zip(cases, predicted, answerable, strict=True), key=lambda one: one[1]):
        if (probability >= threshold) != yes:
            print(f"{probability:.2f} {case.outcomes[0]:22} {' '.join(case.tags):30} {case.article} {case.question}")


if __name__ == "__main__":
    main()
