"""Crossref: works by DOI, and what became of them; kinds of notices by a table, never by guessing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.connectors.crossref import Crossref
from corpus.connectors.crossref_works import read_work
from corpus.connectors.errors import ServiceGarbled, ServiceRefused, ServiceUnavailable
from corpus.notice_kinds import NOTICE_KINDS, OF_THE_NOTICE, kind_in
from corpus.types import Author, Notice, Problem, Record, Reference, SourceStatus, Work
from tests.corpus.connectors.serving import (
    Answer,
    Script,
    Stage,
    cut_off,
    exchanges,
    json_reply,
    needs_recordings,
    recorded,
    reply,
)

A, B, N = "10.5555/a", "10.5555/b", "10.5555/notice"
RETRACTED, CONCERN = SourceStatus.RETRACTED, SourceStatus.EXPRESSION_OF_CONCERN


@contextmanager
def crossref(script: Script, stage: Stage | None = None, contact: str = "me@example.org") -> Iterator[Crossref]:
    with script, Crossref(base_url=script.url, contact=contact, timing=(stage or Stage()).timing) as service:
        yield service


def work(doi: str, **more: object) -> dict[str, Any]:
    return {"DOI": doi, "title": [f"Title {doi}"], **{name.replace("_", "-"): value for name, value in more.items()}}


def update(doi: str, kind: str, *date: int) -> dict[str, object]:
    return {"DOI": doi, "type": kind, "label": kind, "source": "publisher", "updated": {"date-parts": [list(date)]}}


def one(message: object) -> Answer:
    return json_reply({"status": "ok", "message-type": "work", "message": message})


def several(*messages: object) -> Answer:
    return json_reply({"status": "ok", "message-type": "work-list", "message": {"items": messages}})


def serving(*messages: dict[str, Any], aliases: dict[str, str] | None = None) -> Script:
    """A Crossref that holds some works; lists know no aliases, single addresses do."""
    held = {message["DOI"].lower(): message for message in messages}
    script = Script(reply(""))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked = script.asked[-1]
        if asked.path == "/works":
            names = [part.partition(":")[2].lower() for part in asked.value("filter").split(",")]
            several(*(held[name] for name in names if name in held))(handler)
        else:
            doi = unquote(asked.path.removeprefix("/works/")).lower()
            found = held.get((aliases or {}).get(doi, doi))
            (one(found) if found else reply("Resource not found.", 404))(handler)

    script.answers = [answer]
    return script


def read(message: object, asked: str = A) -> list[Record]:
    assert isinstance(message, dict)
    return list(read_work(message, asked))


def notices(records: list[Record]) -> list[Notice]:
    return [one for one in records if isinstance(one, Notice)]


class TestWorks:
    def test_what_a_work_is(self) -> None:
        message = {
            "DOI": "10.5555/A",
            "title": ["Effect of &lt;i&gt;S. aureus&lt;/i&gt; on <b>p</b> &lt; .05"],
            "subtitle": ["A trial"],
            "author": [
                {"family": "Smith", "given": "Ann B", "sequence": "first"},
                {"family": "Jones", "given": "C", "suffix": "Jr"},
                {"name": "STAR Group"},
                {"given": "Mononymous"},
                {"affiliation": []},
            ],
            "container-title": ["The Journal &amp; Others"],
            "issued": {"date-parts": [[2015, 5]]},
            "volume": "8",
            "issue": "6",
            "page": "1-9",
        }
        assert read(message) == [
            Reference(
                "10.5555/a",
                "DOI:10.5555/a",
                Work(
                    title="Effect of S. aureus on p < .05: A trial",
                    authors=(
                        Author("Smith", "Ann B"),
                        Author("Jones Jr", "C"),
                        Author("STAR Group"),
                        Author("Mononymous"),
                    ),
                    container="The Journal & Others",
                    year=2015,
                    volume="8",
                    issue="6",
                    pages="1-9",
                    doi="10.5555/a",
                    url="https://doi.org/10.5555/a",
                ),
            )
        ]

    def test_what_a_work_may_lack(self) -> None:
        message = work(A, issued={"date-parts": [[None]]}, article_number="e5", container_title=[], author=None)
        (reference,) = read(message)
        assert reference == Reference(A, f"DOI:{A}", Work(f"Title {A}", pages="e5", doi=A, url=f"https://doi.org/{A}"))

    def test_without_a_title_there_is_no_reference_but_the_notices_stand(self) -> None:
        problem, notice = read({"DOI": A, "title": [], "updated-by": [update(N, "retraction", 2020)]})
        assert problem == Problem("Crossref", A, "the work has no title, so it cannot be cited")
        assert notice == Notice(A, "", RETRACTED, "crossref", "2020", N)

    def test_without_a_doi_there_is_nothing(self) -> None:
        assert [type(one) for one in read({"title": ["x"]})] == [Problem]

    def test_a_title_that_says_so(self) -> None:
        (reference,) = read(work(A) | {"title": ["RETRACTED: A trial"]})
        assert isinstance(reference, Reference)
        assert reference.source_status is RETRACTED

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    )
    FIELDS = ("DOI", "title", "subtitle", "author", "issued", "container-title", "updated-by", "update-to", "page")

    @given(st.dictionaries(st.sampled_from(FIELDS), json_values), st.lists(json_values, max_size=2))
    def test_whatever_the_shape_nothing_breaks(self, message: dict[str, object], updates: list[object]) -> None:
        for record in read({"DOI": A, **message, "updated-by": updates}):
            assert not isinstance(record, Notice) or record.doi or record.pmid


class TestNotices:
    def test_of_the_work_and_by_the_work(self) -> None:
        message = work(
            A,
            updated_by=[update(N, "retraction", 2020, 3, 4), update(N, "retraction", 2020, 3, 4)],
            update_to=[update("10.5555/B", "erratum", 2019, 12)],
        )
        reference, *found = read(message)
        assert isinstance(reference, Reference)
        assert reference.source_status is RETRACTED
        assert found == [
            Notice(A, "", RETRACTED, "crossref", "2020-03-04", N),
            Notice(B, "", SourceStatus.CORRECTED, "crossref", "2019-12", A, reason="erratum"),
            Notice(A, "", SourceStatus.ERRATUM, "crossref"),
        ]

    KINDS = (
        ("retraction", RETRACTED, ""),
        ("withdrawal", RETRACTED, "withdrawal"),
        ("removal", RETRACTED, "removal"),
        ("partial_retraction", RETRACTED, "partial retraction"),
        ("expression_of_concern", CONCERN, ""),
        ("Expression of Concern", CONCERN, ""),
        ("correction", SourceStatus.CORRECTED, ""),
        ("corrigendum", SourceStatus.CORRECTED, "corrigendum"),
        ("erratum", SourceStatus.CORRECTED, "erratum"),
        ("reinstatement", SourceStatus.CURRENT, ""),
    )

    @pytest.mark.parametrize(("kind", "status", "reason"), KINDS, ids=[kind for kind, _, _ in KINDS])
    def test_kinds(self, kind: str, status: SourceStatus, reason: str) -> None:
        assert notices(read(work(A, updated_by=[update(N, kind)]))) == [
            Notice(A, "", status, "crossref", "", N, reason=reason)
        ]

    @pytest.mark.parametrize("kind", ["addendum", "clarification", "new_edition", "new_version"])
    def test_kinds_that_say_nothing_of_a_status(self, kind: str) -> None:
        assert [type(one) for one in read(work(A, updated_by=[update(N, kind)]))] == [Reference]

    @pytest.mark.parametrize("entry", [update(N, "repudiation"), {"DOI": N}, {"DOI": N, "type": 7}, "retraction", None])
    def test_kinds_that_are_not_known_are_reported(self, entry: object) -> None:
        reference, problem = read(work(A, updated_by=[entry]))
        assert isinstance(reference, Reference)
        assert isinstance(problem, Problem)
        assert "unknown kind" in problem.reason

    def test_the_table_is_complete_and_written_as_it_is_looked_up(self) -> None:
        assert all(kind_in(kind) == kind for kind in NOTICE_KINDS)
        grave = {status for status in NOTICE_KINDS.values() if status not in (None, SourceStatus.CURRENT)}
        assert grave == set(OF_THE_NOTICE)

    def test_a_notice_is_itself_no_evidence(self) -> None:
        found = notices(read(work(N, update_to=[update(A, "withdrawal", 2020)]), N))
        assert found[0] == Notice(A, "", RETRACTED, "crossref", "2020", N, reason="withdrawal")
        assert found[1] == Notice(N, "", SourceStatus.RETRACTION_NOTICE, "crossref")

    def test_an_article_changed_in_place_is_not_its_own_notice(self) -> None:
        found = notices(read(work(A, update_to=[update("10.5555/A", "retraction", 2020)])))
        assert found == [Notice(A, "", RETRACTED, "crossref", "2020", A)]

    def test_an_alias_has_the_notices_of_its_work(self) -> None:
        found = notices(read(work(B, updated_by=[update(N, "retraction", 2020)]), A))
        assert {(notice.doi, notice.status) for notice in found} == {(A, RETRACTED), (B, RETRACTED)}

    @pytest.mark.parametrize(
        ("parts", "date"),
        [
            ([[2015, 5, 4]], "2015-05-04"),
            ([[2015, 5]], "2015-05"),
            ([[2015]], "2015"),
            ([[2015, 13]], "2015"),
            ([[2015, None, 4]], "2015"),
            ([["2015"]], ""),
            ([[None]], ""),
            ([[]], ""),
            ([], ""),
            (None, ""),
        ],
    )
    def test_dates_are_as_exact_as_they_are(self, parts: object, date: str) -> None:
        entry = {"DOI": N, "type": "retraction", "updated": {"date-parts": parts}}
        assert notices(read(work(A, updated_by=[entry])))[0].date == date


class TestFetch:
    def test_several_by_one_request(self) -> None:
        with crossref(script := serving(work(A), work(B))) as service:
            found = list(service.fetch([B, "https://doi.org/10.5555/A"]))
        assert [record.key for record in found if isinstance(record, Reference)] == [B, A]
        (asked,) = script.asked
        assert (asked.path, asked.value("filter"), asked.value("rows")) == ("/works", f"doi:{B},doi:10.5555/A", "2")
        assert asked.headers["User-Agent"] == "sequitur (mailto:me@example.org)"

    def test_what_a_list_leaves_out_is_asked_for_alone(self) -> None:
        script = serving(work(A), work(B, updated_by=[update(N, "retraction", 2020)]), aliases={"10.5555/alias": B})
        with crossref(script) as service:
            found = list(service.fetch([A, "10.5555/alias", "10.5555/none", "no DOI"]))
        assert [record.key for record in found if isinstance(record, Reference)] == [A, "10.5555/alias"]
        assert {notice.doi for notice in notices(found)} == {B, "10.5555/alias"}
        assert [problem for problem in found if isinstance(problem, Problem)] == [
            Problem("Crossref", "10.5555/none", "Crossref holds no such DOI: mistyped, or registered elsewhere"),
            Problem("Crossref", "no DOI", "is not a DOI; write it as 10.1000/xyz"),
        ]
        assert [asked.path for asked in script.asked] == ["/works", "/works/10.5555%2Falias", "/works/10.5555%2Fnone"]

    @pytest.mark.parametrize("doi", ["10.5555/(sici)1<2::aid-3>3.0.co;2-#", "10.5555/a,b", "10.5555/ä?x=1&y=%2f"])
    def test_difficult_dois(self, doi: str) -> None:
        with crossref(script := serving(work(doi), work(A))) as service:
            assert [record.key for record in service.fetch([doi]) if isinstance(record, Reference)] == [doi]
            assert [record.key for record in service.fetch([doi, A]) if isinstance(record, Reference)] == [doi, A]
        assert script.asked[0].path == "/works/" + quote(doi, safe="")

    def test_a_doi_with_a_comma_is_in_no_list(self) -> None:
        with crossref(script := serving(work("10.5555/a,b"), work(A), work(B))) as service:
            found = [record.key for record in service.fetch([A, "10.5555/a,b", B]) if isinstance(record, Reference)]
        assert found == [A, "10.5555/a,b", B]
        assert script.asked[0].value("filter") == f"doi:{A},doi:{B}"

    def test_a_list_that_is_refused_is_asked_for_one_by_one(self) -> None:
        script = Script(reply('{"status":"failed"}', 400), one(work(A)), one(work(B)))
        with crossref(script) as service:
            assert [record.key for record in service.fetch([A, B]) if isinstance(record, Reference)] == [A, B]

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_block_is_not_taken_for_an_answer(self, status: int) -> None:
        for dois in ([A], [A, B]):
            with crossref(script := Script(reply("blocked", status))) as service, pytest.raises(ServiceRefused):
                list(service.fetch(dois))
            assert len(script.asked) == 1

    FAULTS = (
        reply("{"),
        reply(""),
        reply("<html>"),
        json_reply([]),
        json_reply({"message-type": "work-list", "message": {}}),
        json_reply({"message-type": "work", "message": None}),
        reply("[" * 100_000),
        cut_off(json.dumps({"message-type": "work", "message": work(A)}), 40),
        reply("", 429, Retry_After="3"),
    )

    @pytest.mark.parametrize("fault", FAULTS, ids=range(len(FAULTS)))
    def test_what_cannot_be_read_is_asked_for_again(self, fault: Answer) -> None:
        with crossref(Script(fault, one(work(A)))) as service:
            assert [type(record) for record in service.fetch([A])] == [Reference]
        with crossref(Script(fault)) as service, pytest.raises(ServiceUnavailable, match=r"^Crossref "):
            list(service.fetch([A]))

    def test_a_service_that_only_talks_nonsense_is_given_up(self) -> None:
        with crossref(Script(reply("nonsense"))) as service, pytest.raises(ServiceGarbled):
            list(service.fetch([A, B]))

    def test_batches(self) -> None:
        dois = [f"10.5555/{number}" for number in range(60)]
        with crossref(script := serving(*map(work, dois))) as service:
            batches = list(service.batches(dois))
        assert [len(batch.asked) for batch in batches] == [25, 25, 10]
        assert len(script.asked) == 3

    @pytest.mark.parametrize(("contact", "interval"), [("", 1.0), ("me@example.org", 1 / 3)])
    def test_the_rate_is_within_what_crossref_allows(self, contact: str, interval: float) -> None:
        stage = Stage()
        with crossref(serving(work(A)), stage, contact) as service:
            for _ in range(3):
                list(service.fetch([A]))
        assert len(stage.sleeps) == 2
        assert all(interval <= slept < interval * 1.2 for slept in stage.sleeps)


@needs_recordings
class TestRecorded:
    def fetch(self, cassette: str, doi: str) -> list[Record]:
        answers = dict(exchanges(recorded("paper-qa-metadata-replies", [cassette])[cassette]))
        with crossref(Script(answers[f"/works/{quote(doi, safe='')}".replace("%3A", ":")])) as service:
            return list(service.fetch([doi]))

    def test_a_corrected_work(self) -> None:
        doi = "10.1073/pnas.1414271111"
        reference, notice = self.fetch("test_doi_search[paper_attributes4].yaml", doi)
        assert isinstance(reference, Reference)
        assert reference.source_status is SourceStatus.CORRECTED
        assert (reference.work.container, reference.work.year, reference.work.volume) == (
            "Proceedings of the National Academy of Sciences",
            2014,
            "111",
        )
        assert len(reference.work.authors) == 5
        assert notice == Notice(doi, "", SourceStatus.CORRECTED, "crossref", "2015-05-04", "10.1073/pnas.1507001112")

    @pytest.mark.parametrize(
        ("doi", "title", "pages"),
        [
            ("10.1063/1.4938384", "Effect of native oxide layers", "235306"),
            ("10.1023/a:1007154515475", "An essential role of active site", "1-11"),
            ("10.1007/s40278-023-41815-2", "Convalescent-anti-sars-cov-2-plasma/immune-globulin: Fever", "145-145"),
            ("10.1101/2024.04.01.587366", "High-throughput screening", ""),
        ],
    )
    def test_works(self, doi: str, title: str, pages: str) -> None:
        (reference,) = self.fetch("test_bulk_doi_search.yaml", doi)
        assert isinstance(reference, Reference)
        assert reference.work.title.startswith(title)
        assert reference.work.pages == pages
        assert reference.source_status is SourceStatus.CURRENT

    def test_a_doi_that_crossref_does_not_hold(self) -> None:
        (problem,) = self.fetch("test_bulk_doi_search.yaml", "10.48550/arxiv.2312.07559")
        assert isinstance(problem, Problem)

    def test_every_recorded_work(self) -> None:
        for cassette in ("test_bulk_doi_search.yaml", "test_odd_client_requests.yaml"):
            for path, answer in exchanges(recorded("paper-qa-metadata-replies", [cassette])[cassette]):
                if path.startswith("/works/") and "transform" not in path:
                    with crossref(Script(answer)) as service:
                        assert len(list(service.fetch([unquote(path.removeprefix("/works/"))]))) == 1

    def test_a_real_list_of_other_works_is_not_mistaken_for_those_asked_for(self) -> None:
        cassette = recorded("paper-qa-metadata-replies", ["test_bad_titles.yaml"])["test_bad_titles.yaml"]
        lists = [answer for path, answer in exchanges(cassette) if path == "/works"]
        assert lists
        for answer in lists:
            with crossref(Script(answer, reply("Resource not found.", 404))) as service:
                assert [type(record) for record in service.fetch([A, B])] == [Problem, Problem]
