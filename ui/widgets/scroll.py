"""Scroll areas that keep the focused widget in sight, and two columns that fold into one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.focus_order import bring_into_sight
from ui.theme import Space

AROUND, LINES_AROUND = 140, 70
"""The height that a window takes above and below the area, in pixels: its margins and frame, then
its title and buttons, at a text size of 100 %."""

LINES_ASIDE = 90
"""The height left for a sentence that may come later, at a text size of 100 %."""

_FOLD = 860
"""The width, in pixels at a text size of 100 %, below which two columns fold into one."""


class Following(QScrollArea):
    """Scrolls vertically only, and takes another size as what it holds does.

    A focused widget in sight stays so as the rest changes, and is brought back into sight as the
    area is resized.
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
        """Hears of the layout of what it holds, which Qt has a scroll area watch."""
        if event.type() == QEvent.Type.LayoutRequest:
            focus = self._with_keyboard()
            if focus is not None and not focus.visibleRegion().isEmpty():
                bring_into_sight(focus)
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _with_keyboard(self) -> QWidget | None:
        focus = self.focusWidget()
        return focus if focus is not None and focus.hasFocus() else None


class Scroll(Following):
    """A column that scrolls up and down; `column` takes the widgets."""

    def __init__(self) -> None:
        inside = QWidget()
        super().__init__(inside)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.L)


class Unsqueezed(Following):
    """Never narrower than what it holds, so that nothing is cut on the right."""

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
        """A size as high as the screen allows; words that wrap are measured at the width that they
        have, or will have once the window is shown.
        """
        to_be = self.window().minimumWidth() - 2 * Space.XL
        shown = self.isVisible()
        width = self.viewport().width() if shown else max(to_be, wanted.width())
        wraps = self.held.hasHeightForWidth()
        tall = self.held.heightForWidth(width) if wraps else wanted.height()
        room = self.screen().availableSize().height() - AROUND - theme.px(LINES_AROUND)
        return QSize(wanted.width(), min(tall, room - aside))


class SideBySide(QWidget):
    """Two columns, one above the other where the width lacks for both."""

    def __init__(self, left: QWidget, right: QWidget, *, share: tuple[int, int] = (3, 2)) -> None:
        """`share` gives the stretch factors of the two columns."""
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
    """Scrolls by Page Up and Page Down areas that take no focus; False for other keys."""
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
    layout.addStretch(1)  # the longer column beside makes no field of this one grow
    return holder


def scrolled(*widgets: QWidget) -> QScrollArea:
    """A column of widgets that scrolls when it is taller than its place."""
    return Unsqueezed(column(*widgets))
