"""The seats of a meeting's room as a list: who sits there, and how they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from PySide6.QtCore import QObject, Qt

from app.domain.attendance import (
    Sitter,
    by_person,
    is_current,
    joined,
    meeting_day,
    seconds,
    tells_of_seat,
)
from app.domain.meeting_state import MeetingState, Moment
from app.domain.names import person_name
from app.domain.records import AgendaItem, Attendance, Interval, Proxy, Record, RosterEntry
from app.domain.wording import hour, of
from ui.models.lines import LINE, ListLine
from ui.models.rows import ROW, Index, RowsModel
from ui.models.table import folded, sought

IN, OUT = "in", "out"


@dataclass(frozen=True)
class SeatRow:
    """One seat: `standing` are the words of its chip, `where` is IN, OUT or "" before the call.

    `person_id` is who is in, else the titular; `proxy_id` the proxy that it has given; `called` the
    deed that seats the person named: "present", or "alternate" for the alternate.
    """

    id: str
    name: str
    town: str
    standing: str
    tone: str
    where: str
    person_id: str | None
    alternate_id: str | None
    proxy_id: str | None
    reason: str
    voting: bool
    has_left: bool
    guest: bool = False
    alternate: str = ""
    called: str = "present"
    titular_id: str | None = None
    titular: str = ""

    @property
    def entry_id(self) -> str | None:
        """The seat; None for a guest, whose `id` is that of a line of the sheet."""
        return None if self.guest else self.id

    @property
    def by_alternate(self) -> bool:
        """Whether the alternate sits: the titular who arrives takes the seat back."""
        return self.where == IN and bool(self.titular_id) and self.person_id != self.titular_id

    @property
    def deputy_id(self) -> str | None:
        """The alternate who sits, if it is they; not somebody who is the titular too."""
        sits = self.where == IN and self.person_id == self.alternate_id != self.titular_id
        return self.alternate_id if sits else None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is noted of the seat, not even a proxy."""
        return not (self.where or self.proxy_id)

    @property
    def as_titular(self) -> SeatRow:
        """The same seat when its titular is called while the alternate sits."""
        return replace(self, name=self.titular, reason=f"{self.name} siège", called="present")

    @property
    def as_alternate(self) -> SeatRow:
        """The same seat when its alternate is called: by that name, Enter seats the alternate."""
        reason = f"suppléance {of(self.titular)}" if self.titular else "siège sans titulaire"
        return replace(self, name=self.alternate, reason=reason, called="alternate")

    def allows(self, deed: str) -> bool:
        """Whether a deed of the roll call would change anything for this seat."""
        if self.guest and deed not in ("absent", "present", "leave", "correct"):
            return False
        if self.guest and self.person_id is None:
            return deed == "absent"
        objects = {
            "present": self.where != IN or self.by_alternate,
            "alternate": self.where != IN and bool(self.alternate_id),
            "leave": self.where == IN,
            "exclude": bool(self.where),
        }
        return objects.get(deed, True)

    @property
    def searched(self) -> str:
        return sought(f"{self.name} {self.town}")

    def begins(self, letters: str) -> bool:
        """Whether folded letters begin the town or a word of the person's name: « semur » gives
        Semur-en-Auxois before Courcelles-lès-Semur.
        """
        return folded(self.town).startswith(letters) or f" {letters}" in f" {folded(self.name)}"

    @property
    def line(self) -> ListLine:
        parts = (self.town, "" if self.voting else "sans voix", self.reason)
        detail = " · ".join(part for part in parts if part)
        return ListLine(self.name, detail, self.standing, self.tone, strong=self.where == IN)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        voice = "" if self.voting else "sans voix"
        parts = (self.name, self.town, voice, self.standing, self.reason)
        return ", ".join(part for part in parts if part)


def seat_rows(
    state: MeetingState, at: str | None, item: Record[AgendaItem] | None = None
) -> list[SeatRow]:
    """The seats in their term, by name of the commune, as they stand at an instant for an item.

    The guests, who have no seat, come last.
    """
    moment = state.at(at, item)
    day = meeting_day(state.file.meeting.fields)
    current = [one for one in state.file.roster if day is None or is_current(one.fields, day)]
    sheets, sitting = _by_seat(state), state.attending(at) if at else {}
    rows = [
        _row(state, moment, entry, sitting.get(entry.id), sheets.get(entry.id, ()))
        for entry in current
    ]
    return [*sorted(rows, key=_order), *sorted(_guests(state), key=_order)]


