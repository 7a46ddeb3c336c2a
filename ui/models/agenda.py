"""The agenda of a meeting as a list that can be reordered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)

from app.domain import schedule
from app.domain.dates import instant
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Need, Record, Solution, WatchNote
from app.domain.schedule import Schedule
from app.domain.wording import capitalised
from ui.models.rows import ROW, Index, RowsModel

MIME = "application/x-commissions-agenda-item"

SUBJECTS = {
    "watch_note": "Ouvrir la note de veille",
    "solution": "Ouvrir la solution",
    "need": "Ouvrir le besoin",
}
"""The words that lead to the record that an item is about, by the kind of that record."""

KINDS = {
    "opening": "Ouverture",
    "approval": "Approbation",
    "follow_up": "Suites données",
    "watch": "Veille",
    "need": "Besoins",
    "solution": "Solution",
    "decision": "Décision",
    "misc": "Divers",
}
"""The French word of each kind of item."""


@dataclass(frozen=True)
class AgendaRow:
    """One item as the list shows it.

    `number` is its number, or its place before the numbers are fixed; `at` the hour it should
    begin; `progress` is "", "current" or "done"; `spent` counts minutes.
    """

    id: str
    number: str
    title: str
    detail: str
    at: str
    minutes: int | None
    spent: int | None
    progress: str
    withdrawn: bool
    added: bool

    @property
    def lasts(self) -> str:
        """« 20 min », or « 12 / 20 min » once it has begun."""
        if self.spent is not None:
            return f"{self.spent} / {self.minutes} min" if self.minutes else f"{self.spent} min"
        return f"{self.minutes} min" if self.minutes else ""

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        states = {"current": "en cours", "done": "traité", "": ""}
        parts = [
            self.number,
            self.title,
            self.detail,
            self.at,
            self.lasts.replace(" / ", " sur "),
            states[self.progress],
            "ajouté" if self.added else "",
            "retiré" if self.withdrawn else "",
        ]
        return ", ".join(part for part in parts if part)


def agenda_rows(state: MeetingState, now: datetime) -> list[AgendaRow]:
    """The rows of a meeting's agenda, each with the hour at which it should begin."""
    begins = planned(state).begins
    return [
        _row(state, item, place, begins.get(item.id), now)
        for place, item in enumerate(state.file.items, start=1)
    ]


def planned(state: MeetingState) -> Schedule:
    """The hours that the durations of a meeting's agenda add up to."""
    return schedule.planned(state.file.meeting.fields, state.file.items)


def _row(
    state: MeetingState,
    item: Record[AgendaItem],
    place: int,
    begins: datetime | None,
    now: datetime,
) -> AgendaRow:
    fields = shown_fields(state, item)
    parts = [KINDS[fields.kind], fields.presenter, linked_title(state, fields)]
    return AgendaRow(
        id=item.id,
        number=fields.number or str(place),
        title=fields.title or "Sans titre",
        detail=" · ".join(part for part in parts if part),
        at=f"{begins.hour} h {begins.minute:02}" if begins else "",
        minutes=fields.planned_minutes,
        spent=spent_minutes(fields, now),
        progress=_progress(fields),
        withdrawn=fields.withdrawn,
        added=not fields.original,
    )


def linked_title(state: MeetingState, item: AgendaItem) -> str:
    """The title of the note, need or solution that an item is about; empty for none."""
    found = linked(state, item)
    title = found.fields.title if found else ""
    return capitalised(title) if title != item.title else ""


def linked(state: MeetingState, item: AgendaItem) -> Record[WatchNote | Solution | Need] | None:
    """The note, need or solution that an item is about."""
    file, key = state.file, item.linked_id or ""
    needs = {one.id: one for one in file.needs}
    return file.watch_notes.get(key) or file.solutions.get(key) or needs.get(key)


def shown_fields(state: MeetingState, item: Record[AgendaItem]) -> AgendaItem:
    """An item's fields as shown: once the meeting is closed, one begun and never ended counts as
    ended when the next began, or with the meeting.
    """
    fields, closed_at = item.fields, state.file.meeting.fields.closed_at
    if fields.started_at is None or closed_at is None:
        return fields
    return replace(fields, ended_at=state.presumed_end(item, closed_at))


def spent_minutes(item: AgendaItem, now: datetime) -> int | None:
    """Whole minutes since the item began, or that it took; None before it begins."""
    if item.started_at is None:
        return None
    end = instant(item.ended_at) if item.ended_at else now
    return max(int((end - instant(item.started_at)).total_seconds() // 60), 0)


def _progress(item: AgendaItem) -> str:
    if item.started_at is None:
        return ""
    return "done" if item.ended_at else "current"


class AgendaModel(RowsModel[AgendaRow]):
    """The rows in the order of the agenda; dropping one asks for it to be moved.

    `move_requested` carries the id of the item and the place, from 0, that it should take.
    """

    move_requested = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.movable = True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return row.spoken if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if self.movable else Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.movable else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, QByteArray(self.rows[indexes[0].row()].id.encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Asks for the move; the rows follow once it is stored."""
        item_id = data.data(MIME).toStdString()
        place = self.place_of(item_id)
        target = len(self.rows) if row < 0 else row
        if place is not None and target not in (place, place + 1):
            self.move_requested.emit(item_id, target - 1 if target > place else target)
        return False
