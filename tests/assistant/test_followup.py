"""A follow-up is read in its context; what stands alone is left byte for byte."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InvalidQuestion
from assistant.followup import Reading, resolve
from assistant.question import MAX_CHARACTERS, Question, Turn, check_text
from corpus.vocabulary import Concept, Vocabulary
from indexer.analysis import terms

MYOSITIS = "What is the treatment for myositis?"
GOUT = "How is gout treated?"
AF = "What is the evidence for oral anticoagulation in atrial fibrillation?"
MIGRAINE = "How is migraine treated and prevented?"
SEPSIS = "How are sepsis and septic shock treated?"
DIABETES = "How is type 2 diabetes treated?"
HEART = "What is the drug treatment for heart failure with reduced ejection fraction?"
CDI = "How is Clostridioides difficile infection treated?"
CAP = "How is community-acquired pneumonia assessed and treated in adults?"
RA = "How is rheumatoid arthritis treated?"
PMR = "How are polymyalgia rheumatica and giant cell arteritis treated?"
MDD = "How is major depressive disorder treated in adults?"
VTE = "How is acute venous thromboembolism treated?"
DOSE = "What dose of IVIg is used in dermatomyositis?"


FORMS = (
    ("intravenous immunoglobulin", "IVIg", "IVIG"), ("apixaban", "Eliquis"), ("warfarin", "Coumadin"),
    ("methotrexate", "MTX"),
    ("interstitial lung disease", "ILD"), ("fecal microbiota transplantation", "FMT"), ("valproate",), ("topiramate",),
    ("cognitive behavioral therapy", "CBT"), ("angiotensin receptor-neprilysin inhibitor", "ARNI"),
    ("direct oral anticoagulant", "DOAC"), ("chronic kidney disease", "CKD"), ("dermatomyositis", "DM"),
    ("infection", "infections"), ("did", "dissociative identity disorder"),
)  # fmt: skip


@cache
def vocabulary() -> Vocabulary:
    """A small one, with a trap: "did" the verb and the disorder."""
    return Vocabulary(Concept(forms[0], tuple(sorted(forms))) for forms in FORMS)


def rarity(term: str) -> float:
    """A longer word is a rarer word."""
    return float(min(len(term), 12))


def read(*typed: str, subject: str = "", suggestions: tuple[str, ...] = ()) -> Reading:
    """The reading of the last of several turns, each earlier one read by ourselves."""
    history: list[Turn] = []
    for text in typed[:-1]:
        before = resolve(Question(text, tuple(history)), subject, vocabulary(), rarity)
        history.append(Turn(text, before.text, ("p1", "p2"), suggestions))
    return resolve(Question(typed[-1], tuple(history)), subject, vocabulary(), rarity)


EXACT = [
    ("", ["Does colchicine raise mortality in gout?", "And allopurinol?"], "Does allopurinol raise mortality in gout?"),
    # while reading an article, the first question
    (MYOSITIS, ["What dose of IVIg?"], "What dose of IVIg? (myositis)"),
    (MYOSITIS, ["What are the symptoms?"], "What are the symptoms of myositis?"),
    (MYOSITIS, ["What causes it?"], "What causes myositis?"),
    (MYOSITIS, ["tell me more"], "Tell me more: What is the treatment for myositis?"),
    (GOUT, ["Allopurinol or febuxostat?"], "Allopurinol or febuxostat? (gout)"),
    (AF, ["Eliquis vs Coumadin?"], "Eliquis vs Coumadin? (atrial fibrillation)"),
    (DIABETES, ["First-line drug?"], "First-line drug for type 2 diabetes?"),
    (RA, ["MTX dose?"], "MTX dose in rheumatoid arthritis?"),
    (SEPSIS, ["Fluids?"], "Fluids? (sepsis, septic shock)"),
    # like replaces like
    (MYOSITIS, [DOSE, "And in children?"], "What dose of IVIg is used in dermatomyositis, in children?"),
    (MYOSITIS, [DOSE, "And in children?", "and in adults?"],
     "What dose of IVIg is used in dermatomyositis, in adults?"),
    (MYOSITIS, [DOSE, "What about rituximab?"], "What dose of rituximab is used in dermatomyositis?"),
    (MYOSITIS, [DOSE, "And polymyositis?"], "What dose of IVIg is used in polymyositis?"),
    (MYOSITIS, [DOSE, "And if the patient is pregnant?"],
     "What dose of IVIg is used in dermatomyositis, if the patient is pregnant?"),
    (GOUT, ["What is the starting dose of allopurinol?", "And in CKD?"],
     "What is the starting dose of allopurinol, in CKD? (gout)"),
    (AF, ["Eliquis vs Coumadin?", "Bleeding risk?", "What about dabigatran?"],
     "Bleeding risk? (dabigatran, atrial fibrillation)"),
    # what is left out
    (MYOSITIS, [DOSE, "Side effects?"], "Side effects of IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "What are the side effects?"], "What are the side effects of IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "What is the maximum dose?"], "What is the maximum dose of IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "Cost?"], "Cost of IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "Monitoring?"], "Monitoring of IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "What are the alternatives?"], "What are the alternatives to IVIg in dermatomyositis?"),
    (MYOSITIS, ["Does rituximab help ILD?", "What dose?"], "What dose of rituximab in ILD?"),
    (GOUT, ["Is a urate of 6 low enough?", "and 5?"], "Is a urate of 5 low enough? (gout)"),
    (GOUT, ["Is colchicine 0.5 mg enough?", "And with 1.2?"], "Is colchicine 1.2 mg enough? (gout)"),
    (HEART, ["What is ARNI?", "Starting dose?"],
     "Starting dose of ARNI in heart failure with reduced ejection fraction?"),
    # words of asking alone
    (MYOSITIS, ["Why is prednisone the first-line treatment for myositis?", "Why?"],
     "Why? (prednisone the first-line treatment for myositis)"),
    (MYOSITIS, ["What is the first-line treatment for myositis?", "why?"], "Why? (first-line treatment for myositis)"),
    (MYOSITIS, [DOSE, "How often?"], "How often? (dose of IVIg is used in dermatomyositis)"),
    (MYOSITIS, [DOSE, "tell me more"], f"Tell me more: {DOSE}"),
    (MYOSITIS, [DOSE, "tell me more", "more please"], f"Tell me more: {DOSE}"),
    # pointing back
    (MYOSITIS, [DOSE, "Is it safe in pregnancy?"], "Is IVIg safe in pregnancy? (dermatomyositis)"),
    (MYOSITIS, [DOSE, "Its interactions?"], "The interactions with IVIg in dermatomyositis?"),
    (MYOSITIS, [DOSE, "How is it diagnosed?"], "How is dermatomyositis diagnosed?"),
    (MYOSITIS, ["Does rituximab help ILD?", "How long until it works?"], "How long until rituximab works? (ILD)"),
    (MYOSITIS, ["Does rituximab help ILD?", "What if the drug fails?"], "What if rituximab fails? (ILD)"),
    ("", ["What is rituximab?", "How does it work?"], "How does rituximab work?"),
    (GOUT, ["Allopurinol or febuxostat?", "What is the starting dose of the former?"],
     "What is the starting dose of allopurinol? (gout)"),
    (CAP, ["steroids?", "When should they be stopped?"],
     "When should steroids be stopped? (community-acquired pneumonia)"),
    (CDI, ["Does FMT work?", "Is that approved in children?"],
     "Is FMT approved in children? (Clostridioides difficile infection)"),
    (MDD, ["Sertraline?", "How long before it works?"],
     "How long before sertraline works? (major depressive disorder)"),
    # comparison
    (GOUT, ["Allopurinol or febuxostat?", "Which is better?"], "Which is better, allopurinol or febuxostat? (gout)"),
    (RA, ["JAK inhibitors vs TNF inhibitors?", "And the former in smokers?"],
     "What about JAK inhibitors in smokers? (rheumatoid arthritis)"),
    (MYOSITIS, [DOSE, "What about rituximab?", "Which is better?"],
     "Which is better, rituximab or IVIg? (dermatomyositis)"),
    (MDD, ["Sertraline?", "Is CBT as good?", "Can both be combined?"],
     "Can CBT and sertraline be combined? (major depressive disorder)"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "typed", "expected"), EXACT)
def test_reading(subject: str, typed: list[str], expected: str) -> None:
    reading = read(*typed, subject=subject)
    assert reading.text == expected
    assert reading.is_followup
    assert reading.carried == (("p1", "p2") if len(typed) > 1 else ())


ALONE = [
    (MYOSITIS, [DOSE]),
    (MYOSITIS, [DOSE, "What anticoagulant for atrial fibrillation?"]),
    (MYOSITIS, [DOSE, "How is gout treated?"]),
    (MYOSITIS, ["What is rituximab?"]),
    (RA, ["MTX dose?", "How does abatacept work?"]),
    (RA, ["MTX dose?", "What is the treatment of gout in transplant patients?"]),
    (SEPSIS, ["Norepinephrine or vasopressin first?", "What is procalcitonin?"]),
    (MYOSITIS, [DOSE, "no thanks"]),
    (MYOSITIS, [DOSE, "Thank you!"]),
    ("", ["And in children?"]),
    ("", ["yes"]),
    ("", ["  What  dose of IVIg is used in dermatomyositis ?"]),
]


@pytest.mark.parametrize(("subject", "typed"), ALONE)
def test_taken_as_typed(subject: str, typed: list[str]) -> None:
    assert read(*typed, subject=subject) == Reading(typed[-1], False)


HOLDS = [
    # subject, turns, words that must be there, words that must not
    (GOUT, ["What is the starting dose of allopurinol?", "And in CKD?", "What about colchicine?"],
     "colchicine starting dose CKD", "allopurinol"),
    (MYOSITIS, [DOSE, "And in children?", "Side effects?", "How often?"], "side effects IVIg children", "treatment"),
    (MYOSITIS, [DOSE, "What anticoagulant for atrial fibrillation?", "Bleeding risk?"],
     "bleeding atrial fibrillation", "IVIg"),
    (GOUT, ["Is colchicine effective?", "How long should they take it?"], "they colchicine gout", ""),
    (MIGRAINE, ["Is topiramate safe in pregnancy?", "And valproate?"], "valproate pregnancy migraine", "topiramate"),
    (DIABETES, ["Does semaglutide reduce death?", "Is it better than liraglutide?", "Which is cheaper?"],
     "semaglutide liraglutide diabetes", ""),
    (PMR, ["What is the starting dose of prednisolone?", "How should it be tapered?"],
     "prednisolone tapered arteritis", "starting"),
    (VTE, ["Can I use a DOAC?", "And in cancer patients?"], "DOAC cancer thromboembolism", ""),
    (MYOSITIS, [DOSE, "Is it possible to stop after a year?"], "stop year IVIg", "treatment"),
    (MYOSITIS, ["Is there evidence for tofacitinib?", "And for skin disease?"], "tofacitinib skin myositis", ""),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "typed", "needed", "forbidden"), HOLDS)
def test_reading_holds(subject: str, typed: list[str], needed: str, forbidden: str) -> None:
    found = set(terms(read(*typed, subject=subject).text))
    assert set(terms(needed)) <= found
    assert not set(terms(forbidden)) & found


OFFERS = ("Is subcutaneous immunoglobulin an option in myositis?", "What does IVIg cost?")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("yes", 0),
        ("Yes please", 0),
        ("ok", 0),
        ("sure!", 0),
        ("1", 0),
        ("2", 1),
        ("the second one", 1),
        ("option 2.", 1),
    ],
)
def test_an_offer_is_taken_up(answer: str, expected: int) -> None:
    assert read(DOSE, answer, suggestions=OFFERS) == Reading(OFFERS[expected], True, ("p1", "p2"))


@pytest.mark.parametrize("answer", ["yes", "ok", "7"])
def test_without_an_offer_more_is_asked(answer: str) -> None:
    assert read(DOSE, answer).text == f"Tell me more: {DOSE}"


def test_a_topic_four_turns_back_is_not_lost() -> None:
    turns = [DOSE, "And in children?", "Side effects?", "Is it safe in pregnancy?", "Cost?"]
    assert {"ivig", "dermatomyos"} <= set(terms(read(*turns, subject=MYOSITIS).text))


def test_the_readers_own_reading_wins() -> None:
    question = Question("And in children?", (Turn(DOSE, DOSE, ("p1",)),), read_as="IVIg in juvenile dermatomyositis")
    assert resolve(question, MYOSITIS, vocabulary(), rarity) == Reading(
        "IVIg in juvenile dermatomyositis", True, ("p1",)
    )


def _valid(text: str) -> bool:
    try:
        check_text(text)
    except InvalidQuestion:
        return False
    return True


WORDS = st.lists(
    st.sampled_from(
        "what is it the dose of IVIg and in children why how ? , ( ) which better DM latter its yes 2 about".split()
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
TEXT = st.one_of(st.text(max_size=200), WORDS).filter(_valid)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4), st.one_of(st.just(""), st.just(MYOSITIS), st.text(max_size=60)))
def test_laws(typed: list[str], subject: str) -> None:
    first, second = read(*typed, subject=subject), read(*typed, subject=subject)
    assert first == second
    assert len(first.text) <= MAX_CHARACTERS
    assert first.is_followup or first == Reading(typed[-1], False)
    check_text(first.text)


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXT, max_size=3))
def test_a_question_that_names_its_disease_and_drug_is_left_alone(before: list[str]) -> None:
    assert read(*before, DOSE, subject=MYOSITIS).text == DOSE
