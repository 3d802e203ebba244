"""A question's way through the stages: told in order, cut short by what stops it, and confidence once searched."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant import pipeline
from assistant.answer import Answer, Outcome, Stage
from assistant.errors import UnknownArticle
from assistant.evidence import gather
from assistant.pipeline import Assistant, turn_of
from assistant.question import Question
from assistant.rules import Rules
from assistant.triage import Triage
from indexer.search import make_queries
from indexer.snapshot import Snapshot
from tests.hashing import HashingEncoder
from tests.tiny import LIBRARY, assistant_over, snapshot_of

ENCODER = HashingEncoder()
DOSE = "What is the starting dose of allopurinol in gout?"
ANSWERED, REFUSED = Outcome.ANSWERED, Outcome.INSUFFICIENT_EVIDENCE
OUTCOMES: list[tuple[str, Outcome]] = [
    (DOSE, ANSWERED),
    ("Does colchicine reduce stroke in patients with myocardial infarction?", Outcome.CONFLICTING_EVIDENCE),
    ("What is the dose of imatinib in chronic myeloid leukaemia?", REFUSED),
    ("Which zebra stripes confuse tsetse flies?", Outcome.OUT_OF_SCOPE),
    ("Write me a poem about gout", Outcome.OUT_OF_SCOPE),
    ("My patient is not breathing, what do I do?", Outcome.EMERGENCY),
    ("MRN 00123456: which anticoagulant?", Outcome.PATIENT_IDENTIFIERS),
]
STOPPED = {question for question, _ in OUTCOMES[4:]}
"""By the question alone; the zebras are looked for."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    opened = snapshot_of(LIBRARY.documents(), tmp_path_factory.mktemp("answered"), ENCODER)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def assistant(snapshot: Snapshot) -> Assistant:
    return assistant_over(snapshot, ENCODER)


def staged(assistant: Assistant, question: Question) -> tuple[Answer, list[Stage]]:
    stages: list[Stage] = []
    return assistant.answer(question, stages.append), stages


@pytest.mark.parametrize(("text", "outcome"), OUTCOMES)
def test_stages_are_told_in_order_up_to_what_stops_a_question(
    assistant: Assistant, text: str, outcome: Outcome
) -> None:
    answer, stages = staged(assistant, Question(text))
    assert answer.outcome is outcome
    assert stages == ([Stage.TRIAGE] if text in STOPPED else list(Stage))
    assert assistant.answer(Question(text)) == answer


@pytest.mark.parametrize(("text", "outcome"), OUTCOMES)
def test_there_is_a_confidence_exactly_when_something_was_searched(
    assistant: Assistant, text: str, outcome: Outcome
) -> None:
    for article in (None, "gout", "hypertension"):
        answer, stages = staged(assistant, Question(text, article_id=article))
        assert (answer.confidence is None) == (Stage.SEARCHING not in stages)
        assert answer.confidence is None or 0 <= answer.confidence <= 1


def test_a_stage_is_told_as_it_begins(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def telling(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def told_first(*given: Any) -> Any:
            told.append(name)
            return real(*given)

        return told_first

    for name in ("triage", "resolve", "make_queries", "gather", "draft"):
        monkeypatch.setattr(pipeline, name, telling(name, getattr(pipeline, name)))
    assistant.answer(Question(DOSE), lambda stage: told.append(stage.upper()))
    assert list(dict.fromkeys(told)) == [
        "TRIAGE", "triage", "READING", "resolve", "ENCODING", "make_queries", "SEARCHING", "gather", "STATING", "draft",
    ]  # fmt: skip


def test_what_is_worded_as_an_emergency_is_stopped_before_anything_is_searched(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "triage_by_wording", lambda *given: Triage(Outcome.EMERGENCY, "Call."))
    answer, stages = staged(assistant, Question(DOSE))
    assert stages == [Stage.TRIAGE, Stage.READING, Stage.ENCODING]
    assert (answer.outcome, answer.message, answer.confidence) == (Outcome.EMERGENCY, "Call.", None)
    assert (answer.statements, answer.related, answer.retrieved) == ((), (), frozenset())


def test_an_article_that_is_not_there_is_told_with_those_that_are(assistant: Assistant) -> None:
    stages: list[Stage] = []
    with pytest.raises(UnknownArticle, match=r"no article 'gouty' .* holds: gout, hypertension, scurvy$"):
        assistant.answer(Question(DOSE, article_id="gouty"), stages.append)
    assert stages == [Stage.TRIAGE]


@pytest.mark.parametrize("text", [text for text, outcome in OUTCOMES if text not in STOPPED])
def test_a_question_is_answered_from_the_given_probability_on(snapshot: Snapshot, text: str) -> None:
    def at(enough: float) -> Answer:
        return Assistant(snapshot, ENCODER, software="tiny 1", rules=Rules(enough=enough)).answer(Question(text))

    confidence = at(0.0).confidence
    assert confidence is not None
    assert at(0.0).outcome.has_statements
    assert at(max(0.0, confidence - 0.001)).outcome.has_statements
    assert not at(confidence + 0.001).outcome.has_statements
    assert at(2.0).confidence == confidence


def test_confidence_is_that_of_the_evidence(snapshot: Snapshot, assistant: Assistant) -> None:
    (query,) = make_queries([DOSE], snapshot, ENCODER)
    evidence = gather(query, None, (), snapshot, Rules())
    assert assistant.answer(Question(DOSE)).confidence == round(evidence.sufficiency.probability, 4)


def test_rules_are_told_apart_in_what_an_answer_was_made_with(snapshot: Snapshot) -> None:
    rules = [Rules(), Rules(enough=0.5), Rules(enough=0.6), Rules(barred=("x",)), Rules(barred=("y",))]
    assistants = [Assistant(snapshot, ENCODER, software="tiny 1", rules=one) for one in rules]
    policies = [one.answer(Question(DOSE)).provenance.policy for one in assistants]
    assert len(set(policies)) == len(rules)
    assert all(policy.startswith("submitted@") for policy in policies)


def test_a_turn_keeps_what_the_next_question_leans_on(assistant: Assistant) -> None:
    answer = assistant.answer(Question(DOSE, article_id="gout"))
    turn = turn_of(answer)
    assert (turn.text, turn.read_as, turn.suggestions) == (answer.question, answer.read_as, answer.suggestions)
    assert set(turn.passage_ids) == {c.passage_id for statement in answer.statements for c in statement.citations}
    assert len(set(turn.passage_ids)) == len(turn.passage_ids)
