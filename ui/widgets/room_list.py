"""The seats on screen, and the keys that say who comes, goes, or is represented."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu

from ui.models.room import RoomModel, SeatRow
from ui.models.rows import ROW
from ui.widgets.line_list import LineList

DEEDS = {
    "present": ("Présent, ou arrivée", Qt.Key.Key_P),
    "alternate": ("Suppléant présent", Qt.Key.Key_S),
    "leave": ("Départ", Qt.Key.Key_D),
    "correct": ("Arrivé ou parti à…", Qt.Key.Key_H),
    "excused": ("Excusé", Qt.Key.Key_E),
    "absent": ("Absent", Qt.Key.Key_A),
    "represent": ("Représenté par…", Qt.Key.Key_R),
    "exclude": ("Déport sur ce point", Qt.Key.Key_X),
}
"""What can be done for a seat: its words and its key in the list."""

OTHERS = ("Marquer absents les autres", Qt.Key.Key_T)
"""The words and the key of the deed for all the seats still to be called."""


class RoomList(LineList):
    """`deed_asked` carries a seat's row and the name of a deed; none is asked while `locked`.

    `absent_asked` carries the ids of the seats still to be called.
    """

    deed_asked = Signal(object, str)
    absent_asked = Signal(object)

    def __init__(self, model: RoomModel) -> None:
        super().__init__()
        self.room = model
        self.setModel(model)
        self.setAccessibleName("Présences")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.customContextMenuRequested.connect(self.open_menu)
        self.doubleClicked.connect(lambda index: self._ask(index.data(ROW), "present"))

    def current(self) -> SeatRow | None:
        """The seat that the keyboard is on."""
        row = self.currentIndex().data(ROW)
        return row if isinstance(row, SeatRow) else None

    def select(self, entry_id: str) -> None:
        place = self.room.place_of(entry_id)
        if place is not None:
            self.setCurrentIndex(self.room.index(place))

    def open_menu(self, at: QPoint) -> None:
        """Offers every deed for the seat under the pointer, and what ends the roll call."""
        row = self.indexAt(at).data(ROW)
        if self.locked or not isinstance(row, SeatRow):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed, (words, key) in DEEDS.items():
            action = menu.addAction(f"{words}\t{chr(key)}")
            action.triggered.connect(lambda checked=False, deed=deed: self._ask(row, deed))
            action.setEnabled(row.allows(deed))
        menu.addSeparator()
        waiting, (words, key) = self.room.waiting(), OTHERS
        others = menu.addAction(f"{words} ({len(waiting)})\t{chr(key)}", self._ask_absent)
        others.setEnabled(bool(waiting))
        menu.popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        if row and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask(row, "present")
            return
        for deed, (_, key) in DEEDS.items():
            if row and plain and event.key() == key:
                self._ask(row, deed)
                return
        if plain and event.key() == OTHERS[1]:
            self._ask_absent()
            return
        super().keyPressEvent(event)

    def _ask_absent(self) -> None:
        waiting = self.room.waiting()
        if waiting and not self.locked:
            self.absent_asked.emit(waiting)

    def _ask(self, row: SeatRow, deed: str) -> None:
        """Asks for a deed; « present » seats whoever the row names, be it the alternate."""
        if not self.locked:
            self.deed_asked.emit(row, row.called if deed == "present" else deed)
