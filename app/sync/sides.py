"""The sides of a merge: the central's record as we keep it, and what the edits here stand on."""

from __future__ import annotations

from functools import cache

import msgspec

from app.domain.records import KINDS, SCHEMA, Envelope, Fields
from app.domain.validation import defaults
from app.storage.rows import Stored
from app.sync.faults import not_ours
from app.sync.merge import State

BY_THE_CENTRAL = "GIP central"
"""The author named, in the history here, for changes that came from the central."""


def known_form(record: Envelope, stored: Stored | None = None) -> Envelope:
    """A record of the central in the form that this program keeps.

    A record of a newer schema is carried untouched. At our own schema, fields added by a newer
    program are left out (see `link.definitions`) and missing ones get their default; SyncError for
    any other fault. A deletion without fields keeps those that the central last had, by `stored`.
    """
    if record.schema > SCHEMA:
        return record
    definition = KINDS.get(record.kind)
    if definition is None:
        raise not_ours(f"genre inconnu « {record.kind[:40]} »")
    if not record.fields:
        if not record.deleted:
            raise not_ours("un enregistrement vide")
        held = last_held(stored).fields if stored else {}
        return msgspec.structs.replace(record, fields=defaults(record.kind) | held)
    names = _names(definition)
    whole = record.fields.keys() == names
    fields = record.fields if whole else {n: v for n, v in record.fields.items() if n in names}
    try:
        msgspec.convert(fields, definition)
    except msgspec.ValidationError as error:
        raise not_ours(f"« {record.kind} » mal formé") from error
    if whole:
        return record
    return msgspec.structs.replace(record, fields=defaults(record.kind) | fields)


@cache
def _names(definition: type[Fields]) -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(definition))


def base_of(stored: Stored) -> State:
    """The state that a record's edits are based on: the defaults for one created here."""
    if stored.base is not None:
        return State(stored.base, stored.base_deleted)
    return State(defaults(stored.envelope.kind))


def last_held(stored: Stored) -> State:
    """The central's state of a record as this laptop last knew it."""
    if stored.edits:
        return base_of(stored)
    return State(stored.envelope.fields, stored.envelope.deleted)
