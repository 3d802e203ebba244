"""Chunking: within the limit, losing nothing, offsets exact, citations with the sentence they stand in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.chunking import chunk
from corpus.sentences import split_sentences
from corpus.types import CitationMark, Document, DocumentKind, Passage, Section, Work, passage_id
from indexer.encoder import SentenceTransformerEncoder
from tests.hashing import HashingEncoder

SPANS = HashingEncoder().token_spans
WORDS = st.sampled_from(
    "Methotrexate lowers 7.5 mg/kg, (vs. S. aureus) IL-6 β-blockers 12% naïve e.g. p<0.05; –".split()
)
SENTENCE = st.builds(
    lambda words, end: " ".join(words) + end, st.lists(WORDS, min_size=1, max_size=30), st.sampled_from(".?!")
)
SECTION = st.builds(
    lambda sentences, gap: gap.join(sentences),
    st.lists(SENTENCE, min_size=1, max_size=8),
    st.sampled_from([" ", "  ", "\n", "\n\n", " \n "]),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Sections that tile the text with blank lines between, some of them tables, and marks anywhere."""
    text, sections = "", []
    for number, body in enumerate(draw(st.lists(SECTION, min_size=1, max_size=4))):
        text += "\n\n" if text else ""
        sections.append(Section((f"Section {number}",), len(text), len(text) + len(body), draw(st.booleans())))
        text += body
    positions = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    marks = tuple(CitationMark(position, (f"k{number}",)) for number, position in enumerate(positions))
    return of(text, sections, marks)


def of(text: str, sections: list[Section] | None = None, marks: tuple[CitationMark, ...] = ()) -> Document:
    own = sections if sections is not None else [Section(("Dose",), 0, len(text))]
    return Document("d", DocumentKind.ARTICLE, Work("Title"), text, tuple(own), marks=marks)


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


def sentences(document: Document, limit: int) -> list[list[str]]:
    """The text of each sentence, by passage."""
    return [[document.text[s.start : s.end] for s in passage.sentences] for passage in chunk(document, SPANS, limit)]


@given(documents(), st.integers(1, 60))
def test_offsets_are_exact_and_no_visible_character_is_lost_or_doubled(document: Document, limit: int) -> None:
    passages = chunk(document, SPANS, limit)
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.id == passage_id("d", passage.start, passage.end)
    for before, after in pairwise(passages):
        assert before.end <= after.start
    assert "".join("".join(texts(passages)).split()) == "".join(document.text.split())


@given(documents(), st.integers(1, 60))
def test_no_passage_is_over_the_limit_or_crosses_a_section(document: Document, limit: int) -> None:
    for passage in chunk(document, SPANS, limit):
        assert 1 <= len(SPANS(passage.text)) <= limit
        holders = [s for s in document.sections if s.start <= passage.start and passage.end <= s.end]
        assert [(s.path, s.is_table) for s in holders] == [(passage.section, passage.is_table)]


@given(documents(), st.integers(1, 60))
def test_the_sentences_of_a_passage_tile_it(document: Document, limit: int) -> None:
    for passage in chunk(document, SPANS, limit):
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for before, after in pairwise(passage.sentences):
            assert before.start < before.end <= after.start
            assert not document.text[before.end : after.start].strip()
        for sentence in passage.sentences:
            assert passage.quote(sentence.start, sentence.end) == document.text[sentence.start : sentence.end]


@given(documents())
def test_a_limit_that_is_never_reached_leaves_every_sentence_whole(document: Document) -> None:
    found = [document.text[s.start : s.end] for p in chunk(document, SPANS, 10_000) for s in p.sentences]
    bodies = [document.text[s.start : s.end] for s in document.sections]
    assert found == [body[start:end] for body in bodies for start, end in split_sentences(body)]
    assert len(chunk(document, SPANS, 10_000)) == len(document.sections)


