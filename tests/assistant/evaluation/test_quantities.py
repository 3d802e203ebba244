"""Numbers of a text, by hand and by law: what is written otherwise is the same, what is changed is never held."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.evaluation.quantities import quantities, unheld
from tests.judged import SPANS


def written(text: str) -> list[tuple[str, set[str], str, str]]:
    return [(one.value, set(one.units), one.rate, one.sign) for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "value", "units", "rate", "sign"),
    [
        ("100 mg", "100", {"mg"}, "", ""),
        ("a 100-mg tablet", "100", {"mg"}, "", ""),
        ("2.50 g/kg", "2.5", {"g/kg"}, "", ""),
        ("11,340 patients", "11340", {""}, "", ""),
        ("11\u2009340 patients", "11340", {""}, "", ""),
        ("1,5 mmol/l", "1.5", {"mmol/l"}, "", ""),
        ("1·5 mmol/L", "1.5", {"mmol/l"}, "", ""),
        ("0,001", "0.001", {""}, "", ""),
        ("P<.001", "0.001", {""}, "", "<"),
        ("P ≤ 0.05", "0.05", {""}, "", "≤"),
        (">= 5 years", "5", {"year"}, "", "≥"),
        ("at least 5 years", "5", {"year"}, "", "≥"),
        ("no more than 5 mg", "5", {"mg"}, "", "≤"),
        ("65 years or older", "65", {"year"}, "", "≥"),
        ("100 mg/day or less", "100", {"mg"}, "day", "≤"),
        ("100 mg per day", "100", {"mg"}, "day", ""),
        ("100 mg daily", "100", {"mg"}, "day", ""),
        ("5 mg/kg/day", "5", {"mg/kg"}, "day", ""),
        ("15 mL/min", "15", {"ml/minute"}, "", ""),
        ("20 µg", "20", {"ug"}, "", ""),
        ("20 mcg", "20", {"ug"}, "", ""),
        ("twice a week", "2", {"times"}, "week", ""),
        ("four times daily", "4", {"times"}, "day", ""),
        ("once daily", "1", {"times"}, "day", ""),
        ("week 16", "16", {"", "week"}, "", ""),
        ("three patients", "3", {""}, "", ""),
        ("IL-6", "6", {""}, "", ""),
        ("a change of −5 mmHg", "-5", {"mmhg"}, "", ""),
        ("79 per cent", "79", {"%"}, "", ""),
        ("٤٢ patients", "42", {""}, "", ""),
    ],
)
def test_one_number_by_hand(text: str, value: str, units: set[str], rate: str, sign: str) -> None:
    assert written(text) == [(value, units, rate, sign)]


def test_ranges_and_lists_may_share_the_unit_at_their_end() -> None:
    assert [set(one.units) for one in quantities("12.5 to 25 mg; 10, 20 and 40 mg")] == [
        {"", "mg"}, {"mg"}, {"", "mg"}, {"", "mg"}, {"mg"},
    ]  # fmt: skip
    assert [set(one.units) for one in quantities("in 12. The dose was 25 mg")] == [{""}, {"mg"}]


def test_once_is_a_number_only_where_it_says_how_often() -> None:
    assert quantities("Once treatment has begun, it is not stopped at once.") == ()


def test_powers_are_no_larger_numbers() -> None:
    assert [one.value for one in quantities("10⁹/L")] == ["10", "9"]


@pytest.mark.parametrize(
    ("claim", "premise"),
    [
        ("100 mg each day", "100 mg/day"),
        ("100 mg", "100 mg/day"),
        ("12.5 mg", "12.5 to 25 mg daily"),
        ("within 8 weeks", "within 4 to 8 weeks"),
        ("16 weeks", "week 16"),
        ("a hazard ratio of 1.340", "hazard ratio 1.34"),
        ("11340 patients", "11,340 patients"),
        ("four patients", "4 patients"),
        ("P < 0.001", "P<.001"),
    ],
)
def test_other_ways_to_write_it_are_held(claim: str, premise: str) -> None:
    assert unheld(claim, [premise]) == ()


@pytest.mark.parametrize(
    ("claim", "premise"),
    [
        ("100 mg", "100 g"),
        ("100 mg", "100 mg/kg"),
        ("100 mg/kg", "100 mg"),
        ("100 mg/day", "100 mg"),
        ("100 mg/day", "100 mg/week"),
        ("15 mL", "15 mL/min"),
        ("100", "100 mg"),
        ("79", "79%"),
        ("5%", "5 percentage points"),
        ("P = .001", "P < .001"),
        ("P > .001", "P < .001"),
        ("at most 5", "at least 5"),
        ("more than 5", "at least 5"),
        ("five patients", "four patients"),
        ("1.34", "134"),
        ("IL-6", "IL-17"),
        ("a change of −5 mmHg", "a change of 5 mmHg"),
        ("12.5 kg", "12.5 to 25 mg"),
    ],
)
def test_another_number_unit_rate_or_sign_is_not_held(claim: str, premise: str) -> None:
    assert [one.value for one in unheld(claim, [premise])] == [one.value for one in quantities(claim)]


def test_a_number_in_another_ones_place_is_not_held_though_the_text_has_it() -> None:
    premise = "Improvement was reached by 79% of adults on IVIg and by 44% of those on placebo."
    assert unheld("Improvement was reached by 44% of adults on IVIg.", [premise]) == ()  # "of" follows both
    premise = "Improvement was reached by 79% on IVIg and in 44% on placebo."
    assert [one.value for one in unheld("Improvement was reached by 44% on IVIg.", [premise])] == ["44"]


@given(st.sampled_from(SPANS), st.lists(st.sampled_from(SPANS), max_size=3))
def test_a_sentence_is_held_wherever_it_stands(span: str, others: list[str]) -> None:
    assert unheld(span, [span]) == ()
    assert unheld(span, [*others, span]) == ()
    assert unheld(span, [" ".join((*others, span, *others))]) == ()


@given(st.text())
def test_any_text_holds_its_own_numbers(text: str) -> None:
    assert unheld(text, [text]) == ()


@given(st.text(alphabet="0123456789.,-–/%() mgxandto<≥", max_size=60))
def test_any_run_of_numbers_holds_its_own(text: str) -> None:
    assert unheld(text, [text]) == ()


@given(st.sampled_from(SPANS), st.integers(0, 10), st.integers(0, 10**30))
def test_a_changed_number_is_never_held(span: str, place: int, number: int) -> None:
    found = [at for at, character in enumerate(span) if character.isdecimal() and not span[at - 1].isdecimal()]
    at = found[place % len(found)]
    end = next(to for to in range(at, len(span) + 1) if to == len(span) or not span[to].isdecimal())
    changed = f"{span[:at]}{number}{span[end:]}"
    held = {one.value for one in quantities(span)}
    assume(not {one.value for one in quantities(changed)} <= held)
    assert unheld(changed, [span])


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_of_any_length_are_told_apart(one: int, other: int) -> None:
    assert (unheld(f"Give {one} mg now.", [f"Give {other} mg now."]) == ()) == (one == other)
