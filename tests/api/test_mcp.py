"""The tools for language-model programs, called with the client of the protocol's own SDK."""

import logging
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent, Tool

from api.cli.mcp import log_to_standard_error, mcp
from api.desk import UNKEPT, Desk
from api.errors import BadSetting
from api.finding import CHARACTERS
from api.mcp import create_server
from api.schemas import AnswerOut
from api.service import Service
from api.settings import Settings
from assistant.answer import Answer
from assistant.policy import caution, disclaimer
from assistant.question import MAX_CHARACTERS, Question
from corpus.catalogue import answers
from corpus.catalogue.database import Catalogue
from corpus.errors import CatalogueUnavailable
from corpus.types import ReviewStatus
from indexer.errors import NoSnapshot
from tests.api.terminal import Terminal
from tests.hashing import HashingEncoder
from tests.tiny import GOUT, LIBRARY, PAPERS, Article, Library, snapshot_of

QUESTION = "What is the first-line urate-lowering drug for gout?"
LONG = Article(
    "long", "How is longitis treated?", {"Treatment": tuple((f"Longitis dose {n} is {n} mg.", "") for n in range(999))}
)
RETRACTED = next(paper for paper in PAPERS if paper.key == "peglo2011")


def service_at(home: Path, least: ReviewStatus = ReviewStatus.SUBMITTED) -> Service:
    """A service on a home, with an encoder that has no model."""
    settings = replace(Settings.from_environment({"SEQUITUR_HOME": str(home)}), least_status=least)
    return Service(settings, HashingEncoder(), Catalogue.open(settings.database), "tiny 1")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where the tiny library is live, and one long article; for copying."""
    home = tmp_path_factory.mktemp("template") / "home"
    library = Library((*LIBRARY.articles, LONG), LIBRARY.papers)
    snapshot_of(library.documents(), home, HashingEncoder()).close()
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    found = service_at(home)
    yield found
    found.close()
    found.catalogue.close()


def opened(service: Service) -> "Future[Service]":
    future = Future[Service]()
    future.set_result(service)
    return future


def with_client(server: Any, work: Callable[[Client], Awaitable[None]]) -> None:
    """Do something with a client of a server, in memory or over a process's pipes."""

    async def run() -> None:
        async with Client(server) as client:
            await work(client)

    anyio.run(run)


def call(service: "Service | Future[Service]", tool: str, **arguments: object) -> CallToolResult:
    """What a tool gives."""
    results = list[CallToolResult]()

    async def work(client: Client) -> None:
        results.append(await client.call_tool(tool, arguments))

    future = opened(service) if isinstance(service, Service) else service
    with_client(create_server(future, "1"), work)
    return results[0]


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def error_of(result: CallToolResult) -> str:
    assert result.is_error
    assert result.structured_content is None
    return text_of(result)


def line(text: str) -> str:
    return " ".join(text.split())


def kept(service: Service) -> list[str]:
    with service.catalogue.reading() as connection:
        return [one.id for one in answers.latest(connection, 100)]


def test_an_answer_is_structured_and_told_with_caution_and_disclaimer(service: Service) -> None:
    result = call(service, "ask", question=QUESTION, article_id="gout")
    found = AnswerOut.model_validate(result.structured_content)
    assert found.statements[0].text.startswith(next(iter(GOUT.cited)))
    with service.desk() as desk:
        same = AnswerOut.of(desk.answer(Question(QUESTION, (), "gout"), keeping=UNKEPT))
    assert found == same.model_copy(update={"id": found.id, "created": found.created})
    told = line(text_of(result))
    assert f"“{found.statements[0].text}” [1]" in told
    assert line(f"Caution: {caution().text}") in told
    assert told.endswith(line(f"Disclaimer: {disclaimer().text}"))
    assert kept(service) == [found.id]


