"""Which edited records are sent together: the central accepts or refuses each group as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing

import msgspec
from sqlalchemy import bindparam, select, text

from app.domain.frozen import held_fields
from app.domain.minutes_content import held_in
from app.domain.records import Envelope, owner_of
from app.sqlite import Ready
from app.storage import sync_state
from app.storage.meeting_ties import meeting_of
from app.storage.rows import Stored, decoded_object, stored_of
from app.storage.tables import IS_EDITED, IS_HEAD, STORED, history, record
from app.storage.unit_of_work import UnitOfWork
from app.sync.ops import most_ops

_AT_ONCE = 100
_FOLLOWERS = ("agenda_item", "convocation")


class Together(msgspec.Struct, frozen=True, gc=False):
    """Edited records that are sent together; a record sent alone has no `group`.

    `place` is the number (record.n) up to which ungrouped records were read, 0 before that. A group
    that `freezes` a meeting also takes along, as `still`, the meeting's records without edits: the
    central may hold other words of them.
    """

    group: str | None
    records: Sequence[Stored]
    place: int = 0
    freezes: bool = False
    still: Sequence[Stored] = ()


def grouped(
    unit: UnitOfWork,
    space: str,
    skip: Collection[str],
    *,
    beyond: int = 0,
    opening: bool = False,
    most: int | None = None,
) -> Iterator[Together]:
    """The edited records of a space, but for those to `skip`, as they are to be sent together.

    The commission comes first, for a space begins with it (and nothing else when `opening`); then
    the groups, then the ungrouped records whose number is `beyond` the one given. A group of more
    than `most` ops (what a batch may hold) is sent one by one, unless it is a freeze.
    """
    taken = set(skip)
    heads = _heads(unit, space)
    for stored in heads:
        if stored.envelope.kind == "commission" and stored.envelope.id not in taken:
            taken.add(stored.envelope.id)
            yield Together(None, [stored])
    if opening:
        return
    for minutes in filter(_freezes, heads):
        if minutes.envelope.id not in taken:
            for together in _freeze(unit, minutes, space, taken):
                taken.update(stored.envelope.id for stored in together.records)
                yield together
    for name, ids in _groups(unit, heads):
        members = _members(unit, ids, space, taken)
        taken.update(stored.envelope.id for stored in members)
        if most is not None and most_ops(members) > most:
            yield from (Together(None, [stored]) for stored in members)
        elif members:
            yield Together(name if len(members) > 1 else None, members)
    for stored in _others(unit, space, beyond):
        if stored.envelope.id not in taken:
            yield Together(None, [stored], stored.n)


def _members(
    unit: UnitOfWork, ids: Iterable[str], space: str, taken: Collection[str]
) -> list[Stored]:
    """The edited records among these ids that are in the space and not taken yet."""
    edited = sync_state.edited_among(unit, [one for one in ids if one not in taken])
    return [stored for stored in edited if stored.envelope.space == space]


def _freeze(
    unit: UnitOfWork, minutes: Stored, space: str, taken: Collection[str]
) -> Iterator[Together]:
    """The records of a meeting that its minutes freeze, as one group.

    Before that group, one by one, those that the minutes hold but that are not part of the meeting
    (a person), or no longer are: a freeze overrides only what the central holds of the meeting.
    """
    meeting, ids = minutes.envelope.fields["meeting_id"], _frozen_together(unit, minutes)
    along = []
    for stored in _members(unit, ids, space, taken):
        if meeting_of(unit, stored.envelope) == meeting:
            along.append(stored)
        else:
            yield Together(None, [stored])
    still = [
        stored
        for stored in sync_state.stored_many(unit, ids).values()
        if stored.edits == 0
        and stored.envelope.space == space
        and meeting_of(unit, stored.envelope) == meeting
    ]
    name = f"freeze-{minutes.envelope.id}" if len(along) + len(still) > 1 else None
    yield Together(name, along, freezes=True, still=still)


_HERE = STORED.where(record.c.commission_id.is_(bindparam("owner"))).order_by(record.c.n)
_AMONG_HEADS = text(
    "SELECT n FROM record INDEXED BY record_heads"  # noqa: S608 - its condition, to the letter
    f" WHERE {IS_HEAD} AND commission_id IS :owner"
)
_HEADS = Ready(STORED.where(record.c.n.in_(_AMONG_HEADS.columns(record.c.n))).order_by(record.c.n))
_EDITED = Ready(_HERE.where(IS_EDITED))
_OTHERS = Ready(_HERE.where(IS_EDITED, record.c.n > bindparam("last")))


def _heads(unit: UnitOfWork, space: str) -> list[Stored]:
    """The edited records with which others may have to be sent."""
    return [stored_of(row) for row in unit.rows(_HEADS, owner=owner_of(space))]


def _others(unit: UnitOfWork, space: str, last: int) -> Iterator[Stored]:
    """The edited records whose number is beyond `last`, read lazily."""
    with closing(_OTHERS.stream(unit.connection, {"owner": owner_of(space), "last": last})) as rows:
        yield from map(stored_of, rows)


def _groups(unit: UnitOfWork, heads: list[Stored]) -> Iterator[tuple[str, list[str]]]:
    """(name, ids of the possible members) of each group that convenes a meeting or deletes."""
    for stored in heads:
        if _convenes(stored):
            meeting = stored.envelope.id
            followers = [one.id for _, one in unit.pointing_to(meeting) if one.kind in _FOLLOWERS]
            yield f"convene-{meeting}", [meeting, *followers]
    yield from _cascades(unit, [one.envelope.id for one in heads if one.envelope.deleted])


def _freezes(stored: Stored) -> bool:
    fields = stored.envelope.fields
    if stored.envelope.kind != "minutes" or fields["addendum_to_id"]:
        return False
    return bool(fields["frozen_at"]) and not (stored.base or {}).get("frozen_at")


def freezes_to_tell(unit: UnitOfWork, spaces: Iterable[str]) -> dict[str, str]:
    """The minutes frozen here that the central does not know of yet: {meeting id: minutes id}."""
    heads = (one for space in spaces for one in _heads(unit, space) if _freezes(one))
    minutes = (one.envelope for one in heads if not one.envelope.deleted)
    return {meeting: one.id for one in minutes if (meeting := meeting_of(unit, one))}


def _frozen_together(unit: UnitOfWork, stored: Stored) -> list[str]:
    """The ids that go with a freeze: the minutes, their meeting, every record in their content, the
    convocations.

    Also the records deleted or moved out of the meeting before the freeze, if that is still to be
    sent: after the freeze the central would refuse it. And the addenda, so that none is accepted
    when the minutes that it corrects are not.
    """
    own, meeting = stored.envelope.id, stored.envelope.fields["meeting_id"]
    held = [one["id"] for one in held_in(stored.envelope.fields["content"])]
    sent = [one.id for _, one in unit.pointing_to(meeting) if one.kind == "convocation"]
    addenda = [one.id for one in unit.select("minutes", pointing=("addendum_to_id", own))]
    return [own, meeting, *held, *sent, *addenda, *_left(unit, meeting)]


def _left(unit: UnitOfWork, meeting: str) -> list[str]:
    """The edited records, deleted or moved away, that the central may still see in a meeting."""
    stored = unit.stored(meeting)
    owner = None if stored is None else stored.envelope.commission_id
    found = map(stored_of, unit.rows(_EDITED, owner=owner))
    return [
        one.envelope.id
        for one in found
        if held_fields(one.envelope.kind, set(one.envelope.fields))
        and meeting in (meeting_of(unit, one.envelope), meeting_of(unit, _before(one)))
        and (one.envelope.deleted or meeting_of(unit, one.envelope) != meeting)
    ]


def _before(stored: Stored) -> Envelope:
    """The record as it was before its edits."""
    base = stored.envelope.fields if stored.base is None else stored.base
    return msgspec.structs.replace(stored.envelope, fields=base)


def _convenes(stored: Stored) -> bool:
    if stored.envelope.kind != "meeting" or stored.envelope.fields["status"] == "planned":
        return False
    return bool((stored.base or {}).get("status", "planned") == "planned")


def _cascades(unit: UnitOfWork, deleted: list[str]) -> Iterator[tuple[str, list[str]]]:
    """(name, ids) of the records whose last deletion was the same operation of the user."""
    operations: dict[int, list[str]] = {}
    for start in range(0, len(deleted), _AT_ONCE):
        some = deleted[start : start + _AT_ONCE]
        query = (
            select(history.c.record_id, history.c.operation, history.c.changes)
            .where(history.c.record_id.in_(some))
            .order_by(history.c.change)
        )
        last: dict[str, int] = {}
        for row in unit.connection.execute(query):
            if "deleted" in decoded_object(row.changes):
                last[row.record_id] = row.operation
        for record_id, operation in last.items():
            operations.setdefault(operation, []).append(record_id)
    for operation, ids in operations.items():
        yield f"cascade-{operation}", ids
