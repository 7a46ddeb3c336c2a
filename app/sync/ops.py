"""The ops that tell the central the changes of an edited record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from app.clock import IdMaker
from app.domain.erasure import is_rewritten
from app.domain.records import SCHEMA
from app.domain.validation import defaults
from app.storage.rows import Stored
from app.sync.protocol import Op


def ops_of(
    stored: Stored, ids: IdMaker, group: str | None = None, *, whole: bool = True
) -> list[Op]:
    """The ops for the changes of an edited record; none when nothing differs from the central's.

    The first op of a shipped record tells it `whole`, for a central that may not have it; but not
    that of a facilitator, who may change only some fields and may have the others of another year.
    A deletion carries no fields: those that an erasure rewrote go in an op before it, in one group
    with it, so that nobody sees a record alive that the central held as deleted.
    """
    record, base = stored.envelope, stored.base
    rewritten = _is_rewritten(stored)
    if record.deleted and not rewritten and (base is None or stored.base_deleted):
        return []
    fields = _changed_fields(stored, whole=whole) if rewritten or not record.deleted else {}
    if not (fields or record.deleted or base is None or stored.base_deleted):
        return []
    if rewritten and (group is None or stored.base_deleted):
        group = f"rewritten-{record.id}"
    op = Op(
        op_id=ids(),
        kind=record.kind,
        id=record.id,
        base_revision=record.revision,
        fields=fields,
        deleted=record.deleted and not rewritten,
        group=group,
        schema=None if record.schema == SCHEMA else record.schema,
    )
    if not rewritten:
        return [op]
    gone = msgspec.structs.replace(
        op, op_id=ids(), base_revision=record.revision + 1, fields={}, deleted=True
    )
    return [op, gone]


def most_ops(stored: Sequence[Stored]) -> int:
    """The most ops that these edited records can make."""
    return len(stored) + sum(map(_is_rewritten, stored))


def _is_rewritten(stored: Stored) -> bool:
    """Whether an erasure rewrote a deleted record; in a conflict, any change tells that it did."""
    record, base = stored.envelope, stored.base
    if base is None or not record.deleted:
        return False
    return record.fields != base if record.kind == "conflict" else is_rewritten(base, record.fields)


def telling(stored: Stored, told: Sequence[Op]) -> Op:
    """The op that stands for the edits of a record: the last one, or if the record was deleted at
    the central, the one with its words.
    """
    return told[0] if stored.base_deleted else told[-1]


_blank = cache(defaults)  # read only


def _changed_fields(stored: Stored, *, whole: bool) -> dict[str, Any]:
    """The fields to send: the changed ones, or all where the central may have none.

    Also all for a record brought back: the fields under the central's deletion may be older.
    """
    record, base = stored.envelope, stored.base
    if stored.base_deleted:
        return record.fields
    before = _blank(record.kind) if base is None else base
    changed = {name: value for name, value in record.fields.items() if value != before.get(name)}
    if base is None and not changed:  # only defaults, which may differ at another central
        return record.fields
    if whole and changed and record.revision == 0 and base is not None:
        blank = _blank(record.kind)
        return changed | {n: v for n, v in record.fields.items() if v != blank.get(n)}
    return changed
