"""Calendar files (RFC 5545): the invitation to a meeting, and a commission's meetings and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.documents.document import CALENDAR, Document, file_name
from app.documents.meeting_words import iso_day, item_title, lowered, meeting_title, numbers
from app.domain import dates
from app.domain.dates import PARIS
from app.domain.meeting_file import MeetingFile
from app.domain.records import AgendaItem, Meeting, Record
from app.domain.schedule import beginning

DEFAULT_MINUTES = 120
PARIS_TIME = b"""BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZNAME:CEST
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
"""The rule of the hour in Paris (directive 2000/84/EC), for programs that do not know the zone."""

_PRODUCT = "-//Commissions numériques locales//FR"


@dataclass(frozen=True)
class Deadline:
    """A day to keep: what falls due then, and the record that says so."""

    on: date
    title: str
    record_id: str
    details: str = ""


def invitation(file: MeetingFile, made_at: datetime) -> Document:
    """The meeting as one event; ValueError before its date is set."""
    if file.meeting.fields.starts_at is None:
        raise ValueError("the meeting has no date")
    calendar = _calendar()
    name = file.commission.fields.name
    calendar.add_component(_meeting(name, file.meeting, file.items, _lines(file), made_at))
    title = ("invitation", iso_day(file.meeting.fields), name)
    return Document(_bytes(calendar), CALENDAR, file_name(*title, ending="ics"))


def calendar(
    commission: str, meetings: Sequence[Record[Meeting]], deadlines: Sequence[Deadline],
    made_at: datetime, items: Sequence[Record[AgendaItem]] = (),
) -> Document:  # fmt: skip
    """The dated meetings of a commission, and the days on which something falls due.

    `items` are those of all the meetings, so that each ends at the hour that its invitation gives.
    """
    whole = _calendar()
    whole.add("x-wr-calname", commission)
    for meeting in sorted(meetings, key=lambda one: (beginning(one), one.id)):
        if meeting.fields.starts_at:
            own = [one for one in items if one.fields.meeting_id == meeting.id]
            whole.add_component(_meeting(commission, meeting, own, [], made_at))
    for deadline in sorted(deadlines, key=lambda one: (one.on, one.record_id)):
        whole.add_component(_deadline(deadline, made_at))
    return Document(_bytes(whole), CALENDAR, file_name("calendrier", commission, ending="ics"))


def _calendar() -> Any:
    from icalendar import Calendar, Timezone

    whole = Calendar()
    whole.add("prodid", _PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    # The same method as in the e-mail that carries the file (RFC 6047, 2.4). The ORGANIZER that
    # PUBLISH requires (RFC 5546, 3.2.1) is left out: no address known here may be given to all.
    whole.add("method", "PUBLISH")
    whole.add_component(Timezone.from_ical(PARIS_TIME))
    return whole


def _meeting(
    commission: str, meeting: Record[Meeting], items: Sequence[Record[AgendaItem]],
    lines: list[str], made_at: datetime,
) -> Any:  # fmt: skip
    fields = meeting.fields
    assert fields.starts_at is not None
    start = dates.instant(fields.starts_at)
    event = _event(meeting.id, made_at)
    event.add("summary", f"{commission} : {lowered(meeting_title(fields))}")
    event.add("dtstart", _in_paris(start))
    event.add("dtend", _in_paris(_end(fields, items, start)))
    if fields.place.strip():
        event.add("location", fields.place)
    words = [fields.title, *(["Ordre du jour :", *lines] if lines else [])]
    if any(words):
        event.add("description", "\n".join(word for word in words if word))
    event.add("status", "TENTATIVE" if fields.status == "planned" else "CONFIRMED")
    return event


def _end(fields: Meeting, items: Sequence[Record[AgendaItem]], start: datetime) -> datetime:
    """The planned end if it comes later, else what the durations give, else two hours later."""
    if fields.ends_at and (end := dates.instant(fields.ends_at)) > start:
        return end
    planned = sum(item.fields.planned_minutes or 0 for item in items if not item.fields.withdrawn)
    return dates.later(start, minutes=planned or DEFAULT_MINUTES)


def _in_paris(moment: datetime) -> datetime:
    """The time in Paris; in UTC the second time that the hour comes, when the clocks go back, as a
    calendar would take it for the first.
    """
    local = moment.astimezone(PARIS)
    return moment.astimezone(UTC) if local.fold else local


def _lines(file: MeetingFile) -> list[str]:
    given = numbers(file)
    return [f"{given[item.id]}. {item_title(item)}" for item in file.items]


def _deadline(deadline: Deadline, made_at: datetime) -> Any:
    event = _event(deadline.record_id, made_at)
    event.add("summary", deadline.title)
    event.add("dtstart", deadline.on)
    event.add("dtend", dates.later(deadline.on, days=1))
    event.add("transp", "TRANSPARENT")
    if deadline.details.strip():
        event.add("description", deadline.details)
    return event


def _event(record_id: str, made_at: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{record_id}@commissions-numeriques")
    event.add("dtstamp", made_at)
    # Some calendars only replace an event by one of a higher number. No laptop alone can count the
    # changes, so the number is the time, in minutes (RFC 5545, 3.8.7.4).
    event.add("sequence", int(made_at.timestamp()) // 60)
    return event


def _bytes(whole: Any) -> bytes:
    data: bytes = whole.to_ical()
    return data
