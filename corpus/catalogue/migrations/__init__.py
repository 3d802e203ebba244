"""The history of the catalogue's schema, run by Alembic."""

REVISION = "0002"
"""The newest revision in `versions`; a test sees that it is."""
