"""Lists of notices: what each row says, row by row, whatever the others are; nothing guessed."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import MissingField, UnreadableSource
from corpus.readers.retractions import NAMELESS, read_notices
from corpus.types import Notice, Problem, SourceStatus
from tests.corpus.connectors.serving import needs_recordings, recorded

RETRACTED, CONCERN = SourceStatus.RETRACTED, SourceStatus.EXPRESSION_OF_CONCERN
TSV = "doi\tstatus\tnotice_doi\n10.1000/A\tretracted\t10.1000/N\n10.1000/b\texpression_of_concern\t\n"
COLUMNS = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
ROW = {
    "Record ID": "90001",
    "Title": "A paper",
    "RetractionDate": "7/12/2023 0:00",
    "RetractionDOI": "10.5555/Notice",
    "RetractionPubMedID": "90000009.0",
    "OriginalPaperDate": "1/2/2020 0:00",
    "OriginalPaperDOI": "10.5555/Paper",
    "OriginalPaperPubMedID": "90000001",
    "RetractionNature": "Retraction",
    "Reason": "+Error in Data;+Investigation by Journal/Publisher;",
}
NOTICE = Notice(
    doi="10.5555/paper",
    pmid="90000001",
    status=RETRACTED,
    origin="retraction-watch",
    date="2023-07-12",
    notice_doi="10.5555/notice",
    notice_pmid="90000009",
    reason="Error in Data; Investigation by Journal/Publisher",
)


def watched(*rows: dict[str, str], columns: list[str] = COLUMNS) -> str:
    """A Retraction Watch database of rows that differ from ROW as given."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    return text.getvalue()


def one(**fields: str) -> Notice | Problem:
    (found,) = read_notices(watched({name.replace("_", " "): value for name, value in fields.items()}), "rw.csv")
    return found


