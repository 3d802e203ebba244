"""Sentence spans: hard cases of biomedical English, and the laws that hold for any text."""

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.sentences import permitted, split_sentences

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("sentence_cases.json").read_text("utf-8"))

FRAGMENTS = (
    ". ", "! ", "? ", "… ", "\n", "\r\n", "\r", "\n\n", "\t", "\xa0", "\x00", "\x0b", "\x1c", "\x85", "\u2028",
    "\u200b", "(", ")", "[", "]", '"', "”", "S. aureus", "e.g. ", "et al. ", "U.S. The", "3.5 mg. ", "i.v. ", "Dr. ",
    "The ", "A. ", "a", "😀", "👩‍⚕️", "e\u0301", "\u0301", "שלום", "。", "P < .001. ", "trials.17 We", "no. 3",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.characters()), max_size=60).map("".join))


def expected_failure(case: dict[str, Any]) -> tuple[pytest.MarkDecorator, ...]:
    """A strict xfail with the reason the case gives, if it gives one."""
    return (pytest.mark.xfail(strict=True, reason=case["fails"]),) if "fails" in case else ()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"], marks=expected_failure(case)) for case in CASES])
def test_hard_case(case: dict[str, Any]) -> None:
    text = case["text"]
    assert [text[start:end] for start, end in split_sentences(text)] == case["sentences"]


def test_case_names_are_unique() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 45


@given(TEXTS)
@example("")
@example(" \r\n\t ")
def test_spans_are_ordered_stripped_and_inside(text: str) -> None:
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(TEXTS)
def test_only_white_space_lies_outside_the_spans(text: str) -> None:
    edges = [0, *(edge for span in split_sentences(text) for edge in span), len(text)]
    assert not "".join(text[end:start] for end, start in zip(edges[::2], edges[1::2], strict=True)).strip()


@given(TEXTS)
def test_no_sentence_crosses_a_line_end(text: str) -> None:
    assert all(len(text[start:end].splitlines()) == 1 for start, end in split_sentences(text))


@given(TEXTS)
def test_same_text_same_spans(text: str) -> None:
    assert split_sentences(text) == split_sentences(text)


@given(TEXTS, TEXTS)
def test_a_line_is_split_the_same_wherever_it_stands(before: str, text: str) -> None:
    offset = len(before) + 2
    moved = [(start - offset, end - offset) for start, end in split_sentences(f"{before}\n\n{text}") if start >= offset]
    assert tuple(moved) == split_sentences(text)


@given(TEXTS, st.data())
def test_rules_only_drop_boundaries(text: str, data: st.DataObject) -> None:
    line = text.replace("\n", " ")
    places = [i for i in range(1, len(line)) if line[i - 1].isspace() and not line[i].isspace()]
    proposed = sorted(data.draw(st.sets(st.sampled_from(places)))) if places else []
    kept = list(permitted(line, proposed))
    assert kept == sorted(set(kept) & set(proposed))


@pytest.mark.parametrize("unit", ["(a. B ", "a. ", ". ", "S. ", "((. ", '." ', "trials.1, ", "(x) [y. "])
def test_time_is_linear_in_the_length_of_a_line(unit: str) -> None:
    line = unit * (300_000 // len(unit))
    began = time.perf_counter()
    split_sentences(line)
    assert time.perf_counter() - began < 10  # quadratic time would take minutes
