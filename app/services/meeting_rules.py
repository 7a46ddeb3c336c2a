"""Applies the rules of meetings at the end of every unit of work that writes records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain import ballots, entry, forbidden
from app.domain.dates import instant, local_day
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.titles import label_of
from app.domain.validation import readable
from app.services.history import entries, last_writings, moved_at
from app.services.meeting_files import former_as_left, gather
from app.storage.meeting_ties import frozen_minutes, meeting_of
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_JUDGED: dict[str, frozenset[str] | None] = {
    "meeting": frozenset(
        {"status", "starts_at", "opened_at", "closed_at", "emergency", "chair_person_id",
         "reconvened_from_id"}
    ),
    "agenda_item": frozenset(
        {"meeting_id", "number", "original", "notified_at", "started_at", "kind", "linked_id"}
    ),
    "convocation": frozenset({"meeting_id", "person_id", "sent_at"}),
    "ballot": None,
    "attendance": None,
    "proxy": None,
    "roster_entry": frozenset(
        {"voting", "from", "until", "titular_person_id", "alternate_person_id"}
    ),
}  # fmt: skip
"""The kinds that the rules judge, with the fields that matter; None: every field."""

_ROOM = frozenset({"attendance", "proxy", "roster_entry"})
"""The kinds that say who has a vote: they matter where votes were entered."""


def settle(
    workspace: Workspace,
    unit: UnitOfWork,
    named: Mapping[str, Collection[str]] | None = None,
    *,
    imported: bool = False,
    untold: bool = False,
) -> None:
    """Writes the changes that follow from those just written, then refuses what the rules forbid.

    `named` holds the fields that the user named, by record id; without it, those that changed.
    What an import brings is left as it is, and judged as `entry.refuse` says, which explains
    `untold` too.
    Refusal names the record and the field; the caller then leaves the unit of work uncommitted.
    """
    if not _JUDGED.keys() & set(unit.changed.values()):
        return
    with workspace.reading() as former:
        touched, changed = _touched(former, unit)
        for meeting_id, record_ids in touched.items():
            after = _judged_file(unit, unit, meeting_id)
            if after is None or not _matters(unit, after, record_ids):
                continue
            before = _judged_file(former, unit, meeting_id)
            after = _bring_along(
                unit, before, after, changed if named is None else named, imported=imported
            )
            try:
                entry.refuse(before, after, imported=imported, untold=untold)
                _refuse_names(former, unit, after)
                if not imported:
                    _refuse_resending(unit, after)
            except Refusal as refusal:
                refusal.what = _label(unit, refusal.record_id)
                raise
            if not imported:
                _approve(unit, before, after)


def _judged_file(reader: UnitOfWork, unit: UnitOfWork, meeting_id: str) -> MeetingFile | None:
    """What `reader` knows of a meeting; the one that it reconvenes is as its own freeze left it."""
    file = gather(reader, meeting_id)
    return file and former_as_left(unit, file)


def _label(unit: UnitOfWork, record_id: str) -> str:
    found = unit.stored(record_id)
    return label_of(found.envelope.kind if found else "meeting")


def _matters(unit: UnitOfWork, after: MeetingFile, record_ids: Collection[str]) -> bool:
    """Whether the rules apply: to changes of `_ROOM` kinds they do only once a vote is held."""
    return any(unit.changed[one] not in _ROOM for one in record_ids) or any(
        ballots.is_held(ballot.fields) for ballot in after.ballots
    )


def _refuse_names(former: UnitOfWork, unit: UnitOfWork, after: MeetingFile) -> None:
    """A ballot that ever held a vote, if only for a moment, never becomes secret."""
    for ballot in after.ballots:
        if ballot.fields.method != "secret" or _was_secret(former, ballot.id):
            continue
        told = (change.changes for change in entries(unit, ballot.id))
        if any(changes[name][0] for changes in told for name in entry.VOTES & changes.keys()):
            raise entry.names_were_kept(ballot)


def _refuse_resending(unit: UnitOfWork, after: MeetingFile) -> None:
    """A second convocation tells of a new hour or place: with neither, a late one is refused in
    profile `deliberative` as a first one is.
    """
    state = MeetingState(after)
    if state.profile != "deliberative":
        return
    for first, *others in forbidden.sendings(state):
        for one in others:
            late = forbidden.late_sending(state, local_day(one.fields.sent_at or ""))
            if late and one.id in unit.changed and not _moved_since(unit, after, first.id):
                raise Refusal(late, field="sent_at", record_id=one.id)


def _moved_since(unit: UnitOfWork, file: MeetingFile, convocation_id: str) -> bool:
    """Whether the meeting's hour or place changed here once a convocation was noted."""
    written = last_writings(unit, [convocation_id])
    noted = written.get((convocation_id, "sent_at"), {}).get("at")
    moved = moved_at(unit, file.meeting.id)
    return noted is not None and moved is not None and instant(moved) >= instant(noted)


