"""Which record owns another: the tie along which deleting the owner deletes the other."""

from __future__ import annotations

from functools import cache

from app.domain.records import Envelope, Ref
from app.domain.validation import leaves


@cache
def owner_field(kind: str) -> str:
    """The field of a kind that names the owner of its records; empty when nothing owns them."""
    marks = ((path[0], mark) for path, mark in leaves(kind))
    return next((name for name, mark in marks if isinstance(mark, Ref) and mark.owner), "")


def owner_id(record: Envelope) -> str | None:
    """The id of the record that owns this one, or else of its commission; None when none does."""
    found = record.fields.get(owner_field(record.kind))
    if isinstance(found, str):
        return found
    is_apart = record.kind == "conflict" or record.id == record.commission_id
    return None if is_apart else record.commission_id
