"""A meeting whose day passed unopened: whether it gathered nobody, and what is then noted."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from app.domain import attendance, dates, hours, wording
from app.domain.attendance import seconds
from app.domain.meeting_state import MeetingState
from app.domain.records import Meeting, Record, RosterEntry
from app.domain.refusals import Refusal


class Unattended(NamedTuple):
    """What is noted of a meeting that gathered nobody: its fields, and which seats are absent."""

    fields: dict[str, Any]
    absent: list[Record[RosterEntry]]


def is_unheld(meeting: Record[Meeting], today: date) -> bool:
    """Whether a meeting was to be held before a local day, and was not opened."""
    fields = meeting.fields
    if "status" in meeting.unread or fields.status not in ("planned", "convened"):
        return False
    return fields.starts_at is not None and dates.local_day(fields.starts_at) < today


def sentence(meeting: Meeting) -> str:
    """« Elle devait se tenir le jeudi 11 décembre 2025 à 18 h 30 et n'a pas été ouverte »"""
    when = f"le {wording.day_and_hour(meeting.starts_at)} " if meeting.starts_at else ""
    return f"Elle devait se tenir {when}et n'a pas été ouverte"


def unattended(state: MeetingState, today: date) -> Unattended:
    """A meeting that gathered nobody, noted as opened and closed at its hour: the quorum fails it.

    Whoever is excused or gave a proxy stays so; the other seats to be called are absent. Raises the
    Refusal of `why_not_unattended`, if there is one.
    """
    if refused := why_not_unattended(state, today):
        raise refused
    file, starts_at = state.file, state.file.meeting.fields.starts_at
    noted = attendance.told_seats(file.attendances, file.roster)
    noted |= {one.fields.giver_entry_id for one in file.proxies if not one.fields.revoked_at}
    return Unattended(
        {"status": "closed", "opened_at": starts_at, "closed_at": starts_at},
        [one for one in _seats(state) if one.id not in noted],
    )


def why_not_unattended(state: MeetingState, today: date) -> Refusal | None:
    """Why a meeting cannot be noted as having gathered nobody; None when it can."""
    meeting = state.file.meeting
    if not is_unheld(meeting, today):
        return _refusal(state, _NOT_UNHELD[_standing(meeting.fields)])
    if _is_uncalled(state):
        return _refusal(
            state, "la séance n'a pas été convoquée : donnez-lui une autre date, ou supprimez-la."
        )
    if was_held(state):
        return _refusal(
            state, "quelqu'un y était, d'après ce qui y est noté : ouvrez-la à sa date."
        )
    if not any(one.fields.voting for one in _seats(state)):
        return _refusal(
            state, "aucun siège n'était pourvu ce jour-là : il n'y a pas de quorum à constater."
        )
    return None


def was_held(state: MeetingState) -> bool:
    """Whether something noted shows that a meeting was held: it may then be opened on its day."""
    noted = state.file.meeting.fields.opened_at is not None or not state.is_bare
    return noted and not _is_uncalled(state)


def _is_uncalled(state: MeetingState) -> bool:
    """Whether the meeting was never convened, which profile `deliberative` requires."""
    return state.profile == "deliberative" and state.file.meeting.fields.status == "planned"


_NOT_UNHELD = {
    "over": "la séance a été ouverte : elle a eu lieu.",
    "undated": "la séance n'a pas de date : fixez-la d'abord.",
    "ahead": "le jour de la séance n'est pas passé : attendez le lendemain.",
}


def _standing(meeting: Meeting) -> str:
    if meeting.status not in ("planned", "convened"):
        return "over"
    return "ahead" if meeting.starts_at else "undated"


def own_opening(state: MeetingState) -> str | None:
    """The opening to note for a meeting that was held but not opened: its planned hour, or the
    first instant noted on that day when it is earlier; None without a date.
    """
    starts_at = state.file.meeting.fields.starts_at
    if starts_at is None:
        return None
    day = dates.local_day(starts_at)
    then = [one.at for one in hours.noted(state) if dates.local_day(one.at) == day]
    return min([starts_at, *then], key=seconds)


def _seats(state: MeetingState) -> list[Record[RosterEntry]]:
    """The seats to be called on the day of the meeting, those without a vote too."""
    day = attendance.meeting_day(state.file.meeting.fields)
    return [one for one in state.file.roster if day and attendance.is_current(one.fields, day)]


def _refusal(state: MeetingState, words: str) -> Refusal:
    return Refusal(words, field="status", record_id=state.file.meeting.id)
