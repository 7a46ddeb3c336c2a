"""Who wrote each side of a conflict, and when: for people to read, never compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple

from sqlalchemy import select

from app.domain.frozen import is_wholly_held
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
from app.sync.protocol import NO_REVISION, Result, Revision, SyncResponse
from app.sync.sides import base_of, known_form

Writers = dict[tuple[str, str], tuple[str, str]]
"""(author, instant) of the central's version, by record id and unit."""

_MOST = 50  # the most records to ask the central about, for one of its answers


class _Wanted(NamedTuple):
    """A record, and the units whose last authors are wanted, up to a revision."""

    record_id: str
    kind: str
    units: list[str]
    upto: int = NO_REVISION


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
    """Asks the central who wrote the changes of an answer that clash with edits made here.

    Where the central cannot say, the conflict is made all the same, and names nobody.
    """
    theirs = [result.record for result in response.results if _may_clash(result)]
    coming = [record for page in response.changes.values() for record in page.records]
    incoming = {record.id: record for record in (*theirs, *coming) if record is not None}
    if not incoming:
        return {}
    with workspace.reading() as unit:
        met = list(_meetings(unit, incoming))
        others = to_ask_about(unit, incoming.values())
    deleted = (_Wanted(one, "", [DELETED]) for one in others)
    return _asked(central, chain(_clashing(met), deleted))


def _may_clash(result: Result) -> bool:
    """Whether a result brings another's record: newer than ours, or replaced by our freeze."""
    if result.status == "accepted" and result.record is not None:
        return not is_wholly_held(result.record.kind)
    return result.status == "stale"


def _asked(central: Central, wanted: Iterable[_Wanted]) -> Writers:
    """The last authors of the units wanted, as far as the central answers."""
    found: Writers = {}
    for one in islice(wanted, _MOST):
        try:
            revisions = central.revisions(one.record_id).revisions
        except SyncError:
            break
        before = [revision for revision in revisions if revision.revision <= one.upto]
        for unit in one.units:
            writer = _writer(before, one.kind, unit)
            if writer is not None:
                found[one.record_id, unit] = (writer.author, writer.at)
    return found


def _meetings(
    unit: UnitOfWork, incoming: Mapping[str, Envelope]
) -> Iterator[tuple[Stored, Envelope]]:
    """The records edited here of which the central brings a later revision, with that revision."""
    edited = sync_state.edited_among(unit, incoming) if sync_state.count_all_edited(unit) else []
    for stored in edited:
        theirs = known_form(incoming[stored.envelope.id], stored)
        if stored.envelope.revision < theirs.revision:
            yield stored, theirs


def _clashing(met: Iterable[tuple[Stored, Envelope]]) -> Iterator[_Wanted]:
    """The records that clash, each with its clashing units and the central's revision."""
    for stored, theirs in met:
        mine = State(stored.envelope.fields, stored.envelope.deleted)
        held = State(theirs.fields, theirs.deleted)
        clashes = merge(theirs.kind, base_of(stored), mine, held).clashes
        if clashes and theirs.kind != "conflict":
            units = [clash.unit for clash in clashes]
            yield _Wanted(theirs.id, theirs.kind, units, theirs.revision)


def _writer(revisions: Iterable[Revision], kind: str, unit: str) -> Revision | None:
    names = _names(kind, unit)
    return next((r for r in revisions if names.intersection(r.fields) or unit == DELETED), None)


def _names(kind: str, unit: str) -> set[str]:
    definition = KINDS.get(kind)
    return set(definition.units.get(unit, (unit,))) if definition else {unit}
