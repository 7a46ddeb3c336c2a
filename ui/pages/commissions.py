"""Commissions: how each commission of the workspace is doing, and the way into it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from ui.actions import make_action
from ui.models.commissions import CommissionColumn, CommissionRow, commission_rows
from ui.pages.list_page import ListPage, ListWords
from ui.pages.page import NEW
from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Commissions",
    one="la commission",
    many="commissions",
    back="",
    icon="users",
    empty="Chaque commission tiendra ici sur une ligne : ses séances, les besoins et les solutions"
    " qui attendent une réponse, ce qui est en retard.",
    offer="Ajouter une commission",
)

INTO = (
    ("meetings", "Voir ses séances"),
    ("needs", "Voir ses besoins"),
    ("solutions", "Voir ses solutions"),
    ("actions", "Voir ses suites à donner"),
)
"""The lists of one commission that a row leads to."""


class CommissionsPage(ListPage):
    """The list of commissions, the one that meets next first; each opens on its home page."""

    kind = "commission"
    kinds = frozenset({"commission", "meeting", "need", "solution", "action", "conflict"})
    place = "home"
    words = WORDS
    behind = "Accueil"
    columns = CommissionColumn
    order = (list(CommissionColumn).index(CommissionColumn.NEXT), False)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.remove.setVisible(False)

    def row_actions(self) -> list[QAction]:
        self.into = [make_action(self, words, partial(self._lead, place)) for place, words in INTO]
        self.decide = make_action(self, "Départager ses conflits", lambda: self._lead("sync"))
        return [self.open, *self.into, self.decide, self.copy, self.look_back]

    @property
    def listed_id(self) -> None:
        """None, for all commissions: turning to another one changes nothing here."""
        return None

    def gather(self, commission_id: str | None) -> Sequence[CommissionRow]:
        return commission_rows(self.services)

    def on_chosen(self, rows: Sequence[CommissionRow]) -> None:
        for action in self.into:
            action.setEnabled(len(rows) == 1)
        self.decide.setEnabled(len(rows) == 1 and rows[0].standing.conflicts > 0)

    def add_one(self) -> None:
        """Goes to the settings, where a commission is made."""
        self.open_requested.emit("settings", NEW)

    def ask_removal(self) -> None:
        """Does nothing: with a commission would go all that it heard and decided."""

    def _lead(self, place: str) -> None:
        (row,) = self.table.chosen()
        self.open_requested.emit(place, row.id)
