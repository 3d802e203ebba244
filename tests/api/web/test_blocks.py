"""The text of a document cut into pieces: nothing lost, nothing moved, tables only where lines are rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.blocks import Layout, Shown
from corpus.types import CitationMark, Document, DocumentKind, Section, Span, Work

TEXT = "Aspirin helps. It bleeds.\n\nStop it.\n\nDrug: A; Dose: 5 mg\nDrug: B; Dose: 10 mg, twice"
TABLE_AT = TEXT.index("Drug: A")
DOCUMENT = Document(
    id="a",
    kind=DocumentKind.ARTICLE,
    work=Work("A"),
    text=TEXT,
    sections=(
        Section(("Use",), 0, 25),
        Section(("Use", "End"), 27, 35),
        Section(("Use", "Doses"), TABLE_AT, len(TEXT), True),
    ),
    marks=(CitationMark(13, ("x", "y")), CitationMark(TEXT.index("5 mg") + 4, ("x",))),
)
NUMBERS = {"x": 1, "y": 2}


def shown(quoted: Span = (0, 0), *, tables: bool = True, text: str | None = None) -> tuple[Shown, ...]:
    document = DOCUMENT if text is None else _table(text)
    return Layout(document, NUMBERS.get, quoted).sections((0, len(document.text)), tables=tables)


def _table(text: str) -> Document:
    return Document("t", DocumentKind.ARTICLE, Work("T"), text, (Section(("Doses",), 0, len(text), True),))


def test_marks_stand_where_they_stood() -> None:
    use, end, doses = shown()
    assert [(piece.text, piece.numbers) for piece in use.paragraphs[0]] == [
        ("Aspirin helps", (1, 2)),
        (". It bleeds.", ()),
    ]
    assert [(one.text, one.level) for one in (*use.headings, *end.headings, *doses.headings)] == [
        ("Use", 2),
        ("End", 3),
    ]
    assert doses.caption == "Doses"


def test_rows_of_a_table_are_rows() -> None:
    table = shown()[2].table
    assert table is not None
    assert table.headers == ("Drug", "Dose")
    cells = [["".join(piece.text for piece in cell) for cell in row] for row in table.rows]
    assert cells == [["A", "5 mg"], ["B", "10 mg, twice"]]
    assert [piece.numbers for row in table.rows for cell in row for piece in cell] == [(), (1,), (), ()]


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Drug: A; Dose: 5 mg; daily\nDrug: B; Dose: 6 mg", ("Drug", "Dose")),  # a value with a semicolon
        ("A; Dose: 5 mg\nB; Dose: 6 mg", ("", "Dose")),  # a column without a name
        ("Drug: A; Dose: 5 mg; note: with food\nDrug: B; Dose: 6 mg", None),  # a name that one row alone has
        ("Drug: A; Dose: 5 mg\nMeasured at 8 weeks.", None),  # a footnote
        ("Drug: A\nDrug: B", None),
        ("Dose: 5 mg; Drug: A\nDrug: B; Dose: 6 mg", None),
    ],
)
def test_lines_become_a_table_only_where_they_say_the_same_columns(text: str, headers: tuple[str, ...] | None) -> None:
    (one,) = shown(text=text)
    assert (one.table.headers if one.table else None) == headers
    if one.table is None:
        assert ["".join(piece.text for piece in line) for line in one.paragraphs] == text.split("\n")


def test_a_span_is_marked_exactly_across_paragraphs() -> None:
    start, end = TEXT.index("It bleeds"), TEXT.index(" it.")
    pieces = [piece for one in shown((start, end), tables=False) for block in one.paragraphs for piece in block]
    assert [piece.text for piece in pieces if piece.quoted] == ["It bleeds.", "Stop"]
    assert [piece.text for piece in pieces if piece.opens] == ["It bleeds."]


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_no_character_is_lost_and_none_is_wrongly_marked(one: int, other: int) -> None:
    span = (min(one, other), max(one, other))
    pieces = [p for section in shown(span, tables=False) for block in section.paragraphs for p in block]
    assert "".join(piece.text for piece in pieces) == TEXT.replace("\n", "")
    assert "".join(piece.text for piece in pieces if piece.quoted) == TEXT[span[0] : span[1]].replace("\n", "")
    assert sum(piece.opens for piece in pieces) <= 1


printable = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters=";:")
cell = st.text(printable, min_size=1).map(str.strip).filter(bool)


@given(
    st.lists(cell, min_size=2, max_size=4, unique=True),
    st.lists(st.lists(cell, min_size=4, max_size=4), min_size=2, max_size=5),
)
def test_what_was_written_as_a_table_is_read_as_it(headers: list[str], rows: list[list[str]]) -> None:
    text = "\n".join("; ".join(f"{name}: {value}" for name, value in zip(headers, row, strict=False)) for row in rows)
    (found,) = shown(text=text)
    assert found.table is not None
    assert list(found.table.headers) == headers
    read = [["".join(piece.text for piece in one) for one in row] for row in found.table.rows]
    assert read == [row[: len(headers)] for row in rows]
