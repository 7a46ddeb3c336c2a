"""What a commission and its seats were as minutes were frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.attendance import seconds
from app.domain.meeting_file import frozen
from app.domain.minutes_content import as_held, held_in
from app.domain.records import Commission, Minutes, Record, RosterEntry
from app.domain.validation import typed
from app.services import history

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork


class Freeze(NamedTuple):
    """The freeze of minutes: when, where in the history of this laptop, and in which operation, if
    any, be it an import, but no sync; and the fields of the seats that they hold, by id.
    """

    minutes_id: str
    frozen_at: str
    point: str
    operation: int | None
    seats: Mapping[str, Any]


def freezes(unit: UnitOfWork, minutes: Iterable[Record[Minutes]]) -> Mapping[str, Freeze]:
    """The freeze of the first frozen of these minutes of each meeting, by the meeting's id.

    Their contents, each of which is a whole archive, are not kept.
    """
    found: dict[str, tuple[str, str, Mapping[str, Any]]] = {}
    for one in filter(None, (frozen([one]) for one in minutes)):
        seats = _seats(one.fields)
        found.setdefault(one.fields.meeting_id or "", (one.id, one.fields.frozen_at or "", seats))
    points = history.freeze_points(unit, {one: at for one, at, _ in found.values()})
    return {
        meeting_id: Freeze(one, at, *points[one], seats)
        for meeting_id, (one, at, seats) in found.items()
    }


def _seats(minutes: Minutes) -> dict[str, Any]:
    held = held_in(minutes.content)
    return {one["id"]: one.get("fields") for one in held if one.get("kind") == "roster_entry"}


class Offices:
    """A commission with its seats, those deleted too, to be seen as any freeze left them."""

    def __init__(self, unit: UnitOfWork, commission: Record[Commission]) -> None:
        self._commission = commission
        now = unit.envelope(commission.id)
        seats = unit.select("roster_entry", space=commission.id, deleted=True)
        self._past = history.Past(unit, [*([now] if now else []), *seats])

    def left_by(self, freeze: Freeze) -> tuple[Record[Commission], tuple[Record[RosterEntry], ...]]:
        """The commission and its seats as a freeze left them, those that the minutes hold as they
        hold them.

        A seat that came from elsewhere has no beginning in the history of this laptop, nor one of
        its own if an import brought it with the minutes, nor one to be compared with a freeze that
        a sync brought: its id tells, unless the minutes hold it.
        """
        commission, seats = self._commission, []
        for one in self._past.at(freeze.point):
            if one.kind == "commission":
                commission = typed(one)
                continue
            made_in = self._past.made_in.get(one.id)
            made_apart = None not in (made_in, freeze.operation) and made_in != freeze.operation
            sure = made_apart or one.id in freeze.seats
            if not one.deleted and (sure or not _made_after(one.id, freeze)):
                seats.append(as_held(typed(one), freeze.seats))
        return commission, tuple(seats)


def _made_after(record_id: str, freeze: Freeze) -> bool:
    """Whether a record was made after minutes, and after their freeze, which may have had a draft,
    by its UUIDv7 (RFC 9562 §5.7); not if one has another id.
    """
    if not record_id[14] == freeze.minutes_id[14] == "7" or record_id < freeze.minutes_id:
        return False
    milliseconds = int(record_id.replace("-", "")[:12], 16)
    return milliseconds // 1000 > seconds(freeze.frozen_at)  # told to the second
