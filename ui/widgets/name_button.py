"""The name of the commission, on as many lines as it takes, that leads to the others."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain.wording import typographic
from ui import icons, theme
from ui.theme import Space
from ui.widgets.list_ground import count_lines, paint_lines
from ui.widgets.painted_button import PaintedButton

ROLE = "strong"
MOST = 8
"""How many lines a name may take before it is cut."""

ARROW = 16


class NameButton(PaintedButton):
    """Painted like the plain label of a name, with an arrow after it."""

    def __init__(self) -> None:
        super().__init__()
        self._arrow = icons.icon("chevron-down", "muted")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, name: str) -> None:
        """Shows the name of a commission."""
        self.setText(typographic(name))
        self.setAccessibleName(f"Commission : {name}. Changer de commission")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(120), self.heightForWidth(self.width() or theme.px(120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(60), self.heightForWidth(theme.px(600)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = self._words(QRect(0, 0, width, 0)).width()
        lines = count_lines(self.text(), theme.font(ROLE), room, MOST)
        return lines * QFontMetrics(theme.font(ROLE)).height() + 2 * Space.XS

    def _words(self, area: QRect) -> QRect:
        """Where the name is written: the arrow stands at the right of its first line."""
        arrow = theme.px(ARROW) + Space.XS
        return area.adjusted(Space.S, Space.XS, -arrow - Space.XS, -Space.XS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter, "neutral_soft")
        painter.setFont(theme.font(ROLE))
        painter.setPen(theme.colour("text"))
        words = self._words(self.rect())
        paint_lines(painter, words, self.text(), MOST)
        side, line = theme.px(ARROW), painter.fontMetrics().height()
        top = words.top() + (line - side) // 2
        self._arrow.paint(painter, QRect(words.right() + 1 + Space.XS, top, side, side))
