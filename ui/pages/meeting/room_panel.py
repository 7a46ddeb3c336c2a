"""The room: the quorum in one sentence, the roll call by keyboard, the state of each seat."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.meeting_state import MeetingState
from app.domain.quorum import Quorum
from app.domain.reconvening import way_on
from app.domain.records import AgendaItem, Record
from ui import theme
from ui.announcing import Announcer, announce
from ui.models.room import IN, RoomModel, SeatRow, seat_rows
from ui.theme import Space
from ui.widgets.buttons import icon_button
from ui.widgets.line_icons import make_search
from ui.widgets.picture import Picture
from ui.widgets.plain_edit import PlainLine
from ui.widgets.room_list import RoomList
from ui.widgets.text import Label, label, restyle

LARGE = 1.4
"""The size of text from which the list of seats takes the room of the hints around it."""


class CallLine(PlainLine):
    """A line for letters of a name; Enter notes it present, ↓ goes into the list of seats."""

    entered = Signal()
    left_downwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Qui est là\u00a0?")
        self.setAccessibleName("Appel : quelques lettres d'un nom")
        self.setToolTip("Entrée note présent")
        make_search(self)
        self.returnPressed.connect(self.entered)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class QuorumCard(QFrame):
    """The quorum of the item in hand."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = Picture("users", "muted", 20)
        self.words: Label = label("", "strong", wrap=True)
        self.way_on: Label = label("", "caption", wrap=True)
        told = QVBoxLayout()
        told.setSpacing(Space.XS)
        told.addWidget(self.words)
        told.addWidget(self.way_on)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        layout.setSpacing(Space.M)
        layout.addWidget(self._picture)
        layout.addLayout(told, 1)

    def show_quorum(self, quorum: Quorum, way_on: str) -> None:
        """Shows the quorum; `way_on` says what to do while it is not reached."""
        tone = "success" if quorum.reached else "danger"
        self.words.setText(quorum.sentence)
        self.way_on.setText("" if quorum.reached else way_on)
        self.setToolTip(self.way_on.text())
        self.measure()
        self._picture.set("circle-check" if quorum.reached else "triangle-alert", tone)
        restyle(self, "tone", tone)
        restyle(self.words, "tone", tone)

    def measure(self) -> None:
        """Adapts to the size of text: in large print, only the tooltip says the way on."""
        self.way_on.setVisible(bool(self.way_on.text()) and theme.text_scale() < LARGE)


class RoomPanel(QWidget):
    """Shows the seats; `deed_asked` carries a seat and what to do with it.

    `absent_asked` carries the ids of the seats still to be called.
    """

    deed_asked = Signal(object, str)
    absent_asked = Signal(object)
    guest_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.quorum = QuorumCard()
        self.call = CallLine()
        self.guest = icon_button("user-plus", "Noter un invité", self.guest_asked.emit)
        self.list = RoomList(RoomModel(self))
        self.empty = label(
            "Personne ne siège encore : donnez un siège aux communes, à la page Collectivités.",
            "muted",
            wrap=True,
        )
        self.unknown = label("Personne ne correspond à ces lettres.", "muted", wrap=True)
        self.unknown.hide()
        self._found = Announcer(self.call)
        self._in_sight = ""  # the id of the seat shown as the one that the letters find
        self.keys = label(
            "Un clic sur l'état donne les choix ; au clavier, Entrée ou P\u00a0présent,"
            " S\u00a0suppléant, D\u00a0départ, H\u00a0heures, E\u00a0excusé, A\u00a0absent,"
            " R\u00a0représenté, X\u00a0déport, T\u00a0absents les autres.",
            "caption",
            wrap=True,
        )
        self._build()
        self._connect()
        self.measure()

    def _build(self) -> None:
        card = QFrame()
        card.setProperty("surface", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        inside.setSpacing(Space.S)
        head = QHBoxLayout()
        head.setSpacing(Space.XS)
        head.addWidget(self.call, 1)
        head.addWidget(self.guest)
        inside.addLayout(head)
        inside.addWidget(self.empty)
        inside.addWidget(self.unknown)
        inside.addWidget(self.list, 1)
        inside.addWidget(self.keys)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.quorum)
        layout.addWidget(card, 1)

    def _connect(self) -> None:
        self.call.textChanged.connect(self._on_letters)
        self.call.entered.connect(self._on_entered)
        self.call.left_downwards.connect(self._on_down)
        self.list.deed_asked.connect(self._do)
        self.list.absent_asked.connect(self.absent_asked)

    def show_state(self, state: MeetingState, at: str, item: Record[AgendaItem] | None) -> None:
        """Shows the room at an instant, as it counts for an item; has screen readers say a change
        of the selected seat.
        """
        kept = self.list.current()
        rows = seat_rows(state, at, item)
        self.list.room.set_rows(rows)
        self.empty.setVisible(not rows)
        lacking = not state.at(at).quorum.reached  # whatever the exclusions from the item
        self.quorum.show_quorum(state.at(at, item).quorum, way_on(state) if lacking else "")
        if kept is not None:
            self.list.select(kept.id)
        now = self.list.current()
        if kept and now and now.id == kept.id and now.spoken != kept.spoken:
            self._found.stop()
            announce(self.call, now.spoken)

    def lock(self, *, locked: bool) -> None:
        """Makes the room read-only."""
        self.list.locked = locked
        for one in (self.call, self.guest):
            one.setHidden(locked)
        self.measure()

    def take_focus(self) -> None:
        (self.list if self.list.locked else self.call).setFocus()

    def go_to(self, entry_id: str) -> None:
        """Gives the keyboard to a seat, so that one key notes its state."""
        self.call.clear()
        self.list.select(entry_id)
        self.list.setFocus()

    def measure(self) -> None:
        """Adapts to the size of text: in large print, only the menu tells the keys."""
        self.quorum.measure()
        self.keys.setVisible(theme.text_scale() < LARGE and not self.list.locked)

    def _on_letters(self, text: str) -> None:
        self.list.room.filter_by(text)
        self.unknown.setVisible(self.empty.isHidden() and not self.list.room.rows)
        answering = self._answering()
        self._in_sight = answering.id if answering else ""
        if answering is not None:
            self.list.select(answering.id)
        self._found.take(answering.spoken if answering else self.unknown.text())
        if not text:
            self._found.stop()

    def _answering(self) -> SeatRow | None:
        """The first seat that the letters find; if it is in, the next of that person, if any."""
        rows = self.list.room.rows
        same = (
            row
            for row in rows
            if row.person_id == rows[0].person_id and (row.where != IN or row.by_alternate)
        )
        return next(same, rows[0] if rows else None)

    def _on_entered(self) -> None:
        """Notes as present the seat that the user saw the letters find.

        If a sync took that seat away, first shows the seat that they find now.
        """
        place = self.list.room.place_of(self._in_sight)
        if self.call.text().strip() and place is not None:
            row = self.list.room.rows[place]
            self._do(row, row.called)
        else:
            self._on_letters(self.call.text())
        self.call.selectAll()

    def _do(self, row: SeatRow, deed: str) -> None:
        """Asks for a deed on a seat. If letters were typed, they are cleared and the keyboard stays
        in their line, so that the next name is not read as keys of the list.
        """
        if self.call.text():
            self.call.setText("")  # leaving nothing to undo here: Ctrl+Z takes back the deed
            self.list.select(row.id)
            self.call.setFocus()
        self.deed_asked.emit(row, deed)

    def _on_down(self) -> None:
        self.list.setFocus()
        if not self.list.currentIndex().isValid() and self.list.room.rows:
            self.list.setCurrentIndex(self.list.room.index(0))
