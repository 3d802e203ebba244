"""The first schema: documents, notices, reviews, snapshots, jobs, answers."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

ORDERED = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    for make in (
        _answer, _document, _job, _library, _notice, _promotion, _snapshot, _source_file, _answer_citation,
        _cited_work, _document_version, _feedback, _file_document, _review_event,
    ):  # fmt: skip
        make()


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("created", ORDERED, nullable=False),
        sa.Column("snapshot_id", ORDERED, nullable=False),
        sa.Column("outcome", ORDERED, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_created", "answer", ["created"])
    op.create_index("ix_answer_snapshot_id", "answer", ["snapshot_id"])


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("kind", ORDERED, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doi", ORDERED, nullable=False),
        sa.Column("pmid", ORDERED, nullable=False),
        sa.Column("pmcid", ORDERED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", ORDERED, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("format", ORDERED, nullable=False),
        sa.Column("added", ORDERED, nullable=False),
        sa.Column("changed", ORDERED, nullable=False),
        sa.Column("review_status", ORDERED, nullable=False),
        sa.Column("re_review", ORDERED, nullable=False),
        sa.Column("withdrawn", ORDERED, nullable=False),
        sa.Column("withdrawn_by", ORDERED, nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_doi", "document", ["doi"])
    op.create_index("ix_document_pmid", "document", ["pmid"])


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("kind", ORDERED, nullable=False),
        sa.Column("state", ORDERED, nullable=False),
        sa.Column("who", ORDERED, nullable=False),
        sa.Column("started", ORDERED, nullable=False),
        sa.Column("finished", ORDERED, nullable=False),
        sa.Column("host", ORDERED, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("stage", ORDERED, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )


def _library() -> None:
    op.create_table(
        "library",
        sa.Column("key", ORDERED, nullable=False),
        sa.Column("document_id", ORDERED, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_library"),
    )


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doi", ORDERED, nullable=False),
        sa.Column("pmid", ORDERED, nullable=False),
        sa.Column("status", ORDERED, nullable=False),
        sa.Column("origin", ORDERED, nullable=False),
        sa.Column("date", ORDERED, nullable=False),
        sa.Column("notice_doi", ORDERED, nullable=False),
        sa.Column("notice_pmid", ORDERED, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint(
            "doi", "pmid", "status", "origin", "date", "notice_doi", "notice_pmid", name="uq_notice_doi"
        ),
    )
    op.create_index("ix_notice_doi", "notice", ["doi"])
    op.create_index("ix_notice_pmid", "notice", ["pmid"])


def _promotion() -> None:
    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", ORDERED, nullable=False),
        sa.Column("previous_id", ORDERED, nullable=False),
        sa.Column("kind", ORDERED, nullable=False),
        sa.Column("at", ORDERED, nullable=False),
        sa.Column("who", ORDERED, nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("gate_status", sa.Integer(), nullable=True),
        sa.Column("gate_report", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promotion"),
    )
    op.create_index("ix_promotion_at", "promotion", ["at"])


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("created", ORDERED, nullable=False),
        sa.Column("software", ORDERED, nullable=False),
        sa.Column("encoder", ORDERED, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("removed", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
    )


def _source_file() -> None:
    op.create_table(
        "source_file",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", ORDERED, nullable=False),
        sa.Column("reader", ORDERED, nullable=False),
        sa.Column("read", ORDERED, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_source_file"),
    )


def _answer_citation() -> None:
    op.create_table(
        "answer_citation",
        sa.Column("answer_id", ORDERED, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("document_id", ORDERED, nullable=False),
        sa.Column("passage_id", ORDERED, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_answer_citation_answer_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "position", name="pk_answer_citation"),
    )
    op.create_index("ix_answer_citation_document_id", "answer_citation", ["document_id"])


def _cited_work() -> None:
    op.create_table(
        "cited_work",
        sa.Column("document_id", ORDERED, nullable=False),
        sa.Column("key", ORDERED, nullable=False),
        sa.Column("cited_id", ORDERED, nullable=False),
        sa.Column("doi", ORDERED, nullable=False),
        sa.Column("pmid", ORDERED, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_cited_work_document_id"),
        sa.PrimaryKeyConstraint("document_id", "key", name="pk_cited_work"),
    )
    op.create_index("ix_cited_work_cited_id", "cited_work", ["cited_id"])
    op.create_index("ix_cited_work_doi", "cited_work", ["doi"])
    op.create_index("ix_cited_work_pmid", "cited_work", ["pmid"])


def _document_version() -> None:
    op.create_table(
        "document_version",
        sa.Column("document_id", ORDERED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", ORDERED, nullable=False),
        sa.Column("recorded", ORDERED, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_version_document_id"),
        sa.PrimaryKeyConstraint("document_id", "number", name="pk_document_version"),
    )


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", ORDERED, nullable=False),
        sa.Column("at", ORDERED, nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_feedback_answer_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])


def _file_document() -> None:
    op.create_table(
        "file_document",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("document_id", ORDERED, nullable=False),
        sa.ForeignKeyConstraint(["file"], ["source_file.name"], name="fk_file_document_file", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file", "document_id", name="pk_file_document"),
    )
    op.create_index("ix_file_document_document_id", "file_document", ["document_id"])


def _review_event() -> None:
    op.create_table(
        "review_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", ORDERED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", ORDERED, nullable=False),
        sa.Column("after", ORDERED, nullable=False),
        sa.Column("who", ORDERED, nullable=False),
        sa.Column("at", ORDERED, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("re_review", ORDERED, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_review_event_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_event"),
    )
    op.create_index("ix_review_event_document_id", "review_event", ["document_id"])
