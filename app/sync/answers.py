"""Checks an answer before any of it is used: from our central, complete, and signed."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.records import Envelope
from app.domain.validation import is_id
from app.sync.client import Central
from app.sync.faults import not_ours
from app.sync.link import Link
from app.sync.outbox import Batch
from app.sync.protocol import (
    NO_REVISION,
    Op,
    Page,
    PublicKey,
    Receipt,
    ReceiptLine,
    Result,
    SyncResponse,
)
from app.sync.receipts import is_valid, successor


def signing_key(link: Link, response: SyncResponse, central: Central) -> PublicKey:
    """The key that must have signed an answer's receipt: the pinned one, or one that renewed it.

    SyncError when the receipt's key is another, and no endorsements lead to it from the pinned one.
    """
    receipt = response.receipt
    if receipt is None or receipt.key_id == link.key.key_id:
        return link.key
    able = central.capabilities()
    for key in (able.key, *able.former_keys):
        known = successor(key, able) is not None and successor(link.key, able) is not None
        if key.key_id == receipt.key_id and known:
            return key
    raise not_ours("accusé de réception d'une clé inconnue")


def check_answer(
    link: Link,
    batch: Batch | None,
    after: dict[str, int],
    response: SyncResponse,
    key: PublicKey,
) -> None:
    """SyncError unless the answer fits the request, with a receipt for all that it accepts."""
    if response.epoch != link.epoch:
        raise not_ours("autre époque")
    _check_results(key, batch, response)
    if response.changes.keys() != after.keys():
        raise not_ours("d'autres espaces que ceux demandés")
    for space, page in response.changes.items():
        _check_page(space, after[space], page)


def _check_results(key: PublicKey, batch: Batch | None, response: SyncResponse) -> None:
    ops = batch.request.ops if batch else ()
    if [result.op_id for result in response.results] != [op.op_id for op in ops]:
        raise not_ours("d'autres résultats que ceux attendus")
    receipt = response.receipt
    if receipt is not None:
        _check_receipt(key, batch, receipt)
    lines = () if receipt is None else receipt.lines
    for op, result in zip(ops, response.results, strict=True):
        if result.status in ("accepted", "duplicate"):
            _check_line(op.id, result, lines)
        if batch is not None and result.record is not None:
            _check_record(op, batch.space, result.status, result.record)
    _check_stale(ops, response.results)


def _check_record(op: Op, space: str, status: str, record: Envelope) -> None:
    """SyncError unless a result's record is the one sent; if refused, its kind may differ."""
    kind = record.kind if status == "refused" else op.kind
    if (record.id, record.kind, record.space) != (op.id, kind, space):
        raise not_ours("un autre enregistrement que celui envoyé")


def _check_stale(ops: Sequence[Op], results: Sequence[Result]) -> None:
    """SyncError unless the answer brings something newer for each stale op, or group of them.

    Otherwise the same op would be sent again for ever.
    """
    told: dict[str, bool] = {}
    for op, result in zip(ops, results, strict=True):
        if result.status == "stale":
            unit = op.group or op.op_id
            told[unit] = told.get(unit, False) or _tells_more(op, result.record)
    if not all(told.values()):
        raise not_ours("rien de plus récent que ce qu'il avait donné")


def _tells_more(op: Op, record: Envelope | None) -> bool:
    if record is None:
        return op.base_revision > 0
    return record.revision > op.base_revision or op.base_revision == NO_REVISION


def _check_receipt(key: PublicKey, batch: Batch | None, receipt: Receipt) -> None:
    sent = (batch.space, batch.request.epoch, batch.batch_id) if batch else None
    told = receipt.space, receipt.epoch, receipt.batch_id
    if told != sent or not is_valid(receipt, key):
        raise not_ours("accusé de réception sans valeur")


def _check_line(record_id: str, result: Result, lines: Sequence[ReceiptLine]) -> None:
    place = result.receipt
    if place is None or not 0 <= place < len(lines):
        raise not_ours("accusé de réception absent")
    line = lines[place]
    if line.id != record_id or line.revision != result.revision or line.seq != result.seq:
        raise not_ours("accusé de réception d'autre chose")


def _check_page(space: str, after: int, page: Page) -> None:
    if page.seq < after or (page.more and page.seq == after and page.records):
        raise not_ours("une suite qui recule")
    for record in page.records:
        if record.space != space or not is_id(record.id) or record.revision < 1:
            raise not_ours("des enregistrements d'ailleurs")
    if len({record.id for record in page.records}) < len(page.records):
        raise not_ours("un enregistrement deux fois")
