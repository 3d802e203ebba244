"""`sequitur index`: build beside the live one, list, verify, activate; what a list of retractions changes."""

import json
from typing import Any

from tests.api.terminal import Terminal
from tests.tiny import PAPERS

LESINURAD = next(paper for paper in PAPERS if paper.key == "lesin2015")
QUESTION = f"{LESINURAD.findings[0][:-1]}?"


def listed(terminal: Terminal) -> dict[str, bool]:
    """The ids that are listed, newest first, and whether each is live."""
    lines = terminal.run("index", "list").stdout.splitlines()
    return {line[2:].split()[0]: line.startswith("*") for line in lines}


def ask(terminal: Terminal, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(terminal.run("ask", "--json", *words).stdout)
    return answer


def test_list_and_verify(built: Terminal) -> None:
    (id,) = listed(built)
    assert listed(built) == {id: True}
    result = built.run("index", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{id} is intact")
    assert built.run("index", "verify", id).stdout == result.stdout


def test_building_the_same_again_changes_nothing(copied: Terminal, sources: list[str]) -> None:
    before = {name: (copied.home / name).stat().st_mtime_ns for name in copied.files() if "/" in name[10:]}
    result = copied.run("index", "build", "--if-needed", *sources)
    assert result.exit_code == 0
    assert "up to date" in result.stderr
    assert {name: (copied.home / name).stat().st_mtime_ns for name in before} == before


def test_a_retraction_arrives_is_obeyed_and_can_be_rolled_back(copied: Terminal, sources: list[str]) -> None:
    (first,) = listed(copied)
    for article in ([], ["--article", "gout"]):
        assert LESINURAD.id in {source["id"] for source in ask(copied, QUESTION, *article)["sources"]}

    notices = copied.home.parent / "retractions.tsv"
    notices.write_text(f"doi\tstatus\nhttps://doi.org/{LESINURAD.doi.upper()}\tretracted\n", "utf-8")
    result = copied.run("index", "build", *sources, "--retractions", str(notices), "--no-activate")
    assert result.exit_code == 0
    second = result.stdout.split()[0]
    assert listed(copied) == {second: False, first: True}
    assert ask(copied, QUESTION)["provenance"]["snapshot"] == first

    assert copied.run("index", "activate", second).stdout.startswith(f"* {second}")
    assert listed(copied) == {second: True, first: False}
    for article in ([], ["--article", "gout"]):
        answer = ask(copied, QUESTION, *article)
        assert answer["provenance"]["snapshot"] == second
        shown = json.dumps([answer["statements"], answer["sources"], answer["related"]])
        assert LESINURAD.id not in shown
        assert "esinurad" not in shown
    needed = copied.run("index", "build", "--if-needed", *sources, "--retractions", str(notices))
    assert "up to date" in needed.stderr

    assert copied.run("index", "activate", first).exit_code == 0
    assert LESINURAD.id in {source["id"] for source in ask(copied, QUESTION)["sources"]}


def test_a_concern_from_the_list_is_shown_and_may_be_cited(copied: Terminal, sources: list[str]) -> None:
    notices = copied.home.parent / "concerns.tsv"
    notices.write_text(f"doi\tstatus\n{LESINURAD.doi}\texpression_of_concern\n", "utf-8")
    assert copied.run("index", "build", *sources, "--retractions", str(notices)).exit_code == 0
    (source,) = [source for source in ask(copied, QUESTION)["sources"] if source["id"] == LESINURAD.id]
    assert source["source_status"] == "expression_of_concern"
    assert "expression of concern" in " ".join(copied.run("ask", QUESTION).stdout.split())
