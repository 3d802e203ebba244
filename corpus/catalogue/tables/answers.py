"""Answers, the conversations they were given in, and the keys of those who ask."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from corpus.catalogue.tables.schema import Ordered, metadata

answer = Table(
    "answer",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("created", Ordered, nullable=False, index=True),
    Column("snapshot_id", Ordered, nullable=False, index=True),
    Column("outcome", Ordered, nullable=False),
    Column("request", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("owner", Ordered, nullable=False, server_default=""),
)
"""Answers given, with what was asked, so that they can be replayed and recalled; removed after the retention.

`owner` is the id of the key that asked, "" without keys.
"""

answer_citation = Table(
    "answer_citation",
    metadata,
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("statement", Integer, nullable=False),
    Column("document_id", Ordered, nullable=False, index=True),
    Column("passage_id", Ordered, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("passage", Text, nullable=False),
)
"""What answers rest on. A work that the cited article itself cites has no passage: its `passage_id` is ""."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Ordered, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("owner", Ordered, nullable=False, index=True),
    Column("article_id", Ordered, nullable=False),
    Column("audience", Ordered, nullable=False),
    Column("created", Ordered, nullable=False),
    Column("updated", Ordered, nullable=False, index=True),
)
"""Follow-ups that belong together. What was asked stands in the answers alone, so that it goes when they go."""

conversation_turn = Table(
    "conversation_turn",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, unique=True),
)
"""The answers of a conversation, in order; an answer is of one conversation at most."""

api_key = Table(
    "api_key",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Ordered, nullable=False),
    Column("digest", Ordered, nullable=False),
    Column("created", Ordered, nullable=False),
    Column("revoked", Ordered, nullable=False),
    Column("last_used", Ordered, nullable=False),
)
"""Who may ask. `digest` is all that is kept of a key; `revoked` and `last_used`, a date, are "" before they happen."""
