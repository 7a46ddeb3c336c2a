"""Paints the lines of a list: words, their detail below, a chip at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.domain.wording import typographic
from ui import theme
from ui.models.lines import LINE, ListLine
from ui.theme import Space
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.list_ground import paint_ground

Index = QModelIndex | QPersistentModelIndex
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
        inside = _inside(area)
        if line.chip:
            chip = chip_area(area, line)
            paint_chip(painter, chip, typographic(line.chip), line.tone)
            inside.setRight(chip.left() - Space.S)
        _words(painter, inside, line)
        painter.restore()


def chip_area(area: QRect, line: ListLine) -> QRect:
    """Where the chip stands in the area of a line; nowhere without one."""
    if not line.chip:
        return QRect()
    inside, size = _inside(area), chip_size(typographic(line.chip))
    top = inside.center().y() - size.height() // 2
    return QRect(inside.right() - size.width(), top, size.width(), size.height())


def _inside(area: QRect) -> QRect:
    return area.adjusted(Space.M, theme.px(5), -Space.M, -theme.px(5))


def _words(painter: QPainter, inside: QRect, line: ListLine) -> None:
    painter.setFont(theme.font("strong" if line.strong else "body"))
    painter.setPen(theme.colour("text"))
    metrics = painter.fontMetrics()
    elide = Qt.TextElideMode.ElideRight
    shown = metrics.elidedText(typographic(line.words), elide, inside.width())
    middle = Qt.AlignmentFlag.AlignVCenter if not line.detail else Qt.AlignmentFlag.AlignTop
    painter.drawText(inside, middle, shown)
    below = inside.adjusted(0, metrics.height(), 0, 0)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour("muted"))
    shown = painter.fontMetrics().elidedText(typographic(line.detail), elide, below.width())
    painter.drawText(below, Qt.AlignmentFlag.AlignTop, shown)
