"""The epochs that the central's history went through, each with where it began in every space.

A restore begins an epoch. From the list of epochs a laptop finds where the history that it knows
and the central's parted.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update

from app.central.schema import meta, spaces
from app.sync.protocol import Epoch

EPOCH = select(meta.c.value).where(meta.c.name == "epoch")
_LINEAGE = select(meta.c.value).where(meta.c.name == "lineage")


def new_epoch() -> str:
    """A random name for the central's history: it changes when a backup is restored."""
    return secrets.token_hex(16)


def epoch_of(connection: Connection) -> str:
    """The central's present epoch."""
    return str(connection.execute(EPOCH).scalar_one())


_REACHED = select(spaces.c.space, spaces.c.seq, EPOCH.scalar_subquery().label("epoch"))
_REACHED_BY = _REACHED.where(spaces.c.space.in_(bindparam("named", expanding=True)))


def reached(
    connection: Connection, named: Collection[str] | None = None
) -> tuple[str, dict[str, int]]:
    """The present epoch, and the seq that each space, or each of those named, has reached in it.

    Both are of one state, even when a copy is restored meanwhile.
    """
    if named is None:
        rows = connection.execute(_REACHED).all()
    else:
        rows = connection.execute(_REACHED_BY, {"named": list(named)}).all()
    epoch = rows[0].epoch if rows else epoch_of(connection)
    return epoch, {row.space: row.seq for row in rows}


def lineage_of(connection: Connection, readable: Collection[str]) -> tuple[Epoch, ...]:
    """The epochs up to the present one, oldest first, with their beginnings in readable spaces."""
    return tuple(
        Epoch(epoch=one.epoch, after={s: seq for s, seq in one.after.items() if s in readable})
        for one in _lineage(connection)
    )


def begin_epoch(connection: Connection) -> str:
    """Begins a new epoch where the history now stands; gives its name."""
    _, seqs = reached(connection)
    begun = Epoch(epoch=new_epoch(), after=seqs)
    known = msgspec.json.encode([*_lineage(connection), begun]).decode()
    connection.execute(update(meta).where(meta.c.name == "epoch").values(value=begun.epoch))
    connection.execute(delete(meta).where(meta.c.name == "lineage"))
    connection.execute(meta.insert(), {"name": "lineage", "value": known})
    return begun.epoch


def _lineage(connection: Connection) -> tuple[Epoch, ...]:
    known = connection.execute(_LINEAGE).scalar()
    if known is None:
        return (Epoch(epoch=epoch_of(connection)),)
    return msgspec.json.decode(known, type=tuple[Epoch, ...])
