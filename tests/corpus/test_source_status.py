"""What became of a work: four kinds of notice kept apart, in whatever order; documents that lean on retracted works."""

import io
import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from corpus.leaning import Leaning, leaning
from corpus.readers.jats import read_jats
from corpus.readers.retractions import read_notices
from corpus.source_status import Statuses, applied, is_reinstated, settled, status_of
from corpus.types import CitationMark, Document, DocumentKind, Notice, Problem, Reference, Section, SourceStatus, Work

DATA = Path(__file__).parents[2].parent / "shared" / "data"
TRIALS, LIST = DATA / "pmc-trials", DATA / "retractions" / "retractions.tsv.zst"
needs_trials = pytest.mark.skipif(
    not (TRIALS.is_dir() and LIST.is_file()),
    reason=f"the trial articles are not at {DATA}; they are no part of the project",
)

CURRENT, CORRECTED, ERRATUM = SourceStatus.CURRENT, SourceStatus.CORRECTED, SourceStatus.ERRATUM
CONCERN, NOTICE, RETRACTED = (
    SourceStatus.EXPRESSION_OF_CONCERN,
    SourceStatus.RETRACTION_NOTICE,
    SourceStatus.RETRACTED,
)
GRAVITY = [CURRENT, CORRECTED, ERRATUM, CONCERN, NOTICE, RETRACTED]
DOI, PMID = "10.5555/a", "90000001"


def told(status: SourceStatus, date: str = "", notice: str = "", *, doi: str = DOI, pmid: str = "") -> Notice:
    return Notice(doi, pmid, status, "crossref", date, notice)


dates = st.sampled_from(["", "2018", "2018-03", "2018-03-05", "2018-03-06", "2019", "2019-11-30", "2020-01", "soon"])
notices = st.builds(told, st.sampled_from(SourceStatus), dates, st.sampled_from(["", "10.5555/n", "10.5555/m"]))
several = st.lists(notices, max_size=6)


