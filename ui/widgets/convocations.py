"""The convocations of a meeting: the last lawful day, who gets what, and what has left."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain import notice
from app.domain.attendance import is_current, meeting_day
from app.domain.dates import local_day
from app.domain.meeting_state import MeetingState
from app.domain.records import Person, Record
from app.domain.wording import count, long_day
from ui.days import distance
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.chip import Chip
from ui.widgets.text import Label, label


class Convocations(QFrame):
    """`convene_requested` once everything is ready; what is missing is said instead."""

    convene_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.chip = Chip()
        self.deadline: Label = label("", wrap=True)
        self.recipients: Label = label("", "muted", wrap=True)
        self.convene = button("Convoquer", self.convene_requested.emit, kind="primary", icon="send")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        layout.setSpacing(Space.S)
        layout.addWidget(label("Convocations", "strong"))
        layout.addWidget(self.chip)
        layout.addWidget(self.deadline)
        layout.addWidget(self.recipients)
        layout.addSpacing(Space.XS)
        layout.addWidget(self.convene, 0, Qt.AlignmentFlag.AlignLeft)

    def show_state(self, state: MeetingState, today: date) -> None:
        meeting = state.file.meeting.fields
        planned = meeting.status == "planned"
        self.deadline.setText(_planned(state, today) if planned else _sent(state))
        self.recipients.setText(_recipients(state))
        self.chip.set(*_standing(state, today))
        self.convene.setVisible(planned)
        self.convene.setEnabled(meeting.starts_at is not None and bool(state.file.items))
        self.deadline.setVisible(bool(self.deadline.text()))
        self.recipients.setVisible(bool(self.recipients.text()))


def _standing(state: MeetingState, today: date) -> tuple[str, str]:
    if state.file.meeting.fields.status != "planned":
        return "Convoquée", "success"
    latest = notice.latest_sending(state.file.commission.fields, state.file.meeting.fields)
    if latest is None:
        return "Date à fixer", "neutral"
    return ("Trop tard", "danger") if latest < today else ("À envoyer", "info")


def _planned(state: MeetingState, today: date) -> str:
    latest = notice.latest_sending(state.file.commission.fields, state.file.meeting.fields)
    if latest is None:
        return "Fixez la date de la séance pour connaître le dernier jour d'envoi."
    if not state.file.items:
        return f"À envoyer au plus tard le {long_day(latest)}, une fois l'ordre du jour écrit."
    if latest < today:
        return f"Le dernier jour pour envoyer les convocations était le {long_day(latest)}."
    return f"À envoyer au plus tard le {long_day(latest)}, {distance(latest, today)}."


def _sent(state: MeetingState) -> str:
    days = sorted(
        {local_day(one.fields.sent_at) for one in state.file.convocations if one.fields.sent_at}
    )
    if not days:
        return ""
    number = count(len(state.file.convocations), "convocation")
    return f"{number} notées comme envoyées le {long_day(days[0])}."


def _recipients(state: MeetingState) -> str:
    """How many members are written to by e-mail and how many by letter."""
    people = [person for person in members(state) if person is not None]
    letters = sum(not person.fields.email for person in people)
    emails = len(people) - letters
    parts = [f"{count(emails, 'membre')} par courriel" if emails else ""]
    parts.append(f"{count(letters, 'membre')} par lettre" if letters else "")
    return " et ".join(part for part in parts if part)


def members(state: MeetingState) -> list[Record[Person] | None]:
    """Who is convened: for each seat in office its titular, else its alternate."""
    day = meeting_day(state.file.meeting.fields)
    return [
        state.file.persons.get(
            entry.fields.titular_person_id or entry.fields.alternate_person_id or ""
        )
        for entry in state.file.roster
        if day is None or is_current(entry.fields, day)
    ]
