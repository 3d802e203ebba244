"""SciFact: relevant is what a claim cites, with evidence or without."""

from pathlib import Path

import pytest

from assistant.evaluation.adapters.scifact import open_scifact
from tests.assistant.evaluation.adapters.writing import fault, put_lines

ABSTRACTS = [
    {"doc_id": 11, "title": "One", "abstract": ["First.", "Second."], "structured": False},
    {"doc_id": 12, "title": "Two", "abstract": ["Third."], "structured": True},
]
CLAIMS = [
    {"id": 1, "claim": "A.", "evidence": {}, "cited_doc_ids": [12]},
    {
        "id": 2,
        "claim": "B.",
        "evidence": {"11": [{"sentences": [0, 1], "label": "SUPPORT"}, {"sentences": [1], "label": "CONTRADICT"}]},
        "cited_doc_ids": [11, 12],
    },
    {"id": 3, "claim": "C cites nothing.", "evidence": {}, "cited_doc_ids": []},
]


def folder(path: Path, *more: object, packing: str = "", split: str = "train") -> Path:
    put_lines(path / f"corpus.jsonl{packing}", ABSTRACTS)
    put_lines(path / f"claims_{split}.jsonl{packing}", [*CLAIMS, *more])
    return path


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_all_cited_abstracts_are_relevant(tmp_path: Path, packing: str) -> None:
    found = open_scifact(folder(tmp_path, packing=packing))
    assert found.name == "scifact"
    assert [(one.id, one.text, one.relevant) for one in found.queries] == [
        ("1", "A.", {"12": 1}),
        ("2", "B.", {"11": 1, "12": 1}),
    ]
    assert [(one.id, one.work.title, one.text) for one in found.documents()] == [
        ("11", "One", "First. Second."),
        ("12", "Two", "Third."),
    ]


def test_splits_are_kept_apart(tmp_path: Path) -> None:
    folder(tmp_path, split="dev")
    assert open_scifact(tmp_path, "dev").name == "scifact-dev"
    fault(lambda: open_scifact(tmp_path), "claims_train.jsonl")
    fault(lambda: open_scifact(tmp_path, "test"), "no judged split test", "train, dev")


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ({"id": 1, "claim": "x", "evidence": {}, "cited_doc_ids": [11]}, "field id: 1 stands in line 1"),
        ({"id": 4, "claim": "x", "evidence": {}, "cited_doc_ids": [99]}, "field cited_doc_ids: 99 not among"),
        ({"id": 4, "claim": "x", "evidence": {}}, "missing required field `cited_doc_ids`"),
        ({"id": 4, "claim": "", "evidence": {}, "cited_doc_ids": []}, "field claim"),
        (
            {"id": 4, "claim": "x", "evidence": {"11": [{"label": "MAYBE", "sentences": []}]}, "cited_doc_ids": [11]},
            "label: Invalid enum value 'MAYBE'",
        ),
        ({"id": 4, "claim": "x", "evidence": [], "cited_doc_ids": [11]}, "field evidence"),
    ],
)
def test_claims_that_cannot_be_are_told(tmp_path: Path, claim: object, told: str) -> None:
    fault(lambda: open_scifact(folder(tmp_path, claim)), "claims_train.jsonl, line 4", told)


def test_an_abstract_that_is_there_twice_is_told(tmp_path: Path) -> None:
    put_lines(folder(tmp_path) / "corpus.jsonl", [*ABSTRACTS, ABSTRACTS[0]])
    fault(lambda: open_scifact(tmp_path), "corpus.jsonl, line 3: field doc_id: 11 stands in line 1")
