"""Access keys at the terminal: shown once and alone, listed without their text, ended at once, carried by a backup."""

import json
import re
from pathlib import Path

import pytest

from api.cli.session import open_catalogue
from api.settings import Settings
from corpus.catalogue import answers, conversations, keys
from corpus.catalogue.answers import Given
from corpus.catalogue.conversations import Conversation
from corpus.catalogue.keys import ApiKey, Role
from tests.api.terminal import Terminal

KEY = re.compile(r"sq_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\n")
NOW = "2026-11-22T10:00:00+00:00"
ASKED = Given("a1", NOW, "s1", "answered", '{"text":"What helps?"}', "{}", (), "")


def settings(terminal: Terminal) -> Settings:
    return Settings.from_environment({"SEQUITUR_HOME": str(terminal.home)})


def create(terminal: Terminal, name: str = "ward 3", role: Role = Role.CLINICIAN) -> str:
    result = terminal.run("keys", "create", name, "--role", role)
    assert result.exit_code == 0, result.output
    return result.stdout.removesuffix("\n")


def found(terminal: Terminal, text: str) -> ApiKey | None:
    with open_catalogue(settings(terminal)) as catalogue, catalogue.reading() as connection:
        return keys.find(connection, text)


@pytest.mark.parametrize("role", Role)
def test_a_key_is_printed_alone_so_that_it_can_be_piped(empty: Terminal, role: Role) -> None:
    result = empty.run("keys", "create", "ward 3", "--role", role)
    assert result.exit_code == 0
    assert KEY.fullmatch(result.stdout)
    text = result.stdout.strip()
    assert text[12:] not in result.stderr
    for said in (text[3:11], role, "ward 3", "cannot be shown again"):
        assert said in result.stderr
    made = found(empty, text)
    assert made is not None
    assert (made.id, made.name, made.role) == (text[3:11], "ward 3", role)


def test_every_key_is_another(empty: Terminal) -> None:
    assert len({create(empty)[12:] for _ in range(5)}) == 5


def test_the_list_tells_everything_but_the_keys(empty: Terminal) -> None:
    ward, notebook = create(empty, "ward 3"), create(empty, "notebook", Role.EVALUATOR)
    with open_catalogue(settings(empty)) as catalogue:
        keys.recognise(catalogue, notebook, NOW)
    empty.run("keys", "revoke", ward[3:11])
    shown, listed = empty.run("keys", "list").stdout, empty.run("keys", "list", "--json").stdout
    for said in (shown, listed):
        assert ward[12:] not in said
        assert notebook[12:] not in said
    by_name = {one["name"]: one for one in json.loads(listed)}
    assert set(by_name["ward 3"]) == {"id", "name", "role", "created", "revoked", "last_used"}
    assert (by_name["ward 3"]["role"], by_name["ward 3"]["last_used"]) == ("clinician", "")
    assert by_name["ward 3"]["revoked"] >= by_name["ward 3"]["created"] > "2026"
    assert (by_name["notebook"]["revoked"], by_name["notebook"]["last_used"]) == ("", NOW[:10])
    lines = {line.split("  ")[-1]: line for line in shown.splitlines()}
    assert "never used" in lines["ward 3"]
    assert f"revoked {by_name['ward 3']['revoked']}" in lines["ward 3"]
    assert f"last used {NOW[:10]}" in lines["notebook"]


def test_an_empty_list_tells_how_to_make_one(empty: Terminal) -> None:
    result = empty.run("keys", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "sequitur keys create" in result.stderr
    assert json.loads(empty.run("keys", "list", "--json").stdout) == []


def test_a_revoked_key_is_none_any_more(empty: Terminal) -> None:
    text, other = create(empty), create(empty)
    result = empty.run("keys", "revoke", text[3:11], "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == text[3:11]
    assert found(empty, text) is None
    assert found(empty, other)
    assert "revoked" in empty.run("keys", "revoke", text[3:11]).stdout


def test_what_is_no_id_is_told_and_the_key_that_was_pasted_is_not(empty: Terminal) -> None:
    text = create(empty)
    assert "sequitur keys list" in empty.fails("keys", "revoke", "00000000")
    assert text[12:] not in empty.fails("keys", "revoke", text)
    assert found(empty, text)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 101])
def test_a_name_that_is_none(empty: Terminal, name: str) -> None:
    assert "does not name a key" in empty.fails("keys", "create", name, "--role", "clinician")
    assert json.loads(empty.run("keys", "list", "--json").stdout) == []


@pytest.mark.parametrize("words", [("ward 3",), ("ward 3", "--role", "admin"), ("--role", "clinician")])
def test_a_key_needs_a_name_and_a_role(empty: Terminal, words: tuple[str, ...]) -> None:
    result = empty.run("keys", "create", *words)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_backup_carries_keys_and_conversations(empty: Terminal, tmp_path: Path) -> None:
    text, revoked = create(empty), create(empty)
    empty.run("keys", "revoke", revoked[3:11])
    one = converse(empty, text[3:11])
    file = tmp_path / "backup.tar.zst"
    assert empty.run("backup", str(file)).exit_code == 0
    other = Terminal(tmp_path / "other" / "home")
    assert other.run("restore", str(file)).exit_code == 0
    assert found(other, text) == found(empty, text)
    assert found(other, text)
    assert found(other, revoked) is None
    with open_catalogue(settings(other)) as catalogue, catalogue.reading() as connection:
        assert conversations.of_owner(connection, text[3:11], 9) == [one]
        assert [turn.id for turn in conversations.turns(connection, one.id)] == ["a1"]
        assert [told.reason for told in answers.feedback_on(connection, "a1")] == ["clear"]


def converse(terminal: Terminal, owner: str) -> Conversation:
    with open_catalogue(settings(terminal)) as catalogue, catalogue.writing() as connection:
        one = conversations.create(connection, owner, "gout", "clinician", NOW)
        answers.keep(connection, ASKED)
        answers.keep_feedback(connection, "a1", True, "clear", NOW)
        conversations.append(connection, one.id, "a1", NOW)
    return one
