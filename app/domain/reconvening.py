"""A second call after a failed quorum: which items it takes over, and from which day (L2121-17)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain import dates, notice, wording
from app.domain.agenda_templates import GENERIC
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Record
from app.domain.refusals import Refusal


def taken_over(state: MeetingState) -> list[Record[AgendaItem]]:
    """The items that the quorum failed, in the order of the agenda, the withdrawn ones aside."""
    return [item for item in state.file.items if not item.fields.withdrawn and state.failed(item)]


def refuse(state: MeetingState, starts_at: str, now: datetime) -> None:
    """Refusal when no second call may be prepared at an instant.

    That is when the meeting was not convened or not held yet, when its quorum failed no item, when
    the second call would not come later and, in profile `deliberative`, when fewer than three clear
    days would part the two meetings.
    """
    start, status = state.opening, state.file.meeting.fields.status
    if status == "planned" or start is None or dates.instant(start) > now:
        raise _refusal(
            state,
            "la séance n'a pas encore eu lieu : elle se reconvoque quand le quorum y a manqué.",
            "status",
        )
    if not taken_over(state):
        raise _refusal(
            state,
            "le quorum n'a manqué à aucun point, il n'y a rien à reprendre : préparez plutôt la"
            " séance suivante.",
            "status",
        )
    if dates.instant(starts_at) <= dates.instant(start):
        raise _refusal(
            state,
            "la nouvelle séance suit celle qu'elle reprend : choisissez une date plus tardive.",
            "starts_at",
        )
    earliest = notice.reconvening_from(dates.local_day(start))
    if state.profile == "deliberative" and dates.local_day(starts_at) < earliest:
        raise _refusal(
            state,
            "trois jours francs au moins séparent les deux séances ; choisissez une date à partir"
            f" du {wording.long_day(earliest)}.",
            "starts_at",
        )


def way_on(state: MeetingState) -> str:
    """What to do while an open meeting lacks its quorum; empty where the quorum is not binding."""
    start, opened = state.opening, state.file.meeting.fields.status == "open"
    waived = any(map(state.is_taken_over, state.file.items))
    if state.profile != "deliberative" or not opened or start is None or waived:
        return ""
    earliest = notice.reconvening_from(dates.local_day(start))
    return (
        "Attendez, ou prenez « Clore la séance » puis « Convoquer à nouveau », pour le"
        f" {wording.long_day(earliest)} au plus tôt."
    )


def proposed(state: MeetingState, now: datetime) -> str:
    """When a second call may be held at the earliest, at the hour of the meeting that failed.

    Three clear days after it, and far enough from now for the convocations to leave today.
    """
    meeting = state.file.meeting.fields
    failed = dates.instant(meeting.starts_at or state.opening or now.isoformat())
    failed = failed.astimezone(dates.PARIS)
    today = now.astimezone(dates.PARIS).date()
    notice_days = notice.clear_days(state.file.commission.fields)
    day = max(notice.reconvening_from(failed.date()), dates.later(today, days=notice_days + 1))
    return datetime.combine(day, failed.time(), dates.PARIS).isoformat()


def _refusal(state: MeetingState, sentence: str, field: str) -> Refusal:
    return Refusal(sentence, field=field, record_id=state.file.meeting.id)


def meeting_fields(state: MeetingState, starts_at: str) -> dict[str, Any]:
    """The fields of the second call: the same place and people, at another time."""
    failed = state.file.meeting.fields
    ends_at = None
    if failed.starts_at and failed.ends_at:
        lasts = dates.instant(failed.ends_at) - dates.instant(failed.starts_at)
        seconds = max(int(lasts.total_seconds()), 0)
        ends_at = dates.later(dates.instant(starts_at), seconds=seconds).isoformat()
    return {
        "title": failed.title,
        "place": failed.place,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "chair_person_id": failed.chair_person_id,
        "secretary_ids": list(failed.secretary_ids),
        "reconvened_from_id": state.file.meeting.id,
    }


def item_fields(state: MeetingState) -> list[dict[str, Any]]:
    """The items of the second call, in their order; it opens with a roll call of its own."""
    items = [_item(item) for item in taken_over(state)]
    if items and items[0]["kind"] != "opening":
        items.insert(0, {"kind": "opening", "title": GENERIC["opening"]})
    return items


def _item(item: Record[AgendaItem]) -> dict[str, Any]:
    fields = item.fields
    return {
        "kind": fields.kind,
        "title": fields.title,
        "linked_id": fields.linked_id,
        "planned_minutes": fields.planned_minutes,
        "presenter": fields.presenter,
        "notes": "" if fields.started_at else fields.notes,
        "reconvened_item_id": item.id,
    }
