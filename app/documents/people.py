"""Who sat in a meeting, as its papers list it: present, represented, excused, absent, guests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import msgspec

from app.documents.meeting_words import hour_in, hours_in
from app.domain import attendance, dates, wording
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import person_name, with_place
from app.domain.records import Attendance, Interval, Meeting, Person, Record, RosterEntry
from app.domain.search_text import fold


@dataclass(frozen=True)
class Line:
    """One line of a list: the organisation, the person, their role, and a remark in French."""

    place: str
    person: str
    role: str = ""
    remark: str = ""


@dataclass
class Lists:
    """The members by how they took part, then those without a seat."""

    seats: int = 0
    seats_present: int = 0

    present: list[Line] = field(default_factory=list)
    represented: list[Line] = field(default_factory=list)
    excused: list[Line] = field(default_factory=list)
    absent: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    voteless_excused: list[Line] = field(default_factory=list)
    voteless_absent: list[Line] = field(default_factory=list)


class People:
    """The names of one meeting's people on paper."""

    def __init__(self, state: MeetingState) -> None:
        self.state = state
        self.file: MeetingFile = state.file
        self._entries = {entry.id: entry for entry in self.file.roster}

    def person(self, person_id: str | None) -> Record[Person] | None:
        return self.file.persons.get(person_id or "")

    def name(self, person_id: str | None) -> str:
        """« Paul Roy », empty when it is not known who."""
        person = self.person(person_id)
        return person_name(person) if person else ""

    def place(self, organisation_id: str | None) -> str:
        """The organisation's name, with its department where two have it; "" if not known."""
        return self.state.names.place(organisation_id)

    def with_place(self, person_id: str | None) -> str:
        """« Paul Roy (Vougeot) »"""
        person = self.person(person_id)
        place = self.place(person.fields.organisation_id) if person else ""
        return with_place(person_name(person), place)

    @property
    def chair(self) -> str | None:
        """Who presided, or is to preside, by their id."""
        chair = self.file.meeting.fields.chair_person_id
        return None if chair in self.state.away else chair

    @property
    def secretaries(self) -> list[str]:
        """Who kept the minutes, or is to keep them, by their ids."""
        named = self.file.meeting.fields.secretary_ids
        return [one for one in named if one not in self.state.away]

    def role(self, person_id: str | None) -> str:
        person = self.person(person_id)
        return person.fields.role.strip() if person else ""

    def seats(self) -> list[Record[RosterEntry]]:
        """The voting entries in office on the day of the meeting, by the organisation's name."""
        day = attendance.meeting_day(self.file.meeting.fields)
        entries = [
            entry
            for entry in self.file.roster
            if (attendance.in_office(entry.fields, day) if day else entry.fields.voting)
        ]
        return sorted(entries, key=self.order)

    def order(self, entry: Record[RosterEntry]) -> tuple[str, str, str]:
        """Where an entry stands in a list: by organisation, then by titular."""
        place = self.place(entry.fields.organisation_id)
        titular = self.person(entry.fields.titular_person_id)
        name = f"{titular.fields.last_name} {titular.fields.first_name}" if titular else ""
        return fold(place), fold(name), entry.id

    def order_of(self, entry_id: str) -> tuple[str, str, str]:
        """The same for the id of an entry; unknown ones come first."""
        entry = self._entries.get(entry_id)
        return self.order(entry) if entry else ("", "", entry_id)

    @cached_property
    def effective(self) -> frozenset[str]:
        """The ids of the proxies that counted at one of the moments at least."""
        return frozenset(
            proxy.id for moment in self.state.moments() for proxy in moment.proxies if proxy.counts
        )

    @cached_property
    def _sheets(self) -> list[Attendance]:
        """The lines of the sheet, of whose stays the meeting holds what is between its hours."""
        return [_in_meeting(one.fields, self.file.meeting.fields) for one in self.file.attendances]

    def lists(self) -> Lists:
        """Everybody, in the lists that the minutes show."""
        lists = Lists()
        holders: dict[str, list[str]] = {}
        for moment in self.state.moments():
            for giver, holder in moment.represented.items():
                known = holders.setdefault(giver, [])
                if holder not in known:
                    known.append(holder)
        seats = self.seats()
        members = set[str | None]()
        for entry in seats:
            names = [self._holder(entry.id, holder) for holder in holders.get(entry.id, [])]
            members |= self._list_seat(entry, names, lists)
        seated = {entry.id for entry in seats}
        present = (one for one in self._sheets if one.status == "present")
        others = [
            sheet
            for sheet in map(self._named, present)
            if sheet.roster_entry_id not in seated
            or self._is_stranger(sheet)
            or sheet.person_id not in members
        ]
        for person_id, stays in attendance.by_person(others).items():
            if person_id is None:
                lists.others += map(self._guest, stays)
            elif person_id not in members:
                lists.others.append(self._guest(attendance.joined(stays)))
        for entry in self._voteless():
            self._list_voteless(entry, lists)
        return lists

    def _voteless(self) -> list[Record[RosterEntry]]:
        """The entries without a vote that are in their term, in the order of a list."""
        day = attendance.meeting_day(self.file.meeting.fields)
        found = [
            entry
            for entry in self.file.roster
            if not entry.fields.voting and (day is None or attendance.is_current(entry.fields, day))
        ]
        return sorted(found, key=self.order)

    def _list_voteless(self, entry: Record[RosterEntry], lists: Lists) -> None:
        """A member without a vote who is noted away; who came is among the others."""
        sheets = [s.fields for s in self.file.attendances if s.fields.roster_entry_id == entry.id]
        if any(sheet.status == "present" for sheet in sheets):
            return
        own = (None, entry.fields.titular_person_id)
        statuses = {one.status for one in sheets if one.person_id in own}
        if "excused" in statuses:
            lists.voteless_excused.append(self._titular(entry))
        elif statuses:
            lists.voteless_absent.append(self._titular(entry))

    def _named(self, sheet: Attendance) -> Attendance:
        """A line of the sheet with its person, who is the titular when it names nobody."""
        entry = self._entries.get(sheet.roster_entry_id or "")
        titular_id = entry.fields.titular_person_id if entry else None
        return msgspec.structs.replace(sheet, person_id=sheet.person_id or titular_id)

    def _holder(self, giver: str, holder: str) -> str:
        """« Paul Roy (Vougeot) », « Paul Roy (Vougeot), retiré à 19 h 30 »"""
        meeting, name = self.file.meeting.fields, self.state.names.seat(holder)
        ends = [
            one.fields.revoked_at
            for one in self.file.proxies
            if one.id in self.effective
            and (one.fields.giver_entry_id, one.fields.holder_entry_id) == (giver, holder)
        ]
        known = [end for end in ends if end]
        last = max(known, key=dates.instant, default="")
        closed = meeting.closed_at
        if len(known) < len(ends) or (closed and dates.instant(closed) <= dates.instant(last)):
            return name
        return f"{name}, retiré à {hour_in(meeting, last)}"

    def _is_stranger(self, sheet: Attendance) -> bool:
        """Whether a line is about somebody who does not hold its seat: it does not count there."""
        entry = self._entries.get(sheet.roster_entry_id or "")
        return entry is not None and attendance.is_stranger(sheet.person_id, entry.fields)

    def _list_seat(
        self, entry: Record[RosterEntry], holders: list[str], lists: Lists
    ) -> set[str | None]:
        """Lists a seat, and gives those who sat on it; an alternate who never had to is a guest."""
        noted = (one for one in self._sheets if one.roster_entry_id == entry.id)
        sheets = [sheet for sheet in noted if not self._is_stranger(sheet)]
        titular_id = entry.fields.titular_person_id
        present = (sheet for sheet in sheets if sheet.status == "present")
        stays = attendance.by_person(present, titular_id).values()
        sitting = _in_turn([attendance.joined(one) for one in stays], entry.fields)
        lists.seats += 1
        if sitting:
            lists.seats_present += 1
            for number, sheet in enumerate(sitting):
                lists.present.append(self._sitter(entry, sheet, [] if number else holders))
            return {sheet.person_id or titular_id for sheet in sitting}
        own = [s for s in sheets if not attendance.is_alternate(s.person_id, entry.fields)]
        titular = self._titular(entry)
        if holders:
            lists.represented.append(replace(titular, remark=wording.listed(holders)))
        elif any(sheet.status == "excused" for sheet in own):
            lists.excused.append(titular)
        else:
            lists.absent.append(titular)
        return set()

    def _sitter(self, entry: Record[RosterEntry], sheet: Attendance, holders: list[str]) -> Line:
        """Who sat on a seat, and to whom they then gave their proxy, if they did."""
        titular, remarks = self._titular(entry), []
        if attendance.is_alternate(sheet.person_id, entry.fields):
            known = self.person(entry.fields.titular_person_id)
            whose = titular.person if known else f"un {titular.person}"
            remarks.append(f"suppléance {wording.of(whose)}")
        remarks.append(self._stay(sheet))
        if holders:
            remarks.append(f"pouvoir donné à {wording.listed(holders)}")
        remark = ", ".join(filter(None, remarks))
        if not sheet.person_id:
            return replace(titular, remark=remark)
        person = person_name(self.person(sheet.person_id))
        return Line(titular.place, person, self.role(sheet.person_id), remark)

    def _titular(self, entry: Record[RosterEntry]) -> Line:
        """Whose seat it is, whether they came or not."""
        titular = self.person(entry.fields.titular_person_id)
        name = person_name(titular) if titular else "siège sans titulaire"
        place = self.place(entry.fields.organisation_id)
        return Line(place, name, self.role(entry.fields.titular_person_id))

    def _guest(self, sheet: Attendance) -> Line:
        person = self.person(sheet.person_id)
        place = self.place(person.fields.organisation_id) if person else ""
        return Line(place, person_name(person), self.role(sheet.person_id), self._stay(sheet))

    def _stay(self, sheet: Attendance) -> str:
        """« de 18 h 40 à 19 h 50 », « à partir de 18 h 40 », empty for the whole meeting."""
        meeting, parts = self.file.meeting.fields, []
        for arrived, left in ((one.arrived, one.left) for one in sheet.intervals):
            if arrived and left:
                parts.append(hours_in(meeting, arrived, left))
            elif arrived:
                parts.append(f"à partir de {hour_in(meeting, arrived)}")
            elif left:
                parts.append(f"jusqu'à {hour_in(meeting, left)}")
        return wording.listed(parts)


