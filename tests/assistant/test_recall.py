"""Past answers: how what they cite stands now, worked out by hand for small documents."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.recall import Standing, Touched, between, of_documents, standing
from corpus.catalogue.answers import CitedSpan, Given
from corpus.types import Document, DocumentKind, Reference, Section, SourceStatus, Work
from tests.hashing import HashingEncoder
from tests.indexer.corpora import opened

FIRST, SECOND = "Start with 5 mg a day.", "Check the liver."
PASSAGE = f"{FIRST} {SECOND}"
TRIAL = "DOI:10.5555/trial"


def document(
    text: str, *, status: SourceStatus = SourceStatus.CURRENT, cited: SourceStatus = SourceStatus.CURRENT,
    name: str = "gout",
) -> Document:  # fmt: skip
    """A document that cites two works: one with an id, one without."""
    references = (
        Reference("trial2020", TRIAL, Work("A trial", doi="10.5555/trial"), cited),
        Reference("book1999", "", Work("A book"), cited),
    )
    section = Section(("Treatment",), 0, len(text))
    return Document(
        name, DocumentKind.ARTICLE, Work("Gout"), text, (section,), references, source_status=status
    )  # fmt: skip


def span(quote: str = FIRST, passage: str = PASSAGE, start: int = 0, *, name: str = "gout") -> CitedSpan:
    """A citation of a sentence of a passage that began at `start`."""
    at = start + passage.index(quote)
    return CitedSpan(0, name, f"{name}#{start}-{start + len(passage)}", at, at + len(quote), quote, passage)


def by_way(document_id: str, statement: int = 0) -> CitedSpan:
    return CitedSpan(statement, document_id, "", 0, 0, "", "")


def given(*spans: CitedSpan, name: str = "a1") -> Given:
    return Given(name, "2026-11-22", "s1", "answered", "{}", "{}", spans)


def now(one: CitedSpan, *held: Document, cited_by: tuple[str, ...] = ("gout",)) -> Standing:
    return standing(one, cited_by, {each.id: each for each in held}.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PASSAGE, Standing.INTACT),
        (f"New in front. {PASSAGE}", Standing.INTACT),
        (f"A new paragraph.\n\n{PASSAGE}\n\nAnother one.", Standing.INTACT),
        (f"{FIRST} Twice. {SECOND}", Standing.PASSAGE_CHANGED),
        (FIRST, Standing.PASSAGE_CHANGED),
        (f"{SECOND} {FIRST}", Standing.PASSAGE_CHANGED),
        (PASSAGE.replace("liver", "kidney"), Standing.PASSAGE_CHANGED),
        (PASSAGE.replace("5 mg", "50 mg"), Standing.QUOTE_GONE),
        (PASSAGE.replace("Start", "Do not start"), Standing.QUOTE_GONE),
        (SECOND, Standing.QUOTE_GONE),
        ("", Standing.QUOTE_GONE),
    ],
)
def test_the_text_of_a_citation(text: str, expected: Standing) -> None:
    assert now(span(), document(text)) is expected


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("5 mg a day is enough.", "15 mg a day is enough."),
        ("5 mg a day is enough.", "At most 5 mg a day is enough."),
        ("The dose is 5 mg", "The dose is 5 mg/kg"),
        ("Give it with food.", "It is a mistake to say: Give it with food."),
        ("Give it with food.", "Give it with food.5 Or not."),
        ("Give it", "Give it never."),
    ],
)
def test_what_is_part_of_another_sentence_is_not_said_any_more(said: str, says: str) -> None:
    """A passage and a quotation are sentences: a digit, or a "not", in front of the same letters changes them."""
    one = span(said, said, 7)
    for before in ("Before. ", "Other. ", ""):  # elsewhere, and where it stood
        assert now(one, document(f"{before}{says}")) is Standing.QUOTE_GONE
        assert now(one, document(f"{before}{said}")) is Standing.INTACT


def test_a_passage_that_was_cut_within_a_sentence_stands_where_it_stood() -> None:
    """A sentence longer than a passage is cut; a document that did not change does not stand worse for it."""
    text = " ".join(f"word{number}" for number in range(200))
    for start, end in ((0, 700), (500, 800), (700, len(text))):
        one = span(text[start:end], text[start:end], start)
        assert now(one, document(text)) is Standing.INTACT
        assert now(one, document(f"Not {text}")) is Standing.QUOTE_GONE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (SourceStatus.CURRENT, Standing.INTACT),
        (SourceStatus.CORRECTED, Standing.CORRECTED),
        (SourceStatus.ERRATUM, Standing.CORRECTED),
        (SourceStatus.EXPRESSION_OF_CONCERN, Standing.CONCERN),
        (SourceStatus.RETRACTION_NOTICE, Standing.RETRACTED),
        (SourceStatus.RETRACTED, Standing.RETRACTED),
    ],
)
def test_the_status_of_the_source(status: SourceStatus, expected: Standing) -> None:
    assert now(span(), document(PASSAGE, status=status)) is expected
    assert now(by_way(TRIAL), document(PASSAGE, cited=status)) is expected
    assert now(by_way("gout:book1999"), document(PASSAGE, cited=status)) is expected
    assert now(by_way(TRIAL), document("", name=TRIAL, status=status), cited_by=()) is expected


def test_every_status_has_a_standing() -> None:
    assert all(now(span(), document(PASSAGE, status=status)) is not None for status in SourceStatus)
    graver = [SourceStatus.CURRENT, SourceStatus.CORRECTED, SourceStatus.EXPRESSION_OF_CONCERN, SourceStatus.RETRACTED]
    order = [tuple(Standing).index(now(span(), document(PASSAGE, status=status))) for status in graver]
    assert all(a < b for a, b in pairwise(order))


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        (f"{FIRST} Twice.", SourceStatus.CORRECTED, Standing.CORRECTED),
        (SECOND, SourceStatus.CORRECTED, Standing.QUOTE_GONE),
        (SECOND, SourceStatus.EXPRESSION_OF_CONCERN, Standing.QUOTE_GONE),
        (f"{FIRST} Twice.", SourceStatus.EXPRESSION_OF_CONCERN, Standing.CONCERN),
        (SECOND, SourceStatus.RETRACTED, Standing.RETRACTED),
    ],
)
def test_the_graver_of_text_and_status_counts(text: str, status: SourceStatus, expected: Standing) -> None:
    assert now(span(), document(text, status=status)) is expected


def test_what_is_not_there_is_withdrawn() -> None:
    assert now(span()) is Standing.WITHDRAWN


def test_a_work_that_is_cited_by_way_of_an_article_need_not_be_held() -> None:
    assert now(by_way(TRIAL), document(PASSAGE)) is Standing.INTACT
    assert now(by_way("DOI:10.5555/unlisted"), document(PASSAGE, cited=SourceStatus.RETRACTED)) is Standing.INTACT
    assert now(by_way(TRIAL)) is Standing.INTACT, "that the article is gone is told of the article"


def test_the_graver_of_what_the_work_and_its_citers_say_counts() -> None:
    """A work that is held as current, while the article that cites it knows that it was retracted; or the reverse."""
    article = document(PASSAGE, cited=SourceStatus.RETRACTED)
    other = document(PASSAGE, name="scurvy", cited=SourceStatus.CORRECTED)
    work = document("", name=TRIAL, status=SourceStatus.EXPRESSION_OF_CONCERN)
    assert now(by_way(TRIAL), other, work, cited_by=("scurvy",)) is Standing.CONCERN
    assert now(by_way(TRIAL), other, article, work, cited_by=("scurvy", "gout")) is Standing.RETRACTED


def test_only_what_the_same_statement_cites_speaks_of_its_sources() -> None:
    """Two articles describe a work under the same id; only the one that was cited for the statement counts."""
    article = document(PASSAGE, cited=SourceStatus.RETRACTED)
    other = document(PASSAGE, name="scurvy")
    asked = given(span(), by_way(TRIAL), replace(span(name="scurvy"), statement=1), by_way(TRIAL, 1))
    held: Mapping[str, Document] = {one.id: one for one in (article, other)}
    found = list(of_documents([asked], frozenset({TRIAL}), held.get))
    assert [(one.span.statement, one.standing) for one in found] == [(0, Standing.RETRACTED), (1, Standing.INTACT)]


def test_every_citation_of_the_documents_asked_for_is_listed() -> None:
    one = given(span(), span(SECOND), span(name="scurvy"))
    held: Mapping[str, Document] = {"gout": document(PASSAGE.replace("liver", "kidney"))}
    found = list(of_documents([one, given(name="a2")], frozenset({"gout"}), held.get))
    assert found == [
        Touched("a1", "2026-11-22", span(), Standing.PASSAGE_CHANGED),
        Touched("a1", "2026-11-22", span(SECOND), Standing.QUOTE_GONE),
    ]


def test_between_two_snapshots_only_what_stands_worse_is_told(tmp_path: Path) -> None:
    stays, edited, gone = (document(PASSAGE, name=name) for name in ("stays", "edited", "gone"))
    retracted = document(PASSAGE, name="retracted")
    after = (
        stays,
        document(PASSAGE.replace("5 mg", "50 mg"), name="edited"),
        replace(retracted, source_status=SourceStatus.RETRACTED),
    )
    old, new = (opened(some, tmp_path, HashingEncoder()) for some in ((stays, edited, gone, retracted), after))
    names = ("stays", "edited", "gone", "retracted", "never held")
    answers = [given(*(span(name=name) for name in names)), given(span(name="gone"), name="a2")]
    found = [(one.answer_id, one.span.document_id, one.standing) for one in between(answers, old, new)]
    assert found == [
        ("a1", "edited", Standing.QUOTE_GONE),
        ("a1", "gone", Standing.WITHDRAWN),
        ("a1", "retracted", Standing.RETRACTED),
        ("a2", "gone", Standing.WITHDRAWN),
    ]
    assert list(between(answers, new, old)) == [], "back again nothing is worse"
    assert list(between(answers, new, new)) == []
    old.close()
    new.close()


def test_a_retraction_of_what_is_only_cited_is_told_between_snapshots(tmp_path: Path) -> None:
    old = opened([document(PASSAGE)], tmp_path, HashingEncoder())
    new = opened([document(PASSAGE, cited=SourceStatus.RETRACTED)], tmp_path, HashingEncoder())
    answers = [given(span(), by_way(TRIAL), by_way("gout:book1999"))]
    found = [(one.span.document_id, one.standing) for one in between(answers, old, new)]
    assert found == [(TRIAL, Standing.RETRACTED), ("gout:book1999", Standing.RETRACTED)]
    old.close()
    new.close()
