"""A record's line is looked for in the receipts: only those that are void are noted apart.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE TABLE annulled ( record_id TEXT NOT NULL, PRIMARY KEY (record_id))",
    "INSERT INTO annulled SELECT record_id FROM receipt_line WHERE void = 1",
    "DROP TABLE receipt_line",
)


def upgrade() -> None:
    """Keeps which receipts are void, and lets go of the index of all their lines."""
    for statement in STATEMENTS:
        op.execute(statement)
