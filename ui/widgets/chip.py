"""A chip: one or two words on a soft colour, such as a status."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from ui import theme


def chip_size(text: str) -> QSize:
    """The size that a chip with this text asks for."""
    metrics = QFontMetrics(theme.font("caption"))
    return QSize(metrics.horizontalAdvance(text) + theme.px(18), metrics.height() + theme.px(6))


def paint_chip(painter: QPainter, area: QRect, text: str, tone: str) -> None:
    """Paints a chip within an area; its text is cut with an ellipsis where room lacks."""
    ground, ink = _colours(tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = area.height() / 2
    painter.drawRoundedRect(QRectF(area), radius, radius)
    painter.setPen(theme.colour(ink))
    painter.setFont(theme.font("caption"))
    inside = area.adjusted(theme.px(9), 0, -theme.px(8), 0)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


def _colours(tone: str) -> tuple[str, str]:
    return f"{tone}_soft", "muted" if tone == "neutral" else tone


class Chip(QLabel):
    """A status in words on its colour; a label, for screen readers pass over a bare widget."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "caption")
        self._tone = "neutral"

    def set(self, text: str, tone: str = "neutral") -> None:
        self._tone = tone
        self.setText(text)
        self.setVisible(bool(text))
        self.update()

    def sizeHint(self) -> QSize:
        return chip_size(self.text())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        wanted = chip_size(self.text())
        area = QRect(0, (self.height() - wanted.height()) // 2, self.width(), wanted.height())
        area.setWidth(min(wanted.width(), self.width()))
        paint_chip(QPainter(self), area, self.text(), self._tone)