def _was_secret(former: UnitOfWork, ballot_id: str) -> bool:
    """Whether a ballot was secret before the entry, be it in the trash."""
    found = former.envelope(ballot_id)
    return found is not None and readable(found)["method"] == "secret"


def _touched(
    former: UnitOfWork, unit: UnitOfWork
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By the meeting that they are or were of, the records to judge; by record, what changed."""
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
            for meeting_id in _meetings(former, unit, old, after.envelope):
                touched.setdefault(meeting_id, set()).add(record_id)
    return touched, changed


def _meetings(
    former: UnitOfWork, unit: UnitOfWork, before: Envelope | None, after: Envelope
) -> set[str]:
    """The meetings that a record is or was of; for a seat, those without frozen minutes."""
    if after.kind == "roster_entry":
        held = unit.select("meeting", space=after.commission_id) if before else ()
        return {one.id for one in held if frozen_minutes(unit, one.id) is None}
    found = {meeting_of(unit, after), meeting_of(former, before) if before else None}
    return {meeting_id for meeting_id in found if meeting_id is not None}


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
    *,
    imported: bool,
) -> MeetingFile:
    changes = entry.brought_along(before, after, named)
    if imported:
        changes = {
            record_id: {name: fields[name] for name in fields.keys() - named.get(record_id, ())}
            for record_id, fields in changes.items()
        }
    for record_id, fields in changes.items():
        _set(unit, record_id, fields)
    return entry.with_changes(after, changes)


def _approve(unit: UnitOfWork, before: MeetingFile | None, after: MeetingFile) -> None:
    """A ballot on an approval item approves the minutes that it is linked to, or no longer does."""
    was = _approved(unit, MeetingState(before)) if before else set()
    now = _approved(unit, MeetingState(after))
    for meeting_id in was - now:
        for minutes in _frozen(unit, meeting_id):
            by = minutes.fields.get("approved_at_meeting_id")
            if by == after.meeting.id:  # and by no other since
                _set_approval(unit, minutes, None)
    for meeting_id in now - was:
        mark_approved(unit, meeting_id, after.meeting.id)


def _approved(unit: UnitOfWork, state: MeetingState) -> set[str]:
    """The meetings whose minutes some ballot on an approval item adopts."""
    return {
        _meeting_named(unit, item.fields.linked_id)
        for item in state.file.items
        if item.fields.kind == "approval" and item.fields.linked_id and state.adopted(item.id)
    }


def _meeting_named(unit: UnitOfWork, linked_id: str) -> str:
    """The meeting that an approval item is linked to, itself or by its minutes."""
    linked = unit.get(linked_id)
    if linked is None or linked.kind != "minutes":
        return linked_id
    return str(readable(linked)["meeting_id"])


def mark_approved(unit: UnitOfWork, meeting_id: str, approving_id: str) -> None:
    """Notes by which meeting a meeting's frozen minutes are approved."""
    for minutes in _frozen(unit, meeting_id):
        _set_approval(unit, minutes, approving_id)


def _frozen(unit: UnitOfWork, meeting_id: str) -> list[Envelope]:
    """The frozen minutes of a meeting, addenda aside."""
    found = unit.select("minutes", pointing=("meeting_id", meeting_id))
    own = (one for one in found if not one.fields.get("addendum_to_id"))
    return [one for one in own if one.fields.get("frozen_at")]


def _set_approval(unit: UnitOfWork, minutes: Envelope, approving_id: str | None) -> None:
    status = "approved" if approving_id else "closed"
    _set(unit, minutes.id, {"approved_at_meeting_id": approving_id})
    _set(unit, minutes.fields["meeting_id"], {"status": status})


def _set(unit: UnitOfWork, record_id: str, fields: dict[str, Any]) -> None:
    envelope = unit.get(record_id)
    if envelope is not None:
        unit.save(msgspec.structs.replace(envelope, fields=envelope.fields | fields))
