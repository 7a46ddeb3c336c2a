"""The parts of a page, one in sight at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget

from ui.focus_order import step


class Tabs(QTabWidget):
    """Remembers the tab that the user chose last, apart from those that the page turns to itself.

    `chosen_changed` carries the number of the tab chosen.
    """

    chosen_changed = Signal(int)

    def __init__(self, name: str) -> None:
        """`name` is what the choice is remembered under and what a screen reader says."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(name)
        self.setDocumentMode(True)
        self.chosen = 0
        self._led = False
        self.currentChanged.connect(self._on_turned)

    def lead(self, number: int) -> None:
        """Turns to a tab without counting it as the user's choice."""
        self._led = True
        self.setCurrentIndex(number)
        self._led = False

    def _on_turned(self, number: int) -> None:
        here = self.window().focusWidget()
        if here is not None and not here.isVisible():
            step(self.window(), forwards=True)  # Qt gave it back to where it was in this tab
        if not self._led and number != self.chosen:
            self.chosen = number
            self.chosen_changed.emit(number)
