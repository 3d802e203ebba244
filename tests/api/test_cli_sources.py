"""`sequitur corpus pull` and `refresh-status`, against services on this machine that answer from a script."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.api.terminal import Terminal
from tests.corpus.connectors.serving import Script, json_reply, reply, reset
from tests.corpus.connectors.test_pmc import article, articles
from tests.corpus.connectors.test_pubmed import record

A, B, C = "90000001", "90000002", "90000003"
TEXT = "Colchicine lowers the rate of gout flares"
RETRACTED = (
    "<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'><RefSource>J. 2024</RefSource>"
    "<PMID Version='1'>90000009</PMID></CommentsCorrections></CommentsCorrectionsList>"
)


def citing(pmids: list[str]) -> str:
    """A full text whose sentences each cite one work by its PMID."""
    sentences = "".join(f"<p>{TEXT} in group {n} <xref ref-type='bibr' rid='r{n}'>{n}</xref>.</p>" for n in pmids)
    works = "".join(
        f"<ref id='r{n}'><mixed-citation><article-title>Work {n}</article-title>"
        f"<pub-id pub-id-type='pmid'>{n}</pub-id></mixed-citation></ref>"
        for n in pmids
    )
    body = f"<body><sec><title>Results</title>{sentences}</sec></body><back><ref-list>{works}</ref-list></back>"
    return article("PMC9000009", body=body)


class PubMed(Script):
    """Holds some records; a request beyond `patience` is torn down."""

    def __init__(self, held: dict[str, str]) -> None:
        super().__init__(reset)
        self.held = held
        self.answers = [self.answer]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if "works" in handler.path:
            json_reply({"status": "ok", "message-type": "work-list", "message": {"items": []}})(handler)
            return
        asked = self.asked[-1].value("id").split(",")
        found = "".join(record(pmid, self.held[pmid]) for pmid in asked if pmid in self.held)
        reply(f"<?xml version='1.0'?><PubmedArticleSet>{found}</PubmedArticleSet>")(handler)

    def fetched(self) -> list[str]:
        return [one.value("id") for one in self.asked if one.path == "/efetch.fcgi"]


@pytest.fixture
def pubmed() -> Iterator[PubMed]:
    with PubMed({A: "", B: ""}) as service:
        yield service


@pytest.fixture
def home(empty: Terminal, tmp_path: Path) -> Terminal:
    (tmp_path / "citing.nxml").write_text(citing([A, B, C]), "utf-8")
    assert empty.run("corpus", "add", str(tmp_path / "citing.nxml")).exit_code == 0
    return empty


def at(service: Script) -> dict[str, str]:
    return {"SEQUITUR_PUBMED_URL": service.url, "SEQUITUR_CROSSREF_URL": service.url, "SEQUITUR_NCBI_KEY": "hush"}


def held(terminal: Terminal) -> set[str]:
    return {one["id"] for one in json.loads(terminal.run("corpus", "list", "--json").stdout)}


def test_what_is_cited_and_not_held_is_fetched_once(home: Terminal, pubmed: PubMed) -> None:
    result = home.run("corpus", "pull", **at(pubmed))
    assert result.exit_code == 3, result.output
    assert C in result.stderr
    assert held(home) == {"PMC9000009", f"PMID:{A}", f"PMID:{B}"}
    home.run("corpus", "pull", **at(pubmed))
    assert pubmed.fetched() == [",".join((A, B, C)), C]
    pubmed.held[C] = ""
    assert home.run("corpus", "pull", "PMC9000009", **at(pubmed)).exit_code == 0
    nothing = home.run("corpus", "pull", **at(pubmed))
    assert nothing.exit_code == 0
    assert "held already" in nothing.stderr
    assert len(pubmed.fetched()) == 3


def test_a_service_that_refuses_says_so_without_the_key(home: Terminal) -> None:
    with Script(reply("<html>Forbidden for key hush</html>", 403)) as service:
        line = home.fails("corpus", "pull", **at(service))
    assert "NCBI" in line
    assert "hush" not in line
    (job, *_) = json.loads(home.run("jobs", "--json").stdout)
    assert (job["kind"], job["state"]) == ("corpus pull", "failed")
    assert "hush" not in job["detail"]


def test_a_retraction_at_pubmed_flags_the_sentences_that_lean_on_it(home: Terminal, pubmed: PubMed) -> None:
    home.run("corpus", "pull", **at(pubmed))
    assert home.run("corpus", "flagged").exit_code == 0
    pubmed.held[A] = RETRACTED
    assert home.run("corpus", "refresh-status", **at(pubmed)).exit_code == 3, "PubMed holds no record of C"
    flagged = json.loads(home.run("corpus", "flagged", "--json").stdout)
    assert {one["document_id"]: one["source_status"] for one in flagged} == {
        "PMC9000009": "current",
        f"PMID:{A}": "retracted",
    }
    (leaning,) = next(one["leaning"] for one in flagged if one["document_id"] == "PMC9000009")
    assert leaning["text"].startswith(f"{TEXT} in group {A}")
    (notice,) = next(one["notices"] for one in flagged if one["document_id"] == f"PMID:{A}")
    assert (notice["notice_pmid"], notice["origin"]) == ("90000009", "medline")
    assert home.run("corpus", "flagged").exit_code == 3


def test_full_texts_come_where_their_licence_allows_it(home: Terminal) -> None:
    links = "".join(
        f"<LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>{pmid}</Id></IdList><LinkSetDb><DbTo>pmc</DbTo>"
        f"<LinkName>pubmed_pmc</LinkName><Link><Id>{pmid[1:].replace('0', '9', 1)}</Id></Link></LinkSetDb></LinkSet>"
        for pmid in (A, B)
    )

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "elink" in handler.path:
            reply(f"<?xml version='1.0'?><eLinkResult>{links}</eLinkResult>")(handler)
        elif service.asked[-1].value("db") == "pmc":
            free, closed = article("PMC9000001"), article("PMC9000002", "licenses/by-nc/4.0/")
            reply(articles(free, closed))(handler)
        else:
            reply(f"<?xml version='1.0'?><PubmedArticleSet>{''.join(map(record, (A, B, C)))}</PubmedArticleSet>")(
                handler
            )

    with Script(answer) as service:
        assert home.run("corpus", "pull", **at(service)).exit_code == 0
        assert "PMC9000001" not in held(home)
        result = home.run("corpus", "pull", "--full-text", **at(service))
    assert result.exit_code == 3
    assert "CC BY-NC" in result.stderr
    assert "PMC9000001" in held(home)
    assert "PMC9000002" not in held(home)


COLUMNS = (
    "Record ID", "Title", "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate",
    "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason",
)  # fmt: skip
WATCH = f"{','.join(COLUMNS)}\n"


def test_a_list_of_notices_and_what_a_complete_one_lifts(home: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "watch.csv"
    rows = f"1,x,1/2/2024 0:00,,0,1/1/2020 0:00,,{A},Retraction,+Fraud;\n2,y,1/2/2024 0:00,,0,,,,Retraction,\n"
    file.write_text(WATCH + rows, "utf-8")
    words = ("corpus", "refresh-status", "--no-services", "--list", str(file))
    first = home.run(*words)
    assert first.exit_code == 0, first.output
    assert "1 new notices, 1 passed over" in first.stdout
    assert home.run("corpus", "flagged").exit_code == 3
    file.write_text(WATCH + rows.replace(A, "90000099"), "utf-8")
    home.run(*words)
    assert home.run("corpus", "flagged").exit_code == 3
    home.run(*words, "--complete")
    assert home.run("corpus", "flagged").exit_code == 0
    assert "nowhere" in home.fails("corpus", "refresh-status", "--no-services", "--list", str(tmp_path / "nowhere.csv"))
