"""Freezes made here that the central does not know yet, or has lost: they hold their records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.frozen import held_fields
from app.domain.records import Envelope
from app.storage.meeting_ties import meeting_of
from app.storage.unit_of_work import UnitOfWork
from app.sync.frozen import minutes_of_the_central
from app.sync.groups import freezes_to_tell
from app.sync.link import Link
from app.sync.merge import DELETED, State


class Standing:
    """Finds the minutes frozen here that hold a record still, though the central does not know so.

    `forgotten` are the frozen minutes, by meeting, that a restored central has lost.
    """

    def __init__(self, unit: UnitOfWork, link: Link, forgotten: Mapping[str, str]) -> None:
        self.unit = unit
        self.link = link
        self.forgotten = forgotten
        self._settled = set[str]()  # the meetings of which the central has frozen minutes
        self._found: dict[str, str] | None = None

    @property
    def _minutes(self) -> dict[str, str]:
        if self._found is None:
            found = {**freezes_to_tell(self.unit, self.link.spaces), **self.forgotten}
            self._found = {one: found[one] for one in found.keys() - self._settled}
        return self._found

    def look_again(self) -> None:
        """Leaves out, from now on, the freezes that the central has meanwhile taken."""
        self._found = None

    def hear_of(self, records: Iterable[Envelope]) -> None:
        """Drops the freezes of meetings for which the central's records bring frozen minutes."""
        for one in records:
            if one.kind == "minutes" and one.fields.get("frozen_at"):
                meeting = meeting_of(self.unit, one) or ""
                self._settled.add(meeting)
                self._minutes.pop(meeting, None)

    def minutes_of(self, record: Envelope, here: Envelope | None) -> str | None:
        """The minutes frozen here that hold a record, unless the central has others of its meeting.

        `here` is the record as it is here, None for a new one: others may have moved `record` to
        another meeting, and both meetings count.
        """
        if not self._minutes:  # a short way out: this is asked of each of ten thousand records
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
    """The central's state, but with the base's values where minutes hold the field still.

    A record that stays deleted takes the fields that others gave it in bringing it back: should the
    central refuse the deletion, what lay under it here is nobody's change.
    """
    changed = {name for name in theirs.fields if theirs.fields[name] != base.fields.get(name)}
    if theirs.deleted != base.deleted:
        changed.add(DELETED)
    held = held_fields(theirs.kind, changed)
    if base.deleted and DELETED in held:
        return State(theirs.fields, deleted=True)
    fields = theirs.fields | {name: base.fields[name] for name in held & base.fields.keys()}
    return State(fields, base.deleted if DELETED in held else theirs.deleted)
