"""The changes of an edited record as the central takes them."""

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
    """The changes of an edited record as the central takes them; none when nothing differs.

    The first of a shipped record tells it `whole`, for a central that may not have it; but not from
    whom the central takes some fields only, as theirs of the others may be those of another year.
    A deletion tells nothing of the fields: those that an erasure rewrote go before it. What the
    central holds as deleted is so again at once, as one group: nobody sees it alive.
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
    """How many changes edited records make at the most."""
    return len(stored) + sum(map(_is_rewritten, stored))


def _is_rewritten(stored: Stored) -> bool:
    """Whether an erasure changed a deleted record; nothing else does so of a conflict."""
    record, base = stored.envelope, stored.base
    if base is None or not record.deleted:
        return False
    return record.fields != base if record.kind == "conflict" else is_rewritten(base, record.fields)


def telling(stored: Stored, told: Sequence[Op]) -> Op:
    """Which of its changes says what is done to a record: that of the words where it was gone."""
    return told[0] if stored.base_deleted else told[-1]


_blank = cache(defaults)  # read only


def _changed_fields(stored: Stored, *, whole: bool) -> dict[str, Any]:
    """The fields to send: those changed, or all of them where the central may hold none.

    What a deletion hid at the central may be older than what is brought back here.
    """
    record, base = stored.envelope, stored.base
    if stored.base_deleted:
        return record.fields
    before = _blank(record.kind) if base is None else base
    changed = {name: value for name, value in record.fields.items() if value != before.get(name)}
    if base is None and not changed:  # nothing but defaults, which another central may not know
        return record.fields
    if whole and changed and record.revision == 0 and base is not None:
        blank = _blank(record.kind)
        return changed | {n: v for n, v in record.fields.items() if v != blank.get(n)}
    return changed
