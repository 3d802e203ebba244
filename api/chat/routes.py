"""The door that OpenAI's clients use: chat completions and models."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from api.access import Asker, Serving
from api.answering import CLIENT_GONE, Answering
from api.chat.errors import OpenAIRoute, error_of
from api.chat.message import annotations, blocks, content, opening
from api.chat.schemas import (
    MODEL,
    ChatIn,
    ChatOut,
    ChoiceOut,
    ChunkChoiceOut,
    ChunkOut,
    DeltaOut,
    ErrorOut,
    MessageOut,
    ModelOut,
    ModelsOut,
    UsageOut,
)
from api.chat.turns import question_after
from api.conversing import Asked
from api.problems import Problem
from api.schemas import AnswerOut
from api.service import Service
from api.streaming import MEDIA_TYPE
from assistant.answer import Answer, Stage
from assistant.question import check_text

_DONE = format_sse_event(data_str="[DONE]")
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


@dataclass(frozen=True, slots=True)
class Chunks:
    """The completion as it is streamed: the disclaimer at once, the rest when it is there, block by block."""

    envelope: Envelope
    with_usage: bool

    def opening(self) -> bytes:
        return _event(self.envelope.chunk(DeltaOut(role="assistant", content=opening().text)))

    def stage(self, stage: Stage) -> bytes:
        return KEEPALIVE_COMMENT  # the format has no word for it

    async def settled(self, given: Answer) -> list[bytes]:
        told = _settled(AnswerOut.of(given), self.envelope)
        if self.with_usage:
            told.append(ChunkOut(id=self.envelope.id, created=self.envelope.created, choices=[], usage=UsageOut()))
        return [*map(_event, told), _DONE]

    async def failed(self, problem: Problem) -> list[bytes]:
        return [_event(error_of(problem)), _DONE]


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
    about = wanted.sequitur
    asked = Asked(question, about.article_id, None, about.audience, about.read_as)
    answering = Answering.begin(request, service, lambda desk: question_after(desk, earlier, asked), who.id)
    envelope = Envelope(f"chatcmpl-{uuid.uuid4().hex}", int(service.clock().timestamp()), str(request.base_url))
    if wanted.stream:
        with_usage = wanted.stream_options is not None and bool(wanted.stream_options.include_usage)
        return answering.streamed(Chunks(envelope, with_usage))
    given = await answering.answer()
    if given is None:
        return Response(status_code=CLIENT_GONE)
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


def _settled(answer: AnswerOut, envelope: Envelope) -> list[ChunkOut]:
    parts = blocks(answer, envelope.base)
    links = annotations(parts, answer, envelope.base)
    told = [envelope.chunk(DeltaOut(content=block.text)) for block in parts[1:]]
    last = envelope.chunk(DeltaOut(annotations=links), sequitur=answer)
    last.choices[0].finish_reason = "stop"
    return [*told, last]


def _event(told: ChunkOut | ErrorOut) -> bytes:
    return format_sse_event(data_str=told.model_dump_json())


def _require_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"there is one model here: {MODEL}")


def _model(service: Service) -> ModelOut:
    with service.live.lease() as snapshot:
        return ModelOut(created=int(datetime.fromisoformat(snapshot.manifest.created).timestamp()))
