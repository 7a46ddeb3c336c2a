"""A record's line is looked up in the receipts themselves; only void ones are noted in a table.

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
    """Keeps the records whose receipt is void, and drops the table of all lines."""
    for statement in STATEMENTS:
        op.execute(statement)
