"""What is held, what became of it, and how far its review has come."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from corpus.catalogue.tables.schema import Ordered, metadata

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
