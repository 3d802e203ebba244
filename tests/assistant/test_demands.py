"""What a question demands, worked by hand: an example that asks and one that holds, and neighbours that do neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.demands import all_demands, demanded, lacking

WORKED: dict[str, tuple[str, str, str, str]] = {
    "cost": (
        "What does a year of anakinra cost?", "Anakinra adds 1200 euros to the price of a year of care.",
        "Who should be given anakinra?", "Anakinra shortens a flare.",
    ),
    "mechanism": (
        "Why does colchicine help in a flare?", "Colchicine acts by blocking microtubules.",
        "Does colchicine help in a flare?", "Colchicine shortens a flare.",
    ),
    "dose": (
        "What is the dose of allopurinol?", "Allopurinol is started at 100 mg daily.",
        "Is allopurinol first-line?", "Serum urate is kept below 6 mg/dL on allopurinol.",
    ),
    "maximum": (
        "What is the highest amount that may be given?", "It may be raised up to 800 mg.",
        "What is usually given?", "It is started at 100 mg.",
    ),
    "duration": (
        "How long is prednisolone given?", "Prednisolone is given for 5 days.",
        "Which steroid is given?", "Prednisolone 30 mg is given each morning.",
    ),
    "interval": (
        "How often is urate measured?", "Urate is measured every 4 weeks.",
        "Is urate measured?", "Urate is measured while allopurinol is titrated.",
    ),
    "threshold": (
        "Below what eGFR is it avoided?", "It is avoided when eGFR is <30.",
        "Is it avoided in kidney disease?", "It is avoided in severe kidney disease.",
    ),
    "quantity": (
        "By how much did it reduce flares?", "Flares fell by 34%.",
        "Did it reduce flares?", "There were fewer flares.",
    ),
    "children": (
        "Can a 9-year-old be given triptans?", "Sumatriptan nasal spray is licensed in adolescents.",
        "Can a 49-year-old be given triptans?", "Sumatriptan is licensed in adults.",
    ),
    "pregnancy": (
        "Is methotrexate stopped before conception?", "Methotrexate is teratogenic.",
        "Is methotrexate given weekly?", "Methotrexate is given weekly.",
    ),
    "dialysis": (
        "Is apixaban used in haemodialysis?", "No trial included patients on dialysis.",
        "Is apixaban used in kidney disease?", "The dose is halved in kidney disease.",
    ),
    "liver": (
        "Is it safe in cirrhosis?", "It is avoided in hepatic impairment.",
        "Is it safe in asthma?", "It is avoided in asthma.",
    ),
    "preserved": (
        "Is dapagliflozin of use with an EF of 55%?", "It also helped in HFpEF.",
        "Is dapagliflozin of use with an EF of 35%?", "It helped when ejection fraction was reduced.",
    ),
    "interaction": (
        "Can I give clarithromycin with colchicine?", "Clarithromycin interacts with colchicine.",
        "Can I give colchicine?", "Colchicine is given twice.",
    ),
    "switching": (
        "How is warfarin swapped for apixaban?", "Patients are switched once the INR is low.",
        "How is warfarin started?", "Apixaban is begun once the INR is low.",
    ),
    "stopping": (
        "When can prednisolone be tapered?", "Prednisolone is withdrawn over a year.",
        "When can prednisolone be started?", "Prednisolone is begun at once.",
    ),
    "failure": (
        "What is given after methotrexate has not worked?", "With an inadequate response a biologic is added.",
        "What is given first?", "Methotrexate is given first.",
    ),
    "route": (
        "Is it injected?", "It is given subcutaneously.",
        "Is it given weekly?", "It is given weekly.",
    ),
    "compare": (
        "Is apixaban better than warfarin?", "Stroke was rarer with apixaban than with warfarin.",
        "Is apixaban effective?", "Apixaban prevents stroke.",
    ),
    "best": (
        "Which triptan is the safest?", "Sumatriptan is preferred.",
        "Which triptan did they study?", "Sumatriptan was studied.",
    ),
    "diagnosis": (
        "Which criteria confirm gout?", "Gout is confirmed by ultrasonography.",
        "Which drugs relieve gout?", "Colchicine relieves gout.",
    ),
    "adverse": (
        "What are the side effects of febuxostat?", "Cardiovascular death was commoner with febuxostat.",
        "What is febuxostat for?", "Febuxostat lowers urate.",
    ),
    "quality": (
        "Does it improve quality of life?", "Fatigue was less.",
        "Does it lower urate?", "Urate was lower.",
    ),
    "bleeding": (
        "Does it cause haemorrhage?", "Major bleeding was commoner.",
        "Does it cause nausea?", "Nausea was commoner.",
    ),
}  # fmt: skip
"""Demand → a question that makes it, a sentence that holds it, a question that does not, a sentence that does not."""
NAMES = [demand.name for demand in all_demands()]


def names(question: str) -> list[str]:
    return [demand.name for demand in demanded(question)]


def test_every_demand_is_worked() -> None:
    assert list(WORKED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_demand_is_asked_and_held_and_a_neighbour_does_neither(name: str) -> None:
    asks, holds, asks_not, holds_not = WORKED[name]
    assert name in names(asks)
    assert name not in names(asks_not)
    (demand,) = [one for one in all_demands() if one.name == name]
    assert lacking([demand], [holds]) == ()
    assert lacking([demand], [holds_not]) == (demand,)
    assert lacking([demand], [holds_not, holds]) == ()


@pytest.mark.parametrize("name", NAMES)
def test_capitals_do_not_matter(name: str) -> None:
    asks, holds, _, _ = WORKED[name]
    (demand,) = [one for one in all_demands() if one.name == name]
    for shown in (str.upper, str.lower):
        assert name in names(shown(asks))
        assert lacking([demand], [shown(holds)]) == ()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("Start at 100 mg.", True), ("Start at 2.5–5 mg.", True), ("Start at 0.5 to 1 mg.", True),
        ("Give 10 000 IU.", True), ("Give 5 mg/kg.", True),
        ("Give 40 units.", True), ("Give 50 µg.", True), ("Give 50 μg.", True), ("Give 5ml.", True),
        ("Urate below 6 mg/dL.", False), ("Albumin above 30 mg/g.", False), ("Urate of 360 µmol/L.", False),
        ("For 100 days.", False), ("In 100 patients.", False), ("A BMI of 30.", False), ("It weighs 5 grammes.", False),
    ],
)  # fmt: skip
def test_an_amount_of_a_drug_is_no_level_in_the_blood(sentence: str, holds: bool) -> None:
    (dose,) = [one for one in all_demands() if one.name == "dose"]
    assert bool(dose.held.search(sentence)) is holds


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("It is given for 5 days.", True), ("Given for at least three months.", True), ("A 10-day course.", True),
        ("A course of 5 days.", True), ("Within 72 hours.", True), ("It is given until remission.", True),
        ("It is lifelong.", True), ("At 5 hospitals.", False), ("In 5 patients.", False), ("Every day.", False),
    ],
)  # fmt: skip
def test_a_span_of_time_is_a_duration(sentence: str, holds: bool) -> None:
    (duration,) = [one for one in all_demands() if one.name == "duration"]
    assert bool(duration.held.search(sentence)) is holds


def test_one_question_may_make_several_demands_and_sentences_may_share_them() -> None:
    question = "What is the dose of prednisolone in children, and how long is it given?"
    assert names(question) == ["dose", "duration", "children"]
    asked = demanded(question)
    held = ["Prednisolone 2 mg is given.", "In children it is rare."]
    assert [demand.name for demand in lacking(asked, held)] == ["duration"]
    assert lacking(asked, [*held, "It is given for 5 days."]) == ()
    assert lacking(asked, []) == asked


def test_a_question_that_demands_nothing_lacks_nothing() -> None:
    assert demanded("What is gout?") == ()
    assert lacking((), []) == ()


@given(st.text(), st.lists(st.text(), max_size=3))
def test_what_is_lacking_was_demanded_and_a_sentence_more_adds_nothing(question: str, sentences: list[str]) -> None:
    asked = demanded(question)
    without = lacking(asked, sentences)
    assert set(without) <= set(asked)
    assert set(lacking(asked, [*sentences, "Given."])) <= set(without)
