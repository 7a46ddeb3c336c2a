"""Paints the lines of a list: words, their detail below, a chip at the right.

Where the chip would have the words cut, it stands lower, beside the detail.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.domain.wording import typographic
from ui import theme
from ui.models.lines import LINE, ListLine
from ui.models.rows import Index
from ui.theme import Space
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.list_ground import paint_ground

HEIGHT = 48


class LineDelegate(QStyledItemDelegate):
    """For models that answer the role LINE."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(160), theme.px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: ListLine = index.data(LINE)
        area = QRect(option.rect)
        painter.save()
        paint_ground(painter, area, option.state)
        above, below = _inside(area), _inside(area)
        above.setHeight(_metrics(line).height())
        below.setTop(above.top() + above.height())
        if line.chip:
            chip = chip_area(area, line)
            paint_chip(painter, chip, typographic(line.chip), line.tone)
            below.setRight(chip.left() - Space.S)
            if chip.top() < below.top():
                above.setRight(below.right())
        if not line.detail:
            above.moveTop(area.center().y() - above.height() // 2)
        _write(painter, above, line.words, "strong" if line.strong else "body", "text")
        _write(painter, below, line.detail, "caption", "muted")
        painter.restore()


def chip_area(area: QRect, line: ListLine) -> QRect:
    """Where the chip stands in the area of a line; nowhere without one."""
    if not line.chip:
        return QRect()
    inside, size, metrics = _inside(area), chip_size(typographic(line.chip)), _metrics(line)
    left, room = inside.right() - size.width(), inside.width() - size.width() - Space.S
    if line.detail and metrics.horizontalAdvance(typographic(line.words)) > room:
        top = inside.top() + metrics.height()
        height = min(size.height(), inside.bottom() + theme.px(3) - top)
        return QRect(left, top, size.width(), height)
    top = inside.center().y() - size.height() // 2
    return QRect(left, top, size.width(), size.height())


def _inside(area: QRect) -> QRect:
    return area.adjusted(Space.M, theme.px(5), -Space.M, -theme.px(5))


def _metrics(line: ListLine) -> QFontMetrics:
    return QFontMetrics(theme.font("strong" if line.strong else "body"))


def _write(painter: QPainter, area: QRect, words: str, font: str, ink: str) -> None:
    """Writes on one line, cut where it does not fit."""
    painter.setFont(theme.font(font))
    painter.setPen(theme.colour(ink))
    elide = Qt.TextElideMode.ElideRight
    shown = painter.fontMetrics().elidedText(typographic(words), elide, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignTop, shown)
