"""Paints what a search found: the title, then up to two lines with the words found marked."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.domain.wording import typographic
from ui import theme
from ui.models.hits import HIT, HitWords
from ui.models.rows import Index
from ui.text_places import unit_of
from ui.theme import Space
from ui.widgets.list_ground import paint_ground

LINES = 2
AROUND, GAP = 6, 2


class HitDelegate(QStyledItemDelegate):
    """For items that answer the role HIT."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as its words, in the width of the list."""
        words: HitWords = index.data(HIT)
        below = laid_out(words, option.rect.width() - 2 * Space.M).boundingRect().height()
        title = QFontMetrics(theme.font("strong")).height()
        return QSize(theme.px(160), title + GAP + ceil(below) + 2 * theme.px(AROUND))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        words: HitWords = index.data(HIT)
        area = QRect(option.rect)
        painter.save()
        paint_ground(painter, area, option.state)
        inside = area.adjusted(Space.M, theme.px(AROUND), -Space.M, -theme.px(AROUND))
        painter.setClipRect(inside)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        title = metrics.elidedText(typographic(words.title), elide, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, title)
        painter.setPen(theme.colour("muted"))
        below = QPointF(inside.x(), inside.y() + metrics.height() + GAP)
        laid_out(words, inside.width()).draw(painter, below)
        painter.restore()


def laid_out(words: HitWords, width: int) -> QTextLayout:
    """The words under the title, on the lines that they take in a width."""
    layout = QTextLayout(words.below, theme.font("caption"))
    layout.setFormats(
        [_marked(*(unit_of(words.below, place) for place in span)) for span in words.spans]
    )
    layout.beginLayout()
    height = 0.0
    for _ in range(LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout


def _marked(begin: int, end: int) -> QTextLayout.FormatRange:
    marked = QTextLayout.FormatRange()
    marked.start, marked.length = begin, end - begin
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Bold)
    look.setForeground(theme.colour("text"))
    look.setBackground(theme.colour("accent_soft"))
    marked.format = look
    return marked
