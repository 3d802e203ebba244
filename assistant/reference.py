"""Which thing said before a question leaves out or points at: a probability for every phrase of the conversation.

The weights come from `python -m benchmarks.fit_references`: is the phrase in the human rewrite of the turn?
"""

import re
from collections.abc import Mapping, Sequence

from assistant.context import Context, split_context
from assistant.focus import Kind, Phrase, words_of
from assistant.lexicon import ASPECTS
from assistant.logistic import load_model
from indexer.analysis import terms

_ABOUT = re.compile(r"\b(?:about|of|(?:what|who) (?:is|are|was|were)(?: the| a| an)?)\s+$", re.IGNORECASE)
_INTRODUCED = re.compile(r"^(?:what|who) (?:is|are|was|were)\b|^tell me\b", re.IGNORECASE)
_UNSEEN = "\x00"
"""A term no index holds, so its rarity is the highest there is."""
_POINTERS = {
    "it": re.compile(r"\b(?:it|its|this|that)\b", re.IGNORECASE),
    "they": re.compile(r"\b(?:they|them|their|these|those)\b", re.IGNORECASE),
    "he": re.compile(r"\b(?:he|his|him|she|her)\b", re.IGNORECASE),
    "one": re.compile(r"\bones?\b", re.IGNORECASE),
}
_LEAVES_OPEN = re.compile(r"\bthe (?:\w+ )?\w+[\s?.]*$", re.IGNORECASE)
_LONG = 12


def referents(question: str, found: Sequence[Phrase], context: Context) -> list[Phrase]:
    """The phrases of the conversation that the question probably refers to, most likely first; often none."""
    model = load_model("reference")
    scored = [(model.probability(features), phrase) for phrase, features in candidates(question, found, context)]
    return [phrase for p, phrase in sorted(scored, key=lambda pair: -pair[0]) if p >= model.threshold]


def candidates(question: str, found: Sequence[Phrase], context: Context) -> list[tuple[Phrase, dict[str, float]]]:
    """Every thing said before that the question does not say itself, with the features the model looks at."""
    own, asking = set(terms(question)), _of_question(question, found)
    best: dict[frozenset[str], tuple[Phrase, dict[str, float]]] = {}
    for age, turn in enumerate(context.turns):
        named = [phrase for phrase in turn if phrase.kind is not Kind.GROUP]
        for phrase in named:
            key = frozenset(terms(phrase.text))
            if not key or key <= own:
                continue
            features = _of_phrase(phrase, named, age, context) | {"overlap": len(key & own) / len(key)}
            best[key] = (best[key][0], _again(best[key][1], features)) if key in best else (phrase, features)
    return [(phrase, asking | _among(key, best, features, asking)) for key, (phrase, features) in best.items()]


def _again(newer: Mapping[str, float], older: Mapping[str, float]) -> dict[str, float]:
    """The features of a phrase that was said before its newest mention, too."""
    kept = {name: max(newer[name], older[name]) for name in ("oldest", "name", "introduced")}
    return {**newer, **kept, "repeated": min(1.0, newer["repeated"] + 0.5)}


def _of_phrase(phrase: Phrase, named: Sequence[Phrase], age: int, context: Context) -> dict[str, float]:
    text, words = context.texts[age], terms(phrase.text)
    highest = context.rarity(_UNSEEN)
    said_of = {
        "newest": age == 0,
        "second": age == 1,
        "oldest": age + 1 == len(context.turns),
        "first": phrase == named[0],
        "last": phrase == named[-1],
        "name": phrase.start > 0 and phrase.text[0].isupper(),
        "introduced": phrase == named[0] and bool(_INTRODUCED.match(text)),
        "bracket": phrase.start >= len(split_context(text)[0]),
        "about": bool(_ABOUT.search(text[: phrase.start])),
        "aspect": phrase.kind is Kind.ASPECT or all(word in ASPECTS for word in words_of(phrase.text)),
        "medical": phrase.kind in (Kind.DRUG, Kind.DISEASE),
        "plural": phrase.text.endswith("s") and len(phrase.text) > 3,
        "two_words": len(words) == 2,
        "long": len(words) > 2,
    }
    rare = sum(map(context.rarity, words)) / len(words) / highest if highest > 0 else 0.0
    return {name: float(holds) for name, holds in said_of.items()} | {
        "age": min(age, 8) / 8,
        "rare": rare,
        "repeated": 0.0,
    }


def _of_question(question: str, found: Sequence[Phrase]) -> dict[str, float]:
    own = {word for phrase in found if phrase.kind is not Kind.ASPECT for word in terms(phrase.text)}
    pointers = {f"says_{name}": bool(pattern.search(question)) for name, pattern in _POINTERS.items()}
    asks = {
        **pointers,
        "points": any(pointers.values()),
        "names_nothing": not own,
        "names_one": len(own) == 1,
        "names_much": len(own) > 2,
        "says_name": any(phrase.start > 0 and phrase.text[0].isupper() for phrase in found),
        "leaves_open": bool(_LEAVES_OPEN.search(question)),
        "states": "?" not in question,
        "wordy": len(question.split()) >= _LONG,
    }
    return {name: float(holds) for name, holds in asks.items()}


def _among(
    key: frozenset[str],
    said: Mapping[frozenset[str], object],
    features: dict[str, float],
    asking: Mapping[str, float],
) -> dict[str, float]:
    """A phrase's features, how it stands to the other phrases, and how it fits the question's pointing word."""
    both = (("they", "plural"), ("it", "plural"), ("he", "name"), ("it", "oldest"), ("they", "oldest"))
    fits = {f"{pointer}_{name}": asking[f"says_{pointer}"] * features[name] for pointer, name in both}
    unsaid = {f"unpointed_{name}": (1 - asking["points"]) * features[name] for name in ("oldest", "newest")}
    within = {"contained": float(any(key < other for other in said)), "contains": float(any(o < key for o in said))}
    empty = {"nothing_newest": asking["names_nothing"] * features["newest"]}
    return features | within | fits | unsaid | empty
