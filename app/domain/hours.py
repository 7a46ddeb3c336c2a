"""The hours of a meeting: what is noted between them, and how they may be corrected afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from app.domain import dates
from app.domain.attendance import seconds
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.names import item_name
from app.domain.records import Attendance, Meeting
from app.domain.refusals import Refusal
from app.domain.wording import hour, long_day, of

LONGEST = timedelta(hours=12)
SMALL_HOURS = 4
"""Past midnight a meeting may still be held, up to this local hour."""


class Noted(NamedTuple):
    """An instant noted in a meeting: `what` is « Paul Roy part », `which` is « ce départ »."""

    at: str
    what: str
    which: str


def noted(state: MeetingState) -> Iterator[Noted]:
    """The instants of a meeting's items, votes, arrivals and departures, in no order.

    The end of what ended as the meeting closed is left out: it moves along with the closing.
    """
    file = state.file
    for item in file.items:
        started, ended = item.fields.started_at, item.fields.ended_at
        if started:
            yield Noted(started, f"{item_name(item)} commence", "ce point")
        if ended and not ends_with(state, ended):
            yield Noted(ended, f"{item_name(item)} finit", "ce point")
    for ballot in file.ballots:
        about = state.items.get(ballot.fields.agenda_item_id or "")
        if about and ballot.fields.held_at:
            yield Noted(ballot.fields.held_at, f"{item_name(about)}, vote", "ce vote")
    for sheet in file.attendances:
        if sheet.fields.status != "present" or not sheet.fields.roster_entry_id:
            continue
        name = state.names.seat(sheet.fields.roster_entry_id, sheet.fields.person_id)
        for stay in sheet.fields.intervals:
            if stay.arrived:
                yield Noted(stay.arrived, f"{name} arrive", "cette arrivée")
            if stay.left and not ends_with(state, stay.left):
                yield Noted(stay.left, f"{name} part", "ce départ")


def last_noted(state: MeetingState) -> str | None:
    """The latest instant noted in a meeting before it can only have been left open, if any."""
    opened_at = state.opening
    held = [one.at for one in noted(state) if opened_at and not was_left_open(opened_at, one.at)]
    return max(held, key=seconds, default=None)


def was_left_open(opened_at: str, at: str) -> bool:
    """Whether a meeting still open at an instant must have ended before."""
    first, last = (dates.instant(one).astimezone(dates.PARIS) for one in (opened_at, at))
    return last - first > LONGEST or (last.date() > first.date() and last.hour >= SMALL_HOURS)


def ends_with(state: MeetingState, at: str | None) -> bool:
    """Whether an instant is that of the closing, to move along with it."""
    closed_at = state.file.meeting.fields.closed_at
    return bool(at and closed_at) and seconds(at or "") == seconds(closed_at or "")


def out_of_order(state: MeetingState) -> Iterator[Finding]:
    """What ends before it begins, or begins while the meeting is not held, as the command line, an
    import or another laptop may enter it: such a stay never counts, and such an item finds nobody
    in the room, whatever was meant.
    """
    file = state.file
    meeting = file.meeting.fields
    backwards = _precedes(meeting.closed_at, meeting.opened_at)
    if backwards:
        yield Finding("Séance : la clôture précède l'ouverture.", file.meeting.id, "closed_at")
    for sheet in file.attendances:
        for wrong in _out_of_order(sheet.fields, meeting.closed_at):
            entry_id, person_id = sheet.fields.roster_entry_id, sheet.fields.person_id
            names = state.names
            whose = names.of_seat(entry_id, person_id) if entry_id else of(names.person(person_id))
            yield Finding(f"Présences : {wrong.format(whose)}.", sheet.id, "intervals")
    for item in file.items:
        if _precedes(item.fields.ended_at, item.fields.started_at):
            yield Finding(f"{item_name(item)} : la fin précède le début.", item.id, "ended_at")
        needless = backwards or item.fields.withdrawn  # it needs nobody in the room
        outside = "" if needless else _off_hours(item.fields.started_at, meeting)
        if outside:
            yield Finding(f"{item_name(item)} : le début {outside}.", item.id, "started_at")


def _off_hours(start: str | None, meeting: Meeting) -> str:
    """What is odd of a start, which needs people in the room; "" when nothing."""
    if _precedes(start, meeting.opened_at):
        return "précède l'ouverture"
    if start and meeting.closed_at and not _precedes(start, meeting.closed_at):
        return "ne précède pas la clôture"
    return ""


def _out_of_order(sheet: Attendance, closed_at: str | None) -> Iterator[str]:
    stays = sheet.intervals if sheet.status == "present" else ()
    if any(_precedes(stay.left, stay.arrived) for stay in stays):
        yield "le départ {} précède son arrivée"
    if any(_precedes(closed_at, stay.arrived) for stay in stays):
        yield "l'arrivée {} suit la clôture"


def _precedes(end: str | None, start: str | None) -> bool:
    return bool(end and start) and seconds(end or "") < seconds(start or "")


def refuse(state: MeetingState, opened_at: str, closed_at: str | None, now: str) -> None:
    """Refusal, with the field, of hours yet to come or that something noted contradicts."""
    for field, what, at in (
        ("opened_at", "l'ouverture", opened_at),
        ("closed_at", "la clôture", closed_at),
    ):
        if at and seconds(at) > seconds(now):
            raise Refusal(
                f"{what} est encore à venir d'après l'horloge de cet ordinateur : donnez une heure"
                " passée, ou mettez-la à l'heure.",
                field=field,
            )
    if closed_at and seconds(closed_at) < seconds(opened_at):
        raise Refusal(
            "la clôture précède l'ouverture : corrigez l'une ou l'autre.", field="closed_at"
        )
    found = sorted(noted(state), key=lambda one: seconds(one.at))
    if found and seconds(found[0].at) < seconds(opened_at):
        raise _contradicted(found[0], opened_at, "opened_at")
    if found and closed_at and seconds(found[-1].at) > seconds(closed_at):
        raise _contradicted(found[-1], opened_at, "closed_at")


_OUTSIDE = {
    "opened_at": "avant cette ouverture : avancez l'ouverture",
    "closed_at": "après cette clôture : retardez la clôture",
}


def _contradicted(one: Noted, opened_at: str, field: str) -> Refusal:
    day = dates.local_day(one.at)
    on = f" le {long_day(day)}" if day != dates.local_day(opened_at) else ""
    return Refusal(
        f"{one.what} à {hour(one.at)}{on}, {_OUTSIDE[field]}, ou corrigez d'abord"
        f" l'heure de {one.which}.",
        field=field,
    )
