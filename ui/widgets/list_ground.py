"""What delegates paint alike: the ground of a line, and words cut where room lacks."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle

from ui import theme
from ui.text_places import letter_of

BAR = 3
"""The width of the bar that marks a selected line."""


def paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
    """Paints the ground of a line by its state, with a ring where it has the focus.

    Tab focuses a line without selecting it: the ring shows there too.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    if chosen or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft" if chosen else "raised"))
        painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 7, 7)
    if chosen:
        paint_bar(painter, area.adjusted(2, 8, 0, -8))
    if state & QStyle.StateFlag.State_HasFocus:
        paint_ring(painter, area.adjusted(2, 1, -2, -1), 7)


def paint_bar(painter: QPainter, area: QRect) -> None:
    """Marks a selected line by a bar at its left: its ground alone is close to the others'."""
    painter.fillRect(area.x(), area.y(), BAR, area.height(), theme.colour("accent"))


def paint_ring(painter: QPainter, area: QRect, radius: int = 0, role: str = "accent") -> None:
    """Paints, inside an area, the ring that shows the keyboard focus."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(role), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


@lru_cache(maxsize=8000)
def count_lines(text: str, font: QFont, width: int, most: int) -> int:
    """How many lines a text takes in a width, up to a number: layouts ask it again and again."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    number = 0
    while number < most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        number += 1
    layout.endLayout()
    return max(number, 1)


def paint_lines(painter: QPainter, area: QRect, text: str, most: int) -> int:
    """Paints a text on at most so many lines, the last one elided; gives the height used."""
    metrics = painter.fontMetrics()
    layout = QTextLayout(text, painter.font())
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    used = 0
    for number in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        last = number == most - 1
        if last:
            rest = text[letter_of(text, line.textStart()) :]
            shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area.x(), area.y() + used + metrics.ascent(), shown)
        else:
            line.draw(painter, QPointF(area.x(), area.y() + used))
        used += metrics.height()
    layout.endLayout()
    return used
