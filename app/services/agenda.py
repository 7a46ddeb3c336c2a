"""The agenda of a meeting: adding, moving, withdrawing, removing and timing its items."""

from __future__ import annotations

from typing import Any

from app.domain import agenda
from app.domain.meeting_file import MeetingFile
from app.domain.records import AgendaItem, Record
from app.errors import UserError
from app.services.changes import Change
from app.services.instants import as_instant
from app.services.meetings import Meetings


class Agenda:
    """What the window does with items; numbers follow by the rules, whatever the order of clicks.

    `before` names the item that comes right after the place meant; None is the end.
    """

    def __init__(self, meetings: Meetings) -> None:
        self._meetings = meetings
        self._records = meetings.records

    def add(
        self, meeting_id: str, fields: dict[str, Any], *, before: str | None = None
    ) -> Record[AgendaItem]:
        """Adds an item at a place; once numbers are fixed, it gets one such as « 4 bis »."""
        file = self._meetings.file(meeting_id)
        item_id = self._records.ids()
        ranks = _ranks(file, item_id, before)
        new = {"meeting_id": meeting_id, "rank": ranks.pop(item_id)}
        changes = [Change("agenda_item", fields | new, item_id, file.meeting.commission_id)]
        self._records.put(changes + _reranked(ranks), "Ajout d'un point")
        return self._records.get(item_id)

    def move(self, item_id: str, *, before: str | None = None) -> Record[AgendaItem]:
        """Puts an item elsewhere; its number stays once it is fixed."""
        if item_id != before:
            item: Record[AgendaItem] = self._records.get(item_id)
            ranks = _ranks(self._meetings.file(item.fields.meeting_id or ""), item_id, before)
            self._records.put(_reranked(ranks), "Déplacement d'un point")
        return self._records.get(item_id)

    def shift(self, item_id: str, step: int) -> Record[AgendaItem]:
        """Moves an item so many places down, or up where negative, as far as the agenda goes."""
        item: Record[AgendaItem] = self._records.get(item_id)
        ids = [one.id for one in self._meetings.file(item.fields.meeting_id or "").items]
        place = ids.index(item_id)
        wanted = min(max(place + step, 0), len(ids) - 1)
        if wanted == place:
            return item
        ids.remove(item_id)
        return self.move(item_id, before=ids[wanted] if wanted < len(ids) else None)

    def withdraw(self, item_id: str, withdrawn: bool = True) -> Record[AgendaItem]:
        """Marks an item as withdrawn, or no longer; it keeps its number and its place."""
        label = "Retrait d'un point" if withdrawn else "Rétablissement d'un point"
        return self._records.update(item_id, {"withdrawn": withdrawn}, label)

    def remove(self, item_id: str) -> None:
        """Deletes an item; UserError once the meeting is convened, or while records refer to it."""
        self._records.delete(item_id, label="Suppression d'un point")

    def notify(self, item_id: str, at: str | None = None) -> Record[AgendaItem]:
        """Notes when the members were told of an added item."""
        return self._records.update(item_id, {"notified_at": self._instant(at)}, "Notification")

    def start(self, item_id: str, at: str | None = None) -> Record[AgendaItem]:
        """Starts an item, and ends the one under way; a start already noted is kept."""
        at = self._instant(at)
        item: Record[AgendaItem] = self._records.get(item_id)
        file = self._meetings.file(item.fields.meeting_id or "")
        changes = [
            Change("agenda_item", {"ended_at": at}, other.id)
            for other in file.items
            if other.id != item_id and other.fields.started_at and not other.fields.ended_at
        ]
        fields = {"started_at": item.fields.started_at or at, "ended_at": None}
        changes.append(Change("agenda_item", fields, item_id))
        self._records.put(changes, "Début d'un point")
        return self._records.get(item_id)

    def end(self, item_id: str, at: str | None = None) -> Record[AgendaItem]:
        """Ends an item; UserError when it has not started."""
        item: Record[AgendaItem] = self._records.get(item_id)
        if item.fields.started_at is None:
            raise UserError("Ce point n'a pas commencé : commencez-le d'abord.")
        return self._records.update(item_id, {"ended_at": self._instant(at)}, "Fin d'un point")

    def _instant(self, at: str | None) -> str:
        return as_instant(at, self._records.workspace.clock)


def _ranks(file: MeetingFile, item_id: str, before: str | None) -> dict[str, str]:
    """The ranks to write, by item id, for an item to stand right before another.

    Only its own, unless no rank lies between its neighbours: then every item gets a new one.
    """
    others = [item for item in file.items if item.id != item_id]
    ids = [item.id for item in others]
    if before is not None and before not in ids:
        raise UserError("Le point devant lequel placer celui-ci n'est plus à l'ordre du jour.")
    place = len(ids) if before is None else ids.index(before)
    former: list[str | None] = [item.fields.rank for item in others]
    former.insert(place, None)
    ids.insert(place, item_id)
    ranks = zip(ids, former, agenda.fill_ranks(former), strict=True)
    return {one: rank for one, was, rank in ranks if rank != was}


def _reranked(ranks: dict[str, str]) -> list[Change]:
    return [Change("agenda_item", {"rank": rank}, item_id) for item_id, rank in ranks.items()]
