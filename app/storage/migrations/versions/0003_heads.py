"""An index of the edited records with which others may have to be sent.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index."""
    op.execute(
        "CREATE INDEX record_heads ON record (commission_id)"
        " WHERE edits > 0 AND (deleted = 1 OR kind IN ('commission', 'meeting', 'minutes'))"
    )
