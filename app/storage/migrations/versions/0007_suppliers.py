"""More texts are searched: suppliers, services, categories of members, references of acts.

Revision ID: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Marks what has such texts as left to be indexed."""
    op.execute(
        "UPDATE record SET indexed = 0 WHERE kind IN ('commitment', 'organisation', 'solution')"
    )
