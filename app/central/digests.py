"""What the central itself writes in the region: the digests of needs, the tallies of solutions.

A batch marks its space as pending; digests and tallies follow in portions, each in a transaction
of its own, so that no laptop waits for many needs and a crash in between loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, case, func, null, select, update

from app.central import tallies
from app.central.database import Database
from app.central.held import Held, held_in, load, query_held, read_known, save
from app.central.schema import records, spaces
from app.domain.canonical import canonical
from app.domain.records import REGION, SCHEMA, reference_id
from app.domain.validation import defaults

_DERIVED_FROM = {
    "need": frozenset({"title", "theme", "organisation_ids", "solution_id", "deleted"}),
    "commitment": frozenset(
        {"solution_id", "organisation_id", "intention", "units", "on", "deleted"}
    ),
    "solution": frozenset({"published_as_id", "deleted"}),
    "organisation": frozenset({"population"}),
}
"""The fields from which something in the region is derived, kind by kind."""


def matters(kind: str, changed: Iterable[str], *, created: bool) -> bool:
    """Whether a change may alter a digest or a tally."""
    fields = _DERIVED_FROM.get(kind)
    return fields is not None and (created or not fields.isdisjoint(changed))


PORTION = 1_000

AT_ONCE = 300
"""The most pending changes whose digests an exchange writes before it answers."""

_BEHIND = select(spaces.c.space).where(spaces.c.pending.is_not(None)).order_by(spaces.c.space)
_WAITING = select(func.sum(spaces.c.seq - spaces.c.pending)).where(spaces.c.pending.is_not(None))


def keep_up(database: Database) -> bool:
    """Writes the pending digests if they are few enough to wait for; gives whether any are left."""
    with database.reading() as connection:
        waiting = connection.execute(_WAITING).scalar() or 0
    return _write_portion(database) if 0 < waiting <= AT_ONCE else waiting > 0


def catch_up(database: Database) -> bool:
    """Writes the digests of at most PORTION records; gives whether more are pending."""
    with database.reading() as connection:
        if connection.execute(_BEHIND).first() is None:
            return False
    return _write_portion(database)


def _write_portion(database: Database) -> bool:
    with database.writing() as connection:
        region = select(spaces.c.seq).where(spaces.c.space == REGION).with_for_update()
        seq = connection.execute(region).scalar_one()
        found = _take_portion(connection)
        if found:
            _write(connection, seq, _digests(found) + tallies.derive(connection, found))
        return connection.execute(_BEHIND).first() is not None


def _take_portion(connection: Connection) -> list[Held]:
    """The next pending records of all spaces, which count as derived from here on."""
    found: list[Held] = []
    behind = select(spaces).where(spaces.c.pending.is_not(None)).order_by(spaces.c.space)
    for row in connection.execute(behind).all():
        room = PORTION - len(found)
        if room <= 0:
            break
        query = (
            query_held()
            .where(
                records.c.space == row.space,
                records.c.seq > row.pending,
                records.c.seq <= row.seq,
                records.c.kind.in_(_DERIVED_FROM),
            )
            .order_by(records.c.seq)
            .limit(room)
        )
        some = held_in(connection.execute(query))
        found += some
        upto = some[-1].seq if len(some) == room else row.seq
        # A batch that was accepted meanwhile has moved `seq` on: the space stays pending.
        left = case((spaces.c.seq == upto, null()), else_=upto)
        connection.execute(update(spaces).where(spaces.c.space == row.space).values(pending=left))
    return found


def _digests(found: Sequence[Held]) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(kind, id, fields) of the digest of each need among the records; None for a deleted one."""
    return [
        (
            "need_digest",
            reference_id("need_digest", held.id),
            None if held.deleted else msgspec.to_builtins(read_known(held, _Need)),
        )
        for held in found
        if held.kind == "need"
    ]


class _Need(msgspec.Struct):
    """The fields of a need known outside its commission; a newer schema's others are dropped."""

    title: str = ""
    theme: str | None = None
    organisation_ids: tuple[str, ...] = ()
    solution_id: str | None = None


def _write(
    connection: Connection, seq: int, derived: Sequence[tuple[str, str, dict[str, Any] | None]]
) -> None:
    """Writes what differs from what the region holds, each with the region's next seq."""
    present = load(connection, (record_id for _, record_id, _ in derived))
    written: dict[str, Held] = {}
    for kind, record_id, fields in derived:
        before = written.get(record_id) or present.get(record_id)
        if before and before.space != REGION:
            continue  # somebody gave a record of their own this id
        if fields is None and before is None:
            continue
        body = canonical(defaults(kind) if fields is None else fields)  # nothing of a deleted need
        if before and (before.fields, before.deleted) == (body, fields is None):
            continue
        seq += 1
        written[record_id] = Held(
            space=REGION,
            id=record_id,
            kind=kind,
            schema=SCHEMA,
            revision=before.revision + 1 if before else 1,
            seq=seq,
            deleted=fields is None,
            fields=body,
        )
    if written:
        save(connection, list(written.values()))
        connection.execute(update(spaces).where(spaces.c.space == REGION).values(seq=seq))
