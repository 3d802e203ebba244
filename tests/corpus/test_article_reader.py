"""Vetted articles: front matter, headings, citations, tables; the offsets that everything later stands on."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import MissingField, UnknownReference, UnreadableSource
from corpus.readers.article import read_article
from corpus.readers.csl import read_csl
from corpus.types import CitationMark, Document, DocumentKind, EvidenceType, Reference, ReviewStatus, Section, Work

FRONT = """---
id: gout
title: How is gout treated?
topic: gout
status: under_review
updated: 2026-11-22
---
"""
LIBRARY: Mapping[str, Reference] = {
    key: Reference(key, f"PMID:{number}", Work(f"Work {key}")) for number, key in enumerate("abcd", start=1)
}
ROOM = Path(__file__).parents[2] / "corpus"


def read(body: str, front: str = FRONT) -> Document:
    return read_article(front + body, "gout.md", LIBRARY)


def laid_out(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Path and text of each section, having checked that the sections tile the text."""
    end = 0
    for section in document.sections:
        assert document.text[end : section.start] == ("\n\n" if end else "")
        assert document.text[section.start : section.end].strip()
        end = section.end
    assert end == len(document.text)
    assert all(0 <= mark.position <= end for mark in document.marks)
    return [(section.path, document.text[section.start : section.end]) for section in document.sections]


def marked(document: Document) -> str:
    """The text with each mark written where it stands."""
    text = document.text
    for mark in reversed(document.marks):
        text = f"{text[: mark.position]}⟨{','.join(mark.keys)}⟩{text[mark.position :]}"
    return text


def test_the_front_matter_describes_the_document() -> None:
    document = read("Text.")
    assert (document.id, document.kind, document.review_status) == (
        "gout",
        DocumentKind.ARTICLE,
        ReviewStatus.UNDER_REVIEW,
    )
    assert document.work == Work("How is gout treated?", year=2026, evidence_type=EvidenceType.ARTICLE)
    assert document.updated == "2026-11-22"


def test_headings_make_paths_and_are_not_text() -> None:
    document = read("Lead.\n\n## Treatment\n\n### Allopurinol\n\nOne.\n\nTwo.\n\n## *Monitoring*\n\nThree.\n")
    assert laid_out(document) == [
        ((), "Lead."),
        (("Treatment", "Allopurinol"), "One.\n\nTwo."),
        (("Monitoring",), "Three."),
    ]


def test_blocks_are_plain_text() -> None:
    document = read(
        "A **strong** `code` [link](https://x.org) over\ntwo lines.\n\n- item *one*\n- item two\n\n  more\n\n> A quote."
    )
    assert document.text == "A strong code link over two lines.\n\nitem one\n\nitem two\n\nmore\n\nA quote."


def test_html_stays_literal_text() -> None:
    assert read("<script>alert(1)</script> and <b>bold</b>").text == "<script>alert(1)</script> and <b>bold</b>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Urate falls [@a].", "Urate falls⟨a⟩."),
        ("Urate falls [@a; @b], and more.", "Urate falls⟨a,b⟩, and more."),
        ("Urate falls [see @a, p. 3; @b].", "Urate falls⟨a,b⟩."),
        ("One [@a]. Two [@b].", "One⟨a⟩. Two⟨b⟩."),
        ("Half [@a] and half.", "Half⟨a⟩ and half."),
        ("Twice [@a] [@b; @a].", "Twice⟨a,b⟩."),
        ("Over a line\n[@a].", "Over a line⟨a⟩."),
        ("[@a] leads.", "⟨a⟩leads."),
        ("In *emphasis [@a]*.", "In emphasis⟨a⟩."),
        ("Write to me@b.org [not a citation].", "Write to me@b.org [not a citation]."),
    ],
)
def test_citations_become_marks_where_they_stood(body: str, expected: str) -> None:
    assert marked(read(body)) == expected


def test_references_are_those_cited_in_order_of_first_citation() -> None:
    document = read("One [@c]. Two [@a; @c].\n\nThree [@b].")
    assert document.references == (LIBRARY["c"], LIBRARY["a"], LIBRARY["b"])


def test_marks_count_characters_of_the_whole_document() -> None:
    document = read("## A\n\nFirst – block.\n\n- item [@a]\n- other [@b].\n")
    assert document.text == "First – block.\n\nitem\n\nother."
    assert document.marks == (CitationMark(20, ("a",)), CitationMark(27, ("b",)))


