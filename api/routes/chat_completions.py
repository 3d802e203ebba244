"""The door that OpenAI's clients use: chat completions and models."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.exceptions import HTTPException as StarletteHTTPException

from api import problems
from api.access import Asker, Serving
from api.answering import Answering, Stopwatch
from api.chat import annotations, blocks, content, opening
from api.chat_schemas import (
    MODEL,
    ChatIn,
    ChatOut,
    ChoiceOut,
    ChunkChoiceOut,
    ChunkOut,
    DeltaOut,
    ErrorBodyOut,
    ErrorOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    UsageOut,
)
from api.chat_turns import question_after
from api.conversing import Asked
from api.logs import log_fault
from api.routes.answers import note
from api.schemas import AnswerOut
from api.service import Service
from api.streaming import MEDIA_TYPE, Stages, stages_until
from assistant.answer import Answer
from assistant.question import check_text
from corpus.errors import SequiturError

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
_CODES = {
    (401, "key-needed"): "invalid_api_key",
    (404, "http"): "model_not_found",
    (429, "too-many"): "rate_limit_exceeded",
}
"""Words that OpenAI's clients look for, by status and kind of problem; all others are the kinds' own names."""


class OpenAIRoute(APIRoute):
    """A route whose errors have the shape and the status that OpenAI's clients read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except SequiturError as error:
                return _translated(await problems.on_error(request, error))
            except RequestValidationError as error:
                return _translated(await problems.on_invalid(request, error))
            except StarletteHTTPException as error:
                return _translated(await problems.on_http(request, error))

        return handle


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": told}
    for status, told in (
        (400, "The request cannot be taken as it is"),
        (401, "A valid key is needed"),
        (403, "The key does not have the role that is needed"),
        (404, "There is no such model or article"),
        (429, "Too many requests"),
        (503, "Too many questions wait, or the answer took too long"),
    )
}
_STREAMED: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}

router = APIRouter(prefix="/v1", tags=["openai"], route_class=OpenAIRoute, responses=_ERRORS)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every part of one completion has in common."""

    id: str
    created: int
    base: str

    def chunk(self, delta: DeltaOut, **more: Any) -> ChunkOut:
        """A part of the completion, as it is streamed."""
        return ChunkOut(id=self.id, created=self.created, choices=[ChunkChoiceOut(delta=delta)], **more)


@router.post("/chat/completions", response_model=ChatOut, responses=_STREAMED)
async def complete(wanted: ChatIn, request: Request, service: Serving, who: Asker) -> Response:
    """Answer the last user message, in the form of an OpenAI chat completion; with `stream` as its chunks.

    The user's last 4 earlier messages are the conversation: they are answered again, and not kept, so that a
    follow-up is read in its context. Messages of other roles are passed over. The content is Markdown and begins
    with the disclaimer; the field `sequitur` is the whole answer. No tokens are counted: `usage` is all zeros.
    """
    _require_model(wanted.model)
    *earlier, question = wanted.asked
    check_text(question)
    about, watch = wanted.sequitur, Stopwatch()
    asked = Asked(question, about.article_id, None, about.audience, about.read_as)
    submitted = Answering(service, request.app.state.metrics).submit(
        lambda desk: question_after(desk, earlier, asked), watch, who.id
    )
    envelope = Envelope(f"chatcmpl-{uuid.uuid4().hex}", int(service.clock().timestamp()), str(request.base_url))

    def ended(given: Answer) -> None:
        note(request, given, watch)

    if wanted.stream:
        with_usage = wanted.stream_options is not None and bool(wanted.stream_options.include_usage)
        events = _events(submitted, service, envelope, with_usage, request, ended)
        return StreamingResponse(events, media_type=MEDIA_TYPE, headers={"X-Accel-Buffering": "no"})
    given = await service.result(submitted)
    ended(given)
    return Response(_whole(AnswerOut.of(given), envelope).model_dump_json(), media_type="application/json")


@router.get("/models")
def models(service: Serving, who: Asker) -> ModelsOut:
    """The one model there is."""
    return ModelsOut(data=[_model(service)])


@router.get("/models/{model}")
def model(model: str, service: Serving, who: Asker) -> ModelOut:
    """A model by its id."""
    _require_model(model)
    return _model(service)


def _whole(answer: AnswerOut, envelope: Envelope) -> ChatOut:
    parts = blocks(answer, envelope.base)
    message = MessageOut(content=content(parts), annotations=annotations(parts, answer, envelope.base))
    choices = [ChoiceOut(message=message)]
    return ChatOut(id=envelope.id, created=envelope.created, choices=choices, sequitur=answer)


async def _events(
    submitted: Future[Answer],
    service: Service,
    envelope: Envelope,
    with_usage: bool,
    request: Request,
    ended: Callable[[Answer], None],
) -> AsyncIterator[bytes]:
    """The disclaimer at once, the rest block by block when it is there, then annotations and the whole answer."""
    done = asyncio.ensure_future(service.result(submitted))
    try:
        yield _event(envelope.chunk(DeltaOut(role="assistant", content=opening().text)))
        async for _ in stages_until(done, Stages.here()):
            yield KEEPALIVE_COMMENT
        given = await done
        ended(given)
        for chunk in _settled(AnswerOut.of(given), envelope):
            yield _event(chunk)
        if with_usage:
            yield _event(ChunkOut(id=envelope.id, created=envelope.created, choices=[], usage=UsageOut()))
    except SequiturError as error:
        translated = _translated(await problems.on_error(request, error))
        yield format_sse_event(data_str=bytes(translated.body).decode())
    except Exception as error:  # the response has begun, so that it is answered as a fault is
        log_fault(problems.request_id(request))
        translated = _translated(await problems.on_failure(request, error))
        yield format_sse_event(data_str=bytes(translated.body).decode())
    finally:
        done.cancel()
    yield format_sse_event(data_str="[DONE]")


def _settled(answer: AnswerOut, envelope: Envelope) -> list[ChunkOut]:
    parts = blocks(answer, envelope.base)
    links = annotations(parts, answer, envelope.base)
    told = [envelope.chunk(DeltaOut(content=block.text)) for block in parts[1:]]
    last = envelope.chunk(DeltaOut(annotations=links), sequitur=answer)
    last.choices[0].finish_reason = "stop"
    return [*told, last]


def _event(chunk: ChunkOut) -> bytes:
    return format_sse_event(data_str=chunk.model_dump_json())


def _require_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"there is one model here: {MODEL}")


def _model(service: Service) -> ModelOut:
    with service.live.lease() as snapshot:
        return ModelOut(created=int(datetime.fromisoformat(snapshot.manifest.created).timestamp()))


def _translated(response: JSONResponse) -> JSONResponse:
    """Problem details in the shape of OpenAI's errors; what is wrong with a request is 400 there, never 422."""
    problem = json.loads(bytes(response.body))
    status = 400 if response.status_code == 422 else response.status_code
    name = problem["type"].rpartition(":")[2]
    fields = [
        (one["pointer"].strip("/").replace("/", "."), one["detail"].removeprefix("Value error, "))
        for one in problem.get("errors", [])
    ]
    told = "; ".join(f"{field}: {detail}" if field else detail for field, detail in fields) or problem["detail"]
    body = ErrorBodyOut(
        message=told,
        type=_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        param=(fields[0][0] or None) if fields else None,
        code=_CODES.get((status, name), name.replace("-", "_")),
    )
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return JSONResponse(ErrorOut(error=body).model_dump(), status, headers)
