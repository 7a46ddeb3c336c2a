"""Agenda numbers given twice, on two laptops: the item that the central took first keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from app.domain import agenda
from app.domain.records import SCHEMA, AgendaItem, Envelope, Record
from app.domain.validation import typed
from app.storage.meeting_ties import frozen_minutes
from app.storage.rows import encode
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync.client import Central
from app.sync.outcome import Outcome

_LAST = 2**60  # the place of an item that the central does not have yet
_KIND = "agenda_item"


def settle_numbers(workspace: Workspace, central: Central, outcome: Outcome, label: str) -> bool:
    """Gives another number to items whose number was taken; gives whether there were any.

    Looks at the meetings whose numbers this sync, or a former one that broke off, sent or received,
    and asks the central which item came first. An item of a newer schema is left to the newer
    program.
    """
    merged = (item_id for item_id, kind in outcome.merged.items() if kind == _KIND)
    item_ids = [*outcome.numbered.union(merged)]
    if not item_ids:
        return False
    with workspace.reading() as unit:
        meetings = list(_meetings(unit, item_ids))
        noted = ties.kept(unit, ties.NUMBERED) is not None
    changes: dict[str, str] = {}
    for envelopes in meetings:
        items = [typed(one) for one in envelopes]
        if not _clash(items):
            continue
        places = {item.id: _place(central, item) for item in items}
        settled = agenda.settle(sorted(items, key=lambda item: (places[item.id], item.id)))
        ours = {one.id for one in envelopes if one.schema <= SCHEMA}
        changes |= {one: number for one, number in settled.items() if one in ours}
    if changes or noted:
        with workspace.unit(label) as unit:
            for item_id, number in changes.items():
                _renumber(unit, outcome, item_id, number)
            ties.drop(unit, ties.NUMBERED)
            unit.commit()
    return bool(changes)


def _meetings(unit: UnitOfWork, item_ids: Sequence[str]) -> Iterable[Sequence[Envelope]]:
    """All items of each meeting that has one of these, but for meetings with frozen minutes, and
    those of a commission that is no longer synced.
    """
    found = unit.connection.exec_driver_sql(_NUMBERED, (encode(item_ids),)).all()
    link = ties.load(unit) if found else None
    for meeting_id, space in found:
        if link is None or space not in link.spaces or frozen_minutes(unit, meeting_id) is not None:
            continue
        yield list(unit.select(_KIND, pointing=("meeting_id", meeting_id)))


_NUMBERED = """
    SELECT DISTINCT fields ->> 'meeting_id', commission_id
    FROM record JOIN content ON content.n = record.n
    WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0
        AND fields ->> 'number' <> '' AND fields ->> 'meeting_id' <> ''
"""
"""The meetings of the agenda items listed, and their commissions, for those with a number."""


def _clash(items: list[Record[AgendaItem]]) -> bool:
    numbers = Counter(item.fields.number for item in items if item.fields.number)
    return any(count > 1 for count in numbers.values())


def _place(central: Central, item: Record[AgendaItem]) -> int:
    """The seq at which the central accepted the item's number."""
    if item.revision == 0:
        return _LAST
    revisions = central.revisions(item.id).revisions
    return next((one.seq for one in revisions if "number" in one.fields), revisions[-1].seq)


def _renumber(unit: UnitOfWork, outcome: Outcome, item_id: str, number: str) -> None:
    item = unit.get(item_id)
    if item is not None:
        outcome.renumbered[item_id] = (item.fields["number"], number)
        unit.save(msgspec.structs.replace(item, fields=item.fields | {"number": number}))
