"""The rules of meetings at the end of a unit of work that writes records, whatever wrote them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain import ballots, entry
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Ballot, Envelope, Record
from app.domain.refusals import Refusal
from app.domain.titles import label_of
from app.domain.validation import readable
from app.services.meeting_files import gather
from app.storage.meeting_ties import meeting_of
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_JUDGED: dict[str, frozenset[str] | None] = {
    "meeting": frozenset({"status"}),
    "agenda_item": frozenset({"meeting_id", "number", "original"}),
    "convocation": frozenset({"meeting_id", "sent_at"}),
    "ballot": None,
}
"""The kinds that the rules judge, with the fields that matter; None: every field.

Notes typed in an item, or someone's arrival, pass without the meeting being read.
"""


def settle(
    workspace: Workspace,
    unit: UnitOfWork,
    named: Mapping[str, Collection[str]] | None = None,
    *,
    imported: bool = False,
) -> None:
    """Writes what the records written bring along, then refuses what the rules forbid.

    `named` holds the fields that the user named, by record id; without it, those that changed.
    Refusal names the record and the field; the caller then leaves the unit of work uncommitted.
    """
    if not _JUDGED.keys() & set(unit.changed.values()):
        return
    with workspace.reading() as former:
        touched, changed = _touched(former, unit)
        for meeting_id, record_ids in touched.items():
            before, after = gather(former, meeting_id), gather(unit, meeting_id)
            if after is not None:
                after = _bring_along(unit, before, after, changed if named is None else named)
            try:
                entry.refuse(before, after, record_ids, imported=imported)
            except Refusal as refusal:
                refusal.what = label_of(unit.changed.get(refusal.record_id, "meeting"))
                raise
            if after is not None:
                _approve(unit, before, after, record_ids)


def _touched(
    former: UnitOfWork, unit: UnitOfWork
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The records to judge by the meeting that they are or were of, and the fields changed."""
    touched: dict[str, set[str]] = {}
    changed: dict[str, set[str]] = {}
    for record_id, kind in unit.changed.items():
        if kind not in _JUDGED:
            continue
        before, after = former.stored(record_id), unit.stored(record_id)
        assert after is not None
        old = before.envelope if before else None
        changed[record_id] = _changed(old, after.envelope)
        matters = _JUDGED[kind]
        if old is None or matters is None or changed[record_id] & (matters | {"deleted"}):
            meetings = {meeting_of(unit, after.envelope), meeting_of(former, old) if old else None}
            for meeting_id in meetings - {None}:
                touched.setdefault(str(meeting_id), set()).add(record_id)
    return touched, changed


def _changed(before: Envelope | None, after: Envelope) -> set[str]:
    from app.storage.rows import differences

    if before is None:
        return set()
    return set(differences(before.fields, after.fields, was=before.deleted, now=after.deleted))


def _bring_along(
    unit: UnitOfWork,
    before: MeetingFile | None,
    after: MeetingFile,
    named: Mapping[str, Collection[str]],
) -> MeetingFile:
    changes = entry.brought_along(before, after, named)
    for record_id, fields in changes.items():
        _set(unit, record_id, fields)
    return entry.with_changes(after, changes)


def _approve(
    unit: UnitOfWork, before: MeetingFile | None, after: MeetingFile, touched: Collection[str]
) -> None:
    """A ballot on an approval item approves the minutes that it is linked to, or no longer does."""
    state = MeetingState(after)
    for ballot in after.ballots:
        item = state.items.get(ballot.fields.agenda_item_id or "")
        if ballot.id in touched and item is not None and item.fields.kind == "approval":
            if _is_adopted(state, ballot):
                set_approval(unit, item, after.meeting.id)
            elif before is not None and _was_adopted(before, ballot.id):
                set_approval(unit, item, None)


def _is_adopted(state: MeetingState, ballot: Record[Ballot]) -> bool:
    return ballots.adopted(ballots.tally(ballot.fields), state.chair_vote(ballot))


def _was_adopted(before: MeetingFile, ballot_id: str) -> bool:
    state = MeetingState(before)
    return any(_is_adopted(state, one) for one in before.ballots if one.id == ballot_id)


def set_approval(unit: UnitOfWork, item: Record[AgendaItem], approving_id: str | None) -> None:
    """Marks the frozen minutes that an approval item is linked to, and their meeting."""
    linked = unit.get(item.fields.linked_id or "")
    meeting_id = readable(linked)["meeting_id"] if linked and linked.kind == "minutes" else None
    mark_approved(unit, meeting_id or (linked.id if linked else ""), approving_id)


def mark_approved(unit: UnitOfWork, meeting_id: str, approving_id: str | None) -> None:
    """Sets by which meeting a meeting's frozen minutes are approved; None takes it back."""
    for minutes in unit.select("minutes", pointing=("meeting_id", meeting_id)):
        if minutes.fields.get("frozen_at") and not minutes.fields.get("addendum_to_id"):
            _set(unit, minutes.id, {"approved_at_meeting_id": approving_id})
            _set(unit, meeting_id, {"status": "approved" if approving_id else "closed"})


def _set(unit: UnitOfWork, record_id: str, fields: dict[str, Any]) -> None:
    envelope = unit.get(record_id)
    if envelope is not None:
        unit.save(msgspec.structs.replace(envelope, fields=envelope.fields | fields))
