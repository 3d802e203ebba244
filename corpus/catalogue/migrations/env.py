"""Run by Alembic: migrations within the connection, and the transaction, of whoever opens the catalogue."""

from alembic import context

from corpus.catalogue.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
