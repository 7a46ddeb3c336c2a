"""Histories from elsewhere: takes in a record with its history, compares a copy with now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.domain.records import Envelope
from app.domain.validation import defaults
from app.storage.database import connect
from app.storage.rows import differences
from app.storage.sync_state import stored_many
from app.storage.tables import TELLING, history
from app.storage.unit_of_work import UnitOfWork


def adopt(unit: UnitOfWork, envelope: Envelope, past: Sequence[dict[str, Any]]) -> None:
    """Writes a record that this workspace has never held, with its history, as an edit to be sent.

    `past` holds its changes, newest first, as dicts of revision, at, author, device and changes;
    they lead to the present state. What the fields held before the oldest is noted as the creation.
    """
    first = dict(envelope.fields)
    for change in past:
        first |= {name: sides[0] for name, sides in change["changes"].items() if name != "deleted"}
    made = differences(defaults(envelope.kind), first, was=False, now=False)
    made = {name: sides for name, sides in made.items() if sides[0] != sides[1]}  # null is absent
    rows = [dict(change) for change in reversed(past)]
    if made:
        rows.insert(0, rows[0] | {"changes": made})
    unit.receive(envelope, edits=1)
    unit.log_all(
        [
            unit.entry(envelope, row["changes"])
            | {name: row[name] for name in ("revision", "at", "author", "device")}
            | {"created": int(rank == 0)}
            for rank, row in enumerate(rows)
        ]
    )


@dataclass(frozen=True)
class Since:
    """What a copy holds, and what was done here after it.

    `last_at` is the instant of the copy's last change ("" without any), `records` how many of its
    live records were written here or received; `changes` is how many entries the history here has
    gained since, `changed` the records that they are about, last changed first.
    """

    last_at: str
    records: int
    changes: int
    changed: Sequence[Envelope]


def since(unit: UnitOfWork, copy: Path, key: bytes | None) -> Since:
    """Compares the present state with a copy's database, from where their histories part.

    The history of another computer's copy differs from the first change on.
    """
    driver = connect(copy, key, read_only=True, untouched=True)
    try:
        last_at = driver.execute("SELECT ifnull(max(at), '') FROM history").fetchone()[0]
        told = driver.execute("SELECT change, record_id FROM history ORDER BY change").fetchall()
        records = driver.execute(
            "SELECT count(*) FROM record WHERE deleted = 0 AND (revision > 0 OR edits > 0)"
        ).fetchone()[0]
    finally:
        driver.close()
    ours = select(history.c.change, history.c.record_id).order_by(history.c.change)
    pairs = zip(told, unit.connection.execute(ours), strict=False)
    common = [row[0] for row, here in takewhile(lambda pair: pair[0] == tuple(pair[1]), pairs)]
    top = common[-1] if common else 0
    later = (
        select(history.c.record_id)
        .where(history.c.change > top, TELLING)
        .group_by(history.c.record_id)
        .order_by(func.max(history.c.change).desc())
    )
    ids = list(unit.connection.execute(later).scalars())
    changes = unit.connection.execute(
        select(func.count()).select_from(history).where(history.c.change > top, TELLING)
    ).scalar_one()
    found = stored_many(unit, ids)
    changed = [found[one].envelope for one in ids if one in found]
    return Since(last_at, records, changes, changed)
