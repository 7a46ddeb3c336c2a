"""The names of a roll call, each with the vote given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from ui.models.lines import LINE, ListLine
from ui.models.rows import Index
from ui.widgets.pick import Option

VOTES = {
    "for": ("Pour", "success"),
    "against": ("Contre", "danger"),
    "abstain": ("Abstention", "neutral"),
}


class VotesModel(QAbstractListModel):
    """The voters as a list; `changed` follows each vote."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.voters: Sequence[Option] = ()
        self.votes: dict[str, str] = {}

    def set_voters(self, voters: Sequence[Option]) -> None:
        """Replaces who is called; the votes of those who stay are kept."""
        self.beginResetModel()
        self.voters = voters
        ids = {voter.id for voter in voters}
        self.votes = {one: vote for one, vote in self.votes.items() if one in ids}
        self.endResetModel()

    def vote(self, row: int, vote: str) -> None:
        self.votes[self.voters[row].id] = vote
        self.dataChanged.emit(self.index(row), self.index(row))
        self.changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.voters)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        voter = self.voters[index.row()]
        words, tone = VOTES.get(self.votes.get(voter.id, ""), ("", "neutral"))
        if role == LINE:
            return ListLine(voter.words, chip=words or "À voter", tone=tone if words else "warning")
        if role == Qt.ItemDataRole.DisplayRole:
            return voter.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{voter.words}, {words or 'à voter'}"
        return None
