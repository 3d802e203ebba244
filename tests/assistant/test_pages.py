"""A source that has pages is cited with the page, from the file to the terminal and the JSON."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.schemas import AnswerOut
from assistant.pipeline import Assistant
from assistant.question import Question
from assistant.render import as_text
from corpus.types import Document, DocumentKind, Section, Work
from tests.hashing import HashingEncoder
from tests.tiny import assistant_over, snapshot_of

FIRST = "Allopurinol is started at 100 mg daily in gout."
SECOND = "Febuxostat is an alternative to allopurinol in gout."
THIRD = "Colchicine prevents flares of gout when allopurinol is started."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
ON_THREE, ON_FOUR = TEXT.index("Febuxostat"), TEXT.index("to allopurinol in")
STARTS = (0, ON_THREE, ON_THREE, ON_FOUR, TEXT.index("Colchicine"))
"""Nothing stands on the second page; the second sentence begins on the third and ends on the fourth."""
PAGINATED = Document(
    "FILE:guideline", DocumentKind.LITERATURE, Work("Guideline for gout"), TEXT, (Section((), 0, len(TEXT)),),
    page_starts=STARTS,
)  # fmt: skip
OFFSETS = [(0, 1), (len(FIRST), 1), (ON_THREE, 3), (ON_FOUR - 1, 3), (ON_FOUR, 4), (STARTS[4], 5), (len(TEXT), 5)]


@pytest.fixture(scope="module", params=["with pages", "without"])
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    document = PAGINATED if request.param == "with pages" else replace(PAGINATED, page_starts=())
    encoder = HashingEncoder()
    snapshot = snapshot_of([document], tmp_path_factory.mktemp("home"), encoder)
    yield assistant_over(snapshot, encoder)
    snapshot.close()


@pytest.mark.parametrize(("offset", "page"), OFFSETS)
def test_an_empty_page_holds_no_character(offset: int, page: int) -> None:
    assert PAGINATED.page_at(offset) == page
    assert replace(PAGINATED, page_starts=()).page_at(offset) is None


@pytest.mark.parametrize(("sentence", "page"), [(FIRST, 1), (SECOND, 3), (THIRD, 5)])
def test_a_citation_names_the_page_its_span_begins_on(assistant: Assistant, sentence: str, page: int) -> None:
    answer = assistant.answer(Question(f"{sentence[:-1]}?"))
    cited = {citation.quote: citation for statement in answer.statements for citation in statement.citations}
    has_pages = bool(answer.sources[0].document.page_starts)
    assert cited[sentence].page == (page if has_pages else None)
    (shown,) = (c for s in AnswerOut.of(answer).statements for c in s.citations if c.quote == sentence)
    assert shown.page == cited[sentence].page
    after = as_text(answer, 400).split(f"“{sentence}”")[1].splitlines()[1]
    assert (f"p. {page};" in after) == has_pages
    assert ("p. " in after) == has_pages


def test_the_page_is_in_the_json_even_where_there_is_none(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    snapshot = snapshot_of([replace(PAGINATED, page_starts=())], tmp_path, encoder)
    answer = assistant_over(snapshot, encoder).answer(Question(f"{FIRST[:-1]}?"))
    assert '"page":null' in AnswerOut.of(answer).model_dump_json()
    snapshot.close()
