"""Commissions made at the central, for facilitators to adopt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from app.central.accounts import note
from app.central.held import Held, Trace, save
from app.central.schema import spaces
from app.clock import new_id, stamp
from app.domain.canonical import canonical
from app.domain.records import SCHEMA
from app.domain.refusals import Refusal
from app.domain.validation import complete
from app.errors import UserError


def add(connection: Connection, now: datetime, name: str, departments: Sequence[str]) -> str:
    """A new commission's id, which is its space's; UserError when its fields are refused."""
    try:
        fields = complete("commission", {"name": name, "departments": list(departments)})
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
    save(connection, [record], [trace])
    note(connection, now, "commission-added", space=space)
    return space
