"""What a key pressed on a seat does: presence, arrival, departure, exclusion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from app.domain.attendance import Interest, by_person, joined, lines_of, seconds
from app.domain.meeting_state import MeetingState
from app.domain.records import Interval
from app.services.changes import Change
from ui.models.room import IN, SeatRow, seat_rows

if TYPE_CHECKING:
    from app.bootstrap import Services

Work = Callable[[], Any]


class Deeds:
    """Turns a deed into the call to the attendance sheet that does it; None for nothing to do.

    `item_id` is the item in hand, from which an exclusion excludes; `past` is whether the meeting
    is over, so that nobody arrives at the present hour.
    """

    def __init__(
        self, services: Services, state: MeetingState, item_id: str, *, past: bool = False
    ) -> None:
        self._services = services
        self._sheet = services.attendance
        self._state = state
        self._meeting_id = state.file.meeting.id
        self._item_id = item_id
        self._past = past

    def work(self, seat: SeatRow, deed: str) -> Work | None:
        if seat.guest:
            return self._guest(seat, deed)
        made: dict[str, Callable[[], Work | None]] = {
            "present": lambda: self._coming(seat, None),
            "alternate": lambda: self._alternate(seat),
            "leave": lambda: self._leaving(seat),
            "excused": lambda: self._marking(seat, "excused"),
            "absent": lambda: self._marking(seat, "absent"),
            "exclude": lambda: self._exclusion(seat),
        }
        return made[deed]()

    def _guest(self, seat: SeatRow, deed: str) -> Work | None:
        """What a deed does to a guest, whom an absence takes off the sheet."""
        if not seat.allows(deed):
            return None
        if deed == "leave":
            return self._leaving(seat)
        if deed == "present":
            return self._coming(seat, seat.person_id)
        sheets, person_id = self._state.file.attendances, seat.person_id
        lines = lines_of(sheets, None, person_id, None) if person_id else ()
        ids = [one.id for one in lines] or [seat.id]
        gone = [Change("attendance", {}, one, deleted=True) for one in ids]
        return lambda: self._services.records.put(gone, "Invité")

    def from_opening(self, seat: SeatRow) -> bool:
        """Whether a presence noted now counts from the opening, as the roll is being called.

        It is until every seat was called, or an item other than the opening has begun; and always
        before the opening, or once the meeting is over.
        """
        if self._past or self._state.file.meeting.fields.opened_at is None:
            return True
        begun = {item.fields.kind for item in self._state.file.items if item.fields.started_at}
        calling = any(row.is_waiting for row in seat_rows(self._state, None))
        return calling and begun <= {"opening"} and not seat.has_left

    def _coming(self, seat: SeatRow, person_id: str | None) -> Work | None:
        """Notes a presence from the opening during the roll call, an arrival afterwards."""
        taken_back = person_id is None and seat.by_alternate
        if seat.where == IN and not taken_back:
            return None
        if self.from_opening(seat):
            return lambda: self._sheet.mark(self._meeting_id, seat.entry_id, "present", person_id)
        return lambda: self._sheet.arrive(self._meeting_id, seat.entry_id, person_id=person_id)

    def _alternate(self, seat: SeatRow) -> Work | None:
        return self._coming(seat, seat.alternate_id) if seat.alternate_id else None

    def _leaving(self, seat: SeatRow) -> Work | None:
        if seat.where != IN:
            return None
        return lambda: self._sheet.leave(self._meeting_id, seat.entry_id, person_id=seat.person_id)

    def _marking(self, seat: SeatRow, status: Literal["excused", "absent"]) -> Work:
        """Marks the titular; if absent, the alternate who sat for them is not there either."""
        deputy_id = seat.deputy_id if status == "absent" else None
        return lambda: self._sheet.mark(self._meeting_id, seat.id, status, without=deputy_id)

    def _exclusion(self, seat: SeatRow) -> Work | None:
        """Excludes the person of a seat from the item in hand, or takes the exclusion back."""
        sheets = self._state.file.attendances
        lines = lines_of(sheets, seat.id, seat.person_id, seat.titular_id)
        if not lines or not self._item_id:
            return None
        apart = joined([one.fields for one in lines]).exclusions
        excluded = any(one.item_id == self._item_id for one in apart)
        interest: Interest | None = None if excluded else "personal"

        def exclude() -> object:
            """Finds the line by now: the one in sight may have been shown before it was stored."""
            noted = self._services.records.list("attendance", meeting_id=self._meeting_id)
            lines = lines_of(noted, seat.id, seat.person_id, seat.titular_id)
            return self._sheet.exclude(lines[0].id, self._item_id, interest) if lines else None

        return exclude


def stays_of(
    state: MeetingState, seat: SeatRow, person_id: str | None = None
) -> tuple[str | None, Sequence[Interval]]:
    """A person of a seat, by default who is in, or who left last, and their stays; empty if none is
    noted.

    On a seat that has no titular by now, whoever sat there counts, as when the room is shown.
    """
    sheets = [one.fields for one in state.file.attendances]
    lines = by_person(
        (one for one in sheets if one.roster_entry_id == seat.entry_id), seat.titular_id
    )
    found: dict[str | None, Sequence[Interval]] = {}
    for sitter_id, whole in ((one, joined(each)) for one, each in lines.items()):
        own = seat.titular_id is None or sitter_id in (seat.titular_id, seat.alternate_id)
        if own and whole.status == "present":
            found[sitter_id] = whole.intervals or (Interval(),)
    if seat.guest or person_id:
        asked = person_id or seat.person_id
        return asked, found.get(asked, ())
    if not found or (seat.where == IN and seat.person_id in found):
        return seat.person_id, found.get(seat.person_id, ())
    ends = {one: seconds(stays[-1].left) if stays[-1].left else inf for one, stays in found.items()}
    person_id = max(ends, key=ends.__getitem__)
    return person_id, found[person_id]