class TestStatus:
    @pytest.mark.parametrize(
        ("history", "status"),
        [
            ([], CURRENT),
            ([(CORRECTED, "2018")], CORRECTED),
            ([(ERRATUM, "2018"), (CORRECTED, "2019")], ERRATUM),
            ([(CONCERN, "2018"), (CORRECTED, "2019")], CONCERN),
            ([(RETRACTED, "2018"), (CONCERN, "2019"), (CORRECTED, "2020")], RETRACTED),
            ([(NOTICE, "2018"), (CONCERN, "2018")], NOTICE),
            ([(CURRENT, "2018")], CURRENT),
            # A reinstatement lifts what came before it.
            ([(RETRACTED, "2018"), (CURRENT, "2019")], CURRENT),
            ([(RETRACTED, "2018-03-05"), (CURRENT, "2018-03-06")], CURRENT),
            ([(RETRACTED, "2018"), (RETRACTED, "2018-06"), (CURRENT, "2019")], CURRENT),
            ([(RETRACTED, "2018-03"), (CURRENT, "2018-04")], CURRENT),
            # And nothing that came after, or may have come after.
            ([(RETRACTED, "2019"), (CURRENT, "2018")], RETRACTED),
            ([(RETRACTED, "2018"), (CURRENT, "2019"), (RETRACTED, "2020")], RETRACTED),
            ([(RETRACTED, "2018-03-05"), (CURRENT, "2018-03-05")], RETRACTED),
            ([(RETRACTED, "2018"), (CURRENT, "2018")], RETRACTED),
            ([(RETRACTED, "2018"), (CURRENT, "2018-12")], RETRACTED),
            ([(RETRACTED, "2018-12"), (CURRENT, "2018-12-31")], RETRACTED),
            ([(RETRACTED, ""), (CURRENT, "2019")], RETRACTED),
            ([(RETRACTED, "2018"), (CURRENT, "")], RETRACTED),
            ([(RETRACTED, "soon"), (CURRENT, "2019")], RETRACTED),
            ([(RETRACTED, "2018"), (CURRENT, "soon")], RETRACTED),
            # Nor what is no retraction.
            ([(CONCERN, "2018"), (RETRACTED, "2019"), (CURRENT, "2020")], CONCERN),
            ([(CORRECTED, "2018"), (CURRENT, "2020")], CORRECTED),
            ([(NOTICE, "2018"), (CURRENT, "2020")], NOTICE),
        ],
    )
    def test_histories(self, history: list[tuple[SourceStatus, str]], status: SourceStatus) -> None:
        for order in permutations(history):
            assert status_of(told(*one) for one in order) is status

    def test_a_notice_without_a_date_has_the_date_another_source_gives_it(self) -> None:
        undated = Notice(DOI, "", RETRACTED, "medline", notice_pmid="90000009")
        dated = Notice(DOI, "", RETRACTED, "retraction-watch", "2018-03-05", "10.5555/n", "90000009")
        back = told(CURRENT, "2019")
        assert status_of([undated, back]) is RETRACTED
        assert status_of([undated, dated, back]) is CURRENT
        assert status_of([told(RETRACTED, "", "10.5555/N"), dated, back]) is CURRENT
        assert status_of([undated, replace(dated, notice_pmid=""), back]) is RETRACTED
        assert status_of([undated, replace(dated, status=CONCERN), back]) is RETRACTED
        assert status_of([undated, dated, replace(dated, date="2020"), back]) is RETRACTED

    def test_the_time_of_day_makes_no_difference(self) -> None:
        assert status_of([told(RETRACTED, "2018-03-05T00:00:00Z"), told(CURRENT, "2018-03-06")]) is CURRENT

    @given(st.permutations(range(6)), several)
    def test_the_order_makes_no_difference(self, order: list[int], some: list[Notice]) -> None:
        shuffled = [some[index] for index in order if index < len(some)]
        assert status_of(shuffled) is status_of(some)
        assert is_reinstated(shuffled) is is_reinstated(some)
        assert status_of([*some, *some]) is status_of(some)

    @given(several)
    def test_only_a_retraction_makes_retracted_and_only_a_reinstatement_makes_less(self, some: list[Notice]) -> None:
        told_by = {notice.status for notice in some}
        assert status_of(some) in told_by | {CURRENT}
        if CURRENT not in told_by:
            assert status_of(some) is max(told_by, key=GRAVITY.index, default=CURRENT)
        assert is_reinstated(some) is (RETRACTED in told_by and status_of(some) is not RETRACTED)

    @given(several, notices)
    def test_one_more_notice_never_makes_a_work_better_unless_it_reinstates_it(
        self, some: list[Notice], more: Notice
    ) -> None:
        before, after = status_of(some), status_of([*some, more])
        # A date learned for an undated notice may let a known reinstatement lift it.
        if more.status is not CURRENT and not any(notice.status is CURRENT for notice in some):
            assert GRAVITY.index(after) >= max(GRAVITY.index(before), GRAVITY.index(more.status))

    @given(st.sampled_from(SourceStatus), several)
    def test_what_the_source_itself_says_is_lowered_by_reinstatement_only(
        self, own: SourceStatus, some: list[Notice]
    ) -> None:
        status = settled(own, some)
        assert GRAVITY.index(status) >= GRAVITY.index(status_of(some))
        if own is not RETRACTED or not is_reinstated(some):
            assert status is max(own, status_of(some), key=GRAVITY.index)
        else:
            assert status is status_of(some)

    def test_a_reinstatement_alone_is_not_known_to_come_after_what_the_source_says(self) -> None:
        assert settled(RETRACTED, [told(CURRENT, "2020")]) is RETRACTED
        assert settled(RETRACTED, [told(RETRACTED, "2018"), told(CURRENT, "2020")]) is CURRENT

    @pytest.mark.parametrize("own", [CORRECTED, ERRATUM, CONCERN, NOTICE])
    def test_a_reinstatement_lifts_nothing_else_that_the_source_says(self, own: SourceStatus) -> None:
        assert settled(own, [told(RETRACTED, "2018"), told(CURRENT, "2020")]) is own


