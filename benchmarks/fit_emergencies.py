"""Fit the likeness model of assistant/likeness.py: python -m benchmarks.fit_emergencies [--save].

Emergencies and their look-alikes from questions/emergencies_training.jsonl; ordinary questions also from the
fitting questions, MedQuAD and PubMedQA. The threshold is the lowest that, in five-fold predictions, takes at most one
look-alike in 25 for an emergency.
"""

import argparse
import json
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.answer import Outcome
from assistant.evaluation.case import read_suite
from benchmarks.shared import FITTING, QUESTIONS, records
from indexer.encoder import SentenceTransformerEncoder

TRAINING = QUESTIONS / "emergencies_training.jsonl"
MODEL = Path(__file__).parents[1] / "assistant" / "emergency_model.json"
STRENGTH = 10.0
FALSE_ALARMS = 0.04
ORDINARY = 1000
"""Of each public set, every so many that about this number is taken."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true")
    encoder = SentenceTransformerEncoder.default()
    own = [json.loads(line) for line in TRAINING.read_text("utf-8").splitlines()]
    own += [
        {"text": case.question, "emergency": Outcome.EMERGENCY in case.outcomes} for case in read_suite(FITTING).cases
    ]
    texts = [one["text"] for one in own]
    ordinary = [*_questions("medquad", 15), *_questions("pubmedqa", 1)]
    y = np.array([one["emergency"] for one in own] + [False] * len(ordinary))
    x = encoder.encode_queries([*texts, *ordinary])
    alike = np.arange(len(y)) < len(texts)
    for strength in (1.0, 3.0, STRENGTH, 30.0):
        predicted = _predicted(x, y, strength)
        threshold = _threshold(predicted[alike & ~y])
        print(strength, f"threshold {threshold:.2f}, found {(predicted[y] >= threshold).mean():.2f}")
    threshold = _threshold(_predicted(x, y, STRENGTH)[alike & ~y])
    fitted = _model(STRENGTH).fit(x, y)
    if parser.parse_args().save:
        model = {
            "revision": encoder.identity.revision,
            "intercept": round(float(fitted.intercept_[0]), 4),
            "weights": [round(float(value), 4) for value in fitted.coef_[0]],
            "threshold": round(threshold, 3),
        }
        MODEL.write_text(json.dumps(model) + "\n")


def _questions(name: str, step: int) -> list[str]:
    return [record["question"] for record in islice(records(name, f"{name}.jsonl.zst"), 0, ORDINARY * step, step)]


def _model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")


def _predicted(x: npt.NDArray[np.float32], y: npt.NDArray[np.bool_], strength: float) -> npt.NDArray[np.float64]:
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    return np.asarray(cross_val_predict(_model(strength), x, y, cv=folds, method="predict_proba")[:, 1])


def _threshold(look_alikes: npt.NDArray[np.float64]) -> float:
    return float(np.quantile(look_alikes, 1 - FALSE_ALARMS))


if __name__ == "__main__":
    main()
