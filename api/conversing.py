"""Conversations: what was asked before, read from the answers that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.errors import NothingKept
from api.reading import article
from api.schemas import AnswerOut
from api.service import Service
from assistant.question import MAX_TURNS, Audience, Question, Turn
from corpus.catalogue import conversations
from corpus.catalogue.answers import Given
from corpus.catalogue.conversations import Conversation
from corpus.catalogue.database import Catalogue
from corpus.errors import NoConversation


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks; what it leaves out is taken from its conversation."""

    text: str
    article_id: str | None = None
    conversation_id: str | None = None
    audience: Audience | None = None
    read_as: str | None = None


def begin(service: Service, owner: str, article_id: str | None, audience: Audience) -> Conversation:
    """A new conversation; NothingKept where the site keeps no answers, UnknownArticle when it is about none."""
    if not service.settings.answer_days:
        raise NothingKept("conversations are read from kept answers; the operator can allow them: SEQUITUR_ANSWER_DAYS")
    if article_id is not None:
        with service.live.lease() as snapshot:
            article(snapshot, article_id)
    with service.catalogue.writing() as connection:
        return conversations.create(connection, owner, article_id or "", audience, service.now())


def find(catalogue: Catalogue, conversation_id: str, owner: str) -> Conversation:
    """A conversation of an owner; NoConversation when there is none."""
    with catalogue.reading() as connection:
        found = conversations.find(connection, conversation_id, owner)
    if found is None:
        raise NoConversation(f"no conversation {conversation_id!r}; begin one: POST /v1/conversations")
    return found


def turns(catalogue: Catalogue, conversation: Conversation) -> list[Given]:
    """The answers of the last turns of a conversation, oldest first."""
    with catalogue.reading() as connection:
        return conversations.turns(connection, conversation.id, MAX_TURNS)


def question_of(asked: Asked, catalogue: Catalogue, owner: str) -> Question:
    """The question with all that came before it in its conversation."""
    if asked.conversation_id is None:
        return Question(asked.text, (), asked.article_id, asked.audience or Audience.CLINICIAN, asked.read_as)
    conversation = find(catalogue, asked.conversation_id, owner)
    audience = asked.audience or Audience(conversation.audience)
    history = history_of(turns(catalogue, conversation))
    return Question(asked.text, history, asked.article_id or conversation.article_id or None, audience, asked.read_as)


def history_of(given: Sequence[Given]) -> tuple[Turn, ...]:
    """Kept answers as the last turns of a history."""
    return tuple(_turn(AnswerOut.model_validate_json(one.body)) for one in given)


def _turn(answer: AnswerOut) -> Turn:
    cited = (citation.passage_id for statement in answer.statements for citation in statement.citations)
    return Turn(answer.question, answer.read_as, tuple(dict.fromkeys(cited)), tuple(answer.suggestions))
