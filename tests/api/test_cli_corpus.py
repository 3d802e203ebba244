"""`sequitur corpus`: what goes in, what is told, what is withdrawn, and how a review goes."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.terminal import Terminal
from tests.tiny import GOUT, HYPERTENSION, LIBRARY, PAPERS

QUESTION = f"{next(iter(GOUT.cited))[:-1]}?"


def added(terminal: Terminal, *words: str, status: int = 0) -> dict[str, Any]:
    result = terminal.run("corpus", "add", "--json", *words)
    assert result.exit_code == status, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def held(terminal: Terminal) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(terminal.run("corpus", "list", "--json").stdout)}


@pytest.fixture
def library(tmp_path: Path) -> tuple[Path, Path]:
    """The tiny library, for a test to change: the folder of articles, and the literature."""
    return LIBRARY.write(tmp_path / "library")


def test_adding_again_changes_nothing_and_an_edit_makes_a_version(empty: Terminal, library: tuple[Path, Path]) -> None:
    articles, literature = library
    count = len(LIBRARY.articles) + len(PAPERS)
    assert added(empty, str(articles), str(literature))["changes"] == {"added": count}
    again = added(empty, str(articles), str(literature))
    assert (again["changes"].get("changed", 0), again["changes"].get("added", 0)) == (0, 0)
    file = articles / "gout.md"
    file.write_text(
        file.read_text("utf-8").replace("gout", "gouty arthritis", 1).replace("id: gouty arthritis", "id: gout")
    )
    file.write_text(file.read_text("utf-8") + "\nA new closing remark.\n")
    assert added(empty, str(articles))["changes"]["changed"] == 1
    assert (held(empty)["gout"]["number"], held(empty)["hypertension"]["number"]) == (2, 1)
    shown = json.loads(empty.run("corpus", "show", "gout", "--json").stdout)
    assert [one["number"] for one in shown["versions"]] == [1, 2]


def test_literature_is_read_before_what_cites_it_whatever_the_order(
    empty: Terminal, library: tuple[Path, Path]
) -> None:
    assert added(empty, *map(str, library))["problems"] == []


def test_a_corrected_reference_reaches_the_articles_that_cite_it(empty: Terminal, library: tuple[Path, Path]) -> None:
    articles, literature = library
    added(empty, str(articles), str(literature))
    works = json.loads(literature.read_text("utf-8"))
    key = GOUT.cited[next(text for text, keys in GOUT.cited.items() if keys)][0]
    for work in works:
        if work["id"] == key:
            work["title"] = "A corrected title"
    literature.write_text(json.dumps(works), "utf-8")
    added(empty, str(literature))
    assert held(empty)["gout"]["number"] == 2


def test_a_file_cannot_approve_itself(empty: Terminal, library: tuple[Path, Path]) -> None:
    articles, literature = library
    file = articles / "gout.md"
    file.write_text(file.read_text("utf-8").replace("status: under_review", "status: approved"))
    added(empty, str(articles), str(literature))
    assert held(empty)["gout"]["review_status"] == "under_review"


BOMB = '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><article>&b;</article>'
OUTSIDE = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/hostname">]><article><front/>&x;</article>'

BAD_FILES: dict[str, tuple[str, str | bytes, str]] = {
    "no front matter": ("a.md", "# Gout", "front matter"),
    "no id": ("a.md", GOUT.markdown.replace("id: gout", "topic2: x"), "id is missing"),
    "unknown status": ("a.md", GOUT.markdown.replace("under_review", "perfect"), "'perfect'"),
    "not YAML": ("a.md", GOUT.markdown.replace("topic: gout", "topic: ["), "YAML"),
    "unknown key": ("a.md", GOUT.markdown.replace("@febu2018", "@febu1999"), "@febu1999"),
    "not UTF-8": ("a.json", b"[\xe9]", ""),
    "not JSON": ("a.json", "[{]", ""),
    "a bomb": ("a.xml", BOMB, ""),
    "an external entity": ("a.xml", OUTSIDE, ""),
    "not XML": ("a.nxml", "<article><front>", ""),
    "half a gzip": ("a.xml.gz", gzip.compress(b"<PubmedArticleSet></PubmedArticleSet>" * 99)[:40], ""),
    "no PDF": ("a.pdf", "%PDF-1.7 hello", ""),
    "no archive": ("a.tar", "hello", ""),
    "nothing": ("a.xml", "", ""),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_one_bad_file_is_reported_and_does_not_stop_the_rest(
    empty: Terminal, library: tuple[Path, Path], kind: str
) -> None:
    name, content, said = BAD_FILES[kind]
    articles, literature = library
    bad = articles / name
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = empty.run("corpus", "add", str(articles), str(literature))
    assert result.exit_code == 3, result.output
    assert str(bad) in result.stderr
    assert said in result.stderr
    assert set(held(empty)) >= {"gout", "hypertension", "scurvy"}
    assert empty.run("corpus", "add", str(articles)).exit_code == 3, "told again until it is mended"


def test_two_files_that_claim_one_id_are_told_and_neither_overwrites_the_other(
    empty: Terminal, library: tuple[Path, Path]
) -> None:
    articles, literature = library
    added(empty, str(articles), str(literature))
    other = articles / "other.md"
    other.write_text(GOUT.markdown + "\nSomething else.\n", "utf-8")
    for _ in range(2):
        report = added(empty, str(articles), status=3)
        assert [problem["file"] for problem in report["problems"]] == [str(other)]
        assert held(empty)["gout"]["number"] == 1
    (articles / "gout.md").unlink()
    added(empty, str(other))
    assert (held(empty)["gout"]["number"], held(empty)["gout"]["origin"]) == (2, str(other))


def test_a_path_with_nothing_at_it(empty: Terminal, tmp_path: Path) -> None:
    assert "nowhere" in empty.fails("corpus", "add", str(tmp_path / "nowhere"))


def test_what_is_gone_is_withdrawn_when_asked_and_comes_back(empty: Terminal, library: tuple[Path, Path]) -> None:
    articles, literature = library
    added(empty, str(articles), str(literature))
    file = articles / "gout.md"
    content = file.read_bytes()
    file.unlink()
    added(empty, str(articles))
    assert held(empty).keys() >= {"gout"}
    assert added(empty, str(articles), "--withdraw-missing")["withdrawn"] == ["gout"]
    assert "gout" not in held(empty)
    file.write_bytes(content)
    assert added(empty, str(articles))["changes"]["returned"] == 1
    assert "gout" in held(empty)


def test_nothing_is_withdrawn_when_something_could_not_be_read(empty: Terminal, library: tuple[Path, Path]) -> None:
    articles, literature = library
    added(empty, str(articles), str(literature))
    (articles / "gout.md").unlink()
    (articles / "bad.md").write_text("# nothing")
    assert added(empty, str(articles), "--withdraw-missing", status=3)["withdrawn"] == []
    assert "gout" in held(empty)


def test_a_withdrawal_by_hand_counts_at_once_and_no_file_undoes_it(copied: Terminal, sources: list[str]) -> None:
    def cited() -> set[str]:
        return {one["id"] for one in json.loads(copied.run("ask", "--json", QUESTION).stdout)["sources"]}

    assert "gout" in cited()
    assert copied.run("corpus", "withdraw", "gout", "--why", "being rewritten").exit_code == 0
    assert "gout" not in cited()
    copied.run("corpus", "add", *sources)
    assert "gout" not in held(copied)
    assert copied.run("index", "build").exit_code == 0
    assert "gout" not in cited()
    assert copied.run("corpus", "restore", "gout").exit_code == 0
    assert copied.run("index", "build").exit_code == 0
    assert "gout" in cited()


def test_a_review_from_beginning_to_end(copied: Terminal) -> None:
    def answer(**environment: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(copied.run("ask", "--json", QUESTION, **environment).stdout)
        return found

    strict = {"SEQUITUR_POLICY": "approved"}
    assert answer(**strict)["outcome"] == "insufficient_evidence"
    words = ("corpus", "review", "approve", "gout", "--why", "checked", "--re-review", "2999-01-01")
    assert copied.run(*words, "--who", "Anna", SEQUITUR_APPROVERS="2").exit_code == 0
    assert held(copied)["gout"]["review_status"] == "under_review"
    assert "another person" in copied.fails(*words, "--who", "Anna", SEQUITUR_APPROVERS="2")
    assert copied.run(*words, "--who", "Bo", SEQUITUR_APPROVERS="2").exit_code == 0
    assert held(copied)["gout"]["review_status"] == "approved"
    assert copied.run("index", "build").exit_code == 0
    given = answer(**strict)
    assert {one["review_status"] for s in given["statements"] for one in s["citations"]} == {"approved"}
    assert given["provenance"]["policy"] != answer()["provenance"]["policy"]
    history = copied.run("corpus", "review", "history", "gout").stdout
    assert history.index("Anna") < history.index("Bo")
    queue = json.loads(copied.run("corpus", "review", "queue", "--json").stdout)
    assert HYPERTENSION.id in {one["id"] for one in queue["waiting"]}
    assert "gout" not in {one["id"] for one in queue["waiting"]}


@pytest.mark.parametrize("words", [
    ("corpus", "show", "pellagra"), ("corpus", "withdraw", "pellagra", "--why", "x"), ("corpus", "restore", "pellagra"),
    ("corpus", "impact", "pellagra"), ("corpus", "review", "history", "pellagra"),
    ("corpus", "review", "start", "pellagra", "--why", "x"), ("replay", "00000000"),
])  # fmt: skip
def test_what_is_not_held_is_named(copied: Terminal, words: tuple[str, ...]) -> None:
    assert words[
        2 if words[0] == "corpus" and words[1] != "review" else -1 if words[0] == "replay" else 3
    ] in copied.fails(*words)
