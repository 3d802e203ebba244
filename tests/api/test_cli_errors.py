"""Bad input: one line that names the thing and the remedy, a status that is not 0, and nothing half-written."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from indexer.snapshot import MANIFEST
from tests.api.terminal import Terminal

QUESTION = "What is the dose of allopurinol in gout?"


@pytest.mark.parametrize("words", [("ask", QUESTION), ("chat",), ("search", QUESTION), ("index", "verify")])
def test_no_index(empty: Terminal, words: tuple[str, ...]) -> None:
    line = empty.fails(*words)
    assert str(empty.home) in line
    assert "sequitur index build" in line
    assert not empty.home.exists()


def test_listing_no_index_is_no_error(empty: Terminal) -> None:
    result = empty.run("index", "list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "sequitur index build" in result.stderr


BAD_QUESTIONS = [
    ("", "empty"),
    ("   ", "empty"),
    ("?!", "empty"),
    ("x" * 1001, "at most 1000"),
    ("a\x1b[31mb", "U+001B"),
    ("a\x00b", "U+0000"),
]


@pytest.mark.parametrize(("question", "said"), [pytest.param(*one, id=str(n)) for n, one in enumerate(BAD_QUESTIONS)])
def test_a_question_that_cannot_be_asked(built: Terminal, question: str, said: str) -> None:
    for words in (("ask", question), ("search", question), ("ask", QUESTION, "--read-as", question)):
        line = built.fails(*words)
        assert said in line
        assert "\x1b" not in line
    assert said in built.fails("ask", "And then?", "--after", question)


def test_an_unknown_article_is_named_with_those_there_are(built: Terminal) -> None:
    line = built.fails("ask", QUESTION, "--article", "pellagra")
    assert "'pellagra'" in line
    assert "gout, hypertension, scurvy" in line
    assert "pellagra" in built.fails("ask", QUESTION, "--article", "pellagra\u202e\x1b[31m")
    assert not {"\u202e", "\x1b"} & set(built.fails("ask", QUESTION, "--article", "pellagra\u202e\x1b[31m"))


@pytest.mark.parametrize("words", [
    ("ask",), ("ask", QUESTION, "--audience", "robot"), ("ask", QUESTION, "--colour"), ("ask", QUESTION, "extra"),
    ("search", QUESTION, "-k", "0"), ("search", QUESTION, "-k", "many"), ("index", "build", "--jat", "x"),
    ("index", "promote"), ("serve", "--port", "http"), ("serve", "--listen"), ("index", "burn"),
])  # fmt: skip
def test_a_command_line_that_is_not_understood(empty: Terminal, words: tuple[str, ...]) -> None:
    result = empty.run(*words)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert "Usage: " in result.stderr
    assert result.stdout == ""
    assert not empty.home.exists()


def test_a_file_that_is_damaged_is_named(copied: Terminal) -> None:
    (folder,) = [path for path in (copied.home / "snapshots").iterdir() if path.is_dir()]
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        named = path.relative_to(folder).as_posix()
        for words in (("ask", QUESTION), ("index", "verify"), ("index", "promote", folder.name)):
            line = copied.fails(*words)
            assert named in line
            assert "sequitur index" in line
        path.write_bytes(whole)
    assert copied.run("index", "verify").exit_code == 0


def test_a_manifest_that_counts_otherwise(copied: Terminal) -> None:
    (manifest,) = copied.home.glob(f"snapshots/*/{MANIFEST}")
    whole = json.loads(manifest.read_text())
    for name in ("passages", "sentences"):
        for change in (-1, 1, 10**6):
            manifest.write_text(json.dumps({**whole, name: whole[name] + change}))
            assert "rebuild" in copied.fails("ask", QUESTION)


@pytest.mark.parametrize("id", ["0" * 16, "../../etc", "", ".", "/", "..", "a\x1b[31m\u202e"])
def test_promoting_what_is_not_there(copied: Terminal, id: str) -> None:
    before = (copied.home / "current").read_text()
    line = copied.fails("index", "promote", id)
    assert "sequitur index list" in line
    assert not {"\u202e", "\x1b"} & set(line)
    assert (copied.home / "current").read_text() == before


def test_an_encoder_that_is_not_the_one_that_built(copied: Terminal, tmp_path: Path) -> None:
    assert "SEQUITUR_ENCODER" in copied.fails("ask", QUESTION, SEQUITUR_ENCODER=str(tmp_path / "nowhere"))
    (tmp_path / "model").mkdir()
    assert "model" in copied.fails("ask", QUESTION, SEQUITUR_ENCODER=str(tmp_path / "model"))


def test_nothing_to_index(copied: Terminal) -> None:
    for one in json.loads(copied.run("corpus", "list", "--json").stdout):
        copied.run("corpus", "withdraw", one["id"], "--why", "a test")
    before = (copied.home / "current").read_text()
    assert "nothing to index" in copied.fails("index", "build")
    assert (copied.home / "current").read_text() == before


@pytest.mark.parametrize(("name", "value"), [
    ("SEQUITUR_POLICY", "strict"), ("SEQUITUR_APPROVERS", "3"), ("SEQUITUR_ANSWER_DAYS", "-1"), ("SEQUITUR_GATE", "'"),
    ("SEQUITUR_DATABASE", "mysql://nowhere/x"), ("SEQUITUR_DATABASE", "what is this"),
])  # fmt: skip
def test_a_setting_that_cannot_be(copied: Terminal, name: str, value: str) -> None:
    line = copied.fails("index", "build", **{name: value})
    assert name.removeprefix("SEQUITUR_").lower().split("_")[0] in line.lower() or "catalogue" in line


def test_a_name_in_an_archive_steers_no_terminal(empty: Terminal, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "papers.tar", "w") as archive:
        member = tarfile.TarInfo("\x1b[31m\u202e\nevil.xml")
        member.size = 9
        archive.addfile(member, io.BytesIO(b"<article>"))
    result = empty.run("corpus", "add", str(tmp_path / "papers.tar"))
    assert result.exit_code == 3
    assert "evil.xml" in result.stderr
    assert not {"\u202e", "\x1b"} & set(result.stderr)
