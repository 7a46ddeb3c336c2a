"""What the sync notes beside the records (edits, revisions, bases), for many records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, exists, func, or_, select, text, update

from app.domain.records import CENTRAL_ONLY, REGION, Envelope
from app.domain.validation import reference_fields
from app.sqlite import Ready, at_most
from app.storage.rows import Stored, differences, encode, links_of, stored_of
from app.storage.tables import IS_EDITED, STORED, base, history, link, outbox, record
from app.storage.unit_of_work import UnitOfWork, insert_links

LISTED = select(func.json_each(bindparam("ids")).table_valued("value").c.value)
"""Any number of ids, bound as one JSON list by `listed`."""

_SPACE = func.coalesce(record.c.commission_id, REGION)
_AMONG = STORED.where(record.c.id.in_(LISTED))
_STORED, _EDITED = Ready(_AMONG), Ready(_AMONG.where(IS_EDITED))
_KNOWN = select(record.c.n).where(record.c.id.in_(LISTED))
_FORGET_BASES = delete(base).where(base.c.n.in_(_KNOWN))
_OLD = _KNOWN.where(exists().select_from(base), record.c.edits == 0)
_FORGET_OLD_BASES = Ready(delete(base).where(base.c.n.in_(_OLD)))
_FORGET_ALL_BASES = Ready(delete(base))  # SQLite then empties the table without reading its rows
_ANY_EDITED = Ready(select(record.c.n).where(IS_EDITED).limit(at_most(1)))
_KNOWN_AT = update(record).where(record.c.id.in_(LISTED)).values(revision=bindparam("given"))
_LEAVE = func.max(record.c.edits - bindparam("sent"), 0)
_ACKNOWLEDGE_ALL = Ready(_KNOWN_AT.where(record.c.edits == bindparam("sent")).values(edits=0))
_ACKNOWLEDGE = Ready(_KNOWN_AT.values(edits=_LEAVE))
_ONE_MORE = update(record).where(record.c.id == bindparam("of")).values(edits=record.c.edits + 1)
_DELETED = select(record.c.id).where(record.c.id.in_(LISTED), record.c.deleted == 1)
_COMMISSIONS = select(record.c.id, record.c.commission_id).where(
    record.c.id.in_(LISTED), record.c.id != record.c.commission_id
)
_DELETED_TARGETS = select(record.c.id).where(
    record.c.deleted == 1, record.c.id.in_(select(link.c.target).where(link.c.source.in_(_KNOWN)))
)
_BROUGHT_BACK = Ready(
    text(
        "SELECT id FROM base CROSS JOIN record USING (n)"
        " WHERE base.deleted = 1 AND record.deleted = 0"
    )
)
_EDITED_ANYWHERE = select(func.count()).where(IS_EDITED)
EDITED_IN = _EDITED_ANYWHERE.where(_SPACE.in_(LISTED))
"""How many records of the listed spaces have edits the central does not know."""
_TO_TELL = EDITED_IN.where(
    or_(
        record.c.deleted == 0,
        record.c.revision > 0,
        exists().where(base.c.n == record.c.n),
        exists().where(outbox.c.space == _SPACE),
    )
)
_MAY_BE_KNOWN = (
    select(record.c.n)
    .join(history, history.c.record_id == record.c.id)
    .where(
        history.c.operation == bindparam("operation"),
        or_(record.c.revision > history.c.revision, exists().where(outbox.c.space == _SPACE)),
    )
    .limit(at_most(1))
)


class Acknowledgement(msgspec.Struct, frozen=True, gc=False):
    """The central holds a record at `revision`, with `edits_sent` of its edits."""

    record_id: str
    revision: int
    edits_sent: int


def stored_many(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, Stored]:
    """The records of these ids, deleted or not, with their sync state."""
    found = map(stored_of, unit.rows(_STORED, **listed(ids)))
    return {stored.envelope.id: stored for stored in found}


def commission_ids(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    """The commission of each of these records that belongs to one, by record id."""
    return dict(map(tuple, unit.connection.execute(_COMMISSIONS, listed(ids))))


def deleted_among(unit: UnitOfWork, ids: Iterable[str]) -> set[str]:
    """Those of the records that are deleted."""
    return set(unit.connection.execute(_DELETED, listed(ids)).scalars())


def deleted_targets(unit: UnitOfWork, ids: Iterable[str]) -> set[str]:
    """The deleted records that living ones among these refer to."""
    return set(unit.connection.execute(_DELETED_TARGETS, listed(ids)).scalars())


def brought_back(unit: UnitOfWork, ids: Iterable[str]) -> set[str]:
    """Those of these records that live here, but that the central last held as deleted."""
    return {record_id for (record_id,) in unit.rows(_BROUGHT_BACK)}.intersection(ids)


def count_live(unit: UnitOfWork, space: str | None) -> int:
    """How many live records a space holds here (None: the region)."""
    query = select(func.count()).where(record.c.commission_id.is_(space), record.c.deleted == 0)
    return int(unit.connection.execute(query).scalar_one())


def count_all_edited(unit: UnitOfWork) -> int:
    """How many records of all spaces have edits the central does not know."""
    return int(unit.connection.execute(_EDITED_ANYWHERE).scalar_one())


def edited_ids(unit: UnitOfWork) -> set[str]:
    """The ids of the records that have edits the central does not know."""
    return set(unit.connection.execute(select(record.c.id).where(IS_EDITED)).scalars())


def count_to_tell(unit: UnitOfWork, spaces: Iterable[str | None]) -> int:
    """How many records of these spaces have edits that the central has to be told.

    A record made and deleted here before any sync does not count, unless a batch of its space waits
    for its answer, and may have told of it.
    """
    names = listed(REGION if space is None else space for space in spaces)
    return int(unit.connection.execute(_TO_TELL, names).scalar_one())


def may_be_known(unit: UnitOfWork, operation: int) -> bool:
    """Whether the central may know what an operation wrote: it acknowledged a record since, or a
    batch of that space waits for its answer.
    """
    found = unit.connection.execute(_MAY_BE_KNOWN, {"operation": operation})
    return found.first() is not None


def acknowledge(unit: UnitOfWork, known: Sequence[Acknowledgement]) -> list[Stored]:
    """Notes the revisions that the central gave, and clears the edits that it was sent.

    Gives the records edited meanwhile, which keep those later edits and their old base: the caller
    has to set the state that was sent as their base, by `UnitOfWork.put_base`.
    """
    alike = defaultdict[tuple[int, int], list[str]](list)
    for one in known:
        alike[one.revision, one.edits_sent].append(one.record_id)
    edited = list[Stored]()
    for (revision, edits_sent), ids in alike.items():
        these = listed(ids)
        values: dict[str, Any] = these | {"given": revision, "sent": edits_sent}
        if unit.write(_ACKNOWLEDGE_ALL, **values) < len(ids):
            unit.write(_ACKNOWLEDGE, **values)
            edited += edited_among(unit, ids)
    if not unit.rows(_ANY_EDITED):
        unit.write(_FORGET_ALL_BASES)
    elif known:
        unit.write(_FORGET_OLD_BASES, **listed(one.record_id for one in known))
    return edited


def receive_all(unit: UnitOfWork, pairs: Sequence[tuple[Stored, Envelope]], author: str) -> None:
    """As `UnitOfWork.receive`, for the central's states of many records without edits here.

    The history keeps what each state replaces.
    """
    states, contents, links, entries = [], [], [], []
    for stored, envelope in pairs:
        old = stored.envelope
        states.append((envelope.schema, envelope.revision, envelope.deleted, stored.n))
        contents.append((encode(envelope.fields), stored.n))
        changes = differences(old.fields, envelope.fields, was=old.deleted, now=envelope.deleted)
        if changes and envelope.kind not in CENTRAL_ONLY:  # no history for the central's own kinds
            entries.append(unit.entry(envelope, changes, author))
        if not reference_fields(envelope.kind).isdisjoint(changes) or "deleted" in changes:
            links.append((stored.n, links_of(stored.n, envelope)))
        unit.changed[envelope.id] = envelope.kind
    if states:
        unit.connection.exec_driver_sql(_TAKE, states)
        unit.connection.exec_driver_sql(_TAKE_CONTENT, contents)
    if links:
        unit.connection.exec_driver_sql(_UNLINK, [(n,) for n, _ in links])
        insert_links(unit.connection, [row for _, rows in links for row in rows])
    unit.log_all(entries)


_TAKE = "UPDATE record SET schema = ?, revision = ?, deleted = ?, indexed = 0 WHERE n = ?"
_TAKE_CONTENT = "UPDATE content SET fields = ? WHERE n = ?"
_UNLINK = "DELETE FROM link WHERE source = ?"


def edited_among(unit: UnitOfWork, ids: Iterable[str]) -> list[Stored]:
    """Those of the records that have edits the central does not know."""
    return [stored_of(row) for row in unit.rows(_EDITED, **listed(ids))]


def clear_edits(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Forgets the edits of records that are again as the central holds them."""
    _set(unit, ids, edits=0)


