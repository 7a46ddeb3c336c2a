"""Suites à donner: what a meeting decided to have done, by whom and when, until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.wording import agree, count
from ui.actions import make_action
from ui.dialogs.outcome import open_action
from ui.models.actions import NOTHING, STATES, ActionColumn, ActionRow, action_rows
from ui.pages.list_page import ListPage, ListWords
from ui.tasks import Tasks
from ui.widgets.buttons import action_button
from ui.widgets.fields import Choice
from ui.words.choices import chose
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Suites à donner",
    one="la suite à donner",
    many="suites à donner",
    back=f"{chord('Ctrl+Z')} la fait revenir.",
    icon="list-checks",
    empty=NOTHING,
)


class ActionsPage(ListPage):
    """The list of actions, the late ones first; they are made at meetings, not here."""

    kind = "action"
    kinds = frozenset({"action", "agenda_item", "meeting", "organisation", "commission"})
    words = WORDS
    behind = "Accueil"
    columns = ActionColumn
    order = (list(ActionColumn).index(ActionColumn.STATE), False)
    across = True

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        states = ((key, STATES[key][0]) for key in ("open", "late", "done", "dropped"))
        self.panel.add_facet(
            Choice([(None, "Tous les états"), *states]),
            lambda row, state: row.late if state == "late" else chose(row.action, "status", state),
        )
        for action in (self.meet, self.end):
            self.header.add_action(action_button(action))

    def row_actions(self) -> list[QAction]:
        self.end = make_action(self, "Noter comme faite", self.end_chosen, "Ctrl+T", "check")
        self.meet = make_action(self, "Ouvrir la séance", self.open_meeting, "Ctrl+Shift+O")
        first, *others = super().row_actions()
        return [first, self.meet, self.end, *others]

    def gather(self, commission_id: str | None) -> Sequence[ActionRow]:
        return action_rows(self.services, commission_id)

    def on_chosen(self, rows: Sequence[ActionRow]) -> None:
        self.end.setEnabled(any(row.open for row in rows))
        self.meet.setEnabled(len(rows) == 1 and rows[0].meeting is not None)

    def open_one(self, record_id: str) -> None:
        """Asks what became of an action."""
        self.read(
            lambda: self.services.records.get(record_id), lambda action: open_action(action, self)
        )

    def open_meeting(self) -> None:
        """Goes to the meeting that decided the selected action."""
        (row,) = self.table.chosen()
        self.open_requested.emit("meeting", row.meeting.id)

    def end_chosen(self) -> None:
        """Notes the open ones among the selected actions as done today."""
        ids = [row.id for row in self.table.chosen() if row.open]
        self.write(
            lambda: self.services.proceedings.end(ids),
            {self.kind},
            lambda ended: self._on_ended(len(ids), ended),
        )

    def _on_ended(self, chosen: int, ended: int) -> None:
        if not ended:
            already = agree(chosen, "l'avait déjà notée", "les avait déjà notées")
            self.tell(f"Rien n'est changé : un autre {already}.")
            return
        said = count(ended, "suite est notée comme faite", "suites sont notées comme faites")
        back = "la rouvre" if ended == 1 else "les rouvre"
        self.tell(f"{said}, {chord('Ctrl+Z')} {back}.")
