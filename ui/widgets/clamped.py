"""A label of a few lines at the most, so that no title ever pushes a page out of its window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.widgets.list_ground import count_lines, paint_lines
from ui.widgets.text import Label


class Clamped(Label):
    """Ends with an ellipsis where its lines lack, its whole text in the tooltip."""

    def __init__(self, role: str, most: int) -> None:
        super().__init__()
        self.setProperty("role", role)
        self._most = most
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_most(self, most: int) -> None:
        """How many lines it may take from now on."""
        self._most = most
        self.updateGeometry()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(self.text())
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = count_lines(self.text(), self.font(), width, self._most)
        return lines * self.fontMetrics().height()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 24, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        paint_lines(painter, self.rect(), self.text(), self._most)
