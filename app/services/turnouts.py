"""Who was there as each meeting opened, and whether that was enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import msgspec

from app.domain import quorum
from app.domain.attendance import Register
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Attendance, Commission, Meeting, Record, RosterEntry
from app.domain.validation import typed
from app.services.offices import Offices, freezes
from app.services.records import Records
from app.services.translation import translated


class Turnout(msgspec.Struct, frozen=True):
    """Seats present out of those in office as a meeting opened, and those filled `late`; `missed`
    is true where the quorum was not reached at the opening.

    A meeting reconvened late enough never misses it: the items that it takes over need no quorum.
    """

    present: int
    seats: int
    missed: bool
    late: int = 0


def turnouts(records: Records) -> Mapping[str, Turnout]:
    """The turnout of each meeting, of every commission, whose roll was called; by its id.

    One whose minutes are frozen is judged by the rules and the seats that the freeze left.
    """
    commissions: dict[str, Record[Commission]] = {one.id: one for one in records.list("commission")}
    rosters = defaultdict[str | None, list[Record[RosterEntry]]](list)
    for entry in records.list("roster_entry"):
        rosters[entry.commission_id].append(entry)
    sheets = defaultdict[str | None, list[Record[Attendance]]](list)
    for sheet in records.list("attendance"):
        if sheet.fields.roster_entry_id is not None:  # a guest has no seat
            sheets[sheet.fields.meeting_id].append(sheet)
    meetings: dict[str, Record[Meeting]] = {one.id: one for one in records.list("meeting")}
    found = {}
    with translated(records.workspace), records.workspace.reading() as unit:
        frozen = freezes(unit, map(typed, unit.select("minutes")))
        offices = cache(lambda commission_id: Offices(unit, commissions[commission_id]))
        for meeting in meetings.values():
            commission = commissions.get(meeting.commission_id or "")
            if not (commission and meeting.fields.opened_at and meeting.id in sheets):
                continue
            roster, taken = tuple(rosters[commission.id]), tuple(sheets[meeting.id])
            if meeting.id in frozen:
                commission, roster = offices(commission.id).left_by(frozen[meeting.id])
            failed = meetings.get(meeting.fields.reconvened_from_id or "")
            former = MeetingFile(commission, failed) if failed else None
            file = MeetingFile(
                commission, meeting, roster=roster, attendances=taken, reconvened_from=former
            )
            found[meeting.id] = _turnout(file)
    return found


def _turnout(file: MeetingFile) -> Turnout:
    meeting: Meeting = file.meeting.fields
    register = Register(file)
    room = register.room(meeting.opened_at)
    judged = quorum.judge(room, quorum.fraction_of(file.commission.fields.quorum_fraction))
    missed = not judged.reached and not MeetingState(file).is_late_enough
    late = len((register.came() & room.seats) - room.occupants.keys())
    return Turnout(judged.present, room.seat_count, missed, late)
