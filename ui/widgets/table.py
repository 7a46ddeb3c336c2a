"""A table of records: airy rows, chips for statuses, opened by Enter or a double click."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QActionGroup,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QTableView,
)

from ui import theme
from ui.actions import literal
from ui.announcing import announce
from ui.models.clipboard import as_cells
from ui.models.rows import Index
from ui.models.table import Column, Roles, RowsProxy, TableModel, on_two_lines
from ui.theme import Space
from ui.widgets.cell_delegate import ROW_HEIGHT, CellDelegate, cell_font
from ui.widgets.column_widths import asked, shared, usual
from ui.widgets.list_ground import count_lines, paint_ring

if TYPE_CHECKING:
    from app.exchange.cells import Cell


class RecordsTable(QTableView):
    """One row a record; the keyboard does all that the mouse does.

    `opened` and `delete_requested` carry the row; `selected` too, or None. `widened` tells that a
    column was given another width by hand.
    """

    opened = Signal(object)
    selected = Signal(object)
    delete_requested = Signal(object)
    widened = Signal()

    def __init__(self, name: str, model: TableModel[Any]) -> None:
        """`name` is what its columns are remembered under and what a screen reader says."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(name)
        self._source = model
        self.rows = RowsProxy(model, self)
        self.setModel(self.rows)
        self.widths: dict[int, int] = {}
        """The widths that the user gave columns by hand, at a text size of 100 %."""
        self._measured: dict[int, int] = {}  # the widths that the table gave
        self._asked: Sequence[dict[int, int]] = ()  # the widths that show all words whole
        self._tall: Mapping[int, int] | None = None
        """The heights of the rows of several lines, by the identity of the row, once measured."""
        model.modelReset.connect(self._forget_heights)
        self.sorting = QMenu("Trier par", self)
        """Sorts by the keyboard, in the menu of the rows; the mouse can click the titles."""
        self._build()
        self._fill_sorting()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(Roles.ROW)))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.horizontalHeader().sectionResized.connect(self._on_resized)

    def _build(self) -> None:
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)  # Qt is to measure no row: `heights` are theirs
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        self.setSortingEnabled(True)
        self._measure()

    def _fill_sorting(self) -> None:
        """Offers to sort by each column, then in reverse order."""
        group = QActionGroup(self.sorting)
        for number, column in enumerate(self._source.columns):
            action = self.sorting.addAction(literal(column.title))
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(partial(self._sort_by, number))
        self.sorting.addSeparator()
        self._down = self.sorting.addAction("En ordre inverse")
        self._down.setCheckable(True)
        self._down.triggered.connect(lambda down: self._sort_by(self.order()[0], down=down))
        self.sorting.aboutToShow.connect(self._check_order)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.addAction(self.sorting.menuAction())

    def _sort_by(self, column: int, *, down: bool = False) -> None:
        self.set_order(column, down)
        header, spoken = self.horizontalHeader(), Qt.ItemDataRole.AccessibleTextRole
        number = header.sortIndicatorSection()
        announce(self, self.rows.headerData(number, header.orientation(), spoken))

    def _check_order(self) -> None:
        column, down = self.order()
        self.sorting.actions()[column].setChecked(True)
        self._down.setChecked(down)

    def _measure(self) -> None:
        """Gives rows and columns the size that the text asks for."""
        self._forget_heights()
        header, rows = self.horizontalHeader(), self.verticalHeader()
        for one in (header, rows):
            one.setMinimumSectionSize(1)  # the least of another text size would enlarge sections
        rows.setDefaultSectionSize(theme.px(ROW_HEIGHT))
        for number, width in self.widths.items():
            self._give(number, theme.px(width))
        self._ask(self._source.rows)
        self._stretch()
        header.setMinimumSectionSize(theme.px(48))

    def _hide_columns(self, rows: Sequence[Any]) -> None:
        """Hides the columns with nothing to tell; rows sorted by one of them are sorted by the
        first column until it is back.
        """
        for number, column in enumerate(self._source.columns):
            if column.hides:
                texts = set(map(column.text, rows))
                shown = bool(texts - {""}) if column.hides == "empty" else len(texts) > 1
                self.setColumnHidden(number, not shown)
                self.sorting.actions()[number].setVisible(shown)
        wanted = self.order()[0]
        order = self.horizontalHeader().sortIndicatorOrder()
        self.rows.sort(0 if self.isColumnHidden(wanted) else wanted, order)
        self._ask(rows)
        self._stretch()

    def _ask(self, rows: Sequence[Any]) -> None:
        """Measures the widths that columns need for their words, with titles on one line and on
        two; without rows they need their usual ones.
        """
        columns = list(enumerate(self._source.columns))
        self._asked = [
            {
                i: asked(one, rows, title(one.title)) if len(rows) else usual(one)
                for i, one in columns
            }
            for title in (str, on_two_lines)
        ]

    def _stretch(self) -> None:
        """Shares what is left of the width between the columns that the user did not size by hand.

        Titles are on two lines where the columns would take more than there is.
        """
        columns = self._source.columns
        shown = [i for i in range(len(columns)) if not self.isColumnHidden(i)]
        free = {i: usual(columns[i]) for i in shown if i not in self.widths}
        room = self.viewport().width() - sum(self.columnWidth(i) for i in shown if i not in free)
        rest = next((i for i in free if not columns[i].width), None)
        if rest is not None:
            free[rest] += max(0, room - sum(free.values()))
        on_one, on_two = (shared(room, {i: one[i] for i in free}, free) for one in self._asked)
        broken = sum(on_one.values()) > max(room, sum(on_two.values()))
        if self._source.break_titles(broken):
            self.updateGeometries()
        for number, width in (on_two if broken else on_one).items():
            self._give(number, width)

    def _give(self, number: int, width: int) -> None:
        self._measured[number] = width
        self.setColumnWidth(number, width)

    def _on_resized(self, number: int, former: int, width: int) -> None:
        """Takes a width that the table did not give for the user's; a hidden column has 0."""
        if self._source.columns[number].lines > 1:
            self._forget_heights()
        if width and former and width != self._measured[number]:
            self.widths[number] = round(width / theme.text_scale())
            self._measured[number] = width
            self._stretch()
            self.widened.emit()

    def set_widths(self, widths: Mapping[int, int]) -> None:
        """Gives columns the widths that the user gave them by hand in an earlier session."""
        self.widths = dict(widths)
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stretch()

    def doItemsLayout(self) -> None:
        """Gives the rows their heights first: Qt would ask for that of each, and look at the cells
        of each, at each layout.
        """
        header = self.verticalHeader()
        header.setUpdatesEnabled(False)  # else those below each that changes are placed at once
        for number, height in enumerate(self.heights()):
            header.resizeSection(number, height)
        header.setUpdatesEnabled(True)
        super().doItemsLayout()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Lays the rows out first, if that still waits: where a row is depends on the heights."""
        self.executeDelayedItemsLayout()
        super().scrollTo(index, hint)

    def heights(self) -> list[int]:
        """The heights of the rows that the filter keeps, in their order."""
        if self._tall is None:
            self._tall = self._measure_rows()
        usual = theme.px(ROW_HEIGHT)
        return [self._tall.get(id(row), usual) for row in self.rows.seen()]

    def _measure_rows(self) -> Mapping[int, int]:
        """The heights of the rows of several lines; each text is measured once."""
        tall = dict[int, int]()
        for place, column in enumerate(self._source.columns):
            if column.lines == 1 or self.isColumnHidden(place):
                continue
            font, room = cell_font(column.role), self.columnWidth(place) - 2 * Space.M
            line = QFontMetrics(font).height()
            texts = [column.text(row) for row in self._source.rows]
            more = {one: count_lines(one, font, room, column.lines) - 1 for one in set(texts)}
            for row, text in zip(self._source.rows, texts, strict=True):
                if more[text]:
                    height = theme.px(ROW_HEIGHT) + more[text] * line
                    tall[id(row)] = max(height, tall.get(id(row), 0))
        return tall

    def _forget_heights(self) -> None:
        self._tall = None
        self.scheduleDelayedItemsLayout()

    @property
    def total(self) -> int:
        """How many rows there are, filtered out or not."""
        return len(self._source.rows)

    def current(self) -> Any:
        """The row that the keyboard is on, or None."""
        return self.currentIndex().data(Roles.ROW)

    def chosen(self) -> list[Any]:
        """The selected rows, from top to bottom."""
        ranges: list[QItemSelectionRange] = self.selectionModel().selection().toList()
        numbers = {number for one in ranges for number in range(one.top(), one.bottom() + 1)}
        return [self.rows.row(number) for number in sorted(numbers)]

    def select_where(self, wanted: object, key: str = "id") -> bool:
        """Puts the keyboard on the row whose attribute `key` is `wanted`."""
        index = self.rows.place(wanted, key)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
        return index.isValid()

    def set_rows(self, rows: Any) -> None:
        """Replaces the rows, staying on the one that was current, with those selected before.

        The keyboard stays in its place where that row is gone, as when it was just deleted.
        """
        here, place = getattr(self.current(), "id", None), self.currentIndex().row()
        kept = {row.id for row in self.chosen()} if here is not None else set()
        self._hide_columns(rows)  # before the rows are there to be measured and put in order
        self._source.set_rows(rows)
        if here is None:
            return
        is_there = self.select_where(here)
        if not is_there and self.window().focusWidget() is self:
            self.stand_in(min(place, self.rows.rowCount() - 1))
        found = self._places(kept)
        if is_there or not found.isEmpty():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(found, flags.ClearAndSelect | flags.Rows)

    def stand_in(self, number: int) -> None:
        """Puts the keyboard on the row that took the place of one gone."""
        self.selectRow(number)

    def _places(self, ids: Collection[str]) -> QItemSelection:
        """The rows of these ids, to be selected all at once, those that follow each other as one:
        each change of selection has every selected row looked at, and every part compared.
        """
        found = QItemSelection()
        rows = enumerate(self.rows.seen() if ids else ())
        for are_meant, some in groupby(rows, lambda one: one[1].id in ids):
            if are_meant:
                numbers = [number for number, _ in some]
                found.select(self.rows.index(numbers[0], 0), self.rows.index(numbers[-1], 0))
        return found

    def order(self) -> tuple[int, bool]:
        """The column sorted by and whether it goes down."""
        header = self.horizontalHeader()
        down = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return header.sortIndicatorSection(), down

    def set_order(self, column: int, down: bool = False) -> None:
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.sortByColumn(0 if self.isColumnHidden(column) else column, order)

    def headings(self) -> list[str]:
        """The titles of the columns that show."""
        return [column.title for column in self._shown_columns()]

    def seen(self) -> list[list[Cell]]:
        """The cells of the rows that the filter keeps, in their order; counts as numbers."""
        return self._cells(self.rows.seen())

    def copy(self) -> None:
        """Puts the selected rows on the clipboard, as a spreadsheet takes them."""
        self._to_clipboard(self._cells(self.chosen()))

    def copy_seen(self) -> None:
        """Puts the whole list as it is seen on the clipboard, under its titles."""
        self._to_clipboard([self.headings(), *self.seen()])

    def _cells(self, rows: Sequence[Any]) -> list[list[Cell]]:
        return [[column.cell(row) for column in self._shown_columns()] for row in rows]

    def _shown_columns(self) -> list[Column[Any]]:
        columns = enumerate(self._source.columns)
        return [column for number, column in columns if not self.isColumnHidden(number)]

    def _to_clipboard(self, lines: Sequence[Sequence[Cell]]) -> None:
        QGuiApplication.clipboard().setText(as_cells(lines))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selects the row that the keyboard comes to: what is done next is done to it."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason and not self.chosen():
            self.selectRow(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and row:
            self.opened.emit(row)
        elif event.key() == Qt.Key.Key_Delete and row:
            self.delete_requested.emit(row)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.viewport().update()

    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange and hasattr(self, "rows"):
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rings the row that the keyboard is on: a selected one looks the same without it."""
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            row = self.visualRect(self.currentIndex())
            row.setLeft(0)
            row.setRight(self.viewport().width() - 1)
            paint_ring(QPainter(self.viewport()), row)

    def _on_current(self, now: QModelIndex, before: QModelIndex) -> None:
        self.viewport().update()  # the ring goes from one row to another
        self.selected.emit(now.data(Roles.ROW))
