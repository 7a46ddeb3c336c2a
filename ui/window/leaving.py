"""Leaving the window or its pages: asks first about what would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.window.main_window import MainWindow


class Leaving:
    """Lets the window close only once every word typed is stored, or the user gives them up."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._is_forced = False

    def losses(self) -> str:
        """Hands all that was typed to the store; says in sentences what leaving would lose."""
        window = self._window
        return " ".join(filter(None, (window.flush(), window.keeping.unsaved())))

    def may_close(self) -> bool:
        """Whether the window may close; the user is asked where it would lose something."""
        window = self._window
        if not self.losses():
            window.hide()  # else it would stand there frozen while the last words are stored
            window.tasks.catch_up()
        losses = self.losses()
        if not losses or self._is_forced:
            return True
        from ui.dialogs.dialog import ConfirmDialog  # not needed for the first frame

        window.show()
        ConfirmDialog(
            "Fermer sans enregistrer", losses, "Fermer quand même", self._close, window
        ).open()
        return False

    def _close(self) -> None:
        self._is_forced = True
        self._window.close()
