"""Revisions are kept by the record that they are of: one index to write instead of two."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NEW = "revisions_by_record"


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
    )
    key = sa.PrimaryKeyConstraint("space", "id", "revision")
    new = op.create_table(_NEW, *columns, key, sqlite_with_rowid=False)
    names = [column.name for column in columns]
    former = sa.table("revisions", *map(sa.column, names))
    op.execute(new.insert().from_select(names, sa.select(former)))
    op.drop_table("revisions")
    op.rename_table(_NEW, "revisions")
