"""The rows of a workspace's tables and what they say: records, links, what differs.

Without SQLAlchemy, which what only reads has no need of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from app.domain.records import Envelope
from app.domain.validation import targets
from app.storage.database import DriverError

T = TypeVar("T")

_ABSENT = object()
_decode = msgspec.json.Decoder().decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


class Stored(msgspec.Struct, frozen=True, gc=False):
    """A record with what the sync keeps beside it.

    `edits` counts the changes made here since the central last acknowledged; `base` holds the
    fields as they were at `revision` before the first of them (None for a record born here and
    never sent, or without edits).
    """

    n: int
    envelope: Envelope
    edits: int
    base: dict[str, Any] | None
    base_deleted: bool


def decoded(text: str) -> Any:
    """The value of a JSON text that a column holds; DriverError when damage left it none."""
    return _read(_decode, text)


def decoded_object(text: str) -> dict[str, Any]:
    """The object, of fields or of changes, that a column holds; DriverError when there is none."""
    return _read(_decode_object, text)


def object_in(text: str | None) -> dict[str, Any] | None:
    """The object that a text is; None when it is none."""
    try:
        return None if text is None else decoded_object(text)
    except DriverError:
        return None


def changes_in(text: str | None) -> dict[str, list[Any]] | None:
    """What a text says of an entry of the history, {field: [from, to]}; None when nothing."""
    found = object_in(text)
    if found is None or not all(isinstance(one, list) and len(one) == 2 for one in found.values()):
        return None
    return found


def _read(decode: Callable[[str], T], text: str) -> T:
    try:
        return decode(text)
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise DriverError(f"malformed value: {error}") from error


def encode(value: Any) -> str:
    """A value as the JSON text that columns hold."""
    return msgspec.json.encode(value).decode()


def differences(
    before: dict[str, Any], after: dict[str, Any], *, was: bool, now: bool
) -> dict[str, list[Any]]:
    """{field: [from, to]} between two states; `deleted` stands among the fields when it changes."""
    changes = {
        name: [before.get(name), after.get(name)]
        for name in (*after, *(name for name in before if name not in after))
        if before.get(name, _ABSENT) != after.get(name, _ABSENT)
    }
    if was != now:
        changes["deleted"] = [was, now]
    return changes


def stored_of(row: Sequence[Any]) -> Stored:
    """A row of `tables.STORED`, decoded; other columns may follow."""
    n, record_id, kind, space, schema, revision, deleted, fields, edits, base, was, *_ = row
    return Stored(
        n=n,
        envelope=Envelope(
            kind=kind,
            id=record_id,
            schema=schema,
            revision=revision,
            deleted=bool(deleted),
            commission_id=space,
            fields=decoded_object(fields),
        ),
        edits=edits,
        base=None if base is None else decoded_object(base),
        base_deleted=bool(was),
    )


def envelope_of(row: Sequence[Any]) -> Envelope:
    """The columns of `tables.STORED` that say what a record is, decoded; others may follow."""
    record_id, kind, commission_id, schema, revision, deleted, fields, *_ = row
    return Envelope(
        kind=kind,
        id=record_id,
        schema=schema,
        revision=revision,
        deleted=bool(deleted),
        commission_id=commission_id,
        fields=decoded_object(fields),
    )


def columns_of(envelope: Envelope) -> dict[str, Any]:
    """The columns of the table `record` that say what a record is; its fields are elsewhere."""
    return {
        "id": envelope.id,
        "kind": envelope.kind,
        "commission_id": envelope.commission_id,
        "schema": envelope.schema,
        "revision": envelope.revision,
        "deleted": int(envelope.deleted),
    }


def links_of(n: int, envelope: Envelope) -> list[tuple[int, str, str]]:
    """The rows of the table `link` for a record's references; a deleted one has none."""
    if envelope.deleted:
        return []
    return [(n, *one) for one in targets(envelope.kind, envelope.fields)]
