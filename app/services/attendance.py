"""Who is in the room: the attendance sheet, arrivals and departures, exclusions, proxies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from app.domain import validation
from app.domain.attendance import Interest, joined, lines_of, seconds, told_seats
from app.domain.records import Attendance, Exclusion, Meeting, Proxy, Record, RosterEntry
from app.errors import UserError
from app.services.changes import Change
from app.services.instants import as_instant
from app.services.records import Records

Status = Literal["present", "excused", "absent"]
Stay = tuple[str | None, str | None]

_DISORDER = "On arrive avant de partir : donnez les heures dans leur ordre."


class AttendanceSheet:
    """What the window does with people in the room.

    A person is the titular of the seat unless named, a guest where no seat is; an `at` is an ISO
    8601 instant, by default the present one.
    """

    def __init__(self, records: Records) -> None:
        self._records = records

    def mark(
        self, meeting_id: str, entry_id: str | None, status: Status, person_id: str | None = None,
        *, without: str | None = None,
    ) -> Record[Attendance]:  # fmt: skip
        """Notes someone as present from the opening on, excused or absent; deletes what was noted
        of the person `without` whom the seat is then.
        """
        fields: dict[str, Any] = {"status": status, "intervals": []}
        gone = self._lines(meeting_id, entry_id, without) if without else ()
        return self._write(meeting_id, entry_id, person_id, fields, gone)

    def mark_absent(self, meeting_id: str, entry_ids: Iterable[str]) -> None:
        """Notes as absent, in one go, the titulars of seats of which nothing is noted yet."""
        known = self._records.list("attendance", meeting_id=meeting_id)
        entries: list[Record[RosterEntry]] = [self._records.get(one) for one in entry_ids]
        noted = told_seats(known, entries)
        space, changes = self._space(meeting_id), []
        for entry in entries:
            if entry.id not in noted:
                fields = {"meeting_id": meeting_id, "status": "absent"}
                titular = entry.fields.titular_person_id
                seat = {"roster_entry_id": entry.id, "person_id": titular}
                changes.append(Change("attendance", fields | seat, None, space))
        self._records.put(changes, "Absences")

    def welcome(self, meeting_id: str, person_id: str) -> Record[Attendance]:
        """Notes the presence of a guest, who has no seat."""
        known = self._records.list("attendance", meeting_id=meeting_id, person_id=person_id)
        guests = [one for one in known if one.fields.roster_entry_id is None]
        if guests:
            return guests[0]
        fields = {"meeting_id": meeting_id, "person_id": person_id}
        return self._records.create("attendance", fields, self._space(meeting_id), "Invité")

    def arrive(
        self,
        meeting_id: str,
        entry_id: str | None,
        at: str | None = None,
        person_id: str | None = None,
    ) -> Record[Attendance]:
        """Notes an arrival, or a return; UserError when the person is in already."""
        intervals = _intervals(self._lines(meeting_id, entry_id, person_id))
        if intervals and intervals[-1]["left"] is None:
            raise UserError("Cette personne est déjà dans la salle : notez d'abord son départ.")
        intervals.append({"arrived": self._instant(at), "left": None})
        fields = {"status": "present", "intervals": intervals}
        return self._write(meeting_id, entry_id, person_id, fields)

    def leave(
        self,
        meeting_id: str,
        entry_id: str | None,
        at: str | None = None,
        person_id: str | None = None,
    ) -> Record[Attendance]:
        """Notes a departure; UserError when the person is not in."""
        intervals = _intervals(self._lines(meeting_id, entry_id, person_id))
        if not intervals or intervals[-1]["left"] is not None:
            raise UserError("Cette personne n'est pas dans la salle : notez d'abord son arrivée.")
        intervals[-1]["left"] = self._instant(at)
        return self._write(meeting_id, entry_id, person_id, {"intervals": intervals})

    def correct_stays(
        self,
        meeting_id: str,
        entry_id: str | None,
        stays: Sequence[Stay],
        person_id: str | None = None,
    ) -> Record[Attendance]:
        """Corrects the instants of every stay, or notes them; each is an arrival and a departure.

        None stands for an arrival before the opening, or for no departure yet. A departure of None
        followed by a return of None joins the two stays. UserError when the instants are not in
        order.
        """
        intervals: list[dict[str, str | None]] = []
        for arrived, left in stays:
            if arrived or not intervals:
                intervals.append({"arrived": arrived and self._instant(arrived), "left": None})
            elif left and intervals[-1]["left"]:
                raise UserError(_DISORDER)
            intervals[-1]["left"] = self._instant(left) if left else intervals[-1]["left"]
        instants = [at for one in intervals for at in (one["arrived"], one["left"]) if at]
        still_in = any(one["left"] is None for one in intervals[:-1])
        if still_in or instants != sorted(instants, key=seconds):
            raise UserError(_DISORDER)
        fields = {"status": "present", "intervals": intervals if instants else []}
        return self._write(meeting_id, entry_id, person_id, fields)

    def exclude(
        self, attendance_id: str, item_id: str, interest: Interest | None
    ) -> Record[Attendance]:
        """Excludes someone from an item for an interest; None takes the exclusion back."""
        sheet: Record[Attendance] = self._records.get(attendance_id)
        fields, changes = sheet.fields, []
        for line in self._lines(fields.meeting_id, fields.roster_entry_id, fields.person_id):
            kept = [one for one in line.fields.exclusions if one.item_id != item_id]
            if interest and line.id == attendance_id:
                kept.append(Exclusion(item_id=item_id, interest=interest))
            changes.append(Change("attendance", {"exclusions": msgspec.to_builtins(kept)}, line.id))
        self._records.put(changes, "Déport")
        return self._records.get(attendance_id)

    def give_proxy(
        self, meeting_id: str, giver_id: str, holder_id: str, at: str | None = None
    ) -> Record[Proxy]:
        """Notes a written proxy from one seat to another, received at an instant."""
        if giver_id == holder_id:
            raise UserError("Un pouvoir va d'un siège à un autre : choisissez un autre mandataire.")
        fields = {"meeting_id": meeting_id, "giver_entry_id": giver_id}
        fields |= {"holder_entry_id": holder_id, "received_at": self._instant(at)}
        return self._records.create("proxy", fields, self._space(meeting_id), "Pouvoir reçu")

    def revoke_proxy(self, proxy_id: str, at: str | None = None) -> Record[Proxy]:
        """Notes that a proxy no longer counts from an instant on."""
        return self._records.update(proxy_id, {"revoked_at": self._instant(at)}, "Pouvoir révoqué")

    def _write(
        self, meeting_id: str, entry_id: str | None, person_id: str | None, fields: dict[str, Any],
        gone: Sequence[Record[Attendance]] = (),
    ) -> Record[Attendance]:  # fmt: skip
        """Writes the line of a person, in one with those that two laptops had each made for them;
        deletes the lines that are `gone`.
        """
        lines = self._lines(meeting_id, entry_id, person_id)
        if len(lines) > 1:
            apart = joined([one.fields for one in lines]).exclusions
            fields = fields | {"exclusions": msgspec.to_builtins(list(apart))}
        if lines:
            line = Change("attendance", fields, lines[0].id)
        else:
            seat = {"roster_entry_id": entry_id, "person_id": self._person(entry_id, person_id)}
            whole = {"meeting_id": meeting_id} | seat | fields
            line = Change("attendance", whole, None, self._space(meeting_id))
        deleted = [Change("attendance", {}, one.id, deleted=True) for one in (*lines[1:], *gone)]
        return validation.typed(self._records.put([line, *deleted], "Présence")[0])

    def _lines(
        self, meeting_id: str | None, entry_id: str | None, person_id: str | None
    ) -> Sequence[Record[Attendance]]:
        """The lines of the sheet for a person on a seat, a presence first, else the earliest."""
        known = self._records.list("attendance", meeting_id=meeting_id)
        titular = self._person(entry_id, None)
        return lines_of(known, entry_id, person_id, titular)

    def _person(self, entry_id: str | None, person_id: str | None) -> str | None:
        if person_id is not None or entry_id is None:
            return person_id
        entry: Record[RosterEntry] = self._records.get(entry_id)
        return entry.fields.titular_person_id

    def _space(self, meeting_id: str) -> str | None:
        meeting: Record[Meeting] = self._records.get(meeting_id)
        return meeting.commission_id

    def _instant(self, at: str | None) -> str:
        return as_instant(at, self._records.workspace.clock)


def _intervals(lines: Sequence[Record[Attendance]]) -> list[dict[str, str | None]]:
    """The stays of someone present, one from opening to closing when none is noted."""
    if not lines or lines[0].fields.status != "present":
        return []
    stays = joined([one.fields for one in lines]).intervals
    found: list[dict[str, str | None]] = msgspec.to_builtins(list(stays))
    return found or [{"arrived": None, "left": None}]
