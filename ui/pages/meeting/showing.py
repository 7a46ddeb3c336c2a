"""Projeter: the user chooses what the other screen shows; it then follows the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from app.domain.meeting_state import MeetingState
from app.errors import Absent
from ui.actions import make_action
from ui.models.projection import (
    SUBJECTS,
    Chosen,
    Subject,
    linked_solution,
    offered,
    projected,
    shown_item,
)
from ui.models.standings import Costs
from ui.pages.page import Page
from ui.widgets.buttons import action_button
from ui.window.projector import Projector

if TYPE_CHECKING:
    from app.services.solutions import Sheet

LIVE = frozenset({"solution", "commitment", "watch_note", "organisation"})
"""The kinds that the projection shows besides those of the meeting's page."""


class Showing(QObject):
    """F5 opens the menu, a letter chooses; F6 turns the page, Shift+F5 hides the projection.

    The choice stays until another is made; a neutral screen only hides it. It follows the item
    that the meeting is at, unless the user holds it to the item selected in the agenda.
    """

    told = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.projector = Projector(page)
        self.chosen = Chosen()
        self.hidden = False
        self.follows = True
        self.selected_id: str | None = None
        self.meeting_id = ""
        self._state: MeetingState | None = None  # of the meeting on the page
        self._projected: MeetingState | None = None
        self._costs: tuple[str, Costs | None] = "", None
        self.open = make_action(page, "Projeter", self.open_menu, "F5")
        self.hide = make_action(page, "Cacher la projection", self.blank, "Shift+F5")
        self.turn = make_action(page, "Suite de la projection", self.projector.turn, "F6")
        self.button: QPushButton = action_button(self.open, icon="presentation")
        self.projector.moved.connect(self.told)

    @property
    def active(self) -> bool:
        return self.projector.active

    @property
    def _in_front(self) -> bool:
        """Whether the meeting projected is the one on the page."""
        return self._state is not None and self._state.file.meeting.id == self.meeting_id

    # What is shown

    def take(self, state: MeetingState) -> None:
        """Takes the meeting on the page; it is projected only if it is the one chosen."""
        self._state = state
        self._follow(state)

    def refresh(self) -> None:
        """Reads again the meeting projected, which the page may have left."""
        page, meeting_id = self._page, self.meeting_id
        meetings = page.services.meetings
        page.tasks.run(lambda: meetings.state(meeting_id), self._follow, self._on_failed, page)

    def _on_failed(self, error: Exception) -> None:
        """Stops projecting a meeting that is gone, so that each change does not miss it again."""
        if isinstance(error, Absent):
            self.projector.stop()
            self.told.emit("La séance projetée n'est plus ici : la projection est arrêtée.")
        else:
            self._page.failed.emit(error)

    def _follow(self, state: MeetingState) -> None:
        if self.active and state.file.meeting.id == self.meeting_id:
            self._show(state)

    def choose(self, subject: Subject) -> None:
        """Projects this part of the meeting on the page, from now on."""
        if self._state is None:
            return
        begins = not (self.active and self._in_front)
        self.meeting_id = self._state.file.meeting.id
        self.hidden = subject == "blank"
        if begins or not self.hidden:
            shown = "item" if self.hidden else subject
            self.chosen = Chosen(shown, None if self.follows else self.selected_id)
        self._show(self._state)

    def blank(self) -> None:
        """Hides the projection; called again, shows it again."""
        if self.active and self._projected is not None:
            self.hidden = not self.hidden
            self._show(self._projected)

    def hold_item(self, *, follows: bool) -> None:
        """Follows the meeting from item to item, or holds the item selected in the agenda."""
        self.follows = follows
        if self.active and self._projected is not None:
            held = self.selected_id if self._in_front else self.chosen.item_id
            self.chosen = Chosen(self.chosen.subject, None if follows else held)
            self._show(self._projected)

    @property
    def _in_sight(self) -> Chosen:
        return Chosen("blank") if self.hidden else self.chosen

    def _show(self, state: MeetingState) -> None:
        self._projected = state
        solution_id = self._priced(state)
        known = self._costs[1] if self._costs[0] == solution_id else None
        self.projector.show(projected(state, self._in_sight, self._page.now().isoformat(), known))
        if solution_id:
            solutions = self._page.services.solutions
            self._page.read(
                lambda: solutions.sheet(solution_id),
                lambda sheet: self._show_costs(solution_id, sheet),
            )

    def _priced(self, state: MeetingState) -> str:
        """The id of the solution whose costs are projected; "" for none."""
        solution = linked_solution(state, shown_item(state, self._in_sight))
        return solution.id if solution and self._in_sight.subject == "costs" else ""

    def _show_costs(self, solution_id: str, sheet: Sheet | None) -> None:
        """Projects the costs of a solution, now that they are computed."""
        costs = Costs(sheet.plan, sheet.comparison) if sheet else None
        self._costs = solution_id, costs
        state = self._projected
        if self.active and state is not None and self._priced(state) == solution_id:
            at = self._page.now().isoformat()
            self.projector.show(projected(state, self._in_sight, at, costs))

    # Choosing

    def open_menu(self) -> None:
        """Opens the menu of what can be projected; what the item does not have is disabled."""
        if self._state is None:
            return
        menu = self.menu(self._state)
        corner = self.button.rect().bottomLeft() if self.button.isVisible() else QPoint()
        menu.popup(self.button.mapToGlobal(corner))

    def menu(self, state: MeetingState) -> QMenu:
        """The menu; the part projected now is ticked."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        item = shown_item(state, Chosen("item", None if self.follows else self.selected_id))
        found, group = offered(state, item), QActionGroup(menu)
        shown = self._in_sight.subject if self.active and self._in_front else None
        for subject, words in SUBJECTS.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(subject == shown)
            action.setEnabled(subject in found)
            action.triggered.connect(
                lambda checked=False, one=subject: self.choose(cast(Subject, one))
            )
            group.addAction(action)
        menu.addSeparator()
        follow = menu.addAction("S&uivre la séance de point en point")
        follow.setCheckable(True)
        follow.setChecked(self.follows)
        follow.triggered.connect(lambda checked: self.hold_item(follows=checked))
        if self.active:
            menu.addAction("Page suivante\tF6", self.projector.turn)
            menu.addAction("&Arrêter de projeter", self.projector.stop)
        return menu