@given(documents(), st.integers(1, 60))
def test_a_citation_is_with_the_last_sentence_that_began_before_it(document: Document, limit: int) -> None:
    found = [sentence for passage in chunk(document, SPANS, limit) for sentence in passage.sentences]
    for mark in document.marks:
        holders = [sentence.start for sentence in found if set(mark.keys) & set(sentence.keys)]
        section = [s for s in document.sections if s.start < mark.position <= s.end]
        if section:  # between sections and before the first word there is no sentence to support
            before = [s.start for s in found if section[0].start <= s.start < mark.position]
            assert holders == before[-1:], document.text[mark.position - 10 : mark.position + 10]
        assert len(holders) <= 1


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([(5, "a")], [("a",), (), ()]),  # Aaaaa| bbb.
        ([(10, "a")], [("a",), (), ()]),  # Aaaaa bbb.|
        ([(11, "a")], [("a",), (), ()]),  # Aaaaa bbb. |Cccc ddd.
        ([(12, "a")], [(), ("a",), ()]),  # C|ccc
        ([(20, "a"), (29, "b")], [(), ("a",), ("b",)]),
        ([(3, "b"), (9, "a"), (10, "b")], [("b", "a"), (), ()]),  # in order, each once
    ],
)
@pytest.mark.parametrize("limit", [3, 6, 100])
def test_where_keys_go(marks: list[tuple[int, str]], expected: list[tuple[str, ...]], limit: int) -> None:
    """Three sentences, in one passage, in two or in one each: the keys are the same."""
    document = of("Aaaaa bbb. Cccc ddd. Eee fff.", marks=tuple(CitationMark(at, (key,)) for at, key in marks))
    assert [s.keys for p in chunk(document, SPANS, limit) for s in p.sentences] == expected


def test_neighbouring_passages_are_of_about_equal_size() -> None:
    """Twelve tokens at a limit of ten: six and six, not ten and two."""
    document = of("Aa bb cc. Dd ee ff. Gg hh ii.")
    assert sentences(document, 10) == [["Aa bb cc.", "Dd ee ff."], ["Gg hh ii."]]
    document = of("Aa bb cc. Dd ee ff. Gg hh ii. Jj kk ll.")
    assert sentences(document, 14) == [["Aa bb cc.", "Dd ee ff."], ["Gg hh ii.", "Jj kk ll."]]


def test_a_sentence_longer_than_the_limit_is_cut_between_tokens() -> None:
    document = of("Short one. Alpha beta gamma delta epsilon zeta eta. Last one.")
    found = [passage.text.strip() for passage in chunk(document, SPANS, 4)]
    assert found == ["Short one.", "Alpha beta gamma delta", "epsilon zeta eta.", "Last one."]


def test_a_table_is_apart_and_each_row_is_a_sentence() -> None:
    rows = "Drug: methotrexate; Dose: 7.5 mg\nDrug: azathioprine; Dose: 2 mg/kg"
    text = f"Doses follow.\n\n{rows}"
    document = of(text, [Section(("Dose",), 0, 13), Section(("Dose", "Table 1"), 15, len(text), is_table=True)])
    prose, table = chunk(document, SPANS, 100)
    assert (prose.is_table, prose.text) == (False, "Doses follow.")
    assert (table.is_table, table.section, table.text) == (True, ("Dose", "Table 1"), rows)
    assert [text[s.start : s.end] for s in table.sentences] == rows.split("\n")


def test_a_document_without_text_has_no_passages() -> None:
    assert chunk(of("", []), SPANS, 10) == ()
    assert chunk(of(" \n ", [Section((), 0, 3)]), SPANS, 10) == ()


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_without_room_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=str(limit)):
        chunk(of("Text."), SPANS, limit)


LONG_WORDS = "N-acetylgalactosaminyltransferase hydroxychloroquine dexamethasone-cyclophosphamide immunoglobulins"


@pytest.mark.parametrize("limit", [3, 8, 16, 29, 58, 216])
def test_the_laws_hold_with_the_wordpieces_of_minilm(limit: int) -> None:
    """Where a word is several tokens, and the halves of a cut word are not the tokens that the word was."""
    spans = SentenceTransformerEncoder.default().token_spans
    text = " ".join([LONG_WORDS] * 12) + ". Naïve β-cells (IL-6) rose 0.5 mg/kg. \U0001f600 Ünïcödé 漢字 was kept."
    passages = chunk(of(text), spans, limit)
    assert [len(spans(passage.text)) for passage in passages if len(spans(passage.text)) > limit] == []
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)
    assert "".join("".join(texts(passages)).split()) == "".join(text.split())
