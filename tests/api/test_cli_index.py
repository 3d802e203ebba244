"""`sequitur index`: build from the catalogue, compare, promote through a gate, roll back, tidy up."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.terminal import Terminal
from tests.tiny import PAPERS

LESINURAD = next(paper for paper in PAPERS if paper.key == "lesin2015")
QUESTION = f"{LESINURAD.findings[0][:-1]}?"


def listed(terminal: Terminal) -> dict[str, bool]:
    """The ids that are listed, newest first, and whether each is live."""
    lines = terminal.run("index", "list").stdout.splitlines()
    return {line[2:].split()[0]: line.startswith("*") for line in lines}


def live(terminal: Terminal) -> str:
    return (terminal.home / "current").read_text().strip()


def ask(terminal: Terminal, *words: str, **environment: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(terminal.run("ask", "--json", *words, **environment).stdout)
    return answer


def retract(terminal: Terminal, doi: str, status: str = "retracted") -> None:
    """Tell the catalogue what became of a work."""
    notices = terminal.home.parent / f"{status}.tsv"
    notices.write_text(f"doi\tstatus\nhttps://doi.org/{doi.upper()}\t{status}\n", "utf-8")
    result = terminal.run("corpus", "refresh-status", "--no-services", "--list", str(notices))
    assert result.exit_code == 0, result.output


def built_next(terminal: Terminal, *options: str) -> str:
    """The id of a snapshot built now."""
    result = terminal.run("index", "build", *options)
    assert result.exit_code == 0, result.output
    return str(result.stdout.replace("*", " ").split()[0])


def cited(answer: dict[str, Any]) -> set[str]:
    return {source["id"] for source in answer["sources"]}


def test_list_and_verify(built: Terminal) -> None:
    (id,) = listed(built)
    assert listed(built) == {id: True}
    result = built.run("index", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{id} is intact")
    assert built.run("index", "verify", id).stdout == result.stdout
    assert json.loads(built.run("index", "verify", "--json").stdout)["id"] == id
    (row,) = json.loads(built.run("index", "list", "--json").stdout)
    assert (row["id"], row["live"]) == (id, True)


def test_building_the_same_again_encodes_nothing_and_says_so(copied: Terminal, sources: list[str]) -> None:
    before = {name: (copied.home / name).stat().st_mtime_ns for name in copied.files() if "snapshots/" in name}
    assert copied.run("corpus", "add", *sources).exit_code == 0
    result = copied.run("index", "build")
    assert result.exit_code == 0
    assert "nothing was encoded" in result.stderr
    assert result.stdout.startswith(f"* {live(copied)}")
    assert {name: (copied.home / name).stat().st_mtime_ns for name in before} == before


@pytest.mark.slow
def test_a_home_without_anything_gets_the_built_in_corpus(empty: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    built_next(empty)
    ids = {one["id"] for one in json.loads(empty.run("corpus", "list", "--json").stdout)}
    assert {"gout", "myositis"} <= ids
    assert len(ids) > 100


def test_a_retraction_counts_at_once_and_after_the_next_build_and_can_be_looked_behind(copied: Terminal) -> None:
    first = live(copied)
    for article in ([], ["--article", "gout"]):
        assert LESINURAD.id in cited(ask(copied, QUESTION, *article))

    retract(copied, LESINURAD.doi)
    assert live(copied) == first
    for _ in range(2):
        for article in ([], ["--article", "gout"]):
            answer = ask(copied, QUESTION, *article)
            assert answer["provenance"]["snapshot"] == live(copied)
            shown = json.dumps([answer["statements"], answer["sources"], answer["related"]])
            assert LESINURAD.id not in shown
            assert "esinurad" not in shown
        second = built_next(copied)
    assert live(copied) == second != first

    found = json.loads(copied.run("index", "diff", first, second, "--json").stdout)
    assert (found["passages_new"], found["passages_gone"], found["added"], found["removed"]) == (0, 0, [], [])
    assert LESINURAD.id in {change["document_id"] for change in found["statuses"]}

    touched = copied.run("index", "impact", first, second)
    assert touched.exit_code == 3
    assert "retracted" in touched.stdout
    of_document = copied.run("corpus", "impact", LESINURAD.id, "--json")
    assert of_document.exit_code == 3
    assert {one["standing"] for one in json.loads(of_document.stdout)} == {"retracted"}
    assert copied.run("index", "impact", second, second).exit_code == 0


def test_a_concern_is_shown_and_may_be_cited(copied: Terminal) -> None:
    retract(copied, LESINURAD.doi, "expression_of_concern")
    built_next(copied)
    (source,) = [source for source in ask(copied, QUESTION)["sources"] if source["id"] == LESINURAD.id]
    assert source["source_status"] == "expression_of_concern"
    assert "expression of concern" in " ".join(copied.run("ask", QUESTION).stdout.split())


def test_a_snapshot_waits_until_it_is_promoted_and_the_way_back_is_one_word(copied: Terminal) -> None:
    first = live(copied)
    retract(copied, LESINURAD.doi, "expression_of_concern")
    second = built_next(copied, "--no-promote")
    assert listed(copied) == {second: False, first: True}
    assert ask(copied, QUESTION)["provenance"]["snapshot"] == first
    assert ask(copied, QUESTION, SEQUITUR_SNAPSHOT=second)["provenance"]["snapshot"] == second
    assert copied.run("index", "promote", second).stdout.startswith(f"* {second}")
    assert listed(copied) == {second: True, first: False}
    assert copied.run("index", "rollback").stdout.startswith(f"* {first}")
    assert live(copied) == first
    assert "nothing was live before" in copied.fails("index", "rollback")
    again = copied.run("index", "build")
    assert (again.exit_code, live(copied)) == (0, first)
    assert f"sequitur index promote {second}" in again.stderr


def gate(folder: Path, status: int) -> str:
    """A gate that says which snapshot it looks at, and ends with a status."""
    script = folder / "gate.py"
    code = f"import os, sys; print('looked at', os.environ['SEQUITUR_SNAPSHOT'], end='\\x1b[31m'); sys.exit({status})"
    script.write_text(code, "utf-8")
    return f"{sys.executable} {script}"


def test_only_what_passes_the_gate_goes_live(copied: Terminal, tmp_path: Path) -> None:
    first = live(copied)
    retract(copied, LESINURAD.doi)
    refused = copied.run("index", "build", SEQUITUR_GATE=gate(tmp_path, 4))
    second = next(one for one in listed(copied) if one != first)
    assert refused.exit_code == 1
    assert f"looked at {second}" in refused.stderr
    assert "status 4" in refused.stderr
    assert "\x1b" not in refused.stderr
    assert live(copied) == first
    passed = copied.run("index", "promote", second, "--json", SEQUITUR_GATE=gate(tmp_path, 0))
    assert passed.exit_code == 0
    assert json.loads(passed.stdout)["previous"] == first
    assert live(copied) == second
    missing = copied.run("index", "promote", first, SEQUITUR_GATE="/nowhere/gate --strict")
    assert (missing.exit_code, live(copied)) == (1, second)


def test_gc_keeps_what_is_live_what_is_before_and_what_answers_need(copied: Terminal) -> None:
    first = live(copied)
    asked = ask(copied, QUESTION)
    made = [first]
    for status in ("expression_of_concern", "retracted"):
        retract(copied, LESINURAD.doi, status)
        made.append(built_next(copied))
    assert json.loads(copied.run("index", "gc", "--keep", "0", "--json").stdout)["removed"] == []
    assert asked["provenance"]["snapshot"] == first
    would = copied.run("index", "gc", "--keep", "0", "--with-answers", "--dry-run")
    assert first in would.stdout
    assert set(listed(copied)) == set(made)
    assert json.loads(copied.run("index", "gc", "--keep", "0", "--with-answers", "--json").stdout)["removed"] == [first]
    assert set(listed(copied)) == set(made[1:])
    gone = copied.run("replay", asked["id"])
    assert gone.exit_code == 3
    assert first in gone.stderr
    assert json.loads(gone.stdout)["id"] == asked["id"]


def test_a_retraction_by_pmid_alone_bars_what_is_known_by_its_doi(copied: Terminal) -> None:
    """Another notice says that both names are of one work."""
    notices = copied.home.parent / "linked.tsv"
    rows = (f"{LESINURAD.doi}\tcorrected\t90000001", "\tretracted\t90000001")
    notices.write_text("\n".join(("doi\tstatus\tpmid", *rows)) + "\n", "utf-8")
    assert copied.run("corpus", "refresh-status", "--no-services", "--list", str(notices)).exit_code == 0
    assert LESINURAD.id not in cited(ask(copied, QUESTION))
