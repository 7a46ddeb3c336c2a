"""The outbox: each batch's exact bytes are durable before the first of them leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from app.clock import IdMaker
from app.domain.frozen import held_fields
from app.domain.records import FACILITATOR_FIELDS, REGION, SCHEMA
from app.domain.titles import Called, titled
from app.sqlite import Ready, at_most
from app.storage import sync_state
from app.storage.rows import Stored, decoded, encode
from app.storage.sync_state import LISTED, listed
from app.storage.tables import outbox
from app.storage.unit_of_work import UnitOfWork
from app.sync.compression import WORTH_IT, compress, decompress
from app.sync.groups import Together, grouped
from app.sync.link import Link, cursors
from app.sync.ops import ops_of, telling
from app.sync.protocol import NO_REVISION, Op, SyncRequest

MOST_BYTES = 3 << 19
"""The most bytes of ops in a batch, before compression: two or three seconds on a slow line, while
the laptop makes the next batch."""

_FIRST_BYTES = 256 << 10
"""The same for a first batch, so that the central has work soon; each next one may be twice as
large."""

_CODING = "zstd"
_LIMIT = 1 << 30  # bytes of a stored body of ours, once decompressed


@dataclass(frozen=True)
class Batch:
    """A batch as it is sent: `body` is `request`, encoded and compressed.

    `edits` counts, for each op, the edits of its record that it covers (0 for a record that a
    freeze takes along unedited). Of a batch made just now, `place` is the record number up to which
    its space was read, `most` the bytes that it was allowed (0 if read from the outbox), `is_full`
    whether some ops found no room, `names` how its records are called.
    """

    batch_id: str
    space: str
    body: bytes
    coding: str
    edits: Sequence[int]
    request: SyncRequest
    place: int = 0
    most: int = 0
    is_full: bool = False
    names: Mapping[str, Called] = field(default_factory=dict)

    @cached_property
    def opens(self) -> bool:
        """Whether it may open its space: the commission's first state is among its ops."""
        return any(op.id == self.space and op.base_revision == 0 for op in self.request.ops)

    @cached_property
    def holds_group(self) -> bool:
        """Whether some of its ops stand or fall together."""
        return any(op.group is not None for op in self.request.ops)


class _Body(msgspec.Struct):
    """A SyncRequest whose ops are already encoded."""

    epoch: str
    schema: int
    batch_id: str
    space: str
    ops: msgspec.Raw
    after: dict[str, int]


@dataclass
class _Filling:
    """The ops gathered for a batch, of at most `most` bytes; the other names are those of Batch."""

    most: int = MOST_BYTES
    ops: list[Op] = field(default_factory=list)
    edits: list[int] = field(default_factory=list)
    encoded: bytearray = field(default_factory=bytearray)  # the ops, each with a comma before it
    place: int = 0
    is_full: bool = False
    names: dict[str, Called] = field(default_factory=dict)

    def add(self, ops: Sequence[Op], edits: Sequence[int], most: int) -> bool:
        """Adds ops that go together; False when they no longer fit (the first ones always do)."""
        before = len(self.encoded)
        for op in ops:
            self.encoded += b","
            _encode_into(op, self.encoded, -1)
        if self.ops and (len(self.encoded) > self.most or len(self.ops) + len(ops) > most):
            del self.encoded[before:]
            self.is_full = True
            return False
        self.ops += ops
        self.edits += edits
        return True

    def listed(self) -> msgspec.Raw:
        """The ops as a JSON list; nothing can be added afterwards."""
        self.encoded[:1] = b"["
        self.encoded += b"]"
        return msgspec.Raw(self.encoded)


_encode_into = msgspec.json.Encoder().encode_into


def waiting(unit: UnitOfWork, link: Link) -> Batch | None:
    """The oldest unanswered batch of the spaces that are open to us."""
    rows = unit.rows(_OLDEST, **listed(_open_to_us(link)))
    return _batch(rows[0]) if rows else None


def holds(unit: UnitOfWork, batch: Batch) -> bool:
    """Whether a batch still waits: another program on this workspace may have had its answer."""
    return bool(unit.rows(_NAMED, name=batch.batch_id))


def left(unit: UnitOfWork, link: Link) -> tuple[int, bool]:
    """How many records of the spaces open to us have edits, and whether a batch of them waits."""
    [(edited, waits)] = unit.rows(_LEFT, **listed(_open_to_us(link)))
    return edited, bool(waits)


def _open_to_us(link: Link) -> tuple[str, ...]:
    return (REGION, *link.spaces)


