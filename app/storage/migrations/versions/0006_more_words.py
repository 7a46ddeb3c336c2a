"""More texts are searched: addresses of pages, reasons of urgency, telephones.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Marks what has such texts as left to be indexed."""
    op.execute(
        "UPDATE record SET indexed = 0"
        " WHERE kind IN ('meeting', 'organisation', 'person', 'watch_note')"
    )
