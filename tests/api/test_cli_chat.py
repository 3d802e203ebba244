"""`sequitur chat`: a conversation typed line by line."""

import json
from typing import Any

import pytest

from assistant.policy import disclaimer
from tests.api.terminal import Terminal

DOSE = "What is the starting dose of allopurinol in gout?"
PRESSURE = "What is a first-line drug in hypertension?"


def chat(terminal: Terminal, *lines: str, article: str | None = None, end: str = "\n/quit\n") -> tuple[list[Any], str]:
    """The answers, and what was said on standard error."""
    reading = ["--article", article] if article else []
    result = terminal.run("chat", "--json", *reading, typed="\n".join(lines) + end)
    assert result.exit_code == 0, result.output
    answers = [json.loads(line.lstrip("> ")) for line in result.stdout.splitlines() if "{" in line]
    assert all(answer["disclaimer"] == disclaimer().text for answer in answers)
    return answers, result.stderr


def test_what_a_program_reads_is_json_alone(built: Terminal) -> None:
    result = built.run("chat", "--json", typed=f"{DOSE}\n{PRESSURE}\n")
    assert [json.loads(line)["question"] for line in result.stdout.splitlines()] == [DOSE, PRESSURE]


def test_every_answer_at_the_terminal_shows_the_disclaimer(built: Terminal) -> None:
    result = built.run("chat", typed=f"{DOSE}\nMy patient is not breathing\nMRN 00123456: dose?\n/quit\n")
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert shown.count(f"Disclaimer: {' '.join(disclaimer().text.split())}") == 3


@pytest.mark.parametrize("end", ["\n/quit\n", "\n", "", "\n/quit\nWhat is gout?\n"])
def test_quit_and_the_end_of_input_end_it(built: Terminal, end: str) -> None:
    answers, _ = chat(built, DOSE, end=end)
    assert [answer["question"] for answer in answers] == [DOSE]


def test_empty_lines_are_passed_over(built: Terminal) -> None:
    assert chat(built, "", "   ", "")[0] == []


def test_a_follow_up_is_read_in_its_context(built: Terminal) -> None:
    (_, second), _ = chat(built, DOSE, "And febuxostat?")
    assert second["read_as"] != second["question"]
    assert "gout" in second["read_as"]


def test_a_number_asks_the_suggestion_of_that_number(built: Terminal) -> None:
    (first,), _ = chat(built, DOSE, article="gout")
    assert first["suggestions"]
    for number, suggestion in enumerate(first["suggestions"], start=1):
        (_, picked), _ = chat(built, DOSE, str(number), article="gout")
        assert picked["read_as"] == suggestion
        assert picked["statements"]


def test_as_reads_the_last_question_another_way(built: Terminal) -> None:
    (_, corrected, again), _ = chat(built, "Dose?", f"/as {DOSE}", f"/as {PRESSURE}")
    assert (corrected["question"], corrected["read_as"], corrected["outcome"]) == ("Dose?", DOSE, "answered")
    assert (again["question"], again["read_as"]) == ("Dose?", PRESSURE)


def test_a_corrected_reading_is_what_the_next_question_follows(built: Terminal) -> None:
    (*_, last), _ = chat(built, PRESSURE, "Dose?", f"/as {DOSE}", "And febuxostat?")
    assert "gout" in last["read_as"]
    assert "hypertension" not in last["read_as"]


def test_new_forgets_the_conversation(built: Terminal) -> None:
    (_, second), said = chat(built, DOSE, "/new", "And febuxostat?")
    assert second["read_as"] == "And febuxostat?"
    assert "new conversation" in said


def test_article_changes_what_is_being_read(built: Terminal) -> None:
    (first, second, third), said = chat(
        built, "What is first-line?", "/article hypertension", "/new", "What is first-line?", "/article", "/new",
        "What is first-line?", article="gout",
    )  # fmt: skip
    assert "gout" in first["read_as"]
    assert "hypertension" in second["read_as"]
    assert third["read_as"] == "What is first-line?"
    assert "Reading hypertension" in said
    assert "Reading no article" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/help", "Known: /as"),
        ("/as too early", "Known: /as"),
        ("?!", "empty"),
        ("x" * 1001, "1001 characters"),
        ("gout\x07", "U+0007"),
    ],
)
def test_what_cannot_be_asked_is_said_and_the_conversation_goes_on(built: Terminal, line: str, said: str) -> None:
    answers, error = chat(built, line, DOSE)
    assert [answer["question"] for answer in answers] == [DOSE]
    assert said in error
    assert "Traceback" not in error


def test_an_unknown_article_is_said_and_the_conversation_goes_on(built: Terminal) -> None:
    answers, error = chat(built, "/article pellagra", DOSE, "/article gout", DOSE)
    assert [answer["question"] for answer in answers] == [DOSE]
    assert "'pellagra'" in error


def test_a_command_echoes_nothing_that_steers_a_terminal(built: Terminal) -> None:
    _, error = chat(built, "/article \x1b[31mgout\u202e\x07")
    assert not {"\x1b", "\u202e", "\x07"} & set(error)


def test_bytes_that_are_no_text_are_said_and_the_conversation_goes_on(built: Terminal) -> None:
    result = built.run("chat", "--json", typed=b"What \xff\xfe is gout?\n" + DOSE.encode() + b"\n")
    assert result.exit_code == 0, repr(result.exception)
    assert f'"question":"{DOSE}"' in result.stdout
    assert "sequitur: " in result.stderr


def test_more_turns_than_are_remembered_are_no_error(built: Terminal) -> None:
    answers, error = chat(built, *["Write me a poem about gout"] * 25)
    assert len(answers) == 25
    assert "sequitur:" not in error
