"""A set by name and place."""

from pathlib import Path

import pytest

from assistant.evaluation.adapters import ADAPTERS, open_set
from assistant.evaluation.sets import RetrievalSet
from tests.assistant.evaluation.adapters.writing import fault, put_lines

PAIR = {"id": "1", "question": "x", "answer": "y"}


@pytest.mark.parametrize("spec", ["trec:/x", "scifact", "", ":", "/x", "Scifact:/x"])
def test_an_unknown_name_lists_the_known_ones(spec: str) -> None:
    fault(lambda: open_set(spec), *ADAPTERS)


@pytest.mark.parametrize("name", sorted(ADAPTERS))
@pytest.mark.parametrize("place", ["/nowhere/at/all", "/nowhere#1", "", "a\0b", "x" * 5000, "#"])
def test_a_place_with_nothing_is_told(name: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fault(lambda: open_set(f"{name}:{place}"))


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_an_empty_folder_is_told(name: str, tmp_path: Path) -> None:
    fault(lambda: open_set(f"{name}:{tmp_path}"), str(tmp_path))


@pytest.mark.parametrize("folder", ["plain", "C#", "a:b", "a#2"])
def test_a_part_follows_the_last_mark_unless_a_file_is_called_so(tmp_path: Path, folder: str) -> None:
    put_lines(tmp_path / folder / "medquad.jsonl", [PAIR, {**PAIR, "id": "2", "answer": "z"}])
    whole, half = open_set(f"medquad:{tmp_path / folder}"), open_set(f"medquad:{tmp_path / folder}#2")
    assert isinstance(whole, RetrievalSet)
    assert isinstance(half, RetrievalSet)
    assert (len(list(whole.documents())), len(list(half.documents()))) == (2, 1)
