"""After a meeting: the draft of the next one, or a second call when its quorum failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain.meeting_state import MeetingState
from app.domain.reconvening import proposed, taken_over
from app.domain.records import Meeting, Record
from app.domain.wording import count
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.dates import InstantField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.preparation import Reconvened

KINDS = frozenset({"meeting", "agenda_item"})


class WhatNext(Section):
    """`opened` carries the id of the meeting made; `told` a warning that goes with it."""

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

    def show_state(self, state: MeetingState) -> None:
        """Shows what can follow a meeting that is over; nothing before."""
        meeting = state.file.meeting
        self._meeting_id = meeting.id
        self.clear()
        over = meeting.fields.status in ("closed", "approved")
        self.setVisible(over)
        if not over:
            return
        draft = Line(
            "Préparer la séance suivante", "Son ordre du jour reprend ce qui reste à faire"
        )
        draft.clicked.connect(lambda checked=False: self._on_draft())
        self.add(draft)
        failed = taken_over(state)
        if failed:
            self._proposed = proposed(state, self.services.workspace.clock())
            detail = f"Le quorum a manqué à {count(len(failed), 'point')}"
            again = Line("Convoquer à nouveau", detail)
            again.clicked.connect(lambda checked=False: self._on_reconvene())
            self.add(again)

    def _on_draft(self) -> None:
        meeting_id = self._meeting_id
        self.tasks.run(
            lambda: self.services.preparation.draft_next(meeting_id),
            lambda meeting: self._on_made(meeting.id),
            self.failed.emit,
            self,
        )

    def _on_reconvene(self) -> None:
        """Leads to the second call, once there is one."""
        meeting_id, records = self._meeting_id, self.services.records

        def go_on(again: Sequence[Record[Meeting]]) -> None:
            if meeting_id != self._meeting_id:
                return  # it was left meanwhile
            if again:
                self.opened.emit(again[0].id)
            else:
                self._ask_when(meeting_id)

        self.tasks.run(
            lambda: records.list("meeting", reconvened_from_id=meeting_id),
            go_on,
            self.failed.emit,
            self,
        )

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
        self.changed.emit(KINDS)
        self.opened.emit(meeting_id)
