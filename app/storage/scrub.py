"""Taking words out of what a workspace remembers: its history and its deleted records."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import select, update

from app.storage.rows import decoded_object, encode
from app.storage.tables import content, history, record
from app.storage.unit_of_work import UnitOfWork

Rewrite = Callable[[Any], Any]
"""Gives a value of JSON without the words; the same value when it has none."""


def scrub_history(unit: UnitOfWork, rewrite: Rewrite, *, kept: Collection[str]) -> None:
    """Rewrites what every history entry says and who signs it, but for the `kept` records."""
    columns = (history.c.change, history.c.record_id, history.c.author, history.c.changes)
    for row in unit.connection.execute(select(*columns)).all():
        if row.record_id in kept:
            continue
        author, changes = rewrite(row.author), row.changes
        if rewrite(changes) != changes:
            changes = encode(rewrite(decoded_object(changes)))
        if (author, changes) != (row.author, row.changes):
            entry = update(history).where(history.c.change == row.change)
            unit.connection.execute(entry.values(author=author, changes=changes))


def scrub_entries(unit: UnitOfWork, record_id: str, fields: dict[str, Any]) -> None:
    """Puts the values given in the place of what a record's fields ever held."""
    query = select(history.c.change, history.c.changes).where(history.c.record_id == record_id)
    for row in unit.connection.execute(query).all():
        changes = decoded_object(row.changes)
        for name in changes.keys() & fields.keys():
            changes[name] = [fields[name] if side else side for side in changes[name]]
        entry = update(history).where(history.c.change == row.change)
        unit.connection.execute(entry.values(changes=encode(changes)))


def scrub_tombstones(unit: UnitOfWork, rewrite: Rewrite) -> None:
    """Rewrites what deleted records still hold on this laptop."""
    query = select(content).where(content.c.n.in_(select(record.c.n).where(record.c.deleted == 1)))
    for row in unit.connection.execute(query).all():
        if rewrite(row.fields) != row.fields:
            fields = encode(rewrite(decoded_object(row.fields)))
            words = update(content).where(content.c.n == row.n)
            unit.connection.execute(words.values(fields=fields))
            known = update(record).where(record.c.n == row.n)
            unit.connection.execute(known.values(indexed=0))
