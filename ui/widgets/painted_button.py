"""What buttons that paint themselves share: their ground, the pointer and the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from ui.widgets.buttons import pressed_by_enter
from ui.widgets.list_ground import paint_ring

_RADIUS = 7


class PaintedButton(QAbstractButton):
    """Reached by Tab, pressed by Enter, Space or a click; a double click presses it once."""

    def __init__(self) -> None:
        super().__init__()
        self._hovered = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paint_ground(self, painter: QPainter, role: str) -> None:
        """Paints the ground in a colour while the pointer is on it, and the ring of the focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._hovered or self.isDown():
            painter.setBrush(theme.colour(role))
            painter.drawRoundedRect(self.rect(), _RADIUS, _RADIUS)
        if self.hasFocus():
            paint_ring(painter, self.rect(), _RADIUS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignores the second press: the first click did what was meant."""

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()
