"""PubMedQA: both layouts give the same; a question's answer is its own abstract."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.evaluation.adapters.pubmedqa import open_pubmedqa
from tests.assistant.evaluation.adapters.writing import fault, put, put_lines

QUESTIONS = {"90000001": ("Does it help?", ["It was tried.", "It was seen."]), "90000002": ("Is it safe?", ["Yes."])}


def lines(path: Path, packing: str = "") -> Path:
    return put_lines(
        path / f"pubmedqa.jsonl{packing}",
        [
            {"pmid": pmid, "question": question, "contexts": [{"label": "X", "text": text} for text in contexts]}
            for pmid, (question, contexts) in QUESTIONS.items()
        ],
    )


def upstream(path: Path, packing: str = "") -> Path:
    entries = {
        pmid: {"QUESTION": question, "CONTEXTS": contexts, "LABELS": ["X"], "final_decision": "yes", "YEAR": None}
        for pmid, (question, contexts) in QUESTIONS.items()
    }
    return put(path / f"ori_pqal.json{packing}", json.dumps(entries))


@pytest.mark.parametrize("write", [lines, upstream])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("by_folder", [True, False])
def test_a_question_is_answered_by_its_abstract(
    tmp_path: Path, write: Callable[[Path, str], Path], packing: str, by_folder: bool
) -> None:
    file = write(tmp_path, packing)
    found = open_pubmedqa(tmp_path if by_folder else file)
    assert [(one.id, one.text, one.relevant) for one in found.queries] == [
        ("90000001", "Does it help?", {"90000001": 1}),
        ("90000002", "Is it safe?", {"90000002": 1}),
    ]
    assert [(one.id, one.work.title, one.text) for one in found.documents()] == [
        ("90000001", "", "It was tried.\n\nIt was seen."),
        ("90000002", "", "Yes."),
    ]


def test_what_cannot_be_is_told(tmp_path: Path) -> None:
    fault(lambda: open_pubmedqa(tmp_path), "neither ori_pqal.json and pubmedqa.jsonl")
    file = lines(tmp_path)
    with file.open("a") as more:
        more.write(file.read_text().splitlines()[0] + "\n")
    fault(lambda: open_pubmedqa(tmp_path), "line 3: field pmid: 90000001 stands in line 1")
    upstream(tmp_path)
    fault(lambda: open_pubmedqa(tmp_path), "both")
    fault(lambda: open_pubmedqa(file, "half"), "#half")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"1": {"QUESTION": "x", "CONTEXTS": []}, "1": {"QUESTION": "y", "CONTEXTS": []}}', "stands twice"),
        ('{"1": {"QUESTION": "x"}}', "CONTEXTS"),
        ('{"1": {"QUESTION": "", "CONTEXTS": []}}', "QUESTION"),
        ('{"1": {"QUESTION": "x", "CONTEXTS": "y"}}', "CONTEXTS"),
        ("[]", "Expected `object`"),
    ],
)
def test_a_file_that_cannot_be_is_told(tmp_path: Path, text: str, told: str) -> None:
    fault(lambda: open_pubmedqa(put(tmp_path / "ori_pqal.json", text)), "ori_pqal.json", told)
