"""Fit the model of assistant/sufficiency.py: python -m benchmarks.fit_sufficiency HOME [--save].

HOME holds a live index of the starter corpus. Only questions that triage lets through count. Predictions are made for
the questions of each writer by a model fitted on the others' (writers differ more than questions do). The threshold is
chosen on the shipped calibration suite: a quarter of each writer's questions, which the model does not see.
Also told: how many of the questions that name a drug nothing in the corpus names are to be refused.
"""

import argparse
import json
from dataclasses import dataclass
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
from assistant.evidence import Evidence, gather
from assistant.sufficiency import features, names_unknown_drug
from assistant.triage import triage
from benchmarks.shared import FITTING
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot, open_current

MODEL = Path(__file__).parents[1] / "assistant" / "sufficiency_model.json"
STRENGTH = 0.1

Table = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions, what the model looks at for each, and which (n,) name an unknown drug and which can be answered."""

    cases: list[Case]
    features: list[dict[str, float]]
    unknown_drug: Marks
    answerable: Marks

    @property
    def writers(self) -> npt.NDArray[np.str_]:
        """Who wrote each question, (n,)."""
        return np.array([case.id.partition("-")[0] for case in self.cases])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--show", action="store_true", help="list the questions judged wrongly")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    snapshot = open_current(arguments.home, encoder.identity)
    fitting = examples(FITTING, snapshot, encoder)
    _tell_unknown_drugs(fitting)
    predicted = _tell_held_out(fitting)
    names, weights, intercept = fit(fitting)
    for name, value in sorted(zip(names, weights, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    held = examples(suite_path("calibration"), snapshot, encoder)
    judged = _judged(1 / (1 + np.exp(-(_matrix(held.features, names) @ weights + intercept))), held.answerable)
    threshold = choose(judged)
    print("calibration suite:", len(held.cases), f"threshold {threshold:.3f}", rates(judged, threshold))
    if arguments.show:
        _show(fitting, predicted, threshold)
    if arguments.save:
        fitted = {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}
        model = {"intercept": round(intercept, 4), "weights": fitted, "threshold": round(threshold, 3)}
        MODEL.write_text(json.dumps(model, indent=1) + "\n")


def examples(path: Path, snapshot: Snapshot, encoder: Encoder) -> Examples:
    """The cases of a suite that are searched at all."""
    cases = [case for case in read_suite(path).cases if triage(case.question) is None]
    found = [_evidence(case, snapshot, encoder) for case in cases]
    return Examples(
        cases,
        [features(evidence.query, evidence.ranked, snapshot.lexical) for evidence in found],
        np.array([names_unknown_drug(evidence.query) for evidence in found]),
        np.array([case.is_answerable for case in cases]),
    )


def _evidence(case: Case, snapshot: Snapshot, encoder: Encoder) -> Evidence:
    """The evidence of the scope that looks best."""
    article = snapshot.document(case.article) if case.article else None
    (query,) = make_queries([case.question], snapshot, encoder)
    return gather(query, article, (), snapshot)


def fit(fitting: Examples) -> tuple[list[str], Table, float]:
    """Names, weights and intercept of the model, for features as they are (fitting itself sees them standardised)."""
    names = sorted(fitting.features[0])
    model = _model(STRENGTH).fit(_matrix(fitting.features, names), fitting.answerable)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    return names, weights, float(regression.intercept_[0] - scaler.mean_ @ weights)


def _matrix(found: list[dict[str, float]], names: list[str]) -> Table:
    return np.array([[one[name] for name in names] for one in found])


def _model(strength: float) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))


def _tell_unknown_drugs(fitting: Examples) -> None:
    named, refused = fitting.unknown_drug, fitting.unknown_drug & ~fitting.answerable
    print(f"a drug is named that nothing in the corpus names: {named.sum()}; of these to be refused: {refused.sum()}")


def _tell_held_out(fitting: Examples) -> Table:
    """Tell how well each writer's questions are told apart by a model of the others'; give these predictions."""
    for strength in (0.01, 0.03, 0.1, 0.3):
        predicted = _predicted(strength, fitting)
        judged = _judged(predicted, fitting.answerable)
        print(f"strength {strength}: AUC {_auc(predicted, fitting.answerable):.3f}", rates(judged, choose(judged)))
    predicted = _predicted(STRENGTH, fitting)
    for writer in np.unique(fitting.writers):
        own = fitting.writers == writer
        print(f"writer {writer}: AUC {_auc(predicted[own], fitting.answerable[own]):.3f} of {own.sum()} questions")
    return predicted


def _predicted(strength: float, fitting: Examples) -> Table:
    """For each question, the probability given by a model that saw none of its writer's."""
    chances = cross_val_predict(
        _model(strength),
        _matrix(fitting.features, sorted(fitting.features[0])),
        fitting.answerable,
        groups=fitting.writers,
        cv=LeaveOneGroupOut(),
        method="predict_proba",
    )
    return np.asarray(chances[:, 1])


def _judged(predicted: Table, answerable: Marks) -> list[Judged]:
    return [Judged(float(p), bool(a)) for p, a in zip(predicted, answerable, strict=True)]


def _auc(predicted: Table, answerable: Marks) -> float:
    """The share of pairs of an answerable and another question that are in the right order."""
    yes, no = predicted[answerable], predicted[~answerable]
    return float((yes[:, None] > no[None, :]).mean())


def _show(fitting: Examples, predicted: Table, threshold: float) -> None:
    told = zip(fitting.cases, predicted, fitting.answerable, strict=True)
    for case, probability, yes in sorted(told, key=lambda one: float(one[1])):
        if (probability >= threshold) != yes:
            print(f"{probability:.2f} {case.outcomes[0]:22} {' '.join(case.tags):30} {case.article} {case.question}")


if __name__ == "__main__":
    main()
