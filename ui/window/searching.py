"""Ctrl+K: opens the search, then goes to the record chosen or runs the command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.keys import actions_of_page
from ui.window import commands
from ui.window.commands import Command
from ui.window.places import home_of

if TYPE_CHECKING:
    from ui.window.main_window import MainWindow


class Searching(QObject):
    """Searches for records of the workspace, and commands for where the user is."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def open(self) -> None:
        """Opens the search dialog over the page in sight."""
        from ui.dialogs.search import SearchDialog  # not needed for the first frame

        window = self._window
        if window.services is not None:
            dialog = SearchDialog(window.services.search, window.tasks, window)
            dialog.chosen.connect(self.go_to)
            dialog.commanded.connect(lambda command: command.run())
            dialog.offer_commands(self.commands())
            dialog.offer_commissions(window.commissions.known, window.commission_id)
            dialog.open()

    def commands(self) -> Sequence[Command]:
        """The commands of the page in sight, then those that work everywhere."""
        window = self._window
        page = window.pages.get(window.place)
        actions = [] if page is None else actions_of_page(page)
        made = [] if window.commission_id is None else commands.makings(window.go)
        return commands.offered([*actions, *window.actions()], made)

    def go_to(self, record_id: str) -> None:
        """Goes to where a record is shown."""
        services, window = self._window.services, self._window
        if services is not None:
            window.tasks.run(
                lambda: home_of(services.records, record_id), lambda home: window.go(*home)
            )
