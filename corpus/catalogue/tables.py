"""The tables of the catalogue. Times are ISO 8601 in UTC, as text; works are named by lower-case DOIs and by PMIDs."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Ordered = String().with_variant(String(collation="C"), "postgresql")
"""Ids, times and dates: in one order on every database, that of their characters, whatever a site's language."""

document = Table(
    "document",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("kind", Ordered, nullable=False),
    Column("title", Text, nullable=False),
    Column("doi", Ordered, nullable=False, index=True),
    Column("pmid", Ordered, nullable=False, index=True),
    Column("pmcid", Ordered, nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Ordered, nullable=False),
    Column("origin", Text, nullable=False),
    Column("format", Ordered, nullable=False),
    Column("added", Ordered, nullable=False),
    Column("changed", Ordered, nullable=False),
    Column("review_status", Ordered, nullable=False),
    Column("re_review", Ordered, nullable=False),
    Column("withdrawn", Ordered, nullable=False),
    Column("withdrawn_by", Ordered, nullable=False),
    Column("withdrawn_why", Text, nullable=False),
)
"""What is held, in its newest version. `withdrawn` is the time of a withdrawal, "" while the document stands."""

document_version = Table(
    "document_version",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Ordered, nullable=False),
    Column("recorded", Ordered, nullable=False),
    Column("origin", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Every version of a document's content, numbered from 1; `body` is the Document as it was read."""

cited_work = Table(
    "cited_work",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("key", Ordered, primary_key=True),
    Column("cited_id", Ordered, nullable=False, index=True),
    Column("doi", Ordered, nullable=False, index=True),
    Column("pmid", Ordered, nullable=False, index=True),
)
"""The reference lists of the newest versions."""

library = Table(
    "library",
    metadata,
    Column("key", Ordered, primary_key=True),
    Column("document_id", Ordered, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The works that articles may cite by key."""

source_file = Table(
    "source_file",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sha256", Ordered, nullable=False),
    Column("reader", Ordered, nullable=False),
    Column("read", Ordered, nullable=False),
)
"""What was read from where: a file whose digest and reader are the same need not be read again."""

file_document = Table(
    "file_document",
    metadata,
    Column("file", ForeignKey("source_file.name", ondelete="CASCADE"), primary_key=True),
    Column("document_id", Ordered, primary_key=True, index=True),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("doi", Ordered, nullable=False, index=True),
    Column("pmid", Ordered, nullable=False, index=True),
    Column("status", Ordered, nullable=False),
    Column("origin", Ordered, nullable=False),
    Column("date", Ordered, nullable=False),
    Column("notice_doi", Ordered, nullable=False),
    Column("notice_pmid", Ordered, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded", Ordered, nullable=False),
    UniqueConstraint("doi", "pmid", "status", "origin", "date", "notice_doi", "notice_pmid"),
)
"""What became of works, as their sources of notices say; of works that are not held too."""

review_event = Table(
    "review_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("before", Ordered, nullable=False),
    Column("after", Ordered, nullable=False),
    Column("who", Ordered, nullable=False),
    Column("at", Ordered, nullable=False),
    Column("why", Text, nullable=False),
    Column("re_review", Ordered, nullable=False),
)
"""The review history. An approval that waits for a second person has `before` and `after` alike."""

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("created", Ordered, nullable=False),
    Column("software", Ordered, nullable=False),
    Column("encoder", Ordered, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("removed", Ordered, nullable=False),
)

promotion = Table(
    "promotion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("snapshot_id", Ordered, nullable=False),
    Column("previous_id", Ordered, nullable=False),
    Column("kind", Ordered, nullable=False),
    Column("at", Ordered, nullable=False),
    Column("who", Ordered, nullable=False),
    Column("gate", Text, nullable=False),
    Column("gate_status", Integer),
    Column("gate_report", Text, nullable=False),
    Column("live", Boolean, nullable=False),
)
"""Every attempt to change what is live; `live` is whether it went live, `gate_status` null without a gate."""

job = Table(
    "job",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("kind", Ordered, nullable=False),
    Column("state", Ordered, nullable=False),
    Column("who", Ordered, nullable=False),
    Column("started", Ordered, nullable=False),
    Column("finished", Ordered, nullable=False),
    Column("host", Ordered, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("stage", Ordered, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("detail", Text, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Ordered, primary_key=True),
    Column("created", Ordered, nullable=False, index=True),
    Column("snapshot_id", Ordered, nullable=False, index=True),
    Column("outcome", Ordered, nullable=False),
    Column("request", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Answers given, with what was asked, so that they can be replayed and recalled; removed after the retention."""

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

Index("ix_promotion_at", promotion.c.at)
