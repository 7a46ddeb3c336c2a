"""The list of a commission's meetings."""

from __future__ import annotations

from app.domain.records import Meeting, Record
from ui.models.table import Column, Columns
from ui.typed_dates import written_day_of, written_hour
from ui.words import NEWER

STATUS = {
    "planned": ("Prévue", "neutral"),
    "convened": ("Convoquée", "info"),
    "open": ("En cours", "accent"),
    "closed": ("Close", "warning"),
    "approved": ("Approuvée", "success"),
}
"""The words and the tone of each status of a meeting."""

MeetingRecord = Record[Meeting]


def status_of(meeting: MeetingRecord) -> tuple[str, str]:
    """The words and the tone of a meeting's status, as far as this program knows it."""
    return (NEWER, "neutral") if "status" in meeting.unread else STATUS[meeting.fields.status]


class MeetingColumn(Columns):
    """One meeting a row; without a date it comes last."""

    DAY = Column[MeetingRecord](
        "Date",
        lambda meeting: written_day_of(meeting.fields.starts_at) or "À fixer",
        lambda meeting: meeting.fields.starts_at,
        width=120,
    )
    HOUR = Column[MeetingRecord](
        "Heure", lambda meeting: written_hour(meeting.fields.starts_at), width=90, role="muted"
    )
    TITLE = Column[MeetingRecord]("Séance", lambda meeting: meeting.fields.title, width=0)
    PLACE = Column[MeetingRecord](
        "Lieu", lambda meeting: meeting.fields.place, width=280, role="muted"
    )
    STATUS = Column[MeetingRecord](
        "État",
        lambda meeting: status_of(meeting)[0],
        lambda meeting: list(STATUS).index(meeting.fields.status),
        tone=lambda meeting: status_of(meeting)[1],
        width=140,
    )
