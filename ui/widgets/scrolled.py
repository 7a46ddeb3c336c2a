"""What may be taller than its place, and scrolls there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.theme import Space


class _Column(QScrollArea):
    """Scrolls upright only, so that it is never narrower than what it holds."""

    def minimumSizeHint(self) -> QSize:
        held = self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        width = held.minimumSizeHint().width() + bar if held is not None else 0
        return QSize(width, super().minimumSizeHint().height())


def scrolled(*widgets: QWidget) -> QScrollArea:
    """A column of widgets that scrolls when it is taller than its place."""
    holder = QWidget()
    holder.setObjectName("scrolled")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.L)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    area = _Column()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(holder)
    return area
