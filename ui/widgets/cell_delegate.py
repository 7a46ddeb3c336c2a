"""How a table paints a cell: its ground, a chip or a few lines of text."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui import theme
from ui.models.rows import Index
from ui.models.table import Roles
from ui.theme import Space
from ui.widgets.chip import chip_size, paint_chip
from ui.widgets.list_ground import count_lines, paint_bar, paint_lines

ROW_HEIGHT = 42
INK = {"body": "text", "strong": "text", "caption": "muted", "muted": "muted"}


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: its ground by the row's state, a chip or lines of text, a thin line below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("accent_soft"))
            if index.column() == 0:
                paint_bar(painter, area)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("raised"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inside = area.adjusted(Space.M, 0, -Space.M, 0)
        tone = index.data(Roles.TONE)
        text = str(index.data() or "")
        if tone and text:
            _chip(painter, inside, text, tone, index.data(Qt.ItemDataRole.TextAlignmentRole))
        else:
            _text(painter, inside, text, index)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Shows in a tooltip the whole of what the cell cuts or shortens, and nothing else."""
        text = str(index.data() or "")
        room = option.rect.width() - 2 * Space.M
        cut = _width(text, index) > room * index.data(Roles.LINES)
        short = text != index.data(Qt.ItemDataRole.ToolTipRole)
        return (cut or short) and super().helpEvent(event, view, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = str(index.data() or "")
        width = option.fontMetrics.horizontalAdvance(text) + 2 * Space.M
        return QSize(width, theme.px(ROW_HEIGHT))


def _chip(
    painter: QPainter, inside: QRect, text: str, tone: str, alignment: Qt.AlignmentFlag
) -> None:
    wanted = chip_size(text)
    top = inside.y() + (inside.height() - wanted.height()) // 2
    width = min(wanted.width(), inside.width())
    left = inside.x()
    if alignment & Qt.AlignmentFlag.AlignRight:
        left = inside.right() + 1 - width
    paint_chip(painter, QRect(left, top, width, wanted.height()), text, tone)


def _width(text: str, index: Index) -> int:
    """The width of a cell's text, or of its chip, painted whole."""
    if index.data(Roles.TONE):
        return chip_size(text).width()
    return QFontMetrics(cell_font(index.data(Roles.TYPE))).horizontalAdvance(text)


def cell_font(role: str) -> QFont:
    """The font of a cell of this role."""
    return theme.font("body" if role == "muted" else role)


def _text(painter: QPainter, inside: QRect, text: str, index: Index) -> None:
    role = index.data(Roles.TYPE)
    painter.setFont(cell_font(role))
    painter.setPen(theme.colour(INK[role]))
    most = index.data(Roles.LINES)
    used = count_lines(text, painter.font(), inside.width(), most) if most > 1 else 1
    if used > 1:
        top = (inside.height() - used * painter.fontMetrics().height()) // 2
        paint_lines(painter, inside.adjusted(0, top, 0, 0), text, used)
        return
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
    painter.drawText(inside, index.data(Qt.ItemDataRole.TextAlignmentRole), shown)
