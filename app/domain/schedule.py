"""The planned hours of a meeting: when each item should begin, and when all of them should end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

from app.domain import dates, wording
from app.domain.attendance import seconds
from app.domain.records import AgendaItem, Meeting, Record


@dataclass(frozen=True)
class Schedule:
    """The hours that planned durations add up to, in Europe/Paris; None before the date is set.

    `begins` goes by item id and leaves the withdrawn ones out; it is None after an item without a
    duration. `untimed` counts the items without one, `beyond` the minutes by which the items go
    past the end that the meeting announces.
    """

    begins: dict[str, datetime | None]
    minutes: int
    ends_at: datetime | None
    untimed: int = 0
    beyond: int = 0

    @property
    def sentence(self) -> str:
        """« Fin prévue à 20 h 15 (1 h 45), 1 point sans durée »"""
        if not self.minutes:
            return "Aucune durée prévue"
        words = f"Durée prévue : {lasting(self.minutes)}"
        if self.ends_at is not None:
            words = f"Fin prévue à {wording.hour(self.ends_at.isoformat())}"
            words += f" ({lasting(self.minutes)})"
        if self.beyond:
            words += f", {lasting(self.beyond)} après l'heure annoncée"
        if self.untimed:
            words += f", {wording.count(self.untimed, 'point')} sans durée"
        return words


def beginning(meeting: Record[Meeting], undated: float = -inf) -> float:
    """When a meeting begins, in seconds since the epoch; `undated` for one without a date."""
    return seconds(meeting.fields.starts_at) if meeting.fields.starts_at else undated


def planned(meeting: Meeting, items: Iterable[Record[AgendaItem]]) -> Schedule:
    """The schedule of an agenda given in its order."""
    start = dates.instant(meeting.starts_at) if meeting.starts_at else None
    begins: dict[str, datetime | None] = {}
    minutes = untimed = 0
    kept = [item for item in items if not item.fields.withdrawn]
    foretold = start if any(item.fields.planned_minutes for item in kept) else None
    for item in kept:
        begins[item.id] = None if untimed else _after(foretold, minutes)
        minutes += item.fields.planned_minutes or 0
        untimed += item.fields.planned_minutes is None
    ends_at = _after(start, minutes)
    return Schedule(begins, minutes, ends_at, untimed, _beyond(ends_at, meeting.ends_at))


def lasting(minutes: int) -> str:
    """« 45 min », « 2 h », « 1 h 45 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def _after(start: datetime | None, minutes: int) -> datetime | None:
    """So many minutes later, counted in UTC: right even in a night when the clocks change."""
    if start is None:
        return None
    return dates.later(start.astimezone(UTC), minutes=minutes).astimezone(dates.PARIS)


def _beyond(ends_at: datetime | None, announced: str | None) -> int:
    if ends_at is None or announced is None:
        return 0
    return max(int((ends_at - dates.instant(announced)).total_seconds() // 60), 0)
