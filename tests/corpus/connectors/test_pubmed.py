"""PubMed: records by PMID, batch by batch; PMIDs by DOI, never by resemblance."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

import pytest

from corpus.connectors.batches import Batch, Identified, in_batches, settle
from corpus.connectors.errors import ServiceGarbled, ServiceUnavailable
from corpus.connectors.eutils import Eutils
from corpus.connectors.pubmed import PubMed
from corpus.types import Document, Notice, Problem, Record, SourceStatus
from tests.corpus.connectors.serving import Answer, Script, Stage, cut_off, needs_recordings, recorded, reply, reset

A, B, C = "90000001", "90000002", "90000003"


@contextmanager
def pubmed(script: Script, stage: Stage | None = None) -> Iterator[PubMed]:
    with script, Eutils(base_url=script.url, timing=(stage or Stage()).timing) as eutils:
        yield PubMed(eutils)


def record(pmid: str, more: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{pmid}</PMID><Article><Journal><Title>J</Title></Journal>"
        f"<ArticleTitle>Title {pmid}</ArticleTitle><Abstract><AbstractText>Text.</AbstractText></Abstract></Article>"
        f"{more}</MedlineCitation></PubmedArticle>"
    )


def records(*pmids: str) -> str:
    return f"<?xml version='1.0'?><PubmedArticleSet>{''.join(map(record, pmids))}</PubmedArticleSet>"


def serving(*held: str) -> Script:
    """A PubMed that holds some records, and leaves out the others without a word."""
    script = Script(reset)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = script.asked[-1].value("id").split(",")
        reply(records(*(pmid for pmid in asked if pmid in held)))(handler)

    script.answers = [answer]
    return script


def keep(batches: Iterator[Batch], done: set[str]) -> None:
    """Note each batch as done when it comes, as a caller does who keeps it."""
    for batch in batches:
        done.update(batch.asked)


def ids(found: Iterator[Record]) -> list[str]:
    return [one.id if isinstance(one, Document) else f"? {one.place}: {one.reason}" for one in found]  # type: ignore[union-attr]


FAULTS = {
    "cut off": cut_off(records(A), 60),
    "cut off, and of the right length": reply(records(A)[:60]),
    "a web page": reply("<html>busy</html>"),
    "unavailable": reply("", 503),
    "reset": reset,
}


class TestFetch:
    def test_records_come_and_what_is_missing_is_said(self) -> None:
        with pubmed(script := serving(A, C)) as service:
            found = ids(service.fetch([C, B, A]))
        assert sorted(found) == [f"? {B}: PubMed holds no such record", f"PMID:{A}", f"PMID:{C}"]
        assert script.asked[0].path == "/efetch.fcgi"
        assert script.asked[0].value("retmode") == "xml"

    def test_no_records_at_all(self) -> None:
        nothing = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
        for answer in (reply(records()), reply(nothing, 400)):
            with pubmed(Script(answer)) as service:
                assert ids(service.fetch([A])) == [f"? {A}: PubMed holds no such record"]

    def test_what_is_no_pmid_is_not_asked_for(self) -> None:
        with pubmed(script := serving(A)) as service:
            found = ids(service.fetch(["x", "0", f"PMID: 00{A}", "10.5555/a"]))
        assert found[:3] == ["? x: is not a PMID", "? 0: is not a PMID", "? 10.5555/a: is not a PMID"]
        assert found[3:] == [f"PMID:{A}"]
        assert script.asked[0].value("id") == A

    def test_nothing_is_asked_for_nothing(self) -> None:
        with pubmed(script := serving()) as service:
            assert not ids(service.fetch([]))
            assert ids(service.fetch(["x"])) == ["? x: is not a PMID"]
        assert not script.asked

    def test_a_record_nobody_asked_for_is_not_kept(self) -> None:
        with pubmed(Script(reply(records(A, B)))) as service:
            found = ids(service.fetch([A]))
        assert found == [f"PMID:{A}", f"? PMID:{B}: was sent without being asked for, so it is not kept"]

    def test_notices_come_with_the_records(self) -> None:
        link = (
            "<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'>"
            f"<RefSource>J. 2019 Mar 5;1:1</RefSource><PMID>{B}</PMID></CommentsCorrections></CommentsCorrectionsList>"
        )
        with pubmed(Script(reply(f"<PubmedArticleSet>{record(A, link)}</PubmedArticleSet>"))) as service:
            document, notice = service.fetch([A])
        assert isinstance(document, Document)
        assert document.source_status is SourceStatus.RETRACTED
        assert isinstance(notice, Notice)
        assert (notice.pmid, notice.notice_pmid, notice.date) == (A, B, "2019-03-05")

    @pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
    def test_nothing_of_a_broken_reply_is_kept(self, fault: Answer) -> None:
        with pubmed(Script(fault, reply(records(A)))) as service:
            assert ids(service.fetch([A])) == [f"PMID:{A}"]


class TestBatches:
    PMIDS = tuple(str(90000000 + number) for number in range(450))

    def test_each_settles_what_it_asked_for(self) -> None:
        with pubmed(script := serving(*self.PMIDS)) as service:
            batches = list(service.batches(self.PMIDS))
        assert [len(batch.asked) for batch in batches] == [200, 200, 50]
        assert tuple(pmid for batch in batches for pmid in batch.asked) == self.PMIDS
        assert [ids(iter(batch.records)) for batch in batches] == [
            [f"PMID:{pmid}" for pmid in batch.asked] for batch in batches
        ]
        assert len(script.asked) == 3

    def test_a_batch_is_there_before_the_next_is_asked_for(self) -> None:
        drawn = []

        def wanted() -> Iterator[str]:
            for pmid in self.PMIDS:
                drawn.append(pmid)
                yield pmid

        with pubmed(script := serving(*self.PMIDS)) as service:
            batches = service.batches(wanted())
            next(batches)
            assert len(script.asked) == 1
            assert len(drawn) == 200

    def test_a_failure_leaves_the_earlier_batches_and_the_rest_can_be_asked_for_later(self) -> None:
        done: set[str] = set()
        script = serving(*self.PMIDS)
        script.answers.append(reply("", 503))
        with pubmed(script) as service, pytest.raises(ServiceUnavailable, match="what was fetched before is kept"):
            keep(service.batches(self.PMIDS), done)
        with pubmed(script := serving(*self.PMIDS)) as service:
            rest = ids(service.fetch(pmid for pmid in self.PMIDS if pmid not in done))
        assert done == set(self.PMIDS[:200])
        assert rest == [f"PMID:{pmid}" for pmid in self.PMIDS[200:]]
        assert len(script.asked) == 2

    def test_a_record_that_spoils_its_reply_does_not_hold_up_the_others(self) -> None:
        script = Script(reset)

        def answer(handler: BaseHTTPRequestHandler) -> None:
            asked = script.asked[-1].value("id").split(",")
            body = records(*asked)
            reply(body.replace(f"Title {B}", "<broken>") if B in asked else body)(handler)

        script.answers = [answer]
        with pubmed(script) as service:
            found = ids(service.fetch([A, B, C]))
        assert (found[0], found[2]) == (f"PMID:{A}", f"PMID:{C}")
        assert re.match(rf"\? {B}: NCBI E-utilities answers with .* broken", found[1])

    def test_two_in_a_row_are_the_fault_of_the_service(self) -> None:
        with pubmed(script := Script(reply("<html>"))) as service, pytest.raises(ServiceGarbled):
            list(service.fetch(self.PMIDS))
        assert len(script.asked) == 3 * 5

    def test_identifiers_in_runs(self) -> None:
        assert list(in_batches("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
        assert list(in_batches(["a", "a"], 2)) == [("a",)]
        assert settle(("a",), lambda ids: [], "S") == Batch(("a",), ())


class TestByDoi:
    """A PubMed of three records, one DOI carried by two of them; the search also finds what only resembles."""

    DOIS: ClassVar = {A: "10.5555/A(1)<x>", B: "10.5555/b", C: "10.5555/B"}

    @staticmethod
    def summary(pmid: str, doi: str) -> str:
        safe = doi.replace("<", "&lt;").replace(">", "&gt;")
        return (
            f"<DocSum><Id>{pmid}</Id><Item Name='ArticleIds' Type='List'><Item Name='pubmed'>{pmid}</Item>"
            f"<Item Name='doi' Type='String'>{safe}</Item></Item></DocSum>"
        )

    def script(self, found: str = "") -> Script:
        script = Script(reset)

        def answer(handler: BaseHTTPRequestHandler) -> None:
            asked = script.asked[-1]
            if asked.path == "/esearch.fcgi":
                terms = re.findall(r'"([^"]*)"\[doi\]', asked.value("term"))
                hits = [pmid for pmid in self.DOIS if terms] if not found else found.split()
                body = "".join(f"<Id>{pmid}</Id>" for pmid in hits[: int(asked.value("retmax"))])
                reply(f"<eSearchResult><Count>{len(hits)}</Count><IdList>{body}</IdList></eSearchResult>")(handler)
            else:
                summaries = (self.summary(pmid, self.DOIS[pmid]) for pmid in asked.value("id").split(","))
                reply(f"<eSummaryResult>{''.join(summaries)}</eSummaryResult>")(handler)

        script.answers = [answer]
        return script

    def test_the_one_record_that_carries_the_doi(self) -> None:
        with pubmed(script := self.script()) as service:
            found = list(service.pmids_for_dois(["https://doi.org/10.5555/a(1)<X>"]))
        assert found == [Identified("https://doi.org/10.5555/a(1)<X>", A)]
        assert [asked.path for asked in script.asked] == ["/esearch.fcgi", "/esummary.fcgi"]
        assert script.asked[0].value("term") == '"10.5555/a(1)<x>"[doi]'

    def test_what_resembles_is_not_taken_and_what_is_ambiguous_is_said(self) -> None:
        with pubmed(self.script()) as service:
            found = list(service.pmids_for_dois(["10.5555/a", "10.5555/b", "10.5555/a(1)<x>"]))
        reasons = [one.reason if isinstance(one, Problem) else one.found for one in found]
        assert reasons == [
            "no record of PubMed carries this DOI",
            f"several records carry this DOI: PMIDs {B}, {C}; name the one meant",
            A,
        ]

    def test_what_no_query_can_hold_is_not_searched_for(self) -> None:
        with pubmed(script := self.script()) as service:
            found = list(service.pmids_for_dois(["x", '10.5555/a"b']))
        assert [one.reason for one in found if isinstance(one, Problem)] == ["is not a DOI", "is not a DOI"]
        assert not script.asked

    def test_a_search_that_finds_too_much_is_split_and_in_the_end_not_believed(self) -> None:
        with pubmed(script := self.script(found=" ".join([A] * 1000))) as service:
            found = list(service.pmids_for_dois(["10.5555/a(1)<x>", "10.5555/b"]))
        assert all(isinstance(one, Problem) for one in found)
        assert [asked.path for asked in script.asked] == ["/esearch.fcgi"] * 3

    def test_a_search_that_finds_nothing(self) -> None:
        body = "<eSearchResult><IdList/><ErrorList><PhraseNotFound>x</PhraseNotFound></ErrorList></eSearchResult>"
        with pubmed(script := Script(reply(body))) as service:
            (problem,) = service.pmids_for_dois(["10.5555/a"])
        assert isinstance(problem, Problem)
        assert len(script.asked) == 1


@needs_recordings
class TestRecorded:
    def test_real_records(self) -> None:
        names = ["pubmed1.xml", "pubmed4.xml", "pubmed5.xml", "pubmed6.xml", "pubmed7.xml"]
        for name, body in recorded("biopython-entrez", names).items():
            pmids = re.findall(rb"<MedlineCitation[^>]*>\s*<PMID[^>]*>(\d+)", body)
            with pubmed(Script(reply(body))) as service:
                found = ids(service.fetch([pmid.decode() for pmid in pmids]))
            assert found == [f"PMID:{pmid.decode()}" for pmid in pmids], name

    def test_real_search_and_summaries(self) -> None:
        replies = recorded("biopython-entrez", ["esearch5.xml", "esummary1.xml"])
        script = Script(reply(replies["esearch5.xml"]), reply(replies["esummary1.xml"]))
        with pubmed(script) as service:
            (problem,) = service.pmids_for_dois(["10.5555/none-of-these"])
        assert isinstance(problem, Problem)
        assert script.asked[1].value("id") == "6540636,5830998,4460425,4466840,3443459"
