"""The line of a dialog that narrows what is below it, as one types."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.announcing import Announcer
from ui.widgets.line_icons import make_clearable


class FilterLine(QLineEdit):
    """Keeps Enter for itself: to filter neither saves nor closes the dialog."""

    def __init__(self, name: str) -> None:
        """`name` is what a screen reader says."""
        super().__init__()
        self._left = Announcer(self)
        self.setPlaceholderText("Filtrer")
        self.setAccessibleName(name)
        make_clearable(self)

    def tell(self, left: str) -> None:
        """Has screen readers say what the letters typed leave; nothing while there are none."""
        if self.text():
            self._left.take(left)
        else:
            self._left.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
