"""What is kept of each accepted change, for the history and for ops that come again.

A large batch first writes its traces in one row, in a third of the time that a row each would
take. They are spread over rows of their own in a quiet moment, or before one of them is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, exists, select

from app.central.bulk import insert_many, listed, members, taken_as
from app.central.database import Database
from app.central.schema import bulk_revisions, revisions, spaces
from app.sqlite import Ready, at_most

MANY = 200
"""From this many traces on, a batch first writes them in one row."""


class Trace(msgspec.Struct, gc=False, array_like=True):
    """What is kept of one accepted change."""

    space: str
    seq: int
    id: str
    revision: int
    op_id: str
    device_id: str | None
    at: str
    deleted: bool
    changed: str
    sha256: str


def keep(connection: Connection, traces: Sequence[Trace]) -> None:
    """Writes the traces of changes of one space, in the order of seq."""
    if len(traces) < MANY:
        _insert(connection, traces)
    else:
        last = traces[-1]
        row = {"space": last.space, "seq": last.seq, "traces": msgspec.json.encode(traces)}
        connection.execute(_KEEP, row)


def remembered(
    connection: Connection, space: str, changes: Sequence[tuple[str, str]], *, in_bulk: bool = True
) -> dict[tuple[str, str], Trace]:
    """The traces of those changes, given as (id, op_id), that a space accepted before.

    The connection is in a write transaction. `in_bulk` is false when every trace is known to have
    a row of its own.
    """
    if not changes:
        return {}
    if in_bulk:
        _spread(connection, _of(space))
    ids, op_ids = zip(*changes, strict=True)
    wanted = {"space": space, "ids": listed(ids), "op_ids": listed(op_ids)}
    rows = _accepted(connection.dialect.name).rows(connection, wanted)
    return {(trace.id, trace.op_id): trace for trace in map(_trace_of, rows)}


def spread_one(database: Database) -> bool:
    """Gives the traces of one large batch a row each; gives whether there was one."""
    with database.reading() as connection:
        found = connection.execute(_ANY).first()
    if found is None:
        return False
    with database.writing() as connection:
        _spread(connection, {"of_space": found.space, "upto": found.seq})
    return True


def spread(database: Database, space: str) -> None:
    """Gives every trace of a space a row of its own, before they are read."""
    with database.reading() as connection:
        found = connection.execute(_ANY_OF, {"of_space": space}).first()
    if found is not None:
        with database.writing() as connection:
            _spread(connection, _of(space))


IN_BULK = exists().where(bulk_revisions.c.space == spaces.c.space)
"""Whether some traces of a space have no row of their own yet."""

_LAST = 2**63 - 1  # beyond every seq

_TRACE = select(*(revisions.c[name] for name in Trace.__struct_fields__))
_KEEP = bulk_revisions.insert()
_ANY = select(bulk_revisions.c.space, bulk_revisions.c.seq).limit(at_most(1))
_ANY_OF = _ANY.where(bulk_revisions.c.space == bindparam("of_space"))
_TAKE = (
    delete(bulk_revisions)
    .where(
        bulk_revisions.c.space == bindparam("of_space"), bulk_revisions.c.seq <= bindparam("upto")
    )
    .returning(bulk_revisions.c.traces)
)
_decode = msgspec.json.Decoder(list[Trace]).decode


def _of(space: str) -> dict[str, Any]:
    return {"of_space": space, "upto": _LAST}


def _spread(connection: Connection, of: dict[str, Any]) -> None:
    """Moves traces to rows of their own; a second caller waits, and finds nothing left to move."""
    for one in connection.execute(_TAKE, of).scalars().all():
        _insert(connection, _decode(one))


def _insert(connection: Connection, traces: Sequence[Trace]) -> None:
    truth, _ = taken_as(connection)
    rows = [
        (
            one.space, one.seq, one.id, one.revision, one.op_id, one.device_id, one.at,
            truth(one.deleted), one.changed, one.sha256,
        )
        for one in traces
    ]  # fmt: skip
    insert_many(connection, "revisions", Trace.__struct_fields__, rows)


def _trace_of(row: Sequence[Any]) -> Trace:
    trace = Trace(*row)
    trace.deleted = bool(trace.deleted)
    return trace


@cache
def _accepted(dialect: str) -> Ready:
    found = _TRACE.where(
        revisions.c.space == bindparam("space"),
        revisions.c.id.in_(members("ids", dialect)),
        revisions.c.op_id.in_(members("op_ids", dialect)),
    )
    return Ready(found)
