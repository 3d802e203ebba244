"""The measuring support check: laws that hold whatever else it gets wrong, and that it is not the assistant's own."""

import ast
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import assistant.evaluation.support as support_module
from assistant.evaluation.quantities import quantities
from assistant.evaluation.record import StatementSupport
from assistant.evaluation.support import LexicalSupport, statement_support
from assistant.evaluation.support_features import features
from assistant.logistic import LogisticModel, load_model
from tests.judged import SPANS, Words

CHECK = LexicalSupport()
YES = LexicalSupport(LogisticModel(intercept=100.0, weights={}, threshold=0.5))
"""A model that is sure of everything: what it does not let pass is kept back by rules."""
WARFARIN = "Warfarin is not recommended in patients with a creatinine clearance below 15 mL/min."
COLCHICINE = "Colchicine did not reduce mortality at 28 days in patients admitted to hospital with COVID-19."
STATIN = "The statin lowered LDL cholesterol, and mortality was significantly higher on placebo than on the statin."


@given(st.text(min_size=1))
def test_a_claim_that_is_its_premise_is_supported(text: str) -> None:
    assert CHECK.supports(text, [text])


@given(
    st.sampled_from(SPANS), st.lists(st.sampled_from(SPANS), max_size=3), st.lists(st.sampled_from(SPANS), max_size=3)
)
def test_a_whole_sentence_of_a_premise_is_supported(claim: str, before: list[str], after: list[str]) -> None:
    assert CHECK.supports(claim, [" ".join((*before, claim, *after))])
    assert CHECK.supports(claim, [*before, claim, *after])
    assert CHECK.supports(" ".join((claim, *after)), [claim, *after])


def test_white_space_does_not_matter() -> None:
    assert CHECK.supports(WARFARIN.replace(" ", "\n  "), [WARFARIN])


@given(st.sampled_from(SPANS), st.integers(0, 10), st.integers(0, 10**12))
def test_a_claim_with_a_changed_number_is_never_supported(span: str, place: int, number: int) -> None:
    numbers = [one.value for one in quantities(span) if span.count(one.value) == 1]
    old = numbers[place % len(numbers)]
    changed = span.replace(old, str(number))
    assume(not {one.value for one in quantities(changed)} <= {one.value for one in quantities(span)})
    assert not CHECK.supports(changed, [span])
    assert not YES.supports(changed, [span])


@pytest.mark.parametrize(
    ("premise", "claim"),
    [
        (WARFARIN, WARFARIN.replace(" not", "")),
        (COLCHICINE, COLCHICINE.replace("did not reduce", "did reduce")),
        (COLCHICINE.replace("did not", "didn't"), COLCHICINE.replace("did not ", "did ")),
        (STATIN, STATIN.replace("lowered", "raised")),
        (STATIN, STATIN.replace("higher", "lower")),
        (STATIN, STATIN.replace("was significantly", "was not significantly")),
        (f"In short: yes. {WARFARIN} See above.", WARFARIN.replace("is not", "is")),
    ],
)
def test_a_sentence_turned_round_is_never_supported(premise: str, claim: str) -> None:
    assert CHECK.supports(premise, [premise])
    assert not CHECK.supports(claim, [premise])
    assert not YES.supports(claim, [premise])


@pytest.mark.parametrize(
    ("premise", "claim"),
    [
        (WARFARIN, "Warfarin is not recommended in patients with creatinine clearance below 15 mL/min."),
        (SPANS[0], "At week 16, at least minimal improvement was reached by 79% of adults on IVIg."),
        (SPANS[2], "Cardiovascular death was higher with febuxostat than with allopurinol."),
        (COLCHICINE, "Colchicine did not reduce mortality in patients with COVID-19."),
    ],
)
def test_a_shortened_sentence_is_supported(premise: str, claim: str) -> None:
    assert CHECK.supports(claim, [premise])


@given(st.sampled_from(SPANS), st.sampled_from(SPANS))
def test_another_sentence_supports_nothing(claim: str, premise: str) -> None:
    assert CHECK.supports(claim, [premise]) == (claim == premise)


@given(st.text())
def test_nothing_supports_without_a_premise(claim: str) -> None:
    assert not CHECK.supports(claim, [])
    assert not YES.supports(claim, [])


@pytest.mark.parametrize("premise", ["", " \n", ".", "The of and is."])
def test_a_premise_without_content_supports_no_claim(premise: str) -> None:
    for claim in ("Allopurinol lowers urate.", "It is so.", "Gout.", "a"):
        assert not CHECK.supports(claim, [premise])


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_features_stay_between_0_and_1_and_are_those_of_the_model(claim: str, premises: list[str]) -> None:
    found = features(claim, premises)
    assert set(found) == set(load_model("evaluation/support").weights)
    assert all(0 <= value <= 1 for value in found.values())
    assert 0 <= CHECK.probability(claim, premises) <= 1


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=2))
def test_the_same_question_has_the_same_answer(claim: str, premises: list[str]) -> None:
    assert CHECK.supports(claim, premises) == LexicalSupport().supports(claim, premises)


def test_what_speaks_for_support_weighs_for_it() -> None:
    weights = load_model("evaluation/support").weights
    assert {name for name, weight in weights.items() if weight < 0} == {"negation_differs", "opposed"}


@pytest.mark.parametrize("module", ["support", "support_features", "quantities", "entailment"])
def test_it_shares_no_judgement_with_the_assistant(module: str) -> None:
    tree = ast.parse((Path(support_module.__file__).parent / f"{module}.py").read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in imported if name.startswith("assistant.")} <= {
        "assistant.logistic",
        "assistant.evaluation.errors",
        "assistant.evaluation.quantities",
        "assistant.evaluation.record",
        "assistant.evaluation.support_features",
    }


def test_support_of_a_statement_by_hand() -> None:
    check = Words()
    assert statement_support("a b", ["a", "b"], check) == StatementSupport(True, (False, False), (False, False))
    assert statement_support("a b", ["a b", "x"], check) == StatementSupport(True, (True, False), (False, True))
    assert statement_support("a b", ["a b"], check) == StatementSupport(True, (True,), (False,))
    assert statement_support("a", ["a", None], check) == StatementSupport(False, (True, False), (False, True))
    assert statement_support("a", [], check) == StatementSupport(False, (), ())
