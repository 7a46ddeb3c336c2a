"""Which meeting a record is part of, and which minutes froze it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.records import Envelope
from app.domain.validation import readable

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

TIES = frozenset({"agenda_item_id", "meeting_id", "raised_at_meeting_id", "addendum_to_id"})
"""The fields that tie a record to a meeting."""


def meeting_of(unit: UnitOfWork, envelope: Envelope) -> str | None:
    """The meeting that a record is part of; None when it is part of none."""
    if envelope.kind == "meeting":
        return envelope.id
    fields = readable(envelope)
    if fields.get("agenda_item_id"):
        item = unit.stored(fields["agenda_item_id"])
        if item is not None and item.envelope.kind == "agenda_item":
            return str(readable(item.envelope)["meeting_id"])
    meeting_id = fields.get("meeting_id") or fields.get("raised_at_meeting_id")
    if meeting_id is None and fields.get("addendum_to_id"):
        corrected = unit.get(fields["addendum_to_id"])
        return None if corrected is None else readable(corrected).get("meeting_id")
    return meeting_id


def frozen_minutes(unit: UnitOfWork, meeting_id: str | None) -> Envelope | None:
    """The frozen minutes of a meeting, addenda aside; None before the freeze, or of no meeting."""
    if not meeting_id:
        return None
    for envelope in unit.select("minutes", pointing=("meeting_id", meeting_id)):
        if envelope.fields.get("frozen_at") and not envelope.fields.get("addendum_to_id"):
            return envelope
    return None
