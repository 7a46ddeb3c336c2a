"""The base of a meeting's three tabs: a page that is handed the state of its meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.meeting_state import MeetingState
from ui.pages.page import Page
from ui.tasks import Tasks
from ui.theme import Space

if TYPE_CHECKING:
    from app.bootstrap import Services


class MeetingTab(Page):
    """Shows one side of a meeting; the page around it reads the meeting anew after a change."""

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.body.setContentsMargins(0, Space.L, 0, 0)
        self.state: MeetingState | None = None
        self._unseen = False

    @property
    def meeting_id(self) -> str:
        """The id of the meeting shown; empty before there is one."""
        return self.state.file.meeting.id if self.state else ""

    def take_focus(self) -> None:
        """Puts the keyboard where the work of this tab begins."""
        self.setFocus()

    def hand(self, state: MeetingState) -> None:
        """Takes the meeting as the rules read it; it is shown once the tab is in sight."""
        self.state = state
        self._unseen = True
        if self.isVisible():
            self._see(state)

    def show_state(self, state: MeetingState) -> None:
        """Shows the meeting."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unseen and self.state is not None:
            self._see(self.state)

    def _see(self, state: MeetingState) -> None:
        self._unseen = False
        self.show_state(state)
