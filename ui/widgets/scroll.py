"""Rooms of a page: a column that scrolls, and two columns that fold into one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Space
from ui.widgets.scrolled import Following

_FOLD = 860
"""The width, in pixels at a text size of 100 %, below which two columns fold into one."""


class Scroll(Following):
    """A column that scrolls up and down; `column` takes the widgets."""

    def __init__(self) -> None:
        inside = QWidget()
        super().__init__(inside)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.L)


class SideBySide(QWidget):
    """Two columns, one above the other where the width lacks for both."""

    def __init__(self, left: QWidget, right: QWidget, *, share: tuple[int, int] = (3, 2)) -> None:
        """`share` parts the width."""
        super().__init__()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.L)
        for widget, stretch in zip((left, right), share, strict=True):
            theme.set_widths(widget, least=240)
            self._layout.addWidget(widget, stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(_FOLD)
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)


def page_through(event: QKeyEvent, *areas: QScrollArea) -> bool:
    """Scrolls by page up and page down words that take no keyboard; False for other keys."""
    pages = event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
    for area in areas if pages else ():
        area.keyPressEvent(event)
    return pages


def column(*widgets: QWidget) -> QWidget:
    """Widgets one under the other, at the top of the room they get."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(Space.L)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return holder