def test_a_follow_up_is_read_in_its_history_which_is_not_kept(service: Service) -> None:
    result = call(service, "ask", question="And febuxostat?", history=["What is the dose of allopurinol in gout?"])
    found = AnswerOut.model_validate(result.structured_content)
    assert found.question == "And febuxostat?"
    assert found.read_as == "What is the dose of febuxostat in gout?"
    assert set(kept(service)) <= {found.id}
    given = call(service, "ask", question="And febuxostat?", read_as="Is febuxostat an alternative in gout?")
    assert AnswerOut.model_validate(given.structured_content).read_as == "Is febuxostat an alternative in gout?"


def test_a_refusal_is_an_answer_and_no_error(service: Service) -> None:
    result = call(service, "ask", question="My patient John Smith, MRN 1234567: what dose of allopurinol?")
    assert not result.is_error
    assert AnswerOut.model_validate(result.structured_content).outcome == "patient_identifiers"
    assert "Smith" not in text_of(result)
    assert line(disclaimer().text) in line(text_of(result))
    assert kept(service) == []


def test_a_search_finds_passages_with_their_standing_and_nothing_retracted(service: Service) -> None:
    result = call(service, "search", query="Pegloticase cleared tophi in refractory gout", k=50)
    assert isinstance(result.structured_content, dict)
    found = result.structured_content["passages"]
    assert "gout" in {one["document_id"] for one in found}
    assert RETRACTED.id not in {one["document_id"] for one in found}
    assert {one["review_status"] for one in found} <= {"under_review", "approved"}
    told = text_of(result)
    assert told.startswith("1. How is gout treated? › ")
    assert all(one["text"] in told and one["passage_id"] in told for one in found)
    assert f"Caution: {caution().text}" in told
    assert told.endswith(f"Disclaimer: {disclaimer().text}")
    assert len(call(service, "search", query="gout", k=1).structured_content["passages"]) == 1


def test_a_site_that_cites_what_is_approved_alone_finds_nothing_else(home: Path) -> None:
    service = service_at(home, ReviewStatus.APPROVED)
    try:
        result = call(service, "search", query="How are gout and hypertension treated?", k=50)
        assert isinstance(result.structured_content, dict)
        assert {one["review_status"] for one in result.structured_content["passages"]} == {"approved"}
        assert result.structured_content["caution"] is None
        assert "Caution" not in text_of(result)
    finally:
        service.close()
        service.catalogue.close()


def test_a_passage_is_read_in_its_place(service: Service) -> None:
    answer = AnswerOut.model_validate(call(service, "ask", question=QUESTION, article_id="gout").structured_content)
    cited = answer.statements[0].citations[0]
    result = call(service, "read_source", id=cited.passage_id)
    found = result.structured_content
    assert isinstance(found, dict)
    assert found["text"][cited.start - found["start"] : cited.end - found["start"]] == cited.quote
    assert (found["document_id"], found["section"], found["is_evidence"]) == ("gout", ["First-line treatment"], True)
    told = text_of(result)
    assert told.startswith(
        "How is gout treated? › First-line treatment (article; review: under review; current), characters "
    )
    assert "Sequitur article gout. Updated 2026-01-01." in told
    assert told.endswith(f"Caution: {caution().text}\n\nDisclaimer: {disclaimer().text}")


def test_a_document_is_read_to_its_end_piece_by_piece(service: Service) -> None:
    read, start, length = "", 0, 1
    while start < length:
        found = call(service, "read_source", id="long", start=start).structured_content
        assert isinstance(found, dict)
        assert found["start"] == start
        assert 0 < len(found["text"]) == found["end"] - start <= CHARACTERS
        read, start, length = read + found["text"], found["end"], found["length"]
    with service.live.lease() as snapshot:
        document = snapshot.document("long")
    assert document is not None
    assert read == document.text
    beyond = call(service, "read_source", id="long", start=length + 9).structured_content
    assert isinstance(beyond, dict)
    assert (beyond["text"], beyond["start"], beyond["end"]) == ("", length, length)


