"""Numbers as a report writes them: none is rounded up to perfect, and none down to nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.report.measures import Reading, rows
from assistant.evaluation.report.outcomes import confusion
from assistant.evaluation.report.wording import duration, legible, link, number, percent, shortened, when
from tests.reported import summary


@pytest.mark.parametrize(
    ("value", "written"),
    [(1, "1.000"), (0, "0.000"), (0.99951, "> 0.999"), (0.0004, "< 0.001"), (0.9534, "0.953"), (96.14, "96.1"),
     (3.54, "3.540"), (float("nan"), "–")],
)  # fmt: skip
def test_numbers(value: float, written: str) -> None:
    assert number(value) == written


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_all_is_one_and_only_none_is_zero(hits: int, total: int) -> None:
    hits = min(hits, total)
    assert (number(hits / total) == "1.000") == (percent(hits, total) == "100.0%") == (hits == total)
    assert (number(hits / total) == "0.000") == (percent(hits, total) == "0.0%") == (hits == 0)


@pytest.mark.parametrize(
    ("hits", "total", "written"),
    [(1, 3, "33.3%"), (9999, 10000, "> 99.9%"), (1, 10000, "< 0.1%"), (0, 0, "–")],
)
def test_percent(hits: int, total: int, written: str) -> None:
    assert percent(hits, total) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(0.0021, "2.1 ms"), (0.0854, "85 ms"), (0.9996, "1.00 s"), (12.3456, "12.35 s")]
)
def test_durations(seconds: float, written: str) -> None:
    assert duration(seconds) == written


@pytest.mark.parametrize(
    ("created", "written"),
    [("2026-01-02T03:04:05+00:00", "2026-01-02 03:04 UTC"), ("2026-01-02T03:04", "2026-01-02 03:04"), ("soon", "soon")],
)
def test_times(created: str, written: str) -> None:
    assert when(created) == written


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("PMID:90000001", "https://pubmed.ncbi.nlm.nih.gov/90000001/"),
        ("PMC90001", "https://pmc.ncbi.nlm.nih.gov/articles/PMC90001/"),
        ("DOI:10.5555/a(b)#c", "https://doi.org/10.5555/a%28b%29%23c"),
        ("PMID:1 onclick=x", None),
        ("DOI:10.5555/a b", None),
        ("gout", None),
        ("javascript:alert(1)", None),
        ("https://example.org", None),
    ],
)
def test_links(source: str, address: str | None) -> None:
    assert link(source) == address


def test_what_a_page_cannot_hold_is_seen_as_missing() -> None:
    assert legible("a\x00b\u202ec\ud800\n\td é 痛風 😀") == "a�b�c�\n\td é 痛風 😀"


@given(st.text(), st.integers(1, 20))
def test_shortened_text_fits_and_a_short_one_stays(text: str, characters: int) -> None:
    assert len(shortened(text, characters)) <= characters
    assert shortened(text, len(text) or 1) == text


@pytest.mark.parametrize(("target", "met"), [(0.2, True), (0.1999, False)])
def test_lower_is_better_where_the_measure_says_so(target: float, met: bool) -> None:
    reading = Reading({"wrong_refusal": target, "statement_support": target})
    assert reading.is_met("wrong_refusal", 0.2) is met
    assert reading.is_met("statement_support", 0.2) is True
    assert reading.is_met("statement_support", float("nan")) is False
    assert reading.is_met("citation_recall", 0.2) is None


def test_measures_with_a_target_come_first_and_what_is_no_share_has_no_bar() -> None:
    shown = rows(summary("suite", 1, word_count=96.0, statement_support=0.9), Reading({"statement_support": 0.9}))
    assert [row.name for row in shown] == ["statement_support", "word_count"]
    support, words = shown
    assert support.bar is not None
    assert (support.bar.low, support.bar.value, support.bar.high, support.bar.target) == (85, 90, 95, 90)
    assert (support.met, words.bar, words.met) == ("met", None, "")


def test_outcomes_are_in_the_programs_order_with_unknown_ones_last() -> None:
    table = confusion({"emergency": {"answered": 1, "zzz": 2}, "answered": {"answered": 3}})
    assert table is not None
    assert table.given == ("answered", "emergency", "zzz")
    assert [(row.expected, row.cells, row.total) for row in table.rows] == [
        ("answered", ((3, True), (0, False), (0, False)), 3),
        ("emergency", ((1, False), (0, True), (2, False)), 3),
    ]
    assert confusion({}) is None
