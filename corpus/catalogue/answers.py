"""Answers given: kept for replay and recall for as long as the site chooses, then removed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, exists, insert, select

from corpus.catalogue.blocks import among
from corpus.catalogue.tables import answer, answer_citation, conversation, conversation_turn, feedback


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """What a statement (numbered from 0) rests on, with the text of the whole passage.

    A work that the cited article itself cites for it has no passage: `passage_id`, `quote` and `passage` are "".
    """

    statement: int
    document_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    passage: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it left: what was asked (`request`, JSON) and what was said (`body`, the Answer as JSON).

    `owner` is the id of the access key that asked, "" without keys.
    """

    id: str
    created: str
    snapshot_id: str
    outcome: str
    request: str
    body: str
    cited: tuple[CitedSpan, ...]
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer; `reason` is in the reader's words, or ""."""

    at: str
    helpful: bool
    reason: str


def keep(connection: Connection, one: Given) -> None:
    columns = ("id", "created", "snapshot_id", "outcome", "request", "body", "owner")
    connection.execute(insert(answer), {name: getattr(one, name) for name in columns})
    rows = [
        {"answer_id": one.id, "position": position} | {name: getattr(span, name) for name in CitedSpan.__slots__}
        for position, span in enumerate(one.cited)
    ]
    if rows:
        connection.execute(insert(answer_citation), rows)


def remove_older(connection: Connection, than: str) -> int:
    """Remove answers created before a time, with their feedback; gives how many.

    Conversations that did not go on since, and in which nothing is left, go with them.
    """
    removed = int(connection.execute(delete(answer).where(answer.c.created < than)).rowcount)
    has_turns = exists().where(conversation_turn.c.conversation_id == conversation.c.id)
    connection.execute(delete(conversation).where(conversation.c.updated < than, ~has_turns))
    return removed


def given(connection: Connection, answer_id: str) -> Given | None:
    row = connection.execute(select(answer).where(answer.c.id == answer_id)).one_or_none()
    return None if row is None else _given(connection, row)


def all_given(connection: Connection) -> Iterator[Given]:
    """Every answer kept, oldest first; streamed."""
    query = select(answer).order_by(answer.c.created, answer.c.id)
    for row in connection.execute(query.execution_options(yield_per=100)):
        yield _given(connection, row)


def latest(connection: Connection, count: int) -> list[Given]:
    """The last answers kept, oldest first."""
    query = select(answer).order_by(answer.c.created.desc(), answer.c.id.desc()).limit(count)
    return [_given(connection, row) for row in reversed(connection.execute(query).all())]


def given_citing(connection: Connection, document_ids: Iterable[str]) -> Iterator[Given]:
    """The answers that cite some documents, directly or by what a cited article cites, oldest first."""
    query = select(answer.c.created, answer.c.id).join(answer_citation).distinct()
    found: set[tuple[str, str]] = set()
    for condition in among(answer_citation.c.document_id, document_ids):
        found.update((row.created, row.id) for row in connection.execute(query.where(condition)))
    for _, answer_id in sorted(found):
        row = connection.execute(select(answer).where(answer.c.id == answer_id)).one()
        yield _given(connection, row)


def snapshots_of_answers(connection: Connection) -> set[str]:
    """The snapshots that kept answers were given from."""
    return set(connection.scalars(select(answer.c.snapshot_id).distinct()))


def keep_feedback(connection: Connection, answer_id: str, helpful: bool, reason: str, now: str) -> None:
    """Keep what a reader thought of an answer."""
    connection.execute(insert(feedback), {"answer_id": answer_id, "at": now, "helpful": helpful, "reason": reason})


def feedback_on(connection: Connection, answer_id: str) -> tuple[Feedback, ...]:
    """What readers thought of an answer, in the order they said it."""
    query = select(feedback).where(feedback.c.answer_id == answer_id).order_by(feedback.c.id)
    return tuple(Feedback(row.at, row.helpful, row.reason) for row in connection.execute(query))


def _given(connection: Connection, row: Row[tuple[str, ...]]) -> Given:
    query = select(answer_citation).where(answer_citation.c.answer_id == row.id).order_by(answer_citation.c.position)
    cited = (tuple(getattr(found, name) for name in CitedSpan.__slots__) for found in connection.execute(query))
    spans = tuple(CitedSpan(*values) for values in cited)
    return Given(row.id, row.created, row.snapshot_id, row.outcome, row.request, row.body, spans, row.owner)
