"""An icon shown for itself, in a role's colour, as large as the text around it asks."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import icons, theme


class Picture(QWidget):
    """One icon; decoration only, so that screen readers pass over it."""

    def __init__(self, name: str, role: str = "muted", size: int = 18) -> None:
        super().__init__()
        self._icon = icons.icon(name, role)
        self._size = size

    def set(self, name: str, role: str = "muted") -> None:
        self._icon = icons.icon(name, role)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._icon.paint(QPainter(self), self.rect())
