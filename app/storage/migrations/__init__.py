"""Alembic's scripts for workspaces."""
