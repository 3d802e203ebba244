"""Answers are kept for replay and recall, and what must not be kept is not."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.api.terminal import Terminal
from tests.tiny import GOUT

QUESTION = f"{next(iter(GOUT.cited))[:-1]}?"


def asked(terminal: Terminal, *words: str, **environment: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(terminal.run("ask", "--json", *words, **environment).stdout)
    return answer


def kept(terminal: Terminal) -> list[str]:
    return [one["id"] for one in json.loads(terminal.run("answers", "--json").stdout)]


def test_an_answer_is_given_again_byte_for_byte(copied: Terminal) -> None:
    said = copied.run("ask", "--json", "And febuxostat?", "--after", QUESTION, "--article", "gout").stdout
    again = copied.run("replay", json.loads(said)["id"])
    assert (again.exit_code, again.stdout, again.stderr) == (0, said, "")


def test_a_refusal_is_given_again_too(copied: Terminal) -> None:
    said = asked(copied, "Does natalizumab help in pellagra?")
    assert said["outcome"] == "insufficient_evidence"
    assert copied.run("replay", said["id"]).exit_code == 0


def test_an_answer_of_before_a_retraction_is_still_given_again(copied: Terminal) -> None:
    """What was barred when it was given is part of what decided it."""
    before = asked(copied, QUESTION)
    copied.run("corpus", "withdraw", "gout", "--why", "being rewritten")
    after = asked(copied, QUESTION)
    assert after["statements"] != before["statements"]
    for one in (before, after):
        assert copied.run("replay", one["id"]).exit_code == 0


def test_an_answer_of_another_program_is_shown_as_it_was_kept(copied: Terminal) -> None:
    said = asked(copied, QUESTION)
    with sqlite3.connect(copied.home / "catalogue.db") as connection:
        (body,) = connection.execute("SELECT body FROM answer").fetchone()
        changed = body.replace(said["provenance"]["software"], "sequitur-clinical 0.0.0")
        connection.execute("UPDATE answer SET body = ?", (changed,))
    connection.close()
    again = copied.run("replay", said["id"])
    assert again.exit_code == 3
    assert "0.0.0" in again.stderr
    assert again.stdout == f"{changed}\n"


@pytest.mark.parametrize("question", [
    "Patient ID: AB-44812, allopurinol dose?", "Mrs. Kowalski has gout, is febuxostat safe?",
    "I just took a whole bottle of paracetamol", "Write me a poem about gout",
])  # fmt: skip
def test_what_is_stopped_before_any_search_is_not_kept(copied: Terminal, question: str) -> None:
    assert asked(copied, question)["outcome"] in ("patient_identifiers", "emergency", "out_of_scope")
    assert kept(copied) == []
    content = b"".join(path.read_bytes() for path in Path(copied.home).glob("catalogue.db*"))
    assert question.encode() not in content


def test_a_conversation_with_identifiers_is_not_kept(copied: Terminal) -> None:
    asked(copied, QUESTION, "--after", "Mrs. Kowalski has gout, is febuxostat safe?")
    content = b"".join(path.read_bytes() for path in Path(copied.home).glob("catalogue.db*"))
    assert b"Kowalski" not in content


def test_the_site_may_keep_none(copied: Terminal) -> None:
    asked(copied, QUESTION, SEQUITUR_ANSWER_DAYS="0")
    assert kept(copied) == []


def test_answers_are_removed_after_their_time(copied: Terminal) -> None:
    old = asked(copied, QUESTION)
    with sqlite3.connect(copied.home / "catalogue.db") as connection:
        connection.execute("UPDATE answer SET created = '2020-01-01T00:00:00+00:00'")
    connection.close()
    new = asked(copied, QUESTION)
    assert kept(copied) == [new["id"]]
    assert old["id"] in copied.fails("replay", old["id"])


def test_a_backup_answers_as_the_home_did(copied: Terminal, tmp_path: Path) -> None:
    said = asked(copied, QUESTION)
    file = tmp_path / "backup.tar.zst"
    assert copied.run("backup", str(file)).exit_code == 0
    other = Terminal(tmp_path / "other" / "home")
    assert other.run("restore", str(file)).exit_code == 0
    assert other.run("replay", said["id"]).exit_code == 0
    again = asked(other, QUESTION)
    differing = {name for name in said if said[name] != again[name]} - {"id", "created"}
    assert differing == set()
    assert "not empty" in other.fails("restore", str(file))
    kinds = [one["kind"] for one in json.loads(copied.run("jobs", "--json").stdout)]
    assert kinds[0] == "backup"
