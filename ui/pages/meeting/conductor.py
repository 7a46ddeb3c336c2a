"""The agenda while the meeting is held: where the meeting stands, and the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain import clock_doubts
from app.domain.records import Meeting
from app.domain.unheld import sentence
from app.domain.wording import hour
from ui.actions import make_action
from ui.dialogs.dialog import ConfirmDialog
from ui.models.agenda import AgendaModel, AgendaRow
from ui.models.meetings import begins_at
from ui.theme import Space
from ui.widgets.agenda_list import AgendaList
from ui.widgets.buttons import action_button, icon_button
from ui.widgets.text import Label, label, restyle
from ui.words.chord import chord


class Conductor(QFrame):
    """Opens the meeting, goes from item to item, closes it."""

    open_asked = Signal()
    next_asked = Signal()
    close_asked = Signal()
    hours_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        model = AgendaModel(self)
        model.movable = False
        self.list = AgendaList(model, compact=True)
        self.standing: Label = label("", "caption", wrap=True)
        self.hours = icon_button("pencil", "Corriger les heures", self.hours_asked.emit)
        self.open = make_action(self, "Ouvrir la séance", self.open_asked.emit, "Ctrl+O")
        self.next = make_action(self, "Point suivant", self.next_asked.emit, "Ctrl+Down")
        self.close_meeting = make_action(
            self, "Clore la séance", self.close_asked.emit, "Ctrl+Shift+O"
        )
        self._open = action_button(self.open, kind="primary")
        self._next = action_button(self.next, kind="primary")
        self._close = action_button(self.close_meeting)
        self._build()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.M, Space.S, Space.M)
        layout.setSpacing(Space.S)
        self.standing.setContentsMargins(Space.S, 0, Space.S, 0)
        standing = QHBoxLayout()
        standing.addWidget(self.standing, 1)
        standing.addWidget(self.hours)
        layout.addLayout(standing)
        layout.addWidget(self.list, 1)
        for step in (self._open, self._next, self._close):
            layout.addWidget(step)

    def begin_step(self) -> None:
        """Gives the keyboard to the button that opens the meeting or, once open, closes it."""
        (self._close if self._open.isHidden() else self._open).setFocus()

    def show_meeting(
        self, meeting: Meeting, rows: Sequence[AgendaRow], *, frozen: bool, unheld: bool
    ) -> None:
        self.list.set_rows(list(rows))
        if self.list.current() is None and rows:
            self.list.select(next((r.id for r in rows if r.progress == "current"), rows[0].id))
        started = meeting.status == "open"
        self.hours.setHidden(meeting.status in ("planned", "convened"))
        for step, made, shown in (
            (self.open, self._open, meeting.status in ("planned", "convened")),
            (self.next, self._next, started),
            (self.close_meeting, self._close, started),
        ):
            step.setVisible(shown)
            made.setVisible(shown)
        last = next_item(rows) is None
        self.next.setEnabled(not last)
        restyle(self._close, "kind", "primary" if last else "plain")
        sealed = ", procès-verbal gelé" if frozen else ""
        past = f"{sentence(meeting)} : l'onglet Conclure dit que faire." if unheld else ""
        self.standing.setText(past or f"{standing(meeting)}{sealed}")


def open_on_its_day(
    meeting: Meeting, now: datetime, work: Callable[[], object], parent: QWidget
) -> None:
    """Opens a meeting by `work`; far from its hour, asks first, as the clock's hour is noted."""
    keys = chord("Ctrl+Maj+E")
    doubt = clock_doubts.before_opening(now, begins_at(meeting), keys)
    if not doubt:
        work()
        return
    ConfirmDialog("Ouvrir la séance", doubt, "Ouvrir maintenant", work, parent, danger=False).open()


def next_item(rows: Sequence[AgendaRow]) -> AgendaRow | None:
    """The item to begin next: the first that has not begun and is not withdrawn."""
    return next((row for row in rows if not row.progress and not row.withdrawn), None)


def standing(meeting: Meeting) -> str:
    """« Séance ouverte à 18 h 33 »."""
    if meeting.closed_at:
        return f"Séance close à {hour(meeting.closed_at)}"
    if meeting.opened_at:
        return f"Séance ouverte à {hour(meeting.opened_at)}"
    return "La séance n'est pas ouverte"
