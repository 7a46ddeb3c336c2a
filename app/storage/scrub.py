"""Takes words out of what a workspace remembers: its history and its deleted records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from app.domain.erasure import taken_out, without
from app.storage.rows import decoded_object, encode
from app.storage.tables import content, history, record
from app.storage.unit_of_work import UnitOfWork

Rewrite = Callable[[Any], Any]
"""Gives a JSON value without the words; the same value when they are not in it."""


def scrub_history(
    unit: UnitOfWork, rewrites: Mapping[str | None, Rewrite], *, kept: Collection[str]
) -> None:
    """Rewrites the changes and the author of each history entry of these spaces, the region among
    them; the present words of the `kept` records stay in theirs.
    """
    present = {one.id: one.fields for one in unit.get_many(kept).values()}
    columns = select(*history.c["change", "record_id", "author", "changes"], record.c.commission_id)
    entries = columns.outerjoin(record, record.c.id == history.c.record_id)
    for row in unit.connection.execute(entries.where(_near(*rewrites))).all():
        rewrite = rewrites[row.commission_id]
        former, held = decoded_object(row.changes), present.get(row.record_id, {})
        author, changes = rewrite(row.author), rewrite(former)
        for name in former.keys() & held.keys():
            pairs = zip(former[name], changes[name], strict=True)
            changes[name] = [was if was == held[name] else now for was, now in pairs]
        if (author, changes) != (row.author, former):
            entry = update(history).where(history.c.change == row.change)
            unit.connection.execute(entry.values(author=author, changes=encode(changes)))


def has_past(unit: UnitOfWork, space: str | None) -> bool:
    """Whether the history tells of any record of a space or the region; the commission and frozen
    minutes aside, of which a first sync has it tell as well.
    """
    entries = select(history.c.change).join(record, record.c.id == history.c.record_id)
    wanted = entries.where(_near(space), record.c.kind.not_in(("commission", "minutes"))).limit(1)
    return unit.connection.execute(wanted).first() is not None


def scrub_rewritten(unit: UnitOfWork, space: str | None, *, but: Collection[str]) -> None:
    """Takes out of the past of each record of a space and the region what an erasure, though made
    under a name unknown here, took out of its present words; `but` for these records.
    """
    columns = select(*history.c["change", "record_id", "changes"])
    near = _near(space) & record.c.id.not_in(but)
    entries = columns.join(record, record.c.id == history.c.record_id).where(near)
    taken = defaultdict[tuple[str, str], set[str]](set)
    for row in unit.connection.execute(entries.order_by(history.c.change.desc())).all():
        former, changes = decoded_object(row.changes), {}
        for name, (was, now) in former.items():
            names = taken[row.record_id, name]
            kept = without(now, names)  # an erasure itself leaves nothing to take out
            names |= taken_out(was, now)
            changes[name] = [without(was, names), kept]
        if changes != former:
            entry = update(history).where(history.c.change == row.change)
            unit.connection.execute(entry.values(changes=encode(changes)))


def scrub_entries(unit: UnitOfWork, record_id: str, fields: dict[str, Any]) -> None:
    """Replaces all that these fields of a record ever held, in its history, by the values given."""
    query = select(history.c.change, history.c.changes).where(history.c.record_id == record_id)
    for row in unit.connection.execute(query).all():
        changes = decoded_object(row.changes)
        for name in changes.keys() & fields.keys():
            changes[name] = [fields[name] if side else side for side in changes[name]]
        entry = update(history).where(history.c.change == row.change)
        unit.connection.execute(entry.values(changes=encode(changes)))


def values_held(unit: UnitOfWork, record_id: str, name: str) -> list[str]:
    """The texts that a field of a record ever held, by the history, oldest first."""
    query = select(history.c.changes).where(history.c.record_id == record_id)
    entries = unit.connection.execute(query.order_by(history.c.change)).scalars()
    found = [side for changes in entries for side in decoded_object(changes).get(name, ())]
    return list(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def past_values(unit: UnitOfWork, record_id: str, erased: dict[str, str]) -> dict[str, str]:
    """What a record's fields last held before each took its erased value, by the history."""
    query = select(history.c.changes).where(history.c.record_id == record_id)
    found = dict[str, str]()
    for changes in unit.connection.execute(query.order_by(history.c.change)).scalars():
        for name, (former, _) in decoded_object(changes).items():
            if erased.get(name) not in (None, former) and former:
                found[name] = former
    return found


def scrub_tombstones(
    unit: UnitOfWork,
    rewrites: Mapping[str | None, Rewrite],
    about: Mapping[str, dict[str, Any]],
) -> None:
    """Rewrites what deleted records of these spaces, the region among them, still hold here.

    `about` gives, by record id, fields to replace in those that are about the person.
    """
    columns = select(record.c.id, record.c.commission_id, content)
    gone = columns.join(record, record.c.n == content.c.n).where(record.c.deleted == 1)
    for row in unit.connection.execute(gone.where(_near(*rewrites))).all():
        former = decoded_object(row.fields)
        fields = rewrites[row.commission_id](former | about.get(row.id, {}))
        if fields != former:
            words = update(content).where(content.c.n == row.n)
            unit.connection.execute(words.values(fields=encode(fields)))
            known = update(record).where(record.c.n == row.n)
            unit.connection.execute(known.values(indexed=0))


def _near(*spaces: str | None) -> ColumnElement[bool]:
    """The records of these spaces and the region, where a person may be."""
    return or_(record.c.commission_id.in_(filter(None, spaces)), record.c.commission_id.is_(None))
