"""What may still happen to frozen minutes: their approval, and numbered addenda."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.dates import local_day
from app.domain.meeting_state import MeetingState
from app.domain.minutes import in_order
from app.domain.records import Meeting, Minutes, Record
from app.domain.steps import may_approve
from app.domain.wording import short_day
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.document import DocumentDialog
from ui.pages.meeting.addenda import SEALED, Addenda
from ui.saving import save_document
from ui.tasks import LONG, Tasks
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.pick import Option

if TYPE_CHECKING:
    from app.bootstrap import Services

MAIL = "Un brouillon .eml, les membres en copie cachée, procès-verbal joint"

TOO_EARLY = "L'approbation se note une fois ouverte la séance qui approuve."


class AfterFreeze(QWidget):
    """`shown` carries the id of an addendum to be read, `told` a sentence and its tone.

    The buttons `mail`, `approve` and `note` are made here, and laid out by the tab around.
    """

    changed = Signal(object)
    failed = Signal(object)
    told = Signal(str, str)
    shown = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__()
        self.services = services
        self.tasks = tasks
        self.addenda = Addenda(services, tasks)
        self.mail = button("Courriel…", self._on_mail, icon="send", tip=MAIL)
        self.note = button("Note d'approbation…", self._on_note, icon="file-text")
        self.approve = button("Noter l'approbation", self._on_approve)
        self._meeting: Record[Meeting] | None = None
        for one in ("changed", "failed", "told", "shown"):
            getattr(self.addenda, one).connect(getattr(self, one))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        layout.addWidget(self.addenda)

    def show_state(self, state: MeetingState, minutes: Record[Minutes] | None) -> None:
        """Shows what can be done to the minutes; nothing before their freeze."""
        self._meeting = state.file.meeting
        self.setVisible(minutes is not None)
        closed = state.file.meeting.fields.status == "closed"
        self.mail.setVisible(minutes is not None)
        self.approve.setVisible(minutes is not None and closed)
        self.note.setVisible(
            minutes is not None and minutes.fields.approved_at_meeting_id is not None
        )
        if minutes is not None:
            self.addenda.show_addenda(minutes, addenda_to(state, minutes))

    # The e-mail

    def _on_mail(self) -> None:
        """Makes the e-mail draft that carries the frozen minutes, and asks where to save it."""
        if self._meeting is None:
            return
        documents, meeting_id = self.services.documents, self._meeting.id
        self.tasks.run(
            lambda: documents.draft("minutes", meeting_id),
            lambda draft: save_document(draft, self.tasks, self, self._say, self.failed.emit),
            self.failed.emit,
            self,
            lane=LONG,
        )

    def _say(self, sentence: str) -> None:
        self.told.emit(sentence, "success")

    # The approval

    def _on_note(self) -> None:
        """Shows the note of approval, to be printed alone or with the frozen minutes behind it."""
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
            if may_approve(one.fields, meeting.fields)
        ]
        if not later:
            self.told.emit(TOO_EARLY, "info")
            return
        dialog = ChooseDialog(
            "Noter l'approbation",
            "Approuvé à la séance",
            later,
            lambda approving: self.services.meetings.approve(meeting.id, approving),
            self.tasks,
            parent=self,
            confirm="Noter l'approbation",
        )
        dialog.saved.connect(lambda approved: self.changed.emit(SEALED))
        dialog.open()


def _named(meeting: Meeting) -> str:
    when = f", {short_day(local_day(meeting.starts_at))}" if meeting.starts_at else ""
    return f"{meeting.title}{when}"


def addenda_to(state: MeetingState, minutes: Record[Minutes]) -> list[Record[Minutes]]:
    """The addenda to the minutes of a meeting, in their order."""
    return in_order(one for one in state.file.minutes if one.fields.addendum_to_id == minutes.id)
