"""Converts between the rows of a workspace's tables and records, links and changes.

It works without SQLAlchemy, which code that only reads does not need.
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
    """The value of a JSON text from a column; DriverError when it is damaged."""
    return _read(_decode, text)


def decoded_object(text: str) -> dict[str, Any]:
    """The object (fields or changes) of a JSON text from a column; DriverError when damaged."""
    return _read(_decode_object, text)


def object_in(text: str | None) -> dict[str, Any] | None:
    """The object of a JSON text; None when the text is not one."""
    try:
        return None if text is None else decoded_object(text)
    except DriverError:
        return None


def changes_in(text: str | None) -> dict[str, list[Any]] | None:
    """The changes of a history entry's text, {field: [from, to]}; None when it has another form."""
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
    """{field: [from, to]} between two states, with `deleted` among the fields if it changes."""
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
    """The envelope in a row of record columns and fields; other columns may follow."""
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
    """A record's values for the table `record`; the fields are in another table."""
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
