"""BEIR folders: every judged query, no other; splits; what cannot be true of a set is told."""

from pathlib import Path

import pytest

from assistant.evaluation.adapters.beir import open_beir
from tests.assistant.evaluation.adapters.writing import fault, put, put_lines

HEADER = "query-id\tcorpus-id\tscore\n"
DOCUMENTS = [
    {"_id": "d1", "title": "On gout", "text": "Colchicine was given.", "metadata": {}},
    {"_id": "d2", "title": "", "text": "Rest."},
    {"_id": "d3", "title": "Only a title", "text": ""},
]
QUERIES = [{"_id": "q1", "text": "gout?"}, {"_id": "q2", "text": "unjudged"}, {"_id": "q3", "text": "rest?"}]


def folder(path: Path, *, packing: str = "", train: str = "q3\td2\t2\nq1\td1\t1\nq1\td2\t0\n") -> Path:
    put_lines(path / f"corpus.jsonl{packing}", DOCUMENTS)
    put_lines(path / f"queries.jsonl{packing}", QUERIES)
    put(path / f"qrels/train.tsv{packing}", HEADER + train)
    return path


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_a_folder_is_read_however_it_is_packed(tmp_path: Path, packing: str) -> None:
    found = open_beir(folder(tmp_path / "my set", packing=packing))
    assert found.name == "beir-my-set-train"
    assert [(one.id, one.text, one.relevant) for one in found.queries] == [
        ("q1", "gout?", {"d1": 1}),
        ("q3", "rest?", {"d2": 2}),
    ]
    assert found.relevant == {"q1": {"d1": 1}, "q3": {"d2": 2}}


def test_documents_have_title_and_text_and_can_be_asked_for_again(tmp_path: Path) -> None:
    found = open_beir(folder(tmp_path))
    for _ in range(2):
        told = [(one.id, one.work.title, one.text, len(one.sections)) for one in found.documents()]
        assert told == [
            ("d1", "On gout", "Colchicine was given.", 1),
            ("d2", "", "Rest.", 1),
            ("d3", "Only a title", "Only a title", 1),
        ]


def test_a_split_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    put(folder(tmp_path) / "qrels/test.tsv", HEADER + "q2\td3\t1\n")
    fault(lambda: open_beir(tmp_path), "test, train", "beir:PATH#test")
    fault(lambda: open_beir(tmp_path, "dev"), "no split dev", "test, train")
    fault(lambda: open_beir(tmp_path, "../qrels/test"), "no split")
    test, train = open_beir(tmp_path, "test"), open_beir(tmp_path, "train")
    assert [one.id for one in test.queries] == ["q2"]
    assert test.digest != train.digest


def test_a_query_to_which_nothing_is_relevant_is_no_query(tmp_path: Path) -> None:
    assert open_beir(folder(tmp_path, train="q1\td1\t0\nq3\td2\t-1\n")).queries == ()


@pytest.mark.parametrize(
    ("train", "told"),
    [
        ("q1\td9\t1\n", "train.tsv: field corpus-id: d9 is not in corpus.jsonl"),
        ("q9\td1\t1\n", "train.tsv: field query-id: q9 is not in queries.jsonl"),
        ("q1\td1\thigh\n", "line 2: field score: 'high' is no whole number"),
        ("q1\td1\t1\nq1\td1\t2\n", "line 3: field score"),
        ("q1\td1\n", "line 2: not as many fields"),
    ],
)
def test_judgements_that_cannot_be_are_told(tmp_path: Path, train: str, told: str) -> None:
    fault(lambda: open_beir(folder(tmp_path, train=train)), told)


def test_the_same_judgement_twice_does_no_harm(tmp_path: Path) -> None:
    assert open_beir(folder(tmp_path, train="q1\td1\t1\nq1\td1\t1\n")).relevant == {"q1": {"d1": 1}}


def test_a_table_without_a_header_loses_no_judgement_in_silence(tmp_path: Path) -> None:
    put(folder(tmp_path) / "qrels/train.tsv", "q1\td1\t1\n")
    fault(lambda: open_beir(tmp_path), "line 1", "query-id")


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "again"}', "line 4: field _id: d1 stands in line 1"),
        ("corpus.jsonl", '{"text": "nameless"}', "line 4: Object missing required field `_id`"),
        ("corpus.jsonl", '{"_id": "d4", "text": null}', "line 4: field text"),
        ("queries.jsonl", '{"_id": "q1", "text": "again"}', "line 4: field _id: q1 stands in line 1"),
        ("queries.jsonl", '{"_id": "", "text": "x"}', "line 4: field _id"),
        ("queries.jsonl", "nonsense", "line 4: no JSON object"),
    ],
)
def test_records_that_cannot_be_are_told(tmp_path: Path, name: str, line: str, told: str) -> None:
    with (folder(tmp_path) / name).open("a") as file:
        file.write(line + "\n")
    fault(lambda: open_beir(tmp_path), name, told)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/train.tsv"])
def test_a_file_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    (folder(tmp_path) / name).unlink()
    fault(lambda: open_beir(tmp_path), str(tmp_path), name.rpartition("/")[2].replace("train", "SPLIT"))
