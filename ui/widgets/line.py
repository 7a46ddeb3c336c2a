"""A line of a card that leads somewhere: its words, what is said of it, a chip on the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.domain.wording import typographic
from ui import theme
from ui.theme import Space
from ui.widgets.chip import chip_size, paint_chip


class Line(QAbstractButton):
    """Reached by Tab, followed by Enter, Space or a click."""

    def __init__(
        self,
        words: str,
        detail: str = "",
        chip: str = "",
        tone: str = "neutral",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = typographic(words)
        self._detail = typographic(detail)
        self._chip = typographic(chip)
        self._tone = tone
        self._hovered = False
        spoken = ", ".join(part for part in (words, detail, chip) if part)
        self.setAccessibleName(spoken)
        self.setToolTip(self._words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        lines = [QFontMetrics(theme.font("body")).height()]
        if self._detail:
            lines.append(QFontMetrics(theme.font("caption")).height())
        return QSize(theme.px(200), sum(lines) + 2 * Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_ground(painter)
        inside = self.rect().adjusted(Space.M, Space.S, -Space.M, -Space.S)
        if self._chip:
            inside.setRight(self._paint_chip(painter, inside) - Space.S)
        self._paint_words(painter, inside)

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._hovered or self.isDown():
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(self.rect(), 7, 7)
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(theme.colour("accent"))
            pen.setWidth(2)
            pen.setStyle(Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 7, 7)

    def _paint_chip(self, painter: QPainter, inside: QRect) -> int:
        """Paints the chip at the right; gives where it begins."""
        size = chip_size(self._chip)
        left = inside.right() - size.width() + 1
        top = inside.center().y() - size.height() // 2 + 1
        paint_chip(painter, QRect(left, top, size.width(), size.height()), self._chip, self._tone)
        return left

    def _paint_words(self, painter: QPainter, inside: QRect) -> None:
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        for text, role, ink in ((self._words, "body", "text"), (self._detail, "caption", "muted")):
            painter.setFont(theme.font(role))
            painter.setPen(theme.colour(ink))
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, flags, shown)
            inside = inside.adjusted(0, metrics.height(), 0, 0)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()
