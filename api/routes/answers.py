"""Asking, and what becomes of an answer afterwards."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, StrictBool
from pydantic.config import JsonDict

from api.access import Asker, Caller, Serving
from api.aftermath import as_it_stands
from api.answering import CLIENT_GONE, Answering
from api.conversing import Asked, question_of
from api.errors import IdentifiersNoticed, NoAnswer
from api.events import Events
from api.export import FORMATS, export
from api.problems import documented
from api.replay import find
from api.schemas import AnswerOut
from api.service import Service
from api.streaming import MEDIA_TYPE
from assistant.identifiers import identifiers
from assistant.question import MAX_CHARACTERS, Audience, check_text
from corpus.catalogue import answers as kept
from corpus.catalogue.answers import Given
from corpus.catalogue.keys import Role

router = APIRouter(prefix="/v1/answers", tags=["answers"], responses=documented(401, 403, 422, 429))

MAX_REASON = 500
_EXAMPLE: JsonDict = {"question": "What is the dose of IVIg?", "article_id": "myositis"}
_ANSWERED = {
    "description": "The answer, whatever its outcome.",
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
}


class AskIn(BaseModel):
    """A question; `read_as` replaces our reading of a follow-up. Article and audience default to the conversation's."""

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [_EXAMPLE]}}

    question: str = Field(max_length=MAX_CHARACTERS)
    article_id: str | None = Field(None, max_length=200)
    conversation_id: str | None = Field(None, max_length=64)
    audience: Audience | None = None
    read_as: str | None = Field(None, max_length=MAX_CHARACTERS)


class FeedbackIn(BaseModel):
    """Whether an answer helped, and why (not)."""

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"helpful": False, "reason": "too old"}]}}

    helpful: StrictBool
    reason: str = Field("", max_length=MAX_REASON)


@router.post("", response_model=AnswerOut, responses=documented(404, 413, 503) | {200: _ANSWERED})
async def answer(asked: AskIn, request: Request, service: Serving, who: Asker) -> Response:
    """Answer a question; with `Accept: text/event-stream` as events, the last of which equals the JSON."""
    check_text(asked.question)
    wanted = Asked(asked.question, asked.article_id, asked.conversation_id, asked.audience, asked.read_as)
    answering = Answering.begin(
        request, service, lambda _: question_of(wanted, service.catalogue, who.id), who.id, asked.conversation_id or ""
    )
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return answering.streamed(Events())
    given = await answering.answer()
    if given is None:
        return Response(status_code=CLIENT_GONE)
    return Response(AnswerOut.of(given).model_dump_json(), media_type="application/json")


@router.get("/{answer_id}", response_model=AnswerOut, responses=documented(404))
def read(answer_id: str, service: Serving, who: Asker) -> Response:
    """A kept answer, byte for byte as it was given."""
    return Response(own(service, answer_id, who).body, media_type="application/json")


@router.get("/{answer_id}/export", response_class=Response, responses=documented(404))
def exported(answer_id: str, service: Serving, who: Asker, format: Annotated[str, Query(examples=["ris"])]) -> Response:
    """A kept answer as markdown, ris, bibtex, csl-json or fhir, with what became of its sources since."""
    answer = AnswerOut.model_validate_json(own(service, answer_id, who).body)
    written = export(as_it_stands(answer, service.catalogue), format)
    chosen = FORMATS[format]
    name = f'attachment; filename="sequitur-{answer_id}.{chosen.extension}"'
    return Response(written, media_type=chosen.media_type, headers={"Content-Disposition": name})


@router.post("/{answer_id}/feedback", status_code=204, responses=documented(404))
def feedback(answer_id: str, said: FeedbackIn, service: Serving, who: Asker) -> None:
    """Say whether an answer helped."""
    own(service, answer_id, who)
    keep_feedback(service, answer_id, said.helpful, said.reason)


def keep_feedback(service: Service, answer_id: str, helpful: bool, reason: str) -> None:
    """Keep what a reader thought; IdentifiersNoticed when the reason identifies a patient."""
    if identifiers(reason):
        raise IdentifiersNoticed("the reason seems to identify a patient, so nothing was kept; say it without")
    with service.catalogue.writing() as connection:
        kept.keep_feedback(connection, answer_id, helpful, reason, service.now())


def own(service: Service, answer_id: str, who: Caller) -> Given:
    """A kept answer that a caller may read: its own, or any for operators and evaluators."""
    given = find(service.catalogue, answer_id)
    if given.owner != who.id and not who.may(Role.OPERATOR, Role.EVALUATOR):
        raise NoAnswer(f"no answer {answer_id!r} is kept")
    return given
