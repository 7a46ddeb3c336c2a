"""The tables of a workspace: those for records of every kind, and what sync and history need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    or_,
    select,
    text,
)

metadata = MetaData()

record = Table(
    "record",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("commission_id", Text),
    Column("schema", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("edits", Integer, nullable=False, server_default="0"),  # since the last acknowledgement
    Column("indexed", Integer, nullable=False, server_default="0"),
)
# With a literal 0: SQLite uses a partial index only if a query has the index's very condition.
IS_EDITED = record.c.edits > text("0")
# An edited record that others may have to be sent with.
IS_HEAD = "edits > 0 AND (deleted = 1 OR kind IN ('commission', 'meeting', 'minutes'))"
IS_UNINDEXED = record.c.indexed == text("0")
Index("record_kind", record.c.kind, record.c.commission_id)
Index("record_edited", record.c.commission_id, sqlite_where=IS_EDITED)
Index("record_heads", record.c.commission_id, sqlite_where=text(IS_HEAD))
Index("record_unindexed", record.c.n, sqlite_where=IS_UNINDEXED)

content = Table(  # apart, so that noting what the central took does not rewrite all the words
    "content",
    metadata,
    Column("n", Integer, primary_key=True),  # record.n
    Column("fields", Text, nullable=False),  # complete, as JSON
)

base = Table(  # the central's state that a record's edits are based on; none if never sent
    "base",
    metadata,
    Column("n", Integer, primary_key=True),  # record.n
    Column("fields", Text, nullable=False),  # at record.revision
    Column("deleted", Integer, nullable=False),
)

STORED: Select[Any] = (
    select(
        *record.c["n", "id", "kind", "commission_id", "schema", "revision", "deleted"],
        content.c.fields,
        record.c.edits,
        base.c.fields.label("base"),
        base.c.deleted.label("base_deleted"),
    )
    .join_from(record, content, content.c.n == record.c.n)
    .outerjoin(base, base.c.n == record.c.n)
)
"""Records as `rows.stored_of` reads them."""

link = Table(
    "link",
    metadata,
    Column("source", Integer, nullable=False),  # record.n
    Column("field", Text, nullable=False),
    Column("target", Text, nullable=False),  # record.id, or a theme's code
)
Index("link_source", link.c.source)
Index("link_target", link.c.target, link.c.field)

operation = Table(
    "operation",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),  # done; undone; other: cannot be undone
    sqlite_autoincrement=True,
)

history = Table(
    "history",
    metadata,
    Column("change", Integer, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("operation", Integer, nullable=False),
    Column("burst", Text),  # consecutive changes of one burst of typing in a field share an entry
    Column("created", Integer, nullable=False),
    Column("changes", Text, nullable=False),  # {field: [from, to]} as JSON
    sqlite_autoincrement=True,
)
TELLING = or_(history.c.changes != "{}", history.c.created == 1)
"""The entries that tell of a change or of a making. The entry of a burst that ended as it began
does not; it is kept, since a repair takes a missing number for a loss."""
Index("history_record", history.c.record_id, history.c.change)
Index("history_operation", history.c.operation)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sent", Integer, nullable=False, server_default="0"),  # not used any more
)

outbox = Table(
    "outbox",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("batch_id", Text, nullable=False, unique=True),
    Column("space", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the exact bytes, sent again as they are
    Column("coding", Text, nullable=False),  # their Content-Encoding
    Column("edits", Text, nullable=False),  # for each op, the edits it covers; a JSON list
    Column("dissolved", Integer, nullable=False, server_default="0"),  # not used any more
)

cursor = Table(
    "cursor",
    metadata,
    Column("space", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # the receipt as JSON, signature included
    Column("received_at", Text, nullable=False),
)

annulled = Table(  # records whose receipt is void, as a restore of the central lost them
    "annulled",
    metadata,
    Column("record_id", Text, primary_key=True),
)

central_link = Table(
    "central_link",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "title, words, stems, content='', contentless_delete=1, prefix='1 2 3',"
    " tokenize='unicode61 remove_diacritics 0', columnsize=1)"
)
"""The full-text index, by record.n; texts are folded and stemmed before they get here."""
