"""Conversations: which answers belong together, in which order. Their words stand in the answers alone."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, update
from sqlalchemy import delete as delete_rows

from corpus.catalogue import answers
from corpus.catalogue.answers import Given
from corpus.catalogue.tables import answer, conversation, conversation_turn
from corpus.errors import NoConversation


@dataclass(frozen=True, slots=True)
class Conversation:
    """Follow-ups of one owner (the id of a key, "" without keys), on an article or on none (""); times are ISO 8601."""

    id: str
    owner: str
    article_id: str
    audience: str
    created: str
    updated: str


def create(
    connection: Connection,
    owner: str,
    article_id: str,
    audience: str,
    now: str,
    new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
) -> Conversation:
    """A new conversation, in which nothing has been asked."""
    made = Conversation(new_id(), owner, article_id, audience, created=now, updated=now)
    connection.execute(insert(conversation), {name: getattr(made, name) for name in Conversation.__slots__})
    return made


def find(connection: Connection, conversation_id: str, owner: str) -> Conversation | None:
    """A conversation of an owner; None when it is not there, or another's."""
    query = select(conversation).where(conversation.c.id == conversation_id, conversation.c.owner == owner)
    row = connection.execute(query).one_or_none()
    return None if row is None else _conversation(row)


def of_owner(connection: Connection, owner: str, limit: int) -> list[Conversation]:
    """An owner's conversations, the one that went on last first."""
    query = select(conversation).where(conversation.c.owner == owner)
    latest = query.order_by(conversation.c.updated.desc(), conversation.c.id).limit(limit)
    return [_conversation(row) for row in connection.execute(latest)]


def append(connection: Connection, conversation_id: str, answer_id: str, now: str) -> None:
    """Go on with a kept answer, which is of no conversation yet. NoConversation when it is not there any more."""
    of_this = conversation.c.id == conversation_id
    if not connection.execute(update(conversation).where(of_this).values(updated=now)).rowcount:
        raise _absent(conversation_id)
    after_the_last = func.coalesce(func.max(conversation_turn.c.position) + 1, 0)
    position = connection.scalar(select(after_the_last).where(_turns_of(conversation_id)))
    row = {"conversation_id": conversation_id, "position": position, "answer_id": answer_id}
    connection.execute(insert(conversation_turn), row)


def turns(connection: Connection, conversation_id: str, last: int | None = None) -> list[Given]:
    """The answers of a conversation, oldest first; of the last turns when a number is given."""
    query = _answer_ids(conversation_id).order_by(conversation_turn.c.position.desc()).limit(last)
    return _given(connection, connection.scalars(query).all()[::-1])


def opening(connection: Connection, conversation_id: str) -> Given | None:
    """The earliest answer that is still kept: what it was asked is what a conversation is called by."""
    query = _answer_ids(conversation_id).order_by(conversation_turn.c.position).limit(1)
    return next(iter(_given(connection, connection.scalars(query).all())), None)


def delete(connection: Connection, conversation_id: str) -> None:
    """Delete a conversation and its answers, with their citations and feedback. NoConversation without one."""
    connection.execute(delete_rows(answer).where(answer.c.id.in_(_answer_ids(conversation_id))))
    if not connection.execute(delete_rows(conversation).where(conversation.c.id == conversation_id)).rowcount:
        raise _absent(conversation_id)


def _turns_of(conversation_id: str) -> ColumnElement[bool]:
    return conversation_turn.c.conversation_id == conversation_id


def _answer_ids(conversation_id: str) -> Select[str]:
    return select(conversation_turn.c.answer_id).where(_turns_of(conversation_id))


def _given(connection: Connection, answer_ids: Iterable[str]) -> list[Given]:
    return [found for one in answer_ids if (found := answers.given(connection, one))]


def _absent(conversation_id: str) -> NoConversation:
    return NoConversation(f"there is no conversation {conversation_id!r}; it was deleted, or its time is over")


def _conversation(row: Row[tuple[str, ...]]) -> Conversation:
    return Conversation(**{name: getattr(row, name) for name in Conversation.__slots__})
