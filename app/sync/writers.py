"""Who wrote each side of a conflict, and when: for people to read, never compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from sqlalchemy import select

from app.domain.records import KINDS, Envelope
from app.errors import SyncError
from app.storage import sync_state
from app.storage.rows import Stored, decoded_object
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync.client import Central
from app.sync.merge import DELETED, State, merge
from app.sync.owners import to_ask_about
from app.sync.protocol import Revision, SyncResponse
from app.sync.sides import base_of, known_form

Writers = dict[tuple[str, str], tuple[str, str]]
"""(author, instant) of the central's version, by record id and unit."""

_MOST = 50  # records asked about for one answer of the central


def last_writer(unit: UnitOfWork, record: Envelope, name: str) -> tuple[str, str]:
    """Who last changed a unit of a record on this laptop, and when; empty when nobody is known."""
    names = _names(record.kind, name)
    query = (
        select(history.c.author, history.c.at, history.c.changes)
        .where(history.c.record_id == record.id, history.c.device != "")
        .order_by(history.c.change.desc())
    )
    for row in unit.connection.execute(query):
        if names.intersection(decoded_object(row.changes)) or name == DELETED:
            return row.author, row.at
    return "", ""


def writers_of(workspace: Workspace, central: Central, response: SyncResponse) -> Writers:
    """Asks the central who wrote what an answer brings that meets edits made here.

    Where the central cannot say, the conflict names nobody: it is made all the same.
    """
    theirs = [result.record for result in response.results if result.status == "stale"]
    coming = [record for page in response.changes.values() for record in page.records]
    incoming = {record.id: record for record in (*theirs, *coming) if record is not None}
    if not incoming:
        return {}
    with workspace.reading() as unit:
        met = list(_meetings(unit, incoming))
        others = to_ask_about(unit, incoming.values())
    return _asked(central, chain(_clashing(met), ((one, "", [DELETED]) for one in others)))


def _asked(central: Central, wanted: Iterable[tuple[str, str, list[str]]]) -> Writers:
    """The last authors of some units of records; `wanted` are (id, kind, units)."""
    found: Writers = {}
    for record_id, kind, units in islice(wanted, _MOST):
        try:
            revisions = central.revisions(record_id).revisions
        except SyncError:
            break
        for unit in units:
            writer = _writer(revisions, kind, unit)
            if writer is not None:
                found[record_id, unit] = (writer.author, writer.at)
    return found


def _meetings(
    unit: UnitOfWork, incoming: Mapping[str, Envelope]
) -> Iterator[tuple[Stored, Envelope]]:
    """The records edited here that meet one of the central, with that one."""
    edited = sync_state.edited_among(unit, incoming) if sync_state.count_all_edited(unit) else []
    for stored in edited:
        theirs = known_form(incoming[stored.envelope.id])
        if stored.envelope.revision < theirs.revision:
            yield stored, theirs


def _clashing(met: Iterable[tuple[Stored, Envelope]]) -> Iterator[tuple[str, str, list[str]]]:
    """(id, kind, units) of the records that clash."""
    for stored, theirs in met:
        mine = State(stored.envelope.fields, stored.envelope.deleted)
        held = State(theirs.fields, theirs.deleted)
        clashes = merge(theirs.kind, base_of(stored), mine, held).clashes
        if clashes and theirs.kind != "conflict":
            yield theirs.id, theirs.kind, [clash.unit for clash in clashes]


def _writer(revisions: Iterable[Revision], kind: str, unit: str) -> Revision | None:
    names = _names(kind, unit)
    return next((r for r in revisions if names.intersection(r.fields) or unit == DELETED), None)


def _names(kind: str, unit: str) -> set[str]:
    definition = KINDS.get(kind)
    return set(definition.units.get(unit, (unit,))) if definition else {unit}
