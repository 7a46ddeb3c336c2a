"""The full-text index also finds by a single letter; it is filled again as it is needed.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "DROP TABLE search",
    """
    CREATE VIRTUAL TABLE search USING fts5(title, words, stems, content='',
    contentless_delete=1, prefix='1 2 3',
    tokenize='unicode61 remove_diacritics 0', columnsize=1)
    """,
    "UPDATE record SET indexed = 0",
)


def upgrade() -> None:
    """Makes an empty index, and marks every record as left to be indexed."""
    for statement in STATEMENTS:
        op.execute(statement)
