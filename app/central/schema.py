"""The tables of the central, the same on SQLite and on PostgreSQL.

Tables that are read or written by space have it as a column, so that a distributed PostgreSQL can
partition them by it: see « Vers plusieurs régions » in docs/central.md.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

spaces = Table(
    "spaces",
    metadata,
    Column("space", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),  # the last one given; this row is the space's lock
    Column("pending", BigInteger),  # records after this seq await their digests; null: none
    Index(
        "spaces_pending",
        "pending",
        sqlite_where=text("pending IS NOT NULL"),
        postgresql_where=text("pending IS NOT NULL"),
    ),
)

records = Table(
    "records",
    metadata,
    Column("space", Text, nullable=False),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of its last change
    Column("deleted", Boolean, nullable=False),
    Column("fields", LargeBinary, nullable=False),  # complete, in the form of RFC 8785
    Index("records_feed", "space", "seq", unique=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("space", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("op_id", Text, nullable=False),
    Column("device_id", Text),  # null: the central itself
    Column("at", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("changed", Text, nullable=False),  # the names of the fields, as a JSON list
    Column("sha256", Text, nullable=False),
    PrimaryKeyConstraint("space", "id", "revision"),
    sqlite_with_rowid=False,  # stored in the order of its key, so no separate index to write
)

bulk_revisions = Table(  # those of a large batch, until they have a row each
    "bulk_revisions",
    metadata,
    Column("space", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of the last trace
    Column("traces", LargeBinary, nullable=False),
    PrimaryKeyConstraint("space", "seq"),
)

batches = Table(
    "batches",
    metadata,
    Column("device_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("device_id", "batch_id"),
    Index("batches_by_age", "at"),
)

standings = Table(  # each commitment, so that tallies need no look into every space
    "standings",
    metadata,
    Column("commitment_id", Text, primary_key=True),
    Column("solution_id", Text, nullable=False),
    Column("organisation_id", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("units", BigInteger, nullable=True),
    Column("takes_part", Boolean, nullable=False),
    Index("standings_of_a_solution", "solution_id"),
)

publications = Table(
    "publications",
    metadata,
    Column("solution_id", Text, primary_key=True),
    Column("published_as_id", Text, nullable=False),
    Index("publications_as", "published_as_id"),
)

frozen_meetings = Table(
    "frozen_meetings",
    metadata,
    Column("space", Text, nullable=False),
    Column("meeting_id", Text, nullable=False),
    Column("minutes_id", Text, nullable=False),
    PrimaryKeyConstraint("space", "meeting_id"),
)

facilitators = Table(
    "facilitators",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("may_create", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)

grants = Table(
    "grants",
    metadata,
    Column("facilitator_id", Text, nullable=False),
    Column("space", Text, nullable=False),
    PrimaryKeyConstraint("facilitator_id", "space"),
)

codes = Table(
    "codes",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("facilitator_id", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("facilitator_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("enrolled_at", Text, nullable=False),
    Column("last_used_on", Text),
    Column("revoked_at", Text),
    Column("token", Text, nullable=False, unique=True),  # its SHA-256
    Column("next_token", Text, unique=True),  # given by a rotation, not used yet
)

failed_tries = Table(
    "failed_tries",
    metadata,
    Column("address", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("failed_tries_of", "address", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),  # a UUIDv7: they sort by time
    Column("at", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("facilitator_id", Text),
    Column("device_id", Text),
    Column("space", Text),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),  # the greatest one signs
    Column("key_id", Text, nullable=False, unique=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("endorsed_by", Text, nullable=False),  # the key before it; empty for the first
    Column("endorsement", Text, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Text, primary_key=True),
    Column("device_id", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("begun_at", Text, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("upload_id", Text, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("upload_id", "start"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("space", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("upload_id", Text, nullable=False),  # whose chunks are its content
    PrimaryKeyConstraint("space", "sha256"),
    Index("blobs_of_an_upload", "upload_id"),
)

blob_names = Table(
    "blob_names",
    metadata,
    Column("sha256", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("record_id", Text, nullable=False),  # the record that names it
    PrimaryKeyConstraint("sha256", "space", "record_id"),
)
