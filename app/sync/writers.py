"""Who wrote each side of a conflict, and when: for people to read, never compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from sqlalchemy import select

from app.domain.records import KINDS, Envelope
from app.errors import SyncError
from app.storage.rows import Stored, decoded_object
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.sync.client import Central
from app.sync.merge import DELETED, State, merge
from app.sync.protocol import Revision

Writers = Mapping[tuple[str, str], tuple[str, str]]
"""(author, instant) of the central's version, by record id and unit."""

_MOST = 50  # records asked about for one answer of the central


def last_writer(unit: UnitOfWork, record: Envelope, name: str) -> tuple[str, str]:
    """Who last changed a unit of a record on this laptop, and when; empty when nobody is known."""
    names = _names(record.kind, name)
    query = (
        select(history.c.author, history.c.at, history.c.changes)
        .where(history.c.record_id == record.id, history.c.device != "")
        .order_by(history.c.change.desc())
    )
    for row in unit.connection.execute(query):
        if names.intersection(decoded_object(row.changes)) or name == DELETED:
            return row.author, row.at
    return "", ""


def writers_of(
    central: Central, meetings: Iterable[tuple[Stored, State, Envelope]], others: Iterable[str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Asks the central who wrote what is about to clash.

    `meetings` are (record here, its base, the central's record), `others` the ids of the records
    whose last author is asked, as if of their deletion. Where the central cannot say, the conflict
    names nobody: it is made all the same.
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    wanted = chain(_clashing(meetings), ((one, "", [DELETED]) for one in others))
    for record_id, kind, units in islice(wanted, _MOST):
        try:
            revisions = central.revisions(record_id).revisions
        except SyncError:
            break
        for unit in units:
            writer = _writer(revisions, kind, unit)
            if writer is not None:
                found[record_id, unit] = (writer.author, writer.at)
    return found


def _clashing(
    meetings: Iterable[tuple[Stored, State, Envelope]],
) -> Iterator[tuple[str, str, list[str]]]:
    """(id, kind, units) of the records that clash."""
    for stored, base, theirs in meetings:
        mine = State(stored.envelope.fields, stored.envelope.deleted)
        clashes = merge(theirs.kind, base, mine, State(theirs.fields, theirs.deleted)).clashes
        if clashes and theirs.kind != "conflict":
            yield theirs.id, theirs.kind, [clash.unit for clash in clashes]


def _writer(revisions: Iterable[Revision], kind: str, unit: str) -> Revision | None:
    names = _names(kind, unit)
    return next((r for r in revisions if names.intersection(r.fields) or unit == DELETED), None)


def _names(kind: str, unit: str) -> set[str]:
    definition = KINDS.get(kind)
    return set(definition.units.get(unit, (unit,))) if definition else {unit}
