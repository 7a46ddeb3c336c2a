"""What may be taller than its place, and scrolls there as the keyboard goes through it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.focus_order import bring_into_sight
from ui.theme import Space

AROUND, LINES_AROUND = 140, 70
"""What a window takes above and below: its margins and frame, then its title and buttons."""

LINES_ASIDE = 90
"""What a sentence that comes later may take of it."""


class Following(QScrollArea):
    """Scrolls upright only, and takes another size as what it holds does.

    What has the keyboard there and is in sight stays so as the rest changes, and comes back when
    the room does.
    """

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        held.setObjectName("scrolled")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(held)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        focus = self._with_keyboard()
        if focus is not None:
            bring_into_sight(focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt lets a scroll area watch what it holds."""
        if event.type() == QEvent.Type.LayoutRequest:
            focus = self._with_keyboard()
            if focus is not None and not focus.visibleRegion().isEmpty():
                bring_into_sight(focus)
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _with_keyboard(self) -> QWidget | None:
        focus = self.focusWidget()
        return focus if focus is not None and focus.hasFocus() else None


class Column(Following):
    """Never narrower than what it holds, which is as tall as it at least."""

    def minimumSizeHint(self) -> QSize:
        held = self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        width = held.minimumSizeHint().width() + bar if held is not None else 0
        return QSize(width, super().minimumSizeHint().height())


class Bounded(Following):
    """As tall as what it holds, as far as the screen has room for the window around it."""

    def __init__(self, held: QWidget) -> None:
        super().__init__(held)
        self.held = held

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self._bounded(self.held.sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._bounded(self.held.minimumSizeHint(), theme.px(LINES_ASIDE))

    def _bounded(self, wanted: QSize, aside: int = 0) -> QSize:
        """Words that wrap are as tall as their width makes them, be the window not shown yet."""
        to_be = self.window().minimumWidth() - 2 * Space.XL
        width = max(self.viewport().width() if self.isVisible() else to_be, wanted.width())
        wraps = self.held.hasHeightForWidth()
        tall = self.held.heightForWidth(width) if wraps else wanted.height()
        room = self.screen().availableSize().height() - AROUND - theme.px(LINES_AROUND)
        return QSize(wanted.width(), min(tall, room - aside))


def scrolled(*widgets: QWidget) -> QScrollArea:
    """A column of widgets that scrolls when it is taller than its place."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.L)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return Column(holder)
