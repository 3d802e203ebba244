"""What can be asked at all: a bounded text without control characters, after a bounded history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ControlCharacters, EmptyQuestion, InvalidQuestion, OverlongQuestion
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Question, Turn

TURN = Turn("What is gout?", "What is gout?")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "?", "…", "!!!", "()", "--", "\u3000"])
def test_empty(text: str) -> None:
    with pytest.raises(EmptyQuestion, match="type what you want to know"):
        Question(text)


@pytest.mark.parametrize("text", ["x" * (MAX_CHARACTERS + 1), "gout? " * 10_000])
def test_overlong(text: str) -> None:
    with pytest.raises(OverlongQuestion, match=rf"{len(text)}.*{MAX_CHARACTERS}"):
        Question(text)


@pytest.mark.parametrize("code", [0x00, 0x07, 0x08, 0x1B, 0x7F, 0x85, 0x9B, 0xD800])
def test_control_characters(code: int) -> None:
    with pytest.raises(ControlCharacters, match=f"U[+]{code:04X}") as raised:
        Question(f"What is {chr(code)}gout?")
    assert chr(code) not in str(raised.value)


@pytest.mark.parametrize(
    "text", ["x" * MAX_CHARACTERS, "TNF-α?", "5", "What\tis\r\ngout?", "¿Qué es la gota?", "痛风?"]
)
def test_accepted(text: str) -> None:
    assert Question(text).text == text


def test_the_history_is_bounded() -> None:
    assert len(Question("Why?", (TURN,) * MAX_TURNS).history) == MAX_TURNS
    with pytest.raises(OverlongQuestion, match=f"last {MAX_TURNS}"):
        Question("Why?", (TURN,) * (MAX_TURNS + 1))


@pytest.mark.parametrize("read_as", ["", "\x1b[31mgout", "x" * (MAX_CHARACTERS + 1)])
def test_the_readers_own_reading_is_bounded_too(read_as: str) -> None:
    with pytest.raises(InvalidQuestion):
        Question("Why?", read_as=read_as)


@given(st.text(max_size=40))
def test_the_same_text_is_always_judged_the_same(text: str) -> None:
    def judged() -> str:
        try:
            return Question(text).text
        except InvalidQuestion as error:
            return f"{type(error).__name__} {error}"

    assert judged() == judged()