def _by_seat(state: MeetingState) -> dict[str, list[Attendance]]:
    """The lines of the sheet that tell of each seat."""
    entries = {one.id: one.fields for one in state.file.roster}
    found: dict[str, list[Attendance]] = {}
    for line in (one.fields for one in state.file.attendances):
        entry = entries.get(line.roster_entry_id or "")
        if entry is not None and tells_of_seat(line, entry):
            found.setdefault(line.roster_entry_id or "", []).append(line)
    return found


def _order(row: SeatRow) -> str:
    return folded(f"{row.town} {row.name}")


def _guests(state: MeetingState) -> list[SeatRow]:
    file, rows, known = state.file, [], set[str]()
    lines = [one for one in file.attendances if one.fields.roster_entry_id is None]
    for sheet in lines:
        if sheet.fields.person_id in known:
            continue
        known.add(sheet.fields.person_id or "")
        own = [one.fields for one in lines if one.fields.person_id == sheet.fields.person_id]
        inside = _stay(own, None)
        person = file.persons.get(sheet.fields.person_id or "")
        standing, tone = ("Invité", "accent") if inside else _absent(own, None)
        row = SeatRow(
            id=sheet.id,
            name=person_name(person),
            town=state.names.place(person.fields.organisation_id) if person else "",
            standing=standing,
            tone=tone,
            where=IN if inside else OUT,
            person_id=sheet.fields.person_id,
            alternate_id=None,
            proxy_id=None,
            reason="",
            voting=False,
            has_left=not inside and any(_left(own)),
            guest=True,
        )
        rows.append(row)
    return rows


def _row(
    state: MeetingState,
    moment: Moment,
    entry: Record[RosterEntry],
    sitter: Sitter | None,
    sheets: Sequence[Attendance],
) -> SeatRow:
    file, fields, titular_id = state.file, entry.fields, entry.fields.titular_person_id
    person_id = (sitter.person_id if sitter else None) or titular_id
    person = file.persons.get(person_id or "")
    alternate = file.persons.get(fields.alternate_person_id or "")
    standing, tone, reason = _standing(state, moment, entry, sitter, sheets)
    proxy = next(
        (
            one.id
            for one in file.proxies
            if one.fields.giver_entry_id == entry.id and not one.fields.revoked_at
        ),
        None,
    )
    return SeatRow(
        id=entry.id,
        name=person_name(person) if person else "Siège sans titulaire",
        town=state.names.place(fields.organisation_id),
        standing=standing,
        tone=tone,
        where=IN if sitter else OUT if sheets else "",
        person_id=person_id,
        alternate_id=fields.alternate_person_id,
        alternate=person_name(alternate) if alternate else "",
        titular_id=titular_id,
        titular=person_name(file.persons.get(titular_id)) if titular_id else "",
        proxy_id=proxy,
        reason=reason,
        voting=fields.voting,
        has_left=not sitter and any(_left(sheets)),
    )


def _standing(
    state: MeetingState,
    moment: Moment,
    entry: Record[RosterEntry],
    sitter: Sitter | None,
    sheets: Sequence[Attendance],
) -> tuple[str, str, str]:
    """The words of the chip, its tone, and the reason behind them."""
    if entry.id in moment.room.excluded:
        return "Déport", "warning", "ne prend pas part à ce point"
    if sitter:
        return _present(moment, entry, sitter, sheets)
    holder = moment.represented.get(entry.id)
    if holder:
        return "Représenté", "info", f"pouvoir à {state.names.seat(holder)}"
    idle = _idle_proxy(state, moment, entry.id)
    return (*_absent(sheets, moment.at), idle)


