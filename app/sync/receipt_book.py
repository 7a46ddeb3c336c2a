"""The receipts kept here: the last line on a record proves what the central holds of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, delete, exists, func, insert, literal_column, select

from app.errors import UserError
from app.sqlite import Ready
from app.storage import sync_state
from app.storage.tables import IS_EDITED, annulled, receipt, record
from app.storage.unit_of_work import UnitOfWork
from app.sync.protocol import Receipt, ReceiptLine, digest


@dataclass(frozen=True)
class Proof:
    """A record's line, and the receipt it is in; `void` once a restore of the central lost it."""

    line: ReceiptLine
    receipt: Receipt
    received_at: str
    void: bool


def keep(unit: UnitOfWork, given: Receipt, at: str) -> None:
    """Stores a receipt whose signature was checked."""
    content = msgspec.json.encode(given)
    unit.write(_KEEP, batch_id=given.batch_id, content=content, received_at=at)


_NEWEST_FIRST = select(receipt.c.content, receipt.c.received_at).order_by(
    literal_column("rowid").desc()
)
"""By the order of arrival, not by date: the laptop's clock may have been years off."""

_KEEP = Ready(insert(receipt).prefix_with("OR REPLACE"))
_RESTORE = delete(annulled).where(annulled.c.record_id == bindparam("record"))


def proof_of(unit: UnitOfWork, record_id: str) -> Proof | None:
    """The last receipt that names the record; None when there is none."""
    query = _NEWEST_FIRST.where(func.instr(receipt.c.content, record_id.encode()) > 0)
    for content, at in unit.connection.execute(query):
        given = msgspec.json.decode(content, type=Receipt)
        lines = [line for line in given.lines if line.id == record_id]
        if lines:
            last = max(lines, key=lambda line: line.seq)
            return Proof(last, given, at, bool(void_among(unit, [record_id])))
    return None


def latest(unit: UnitOfWork, most: int) -> Sequence[tuple[Receipt, str]]:
    """The last receipts with the instant of their arrival, newest first."""
    rows = unit.connection.execute(_NEWEST_FIRST.limit(most))
    return [(msgspec.json.decode(row.content, type=Receipt), row.received_at) for row in rows]


def kept(unit: UnitOfWork, batch_id: str) -> tuple[Receipt, str]:
    """The receipt of a batch with the instant of its arrival; UserError when there is none."""
    query = select(receipt.c.content, receipt.c.received_at).where(receipt.c.batch_id == batch_id)
    row = unit.connection.execute(query).first()
    if row is None:
        raise UserError(f"Aucun accusé de réception n'a l'identifiant « {batch_id} ».")
    return msgspec.json.decode(row.content, type=Receipt), row.received_at


def held_otherwise(unit: UnitOfWork, given: Receipt, record_ids: Collection[str]) -> list[int]:
    """The seqs of those of these records that differ here from what the receipt says: the central
    has other values in fields that were not sent.

    Deleted records are left out: a deletion does not send the last words.
    """
    lines = {line.id: line for line in given.lines if line.id in record_ids}
    here = (stored.envelope for stored in sync_state.stored_many(unit, lines).values())
    alive = (record for record in here if not record.deleted)
    return [lines[one.id].seq for one in alive if digest(one) != lines[one.id].sha256]


def void_among(unit: UnitOfWork, record_ids: Iterable[str]) -> set[str]:
    """Those of these records whose receipt is void, since a restore of the central."""
    return _void(unit).intersection(record_ids)


_VOID = Ready(select(annulled.c.record_id))


def _void(unit: UnitOfWork) -> set[str]:
    return {record_id for (record_id,) in unit.rows(_VOID)}


def named(unit: UnitOfWork) -> set[str]:
    """The ids of all records that some receipt names."""
    contents = unit.connection.execute(select(receipt.c.content)).scalars()
    receipts = (msgspec.json.decode(content, type=Receipt) for content in contents)
    return {line.id for given in receipts for line in given.lines}


def annul(unit: UnitOfWork, record_ids: Iterable[str]) -> None:
    """Marks records whose receipt is void: the central no longer holds what it says."""
    rows = [{"record_id": record_id} for record_id in record_ids]
    if rows:
        unit.connection.execute(insert(annulled).prefix_with("OR IGNORE"), rows)


def settle(unit: UnitOfWork, given: Receipt | None = None) -> None:
    """Clears the void mark of records that the receipt `given` names, or with nothing to send.

    For the latter, another laptop has sent the words again, or they were taken back here.
    """
    void = _void(unit)
    if not void:
        return
    if given is not None and (again := void.intersection(line.id for line in given.lines)):
        unit.connection.execute(_RESTORE, [{"record": record_id} for record_id in again])
    unit.connection.execute(_SETTLE)


_TO_SEND = exists().where(record.c.id == annulled.c.record_id, IS_EDITED)
_SETTLE = delete(annulled).where(~_TO_SEND)


def count_void(unit: UnitOfWork) -> int:
    """How many records have a void receipt, and are to be sent again."""
    return int(unit.connection.execute(select(func.count()).select_from(annulled)).scalar_one())
