"""Fit the model of assistant/reference.py: python -m benchmarks.fit_references [--save].

Development turns only (health = false). A phrase said before is positive when all it adds to the question stands in
the human rewrite. The history is our own reading of it, by the model that is saved.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.context import Context, known
from assistant.focus import phrases
from assistant.followup import resolve
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn
from assistant.reference import candidates
from benchmarks.followup_terms import background
from benchmarks.shared import DATA, records
from corpus.vocabulary import Vocabulary
from corpus.vocabulary_build import build_vocabulary
from indexer.analysis import terms

MODEL = Path(__file__).parents[1] / "assistant" / "reference_model.json"
STRENGTH = 0.03
THRESHOLD = 0.35
"""Of .2 to .6, what brought the readings of the development turns nearest to the rewrites' passages.

Chosen with `python -m benchmarks.followups HOME --development`, on the turns that the weights are fitted on.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase said before a turn."""

    conversation: str
    features: dict[str, float]
    positive: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true")
    examples = list(examples_of())
    names = sorted(examples[0].features)
    x = np.array([[one.features[name] for name in names] for one in examples])
    y = np.array([one.positive for one in examples])
    groups = [one.conversation for one in examples]
    for strength in (0.003, 0.01, STRENGTH, 0.1):
        predicted = cross_val_predict(_model(strength), x, y, groups=groups, cv=GroupKFold(5), method="predict_proba")
        print(strength, f"average precision {average_precision_score(y, predicted[:, 1]):.3f}", f"of {y.mean():.3f}")
    weights, intercept = _fitted(x, y)
    for name, value in sorted(zip(names, weights, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    if parser.parse_args().save:
        kept = {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}
        model = {"intercept": round(intercept, 4), "weights": kept, "threshold": THRESHOLD}
        MODEL.write_text(json.dumps(model, indent=1) + "\n")


def examples_of() -> Iterator[Example]:
    articles = Path(__file__).parents[1] / "corpus" / "articles"
    vocabulary = build_vocabulary(path.read_text("utf-8") for path in sorted(articles.glob("*.md")))
    rarity = background(DATA / "medquad" / "medquad.jsonl.zst")

    def history(texts: list[str]) -> tuple[Turn, ...]:
        turns: tuple[Turn, ...] = ()
        for text in texts[-MAX_TURNS:]:
            said = text[:MAX_CHARACTERS]
            turns = (*turns, Turn(said, resolve(Question(said, turns), "", vocabulary, rarity).text))
        return turns

    for record in records("followup", "turns.jsonl.zst"):
        context = None if record["health"] else known(history(record["history"]), "", vocabulary, rarity)
        if context is not None:
            conversation = f"{record['source']} {record['conversation_id']}"
            yield from _of_turn(conversation, record["raw"], record["resolved"], context, vocabulary)


def _of_turn(conversation: str, raw: str, resolved: str, context: Context, vocabulary: Vocabulary) -> Iterator[Example]:
    added = set(terms(resolved)) - set(terms(raw))
    for phrase, features in candidates(raw, phrases(raw, vocabulary), context):
        yield Example(conversation, features, set(terms(phrase.text)) - set(terms(raw)) <= added)


def _model(strength: float) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=500))


def _fitted(x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], float]:
    """Weights and intercept for features as they are, unscaled."""
    scaler, model = _model(STRENGTH).fit(x, y)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_)


if __name__ == "__main__":
    main()
