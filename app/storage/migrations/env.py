"""Alembic's entry point: runs the migrations on the connection given by app.storage.migration."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
