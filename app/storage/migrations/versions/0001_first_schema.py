"""The first schema.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE record (
        n INTEGER NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        commission_id TEXT,
        schema INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        fields TEXT NOT NULL,
        edits INTEGER DEFAULT '0' NOT NULL,
        base TEXT,
        base_deleted INTEGER,
        "indexed" INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (n),
        UNIQUE (id)
    )
    """,
    """
    CREATE INDEX record_kind ON record (kind, commission_id)
    """,
    """
    CREATE INDEX record_unindexed ON record (n) WHERE indexed = 0
    """,
    """
    CREATE INDEX record_edited ON record (commission_id) WHERE edits > 0
    """,
    """
    CREATE TABLE link (
        source INTEGER NOT NULL,
        field TEXT NOT NULL,
        target TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX link_source ON link (source)
    """,
    """
    CREATE INDEX link_target ON link (target, field)
    """,
    """
    CREATE TABLE operation (
        n INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        label TEXT NOT NULL,
        at TEXT NOT NULL,
        state TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE history (
        change INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        record_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        revision INTEGER NOT NULL,
        at TEXT NOT NULL,
        author TEXT NOT NULL,
        device TEXT NOT NULL,
        operation INTEGER NOT NULL,
        burst TEXT,
        created INTEGER NOT NULL,
        changes TEXT NOT NULL
    )
    """,
    """
    CREATE INDEX history_record ON history (record_id, change)
    """,
    """
    CREATE INDEX history_operation ON history (operation)
    """,
    """
    CREATE TABLE setting (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE blob (
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        content BLOB NOT NULL,
        sent INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (sha256)
    )
    """,
    """
    CREATE TABLE outbox (
        n INTEGER NOT NULL,
        batch_id TEXT NOT NULL,
        space TEXT NOT NULL,
        body BLOB NOT NULL,
        coding TEXT NOT NULL,
        edits TEXT NOT NULL,
        dissolved INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (n),
        UNIQUE (batch_id)
    )
    """,
    """
    CREATE TABLE cursor (
        space TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (space)
    )
    """,
    """
    CREATE TABLE receipt (
        batch_id TEXT NOT NULL,
        content BLOB NOT NULL,
        received_at TEXT NOT NULL,
        PRIMARY KEY (batch_id)
    )
    """,
    """
    CREATE TABLE receipt_line (
        record_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        batch_id TEXT NOT NULL,
        void INTEGER DEFAULT '0' NOT NULL,
        PRIMARY KEY (record_id)
    )
    """,
    """
    CREATE TABLE central_link (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE VIRTUAL TABLE search USING fts5(title, words, stems, content='',
    contentless_delete=1, prefix='2 3',
    tokenize='unicode61 remove_diacritics 0', columnsize=1)
    """,
)


def upgrade() -> None:
    """Makes every table and index."""
    for statement in STATEMENTS:
        op.execute(statement)
