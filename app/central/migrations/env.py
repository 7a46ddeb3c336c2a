"""Runs the migrations on the connection that `app.central.migration` hands over."""

from __future__ import annotations

from alembic import context

from app.central.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds everything
)
context.run_migrations()
