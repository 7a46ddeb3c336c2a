"""The convocations of a meeting: the last lawful day, who gets what, and what was sent."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from app.domain.convocations import Channel
from app.domain.meeting_state import MeetingState
from app.domain.wording import count
from app.services.convocations import Dispatch, dispatch
from ui.widgets.buttons import button
from ui.widgets.chip import Chip
from ui.widgets.section import Section
from ui.widgets.text import Label, label

CHANNELS: tuple[tuple[Channel, str], ...] = (
    ("email", "par courriel"),
    ("letter", "par lettre"),
    ("hand", "en main propre"),
)


class Convocations(Section):
    """`convene_requested` asks to convene, which fixes the agenda; `detail_requested` to show each
    member.
    """

    convene_requested = Signal()
    detail_requested = Signal()

    def __init__(self) -> None:
        super().__init__("Convocations")
        self.chip = Chip()
        self.deadline: Label = label("", wrap=True)
        self.recipients: Label = label("", "muted", wrap=True)
        self.convene = button("Convoquer", self.convene_requested.emit, kind="primary", icon="send")
        self.detail = button("Voir les envois", self.detail_requested.emit)
        self.add_beside(self.chip)
        self.hold(self.deadline)
        self.hold(self.recipients)
        self.offer(self.convene, self.detail)

    def show_state(self, state: MeetingState, today: date) -> None:
        found = dispatch(state.file, today)
        meeting = state.file.meeting.fields
        self.chip.set(*_standing(state, found, today))
        self.deadline.setText(f"{found.deadline}.")
        told = (_recipients(found), found.unnamed_sentence, _way_on(state, found, today))
        self.recipients.setText("\n".join(filter(None, told)))
        self.recipients.setVisible(bool(self.recipients.text()))
        self.convene.setVisible(meeting.status == "planned")
        self.convene.setEnabled(meeting.starts_at is not None and bool(state.file.items))
        self.detail.setVisible(bool(found.recipients))


def _standing(state: MeetingState, found: Dispatch, today: date) -> tuple[str, str]:
    if _all_sent(found):
        return "Envoi noté", "success"
    if found.latest_on is None:
        return "Date à fixer", "neutral"
    if found.latest_on < today:
        return "Trop tard", "danger"
    convened = state.file.meeting.fields.status != "planned"
    return ("Des envois manquent", "warning") if convened else ("À envoyer", "info")


def _all_sent(found: Dispatch) -> bool:
    return bool(found.recipients) and not found.waiting


def _way_on(state: MeetingState, found: Dispatch, today: date) -> str:
    """What to do to convene a meeting in time, where something prevents it."""
    meeting = state.file.meeting.fields
    if meeting.status != "planned":
        return ""
    if not state.file.items:
        return "Composez d'abord l'ordre du jour."
    if found.latest_on is None:
        return "« Modifier », en haut, donne la date."
    if today <= found.latest_on or _all_sent(found):
        nowhere = "Le lieu manque aux convocations : « Modifier », en haut, le donne."
        return "" if meeting.place.strip() else nowhere
    urgent = "" if meeting.emergency else ", ou l'urgence"
    return f"« Modifier », en haut, change la date{urgent}."


def _recipients(found: Dispatch) -> str:
    """How many members are written to, and how."""
    parts = []
    for channel, words in CHANNELS:
        number = len(found.by(channel))
        if number:
            parts.append(f"{count(number, 'membre')} {words}")
    return ", ".join(parts)
