"""Commissions made at the central, for facilitators to adopt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from app.central import traces
from app.central.accounts import check_line, note
from app.central.held import Held, load, read_known, save
from app.central.schema import records, spaces
from app.central.traces import Trace
from app.clock import new_id, stamp
from app.domain.canonical import canonical
from app.domain.records import SCHEMA
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.validation import complete
from app.errors import UserError


@dataclass(frozen=True)
class Kept:
    """A commission as `central commission list` shows it; `records` counts those not deleted."""

    id: str
    name: str
    departments: tuple[str, ...]
    records: int
    deleted: bool


def list_all(connection: Connection) -> list[Kept]:
    """Every commission of the central, by name."""
    live = select(records.c.space, func.count()).where(records.c.deleted.is_(False))
    counts = dict(map(tuple, connection.execute(live.group_by(records.c.space))))
    own = load(connection, connection.execute(select(spaces.c.space)).scalars())
    found = []
    for one in own.values():
        said = read_known(one, _Said)
        kept = Kept(one.id, said.name, said.departments, counts.get(one.id, 0), one.deleted)
        found.append(kept)
    return sorted(found, key=lambda one: (fold(one.name), one.id))


class _Said(msgspec.Struct):
    """The fields that a list shows of a commission; a newer schema may have changed their types."""

    name: str = ""
    departments: tuple[str, ...] = ()


def add(connection: Connection, now: datetime, name: str, departments: Sequence[str]) -> str:
    """A new commission's id, which is its space's; UserError when its fields are refused."""
    try:
        fields = complete("commission", {"name": name, "departments": list(departments)})
        check_line(name)
    except Refusal as refusal:
        raise UserError(f"La commission ne peut être ajoutée : {refusal.sentence}") from refusal
    if not name.strip():
        raise UserError("La commission ne peut être ajoutée sans nom : donnez-le par --name.")
    space = new_id()
    record = Held(
        space=space,
        id=space,
        kind="commission",
        schema=SCHEMA,
        revision=1,
        seq=1,
        deleted=False,
        fields=canonical(fields),
    )
    trace = Trace(
        space=space,
        seq=1,
        id=space,
        revision=1,
        op_id=new_id(),
        device_id=None,
        at=stamp(now),
        deleted=False,
        changed='["name","departments"]',
        sha256=record.digest(),
    )
    connection.execute(spaces.insert(), {"space": space, "seq": 1})
    save(connection, [record])
    traces.keep(connection, [trace])
    note(connection, now, "commission-added", space=space)
    return space
