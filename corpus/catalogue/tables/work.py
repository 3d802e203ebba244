"""Snapshots, what was live when, and long work."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from corpus.catalogue.tables.schema import Ordered, metadata

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

Index("ix_promotion_at", promotion.c.at)
