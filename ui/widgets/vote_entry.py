"""Entering votes: counts for a show of hands or a secret ballot, names for a roll call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.records import Ballot
from app.domain.refusals import Refusal
from app.domain.wording import count, of
from ui import theme
from ui.focus_order import bring_current_into_sight, bring_into_sight
from ui.models.rows import Index
from ui.models.votes import VOTES, VotesModel
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import NumberField
from ui.widgets.flow import Flow
from ui.widgets.line_delegate import LineDelegate
from ui.widgets.pick import Option
from ui.widgets.text import Elided, label
from ui.words.chord import chord

COUNTS = {
    "for_count": "Pour",
    "against_count": "Contre",
    "abstain_count": "Abstentions",
    "blank_count": "Blancs",
}
LEAST = 168
"""The height of the names: where the text is large, the buttons stay in sight above them."""

KEYS = {Qt.Key.Key_P: "for", Qt.Key.Key_C: "against", Qt.Key.Key_A: "abstain"}
LETTERS = "P, C ou A"


class Counts(QWidget):
    """Four numbers; one button gives all votes in favour."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, NumberField] = {}
        self.everyone = 0
        self.all_for = button("Tous pour", self.fill, tip=f"Tous pour ({chord('Ctrl+T')})")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        for name, words in COUNTS.items():
            field = NumberField("0")
            field.setAccessibleName(words)
            theme.set_widths(field, most=84)
            field.edited.connect(self.edited)
            self.fields[name] = field
            column = QVBoxLayout()
            column.setSpacing(Space.XS)
            column.addWidget(label(words, "caption"))
            column.addWidget(field)
            layout.addLayout(column)
        layout.addWidget(self.all_for, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addStretch()

    def fill(self) -> None:
        """Gives every vote in the room in favour."""
        for field in self.fields.values():
            field.set_value(None)
        self.fields["for_count"].set_value(self.everyone)
        self.edited.emit()

    def values(self) -> dict[str, Any]:
        """The counts; Refusal for what is no number."""
        return {name: field.value() or 0 for name, field in self.fields.items()}


class RollCallList(QListView):
    """One name a line; a vote given goes on to the next one. `called` carries who is called."""

    called = Signal(str)

    def __init__(self, model: VotesModel) -> None:
        super().__init__()
        self.votes = model
        self.setModel(model)
        self.setItemDelegate(LineDelegate(self))
        self.setAccessibleName("Votes nominatifs : P pour, C contre, A abstention")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(theme.px(LEAST))

    def give(self, vote: str) -> None:
        """Gives the vote of the name called, and calls the next one."""
        row = self.currentIndex().row()
        if row < 0:
            return
        self.votes.vote(row, vote)
        if row + 1 < self.votes.rowCount():
            self.setCurrentIndex(self.votes.index(row + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves the keys of a vote to its parent: Qt would look for a name by its letter."""
        if _vote_of(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Scrolls to the name that is called: where the text is large, its dialog scrolls too."""
        super().currentChanged(current, previous)
        if self.hasFocus():  # else who chooses the voters would lose sight of what they do
            bring_current_into_sight(self)
        self.called.emit(current.data() or "")


class RollCall(QWidget):
    """The names and, above them, a button for each vote; P, C and A do the same."""

    def __init__(self) -> None:
        super().__init__()
        self.names = RollCallList(VotesModel(self))
        self.buttons = {vote: self._button(vote) for vote in KEYS.values()}
        self._called = Elided()  # on one line, so that the buttons stay where they are
        self._called.setProperty("role", "caption")
        above = Flow()
        for one in self.buttons.values():
            above.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self._called)
        layout.addLayout(above)
        layout.addSpacing(Space.XS)
        layout.addWidget(self.names)
        self.names.called.connect(self._on_called)
        self._on_called("")

    def _button(self, vote: str) -> QPushButton:
        key = next(chr(key) for key, one in KEYS.items() if one == vote)
        words = VOTES[vote][0]
        return button(words, lambda: self.names.give(vote), tip=f"{words} ({key})")

    def _on_called(self, name: str) -> None:
        """Says whose vote the buttons give, to screen readers too."""
        self._called.setText(f"Vote ({LETTERS}) {of(name)}" if name else "")
        for vote, one in self.buttons.items():
            one.setAccessibleName(f"{VOTES[vote][0]}, {name}" if name else VOTES[vote][0])
            one.setEnabled(bool(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scrolls itself into sight once it has its height: its buttons then stay in place."""
        super().resizeEvent(event)
        if event.size().height() > event.oldSize().height():
            bring_into_sight(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """P, C or A gives the vote, from the names as from the buttons; held down, once."""
        vote = _vote_of(event)
        if vote and not event.isAutoRepeat():
            self.names.give(vote)
        elif not vote:
            super().keyPressEvent(event)


def _vote_of(event: QKeyEvent) -> str:
    """The vote of a letter typed alone, "" for another key."""
    plain = event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    return KEYS.get(Qt.Key(event.key()), "") if plain else ""


class VoteEntry(QWidget):
    """The votes of a ballot, entered as its method asks."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.counts = Counts()
        self.roll_call = RollCall()
        self.names = self.roll_call.names
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.counts)
        layout.addWidget(self.roll_call)
        self.counts.edited.connect(self.edited)
        self.names.votes.changed.connect(self.edited)

    def set_votes(self, ballot: Ballot) -> None:
        """Takes the votes of a ballot; `show_voters` then drops the names that are not shown."""
        for name, field in self.counts.fields.items():
            field.set_value(getattr(ballot, name) or None)
        self.names.votes.votes = dict(ballot.votes)

    def differs(self, ballot: Ballot) -> bool:
        """Whether the votes entered are others than those of a ballot."""
        counts = {name: field.text().strip() or "0" for name, field in self.counts.fields.items()}
        kept = {name: str(getattr(ballot, name)) for name in counts}
        return counts != kept or self.names.votes.votes != ballot.votes

    def show_method(self, method: str) -> None:
        self.counts.setVisible(method != "roll_call")
        self.roll_call.setVisible(method == "roll_call")

    def show_voters(self, voters: Sequence[Option]) -> None:
        """Shows who has a vote now, and goes on with the first who has not given it."""
        votes = self.names.votes
        if list(voters) != list(votes.voters):
            votes.set_voters(voters)
            waiting = (row for row, one in enumerate(voters) if one.id not in votes.votes)
            self.names.setCurrentIndex(votes.index(next(waiting, 0)))
            if not voters:
                self.names.called.emit("")  # Qt says nothing of a list that is emptied
        self.counts.everyone = len(voters)

    def values(self, method: str) -> dict[str, Any]:
        """The fields of the ballot that the votes fill; Refusal for what cannot be read."""
        if method != "roll_call":
            return self.counts.values()
        votes = self.names.votes
        missing = sum(one.id not in votes.votes for one in votes.voters)
        if missing:
            raise Refusal(
                f"Il manque {count(missing, 'nom')} à l'appel : donnez le vote de chacun."
            )
        return {"votes": dict(votes.votes)}
