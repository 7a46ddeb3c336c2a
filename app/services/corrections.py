"""What a watch note said when it was told, compared with what it says now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.domain.dates import local_day
from app.domain.records import Briefing, Record, WatchNote
from app.services.records import Records
from app.storage.rows import decoded_object

SUBSTANCE = ("level", "body", "todo", "applies_from", "deadline_on")
"""The fields on which those who were told act."""


def corrections(
    records: Records, notes: Sequence[Record[WatchNote]], briefings: Sequence[Record[Briefing]]
) -> Mapping[str, Sequence[str]]:
    """By the id of each briefing whose note has changed since, the fields that differ; never for a
    note that another replaces.

    A briefing made here told the note as it stood here. Of one made elsewhere only the day is
    known, and of a change made elsewhere only the day on which it arrived.
    """
    now = {one.id: one.fields for one in notes if one.fields.superseded_by_id is None}
    moves = defaultdict[str, list[Move]](list)
    with records.workspace.snapshot() as snapshot:
        written = dict(snapshot.rows(_WRITTEN, json.dumps([one.id for one in briefings])))
        told = {one.fields.watch_note_id for one in briefings}
        sought = json.dumps(list(now.keys() & told))
        for note_id, change, at, changes in snapshot.rows(_MOVES, sought):
            moves[note_id].append(Move(change, at, decoded_object(changes)))
    found = {}
    for briefing in briefings:
        note_id = briefing.fields.watch_note_id or ""
        former = _former(moves[note_id], written.get(briefing.id), briefing.fields.told_on)
        if fields := [one for one in former if former[one] != getattr(now[note_id], one)]:
            found[briefing.id] = fields
    return found


class Move(NamedTuple):
    """One change of a note: its number, its instant, and {field: [from, to]}."""

    change: int
    at: str
    changes: dict[str, list[Any]]


def _former(moves: Sequence[Move], written: int | None, told_on: str | None) -> dict[str, Any]:
    """The values at the briefing of the fields of substance that changed since; `written` is the
    briefing's change number, None when it came from elsewhere.
    """
    former: dict[str, Any] = {}
    for change, at, changes in moves:
        if change > written if written else told_on and local_day(at).isoformat() > told_on:
            former = {name: sides[0] for name, sides in changes.items()} | former
    return {name: former[name] for name in SUBSTANCE if name in former}


_WRITTEN = (
    "SELECT record_id, change FROM history"
    " WHERE record_id IN (SELECT value FROM json_each(?)) AND created = 1"
)
_MOVES = (
    "SELECT record_id, change, at, changes FROM history"
    " WHERE record_id IN (SELECT value FROM json_each(?)) AND created = 0 ORDER BY change"
)