def test_a_table_is_a_section_with_a_header_before_every_value() -> None:
    document = read(
        "## Dosing\n\nText.\n\nTable: doses in the trials [@d].\n\n"
        "| Drug | Dose (mg/day) | Source |\n|---|---|---|\n| Allopurinol | 100 | [@a] |\n"
        "| Febuxostat | | [@b] |\n\nAfter.\n"
    )
    assert laid_out(document) == [
        (("Dosing",), "Text."),
        (
            ("Dosing", "Table: doses in the trials."),
            "Drug: Allopurinol; Dose (mg/day): 100\nDrug: Febuxostat",
        ),
        (("Dosing",), "After."),
    ]
    assert [section.is_table for section in document.sections] == [False, True, False]
    assert marked(document).splitlines()[2:4] == [
        "Drug: Allopurinol; Dose (mg/day): 100⟨a,d⟩",
        "Drug: Febuxostat⟨b,d⟩",
    ]


def test_a_table_without_caption_keeps_the_paragraph_before_it() -> None:
    document = read("## Dosing\n\nDoses follow.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    assert laid_out(document) == [(("Dosing",), "Doses follow."), (("Dosing", "Table"), "A: 1; B: 2")]


def test_an_unknown_key_is_named_with_the_file() -> None:
    with pytest.raises(UnknownReference, match=r"gout\.md cites @nobody2020, .*correct the key or add the work"):
        read("One [@a; @nobody2020].")


@pytest.mark.parametrize("field", ["id", "title", "topic", "status", "updated"])
@pytest.mark.parametrize("value", [None, "", "''"])
def test_a_missing_field_is_named(field: str, value: str | None) -> None:
    lines = [line for line in FRONT.splitlines() if not line.startswith(f"{field}:")]
    if value is not None:
        lines.insert(1, f"{field}: {value}")
    with pytest.raises(MissingField, match=rf"gout\.md: {field} "):
        read("Text.", "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("status: published", "use one of submitted, under_review, approved"),
        ("id: gout 2", "lower-case letters, digits and hyphens"),
        ("updated: last week", "write it as 2026-11-22"),
        ("title: [a, b]", "not text; put it in quotes"),
        ("summary: 12", "not text; put it in quotes"),
    ],
)
def test_an_invalid_field_comes_with_the_remedy(line: str, complaint: str) -> None:
    field = line.partition(":")[0]
    front = "\n".join(row for row in FRONT.splitlines() if not row.startswith(f"{field}:"))
    with pytest.raises(MissingField, match=complaint):
        read("Text.", front.replace("---\n", f"---\n{line}\n", 1) + "\n")


@pytest.mark.parametrize(
    ("front", "error"),
    [
        ("", MissingField),
        ("---\n---\n", MissingField),
        ("---\nid: [\n---\n", UnreadableSource),
        ("---\nid: x\n", MissingField),
    ],
)
def test_broken_front_matter_is_refused(front: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"gout\.md"):
        read("Text.", front)


def test_control_and_direction_characters_are_removed() -> None:
    assert read("One\x00 \u202etwo\u202c\x1b[31m three\u200b.").text == "One two[31m three."


@given(
    st.lists(
        st.sampled_from(["word", " ", "[@a]", "[@b; @c]", ".", "\n\n", "\n- ", "é", "😀", "|", "## "]), max_size=40
    )
)
def test_any_mix_keeps_the_laws(pieces: list[str]) -> None:
    document = read("".join(pieces))
    laid_out(document)
    assert "[@" not in document.text
    assert list(document.marks) == sorted(set(document.marks), key=lambda mark: mark.position)


def test_the_starter_articles_read() -> None:
    references, _ = read_csl((ROOM / "references.json").read_text("utf-8"), "references.json")
    library = {reference.key: reference for reference in references}
    paths = sorted((ROOM / "articles").glob("*.md"))
    assert len(paths) >= 15
    for path in paths:
        document = read_article(path.read_text("utf-8"), path.name, library)
        assert document.id == path.stem
        assert document.marks
        assert "[@" not in document.text
        assert all(path for path, _ in laid_out(document))


def test_a_section_is_found_by_its_offsets() -> None:
    document = read("## A\n\nOne.\n\n## B\n\nTwo.\n")
    assert document.sections == (Section(("A",), 0, 4), Section(("B",), 6, 10))
