"""Entering votes: counts for a show of hands or a secret ballot, names for a roll call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from app.domain.refusals import Refusal
from app.domain.wording import count
from ui import theme
from ui.focus_order import bring_current_into_sight
from ui.models.votes import VOTES, VotesModel
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import NumberField
from ui.widgets.line_delegate import LineDelegate
from ui.widgets.pick import Option
from ui.widgets.text import label

Index = QModelIndex | QPersistentModelIndex

COUNTS = {
    "for_count": "Pour",
    "against_count": "Contre",
    "abstain_count": "Abstentions",
    "blank_count": "Blancs",
}
KEYS = {Qt.Key.Key_P: "for", Qt.Key.Key_C: "against", Qt.Key.Key_A: "abstain"}


class Counts(QWidget):
    """Four numbers; one button gives all votes in favour."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, NumberField] = {}
        self.everyone = 0
        self.all_for = button("Tous pour", self.fill, tip="Tous pour (Ctrl+T)")
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
    """One name a line; P, C or A gives the vote and goes to the next name."""

    def __init__(self, model: VotesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.votes = model
        self.setModel(model)
        self.setItemDelegate(LineDelegate(self))
        self.setAccessibleName("Votes nominatifs : P pour, C contre, A abstention")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMinimumHeight(theme.px(220))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        vote = KEYS.get(Qt.Key(event.key()))
        row = self.currentIndex().row()
        if vote is None or row < 0:
            super().keyPressEvent(event)
            return
        self.votes.vote(row, vote)
        if row + 1 < self.votes.rowCount():
            self.setCurrentIndex(self.votes.index(row + 1))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Shows the name that is called: where the text is large, its dialog scrolls too."""
        super().currentChanged(current, previous)
        bring_current_into_sight(self)


class VoteEntry(QWidget):
    """The votes of a ballot, entered as its method asks."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = Counts()
        self.names = RollCallList(VotesModel(self))
        self._roll_call = self._build_roll_call()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.counts)
        layout.addWidget(self._roll_call)
        self.counts.edited.connect(self.edited)
        self.names.votes.changed.connect(self.edited)

    def _build_roll_call(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        keys = ", ".join(f"{chr(key)} {VOTES[vote][0].lower()}" for key, vote in KEYS.items())
        layout.addWidget(self.names)
        layout.addWidget(label(f"Pour chaque nom : {keys}.", "caption"))
        return holder

    def show_method(self, method: str) -> None:
        self.counts.setVisible(method != "roll_call")
        self._roll_call.setVisible(method == "roll_call")

    def show_voters(self, voters: Sequence[Option]) -> None:
        """Shows who has a vote now."""
        if [voter.id for voter in voters] != [voter.id for voter in self.names.votes.voters]:
            self.names.votes.set_voters(voters)
            self.names.setCurrentIndex(self.names.votes.index(0))
        self.counts.everyone = len(voters)

    def values(self, method: str) -> dict[str, Any]:
        """The fields of the ballot that the votes fill; Refusal for what cannot be read."""
        if method != "roll_call":
            return self.counts.values()
        votes = self.names.votes
        missing = len(votes.voters) - len(votes.votes)
        if missing:
            raise Refusal(f"Il manque {count(missing, 'nom')} à l'appel : P, C ou A pour chacun.")
        return {"votes": dict(votes.votes)}
