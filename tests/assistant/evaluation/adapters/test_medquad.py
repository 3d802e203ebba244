"""MedQuAD: equal answers are one document, and every answer given to a question is relevant to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.adapters.medquad import open_medquad
from tests.assistant.evaluation.adapters.writing import fault, put, put_lines

PAIRS = [
    ("S_1_1", "What is gout ?", "It is  a\n disease.", "Gout"),
    ("S_1_2", "Who gets gout ?", "Men do.", "Gout"),
    ("S_2_1", "What is  podagra ?", "It is a disease.", "Podagra"),
    ("S_2_2", "What is gout ?", "It hurts.", ""),
    ("S_2_3", "What is left ?", " ", "Rest"),
]


def lines(path: Path) -> Path:
    return put_lines(
        path / "medquad.jsonl.zst",
        [{"id": name, "question": q, "answer": a, "focus": focus or None, "url": "x"} for name, q, a, focus in PAIRS],
    )


def page(number: int, pairs: str, focus: str = "Gout", head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<Document id="{number}" source="S" url="x">'
        f"<Focus>{focus}</Focus><QAPairs>{pairs}</QAPairs></Document>"
    )


def pair(number: int, question: str, answer: str) -> str:
    told = f'<Question qid="x" qtype="information">{question}</Question><Answer>{answer}</Answer>'
    return f'<QAPair pid="{number}">{told}</QAPair>'


def upstream(path: Path) -> Path:
    """As PAIRS, but for the focus, which upstream has for a whole page."""
    one = pair(1, PAIRS[0][1], PAIRS[0][2]) + pair(2, PAIRS[1][1], PAIRS[1][2])
    two = "".join(pair(number, *PAIRS[number + 1][1:3]) for number in (1, 2, 3))
    put(path / "1_S_QA" / "1.xml", page(1, one))
    put(path / "1_S_QA" / "2.xml", page(2, two, "Podagra"))
    return path


@pytest.mark.parametrize("write", [lines, upstream])
def test_equal_answers_share_a_document_and_equal_questions_their_answers(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    write(tmp_path)
    found = open_medquad(tmp_path)
    assert found.name == "medquad"
    assert [(one.id, one.text, one.relevant) for one in found.queries] == [
        ("S_1_1", "What is gout ?", {"S_1_1": 1, "S_2_2": 1}),
        ("S_1_2", "Who gets gout ?", {"S_1_2": 1}),
        ("S_2_1", "What is podagra ?", {"S_1_1": 1}),
    ]
    told = [(one.id, one.text) for one in found.documents()]
    assert told == [("S_1_1", "It is a disease."), ("S_1_2", "Men do."), ("S_2_2", "It hurts.")]


def test_documents_are_titled_by_their_focus(tmp_path: Path) -> None:
    assert [one.work.title for one in open_medquad(lines(tmp_path)).documents()] == ["Gout", "Gout", ""]


def test_every_second_distinct_answer_and_the_questions_that_it_answers(tmp_path: Path) -> None:
    found = open_medquad(lines(tmp_path), "2")
    assert found.name == "medquad-2"
    assert [one.id for one in found.documents()] == ["S_1_2"]
    assert [(one.id, one.relevant) for one in found.queries] == [("S_1_2", {"S_1_2": 1})]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x", "y", "z", "x "])), min_size=1),
    st.integers(1, 4),
)
def test_what_is_relevant_is_there_and_what_is_there_is_relevant(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], stride: int
) -> None:
    stored = [{"id": str(n), "question": q, "answer": a} for n, (q, a) in enumerate(pairs)]
    path = put_lines(tmp_path_factory.mktemp("pairs") / "medquad.jsonl", stored)
    found = open_medquad(path, str(stride))
    held = [one.id for one in found.documents()]
    assert {name for one in found.queries for name in one.relevant} == set(held)
    assert len(held) == len({a.strip() for _, a in pairs if a.strip()}) // stride


@pytest.mark.parametrize("part", ["0", "-1", "six", "1.5", "²", "9" * 5000])
def test_a_part_is_a_whole_number_from_one(tmp_path: Path, part: str) -> None:
    fault(lambda: open_medquad(lines(tmp_path), part), "no part")


def test_lines_that_cannot_be_are_told(tmp_path: Path) -> None:
    record = {"id": "S_1_1", "question": "x", "answer": "y"}
    path = put_lines(tmp_path / "medquad.jsonl", [record, record])
    fault(lambda: open_medquad(path), "line 2: field id: S_1_1 stands in line 1")
    path = put_lines(tmp_path / "medquad.jsonl", [{"id": "1", "question": "x"}])
    fault(lambda: open_medquad(path), "line 1", "answer")
    fault(lambda: open_medquad(put(tmp_path / "empty" / "x", "").parent), "neither medquad.jsonl nor XML")


BOMB = '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
OUTSIDE = '<!DOCTYPE Document [<!ENTITY a SYSTEM "{}">]>\n'


def test_pages_that_cannot_be_are_told(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.txt", "secret")
    good = pair(1, "x", "y")
    for content, told in (
        ("<Document", "line 1: no well-formed XML"),
        (page(1, good).replace("<Document id", "<Page id").replace("</Document", "</Page"), "field Document"),
        (page(1, good).replace(' source="S"', ""), "field source is missing"),
        (page(1, pair(1, "", "y")), "field Question is missing"),
        (page(1, good.replace('pid="1"', "")), "field pid is missing"),
        (page(1, good + good), "field pid: S_1_1 stands in"),
        (page(1, pair(1, "x", "&b;"), head=BOMB), "declares a document type"),
        (page(1, pair(1, "x", "&a;"), head=OUTSIDE.format(secret.as_uri())), "declares a document type"),
    ):
        put(tmp_path / "pages" / "1.xml", content)
        assert "secret" not in fault(lambda: open_medquad(tmp_path / "pages"), "1.xml", told)
