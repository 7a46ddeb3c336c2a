"""The list of meetings, of a commission or of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.dates import local_day
from app.domain.meeting_names import is_called
from app.domain.records import Meeting, Record
from app.services.turnouts import Turnout, turnouts
from ui.models.scope import commission, commission_names
from ui.models.table import Column, Columns
from ui.words.choices import NEWER
from ui.words.typed_dates import written_day_of, written_hour

if TYPE_CHECKING:
    from app.bootstrap import Services

STATUS = {
    "planned": ("Prévue", "neutral"),
    "convened": ("Convoquée", "info"),
    "open": ("En cours", "accent"),
    "closed": ("Close", "warning"),
    "approved": ("Approuvée", "success"),
}
"""The words and the tone of each status of a meeting."""


def begins_at(meeting: Meeting) -> str | None:
    """When a meeting is to begin, else, where it was held without a date, when it was opened."""
    return meeting.starts_at or meeting.opened_at


def is_due(meeting: Meeting, today: date) -> bool:
    """Whether a meeting is convened for this day."""
    at = meeting.starts_at if meeting.status == "convened" else None
    return at is not None and local_day(at) == today


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as a list shows it; where one commission alone is listed `commission` is "" and
    `turnout` None.
    """

    meeting: Record[Meeting]
    commission: str
    turnout: Turnout | None

    @property
    def id(self) -> str:
        return self.meeting.id

    @property
    def at(self) -> str | None:
        return begins_at(self.meeting.fields)

    @property
    def title(self) -> str:
        return self.meeting.fields.title

    def is_meant(self, word: str) -> bool:
        """Whether a folded word of the filter names the meeting by its number or its date."""
        day = local_day(self.at) if self.at else None
        return is_called(word, self.meeting.fields.number, day)


def status_of(meeting: Record[Meeting]) -> tuple[str, str]:
    """The words and the tone of a meeting's status, as far as this program knows it."""
    return (NEWER, "neutral") if "status" in meeting.unread else STATUS[meeting.fields.status]


class MeetingColumn(Columns):
    """One meeting a row; one without a date sorts as later than all others."""

    DAY = Column[MeetingRow](
        "Date",
        lambda row: written_day_of(row.at) or "À fixer",
        lambda row: row.at or "9999",
        width=112,
        finds=lambda row, word: row.is_meant(word),
    )
    HOUR = Column[MeetingRow]("Heure", lambda row: written_hour(row.at), width=80, role="muted")
    TITLE = Column[MeetingRow]("Séance", lambda row: row.title, width=0)
    COMMISSION = commission()
    PLACE = Column[MeetingRow](
        "Lieu", lambda row: row.meeting.fields.place, width=144, role="muted", lines=2
    )
    STATUS = Column[MeetingRow](
        "État",
        lambda row: status_of(row.meeting)[0],
        lambda row: list(STATUS).index(row.meeting.fields.status),
        tone=lambda row: status_of(row.meeting)[1],
        width=120,
    )
    TURNOUT = Column[MeetingRow](
        "Présents à l'ouverture",
        lambda row: _turnout_words(row.turnout),
        lambda row: row.turnout and row.turnout.present / max(row.turnout.seats, 1),
        tone=lambda row: "danger" if row.turnout and row.turnout.missed else "success",
        width=240,
        hides="empty",
    )


def meeting_rows(services: Services, commission_id: str | None) -> list[MeetingRow]:
    """The meetings of a commission, or of all for None; reads the workspace."""
    commissions = commission_names(services, commission_id)
    meetings: Sequence[Record[Meeting]] = services.records.list("meeting", commission_id or "*")
    found = {} if commission_id else turnouts(services.records)
    return [
        MeetingRow(one, commissions.get(one.commission_id or "", ""), found.get(one.id))
        for one in meetings
    ]


def _turnout_words(turnout: Turnout | None) -> str:
    """« 9 sur 15 », « 6 sur 15, sans quorum, 2 en retard »; nothing where nobody was called."""
    if turnout is None:
        return ""
    said = f"{turnout.present} sur {turnout.seats}"
    missed = ", sans quorum" if turnout.missed else ""
    late = f", {turnout.late} en retard" if turnout.late else ""
    return f"{said}{missed}{late}"
