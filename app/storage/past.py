"""A record that lived elsewhere, taken in with what happened to it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, update

from app.domain.records import Envelope
from app.domain.validation import defaults
from app.storage.tables import history, record
from app.storage.unit_of_work import UnitOfWork, differences, encode


def adopt(unit: UnitOfWork, envelope: Envelope, past: Sequence[dict[str, Any]]) -> None:
    """Writes a record that this workspace has never held, to be sent, with its history.

    `past` holds its changes, newest first, as dicts of revision, at, author, device and changes;
    they lead to the present state. What came before the oldest stands as the creation.
    """
    first = dict(envelope.fields)
    for change in past:
        first |= {name: sides[0] for name, sides in change["changes"].items() if name != "deleted"}
    made = differences(defaults(envelope.kind), first, was=False, now=False)
    rows = [dict(change) for change in reversed(past)]
    if made:
        rows.insert(0, rows[0] | {"changes": made})
    unit.receive_new([envelope])
    unit.connection.execute(update(record).where(record.c.id == envelope.id).values(edits=1))
    for rank, row in enumerate(rows):
        unit.connection.execute(
            insert(history).values(
                record_id=envelope.id,
                kind=envelope.kind,
                revision=row["revision"],
                at=row["at"],
                author=row["author"],
                device=row["device"],
                operation=unit.operation,
                created=int(rank == 0),
                changes=encode(row["changes"]),
            )
        )
