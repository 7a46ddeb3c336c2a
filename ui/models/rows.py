"""The rows of a list, one line each, replaced by the ones that a page reads anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
"""What Qt hands to a model or a delegate."""

ROW = Qt.ItemDataRole.UserRole
"""The role that gives the whole row."""


class Row(Protocol):
    """What tells a row from the others."""

    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Row)


class RowsModel(QAbstractListModel, Generic[R]):
    """The rows of a list; each list defines its own `data`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[R] = ()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Replaces the rows; where only their content changed, selection and scroll stay."""
        if [row.id for row in rows] == [row.id for row in self.rows]:
            changed = [n for n, row in enumerate(rows) if row != self.rows[n]]
            self.rows = rows
            for number in changed:
                self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def place_of(self, row_id: str) -> int | None:
        """The number of the line where a row stands; None where it is not listed."""
        return next((n for n, row in enumerate(self.rows) if row.id == row_id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.rows)
