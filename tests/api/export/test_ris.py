"""RIS: records that reference managers read, and our own reader, whatever the sources are called."""

import pytest
from hypothesis import example, given

from api.export.ris import as_ris
from api.export.wording import given_of, line
from api.schemas import AnswerOut, CreatorOut
from assistant.answer import Outcome
from assistant.policy import disclaimer
from corpus.errors import CorpusError, UnreadableSource
from corpus.readers.ris import read_ris
from corpus.types import Author, Work
from tests.api.export.samples import TRIAL, answer, authors_of, hostile, visible

NOTE = "of Sequitur answer 11111111-2222-4333-8444-555555555555, 2026-01-02T03:04:05+00:00:"
WARNED = f"Caution: Exercise caution as content is pending human review. Disclaimer: {disclaimer().text}"
HEAD = f"""\
Provider: Sequitur answer 11111111-2222-4333-8444-555555555555, 2026-01-02T03:04:05+00:00, outcome: answered
Caution: Exercise caution as content is pending human review.
Disclaimer: {disclaimer().text}

"""
RECORDS = f"""\
TY  - JOUR
ID  - PMID_99000001
AU  - Berg, A.
AU  - van Aker, B. C.
TI  - Imaginol in invented fever: a trial
T2  - J Invented Med
PY  - 2020
VL  - 3
IS  - 2
SP  - 11
EP  - 19
DO  - 10.5555/imaginol.2020
AN  - 99000001
DB  - PubMed
C2  - PMC9900001
UR  - https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9900001/
N1  - Source [1] {NOTE} literature: randomized trial, 2020; Sequitur review: approved. {WARNED}
ER  - \n
TY  - ELEC
ID  - invented-fever
TI  - How is invented fever treated?
T2  - Sequitur
PY  - 2026
DA  - 2026/01/05
N1  - Source [2] {NOTE} vetted article, 2026; Sequitur review: under review. {WARNED}
ER  - \n
TY  - ELEC
ID  - REF_group1999
AU  - Imaginol Study Group
AU  - et al.
TI  - Old imaginol
PY  - 1999
UR  - https://example.org/old?a=1&b=2
N1  - Source [3] {NOTE} literature: cohort study, 1999, expression of concern; \
Sequitur review: submitted, not reviewed; cited, not quoted. {WARNED}
ER  - \n"""


def works(text: str) -> list[Work]:
    """The works that our own reader finds; it finds no fault with any record."""
    outcomes = [outcome for _, outcome in read_ris(text, "export.ris")]
    assert not [outcome for outcome in outcomes if isinstance(outcome, CorpusError)]
    return [outcome[1].work for outcome in outcomes if not isinstance(outcome, CorpusError)]


def with_source(**changed: object) -> AnswerOut:
    return answer().model_copy(update={"sources": [TRIAL.model_copy(update=changed), *answer().sources[1:]]})


def test_an_answer_in_full() -> None:
    assert as_ris(answer()).replace("\r\n", "\n") == HEAD + RECORDS


def test_lines_end_as_the_format_has_it() -> None:
    text = as_ris(answer())
    assert text.count("\n") == text.count("\r\n") > 30


def test_our_own_reader_gives_the_sources_back() -> None:
    found = works(as_ris(answer()))
    assert len(found) == 3
    for work, source in zip(found, answer().sources, strict=True):
        assert (work.title, work.authors, work.year) == (source.title, authors_of(source), source.year)
        assert (work.doi, work.pmid, work.pmcid) == (source.doi or "", source.pmid or "", source.pmcid or "")
    assert (found[0].container, found[0].volume, found[0].issue, found[0].pages) == (
        "J Invented Med",
        "3",
        "2",
        "11-19",
    )


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.has_statements])
def test_a_refusal_cites_nothing(outcome: Outcome) -> None:
    text = as_ris(answer(outcome))
    assert "TY  - " not in text
    with pytest.raises(UnreadableSource, match="no record begins"):
        read_ris(text, "export.ris")


def test_the_first_record_begins_within_the_lines_that_zotero_looks_at() -> None:
    lines = [one for one in as_ris(answer()).splitlines() if one.strip()]
    assert lines.index("TY  - JOUR") <= 4


@example(text="x\nER  - \n\nTY  - JOUR\nTI  - Forged")
@example(text="TY  - BOOK")
@given(text=visible.filter(lambda text: line(text).rstrip(".")))
def test_no_title_or_journal_breaks_out_of_its_record(text: str) -> None:
    found = works(as_ris(with_source(title=text, container=text)))
    assert [work.title for work in found] == [line(text).rstrip("."), *(one.title for one in answer().sources[1:])]
    assert [work.container for work in found] == [line(text), "Sequitur", ""]
    assert found[0].doi == TRIAL.doi


@given(family=visible, given_name=visible)
def test_names_stay_names(family: str, given_name: str) -> None:
    people = [CreatorOut(family=family, given=given_name), CreatorOut(family=family, given="")]
    written = [line(line(part).replace(",", " ")) for part in (family, given_of(people[0]))]
    assert works(as_ris(with_source(creators=people)))[0].authors == (Author(*written), Author(written[0]))


@given(text=hostile)
def test_no_other_field_breaks_out_of_its_record(text: str) -> None:
    changed = dict.fromkeys(("volume", "issue", "pages", "doi", "pmid", "pmcid", "url", "updated"), text)
    found = works(as_ris(with_source(**changed)))
    assert [work.title for work in found] == [one.title for one in answer().sources]


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("11-19", "11", "19"),
        ("S1–S9", "S1", "S9"),
        ("e0012", "e0012", ""),
        ("11-19, 22", "11-19, 22", ""),
        ("7", "7", ""),
    ],
)
def test_pages(pages: str, first: str, last: str) -> None:
    text = as_ris(with_source(pages=pages))
    assert f"SP  - {first}\r\n" in text
    assert ("EP  - " in text) == bool(last)
    assert not last or f"EP  - {last}\r\n" in text
