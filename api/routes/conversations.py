"""Conversations: begun, continued by asking with their id, listed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.access import Asker, Serving
from api.aftermath import as_it_stands
from api.conversing import begin, find, turns
from api.problems import documented
from api.schemas import AnswerOut
from assistant.question import Audience
from corpus.catalogue import conversations
from corpus.catalogue.conversations import Conversation

router = APIRouter(prefix="/v1/conversations", tags=["conversations"], responses=documented(401, 403, 422, 429))


class ConversationIn(BaseModel):
    """What its questions are about and for whom, where they don't say so themselves."""

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"article_id": "myositis"}]}}

    article_id: str | None = Field(None, max_length=200)
    audience: Audience = Audience.CLINICIAN


class ConversationOut(BaseModel):
    """A conversation without its turns."""

    id: str
    article_id: str | None
    audience: Audience
    created: str
    updated: str

    @classmethod
    def of(cls, one: Conversation) -> "ConversationOut":
        return cls(
            id=one.id,
            article_id=one.article_id or None,
            audience=Audience(one.audience),
            created=one.created,
            updated=one.updated,
        )


class WholeConversationOut(ConversationOut):
    """A conversation with the answers of its last turns, oldest first."""

    answers: list[AnswerOut]


@router.post("", status_code=201, responses=documented(404, 409))
def create(wanted: ConversationIn, service: Serving, who: Asker) -> ConversationOut:
    """Begin a conversation; ask in it with POST /v1/answers and its id."""
    made = begin(service, who.id, wanted.article_id, wanted.audience)
    return ConversationOut.of(made)


@router.get("")
def list_(service: Serving, who: Asker, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> list[ConversationOut]:
    """The caller's conversations, the latest first."""
    with service.catalogue.reading() as connection:
        return [ConversationOut.of(one) for one in conversations.of_owner(connection, who.id, limit)]


@router.get("/{conversation_id}", responses=documented(404))
def read(conversation_id: str, service: Serving, who: Asker) -> WholeConversationOut:
    """A conversation and its answers, with what became of their sources since."""
    found = find(service.catalogue, conversation_id, who.id)
    whole = (AnswerOut.model_validate_json(one.body) for one in turns(service.catalogue, found))
    given = [as_it_stands(one, service.catalogue) for one in whole]
    return WholeConversationOut(**ConversationOut.of(found).model_dump(), answers=given)


@router.delete("/{conversation_id}", status_code=204, responses=documented(404))
def delete(conversation_id: str, service: Serving, who: Asker) -> None:
    """Delete a conversation with its questions, answers and what was said of them."""
    found = find(service.catalogue, conversation_id, who.id)
    with service.catalogue.writing() as connection:
        conversations.delete(connection, found.id)