class TestRetractionWatch:
    def test_a_row(self) -> None:
        assert one() == NOTICE

    @pytest.mark.parametrize(
        ("nature", "status"),
        [
            ("Retraction", RETRACTED),
            ("Expression of concern", CONCERN),
            ("Expression of Concern", CONCERN),
            ("Correction", SourceStatus.CORRECTED),
            ("Reinstatement", SourceStatus.CURRENT),
            (" retraction ", RETRACTED),
        ],
    )
    def test_natures(self, nature: str, status: SourceStatus) -> None:
        assert one(RetractionNature=nature) == replace(NOTICE, status=status)

    def test_a_partial_retraction_says_so(self) -> None:
        found = one(RetractionNature="Partial retraction", Reason="")
        assert found == replace(NOTICE, reason="partial retraction")

    @pytest.mark.parametrize("nature", ["", "Repudiation"])
    def test_a_nature_that_is_not_known_is_reported(self, nature: str) -> None:
        assert one(RetractionNature=nature) == Problem(
            "rw.csv", "record 90001", f"RetractionNature {nature!r} is unknown"
        )

    @pytest.mark.parametrize("doi", ["unavailable", "Unavailable", "", "0"])
    @pytest.mark.parametrize("pmid", ["0", "0.0", "", "unavailable"])
    def test_what_is_unavailable(self, doi: str, pmid: str) -> None:
        assert one(OriginalPaperDOI=doi) == replace(NOTICE, doi="")
        assert one(OriginalPaperPubMedID=pmid) == replace(NOTICE, pmid="")
        assert one(RetractionDOI=doi, RetractionPubMedID=pmid) == replace(NOTICE, notice_doi="", notice_pmid="")
        assert one(OriginalPaperDOI=doi, OriginalPaperPubMedID=pmid) == Problem("rw.csv", "record 90001", NAMELESS)

    def test_several_works_in_one_row(self) -> None:
        sici = "10.5555/(SICI)1(20)3:4<5::AID-X>3.0.CO;2-9"
        found = list(
            read_notices(watched({"OriginalPaperDOI": f"10.5555/a; https://doi.org/10.5555/b;{sici}"}), "rw.csv")
        )
        assert found == [replace(NOTICE, doi=doi, pmid="") for doi in ("10.5555/a", "10.5555/b", sici.lower())]

    @pytest.mark.parametrize(
        ("written", "date"),
        [
            ("1/2/2023", "2023-01-02"),
            ("12/31/2023 0:00", "2023-12-31"),
            ("12/31/2023 00:00:00", "2023-12-31"),
            ("2023-12-31", "2023-12-31"),
            ("2023-12-31 00:00:00", "2023-12-31"),
            ("", ""),
        ],
    )
    def test_dates(self, written: str, date: str) -> None:
        assert one(RetractionDate=written) == replace(NOTICE, date=date)

    @pytest.mark.parametrize("written", ["31/12/2023 0:00", "2/30/2023", "soon", "2023-13-01", "0/0/0000", "1/1/0000"])
    def test_a_date_that_is_none_is_reported_and_the_notice_stands(self, written: str) -> None:
        problem, notice = read_notices(watched({"RetractionDate": written}), "rw.csv")
        assert isinstance(problem, Problem)
        assert written in problem.reason
        assert notice == replace(NOTICE, date="")

    def test_rows_stand_alone(self) -> None:
        text = watched({}, {"RetractionNature": "?"}, {"Title": 'Lines\nand "quotes", and commas'}, {"Record ID": "2"})
        first, problem, *rest = read_notices(text, "rw.csv")
        assert [first, *rest] == [NOTICE] * 3
        assert isinstance(problem, Problem)

    def test_the_columns_it_needs_in_any_order_with_others_between(self) -> None:
        few = ["New", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate", "OriginalPaperDOI", ""]
        found = list(read_notices("\ufeff" + watched({}, columns=few), "rw.csv"))
        assert found == [replace(NOTICE, notice_doi="", notice_pmid="", reason="")]

    def test_a_row_that_is_cut_off(self) -> None:
        text = watched({}, {})
        found = list(read_notices(text[:-60], "rw.csv"))
        assert found[0] == NOTICE
        assert all(isinstance(one, Problem) for one in found[1:])

    def test_a_quotation_that_never_ends_is_a_problem_and_what_came_before_stands(self) -> None:
        text = watched({}) + '90002,"never ends\n' + "x" * 200_000 + "\n" + watched({}).split("\n", 1)[1]
        found = list(read_notices(text, "rw.csv"))
        assert found[0] == NOTICE
        assert any(isinstance(one, Problem) and one.place.startswith("line ") for one in found[1:])

    def test_it_is_read_as_it_is_wanted(self) -> None:
        lines = iter(watched(*({} for _ in range(1000))).splitlines(keepends=True))
        assert next(read_notices(lines, "rw.csv")) == NOTICE
        assert len(list(lines)) > 990

    @given(st.lists(st.dictionaries(st.sampled_from(sorted(ROW)), st.text(max_size=20)), max_size=4))
    def test_whatever_the_rows_every_notice_names_a_work(self, rows: list[dict[str, str]]) -> None:
        for found in read_notices(watched(*rows), "rw.csv"):
            assert isinstance(found, Problem) or found.doi or found.pmid

    @needs_recordings
    def test_real_rows(self) -> None:
        name = "stub_retractions.csv"
        text = recorded("paper-qa-metadata-replies", [name])[name].decode("utf-8-sig")
        found = list(read_notices(text, name))
        assert len(found) == 20
        assert all(isinstance(one, Notice) and one.status is RETRACTED and one.doi and one.date for one in found)
        assert [one.pmid for one in found[:6] if isinstance(one, Notice)] == [
            "36035816",
            "35281543",
            "34567490",
            "35978889",
            "35990112",
            "",
        ]


class TestList:
    NOTICES = (
        Notice("10.1000/a", "", RETRACTED, "list", notice_doi="10.1000/n"),
        Notice("10.1000/b", "", CONCERN, "list"),
    )

    @pytest.mark.parametrize("text", [TSV, "\ufeff" + TSV, TSV.replace("\n", "\r\n"), TSV + "\n\n", TSV.rstrip()])
    def test_a_list_is_read(self, text: str) -> None:
        assert tuple(read_notices(text, "list.tsv")) == self.NOTICES
        assert tuple(read_notices(io.StringIO(text, newline=""), "list.tsv")) == self.NOTICES

    def test_columns_may_stand_in_any_order_and_be_more(self) -> None:
        text = "status\tx\tDOI\tdate\tpmid\tnotice_pmid\nretracted\t\t10.1000/a\t2020-03-04\t90000001\t90000009\n"
        assert list(read_notices(text, "l")) == [
            Notice("10.1000/a", "90000001", RETRACTED, "list", "2020-03-04", notice_pmid="90000009")
        ]

    def test_a_work_may_be_named_by_its_pmid(self) -> None:
        assert list(read_notices("doi\tpmid\tstatus\n\t90000001\tcorrected\n", "l")) == [
            Notice("", "90000001", SourceStatus.CORRECTED, "list")
        ]

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("\tretracted", "has no DOI; write it as 10.1000/xyz or remove the line"),
            ("10.1000/a", "status '' is unknown; use one of retracted, expression_of_concern, corrected, erratum"),
            ("10.1000/a\twithdrawn", "status 'withdrawn' is unknown; use one of retracted, expression_of_concern"),
            ("10.1000/a\tcurrent", "status 'current' is unknown"),
        ],
    )
    def test_a_row_that_cannot_be_read_stops_nothing(self, row: str, reason: str) -> None:
        first, problem, last = read_notices(f"doi\tstatus\n10.1000/a\tretracted\n{row}\n10.1000/b\tretracted\n", "l")
        assert isinstance(first, Notice)
        assert isinstance(last, Notice)
        assert isinstance(problem, Problem)
        assert (problem.file, problem.place) == ("l", "line 3")
        assert problem.reason.startswith(reason)

    @pytest.mark.parametrize(
        "text", ["", "\n", "doi,status\n", "DOI\n", "a\tb\n", "OriginalPaperDOI,RetractionNature\n"]
    )
    def test_what_is_no_list_is_refused(self, text: str) -> None:
        with pytest.raises(
            MissingField, match=r"list\.tsv: the first line should name the columns doi and status, sep"
        ):
            list(read_notices(text, "list.tsv"))

    def test_what_is_no_text_is_refused(self) -> None:
        def lines() -> Iterator[str]:
            yield "doi\tstatus\n"
            yield b"10.1000/\xff\tretracted\n".decode()

        with pytest.raises(UnreadableSource, match=r"list\.tsv is not UTF-8 text"):
            list(read_notices(lines(), "list.tsv"))