def count_one_more(unit: UnitOfWork, record_id: str) -> None:
    """Counts one more edit of a record that has some; its base stays."""
    unit.connection.execute(_ONE_MORE, {"of": record_id})


def count_as_new(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Has records sent whole, as new ones, to a central that holds nothing of them."""
    _set(unit, ids, revision=0, edits=record.c.edits + 1)


def count_as_absent(unit: UnitOfWork, ids: Iterable[str]) -> None:
    """Notes that the central holds nothing of these records, which are not ours to send."""
    _set(unit, ids, revision=0, edits=0)


def known_to_the_central(unit: UnitOfWork, space: str | None) -> list[tuple[str, str, bool]]:
    """(id, kind, deleted) of the records of a space that the central once accepted."""
    query = select(record.c.id, record.c.kind, record.c.deleted).where(
        record.c.commission_id.is_(space), record.c.revision > 0
    )
    return [(row.id, row.kind, bool(row.deleted)) for row in unit.connection.execute(query)]


def _set(unit: UnitOfWork, ids: Iterable[str], **columns: Any) -> None:
    """Sets columns of these records, and removes their bases."""
    these = listed(ids)
    unit.connection.execute(_FORGET_BASES, these)
    statement = update(record).where(record.c.id.in_(LISTED))
    unit.connection.execute(statement.values(columns), these)


def listed(ids: Iterable[str]) -> dict[str, str]:
    """The parameters of a statement with `LISTED`."""
    return {"ids": encode(list(ids))}
