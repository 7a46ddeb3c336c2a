"""A table over frozen rows: its columns are an enum, its sort and filter stand in a proxy.

class NeedColumn(Columns):
    TITLE = Column("Besoin", lambda row: row.title, width=0)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt

from app.domain.search_text import fold, spelt_out
from ui.models.rows import Index

if TYPE_CHECKING:
    from app.exchange.cells import Cell

R = TypeVar("R")
_NUMBER = re.compile(r"(-?\d+)(?:,(\d+))?[€%]?", re.ASCII)
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_FIRST_YEAR = 1901  # spreadsheets disagree on how to count the days of 1900


class Roles:
    """The roles, beside Qt's own, that a cell's delegate and its table ask for."""

    ROW = Qt.ItemDataRole.UserRole
    """The whole row, frozen."""

    TONE = Qt.ItemDataRole.UserRole + 1
    """The tone of a chip, or None for plain text."""

    TYPE = Qt.ItemDataRole.UserRole + 2
    """The role of the type scale that the cell is painted in."""

    LINES = Qt.ItemDataRole.UserRole + 3
    """How many lines the text may take."""


ALIGNED = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
}


@dataclass(frozen=True)
class Column(Generic[R]):
    """What one column shows of a row, and how.

    `sort` gives what rows are ordered by (the text, accents and case aside, when left out);
    `finds(row, word)` says whether a folded word of the filter means the row by what is not shown;
    `tone` makes the cell a chip; `width` is in pixels at a text size of 100 %, 0 takes what is
    left; `searched` lets the filter look into it; `whole` is the text where there is room for all;
    `hides` says that the column is hidden while its texts are all empty, or all alike; `lines` is
    how many a text may take.
    """

    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    tone: Callable[[R], str | None] | None = None
    align: str = "left"
    width: int = 120
    role: str = "body"
    searched: bool = True
    finds: Callable[[R, str], bool] | None = None
    whole: Callable[[R], str] | None = None
    hides: Literal["", "empty", "alike"] = ""
    lines: int = 1

    def cell(self, row: R) -> Cell:
        """What a spreadsheet is given: the number or the day where the text is one, else the text.

        Amounts are in euros, rates in per cent.
        """
        text = (self.whole or self.text)(row)
        day = _day(text) if self.sort is not None else None
        if day is not None:
            return day
        found = _NUMBER.fullmatch("".join(text.split()))
        if found is None or self.sort is None or self.align != "right":
            return text
        return Decimal(f"{found[1]}.{found[2]}") if found[2] else int(found[1])


def _day(text: str) -> date | None:
    """The day that a text writes; None for one that no calendar, or no spreadsheet, has."""
    found = _DAY.fullmatch(text)
    if found is None or int(found[3]) < _FIRST_YEAR:
        return None
    with suppress(ValueError):
        return date(int(found[3]), int(found[2]), int(found[1]))
    return None


ANSWERS: dict[int, Callable[[Column[Any], Any], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, row: column.text(row),
    Qt.ItemDataRole.AccessibleTextRole: lambda column, row: column.text(row),
    Qt.ItemDataRole.ToolTipRole: lambda column, row: (column.whole or column.text)(row),
    Qt.ItemDataRole.TextAlignmentRole: lambda column, row: ALIGNED[column.align],
    Roles.ROW: lambda column, row: row,
    Roles.TONE: lambda column, row: column.tone(row) if column.tone else None,
    Roles.TYPE: lambda column, row: column.role,
    Roles.LINES: lambda column, row: column.lines,
}


class Columns(Enum):
    """Base of a table's columns: each member's value is a Column, in the order shown."""

    @property
    def column(self) -> Column[Any]:
        found: Column[Any] = self.value
        return found


_PARTED = str.maketrans("-'’", "   ")


@lru_cache(maxsize=32_768)
def folded(text: str) -> str:
    """The text without accents, case, hyphens and apostrophes, as filters compare it.

    « St-Romain » is « saint romain ».
    """
    return spelt_out(_plain(text))


@lru_cache(maxsize=32_768)
def sought(text: str) -> str:
    """The text as filters look into it: folded, then again with its abbreviations as written.

    « Sté » finds « Sté Morin », and « st » « St-Romain » before its end is typed.
    """
    known = _plain(text)
    spelt = spelt_out(known)
    return spelt if spelt == known else f"{spelt} {known}"


def _plain(text: str) -> str:
    return fold.__wrapped__(text).translate(_PARTED)  # the callers cache it, so `fold` need not


def on_two_lines(title: str) -> str:
    """A title broken where its longer line is the shortest; whole where it is one word."""
    words = title.split(" ")
    ways = ("\n".join((" ".join(words[:n]), " ".join(words[n:]))) for n in range(1, len(words)))
    return min(ways, key=lambda way: max(map(len, way.split("\n"))), default=title)


class TableModel(QAbstractTableModel, Generic[R]):
    """Rows, read-only: in the order given, then in that of the column last sorted by.

    They are sorted here and not by the proxy, which would call for tens of thousands of comparisons
    on a list of thousands.
    """

    def __init__(self, columns: type[Columns], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: list[Column[R]] = [member.column for member in columns]
        self.rows: Sequence[R] = ()
        self._titles_break = False
        self._order: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[R]) -> None:
        """Replaces all rows."""
        self.beginResetModel()
        self.rows = [rows[number] for number in self._ordered(rows)]
        self.endResetModel()

    def break_titles(self, broken: bool) -> bool:
        """Puts the titles on two lines, or back on one; gives whether that changes any."""
        changes = broken != self._titles_break
        if changes:
            self._titles_break = broken
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        return changes

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Puts the rows in order; what is equal stays as it was."""
        if self._order == (column, order):
            return
        self._order = column, order
        self.layoutAboutToBeChanged.emit()
        numbers = self._ordered(self.rows)
        self.rows = [self.rows[number] for number in numbers]
        places = {number: place for place, number in enumerate(numbers)}
        kept = self.persistentIndexList()
        moved = [self.index(places[index.row()], index.column()) for index in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _ordered(self, rows: Sequence[R]) -> Sequence[int]:
        """The numbers of rows in the order of the column sorted by; those without a value last."""
        if self._order is None:
            return range(len(rows))
        number, order = self._order
        keys = [_key(self.columns[number], row) for row in rows]
        down = order is Qt.SortOrder.DescendingOrder
        found = [place for place, key in enumerate(keys) if key is not None]
        found.sort(key=keys.__getitem__, reverse=down)
        return found + [place for place, key in enumerate(keys) if key is None]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        answer = ANSWERS.get(role)
        if answer is None:
            return None
        return answer(self.columns[index.column()], self.rows[index.row()])

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """A column's title; a screen reader is told which way the rows are sorted by it."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return on_two_lines(column.title) if self._titles_break else column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNED[column.align]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if self._order is None or self._order[0] != section:
                return column.title
            down = self._order[1] is Qt.SortOrder.DescendingOrder
            return f"{column.title}, tri {'décroissant' if down else 'croissant'}"
        return None


class RowsProxy(QSortFilterProxyModel, Generic[R]):
    """Keeps the rows that hold every word of the filter, in the order of the model."""

    def __init__(self, model: TableModel[R], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self._facet: Callable[[R], bool] | None = None
        self._finds = [one.finds for one in model.columns if one.finds is not None]
        self._texts: dict[int, str] = {}  # what is searched of a row, by the identity of the row
        self._seen: Sequence[R] | None = None  # the rows kept, in their order, once asked for
        model.modelReset.connect(self._texts.clear)
        for changed in (model.modelReset, model.layoutChanged):
            changed.connect(self._forget_seen)
        self.setSourceModel(model)

    def row(self, number: int) -> R:
        """The row shown at a place."""
        return self.seen()[number]

    def seen(self) -> Sequence[R]:
        """The rows that the filter keeps, in their order.

        They are not asked of Qt, where each place would be looked up on its own.
        """
        if self._seen is None:
            rows, top = self._model.rows, QModelIndex()
            kept = (self.filterAcceptsRow(number, top) for number in range(len(rows)))
            self._seen = list(compress(rows, kept))
        return self._seen

    def _forget_seen(self) -> None:
        self._seen = None

    def place(self, wanted: object, key: str) -> QModelIndex:
        """The index of the row shown whose attribute `key` is `wanted`; invalid for none."""
        for number, row in enumerate(self._model.rows):
            if getattr(row, key) == wanted:
                found = self.mapFromSource(self._model.index(number, 0))
                if found.isValid():
                    return found
        return QModelIndex()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._model.sort(column, order)

    def filter_by(self, text: str, facet: Callable[[R], bool] | None = None) -> None:
        """Keeps rows that hold all the words of `text` and for which `facet` is true."""
        self._words = folded(text).split()
        self._facet = facet
        self._forget_seen()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.rows[source_row]
        if self._facet is not None and not self._facet(row):
            return False
        if not self._words:
            return True
        text = self._texts.get(id(row))
        if text is None:
            text = self._texts[id(row)] = self._searched(row)
        return all(
            word in text or any(finds(row, word) for finds in self._finds) for word in self._words
        )

    def _searched(self, row: R) -> str:
        return sought(" ".join(one.text(row) for one in self._model.columns if one.searched))


def _key(column: Column[R], row: R) -> Any:
    """What a row is ordered by; None without a value."""
    if column.sort is not None:
        return column.sort(row)
    text = column.text(row)
    return folded(text) if text else None
