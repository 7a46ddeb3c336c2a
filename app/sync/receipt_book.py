"""The receipts kept here: each record knows the line that proves what the central holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from app.errors import UserError
from app.storage.tables import receipt, receipt_line
from app.storage.unit_of_work import UnitOfWork
from app.sync.protocol import Receipt, ReceiptLine


@dataclass(frozen=True)
class Proof:
    """A record's line and the receipt that it stands in; `void` after a restore lost it."""

    line: ReceiptLine
    receipt: Receipt
    received_at: str
    void: bool


def keep(unit: UnitOfWork, given: Receipt, at: str) -> None:
    """Keeps a receipt whose signature was checked, and points its records to it."""
    content = msgspec.json.encode(given)
    values = {"batch_id": given.batch_id, "content": content, "received_at": at}
    unit.connection.execute(_KEEP, values)
    rows = [(line.id, line.revision, given.batch_id) for line in given.lines]
    if rows:
        unit.connection.exec_driver_sql(_POINT, rows)


_KEEP = insert(receipt).prefix_with("OR REPLACE")
_POINT = """
    INSERT INTO receipt_line (record_id, revision, batch_id, void) VALUES (?, ?, ?, 0)
    ON CONFLICT (record_id) DO UPDATE
    SET revision = excluded.revision, batch_id = excluded.batch_id, void = 0
"""


def proof_of(unit: UnitOfWork, record_id: str) -> Proof | None:
    """The last receipt that names the record; None when there is none."""
    row = unit.connection.execute(
        select(
            receipt_line.c.revision, receipt_line.c.void, receipt.c.content, receipt.c.received_at
        )
        .join(receipt, receipt.c.batch_id == receipt_line.c.batch_id)
        .where(receipt_line.c.record_id == record_id)
    ).first()
    if row is None:
        return None
    given = msgspec.json.decode(row.content, type=Receipt)
    line = next(one for one in given.lines if one.id == record_id and one.revision == row.revision)
    return Proof(line, given, row.received_at, bool(row.void))


def latest(unit: UnitOfWork, most: int) -> Sequence[tuple[Receipt, str]]:
    """The last receipts with the instant of their arrival, newest first."""
    query = select(receipt.c.content, receipt.c.received_at)
    newest = query.order_by(receipt.c.received_at.desc(), receipt.c.batch_id.desc()).limit(most)
    rows = unit.connection.execute(newest)
    return [(msgspec.json.decode(row.content, type=Receipt), row.received_at) for row in rows]


def kept(unit: UnitOfWork, batch_id: str) -> tuple[Receipt, str]:
    """The receipt of a batch with the instant of its arrival; UserError when there is none."""
    query = select(receipt.c.content, receipt.c.received_at).where(receipt.c.batch_id == batch_id)
    row = unit.connection.execute(query).first()
    if row is None:
        raise UserError(f"Aucun accusé de réception n'a l'identifiant « {batch_id} ».")
    return msgspec.json.decode(row.content, type=Receipt), row.received_at


def void_among(unit: UnitOfWork, record_ids: Iterable[str]) -> set[str]:
    """Those of these records that a restore of the central lost."""
    query = select(receipt_line.c.record_id).where(receipt_line.c.void == 1)
    lost = set(unit.connection.execute(query).scalars())
    return lost.intersection(record_ids)


def annul(unit: UnitOfWork, record_ids: Iterable[str]) -> None:
    """Marks lines as void: the central no longer holds what they say."""
    rows = [{"record": record_id} for record_id in record_ids]
    if rows:
        unit.connection.execute(
            update(receipt_line)
            .where(receipt_line.c.record_id == bindparam("record"))
            .values(void=1),
            rows,
        )


def count_void(unit: UnitOfWork) -> int:
    """How many records are to be sent again."""
    query = select(func.count()).select_from(receipt_line).where(receipt_line.c.void == 1)
    return int(unit.connection.execute(query).scalar_one())