def test_what_was_retracted_may_be_read_and_says_that_it_is_no_evidence(service: Service) -> None:
    result = call(service, "read_source", id=RETRACTED.id)
    assert isinstance(result.structured_content, dict)
    assert (result.structured_content["source_status"], result.structured_content["is_evidence"]) == (
        "retracted",
        False,
    )
    assert "This work is no evidence: it was retracted or withdrawn. Do not cite it." in text_of(result)


def test_our_errors_are_told_with_what_to_do_about_them(service: Service) -> None:
    assert error_of(call(service, "ask", question="?!")) == (
        "Error executing tool ask: the question is empty; type what you want to know"
    )
    assert "no article 'nope'" in error_of(call(service, "ask", question=QUESTION, article_id="nope"))
    assert "holds no document 'nope'" in error_of(call(service, "read_source", id="nope"))
    assert "at most" in error_of(call(service, "search", query="x" * (MAX_CHARACTERS + 1)))
    assert "less than or equal to 50" in error_of(call(service, "search", query="gout", k=51))
    for told, kind in (("at 10.0.0.7:5432", CatalogueUnavailable), ("secret-setting", BadSetting)):
        broken = Future[Service]()
        broken.set_exception(kind(told))
        assert told not in error_of(call(broken, "search", query="gout"))


def test_a_fault_says_nothing_of_the_inside_or_of_the_question(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(desk: Desk, question: object, **named: object) -> Answer:
        raise RuntimeError(f"secret inside of {question}")

    logger = logging.getLogger("mcp")
    for name in ("handlers", "propagate", "level"):  # given back after the test
        monkeypatch.setattr(logger, name, getattr(logger, name))
    log_to_standard_error()
    monkeypatch.setattr(Desk, "answer", broken)
    assert error_of(call(service, "ask", question=QUESTION)) == "Error executing tool ask"
    logged = capsys.readouterr().err
    assert '"exception": ' in logged
    assert "secret" not in logged
    assert QUESTION not in logged


def test_tools_say_that_they_only_read_and_what_they_give(service: Service) -> None:
    found = list[Tool]()

    async def work(client: Client) -> None:
        found.extend((await client.list_tools()).tools)
        assert "always show the disclaimer" in (client.instructions or "")

    with_client(create_server(opened(service), "1"), work)
    assert [tool.name for tool in found] == ["ask", "search", "read_source"]
    for tool in found:
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.description
        assert (tool.output_schema or {})["type"] == "object"
    assert (found[0].output_schema or {})["properties"].keys() == AnswerOut.model_fields.keys()


def test_a_program_starts_it_and_reads_the_protocol_alone(
    built: Terminal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    start = "from api.cli.mcp import mcp; mcp()"
    environment = {"SEQUITUR_HOME": str(built.home), "HF_HUB_OFFLINE": "1", "SEQUITUR_ANSWER_DAYS": "0"}
    root = Path(__file__).parents[2]
    server = StdioServerParameters(command=sys.executable, args=["-c", start], env=environment, cwd=root)
    results = list[CallToolResult]()

    async def work(client: Client) -> None:
        assert len((await client.list_tools()).tools) == 3
        results.append(await client.call_tool("ask", {"question": QUESTION, "article_id": "gout"}))
        results.append(await client.call_tool("ask", {"question": "\x00"}))

    caplog.set_level(logging.INFO)
    with (tmp_path / "errors").open("w+", encoding="utf-8") as errors:
        with_client(stdio_client(server, errlog=errors), work)
        errors.seek(0)
        assert QUESTION not in errors.read()
    answer, refused = results
    assert AnswerOut.model_validate(answer.structured_content).statements
    assert "control character" in error_of(refused)
    assert not [record for record in caplog.records if "parse" in record.getMessage()]


def test_without_an_index_it_says_what_to_do(empty: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUITUR_HOME", str(empty.home))
    with pytest.raises(NoSnapshot, match="sequitur index build"):
        mcp()
