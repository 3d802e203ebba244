"""Access keys, conversations, and who asked for an answer."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

ORDERED = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    # Added in place: SQLite would make the table anew by dropping it, and what cascades from answers with it.
    op.add_column("answer", sa.Column("owner", ORDERED, nullable=False, server_default=""))
    _api_key()
    _conversation()
    _conversation_turn()


def _api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", ORDERED, nullable=False),
        sa.Column("digest", ORDERED, nullable=False),
        sa.Column("created", ORDERED, nullable=False),
        sa.Column("revoked", ORDERED, nullable=False),
        sa.Column("last_used", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("owner", ORDERED, nullable=False),
        sa.Column("article_id", ORDERED, nullable=False),
        sa.Column("audience", ORDERED, nullable=False),
        sa.Column("created", ORDERED, nullable=False),
        sa.Column("updated", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    op.create_index("ix_conversation_owner", "conversation", ["owner"])
    op.create_index("ix_conversation_updated", "conversation", ["updated"])


def _conversation_turn() -> None:
    op.create_table(
        "conversation_turn",
        sa.Column("conversation_id", ORDERED, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answer_id", ORDERED, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_conversation_turn_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name="fk_conversation_turn_answer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "position", name="pk_conversation_turn"),
        sa.UniqueConstraint("answer_id", name="uq_conversation_turn_answer_id"),
    )
