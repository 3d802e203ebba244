"""What no rule names but what is worded like an emergency leaves the assistant as one, however it comes in."""

import pytest

from assistant.answer import Answer, Outcome
from assistant.pipeline import Assistant, turn_of
from assistant.question import Question
from assistant.triage import triage
from tests.assistant.test_triage import SUBTLE

ORDINARY = "How is gout treated?"


def is_stopped(answer: Answer) -> bool:
    return answer.outcome is Outcome.EMERGENCY and bool(answer.message) and not (answer.statements or answer.sources)


@pytest.mark.parametrize("text", SUBTLE)
def test_asked_alone(text: str, assistant: Assistant) -> None:
    assert triage(text) is None
    assert is_stopped(assistant.answer(Question(text)))


@pytest.mark.parametrize("text", SUBTLE)
def test_asked_after_an_answer(text: str, assistant: Assistant) -> None:
    before = assistant.answer(Question(ORDINARY))
    assert before.outcome is Outcome.ANSWERED
    assert is_stopped(assistant.answer(Question(text, (turn_of(before),))))


@pytest.mark.parametrize("text", SUBTLE)
def test_as_the_readers_own_reading(text: str, assistant: Assistant) -> None:
    assert is_stopped(assistant.answer(Question(ORDINARY, read_as=text)))
    assert is_stopped(assistant.answer(Question(text, read_as=ORDINARY)))
