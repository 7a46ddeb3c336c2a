"""The agenda on screen: numbers, hours and durations, reordered by Alt+↑/↓ or by hand."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.wording import typographic
from ui import icons, theme
from ui.models.agenda import AgendaModel, AgendaRow
from ui.models.rows import ROW, Index
from ui.theme import Space
from ui.widgets.list_ground import count_lines, paint_ground, paint_lines

HEIGHT = 58
COMPACT_HEIGHT = 72


class AgendaDelegate(QStyledItemDelegate):
    """Paints an item: its number or how far it is, its title, what it is and how long it takes.

    Compact, the title may take two lines and the time stands below it; otherwise at the right.
    """

    def __init__(self, *, compact: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._compact = compact

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(160), theme.px(COMPACT_HEIGHT if self._compact else HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: AgendaRow = index.data(ROW)
        area = QRect(option.rect)
        painter.save()
        paint_ground(painter, area, option.state)
        inside = area.adjusted(Space.S, Space.S, -Space.M, -Space.S)
        left = inside.x() + _number(painter, inside, row)
        if self._compact:
            _narrow(painter, QRect(left, inside.y(), inside.right() - left, inside.height()), row)
        else:
            right = inside.right() - _hours(painter, inside, row)
            _wide(painter, QRect(left, inside.y(), right - left, inside.height()), row)
        painter.restore()


def _number(painter: QPainter, inside: QRect, row: AgendaRow) -> int:
    """Paints the number, or the mark of how far the item is; gives the width it took."""
    width = theme.px(40)
    area = QRect(inside.x(), inside.y(), width - Space.S, inside.height())
    if row.progress:
        side = theme.px(20)
        done = row.progress == "done"
        mark = icons.icon("circle-check" if done else "circle-dot", "success" if done else "accent")
        centre = area.center()
        mark.paint(painter, QRect(centre.x() - side // 2, centre.y() - side // 2, side, side))
        return width
    painter.setFont(theme.font("strong"))
    painter.setPen(theme.colour("muted"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, row.number)
    return width


def _hours(painter: QPainter, inside: QRect, row: AgendaRow) -> int:
    """Paints when the item should begin and how long it takes; gives the width they took."""
    painter.setFont(theme.font("caption"))
    metrics = painter.fontMetrics()
    lines = ((typographic(row.at), "muted"), (typographic(row.lasts), _urgency(row)))
    width = max(metrics.horizontalAdvance(text) for text, _ in lines)
    top = inside.center().y() - metrics.height()
    for text, role in lines:
        painter.setPen(theme.colour(role))
        area = QRect(inside.right() - width, top, width + 1, metrics.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, text)
        top += metrics.height()
    return width + Space.M


def _wide(painter: QPainter, inside: QRect, row: AgendaRow) -> None:
    _set_title(painter, row)
    title = typographic(row.title)
    detail = f"Ajouté · {row.detail}" if row.added else row.detail
    if row.withdrawn:
        detail = "Retiré de l'ordre du jour"
    inside = inside.adjusted(0, _above(painter, inside, title, detail, 1), 0, 0)
    height = painter.fontMetrics().height()
    paint_lines(painter, inside, title, 1)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour("muted"))
    paint_lines(painter, inside.adjusted(0, height, 0, 0), detail, 1)


def _narrow(painter: QPainter, inside: QRect, row: AgendaRow) -> None:
    _set_title(painter, row)
    title = typographic(row.title)
    below = "Retiré" if row.withdrawn else typographic(row.lasts)
    inside = inside.adjusted(0, _above(painter, inside, title, below, 2), 0, 0)
    used = paint_lines(painter, inside, title, 2)
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour(_urgency(row)))
    paint_lines(painter, inside.adjusted(0, used, 0, 0), below, 1)


def _above(painter: QPainter, inside: QRect, title: str, caption: str, most: int) -> int:
    """The height left above a title and its caption, if any, for both to be centred."""
    lines = count_lines(title, painter.font(), inside.width(), most)
    height = lines * painter.fontMetrics().height()
    if caption:
        height += QFontMetrics(theme.font("caption")).height()
    return max(0, (inside.height() - height) // 2)


def _set_title(painter: QPainter, row: AgendaRow) -> None:
    font = theme.font("strong" if row.progress == "current" else "body")
    font.setStrikeOut(row.withdrawn)
    painter.setFont(font)
    painter.setPen(theme.colour("muted" if row.withdrawn else "text"))


def _urgency(row: AgendaRow) -> str:
    late = row.spent is not None and row.minutes is not None and row.spent > row.minutes
    return "danger" if late and row.progress == "current" else "muted"


class AgendaList(QListView):
    """`opened`, `selected` and `delete_requested` carry the row; the model asks for moves by hand.

    `shift_requested` carries the id of an item, to go up (-1) or down (1) from where it then is.
    """

    opened = Signal(object)
    selected = Signal(object)
    delete_requested = Signal(object)
    shift_requested = Signal(str, int)
    menu_requested = Signal(object, QPoint)

    def __init__(self, model: AgendaModel, *, compact: bool = False) -> None:
        super().__init__()
        self.agenda = model
        self.setModel(model)
        self.setItemDelegate(AgendaDelegate(compact=compact, parent=self))
        self.setAccessibleName("Ordre du jour")
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW)))
        self.selectionModel().currentChanged.connect(
            lambda now, before: self.selected.emit(now.data(ROW))
        )

    def set_rows(self, rows: list[AgendaRow]) -> None:
        """Replaces the rows, staying on the one that was current, or in its place if it is gone.

        The rows of another meeting's agenda leave none current.
        """
        kept, place = self.current(), self.currentIndex().row()
        former = {row.id for row in self.agenda.rows}
        self.agenda.set_rows(rows)
        if kept is None or former.isdisjoint(row.id for row in rows):
            return
        if self.agenda.place_of(kept.id) is None:
            self.setCurrentIndex(self.agenda.index(min(place, len(rows) - 1)))
        else:
            self.select(kept.id)

    def current(self) -> AgendaRow | None:
        """The row that the keyboard is on."""
        row = self.currentIndex().data(ROW)
        return row if isinstance(row, AgendaRow) else None

    def select(self, item_id: str) -> None:
        place = self.agenda.place_of(item_id)
        if place is not None and place != self.currentIndex().row():
            self.setCurrentIndex(self.agenda.index(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the current row in sight as what comes around the list takes from its height."""
        row, former = self.visualRect(self.currentIndex()), QRect(QPoint(), event.oldSize())
        super().resizeEvent(event)
        if former.contains(row.center()):
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and step and row:
            self.shift_requested.emit(row.id, step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and row:
            self.opened.emit(row)
        elif event.key() == Qt.Key.Key_Delete and row:
            self.delete_requested.emit(row)
        else:
            super().keyPressEvent(event)

    def _on_menu(self, at: QPoint) -> None:
        row = self.indexAt(at).data(ROW)
        if isinstance(row, AgendaRow):
            self.menu_requested.emit(row, self.viewport().mapToGlobal(at))
