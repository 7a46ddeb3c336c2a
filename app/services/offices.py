"""What a commission and its seats were as minutes were frozen."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, NamedTuple

from app.domain.attendance import seconds
from app.domain.records import Commission, Record, RosterEntry
from app.domain.validation import typed
from app.services import history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.storage.unit_of_work import UnitOfWork

_FROZEN = (
    "SELECT json_extract(c.fields, '$.meeting_id'), r.id, json_extract(c.fields, '$.frozen_at')"
    " FROM record r JOIN content c ON c.n = r.n WHERE r.kind = 'minutes' AND r.deleted = 0"
    " AND json_extract(c.fields, '$.frozen_at') IS NOT NULL"
    " AND json_extract(c.fields, '$.addendum_to_id') IS NULL ORDER BY r.id DESC"
)
"""Of all frozen minutes, without their contents, each of which is a whole archive."""


class Freeze(NamedTuple):
    """The freeze of minutes: when, where in the history of this laptop, and in which operation, if
    any, be it an import.
    """

    minutes_id: str
    frozen_at: str
    point: str
    operation: int | None


def freezes(unit: UnitOfWork) -> Mapping[str, Freeze]:
    """The freeze of the minutes of each meeting that has one, by the meeting's id."""
    rows = unit.connection.exec_driver_sql(_FROZEN).all()
    points = history.freeze_points(unit, {minutes_id: at for _, minutes_id, at in rows})
    return {meeting_id: Freeze(one, at, *points[one]) for meeting_id, one, at in rows}


def freeze_of(unit: UnitOfWork, minutes_id: str, frozen_at: str) -> Freeze:
    """The freeze of these minutes."""
    points = history.freeze_points(unit, {minutes_id: frozen_at})
    return Freeze(minutes_id, frozen_at, *points[minutes_id])


class Offices:
    """A commission with its seats, those deleted too, to be seen as any freeze left them."""

    def __init__(self, unit: UnitOfWork, commission: Record[Commission]) -> None:
        self._commission = commission
        now = unit.envelope(commission.id)
        seats = unit.select("roster_entry", space=commission.id, deleted=True)
        self._past = history.Past(unit, [*([now] if now else []), *seats])

    def left_by(
        self, freeze: Freeze, named: Set[str]
    ) -> tuple[Record[Commission], tuple[Record[RosterEntry], ...]]:
        """The commission and its seats as a freeze left them; `named` holds the ids that the
        minutes name.

        A seat that came from elsewhere has no beginning in the history of this laptop, nor one of
        its own if an import brought it with the minutes: its id tells, unless the minutes name it.
        """
        commission, seats = self._commission, []
        for one in self._past.at(freeze.point):
            if one.kind == "commission":
                commission = typed(one)
                continue
            made_apart = self._past.made_in.get(one.id, freeze.operation) != freeze.operation
            sure = made_apart or one.id in named
            if not one.deleted and (sure or not _made_after(one.id, freeze)):
                seats.append(typed(one))
        return commission, tuple(seats)


def _made_after(record_id: str, freeze: Freeze) -> bool:
    """Whether a record was made after minutes, and after their freeze, which may have had a draft,
    by its UUIDv7 (RFC 9562 §5.7); not if one has another id.
    """
    if not record_id[14] == freeze.minutes_id[14] == "7" or record_id < freeze.minutes_id:
        return False
    milliseconds = int(record_id.replace("-", "")[:12], 16)
    return milliseconds // 1000 > seconds(freeze.frozen_at)  # told to the second
