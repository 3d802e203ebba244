"""Fit the weights of assistant/ranking.py: python -m benchmarks.fit_ranking TRIALS_HOME STARTER_HOME [--save].

Positive sentences: those that hold annotated evidence (develop half of Evidence Inference, three wordings of each
question), and those of a named source that hold what an answer must mention (fitting questions over the starter
corpus). Logistic regression within a question: differences between a positive and the others' features.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.evaluation.case import Case, read_suite
from assistant.evidence import Evidence, Ranked, gather
from assistant.ranking import FEATURES
from benchmarks.evidence_inference import TEMPLATES, is_evidence, prompts
from benchmarks.shared import FITTING
from indexer.encoder import Encoder, SentenceTransformerEncoder
from indexer.search import make_queries
from indexer.snapshot import Snapshot, open_current

Array = npt.NDArray[np.float32]
STRENGTH = 0.01
SIGNS = {
    "short": -1,
    "asks": -1,
    "leans_back": -1,
    **{name: 1 for name in FEATURES if name.endswith("_held")},
}
"""The sign a weight may have where reason knows it: what was asked for and is there never counts against a sentence,
and a scrap of a sentence is not preferred because annotators marked some."""
WEIGHTS = Path(__file__).parents[1] / "assistant" / "ranking_weights.json"


@dataclass(frozen=True, slots=True)
class Example:
    """One question: features of its sentences (n, f), and which of them answer it (n,)."""

    group: str
    features: Array
    positive: npt.NDArray[np.bool_]
    weight: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", type=Path)
    parser.add_argument("starter", type=Path)
    parser.add_argument("--starter-weight", type=float, default=3.0)
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder.default()
    trials = list(trial_examples(open_current(arguments.trials, encoder.identity), encoder))
    starter = list(
        starter_examples(open_current(arguments.starter, encoder.identity), encoder, arguments.starter_weight)
    )
    print(len(trials), "trial questions,", len(starter), "starter questions")
    for strength in (0.003, 0.01, 0.03, 0.1):
        print(strength, validated([*trials, *starter], strength))
    weights = fit([*trials, *starter], STRENGTH)
    for name, value in sorted(zip(FEATURES, weights, strict=True), key=lambda pair: -abs(pair[1])):
        print(f"{value:8.3f} {name}")
    if arguments.save:
        fitted = {
            name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True) if abs(value) > 1e-3
        }
        WEIGHTS.write_text(json.dumps(fitted, indent=1) + "\n")


def trial_examples(snapshot: Snapshot, encoder: Encoder) -> Iterator[Example]:
    for prompt in prompts("develop"):
        article = snapshot.document(prompt.article)
        if article is None:
            continue
        for template in range(len(TEMPLATES)):
            (query,) = make_queries([prompt.question(template)], snapshot, encoder)
            evidence = gather(query, article, (), snapshot)
            positive = [is_evidence(one.candidate.text, prompt.evidence) for one in evidence.ranked]
            yield from _example(prompt.article, evidence, positive, 1.0 / len(TEMPLATES))


def starter_examples(snapshot: Snapshot, encoder: Encoder, weight: float) -> Iterator[Example]:
    for case in read_suite(FITTING).cases:
        if not case.is_answerable:
            continue
        article = snapshot.document(case.article) if case.article else None
        (query,) = make_queries([case.question], snapshot, encoder)
        evidence = gather(query, article, (), snapshot)
        positive = [_answers(case, one) for one in evidence.ranked]
        yield from _example(case.id, evidence, positive, weight)


def _answers(case: Case, one: Ranked) -> bool:
    """Whether a sentence of an expected source conveys every vital nugget."""
    expected = {source for group in case.must_cite for source in group}
    vital = [nugget for nugget in case.nuggets if nugget.vital]
    return one.candidate.passage.document_id in expected and all(nugget.is_in(one.candidate.text) for nugget in vital)


def _example(group: str, evidence: Evidence, positive: list[bool], weight: float) -> Iterator[Example]:
    if any(positive) and not all(positive):
        features = np.stack([one.features for one in evidence.ranked])
        yield Example(group, features, np.array(positive), weight)


def fit(examples: list[Example], strength: float) -> Array:
    """Weights (f,) of a pairwise logistic model: a positive against others of every rank."""
    scale = np.concatenate([e.features for e in examples]).std(axis=0) + 1e-6
    rows, weights = [], []
    for example in examples:
        others = example.features[~example.positive]
        chosen = others[:: max(1, len(others) // 40)]
        for one in example.features[example.positive]:
            difference = (one - chosen) / scale
            rows.append(difference)
            weights.append(np.full(len(difference), example.weight / len(difference) / example.positive.sum()))
    x, w = np.concatenate(rows), np.concatenate(weights)
    signs = np.where(np.arange(len(x)) % 2, 1.0, -1.0)
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=500)
    model.fit(x * signs[:, None], signs > 0, sample_weight=w * len(w) / w.sum())
    weights = model.coef_[0] / scale
    for name, sign in SIGNS.items():
        place = FEATURES.index(name)
        weights[place] = sign * max(0.0, sign * weights[place])
    return np.asarray(weights, np.float32)


def validated(examples: list[Example], strength: float) -> list[str]:
    """Five-fold by article: share of questions with a positive first, among the best 3 and 4; trials, then starter."""
    found: dict[bool, list[list[bool]]] = {True: [], False: []}
    groups = [example.group for example in examples]
    for train, test in GroupKFold(5).split(examples, groups=groups):
        weights = fit([examples[i] for i in train], strength)
        for i in test:
            hits = examples[i].positive[np.argsort(-(examples[i].features @ weights), kind="stable")]
            found[examples[i].group.startswith("PMC")].append([bool(hits[:count].any()) for count in (1, 3, 4)])
    return [f"{share:.3f}" for key in (True, False) for share in np.mean(np.array(found[key], float), axis=0)]


if __name__ == "__main__":
    main()
