"""After a meeting: the draft of the next one, or a second call when its quorum failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain.dates import local_day
from app.domain.meeting_state import MeetingState
from app.domain.reconvening import proposed, taken_over
from app.domain.records import Meeting, Record
from app.domain.wording import count, long_day
from ui.dialogs.dialog import FormDialog
from ui.models.meetings import begins_at
from ui.tasks import Task, Tasks
from ui.widgets.dates import InstantField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.preparation import Reconvened


class WhatNext(Section):
    """`opened` carries the id of the meeting to open; `told` a warning that goes with it."""

    changed = Signal(object)
    failed = Signal(object)
    told = Signal(str, str)
    opened = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Ensuite")
        self.services = services
        self.tasks = tasks
        self._meeting_id = ""
        self._proposed = ""
        self._asked: Task | None = None

    def show_state(self, state: MeetingState) -> None:
        """Shows what can follow a meeting that is over; nothing before."""
        meeting = state.file.meeting
        another, self._meeting_id = meeting.id != self._meeting_id, meeting.id
        if self._asked is not None:
            self._asked.cancel()
        over = meeting.fields.status in ("closed", "approved")
        failed = taken_over(state) if over else []
        if another or not failed:
            self._fill(self._draft() if over else None)
        self.setVisible(over)
        if failed:
            self._proposed = proposed(state, self.services.workspace.clock())
            points = count(len(failed), "point")
            self._asked = self.tasks.run(
                self._second_calls,
                lambda called: self._fill(self._draft(), self._again(points, called)),
                self.failed.emit,
                self,
            )

    def _fill(self, *lines: Line | None) -> None:
        with self.refilled():
            for line in filter(None, lines):
                self.add(line)

    def _draft(self) -> Line:
        line = Line("Préparer la séance suivante", "Son ordre du jour reprend ce qui reste à faire")
        line.clicked.connect(lambda checked=False: self._on_draft())
        return line

    def _on_draft(self) -> None:
        meeting_id = self._meeting_id
        self.tasks.run(
            lambda: self.services.preparation.draft_next(meeting_id),
            lambda meeting: self._on_made(meeting.id),
            self.failed.emit,
            self,
        )

    def _second_calls(self) -> Sequence[Record[Meeting]]:
        """The meetings that take over items of this one, if any; reads the workspace."""
        return self.services.records.list("meeting", reconvened_from_id=self._meeting_id)

    def _again(self, points: str, called: Sequence[Record[Meeting]]) -> Line:
        """The line that makes the second call or, once it is made, leads to it."""
        if called:
            at = begins_at(called[0].fields)
            when = f", le {long_day(local_day(at))}" if at else ""
            line = Line("Voir la nouvelle séance", f"Elle reprend {points}{when}")
        else:
            line = Line("Convoquer à nouveau", f"Le quorum a manqué à {points}")
        line.clicked.connect(lambda checked=False: self._on_again(called))
        return line

    def _on_again(self, called: Sequence[Record[Meeting]]) -> None:
        if called:
            self.opened.emit(called[0].id)
        else:
            self._ask_when(self._meeting_id)

    def _ask_when(self, meeting_id: str) -> None:
        """Proposes the earliest day; Enter takes it."""
        form = Form(1)
        form.add(
            "starts_at",
            "Date et heure de la nouvelle séance",
            InstantField(),
            required="Donnez la date et l'heure de la nouvelle séance.",
            hint="Au plus tôt : trois jours francs après la séance, et le temps de convoquer.",
        )
        form.set_values({"starts_at": self._proposed})
        dialog = FormDialog(
            "Convoquer à nouveau",
            form,
            lambda fields: self.services.preparation.reconvene(meeting_id, fields["starts_at"]),
            self.tasks,
            self,
            confirm="Préparer la séance",
        )
        dialog.saved.connect(self._on_reconvened)
        dialog.open()

    def _on_reconvened(self, made: Reconvened) -> None:
        self._on_made(made.meeting.id)
        if made.warning:
            self.told.emit(f"{made.warning}.", "warning")

    def _on_made(self, meeting_id: str) -> None:
        self.changed.emit(frozenset({"meeting", "agenda_item"}))
        self.opened.emit(meeting_id)
