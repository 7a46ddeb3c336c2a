"""The usual agenda of a commission, with what the last meeting left to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain import agenda
from app.domain.dates import local_day
from app.domain.records import AgendaItem, Meeting, Minutes, Record
from app.domain.wording import short_day
from app.services.records import Change, Records

USUAL: tuple[tuple[str, str, int], ...] = (
    ("opening", "Ouverture et appel", 10),
    ("approval", "Approbation du dernier procès-verbal", 5),
    ("follow_up", "Suites données aux demandes", 15),
    ("watch", "Veille réglementaire", 20),
    ("need", "Tour de table des besoins", 30),
    ("solution", "Solutions mutualisées", 20),
    ("misc", "Questions diverses", 10),
)
"""Kind, title and planned minutes of each item."""

CARRIED = frozenset({"watch", "need", "solution", "decision"})
"""The kinds of item that come back when a meeting closes before reaching them."""


def compose(records: Records, meeting_id: str) -> Sequence[str]:
    """Writes the usual agenda at the end of a meeting's; gives the ids of its items.

    The approval is that of the last meeting's minutes, and is left out for a first meeting; the
    items that the last meeting did not reach come before the last one.
    """
    meeting: Record[Meeting] = records.get(meeting_id)
    last = _last(records, meeting)
    items = [_item(kind, title, minutes) for kind, title, minutes in USUAL]
    if last is None:
        items = [item for item in items if item["kind"] not in ("approval", "follow_up")]
    else:
        items[1] |= _approval(records, last)
        items[-1:-1] = _unfinished(records, last)
    known = len(records.list("agenda_item", meeting_id=meeting_id))
    ranks = agenda.spread_ranks(known + len(items))[known:]
    changes = [
        Change(
            "agenda_item",
            item | {"meeting_id": meeting_id, "rank": rank},
            None,
            meeting.commission_id,
        )
        for item, rank in zip(items, ranks, strict=True)
    ]
    return [one.id for one in records.put(changes, "Ordre du jour type")]


def _item(kind: str, title: str, minutes: int) -> dict[str, Any]:
    return {"kind": kind, "title": title, "planned_minutes": minutes}


def _last(records: Records, meeting: Record[Meeting]) -> Record[Meeting] | None:
    """The latest meeting of the commission that was held before."""
    held: list[Record[Meeting]] = [
        one
        for one in records.list("meeting", meeting.commission_id)
        if one.fields.opened_at and one.id != meeting.id
    ]
    return max(held, key=lambda one: one.fields.opened_at or "", default=None)


def _approval(records: Records, last: Record[Meeting]) -> dict[str, Any]:
    found: Sequence[Record[Minutes]] = records.list("minutes", meeting_id=last.id)
    frozen = [one for one in found if one.fields.frozen_at and not one.fields.addendum_to_id]
    when = short_day(local_day(last.fields.opened_at or ""))
    return {
        "title": f"Approbation du procès-verbal de la séance du {when}",
        "linked_id": frozen[0].id if frozen else last.id,
    }


def _unfinished(records: Records, last: Record[Meeting]) -> list[dict[str, Any]]:
    items: list[Record[AgendaItem]] = sorted(
        records.list("agenda_item", meeting_id=last.id), key=agenda.rank_key
    )
    return [
        _item(item.fields.kind, item.fields.title, item.fields.planned_minutes or 10)
        | {"linked_id": item.fields.linked_id}
        for item in items
        if item.fields.kind in CARRIED
        and item.fields.started_at is None
        and not item.fields.withdrawn
    ]
