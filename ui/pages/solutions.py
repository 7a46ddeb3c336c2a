"""Solutions: what is bought or run together, its route, how far it has come and who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.models.solutions import SolutionColumn, SolutionRow, solution_rows
from ui.pages.list_page import ListWords, ThemedListPage
from ui.tasks import Tasks
from ui.widgets.fields import Choice
from ui.words.choices import choices, chose
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Solutions",
    new="Nouvelle solution",
    one="la solution",
    many="solutions",
    back=f"{chord('Ctrl+Z')} la fait revenir.",
    icon="handshake",
    empty="Proposez ici ce que les communes peuvent acheter ou faire ensemble, et à quel prix.",
    offer="Proposer une première solution",
    shared="Solution pour la région",
)


class SolutionsPage(ThemedListPage):
    """The list of solutions, of the commission and of the region."""

    kind = "solution"
    kinds = frozenset({"solution", "commitment", "theme"})
    place = "solution"
    words = WORDS
    columns = SolutionColumn
    order = (list(SolutionColumn).index(SolutionColumn.STATUS), False)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.panel.add_facet(
            Choice([(None, "Tous les états"), *choices("solution", "status")]),
            lambda row, status: chose(row.solution, "status", status),
        )
        self.add_themes(lambda row: row.solution)

    def gather(self, commission_id: str | None) -> Sequence[SolutionRow]:
        return solution_rows(self.services, commission_id)

    def delete(self, record_ids: Sequence[str]) -> object:
        return self.services.solutions.delete(record_ids)
