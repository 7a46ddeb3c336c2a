"""Paints what a search found: the title, then up to two lines with the words found marked."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.domain.wording import typographic
from ui import theme
from ui.models.hits import HIT, HitWords
from ui.theme import Space
from ui.widgets.list_ground import paint_ground

LINES = 2
HEIGHT = 74


class HitDelegate(QStyledItemDelegate):
    """For items that answer the role HIT."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(theme.px(160), theme.px(HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        words: HitWords = index.data(HIT)
        area = QRect(option.rect)
        painter.save()
        paint_ground(painter, area, option.state)
        inside = area.adjusted(Space.M, theme.px(5), -Space.M, -theme.px(5))
        painter.setClipRect(inside)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        title = metrics.elidedText(typographic(words.title), elide, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, title)
        _below(painter, inside.adjusted(0, metrics.height() + 2, 0, 0), words)
        painter.restore()


def _below(painter: QPainter, area: QRect, words: HitWords) -> None:
    layout = QTextLayout(words.below, theme.font("caption"))
    layout.setFormats([_marked(begin, end) for begin, end in words.spans])
    layout.beginLayout()
    height = 0.0
    for _ in range(LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    painter.setPen(theme.colour("muted"))
    layout.draw(painter, QPointF(area.topLeft()))


def _marked(begin: int, end: int) -> QTextLayout.FormatRange:
    marked = QTextLayout.FormatRange()
    marked.start, marked.length = begin, end - begin
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Bold)
    look.setForeground(theme.colour("text"))
    look.setBackground(theme.colour("accent_soft"))
    marked.format = look
    return marked
