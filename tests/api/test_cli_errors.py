"""Bad input: one line that names the thing and the remedy, a status that is not 0, and nothing half-written."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from indexer.snapshot import MANIFEST
from tests.api.terminal import Terminal
from tests.tiny import GOUT, PAPERS, Library

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
    ("index", "activate"), ("serve",), ("index", "burn"),
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
        for words in (("ask", QUESTION), ("index", "verify"), ("index", "activate", folder.name)):
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
def test_activating_what_is_not_there(copied: Terminal, id: str) -> None:
    before = (copied.home / "current").read_text()
    line = copied.fails("index", "activate", id)
    assert "sequitur index list" in line
    assert not {"\u202e", "\x1b"} & set(line)
    assert (copied.home / "current").read_text() == before


def test_an_encoder_that_is_not_the_one_that_built(copied: Terminal, tmp_path: Path) -> None:
    assert "SEQUITUR_ENCODER" in copied.fails("ask", QUESTION, SEQUITUR_ENCODER=str(tmp_path / "nowhere"))
    (tmp_path / "model").mkdir()
    assert "model" in copied.fails("ask", QUESTION, SEQUITUR_ENCODER=str(tmp_path / "model"))


def without(field: str) -> str:
    return "\n".join(line for line in GOUT.markdown.splitlines() if not line.startswith(f"{field}:"))


BOMB = '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><article>&b;</article>'
OUTSIDE = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/hostname">]><article><front/>&x;</article>'
ARTICLE, PAPER = "articles/gout.md", "papers.json"

# The file that is wrong, what it holds (None: it is not there), and what the message says beside its name.
BAD_SOURCES: dict[str, tuple[str, str | bytes | None, tuple[str, ...]]] = {
    "no front matter": (ARTICLE, "# Gout", ("front matter",)),
    **{f"no {name}": (ARTICLE, without(name), (f"{name} is missing", f"{name}: ..."))
       for name in ("id", "title", "topic", "status", "updated")},
    "unknown status": (ARTICLE, GOUT.markdown.replace("under_review", "perfect"), ("'perfect'", "approved")),
    "not YAML": (ARTICLE, GOUT.markdown.replace("topic: gout", "topic: ["), ("YAML",)),
    "unknown key": (ARTICLE, GOUT.markdown.replace("@febu2018", "@febu1999"), ("@febu1999", "CSL-JSON")),
    "not UTF-8": (PAPER, b"[\xe9]", ("UTF-8",)),
    "not JSON": (PAPER, "[{]", ("JSON",)),
    "not a list": (PAPER, '{"id": "x"}', ("list",)),
    "no title": (PAPER, '[{"id": "x"}]', ("title",)),
    "a key twice": ("more.json", json.dumps([PAPERS[0].record]), ("urate2020",)),
    "no articles": ("nowhere", None, ("folder",)),
    "no literature": ("nowhere.json", None, ()),
    "no JATS": ("nowhere.xml", None, ()),
    "a bomb": ("bomb.xml", BOMB, ()),
    "an external entity": ("outside.xml", OUTSIDE, ()),
    "not XML": ("not.xml", "<article><front>", ()),
    "no archive": ("no.tar", "hello", ("archive",)),
    "no compressed archive": ("no.tar.zst", "hello", ("archive",)),
    "no list of retractions": ("list.tsv", "a\tb\n", ("doi", "status")),
}  # fmt: skip
OPTIONS = {".json": "--literature", ".xml": "--jats", ".tar": "--jats", ".zst": "--jats", ".tsv": "--retractions"}


def options(folder: Path, kind: str) -> list[str]:
    """The command line that names a library with one source that is wrong."""
    wrong, content, _ = BAD_SOURCES[kind]
    (folder / "articles").mkdir(parents=True)
    (folder / ARTICLE).write_text(GOUT.markdown, "utf-8")
    (folder / PAPER).write_text(Library((), PAPERS).csl, "utf-8")
    if content is not None:
        (folder / wrong).write_bytes(content if isinstance(content, bytes) else content.encode())
    given = ["--no-starter", "--articles", str(folder / "articles"), "--literature", str(folder / PAPER)]
    if wrong in (ARTICLE, PAPER):
        return given
    return [*given, OPTIONS.get(Path(wrong).suffix, "--articles"), str(folder / wrong)]


@pytest.mark.parametrize("kind", BAD_SOURCES)
def test_a_source_that_cannot_be_indexed(empty: Terminal, tmp_path: Path, kind: str) -> None:
    line = empty.fails("index", "build", *options(tmp_path / "sources", kind))
    wrong, _, said = BAD_SOURCES[kind]
    assert all(part in line for part in (Path(wrong).name, *said))
    assert_nothing_half_written(empty)


def test_nothing_to_index(empty: Terminal) -> None:
    assert "nothing to index" in empty.fails("index", "build", "--no-starter")
    assert_nothing_half_written(empty)


@pytest.mark.parametrize("kind", ["unknown key", "a bomb", "not XML"])
def test_a_failed_build_leaves_the_live_index_alone(copied: Terminal, tmp_path: Path, kind: str) -> None:
    before = {name for name in copied.files() if "/." not in name}
    copied.fails("index", "build", *options(tmp_path / "sources", kind))
    assert {name for name in copied.files() if "/." not in name} == before
    assert copied.run("ask", QUESTION).exit_code == 0


def test_a_name_in_an_archive_steers_no_terminal(empty: Terminal, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "papers.tar", "w") as archive:
        member = tarfile.TarInfo("\x1b[31m\u202e\nevil.xml")
        member.size = 9
        archive.addfile(member, io.BytesIO(b"<article>"))
    line = empty.fails("index", "build", "--no-starter", "--jats", str(tmp_path / "papers.tar"))
    assert "evil.xml" in line
    assert not {"\u202e", "\x1b"} & set(line)


def assert_nothing_half_written(terminal: Terminal) -> None:
    """No snapshot, no folder of a build, nothing live; hidden files (a lock, a journal) may stay for the next build."""
    assert {name for name in terminal.files() if "/." not in name} <= {"snapshots"}
    assert not [path for path in terminal.home.glob("snapshots/.*") if path.is_dir()]