class TestStatuses:
    def test_by_doi_in_any_case_and_by_pmid(self) -> None:
        statuses = Statuses([told(RETRACTED, doi="10.5555/A", pmid=PMID), told(CORRECTED, doi="", pmid="90000002")])
        assert statuses.of("10.5555/a") is statuses.of("10.5555/A") is statuses.of(pmid=PMID) is RETRACTED
        assert statuses.of("10.5555/b", PMID) is RETRACTED
        assert statuses.of(pmid="90000002") is CORRECTED
        assert statuses.of("10.5555/b") is statuses.of() is statuses.of("", "") is CURRENT

    def test_no_notice_twice(self) -> None:
        notice = told(RETRACTED, pmid=PMID)
        assert Statuses([notice, notice]).notices_of(DOI, PMID) == (notice,)

    def test_a_notice_by_pmid_reaches_a_citation_that_gives_the_doi(self) -> None:
        linking, by_pmid = told(CORRECTED, pmid=PMID), told(RETRACTED, doi="", pmid=PMID)
        assert Statuses([linking, by_pmid]).of(DOI) is RETRACTED
        linking, by_doi = told(CORRECTED, pmid=PMID), told(RETRACTED, doi=DOI)
        assert Statuses([linking, by_doi]).of(pmid=PMID) is RETRACTED

    def test_a_work_that_shares_one_identifier_by_mistake_is_not_dragged_along(self) -> None:
        mine, other = told(CORRECTED, pmid=PMID), told(RETRACTED, doi="10.5555/other", pmid=PMID)
        assert Statuses([mine, other]).of(DOI) is CORRECTED

    @given(several, several)
    def test_it_is_an_index_and_nothing_else(self, mine: list[Notice], others: list[Notice]) -> None:
        elsewhere = [replace(notice, doi="10.5555/b") for notice in others]
        statuses = Statuses([*elsewhere, *mine])
        assert set(statuses.notices_of(DOI)) == set(mine)
        assert statuses.of(DOI) is status_of(mine)


TEXT = "Vitamin C helps. It does not. Nothing is known.\n\nDose 5 mg."


def document(*references: Reference, marks: tuple[CitationMark, ...] = (), doi: str = "10.5555/citing") -> Document:
    sections = (Section(("Results",), 0, 47), Section(("Table",), 49, 59, is_table=True))
    work = Work("Citing", doi=doi)
    return Document("PMC9000001", DocumentKind.LITERATURE, work, TEXT, sections, references=references, marks=marks)


def cited(key: str, doi: str = "", pmid: str = "", status: SourceStatus = CURRENT) -> Reference:
    return Reference(key, f"DOI:{doi}", Work(f"Work {key}", doi=doi, pmid=pmid), status)


class TestApplied:
    def test_a_document_and_what_it_cites(self) -> None:
        statuses = Statuses([told(CONCERN, doi="10.5555/citing"), told(RETRACTED), told(CORRECTED, doi="", pmid=PMID)])
        before = document(cited("a", "10.5555/A"), cited("b", pmid=PMID), cited("c", "10.5555/c"), cited("d"))
        after = applied(before, statuses)
        assert after.source_status is CONCERN
        assert [reference.source_status for reference in after.references] == [RETRACTED, CORRECTED, CURRENT, CURRENT]
        kept = tuple(replace(reference, source_status=CURRENT) for reference in after.references)
        assert replace(after, source_status=CURRENT, references=kept) == before

    @given(st.sampled_from(SourceStatus), several)
    def test_never_better_than_the_source_says_unless_reinstated(self, own: SourceStatus, some: list[Notice]) -> None:
        before = replace(document(cited("a", DOI, status=own), doi=DOI), source_status=own)
        after = applied(before, Statuses(some))
        assert after.source_status is after.references[0].source_status is settled(own, some)

    def test_nothing_is_known_nothing_changes(self) -> None:
        assert applied(document(cited("a", DOI)), Statuses([])) == document(cited("a", DOI))


class TestLeaning:
    def test_the_sentences_that_cite_retracted_works(self) -> None:
        marks = (CitationMark(15, ("a", "c")), CitationMark(28, ("c",)), CitationMark(59, ("b",)))
        notice = told(RETRACTED, "2020", "10.5555/n")
        statuses = Statuses([notice, told(CORRECTED), told(CONCERN, doi="10.5555/c")])
        citing = document(cited("a", DOI), cited("b", status=RETRACTED), cited("c", "10.5555/c"), marks=marks)
        first, second = leaning(citing, statuses)
        assert first == Leaning(0, 16, "Vitamin C helps.", ("a",), (notice,))
        assert (second.text, second.keys, second.notices) == ("Dose 5 mg.", ("b",), ())
        assert all(citing.text[one.start : one.end] == one.text for one in (first, second))

    def test_a_reinstated_work_is_not_leant_on(self) -> None:
        citing = document(cited("a", DOI), marks=(CitationMark(15, ("a",)),))
        assert not leaning(citing, Statuses([told(RETRACTED, "2018"), told(CURRENT, "2019")]))
        assert leaning(citing, Statuses([told(RETRACTED, "2019"), told(CURRENT, "2018")]))

    def test_a_document_that_cites_nothing_retracted(self) -> None:
        assert not leaning(document(cited("a", DOI), marks=(CitationMark(15, ("a",)),)), Statuses([]))
        assert not leaning(document(), Statuses([told(RETRACTED)]))

    def test_sentences_are_whole_however_long(self) -> None:
        text = "It was " + "very " * 5000 + "good. Next."
        long = replace(
            document(cited("a", DOI), marks=(CitationMark(len(text) - 6, ("a",)),)),
            text=text,
            sections=(Section(("R",), 0, len(text)),),
        )
        (one,) = leaning(long, Statuses([told(RETRACTED)]))
        assert one.text == text[:-6]


