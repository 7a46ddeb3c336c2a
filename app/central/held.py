"""The records that the central holds: read by id, written as the last change left them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Select, select

from app.central.bulk import insert_many, listed, members, taken_as
from app.central.schema import records
from app.domain.records import Envelope, owner_of
from app.sqlite import Ready
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


Known = TypeVar("Known", bound=msgspec.Struct)


def read_known(held: Held, known: type[Known]) -> Known:
    """The fields that a struct names, all at their defaults if a newer schema changed a type."""
    try:
        return msgspec.json.decode(held.fields, type=known)
    except msgspec.ValidationError:
        return known()


_RECORD = select(*(records.c[name] for name in Held.__struct_fields__))


@cache
def _among(dialect: str) -> Ready:
    return Ready(_RECORD.where(records.c.id.in_(members("ids", dialect))))


def held_in(rows: Iterable[Sequence[Any]]) -> list[Held]:
    """The records of rows whose columns are those of Held."""
    return [
        Held(space, record_id, kind, schema, revision, seq, bool(deleted), fields)
        for space, record_id, kind, schema, revision, seq, deleted, fields in rows
    ]


def query_held() -> Select[Any]:
    """A query whose rows `held_in` takes, to be narrowed."""
    return _RECORD


def load(connection: Connection, ids: Iterable[str]) -> dict[str, Held]:
    """The records of these ids, whatever their space."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = _among(connection.dialect.name).rows(connection, {"ids": listed(wanted)})
    return {held.id: held for held in held_in(rows)}


def save(connection: Connection, written: Sequence[Held]) -> None:
    """Writes the last state of each record."""
    truth, raw = taken_as(connection)
    rows = [
        (
            one.space, one.id, one.kind, one.schema, one.revision, one.seq,
            truth(one.deleted), raw(one.fields),
        )
        for one in written
    ]  # fmt: skip
    insert_many(connection, "records", Held.__struct_fields__, rows, _REPLACE)


# If another space has just taken the same id, the space becomes null and the statement fails: the
# batch is then judged once more, and sees that record.
_SPACE = "space = CASE WHEN records.space = excluded.space THEN records.space END"
_CHANGING = ("kind", "schema", "revision", "seq", "deleted", "fields")
_REPLACE = " ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    (_SPACE, *(f"{name} = excluded.{name}" for name in _CHANGING))
)
