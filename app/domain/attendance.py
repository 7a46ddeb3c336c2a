"""Who is in the room at an instant: seats in office, titulars and alternates, exclusions."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from math import inf
from typing import Literal, NamedTuple

import msgspec

from app.domain import dates
from app.domain.meeting_file import MeetingFile
from app.domain.records import (
    Attendance,
    Exclusion,
    Interval,
    Meeting,
    Record,
    RosterEntry,
)

Interest = Literal["personal", "designated"]


class Span(NamedTuple):
    """A presence [start, end), in seconds since the epoch."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sitter:
    """What all the attendance records of one person for a seat say together."""

    person_id: str | None
    is_alternate: bool
    spans: tuple[Span, ...]
    exclusions: dict[str, Interest]

    def is_in(self, at: float) -> bool:
        return any(start <= at < end for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Seat:
    """An entry of the roster, with those on the sheet: the titular first."""

    entry: Record[RosterEntry]
    sitters: tuple[Sitter, ...]

    def occupant(self, at: float) -> Sitter | None:
        """The titular who is in; the alternate counts only while the titular is out."""
        return next((sitter for sitter in self.sitters if sitter.is_in(at)), None)

    def interest(self, occupant: Sitter | None, item_id: str) -> Interest | None:
        """The interest that excludes the seat from an item: its occupant's or, when nobody sits
        there, that of any of its sitters.
        """
        sitters = (occupant,) if occupant else self.sitters
        return _strongest([sitter.exclusions.get(item_id) for sitter in sitters])


@dataclass(frozen=True)
class Room:
    """The room at an instant, for an item.

    `seats` are the entries in office, `occupants` says who sits on which entry, `excluded` which
    entries take no part in the item.
    """

    seats: frozenset[str]
    occupants: dict[str, Sitter]
    excluded: dict[str, Interest] = field(default_factory=dict)

    @cached_property
    def present(self) -> frozenset[str]:
        """The entries that count as present: occupied, and not excluded."""
        return frozenset(self.occupants.keys() - self.excluded.keys())

    @cached_property
    def seat_count(self) -> int:
        """N: the seats in office, without those that a designated interest takes out."""
        return len(self.seats) - sum(kind == "designated" for kind in self.excluded.values())

    def seat_of(self, person_id: str | None) -> str | None:
        """The entry through which a person takes part, as titular rather than as alternate."""
        held = [
            (sitter.is_alternate, entry_id)
            for entry_id, sitter in self.occupants.items()
            if person_id and sitter.person_id == person_id and entry_id in self.present
        ]
        return min(held)[1] if held else None


def opening(meeting: Meeting) -> str | None:
    """The instant of the opening, else the planned one."""
    return meeting.opened_at or meeting.starts_at


def meeting_day(meeting: Meeting) -> date | None:
    """The local day of the meeting."""
    at = opening(meeting)
    return dates.local_day(at) if at else None


def in_office(entry: RosterEntry, day: date) -> bool:
    """Whether an entry is a seat on a local day: voting, and in its term."""
    return entry.voting and is_current(entry, day)


def is_current(entry: RosterEntry, day: date) -> bool:
    """Whether a local day is within the term of an entry: from ≤ day < until."""
    started = entry.from_ is None or dates.day(entry.from_) <= day
    return started and (entry.until is None or day < dates.day(entry.until))


def is_stranger(person_id: str | None, entry: RosterEntry) -> bool:
    """Whether a person is neither the titular nor the alternate of a seat that has a titular."""
    return (
        person_id is not None
        and entry.titular_person_id is not None
        and person_id not in (entry.titular_person_id, entry.alternate_person_id)
    )


def is_alternate(person_id: str | None, entry: RosterEntry) -> bool:
    """Whether a person is the alternate of a seat, and not its titular too."""
    return (
        person_id is not None
        and person_id == entry.alternate_person_id
        and person_id != entry.titular_person_id
    )


def tells_of_seat(line: Attendance, entry: RosterEntry) -> bool:
    """Whether a line says how its seat stands: an alternate who is away says nothing of the
    titular.
    """
    return line.status == "present" or not is_alternate(line.person_id, entry)


def told_seats(
    sheet: Iterable[Record[Attendance]], roster: Iterable[Record[RosterEntry]]
) -> set[str | None]:
    """The ids of the entries of which the sheet says how they stand."""
    entries = {one.id: one.fields for one in roster}
    return {
        line.roster_entry_id
        for line in (one.fields for one in sheet)
        if (entry := entries.get(line.roster_entry_id or "")) and tells_of_seat(line, entry)
    }


def lines_of(
    sheets: Iterable[Record[Attendance]],
    entry_id: str | None,
    person_id: str | None,
    titular_id: str | None,
) -> list[Record[Attendance]]:
    """The lines of the sheet about one person for a seat, a presence first.

    A line without a name is about the titular. There are several lines when two laptops each noted
    the person before they synchronised.
    """
    found = [
        one
        for one in sheets
        if one.fields.roster_entry_id == entry_id
        and (one.fields.person_id or titular_id) == (person_id or titular_id)
    ]
    return sorted(found, key=lambda one: one.fields.status != "present")


def by_person(
    sheets: Iterable[Attendance], titular_id: str | None = None
) -> dict[str | None, list[Attendance]]:
    """The lines of each person; a line without a name is the titular's."""
    found: dict[str | None, list[Attendance]] = {}
    for sheet in sheets:
        found.setdefault(sheet.person_id or titular_id, []).append(sheet)
    return found


def joined(lines: Sequence[Attendance]) -> Attendance:
    """The lines of one person as one: present if any says so, with every stay and exclusion."""
    first, *others = sorted(lines, key=lambda one: one.status != "present")
    there = [one for one in (first, *others) if one.status == "present"]
    stays = _together(stay for one in there for stay in one.intervals or (Interval(),))
    apart = _exclusions(lines).items()
    return msgspec.structs.replace(
        first,
        intervals=() if stays == [Interval()] else tuple(stays),
        exclusions=tuple(Exclusion(item_id=item, interest=interest) for item, interest in apart),
    )


def _together(stays: Iterable[Interval]) -> list[Interval]:
    """Stays in their order, those that overlap or touch being one."""
    found: list[Interval] = []
    for stay in sorted(stays, key=lambda one: seconds(one.arrived) if one.arrived else -inf):
        last = found[-1] if found else None
        if last is None or (
            last.left and stay.arrived and seconds(last.left) < seconds(stay.arrived)
        ):
            found.append(stay)
            continue
        ends = [one.left for one in (last, stay) if one.left]
        left = max(ends, key=seconds) if len(ends) == 2 else None
        found[-1] = Interval(arrived=last.arrived, left=left)
    return found


def without(stays: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """What is left of stays outside of others."""
    left = list(stays)
    for other in others:
        left = [part for stay in left for part in _around(stay, other)]
    return left


def _around(stay: Interval, other: Interval) -> Iterator[Interval]:
    """The parts of a stay before and after another."""
    start, end = _bounds(stay)
    gone, back = _bounds(other)
    if back <= start or end <= gone:
        yield stay
        return
    if start < gone:
        yield Interval(arrived=stay.arrived, left=other.arrived)
    if back < end:
        yield Interval(arrived=other.left, left=stay.left)


def _bounds(stay: Interval) -> Span:
    return Span(
        seconds(stay.arrived) if stay.arrived else -inf, seconds(stay.left) if stay.left else inf
    )


def _exclusions(lines: Sequence[Attendance]) -> dict[str, Interest]:
    """The items that the lines of one person exclude them from, each by the strongest interest."""
    said: dict[str, list[Interest | None]] = {}
    for exclusion in (one for line in lines for one in line.exclusions):
        said.setdefault(exclusion.item_id, []).append(exclusion.interest)
    strongest = ((item_id, _strongest(interests)) for item_id, interests in said.items())
    return {item_id: interest for item_id, interest in strongest if interest}


class Register:
    """The attendance sheet of a meeting, laid out so that the room at any instant is read fast."""

    def __init__(self, file: MeetingFile) -> None:
        meeting = file.meeting.fields
        self._bounds = Span(
            seconds(meeting.opened_at) if meeting.opened_at else -inf,
            seconds(meeting.closed_at) if meeting.closed_at else inf,
        )
        sheets: dict[str, list[Attendance]] = {}
        for attendance in file.attendances:
            if attendance.fields.roster_entry_id:
                sheets.setdefault(attendance.fields.roster_entry_id, []).append(attendance.fields)
        self._everyone = tuple(
            Seat(entry, self._sitters(entry.fields, sheets.get(entry.id, [])))
            for entry in file.roster
        )
        self._seats = tuple(seat for seat in self._everyone if seat.entry.fields.voting)
        self._with_exclusions = tuple(
            seat for seat in self._seats if any(sitter.exclusions for sitter in seat.sitters)
        )
        self._turns = sorted({at for seat in self._seats for s in seat.sitters for at in _turns(s)})
        self._rooms: dict[tuple[int, date | None], Room] = {}

    def came(self) -> frozenset[str]:
        """The entries on which somebody sat at some time, be they in office or not."""
        return frozenset(
            seat.entry.id for seat in self._seats if any(one.spans for one in seat.sitters)
        )

    def attending(self, at: str) -> dict[str, Sitter]:
        """Who sits at an instant on each entry in its term, voting or not."""
        day, moment = dates.local_day(at), seconds(at)
        current = (seat for seat in self._everyone if is_current(seat.entry.fields, day))
        sitting = ((seat.entry.id, seat.occupant(moment)) for seat in current)
        return {entry_id: sitter for entry_id, sitter in sitting if sitter}

    def room(self, at: str | None, item_id: str = "") -> Room:
        """The room at an instant, for an item; at no instant, every seat and nobody in."""
        room = self._still_room(at)
        excluded: dict[str, Interest] = {}
        for seat in self._with_exclusions:
            entry_id = seat.entry.id
            if entry_id in room.seats:
                interest = seat.interest(room.occupants.get(entry_id), item_id)
                if interest:
                    excluded[entry_id] = interest
        return Room(room.seats, room.occupants, excluded) if excluded else room

    def _still_room(self, at: str | None) -> Room:
        """The room without exclusions, kept because it only changes with a movement or the day."""
        key = (bisect(self._turns, seconds(at)), dates.local_day(at)) if at else (0, None)
        if key not in self._rooms:
            self._rooms[key] = self._room(at)
        return self._rooms[key]

    def _room(self, at: str | None) -> Room:
        if at is None:
            return Room(frozenset(seat.entry.id for seat in self._seats), {})
        day, moment = dates.local_day(at), seconds(at)
        seats = [seat for seat in self._seats if in_office(seat.entry.fields, day)]
        sitting = [(seat.entry.id, seat.occupant(moment)) for seat in seats]
        return Room(
            frozenset(seat.entry.id for seat in seats),
            {entry_id: sitter for entry_id, sitter in sitting if sitter},
        )

    def _sitters(self, entry: RosterEntry, sheets: Sequence[Attendance]) -> tuple[Sitter, ...]:
        known = [sheet for sheet in sheets if not is_stranger(sheet.person_id, entry)]
        alternates = [sheet for sheet in known if is_alternate(sheet.person_id, entry)]
        titulars = [sheet for sheet in known if not is_alternate(sheet.person_id, entry)]
        sitters = []
        if titulars:
            named = [sheet.person_id for sheet in titulars if sheet.person_id]
            person_id = named[0] if named else entry.titular_person_id
            sitters.append(self._sitter(person_id, False, titulars))
        if alternates:
            sitters.append(self._sitter(entry.alternate_person_id, True, alternates))
        return tuple(sitters)

    def _sitter(
        self, person_id: str | None, is_alternate: bool, sheets: Sequence[Attendance]
    ) -> Sitter:
        spans = tuple(span for sheet in sheets for span in self._spans(sheet))
        return Sitter(person_id, is_alternate, spans, _exclusions(sheets))

    def _spans(self, sheet: Attendance) -> tuple[Span, ...]:
        if sheet.status != "present":
            return ()
        spans = (
            Span(
                seconds(interval.arrived) if interval.arrived else self._bounds.start,
                seconds(interval.left) if interval.left else self._bounds.end,
            )
            for interval in sheet.intervals
        )
        return tuple(spans) or (self._bounds,)


def _turns(sitter: Sitter) -> Iterator[float]:
    """The instants at which the person comes or goes."""
    for span in sitter.spans:
        yield from span


def _strongest(interests: Sequence[Interest | None]) -> Interest | None:
    if "designated" in interests:
        return "designated"
    return "personal" if "personal" in interests else None


@lru_cache(maxsize=4096)
def seconds(instant: str) -> float:
    """An ISO 8601 instant in seconds since the epoch, quick to compare."""
    return dates.instant(instant).timestamp()
