"""What tells whether two runs may be compared: the corpus whatever its index, the program whatever it is asked."""

import platform
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation import provenance
from assistant.evaluation.provenance import code_digest, fingerprint, machine
from indexer.dense import DenseRecord
from indexer.encoder import EncoderIdentity
from indexer.snapshot import Manifest

ROOT = Path(__file__).parents[3]
MANIFEST = Manifest(
    "5a4b", "2026-01-02", "tiny 1", 1, EncoderIdentity("e", "1", 8, 16), 16, {"a": "v1", "b": "v2"}, 3, 4,
    DenseRecord("exact", {}, 1.0, ""), {},
)  # fmt: skip


def test_a_corpus_is_its_documents_and_their_versions_however_indexed() -> None:
    same = replace(
        MANIFEST, id="other", created="later", software="tiny 2", encoder=EncoderIdentity("f", "2", 9, 20), passages=9,
        documents={"b": "v2", "a": "v1"},
    )  # fmt: skip
    assert fingerprint(same) == fingerprint(MANIFEST)
    assert len(fingerprint(MANIFEST)) == 16


@pytest.mark.parametrize(
    "documents", [{}, {"a": "v1"}, {"a": "v1", "b": "v3"}, {"a": "v1", "c": "v2"}, {"a": "v2", "b": "v1"}]
)
def test_another_document_or_version_is_another_corpus(documents: dict[str, str]) -> None:
    assert fingerprint(replace(MANIFEST, documents=documents)) != fingerprint(MANIFEST)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program, whose digest is taken instead."""
    for room in ("corpus", "indexer", "assistant", "api"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(provenance, "files", lambda room: tmp_path / room)
    return tmp_path


def added(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


PARTS = (
    "assistant/pipeline.py", "assistant/evaluation/measures/citations.py", "indexer/search.py", "api/schemas.py",
    "corpus/sentences.py", "assistant/sufficiency_model.json", "assistant/demands.yaml", "corpus/vocabulary.yaml",
    "corpus/policy/disclaimer.md", "assistant/evaluation/report/templates/parts.html.j2",
)  # fmt: skip
NO_PARTS = ("corpus/articles/gout.md", "corpus/references.json", "assistant/evaluation/suites/starter.jsonl")


@pytest.mark.parametrize("change", [added, Path.unlink])
@pytest.mark.parametrize("part", PARTS)
def test_a_change_to_a_part_of_the_program_is_another_program(
    program: Path, part: str, change: Callable[[Path], None]
) -> None:
    before = code_digest()
    change(program / part)
    assert code_digest() != before


def test_a_part_that_moves_is_another_program(program: Path) -> None:
    before = code_digest()
    (program / "assistant" / "intent.py").rename(program / "assistant" / "intents.py")
    assert code_digest() != before


@pytest.mark.parametrize("part", NO_PARTS)
def test_what_is_asked_and_what_it_is_asked_of_are_no_part_of_it(program: Path, part: str) -> None:
    before = code_digest()
    added(program / part)
    for name in ("suites/about.md", "baselines/mine/floors.json"):
        path = program / "assistant" / "evaluation" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (program / "assistant" / "__pycache__").mkdir()
    (program / "assistant" / "__pycache__" / "left.py").write_text("x")
    (program / "assistant" / "notes.txt").write_text("x")
    assert code_digest() == before


def test_a_copy_of_the_program_is_the_same_program(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = code_digest()
    monkeypatch.undo()
    assert code_digest() == copied
    assert len(copied) == 16


def test_the_machine_is_named_in_one_line() -> None:
    assert machine() == machine()
    assert "\n" not in machine()
    assert machine().endswith(f"Python {platform.python_version()}")
    assert not machine().startswith(",")
