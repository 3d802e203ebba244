"""The door that language-model programs use: three tools over the Model Context Protocol."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from api.chat.turns import question_after
from api.conversing import Asked
from api.finding import SearchedOut, SourceTextOut, as_list, as_page, read, searched
from api.problems import kind_of
from api.schemas import AnswerOut
from api.service import Service
from assistant.answer import Answer
from assistant.question import MAX_CHARACTERS, MAX_TURNS, Audience, check_text
from assistant.render import as_text
from corpus.errors import SequiturError

Result = TypeVar("Result")

_INSTRUCTIONS = (
    "Answers clinical questions from vetted articles and the literature they cite. Every statement of an answer is "
    "quoted from a source: show it as it is with its number [n] and the numbered sources, and always show the "
    "disclaimer, and the caution when there is one. When an answer is refused, say so; do not fill the gap. Send "
    "nothing that identifies a patient."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Text = Annotated[str, Field(max_length=MAX_CHARACTERS)]
Id = Annotated[str, Field(max_length=1_000)]


def create_server(opened: Future[Service], version: str) -> MCPServer[None]:
    """The server; its tools wait for the service to be opened, so that a client need not wait to connect."""
    server: MCPServer[None] = MCPServer(
        "sequitur", "Sequitur", instructions=_INSTRUCTIONS, version=version, log_level="WARNING"
    )
    tools = Tools(opened)
    server.add_tool(tools.ask, title="Answer a clinical question", annotations=_READS)
    server.add_tool(tools.search, title="Search the corpus", annotations=_READS)
    server.add_tool(tools.read_source, title="Read a source", annotations=_READS)
    return server


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools; their docstrings are what a language model is told of them."""

    opened: Future[Service]

    async def ask(
        self,
        question: Text,
        article_id: Id | None = None,
        history: Annotated[list[Text], Field(max_length=MAX_TURNS)] | None = None,
        audience: Audience = Audience.CLINICIAN,
        read_as: Text | None = None,
    ) -> Annotated[CallToolResult, AnswerOut]:
        """Answer a question from vetted articles and their literature, every statement cited with its exact sentence.

        history: earlier questions of the conversation, oldest first, so that a follow-up is read in its context (the
        last 4 are used). article_id: the article being read. audience: clinician, trainee or patient; it changes what
        is explained, never what is stated. read_as: how the question is to be read, in place of our reading. The
        answer is kept for as long as the site chooses.
        """
        asked = Asked(question, article_id, None, audience, read_as)
        given = await self._done(lambda service: _answer(service, history or [], asked))
        return _result(as_text(given), AnswerOut.of(given))

    async def search(
        self, query: Text, k: Annotated[int, Field(ge=1, le=50)] = 10
    ) -> Annotated[CallToolResult, SearchedOut]:
        """Passages near a query, at most k, best first. They are found, not checked: for an answer, use ask."""
        found = await self._done(lambda service: searched(service, query, k))
        return _result(as_list(found), found)

    async def read_source(
        self, id: Id, start: Annotated[int, Field(ge=0)] = 0
    ) -> Annotated[CallToolResult, SourceTextOut]:
        """The text of a passage, or of a document from a character on, with its place, review status and reference.

        id: a source_id, document_id or passage_id of an answer or a search. A document is read 8,000 characters at a
        time: go on with start = end.
        """
        found = await self._done(lambda service: read(service, id, start))
        return _result(as_page(found), found)

    async def _done(self, work: Callable[[Service], Result]) -> Result:
        """What came of work in the answering threads; our errors with their message, others without."""
        with _told():
            service = await asyncio.shield(asyncio.wrap_future(self.opened))
            return await service.result(service.submit(lambda: work(service)))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SequiturError as error:
        kind = kind_of(error)
        raise ToolError(str(error) if kind.detail is None else f"{kind.title}. {kind.detail}") from error


def _result(text: str, told: BaseModel) -> CallToolResult:
    structured = told.model_dump(mode="json")
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def _answer(service: Service, earlier: list[str], asked: Asked) -> Answer:
    check_text(asked.text)
    with service.desk() as desk:
        return desk.answer(question_after(desk, earlier, asked))
