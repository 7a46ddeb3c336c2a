"""The card of the next meeting: when, where, how far it is, and the step that comes next."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout

from app.domain.dates import local_day
from app.domain.records import Meeting, Record
from app.domain.wording import capitalised, count, day_and_hour, long_day
from app.services.overview import Overview
from ui.models.meetings import begins_at, is_due
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.chip import Chip
from ui.widgets.section import INSET
from ui.widgets.text import Label, label
from ui.words.days import distance

STEPS = {
    "planned": "Préparer la séance",
    "convened": "Voir la séance",
    "open": "Reprendre la séance",
}

DUE = "Tenir la séance"
"""The step of a convened meeting on its day."""

MEETING = (
    "meetings",
    "Aucune séance n'est prévue",
    "Fixez une date et un lieu : l'ordre du jour se prépare ensuite.",
    "Préparer une séance",
)
SEATS = (
    "organisations",
    "La commission n'a pas encore de siège",
    "Ouvrez chaque collectivité qui en fait partie et donnez-lui un siège : elle sera convoquée et"
    " comptée dans le quorum. Un tableau des membres s'importe aussi, par le menu ⋮ de la liste."
    " La première séance se prépare ensuite.",
    "Choisir les collectivités",
)
"""What to do where no meeting is planned: the page to go to, a title, how, and the button."""


class NextMeeting(QGroupBox):
    """`opened` carries the id of the meeting shown; `asked` the page that makes what is missing."""

    opened = Signal(str)
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.over: Label = label("", "caption")
        self.chip = Chip()
        self.what: Label = label("", "section", wrap=True)
        self.when: Label = label("", "lead", wrap=True)
        self.where: Label = label("", "muted", wrap=True)
        self.notice: Label = label("", "body", wrap=True)
        self.step = button("", self._on_step, kind="primary")
        self._meeting: Record[Meeting] | None = None
        self._lacks = ""
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.over)
        head.addStretch()
        head.addWidget(self.chip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSET, Space.L, INSET, INSET)
        layout.setSpacing(Space.XS)
        layout.addLayout(head)
        for widget in (self.what, self.when, self.where):
            layout.addWidget(widget)
        layout.addSpacing(Space.S)
        layout.addWidget(self.notice)
        layout.addSpacing(Space.M)
        layout.addWidget(self.step, 0, Qt.AlignmentFlag.AlignLeft)

    def show_overview(self, view: Overview, today: date) -> None:
        self._meeting = view.meeting
        if view.meeting is None:
            self._show_none(*(MEETING if view.seated else SEATS))
        else:
            self._show_meeting(view.meeting.fields, view, today)
        for words in (self.when, self.where, self.notice):
            words.setVisible(bool(words.text()))
        self.setAccessibleName(f"{self.over.text()} : {self.what.text()}")

    def _show_none(self, lacks: str, title: str, how: str, step: str) -> None:
        self._lacks = lacks
        self.over.setText("Prochaine séance")
        self.chip.set("")
        self.what.setText(title)
        self.when.setText("")
        self.where.setText(how)
        self.notice.setText("")
        self.step.setText(step)

    def _show_meeting(self, meeting: Meeting, view: Overview, today: date) -> None:
        starts = begins_at(meeting)
        self.over.setText("Séance en cours" if meeting.status == "open" else "Prochaine séance")
        self.chip.set(capitalised(distance(local_day(starts), today)) if starts else "", "accent")
        self.what.setText(meeting.title)
        self.when.setText(capitalised(day_and_hour(starts)) if starts else "Date à fixer")
        self.where.setText(meeting.place)
        self.notice.setText(_notice(view, today))
        self.step.setText(DUE if is_due(meeting, today) else STEPS[meeting.status])

    def _on_step(self) -> None:
        if self._meeting is None:
            self.asked.emit(self._lacks)
        else:
            self.opened.emit(self._meeting.id)


def _notice(view: Overview, today: date) -> str:
    """What is to be done before the meeting: an agenda to write, convocations to send."""
    if not view.item_count:
        return "L'ordre du jour est vide."
    agenda = count(view.item_count, "point") + " à l'ordre du jour"
    latest = view.latest_sending_on
    left = count(view.unsent, "membre reste à convoquer", "membres restent à convoquer")
    if latest is None:
        return f"{agenda}. {left}." if view.unsent else f"{agenda}."
    if latest < today and view.unsent:
        return f"{agenda}. {left}, alors qu'il fallait le faire le {long_day(latest)}."
    if latest < today:
        return f"{agenda}. Les convocations devaient partir le {long_day(latest)}."
    to_send = left if view.unsent else "Convocations à envoyer"
    return f"{agenda}. {to_send} au plus tard le {long_day(latest)}, {distance(latest, today)}."