def _in_meeting(sheet: Attendance, meeting: Meeting) -> Attendance:
    """A line of the sheet with what of its stays is in the meeting; absent if nothing is."""
    if sheet.status != "present" or not sheet.intervals:
        return sheet
    opened_at, closed_at = meeting.opened_at, meeting.closed_at
    outside = [Interval(left=opened_at)] if opened_at else []
    outside += [Interval(arrived=closed_at)] if closed_at else []
    noted = {at for stay in sheet.intervals for at in (stay.arrived, stay.left)}
    stays = [
        Interval(
            arrived=stay.arrived if stay.arrived in noted else None,
            left=stay.left if stay.left in noted else None,
        )
        for stay in attendance.without(sheet.intervals, outside)
    ]
    status: Literal["present", "absent"] = "present" if stays else "absent"
    return msgspec.structs.replace(sheet, status=status, intervals=tuple(stays))


def _in_turn(sheets: list[Attendance], entry: RosterEntry) -> list[Attendance]:
    """The lines of those who sat for a seat, the alternate only while the titular was out."""
    whole = (Interval(),)
    held = [
        stay
        for one in sheets
        if not attendance.is_alternate(one.person_id, entry)
        for stay in one.intervals or whole
    ]
    found = []
    for sheet in sheets:
        if not held or not attendance.is_alternate(sheet.person_id, entry):
            found.append(sheet)
        elif left := attendance.without(sheet.intervals or whole, held):
            found.append(msgspec.structs.replace(sheet, intervals=tuple(left)))
    return found
