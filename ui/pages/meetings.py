"""Séances: the commission's meetings, made, changed, deleted, and opened to be worked on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.domain.records import Meeting, Record
from ui.actions import make_action
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.meeting import MeetingDialog
from ui.exporting import list_actions
from ui.models.meetings import STATUS, MeetingColumn
from ui.models.table import TableModel
from ui.pages.page import Page
from ui.persons import person_options
from ui.tasks import Tasks
from ui.widgets.buttons import action_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.header import PageHeader
from ui.widgets.list_panel import ListPanel
from ui.widgets.pick import Option
from ui.widgets.table import RecordsTable
from ui.words import chose

if TYPE_CHECKING:
    from app.bootstrap import Services


class MeetingsPage(Page):
    """The list of meetings."""

    kinds = frozenset({"meeting"})

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.header = PageHeader("Séances")
        self.new = make_action(self, "Nouvelle séance", self.add_meeting, "Ctrl+N")
        self.edit = make_action(self, "Modifier", self.change_meeting, "Ctrl+E")
        self.table = RecordsTable("Séances", TableModel(MeetingColumn))
        self.empty = EmptyState(
            "calendar-days",
            "Une séance se prépare ici, puis se tient et se conclut.",
            "Préparer une première séance",
        )
        self.panel = ListPanel(self.table, self.empty, "Filtrer les séances")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.header.add_action(action_button(self.edit))
        self.header.add_action(action_button(self.new, kind="primary", icon="plus"))
        self.panel.add_facet(
            Choice([(None, "Tous les états"), *((key, STATUS[key][0]) for key in STATUS)]),
            lambda meeting, status: chose(meeting, "status", status),
        )
        self.panel.add_actions(list_actions(self, self.table))
        self.table.set_order(0, down=True)
        self.body.addWidget(self.header)
        self.body.addWidget(self.panel, 1)

    def _connect(self) -> None:
        self.table.opened.connect(lambda meeting: self.open_requested.emit("meeting", meeting.id))
        self.table.selected.connect(self._on_selected)
        self.table.delete_requested.connect(self._on_delete)
        self.empty.requested.connect(self.add_meeting)

    def refresh(self) -> None:
        commission_id = self.commission_id
        self.read(lambda: self.services.records.list("meeting", commission_id), self._show)

    def _show(self, meetings: Sequence[Record[Meeting]]) -> None:
        self.panel.set_rows(meetings)
        self._on_selected(self.table.current())

    def show_record(self, record_id: str) -> None:
        """Opens a meeting, or that of one of its records."""
        self.read(
            lambda: self._home(record_id),
            lambda found: self.open_requested.emit("meeting", found) if found else None,
        )

    def _home(self, record_id: str) -> str | None:
        """The meeting that a record is, or belongs to."""
        record = self.services.records.envelope(record_id)
        if record.kind == "meeting":
            return record.id
        for name in ("agenda_item_id", "meeting_id", "owner_id"):
            if isinstance(owner := record.fields.get(name), str):
                return self._home(owner)
        return None

    def add_meeting(self) -> None:
        """Asks for the particulars of a new meeting."""
        self._ask(None)

    def change_meeting(self) -> None:
        """Asks for the particulars of the meeting that the keyboard is on."""
        self._ask(self.table.current())

    def _ask(self, meeting: Record[Meeting] | None) -> None:
        commission_id = self.commission_id
        self.read(
            lambda: person_options(self.services, commission_id),
            lambda persons: self._open_dialog(meeting, persons),
        )

    def _open_dialog(self, meeting: Record[Meeting] | None, persons: Sequence[Option]) -> None:
        records, commission_id = self.services.records, self.commission_id

        def save(fields: dict[str, Any]) -> Record[Meeting]:
            if meeting is not None:
                return records.update(meeting.id, fields)
            return records.create("meeting", fields, commission_id)

        dialog = MeetingDialog(meeting, persons, save, self.tasks, self)
        dialog.saved.connect(lambda saved: self._on_saved(saved, made=meeting is None))
        dialog.open()

    def _on_saved(self, meeting: Record[Meeting], *, made: bool) -> None:
        self.changed.emit(frozenset({"meeting"}))
        if made:
            self.open_requested.emit("meeting", meeting.id)

    def _on_selected(self, meeting: Record[Meeting] | None) -> None:
        self.edit.setEnabled(meeting is not None)

    def _on_delete(self, meeting: Record[Meeting]) -> None:
        ConfirmDialog(
            "Supprimer la séance",
            f"La séance « {meeting.fields.title} » sera supprimée avec son ordre du jour, ses"
            " présences, ses votes et ses décisions. Ctrl+Z la fait revenir.",
            "Supprimer la séance",
            lambda: self._delete(meeting),
            self,
        ).open()

    def _delete(self, meeting: Record[Meeting]) -> None:
        self.write(
            lambda: self.services.records.delete(meeting.id, cascade=True),
            {"meeting", "agenda_item", "attendance", "ballot", "decision", "action", "proxy"},
            lambda ids: self.tell(f"La séance « {meeting.fields.title} » est supprimée."),
        )
