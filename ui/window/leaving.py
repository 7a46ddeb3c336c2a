"""Leaving the window or its pages: what that would lose is asked about first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.window.main_window import MainWindow


class Leaving:
    """Lets the window go only once every word typed is in the store, or the user lets them go."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._is_forced = False

    def losses(self) -> str:
        """In sentences what leaving would lose, all that was typed being handed to the store."""
        window = self._window
        return " ".join(filter(None, (window.flush(), window.keeping.unsaved())))

    def may_close(self) -> bool:
        """Whether the window may close; the user is asked where it would lose something."""
        window = self._window
        if not self.losses():
            window.hide()  # it would stand there without an answer while the last words are stored
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
