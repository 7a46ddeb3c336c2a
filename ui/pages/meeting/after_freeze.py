"""What may still happen to frozen minutes: their approval, and numbered addenda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import local_day
from app.domain.meeting_state import MeetingState
from app.domain.records import Meeting, Minutes, Record
from app.domain.schedule import beginning
from app.domain.wording import capitalised, short_day
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.dialog import FormDialog
from ui.dialogs.document import DocumentDialog
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.pick import Option
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.bootstrap import Services

KINDS = frozenset({"minutes", "meeting"})


class AfterFreeze(QWidget):
    """`shown` carries the id of an addendum to be shown; `approve` and `note` stand elsewhere."""

    changed = Signal(object)
    failed = Signal(object)
    shown = Signal(str)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.tasks = tasks
        self.addenda = Section("Additifs")
        self.note = button("Note d'approbation…", self._on_note, icon="file-text")
        self.write = button("Rédiger un additif", self._on_write, kind="quiet", icon="plus")
        self.approve = button("Noter l'approbation", self._on_approve)
        self._minutes: Record[Minutes] | None = None
        self._meeting: Record[Meeting] | None = None
        self.addenda.add_beside(self.write)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        layout.addWidget(self.addenda)

    def show_state(self, state: MeetingState, minutes: Record[Minutes] | None) -> None:
        """Shows what can be done to the minutes; nothing before their freeze."""
        self._minutes = minutes
        self._meeting = state.file.meeting
        self.setVisible(minutes is not None)
        closed = state.file.meeting.fields.status == "closed"
        self.approve.setVisible(minutes is not None and closed)
        self.note.setVisible(
            minutes is not None and minutes.fields.approved_at_meeting_id is not None
        )
        if minutes is None:
            return
        self.addenda.clear()
        addenda = [one for one in state.file.minutes if one.fields.addendum_to_id == minutes.id]
        for one in addenda:
            self.addenda.add(self._line(one))
        if not addenda:
            self.addenda.say("Une erreur se corrige par un additif, qui dit quoi et pourquoi.")

    def _line(self, addendum: Record[Minutes]) -> Line:
        fields = addendum.fields
        words = f"Additif n° {fields.number}" if fields.number else "Additif en projet"
        when = f"gelé le {short_day(local_day(fields.frozen_at))}" if fields.frozen_at else ""
        detail = ", ".join(part for part in (when, fields.reason) if part)
        line = Line(words, capitalised(detail))
        line.clicked.connect(lambda checked=False: self.shown.emit(addendum.id))
        return line

    # An addendum

    def _on_write(self) -> None:
        if self._minutes is None:
            return
        dialog = FormDialog(
            "Rédiger un additif",
            _addendum_form(),
            self._freeze,
            self.tasks,
            self,
            confirm="Geler l'additif",
        )
        dialog.saved.connect(self._on_frozen)
        dialog.open()

    def _freeze(self, fields: dict[str, Any]) -> Record[Minutes]:
        """Runs off the GUI thread."""
        assert self._minutes is not None
        return self.services.minutes.correct(self._minutes, fields).record

    def _on_frozen(self, record: Record[Minutes]) -> None:
        self.changed.emit(KINDS)
        self.shown.emit(record.id)

    # The approval

    def _on_note(self) -> None:
        """Shows the cover note, to be printed alone or with the frozen minutes behind it."""
        if self._meeting is None:
            return
        meeting_id = self._meeting.id
        dialog = DocumentDialog("Note d'approbation", self.services, self.tasks, self)
        dialog.pane.run(
            lambda: self.services.documents.approval_note(meeting_id),
            lambda papers: dialog.pane.take(papers[0], along=papers[1:]),
        )
        dialog.open()

    def _on_approve(self) -> None:
        if self._meeting is None:
            return
        meeting = self._meeting
        self.tasks.run(
            lambda: self.services.records.list("meeting", meeting.commission_id),
            lambda found: self._choose(meeting, found),
            self.failed.emit,
            self,
        )

    def _choose(self, meeting: Record[Meeting], found: Sequence[Record[Meeting]]) -> None:
        later = [
            Option(one.id, _named(one.fields))
            for one in found
            if beginning(one) > beginning(meeting)
        ]
        dialog = ChooseDialog(
            "Noter l'approbation",
            "Approuvé à la séance",
            later,
            lambda approving: self.services.meetings.approve(meeting.id, approving),
            self.tasks,
            parent=self,
            confirm="Noter l'approbation",
        )
        dialog.saved.connect(lambda approved: self.changed.emit(KINDS))
        dialog.open()


def _named(meeting: Meeting) -> str:
    when = f", {short_day(local_day(meeting.starts_at))}" if meeting.starts_at else ""
    return f"{meeting.title}{when}"


def _addendum_form() -> Form:
    form = Form(1)
    form.add("replaces", "Ce qu'il remplace", TextField("Point 4, le nom du rapporteur"))
    form.add("text", "Texte de l'additif", LongField(lines=5), required="Écrivez ce qu'il corrige.")
    form.add(
        "reason",
        "Motif",
        TextField("Erreur de saisie"),
        hint="Une fois gelé, l'additif ne change plus et prend un numéro.",
    )
    return form
