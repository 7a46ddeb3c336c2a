"""Séances: the commission's meetings, to be made, changed, deleted, and opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.convocations import moved
from app.domain.records import Meeting, Record
from ui.actions import make_action
from ui.dialogs.meeting import MeetingDialog
from ui.models.meetings import STATUS, MeetingColumn, MeetingRow, meeting_rows
from ui.pages.list_page import ListPage, ListWords
from ui.pages.meeting.minutes_card import FROZEN
from ui.pages.page import NEW, NO_COMMISSION
from ui.tasks import Tasks
from ui.widgets.buttons import action_button
from ui.widgets.fields import Choice
from ui.words.choices import chose
from ui.words.chord import chord
from ui.words.persons import People, people

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Séances",
    new="Nouvelle séance",
    one="la séance",
    many="séances",
    back="Elle part avec son ordre du jour, ses présences, ses votes et ses décisions."
    f" {chord('Ctrl+Z')} la fait revenir.",
    icon="calendar-days",
    empty="Une séance se prépare ici, puis se tient et se conclut.",
    offer="Préparer une première séance",
)


class MeetingsPage(ListPage):
    """The list of meetings, the latest first."""

    kind = "meeting"
    kinds = frozenset({"meeting", "attendance", "roster_entry", "commission"})
    place = "meeting"
    words = WORDS
    columns = MeetingColumn
    order = (0, True)
    cascade = True
    across = True

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.header.add_action(action_button(self.edit), first=True)
        self.panel.add_facet(
            Choice([(None, "Tous les états"), *((key, STATUS[key][0]) for key in STATUS)]),
            lambda row, status: chose(row.meeting, "status", status),
        )

    def row_actions(self) -> list[QAction]:
        self.edit = make_action(self, "Modifier", self.change_one, "Ctrl+E")
        first, *others = super().row_actions()
        return [first, self.edit, *others]

    def gather(self, commission_id: str | None) -> Sequence[MeetingRow]:
        return meeting_rows(self.services, commission_id)

    def on_chosen(self, rows: Sequence[MeetingRow]) -> None:
        self.edit.setEnabled(len(rows) == 1)

    def show_record(self, record_id: str) -> None:
        """Opens a meeting, or asks for a new one."""
        if record_id == NEW:
            self.add_one()
        else:
            super().show_record(record_id)

    def add_one(self) -> None:
        """Asks for the particulars of a new meeting."""
        if self.commission_id is None:
            self.tell(NO_COMMISSION, "warning")
        else:
            self._ask(None)

    def change_one(self) -> None:
        """Asks for the particulars of the selected meeting."""
        (row,) = self.table.chosen()
        self._ask(row.meeting)

    def _ask(self, meeting: Record[Meeting] | None) -> None:
        commission_id = meeting.commission_id if meeting else self.commission_id
        minutes = self.services.minutes
        self.read(
            lambda: (
                people(self.services, commission_id),
                meeting is not None and minutes.frozen(meeting.id) is not None,
            ),
            lambda found: self._open_dialog(meeting, *found, commission_id),
        )

    def _open_dialog(
        self,
        meeting: Record[Meeting] | None,
        found: People,
        frozen: bool,
        commission_id: str | None,
    ) -> None:
        records = self.services.records

        def save(fields: dict[str, Any]) -> Record[Meeting]:
            if meeting is not None:
                return records.update(meeting.id, fields, over=meeting)
            return records.create("meeting", fields, commission_id)

        dialog = MeetingDialog(meeting, found, save, self.tasks, self)
        if frozen:
            dialog.seal(FROZEN)
        else:
            dialog.offer_person(lambda fields: records.create("person", fields, commission_id))
        dialog.person_added.connect(lambda: self.changed.emit(frozenset({"person"})))
        dialog.saved.connect(lambda saved: self._on_saved(saved, meeting))
        dialog.open()

    def _on_saved(self, meeting: Record[Meeting], former: Record[Meeting] | None) -> None:
        self.changed.emit(frozenset({"meeting"}))
        if former is None:
            self.open_one(meeting.id)
        elif said := moved(former.fields, meeting.fields):
            self.tell(said, "warning")
