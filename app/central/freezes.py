"""Frozen minutes at the central: the first freeze always stands, and what it holds is locked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from app.central.held import Held
from app.central.schema import frozen_meetings, spaces
from app.domain.frozen import held_fields
from app.domain.validation import is_id
from app.sync.protocol import Op

Find = Callable[[str], Held | None]
"""Gives a record by its id, as the changes accepted before left it."""


FROZEN_IN = exists().where(frozen_meetings.c.space == spaces.c.space)
"""Whether any meeting of a space is frozen."""

_FROZEN = select(frozen_meetings.c.meeting_id, frozen_meetings.c.minutes_id).where(
    frozen_meetings.c.space == bindparam("of_space")
)


class Freezes:
    """The meetings of one space whose minutes are frozen, and by which minutes.

    They are read only if the space `has_any`.
    """

    def __init__(self, connection: Connection, space: str, *, has_any: bool) -> None:
        self._space = space
        self._minutes: dict[str, str] = {}
        if has_any:
            found = connection.execute(_FROZEN, {"of_space": space})
            self._minutes.update(map(tuple, found))
        self._new: list[dict[str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._minutes)

    def minutes_of(self, meeting_id: str | None) -> str | None:
        """The id of the minutes that froze a meeting."""
        return self._minutes.get(meeting_id) if meeting_id else None

    def add(self, meeting_id: str, minutes_id: str) -> None:
        """Counts a meeting as frozen from here on."""
        self._minutes[meeting_id] = minutes_id
        row = {"space": self._space, "meeting_id": meeting_id, "minutes_id": minutes_id}
        self._new.append(row)

    def save(self, connection: Connection) -> None:
        """Writes the freezes added."""
        if self._new:
            connection.execute(frozen_meetings.insert(), self._new)

    def meeting_frozen_by(self, op: Op, before: Held | None) -> str | None:
        """The meeting whose minutes this op freezes, the first time or again; else None."""
        if op.kind != "minutes" or not op.fields.get("frozen_at"):
            return None
        former = before.values() if before else {}
        fields = {**former, **op.fields}
        if fields.get("addendum_to_id") or former.get("frozen_at"):
            return None
        return _id_in(fields, "meeting_id")

    def forbids(
        self,
        before: Held | None,
        after: Held,
        changed: Collection[str],
        find: Find,
    ) -> bool:
        """Whether a change touches what frozen minutes hold.

        They hold no deleted record: one brought back is judged as a new one. The meeting itself
        may always be brought back, for its minutes stand.
        """
        if not self._minutes:
            return False
        if after.kind == "minutes" and not (before and before.values().get("frozen_at")):
            return False
        if before is not None and before.deleted:
            if after.kind == "meeting":
                return False
            before = None
        if not held_fields(after.kind, set(changed)):
            return False
        states = [after] if before is None else [before, after]
        return any(meeting_of(one, find) in self._minutes for one in states)


def owners(ops: Iterable[Op], held: Iterable[Held]) -> set[str]:
    """The ids of the agenda items and minutes through which records belong to a meeting."""
    read = (*(op.fields for op in ops), *(one.values() for one in held))
    named = {_id_in(fields, name) for fields in read for name in _OWNERS}
    return {one for one in named if one is not None}


def meeting_of(record: Held, find: Find) -> str | None:
    """The meeting that a record belongs to, directly or through its owner."""
    if record.kind == "meeting":
        return record.id
    fields = record.values()
    for name in _OWNERS:
        owner = _id_in(fields, name)
        found = None if owner is None else find(owner)
        if found is not None:
            return _id_in(found.values(), "meeting_id")
    return _id_in(fields, "meeting_id") or _id_in(fields, "raised_at_meeting_id")


_OWNERS = ("agenda_item_id", "addendum_to_id")


def _id_in(fields: dict[str, Any], name: str) -> str | None:
    """The id in a field; a newer schema may keep something else there."""
    value = fields.get(name)
    return value if isinstance(value, str) and is_id(value) else None