_COLUMNS = outbox.c["batch_id", "space", "body", "coding", "edits"]
_IN_ORDER = select(*_COLUMNS).order_by(outbox.c.n)
_OPEN = _IN_ORDER.where(outbox.c.space.in_(LISTED))
_ALL, _OLDEST = Ready(_IN_ORDER), Ready(_OPEN.limit(at_most(1)))
_NAMES = Ready(_OPEN.with_only_columns(outbox.c.batch_id))
_LEFT = Ready(select(sync_state.EDITED_IN.scalar_subquery(), _OPEN.exists()))
_NAMED = Ready(select(outbox.c.n).where(outbox.c.batch_id == bindparam("name")))
_PUT = Ready(insert(outbox).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_REMOVE = Ready(delete(outbox).where(outbox.c.batch_id == bindparam("name")))


def _batch(row: Sequence[Any]) -> Batch:
    batch_id, space, sent, coding, edits = row
    body = decompress(sent, coding, _LIMIT) if coding else sent
    request = msgspec.json.decode(body, type=SyncRequest)
    return Batch(batch_id, space, sent, coding, decoded(edits), request)


def prepare(
    unit: UnitOfWork,
    link: Link,
    ids: IdMaker,
    *,
    skip: Collection[str] = (),
    opening: str | None = None,
    ahead_of: Batch | None = None,
    may_ask: bool = True,
) -> Batch | None:
    """Puts the next edited records of a space in the outbox; None when nothing is left to send.

    `skip` names the records that the central refused during this sync, or that are on their way;
    `opening` is a space to open, of which only the commission is sent. A batch made `ahead_of` the
    answer to another goes on where that one stopped, and asks for no changes. Nor does the first of
    many batches that fill a bare space, unless it `may_ask`: by asking, it would have to travel
    alone, or its answer might bring back the batches after it. Records that are again as the
    central holds them lose their edits on the way.
    """
    former = ("", 0) if ahead_of is None else (ahead_of.space, ahead_of.place)
    most = _FIRST_BYTES if ahead_of is None else min(2 * ahead_of.most, MOST_BYTES)
    for space in (opening,) if opening else (*link.spaces, REGION):
        filling = _Filling(most or _FIRST_BYTES)
        beyond = former[1] if space == former[0] else 0
        alone, limit = opening is not None, link.limits.ops
        together = grouped(unit, space, skip, beyond=beyond, opening=alone, most=limit)
        for some in together:
            ops, edits = _ops(unit, link, some, ids)
            if ops and not filling.add(ops, edits, link.limits.ops):
                break
            filling.place = some.place
            for stored in some.records:
                if name := titled(stored.envelope):
                    filling.names[stored.envelope.id] = name
        if filling.ops:
            asks = may_ask or not (filling.is_full and _is_bare(unit, link, space))
            asking = ahead_of is None and asks
            return _put(unit, link, ids, space, filling, asking=asking)
    return None


def open_again(unit: UnitOfWork, link: Link, ids: IdMaker, space: str) -> None:
    """Puts a space's commission in the outbox as a new one.

    The record stays as it is until it is accepted: the central may have the space, closed to us.
    """
    stored = unit.stored(space)
    assert stored is not None
    new = msgspec.structs.replace(stored.envelope, revision=0)
    filling = _Filling()
    told = ops_of(msgspec.structs.replace(stored, envelope=new, base=None), ids)
    filling.add(told, [stored.edits], 1)
    _put(unit, link, ids, space, filling, asking=False)


def _is_bare(unit: UnitOfWork, link: Link, space: str) -> bool:
    """Whether the central held no more of a space than its commission when it was last asked.

    Others have hardly changed anything there since. If they have, what we send without asking for
    changes comes back in full at the next pull, as no cursor passes it.
    """
    return space != REGION and cursors(unit, link).get(space, 0) <= 1


def _ops(unit: UnitOfWork, link: Link, some: Together, ids: IdMaker) -> tuple[list[Op], list[int]]:
    """The ops of records that go together, and how many edits each of them covers."""
    ops: list[Op] = []
    edits: list[int] = []
    still = [*some.still]
    for one in some.records:
        stored = one if one.base is None else _admitted(unit, link, one)
        told = ops_of(stored, ids, some.group, whole=link.role == "gip")
        if not told:
            sync_state.clear_edits(unit, [stored.envelope.id])
            still += [stored] if some.freezes else []
            continue
        if some.freezes and told[0].kind != "minutes" and not stored.envelope.deleted:
            told = [msgspec.structs.replace(op, fields=op.fields | _held(stored)) for op in told]
        if len(told) == 1:
            ops += told
            edits.append(stored.edits)
            continue
        where = len(ops) if told[0].group == some.group else 0  # a group's ops stand side by side
        ops[where:where] = told
        counted = telling(stored, told)
        edits[where:where] = [stored.edits if op is counted else 0 for op in told]
    for stored in still if ops else ():
        if not stored.envelope.deleted:
            ops.append(_as_it_is(stored, ids, some.group))
            edits.append(0)
    return ops, edits


def _admitted(unit: UnitOfWork, link: Link, stored: Stored) -> Stored:
    """An organisation with only the edits that the central accepts from us, if it bars others.

    The barred ones, made before the enrolment, are counted as one more edit: they are sent next, on
    their own, and refused.
    """
    record, base = stored.envelope, stored.base
    if link.role == "gip" or record.kind != "organisation" or base is None:
        return stored
    if record.deleted or stored.base_deleted:
        return stored
    changed = {name for name, value in record.fields.items() if value != base.get(name)}
    admitted = changed & FACILITATOR_FIELDS
    if admitted in (set(), changed):
        return stored
    sync_state.count_one_more(unit, record.id)
    fields = base | {name: record.fields[name] for name in admitted}
    return msgspec.structs.replace(stored, envelope=msgspec.structs.replace(record, fields=fields))


def _as_it_is(stored: Stored, ids: IdMaker, group: str | None) -> Op:
    """The op for a record without edits that a freeze takes along."""
    record = stored.envelope
    return Op(
        op_id=ids(),
        kind=record.kind,
        id=record.id,
        base_revision=record.revision,
        fields=_held(stored),
        group=group,
        schema=None if record.schema == SCHEMA else record.schema,
    )


def _held(stored: Stored) -> dict[str, Any]:
    """The fields that a freeze holds still."""
    fields = stored.envelope.fields
    held = held_fields(stored.envelope.kind, set(fields))
    return {name: value for name, value in fields.items() if name in held}


def _put(
    unit: UnitOfWork,
    link: Link,
    ids: IdMaker,
    space: str,
    filling: _Filling,
    *,
    asking: bool,
) -> Batch:
    """Writes a batch to the outbox; it may be sent once the unit of work is committed."""
    batch_id = ids()
    after = cursors(unit, link) if asking and not link.comparing else {}
    request = SyncRequest(
        epoch=link.epoch,
        schema=SCHEMA,
        batch_id=batch_id,
        space=space,
        ops=tuple(filling.ops),
        after=after,
    )
    ops = filling.listed()
    body = msgspec.json.encode(_Body(link.epoch, SCHEMA, batch_id, space, ops, after))
    coding = _CODING if len(body) >= WORTH_IT else ""
    sent = compress(body, coding) if coding else body
    edits = encode(filling.edits)
    unit.write(_PUT, batch_id=batch_id, space=space, body=sent, coding=coding, edits=edits)
    return Batch(
        batch_id=batch_id,
        space=space,
        body=sent,
        coding=coding,
        edits=filling.edits,
        request=request,
        place=filling.place,
        most=filling.most,
        is_full=filling.is_full,
        names=filling.names,
    )


def dissolve(unit: UnitOfWork, link: Link, ids: IdMaker, batch: Batch, parts: int) -> None:
    """Replaces a batch by `parts` others, under the link's epoch; its ops keep their op_id.

    Ops of one group stay in one batch, so that there may be more or fewer parts.

    While comparing, the ops are sent only to learn which ones the central remembers: they name a
    revision that no record has, so that the others come back stale. A revision of the former epoch
    could by chance stand for other words in the new one.

    Batches of a space that is not open to us ask for no changes: they could not ask for its own.
    """
    ops, asking = batch.request.ops, batch.space in _open_to_us(link)
    if link.comparing:
        ops = tuple(msgspec.structs.replace(op, base_revision=NO_REVISION) for op in ops)
    share, filling = -(-len(ops) // parts), _Filling()
    for some, edits in _by_group(ops, batch.edits):
        if not filling.add(some, edits, share):
            _put(unit, link, ids, batch.space, filling, asking=asking)
            filling = _Filling()
            filling.add(some, edits, share)
    _put(unit, link, ids, batch.space, filling, asking=asking)
    remove(unit, batch)


def _by_group(
    ops: Sequence[Op], edits: Sequence[int]
) -> Iterator[tuple[Sequence[Op], Sequence[int]]]:
    """The groups of ops that stand or fall together, in order, with their edits."""
    pairs = zip(ops, edits, strict=True)
    for _, some in groupby(pairs, key=lambda pair: pair[0].group or pair[0].op_id):
        together = list(some)
        yield [op for op, _ in together], [count for _, count in together]


def is_divisible(batch: Batch) -> bool:
    """Whether a batch can be split, without splitting a group."""
    return len(list(_by_group(batch.request.ops, batch.edits))) > 1


def let_go(unit: UnitOfWork, link: Link, ids: IdMaker, lost: Set[str]) -> None:
    """Remakes the batches that ask for changes of spaces no longer granted, so that none does.

    Batches of these spaces wait until they are granted again: their answer, should it have been
    lost, comes then.
    """
    for batch in list(all_waiting(unit)):
        if not lost.isdisjoint(batch.request.after):
            dissolve(unit, link, ids, batch, parts=1)


def holds_others(unit: UnitOfWork, link: Link, known: Set[str]) -> bool:
    """Whether any batch of the spaces open to us, besides those `known`, waits for its answer."""
    names = unit.rows(_NAMES, **listed(_open_to_us(link)))
    return any(name not in known for (name,) in names)


def remove(unit: UnitOfWork, batch: Batch) -> bool:
    """Takes a batch out of the outbox, as it was answered or never will be.

    False when it is not there: another program on this workspace has had its answer.
    """
    return unit.write(_REMOVE, name=batch.batch_id) > 0


def all_waiting(unit: UnitOfWork) -> Iterator[Batch]:
    """Every batch of the outbox, oldest first."""
    return map(_batch, unit.rows(_ALL))
