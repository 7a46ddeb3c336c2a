"""A line of a card that leads somewhere: its words, what is said of it, a chip on the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.domain.wording import typographic
from ui import theme
from ui.theme import Space
from ui.widgets.buttons import pressed_by_enter
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.list_ground import count_lines, paint_lines, paint_ring


class Line(QAbstractButton):
    """Reached by Tab, followed by Enter, Space or a click."""

    def __init__(
        self,
        words: str,
        detail: str = "",
        chip: str = "",
        tone: str = "neutral",
        *,
        most_lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        """`most_lines` is how many lines the words may take before they are cut."""
        super().__init__(parent)
        self._most = most_lines
        self._words = typographic(words)
        self._detail = typographic(detail)
        self._chip = typographic(chip)
        self._tone = tone
        self._hovered = False
        spoken = ", ".join(part for part in (words, detail, chip) if part)
        self.setAccessibleName(spoken)
        self.setToolTip("\n".join(part for part in (self._words, self._detail) if part))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Fixed would hold several lines to the height that a former width asked for.
        upright = QSizePolicy.Policy.Minimum if most_lines > 1 else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, upright)
        policy.setHeightForWidth(most_lines > 1)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), self.heightForWidth(self.width() or theme.px(200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), self._height(1))

    def hasHeightForWidth(self) -> bool:
        return self._most > 1

    def heightForWidth(self, width: int) -> int:
        if self._most == 1:
            return self._height(1)
        beside = chip_size(self._chip).width() + Space.S if self._chip else 0
        room = width - 2 * Space.M - beside
        return self._height(count_lines(self._words, theme.font("body"), room, self._most))

    def _height(self, lines: int) -> int:
        height = lines * QFontMetrics(theme.font("body")).height() + 2 * Space.S
        if self._detail:
            height += QFontMetrics(theme.font("caption")).height()
        return height

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
            paint_ring(painter, self.rect(), 7)

    def _paint_chip(self, painter: QPainter, inside: QRect) -> int:
        """Paints the chip at the right; gives where it begins."""
        size = chip_size(self._chip)
        left = inside.right() - size.width() + 1
        top = inside.center().y() - size.height() // 2 + 1
        paint_chip(painter, QRect(left, top, size.width(), size.height()), self._chip, self._tone)
        return left

    def _paint_words(self, painter: QPainter, inside: QRect) -> None:
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        used = paint_lines(painter, inside, self._words, self._most)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("muted"))
        paint_lines(painter, inside.adjusted(0, used, 0, 0), self._detail, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()
