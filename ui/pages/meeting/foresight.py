"""The meeting as it will be once a deed is stored, so that the room answers the key at once.

What the store then gives replaces it, whether the deed was stored or refused.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from app.domain.attendance import joined, lines_of
from app.domain.meeting_state import MeetingState
from app.domain.records import Attendance, Interval, Record
from ui.models.room import SeatRow

COMING = ("present", "alternate")


def foreseen(
    state: MeetingState, seat: SeatRow, deed: str, at: str, arrived: str | None
) -> MeetingState | None:
    """The state after a presence, an absence or a departure at an instant; None for other deeds.

    `arrived` is the instant of an arrival, None for a presence from the opening on.
    """
    person_id = {"alternate": seat.alternate_id, "leave": seat.person_id}.get(deed, seat.titular_id)
    lines = lines_of(state.file.attendances, seat.id, person_id, seat.titular_id)
    sheet = joined([one.fields for one in lines]) if lines else None
    if deed not in (*COMING, "excused", "absent", "leave") or seat.guest:
        return None
    fields = _fields(sheet, deed, at, arrived)
    if fields is None:
        return None
    whole = msgspec.structs.replace(
        fields, roster_entry_id=seat.id, person_id=person_id, meeting_id=state.file.meeting.id
    )
    made = Record(id=lines[0].id if lines else f"foreseen {seat.id}", fields=whole)
    if deed == "absent" and seat.deputy_id:
        lines += lines_of(state.file.attendances, seat.id, seat.deputy_id, seat.titular_id)
    others = tuple(one for one in state.file.attendances if one not in lines)
    return MeetingState(replace(state.file, attendances=(*others, made)))


def _fields(sheet: Attendance | None, deed: str, at: str, arrived: str | None) -> Attendance | None:
    former = sheet or Attendance()
    if deed == "excused":
        return msgspec.structs.replace(former, status="excused", intervals=())
    if deed == "absent":
        return msgspec.structs.replace(former, status="absent", intervals=())
    intervals = former.intervals if sheet and former.status == "present" else ()
    if deed == "leave":
        if sheet is None:
            return None
        open_ = intervals[-1] if intervals else Interval()
        return msgspec.structs.replace(
            former, intervals=(*intervals[:-1], Interval(arrived=open_.arrived, left=at))
        )
    if arrived is not None:
        intervals = (*intervals, Interval(arrived=arrived))
    return msgspec.structs.replace(former, status="present", intervals=intervals)
