"""The sections of a document template as a list: ticked, and put in order by hand."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.document_kinds import KINDS, SectionKind
from app.domain.document_templates import Section, Template
from ui.models.rows import Index

MIME = "application/x-commissions-section"


class SectionsModel(QAbstractListModel):
    """Holds the template being edited; `edited` follows each change that the user makes."""

    edited = Signal()

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = template

    def set_template(self, template: Template) -> None:
        """Shows another state of the template; where the order stays, so does the selection."""
        order = [one.name for one in self.template.sections]
        if [one.name for one in template.sections] == order:
            self.template = template
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
            return
        self.beginResetModel()
        self.template = template
        self.endResetModel()

    def section(self, row: int) -> Section:
        return self.template.sections[row]

    def rules(self, row: int) -> SectionKind:
        return KINDS[self.template.kind].sections[self.section(row).name]

    def replace(self, row: int, section: Section) -> None:
        """Puts what the user wrote in the place of a section."""
        if section != self.section(row):
            before, after = self.template.sections[:row], self.template.sections[row + 1 :]
            self._take((*before, section, *after))
            self.dataChanged.emit(self.index(row), self.index(row))
            self.edited.emit()

    def move(self, row: int, place: int) -> bool:
        """Puts a section at another place; False when there is none."""
        if not 0 <= place < self.rowCount() or row == place:
            return False
        below = place + 1 if place > row else place
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), below)
        sections = list(self.template.sections)
        sections.insert(place, sections.pop(row))
        self._take(sections)
        self.endMoveRows()
        self.edited.emit()
        return True

    def _take(self, sections: Sequence[Section]) -> None:
        self.template = msgspec.structs.replace(self.template, sections=tuple(sections))

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.template.sections)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        section, rules = self.section(index.row()), self.rules(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return rules.label
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if section.shown else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole and rules.required:
            return "Cette section ne peut pas être retirée."
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or self.rules(index.row()).required:
            return False
        shown = Qt.CheckState(value) is Qt.CheckState.Checked
        section = msgspec.structs.replace(self.section(index.row()), shown=shown)
        self.replace(index.row(), section)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        required = self.rules(index.row()).required
        return flags if required else flags | Qt.ItemFlag.ItemIsUserCheckable

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, QByteArray(str(indexes[0].row()).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Moves the section at once; gives False, lest the view remove the source row."""
        source = int(data.data(MIME).toStdString())
        target = self.rowCount() if row < 0 else row
        self.move(source, target - 1 if target > source else target)
        return False
