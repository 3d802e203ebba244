"""BM25 against numbers worked by hand, and what it calls a word."""

from math import log
from pathlib import Path

import numpy as np
import pytest

from indexer.analysis import terms, words
from indexer.lexical import LexicalIndex

TEXTS = ("gout gout urate", "gout flare", "asthma inhaler spacer steroid asthma asthma asthma")
"""3, 2 and 7 terms: 4 on average. Gout is in two of the three, asthma in one."""

GOUT = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
ASTHMA = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
UNSEEN = log(1 + (3 + 0.5) / 0.5)


@pytest.fixture(params=["built", "reopened"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex.build(TEXTS)
    if request.param == "built":
        return made
    made.save(tmp_path / "lexical")
    return LexicalIndex.load(tmp_path / "lexical")


def bm25(idf: float, tf: int, length: int) -> float:
    """idf · tf / (tf + k1 · (1 − b + b · length / 4)), k1 = 1.2 and b = 0.75: Lucene's, without (k1 + 1)."""
    return idf * tf / (tf + 1.2 * (0.25 + 0.75 * length / 4))


def test_the_formula_gives_the_numbers_of_the_page() -> None:
    """ln 1.6 · 2 / (2 + 0.975) and ln 2.6667 · 4 / (4 + 1.875), worked with a pocket calculator."""
    assert bm25(GOUT, 2, 3) == pytest.approx(0.31597, abs=1e-5)
    assert bm25(ASTHMA, 4, 7) == pytest.approx(0.66780, abs=1e-5)


def test_scores(index: LexicalIndex) -> None:
    assert len(index) == 3
    assert index.scores({"gout": 1.0}) == pytest.approx([0.31597, bm25(GOUT, 1, 2), 0.0], abs=1e-5)
    assert index.scores({"asthma": 1.0}) == pytest.approx([0.0, 0.0, 0.66780], abs=1e-5)


def test_weighted_terms_add_up_and_unknown_ones_add_nothing(index: LexicalIndex) -> None:
    both = index.scores({"gout": 0.5, "asthma": 2.0, "zebra": 9.0, "": 9.0})
    assert both == pytest.approx([0.31597 / 2, bm25(GOUT, 1, 2) / 2, 2 * 0.66780], abs=1e-5)
    assert index.scores({}) == pytest.approx([0, 0, 0])
    assert index.scores({"zebra": 1.0}) == pytest.approx([0, 0, 0])


def test_rarity_and_document_frequency(index: LexicalIndex) -> None:
    assert [index.document_frequency(term) for term in ("gout", "asthma", "zebra", "")] == [2, 1, 0, 0]
    assert index.rarity("gout") == pytest.approx(0.47000, abs=1e-5)
    assert index.rarity("asthma") == pytest.approx(0.98083, abs=1e-5)
    assert index.rarity("zebra") == pytest.approx(2.07944, abs=1e-5) == pytest.approx(UNSEEN)


@pytest.mark.parametrize(
    ("k", "among", "expected"),
    [
        (9, None, [3, 0, 2]),
        (2, None, [3, 0]),
        (1, None, [3]),
        (9, [0, 1, 2], [0, 2]),
        (1, [2, 4], [2]),
        (9, [1, 4], []),
        (9, [], []),
    ],
)
def test_best(index: LexicalIndex, k: int, among: list[int] | None, expected: list[int]) -> None:
    """Only rows with a score, best first; of equals the earlier row."""
    given = np.array([1.0, 0.0, 1.0, 2.0, 0.0], np.float32)
    scope = None if among is None else np.array(among, np.int64)
    assert index.best(given, k, scope).tolist() == expected


def test_best_of_many_equals_is_the_first_of_them(index: LexicalIndex) -> None:
    given = np.array([0.0, 5.0] + [1.0] * 50, np.float32)
    assert index.best(given, 4)[0] == 1
    assert len(set(index.best(given, 4).tolist())) == 4
    assert index.best(given, 52).tolist() == list(range(1, 52))


def test_texts_without_a_term_can_be_indexed(tmp_path: Path) -> None:
    made = LexicalIndex.build(["of the and", ""])
    made.save(tmp_path / "lexical")
    reopened = LexicalIndex.load(tmp_path / "lexical")
    assert reopened.scores({"gout": 1.0}) == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5 mg/kg", ["0.5", "mg", "kg"]),
        ("IL-6", ["il", "6"]),
        ("Naïve TNF-α", ["naive", "tnf", "alpha"]),
        ("S. aureus, 12%", ["s", "aureus", "12"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_terms_are_stems_that_carry_meaning() -> None:
    assert terms("What is the treatment of the treated?") == ["treatment", "treat"]
    assert terms("Flares of flare") == ["flare", "flare"]
    assert terms("What should we do?") == []
