"""What every table has in common."""

from sqlalchemy import MetaData, String

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
