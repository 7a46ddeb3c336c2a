"""The table of who takes part: a tick before each organisation, by Space or by a click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ui import icons, theme
from ui.models.rows import Index
from ui.models.standings import Standing, StandingColumn
from ui.models.table import Roles, TableModel
from ui.widgets.cell_delegate import CellDelegate
from ui.widgets.table import RecordsTable

TICKS, NAMES = 0, 1
"""The columns of the ticks and of the names."""

BOX = 18


class StandingModel(TableModel[Standing]):
    """Standings, whose first column says to assistive tools whether it is ticked."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and index.column() == TICKS:
            row = self.rows[index.row()]
            if role == Qt.ItemDataRole.CheckStateRole:
                state = Qt.CheckState
                return state.Checked if row.takes_part else state.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {'participe' if row.takes_part else 'ne participe pas'}"
        return super().data(index, role)


class TickDelegate(CellDelegate):
    """Paints the box of the first column over what other cells show."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        side = theme.px(BOX)
        box = QRect(0, 0, side, side)
        box.moveCenter(option.rect.center())
        ticked = index.data(Roles.ROW).takes_part
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("accent" if ticked else "outline"))
        painter.setBrush(theme.colour("accent" if ticked else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            icons.icon("check", "on_accent").paint(painter, box.adjusted(2, 2, -2, -2))
        painter.restore()


class ParticipantsTable(RecordsTable):
    """`ticked` carries the rows whose tick is to be turned."""

    ticked = Signal(object)

    def __init__(self) -> None:
        super().__init__("Participants et prix", StandingModel(StandingColumn))
        self.setItemDelegateForColumn(TICKS, TickDelegate(self))
        self.clicked.connect(self._on_clicked)
        self.set_order(NAMES)

    def stand_in(self, number: int) -> None:
        """Goes there without selecting the row: no other is ticked for one that is gone."""
        place = self.rows.index(number, NAMES)
        self.selectionModel().setCurrentIndex(place, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == TICKS:
            self.ticked.emit([index.data(Roles.ROW)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.chosen():
            self.ticked.emit(self.chosen())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Looks for what is typed among the names: the column of ticks has no words."""
        here = self.currentIndex().siblingAtColumn(NAMES)
        self.selectionModel().setCurrentIndex(here, QItemSelectionModel.SelectionFlag.NoUpdate)
        super().keyboardSearch(search)
