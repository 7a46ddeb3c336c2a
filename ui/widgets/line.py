"""A line of a card that leads somewhere: its words, what is said of it, a chip on the right."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from app.domain.wording import typographic
from ui import theme
from ui.theme import Space
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.list_ground import count_lines, paint_lines
from ui.widgets.painted_button import PaintedButton


class Line(PaintedButton):
    """A button of words, a detail below them and a chip; both texts may take several lines."""

    def __init__(
        self,
        words: str,
        detail: str = "",
        chip: str = "",
        tone: str = "neutral",
        *,
        most_lines: int = 1,
        detail_lines: int = 1,
    ) -> None:
        """`most_lines` and `detail_lines` bound the lines of the words and of the detail."""
        super().__init__()
        self._most = most_lines
        self._detail_most = detail_lines
        self._words = typographic(words)
        self._detail = typographic(detail)
        self._chip = typographic(chip)
        self._tone = tone
        spoken = ", ".join(part for part in (words, detail, chip) if part)
        self.setAccessibleName(spoken)
        # Fixed would hold several lines to the height that a former width asked for.
        several = self.hasHeightForWidth()
        upright = QSizePolicy.Policy.Minimum if several else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, upright)
        policy.setHeightForWidth(several)
        self.setSizePolicy(policy)

    def event(self, event: QEvent) -> bool:
        """Shows whole what is cut; as the widget's tooltip, it would be read out after the name."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            whole = "\n".join(part for part in (self._words, self._detail) if part)
            QToolTip.showText(event.globalPos(), whole, self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), self.heightForWidth(self.width() or theme.px(200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), _height(1, bool(self._detail), theme.text_scale()))

    def hasHeightForWidth(self) -> bool:
        return max(self._most, self._detail_most) > 1

    def heightForWidth(self, width: int) -> int:
        scale = theme.text_scale()
        room = _room(self._chip, width, scale)
        lines = _lines(self._words, "body", room, self._most, scale)
        below = _lines(self._detail, "caption", room, self._detail_most, scale)
        return _height(lines, below if self._detail else 0, scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter, "raised")
        inside = self.rect().adjusted(Space.M, Space.S, -Space.M, -Space.S)
        if self._chip:
            inside.setRight(self._paint_chip(painter, inside) - Space.S)
        self._paint_words(painter, inside)

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
        paint_lines(painter, inside.adjusted(0, used, 0, 0), self._detail, self._detail_most)


@lru_cache(maxsize=8000)
def _room(chip: str, width: int, scale: float) -> int:
    """How wide words may be beside a chip."""
    beside = chip_size(chip).width() + Space.S if chip else 0
    return width - 2 * Space.M - beside


@lru_cache(maxsize=8000)
def _lines(text: str, role: str, room: int, most: int, scale: float) -> int:
    """How many lines a text takes in so much room: layouts ask it again and again."""
    return 1 if most == 1 else count_lines(text, theme.font(role), room, most)


@cache
def _height(lines: int, below: int, scale: float) -> int:
    height = lines * QFontMetrics(theme.font("body")).height() + 2 * Space.S
    return height + below * QFontMetrics(theme.font("caption")).height()
