"""A meeting held with a wrong clock: all that it noted moves by as much as its opening does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from app.domain import dates, hours
from app.domain.attendance import seconds
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Record
from app.domain.refusals import Refusal
from app.domain.wording import count, day_and_hour, hour, listed

_INSTANTS = {
    "meeting": ("opened_at", "closed_at"),
    "agenda_item": ("started_at", "ended_at", "notified_at"),
    "attendance": ("intervals",),
    "proxy": ("received_at", "revoked_at"),
    "ballot": ("held_at",),
}
"""The fields that say when something happened in a meeting, by kind."""

_Move = Callable[[str | None], str | None]

_PARTS = ("items", "attendances", "proxies", "ballots")


def shifted(file: MeetingFile, opened_at: str) -> MeetingFile:
    """The meeting with its opening at an instant and the rest moved as much.

    What another clock noted stays: instants more than `hours.LONGEST` before the opening or, where
    the clock was off by more than that, nearer to the right opening than to the wrong one.
    """
    former = file.meeting.fields.opened_at
    if former is None:
        return file
    move = partial(_moved, former, opened_at)
    parts: dict[str, Any] = {
        name: tuple(_record(one, move) for one in getattr(file, name)) for name in _PARTS
    }
    return replace(file, meeting=_record(file.meeting, move), **parts)


def moves(before: MeetingFile, after: MeetingFile) -> Iterator[tuple[Record[Any], dict[str, Any]]]:
    """The records that differ between the two, in their former state, each with its new fields."""
    for former, record in zip(_records(before), _records(after), strict=True):
        fields = {
            name: msgspec.to_builtins(getattr(record.fields, name))
            for name in _INSTANTS[record.fields.kind_name]
            if getattr(record.fields, name) != getattr(former.fields, name)
        }
        if fields:
            yield former, fields


def refuse(after: MeetingFile, now: str) -> None:
    """Refusal, about the opening, when the hours after the move are not all past and in order."""
    state, opened_at = MeetingState(after), after.meeting.fields.opened_at or now
    try:
        hours.refuse(state, opened_at, after.meeting.fields.closed_at, now)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="opened_at") from refusal
    late = [one for one in hours.noted(state) if seconds(one.at) > seconds(now)]
    if late:
        raise Refusal(
            f"{late[0].what} à {hour(late[0].at)}, ce qui est encore à venir : donnez une heure"
            " plus tôt.",
            field="opened_at",
        )


def told(before: MeetingFile, after: MeetingFile) -> Sequence[str]:
    """From what to what the hours go, a sentence each."""
    said = [
        f"{what} : {_hours(former, to)}."
        for what, former, to in (
            ("Ouverture", before.meeting.fields.opened_at, after.meeting.fields.opened_at),
            ("Clôture", before.meeting.fields.closed_at, after.meeting.fields.closed_at),
        )
        if former and to and former != to
    ]
    number = Counter(record.fields.kind_name for record, _ in moves(before, after))
    rest = [count(number[kind], *_WORDS[kind]) for kind in _WORDS if number[kind]]
    return [*said, f"Se décalent d'autant : {listed(rest)}."] if rest else said


_WORDS = {
    "agenda_item": ("point", "points"),
    "attendance": ("présence", "présences"),
    "proxy": ("pouvoir", "pouvoirs"),
    "ballot": ("vote", "votes"),
}


def _hours(former: str, to: str) -> str:
    same = dates.local_day(former) == dates.local_day(to)
    words = hour if same else day_and_hour
    return f"{words(former)} devient {words(to)}"


def _records(file: MeetingFile) -> Iterator[Record[Any]]:
    yield file.meeting
    for name in _PARTS:
        yield from getattr(file, name)


def _record(record: Record[Any], move: _Move) -> Record[Any]:
    fields = record.fields
    found = {name: _value(getattr(fields, name), move) for name in _INSTANTS[fields.kind_name]}
    return msgspec.structs.replace(record, fields=msgspec.structs.replace(fields, **found))


def _value(value: Any, move: _Move) -> Any:
    if isinstance(value, tuple):
        return tuple(
            msgspec.structs.replace(one, arrived=move(one.arrived), left=move(one.left))
            for one in value
        )
    return move(value)


def _moved(former: str, to: str, at: str | None) -> str | None:
    """An instant after the move; the same text where it stays."""
    if at is None or seconds(to) == seconds(former) or not _is_concerned(former, to, at):
        return at
    lapse = timedelta(seconds=seconds(to) - seconds(former))
    return (dates.instant(at) + lapse).astimezone(dates.PARIS).isoformat()


def _is_concerned(former: str, to: str, at: str) -> bool:
    longest = hours.LONGEST.total_seconds()
    since, off = seconds(at) - seconds(former), abs(seconds(to) - seconds(former))
    apart = abs(seconds(at) - seconds(to))
    return since >= -longest and (off <= longest or abs(since) < apart)