def _stay(sheets: Sequence[Attendance], at: str | None) -> Interval | None:
    """The stay that holds an instant, of lines read as those of one person; without an instant,
    the one that has no end.
    """
    there = [one for one in sheets if one.status == "present"]
    stays = (joined(there).intervals or (Interval(),)) if there else ()
    now = seconds(at) if at else inf
    held = (
        stay
        for stay in stays
        if (not stay.arrived or seconds(stay.arrived) <= now)
        and (not stay.left or now < seconds(stay.left))
    )
    return next(held, None)


def _present(
    moment: Moment, entry: Record[RosterEntry], sitter: Sitter, sheets: Sequence[Attendance]
) -> tuple[str, str, str]:
    words = "Suppléant" if sitter.is_alternate else "Présent"
    lines = by_person(sheets, entry.fields.titular_person_id)[sitter.person_id]
    stay = _stay(lines, moment.at)
    since = f"depuis {hour(stay.arrived)}" if stay and stay.arrived else ""
    proxy = "porte un pouvoir" if entry.id in moment.represented.values() else ""
    return words, "success", ", ".join(part for part in (since, proxy) if part)


def _left(sheets: Sequence[Attendance]) -> list[str]:
    """The instants at which the persons of a seat left."""
    return [i.left for one in sheets if one.status == "present" for i in one.intervals if i.left]


def _arrived(sheets: Sequence[Attendance]) -> list[str]:
    """The instants at which the persons of a seat came or came back."""
    stays = (i for one in sheets if one.status == "present" for i in one.intervals)
    return [stay.arrived for stay in stays if stay.arrived]


def _absent(sheets: Sequence[Attendance], at: str | None) -> tuple[str, str]:
    """The chip of a seat that nobody holds at an instant: by what came before, else after it."""
    lefts = [one for one in _left(sheets) if at is None or seconds(one) <= seconds(at)]
    if lefts:
        return f"Parti à {hour(max(lefts, key=seconds))}", "neutral"
    if arrived := _arrived(sheets):
        return f"Arrivé à {hour(min(arrived, key=seconds))}", "neutral"
    statuses = {one.status for one in sheets}
    if "excused" in statuses:
        return "Excusé", "neutral"
    return ("Absent", "neutral") if "absent" in statuses else ("À pointer", "neutral")


def _received(proxy: Record[Proxy]) -> tuple[float, str]:
    at = proxy.fields.received_at
    return seconds(at) if at else 0.0, proxy.id


def _idle_proxy(state: MeetingState, moment: Moment, entry_id: str) -> str:
    """Why the proxy that a seat gave does not count now; empty when it gave none.

    Of several, one that is not revoked goes first, then the last received.
    """
    reasons = {one.id: one.reason for one in moment.proxies if not one.counts}
    idle = [
        one
        for one in state.file.proxies
        if one.fields.giver_entry_id == entry_id and one.id in reasons
    ]
    if not idle:
        return ""
    last = max(idle, key=lambda one: (not one.fields.revoked_at, *_received(one)))
    return f"pouvoir sans effet : {reasons[last.id]}"


def _answering(row: SeatRow, words: Sequence[str]) -> SeatRow | None:
    """The seat if it holds all the words typed: by its alternate's name too while nobody is in, by
    its titular's too while the alternate is.
    """
    if all(word in row.searched for word in words):
        return row
    other = row.as_titular if row.by_alternate else None
    if row.alternate and row.where != IN:
        other = row.as_alternate
    return other if other and all(word in other.searched for word in words) else None


class RoomModel(RowsModel[SeatRow]):
    """The seats that match the letters typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[SeatRow] = ()
        self._wanted = ""

    def set_rows(self, rows: Sequence[SeatRow]) -> None:
        self._all = rows
        self._filter()

    def waiting(self) -> list[str]:
        """The ids of the seats still to be called, whatever letters are typed."""
        return [row.id for row in self._all if row.is_waiting]

    def filter_by(self, text: str) -> None:
        self._wanted = folded(text).strip()
        self._filter()

    def _filter(self) -> None:
        words = self._wanted.split()
        found = (one for row in self._all if (one := _answering(row, words)) is not None)
        rows = sorted(  # those named as alternates come last
            found, key=lambda row: (row.called != "present", not row.begins(self._wanted))
        )
        super().set_rows(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == LINE:
            return row.line
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.reason or None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None
