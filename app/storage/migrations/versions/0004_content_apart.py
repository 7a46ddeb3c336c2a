"""The fields of a record move to their own table, as the sync's notes on it change without them.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE TABLE content ( n INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (n))",
    """
    CREATE TABLE base
    ( n INTEGER NOT NULL, fields TEXT NOT NULL, deleted INTEGER NOT NULL, PRIMARY KEY (n))
    """,
    "INSERT INTO content SELECT n, fields FROM record",
    "INSERT INTO base SELECT n, base, ifnull(base_deleted, 0) FROM record WHERE base IS NOT NULL",
    "ALTER TABLE record DROP COLUMN fields",
    "ALTER TABLE record DROP COLUMN base",
    "ALTER TABLE record DROP COLUMN base_deleted",
)


def upgrade() -> None:
    """Moves the fields, and the bases of edits, to tables of their own."""
    for statement in STATEMENTS:
        op.execute(statement)