class TestTrials:
    """The crosses between the trial articles and the list of retracted works, found again by this program."""

    @pytest.fixture(scope="class")
    @staticmethod
    def statuses() -> Statuses:
        with LIST.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as unpacked:
            lines = io.TextIOWrapper(unpacked, encoding="utf-8", newline="")
            found = list(read_notices(lines, LIST.name))
        assert len(found) == 61_541
        return Statuses(one for one in found if not isinstance(one, Problem))

    @staticmethod
    def expected() -> set[tuple[str, str, str]]:
        rows = [line.split("\t") for line in (TRIALS / "retractions.tsv").read_text("utf-8").splitlines()[1:]]
        return {(kind, pmcid, doi) for kind, pmcid, doi, *_ in rows}

    @staticmethod
    def articles(wanted: set[str] | None) -> Iterator[tuple[Document, bytes]]:
        with (
            (TRIALS / "articles.nxml.tar.zst").open("rb") as raw,
            zstandard.ZstdDecompressor().stream_reader(raw) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as archive,
        ):
            for member in archive:
                pmcid = member.name.rpartition("/")[2].removesuffix(".nxml")
                if member.name.endswith(".nxml") and (wanted is None or pmcid in wanted):
                    stream = archive.extractfile(member)
                    assert stream is not None
                    data = stream.read()
                    yield read_jats(data, member.name), data

    @staticmethod
    def crosses(read: Document, statuses: Statuses) -> Iterator[tuple[str, str, str]]:
        """Kind, article and DOI of every status that the list gives, as the shared table writes them."""
        kinds = {RETRACTED: "retracted", CONCERN: "concern"}
        named = applied(read, statuses)
        for reference in (None, *named.references):
            work = named.work if reference is None else reference.work
            status = statuses.of(work.doi)
            if status is not CURRENT:
                assert (named if reference is None else reference).source_status is status
                yield (
                    f"{'article' if reference is None else 'cites'}_{kinds[status]}",
                    named.work.pmcid,
                    work.doi.lower(),
                )

    @needs_trials
    def test_every_known_cross_is_found(self, statuses: Statuses) -> None:
        expected = self.expected()
        articles = [read for read, _ in self.articles({pmcid for _, pmcid, _ in expected})]
        assert {cross for one in articles for cross in self.crosses(one, statuses)} == expected
        self.check_leaning(articles, statuses)

    def check_leaning(self, articles: list[Document], statuses: Statuses) -> None:
        """Every mark of a retracted work lies in a sentence that is listed, and every sentence listed has one."""
        for one in articles:
            retracted = {ref.key for ref in one.references if statuses.of(ref.work.doi) is RETRACTED}
            marks = [mark.position for mark in one.marks if retracted & set(mark.keys)]
            found = leaning(one, statuses)
            assert {key for sentence in found for key in sentence.keys} == {
                key for mark in one.marks for key in mark.keys if key in retracted
            }
            assert len(found) <= len(marks)
            assert all(any(sentence.start < mark <= sentence.end + 2 for sentence in found) for mark in marks)

    @pytest.mark.slow
    @needs_trials
    def test_and_no_other_in_all_the_articles(self, statuses: Statuses) -> None:
        expected = self.expected()
        found: set[tuple[str, str, str]] = set()
        count = 0
        for one, data in self.articles(None):
            count += 1
            crosses = set(self.crosses(one, statuses))
            found |= crosses
            for _, _, doi in crosses - expected:
                # The table looked at DOIs that are marked as such, not at those that are only linked to.
                text = data.decode().lower()
                assert f"doi.org/{doi}" in text
                assert not re.search(rf"<pub-id[^>]*>{re.escape(doi)}<", text)
        assert count == 2_483
        assert found >= expected
        assert len(found - expected) == 7
