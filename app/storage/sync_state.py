"""What the sync notes beside the records: acknowledgements, bases, and many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from app.domain.records import Envelope
from app.storage.tables import history, link, record
from app.storage.unit_of_work import (
    Stored,
    UnitOfWork,
    columns_of,
    differences,
    encode,
    links_of,
    stored_of,
)

_AT_ONCE = 500  # ids in one query


@dataclass(frozen=True)
class Acknowledgement:
    """The central holds a record at a revision, with the edits counted when it was sent."""

    record_id: str
    revision: int
    edits_sent: int


def stored_many(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, Stored]:
    """The records of these ids, deleted or not, with their sync state."""
    found: dict[str, Stored] = {}
    for some in _portions(list(ids)):
        for row in unit.connection.execute(select(record).where(record.c.id.in_(some))):
            found[row.id] = stored_of(row)
    return found


def count_live(unit: UnitOfWork, space: str | None) -> int:
    """How many live records a space holds here (None: the region)."""
    query = select(func.count()).where(record.c.commission_id.is_(space), record.c.deleted == 0)
    return int(unit.connection.execute(query).scalar_one())


def count_edited(unit: UnitOfWork, spaces: Iterable[str | None]) -> int:
    """How many records of these spaces (None: the region) have edits the central does not know."""
    owners = [record.c.commission_id.is_(space) for space in spaces]
    query = select(func.count()).where(record.c.edits > 0, or_(*owners))
    return int(unit.connection.execute(query).scalar_one())


def acknowledge(unit: UnitOfWork, known: Sequence[Acknowledgement]) -> None:
    """Notes the revisions that the central gave, and clears the edits that it was sent.

    A record edited meanwhile keeps those edits and its old base: the caller gives it the state
    that was sent, by `rebase`.
    """
    if not known:
        return
    all_sent = record.c.edits <= bindparam("sent")
    statement = (
        update(record)
        .where(record.c.id == bindparam("record_id"))
        .values(
            revision=bindparam("at"),
            edits=case((all_sent, 0), else_=record.c.edits - bindparam("sent")),
            base=case((all_sent, None), else_=record.c.base),
            base_deleted=case((all_sent, None), else_=record.c.base_deleted),
        )
    )
    rows = [{"record_id": a.record_id, "at": a.revision, "sent": a.edits_sent} for a in known]
    unit.connection.execute(statement, rows)


def receive_all(unit: UnitOfWork, pairs: Sequence[tuple[Stored, Envelope]], author: str) -> None:
    """Writes states of the central over records without edits, as `UnitOfWork.receive` does one.

    The history keeps what each state replaces.
    """
    if not pairs:
        return
    numbers = [{"source_n": stored.n} for stored, _ in pairs]
    of_record = update(record).where(record.c.n == bindparam("source_n"))
    blank = {"edits": 0, "base": None, "base_deleted": None, "indexed": 0}
    states = [columns_of(envelope) | blank for _, envelope in pairs]
    unit.connection.execute(
        of_record, [state | number for state, number in zip(states, numbers, strict=True)]
    )
    unit.connection.execute(delete(link).where(link.c.source == bindparam("source_n")), numbers)
    links = [row for stored, envelope in pairs for row in links_of(stored.n, envelope)]
    if links:
        unit.connection.execute(insert(link), links)
    entries = []
    for stored, envelope in pairs:
        unit.changed[envelope.id] = envelope.kind
        old = stored.envelope
        changes = differences(old.fields, envelope.fields, was=old.deleted, now=envelope.deleted)
        if changes:
            entries.append(unit.entry(envelope, changes, author))
    if entries:
        unit.connection.execute(insert(history), entries)


def edited_among(unit: UnitOfWork, ids: Iterable[str]) -> list[Stored]:
    """Those of the records that have edits the central does not know."""
    found: list[Stored] = []
    for some in _portions(list(ids)):
        query = select(record).where(record.c.id.in_(some), record.c.edits > 0)
        found += [stored_of(row) for row in unit.connection.execute(query)]
    return found


def rebase(unit: UnitOfWork, record_id: str, base: dict[str, Any], *, deleted: bool) -> None:
    """Gives a record with edits the state of the central that they stand on."""
    unit.connection.execute(
        update(record)
        .where(record.c.id == record_id)
        .values(base=encode(base), base_deleted=int(deleted))
    )


def clear_edits(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Forgets the edits of records that stand as the central's again."""
    for some in _portions(list(ids)):
        unit.connection.execute(
            update(record)
            .where(record.c.id.in_(some))
            .values(edits=0, base=None, base_deleted=None)
        )


def count_as_new(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Makes records whole edits again, for a central that holds nothing of them."""
    for some in _portions(list(ids)):
        unit.connection.execute(
            update(record)
            .where(record.c.id.in_(some))
            .values(revision=0, edits=record.c.edits + 1, base=None, base_deleted=None)
        )


def count_as_absent(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Notes that the central holds nothing of these records, which are not ours to send."""
    for some in _portions(list(ids)):
        unit.connection.execute(
            update(record)
            .where(record.c.id.in_(some))
            .values(revision=0, edits=0, base=None, base_deleted=None)
        )


def known_to_the_central(unit: UnitOfWork, space: str | None) -> list[tuple[str, str, bool]]:
    """(id, kind, deleted) of the records of a space that the central once accepted."""
    query = select(record.c.id, record.c.kind, record.c.deleted).where(
        record.c.commission_id.is_(space), record.c.revision > 0
    )
    return [(row.id, row.kind, bool(row.deleted)) for row in unit.connection.execute(query)]


def _portions(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
