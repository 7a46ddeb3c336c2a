"""The sections of a template on screen: Space ticks one, Alt+↑/↓ or the hand moves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui import theme
from ui.models.template_sections import SectionsModel


class SectionList(QListView):
    """`selected` carries the row that the keyboard is on."""

    selected = Signal(int)

    def __init__(self, sections: SectionsModel) -> None:
        super().__init__()
        self.sections = sections
        self.setModel(sections)
        self.setProperty("framed", True)
        self.setAccessibleName("Sections du document")
        self.setAccessibleDescription("Espace retire ou remet une section, Alt et les flèches la"
                                      " déplacent.")  # fmt: skip
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMinimumHeight(theme.px(80))
        self.selectionModel().currentChanged.connect(
            lambda now, before: self.selected.emit(now.row())
        )

    def select(self, row: int) -> None:
        self.setCurrentIndex(self.sections.index(min(max(row, 0), self.sections.rowCount() - 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and step:
            self.move_current(step)
        else:
            super().keyPressEvent(event)

    def move_current(self, step: int) -> None:
        """Takes the current section up (-1) or down (1)."""
        row = self.currentIndex().row()
        if row >= 0 and self.sections.move(row, row + step):
            self.select(row + step)
