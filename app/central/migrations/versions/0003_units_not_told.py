"""A commitment that does not state its units (null) is told from one of zero units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("standings") as standings:
        standings.alter_column("units", existing_type=sa.BigInteger(), nullable=True)
    op.execute("UPDATE standings SET units = NULL WHERE units = 0")
