"""The records that the central holds: read by id, written with the trace of each change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import JSON, Connection, Result, Select, Text, bindparam, cast, func, select

from app.central.schema import records, revisions
from app.domain.records import Envelope, owner_of
from app.sync.protocol import Form


class Held(msgspec.Struct, gc=False):
    """A record as the central holds it; `fields` are complete, in the form of RFC 8785."""

    space: str
    id: str
    kind: str
    schema: int
    revision: int
    seq: int
    deleted: bool
    fields: bytes

    @property
    def commission_id(self) -> str | None:
        """The commission of the record, None in the region."""
        return owner_of(self.space)

    def values(self) -> dict[str, Any]:
        """The fields, decoded."""
        values: dict[str, Any] = msgspec.json.decode(self.fields)
        return values

    def digest(self) -> str:
        """The SHA-256 that a receipt's line gives for this state."""
        form = Form(
            self.commission_id,
            self.deleted,
            msgspec.Raw(self.fields),
            self.id,
            self.kind,
            self.schema,
        )
        return form.digest()

    def envelope(self) -> Envelope:
        """The record for the wire; its fields are spliced in as they are, never decoded."""
        return Envelope(
            kind=self.kind,
            id=self.id,
            schema=self.schema,
            revision=self.revision,
            deleted=self.deleted,
            commission_id=self.commission_id,
            fields=msgspec.Raw(self.fields),  # type: ignore[arg-type]  # encodes as the object
        )


class Trace(msgspec.Struct, gc=False):
    """What history and replays keep of one accepted change."""

    space: str
    seq: int
    id: str
    revision: int
    op_id: str
    device_id: str | None
    at: str
    deleted: bool
    changed: str
    sha256: str


Known = TypeVar("Known", bound=msgspec.Struct)


def read_known(held: Held, known: type[Known]) -> Known:
    """The fields that a struct names; all at their defaults when a newer schema made them else."""
    try:
        return msgspec.json.decode(held.fields, type=known)
    except msgspec.ValidationError:
        return known()


_RECORD = select(*(records.c[name] for name in Held.__struct_fields__))
_TRACE = select(*(revisions.c[name] for name in Trace.__struct_fields__))


def _members(name: str, dialect: str) -> Select[Any]:
    """The members of a JSON list of texts bound under a name: one statement for any number."""
    listed = bindparam(name, type_=Text)
    if dialect == "sqlite":
        return select(func.json_each(listed).table_valued("value").c.value)
    return select(func.json_array_elements_text(cast(listed, JSON)).column_valued(name))


@cache
def _among(dialect: str) -> Select[Any]:
    return _RECORD.where(records.c.id.in_(_members("ids", dialect)))


@cache
def _accepted(dialect: str) -> Select[Any]:
    return _TRACE.where(
        revisions.c.space == bindparam("space"),
        revisions.c.id.in_(_members("ids", dialect)),
        revisions.c.op_id.in_(_members("op_ids", dialect)),
    )


def _listed(ids: Sequence[str]) -> str:
    return msgspec.json.encode(ids).decode()


def held_in(rows: Result[Any]) -> list[Held]:
    """The records of rows whose columns are those of Held."""
    return [Held(*columns) for columns in map(tuple, rows)]


def query_held() -> Select[Any]:
    """A query whose rows `held_in` takes, to be narrowed."""
    return _RECORD


def load(connection: Connection, ids: Iterable[str]) -> dict[str, Held]:
    """The records of these ids, whatever their space."""
    listed = list(ids)
    if not listed:
        return {}
    found = connection.execute(_among(connection.dialect.name), {"ids": _listed(listed)})
    return {held.id: held for held in held_in(found)}


def remembered(
    connection: Connection, space: str, changes: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Trace]:
    """Those of these changes, by (id, op_id), that a space accepted before."""
    if not changes:
        return {}
    ids, op_ids = zip(*changes, strict=True)
    wanted = {"space": space, "ids": _listed(ids), "op_ids": _listed(op_ids)}
    rows = connection.execute(_accepted(connection.dialect.name), wanted)
    return {(trace.id, trace.op_id): trace for trace in (Trace(*row) for row in rows)}


def save(connection: Connection, written: Sequence[Held], traces: Sequence[Trace]) -> None:
    """Writes the last state of each record, and the trace of each change."""
    save_states(connection, written)
    truth, _ = _taken_as(connection)
    rows = [
        (
            one.space, one.seq, one.id, one.revision, one.op_id, one.device_id, one.at,
            truth(one.deleted), one.changed, one.sha256,
        )
        for one in traces
    ]  # fmt: skip
    insert = insert_into("revisions", Trace.__struct_fields__, connection)
    connection.exec_driver_sql(insert, rows)


def save_states(connection: Connection, written: Sequence[Held]) -> None:
    """Writes the last state of each record."""
    upsert = insert_into("records", Held.__struct_fields__, connection) + _REPLACE
    truth, raw = _taken_as(connection)
    rows = [
        (
            one.space, one.id, one.kind, one.schema, one.revision, one.seq,
            truth(one.deleted), raw(one.fields),
        )
        for one in written
    ]  # fmt: skip
    connection.exec_driver_sql(upsert, rows)


def _taken_as(connection: Connection) -> tuple[type[int], type[bytes | bytearray]]:
    """As what the driver takes truth values and bytes at once.

    SQLite's looks for an adapter of any other, in longer than it takes to write the value.
    """
    return (int, bytearray) if connection.dialect.name == "sqlite" else (bool, bytes)


def insert_into(table: str, names: Sequence[str], connection: Connection) -> str:
    """The statement for the driver itself: many thousand rows go through it at once."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join(mark for _ in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of ours


# The id of another space's record, written there at this very moment, makes the statement fail:
# the batch is judged once more, and that record is seen.
_SPACE = "space = CASE WHEN records.space = excluded.space THEN records.space END"
_CHANGING = ("kind", "schema", "revision", "seq", "deleted", "fields")
_REPLACE = " ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    (_SPACE, *(f"{name} = excluded.{name}" for name in _CHANGING))
)
