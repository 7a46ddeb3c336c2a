"""Freezes made here that the central has yet to hear of, or forgot: what they hold still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from app.domain.frozen import held_fields
from app.domain.records import Envelope
from app.storage.meeting_ties import meeting_of
from app.storage.unit_of_work import UnitOfWork
from app.sync.frozen import minutes_of_the_central
from app.sync.groups import freezes_to_tell
from app.sync.link import Link
from app.sync.merge import DELETED, State


class Standing:
    """Finds the minutes that hold a record still, though the central knows nothing of it.

    `forgotten` are the minutes, by meeting, that a restored central has no longer.
    """

    def __init__(self, unit: UnitOfWork, link: Link, forgotten: Mapping[str, str]) -> None:
        self.unit = unit
        self.link = link
        self.forgotten = forgotten

    @cached_property
    def _minutes(self) -> dict[str, str]:
        return {**freezes_to_tell(self.unit, self.link.spaces), **self.forgotten}

    def hear_of(self, records: Iterable[Envelope]) -> None:
        """Leaves aside the meetings that minutes of the central, among these records, froze."""
        for one in records:
            if one.kind == "minutes" and one.fields.get("frozen_at"):
                self._minutes.pop(meeting_of(self.unit, one) or "", None)

    def minutes_of(self, record: Envelope, here: Envelope | None) -> str | None:
        """The minutes that froze the meeting of a record here, unless others' came before.

        It may be another meeting than the one that others moved the record to: `here` is the record
        as it stands, None for a new one.
        """
        if not self._minutes:  # of ten thousand records it is asked one by one
            return None
        states = [record]
        if here is not None and not here.deleted and held_fields(record.kind, set(record.fields)):
            states.append(here)
        found = (self._minutes.get(meeting_of(self.unit, one) or "") for one in states)
        minutes_id = next(filter(None, found), None)
        if minutes_id in (None, record.id):
            return None
        others = (minutes_of_the_central(self.unit, one) for one in states)
        stands = all(one is None or one.id in self._minutes.values() for one in others)
        return minutes_id if stands else None


def what_counts(base: State, theirs: Envelope) -> State:
    """A state of the central but for what minutes hold still, which is as in the base."""
    changed = {name for name in theirs.fields if theirs.fields[name] != base.fields.get(name)}
    if theirs.deleted != base.deleted:
        changed.add(DELETED)
    held = held_fields(theirs.kind, changed)
    fields = theirs.fields | {name: base.fields[name] for name in held & base.fields.keys()}
    return State(fields, base.deleted if DELETED in held else theirs.deleted)
