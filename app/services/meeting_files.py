"""Gathering all that the rules need to know of one meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.agenda import rank_key
from app.domain.meeting_file import MeetingFile
from app.domain.minutes_content import held_in
from app.domain.records import (
    AgendaItem,
    Commission,
    Envelope,
    Meeting,
    Record,
    RosterEntry,
)
from app.domain.validation import references, typed
from app.services.offices import Offices, freezes
from app.storage.snapshot import Reader

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_OF_MEETING = ("agenda_item", "attendance", "proxy", "convocation", "minutes", "need")
_OF_ITEMS = ("ballot", "decision", "action", "need")
_NAMED = ("person", "organisation", "watch_note", "solution")


def gather(
    reader: Reader, meeting_id: str, seen: frozenset[str] = frozenset()
) -> MeetingFile | None:
    """The file of a live meeting; None when there is none, or its commission is gone.

    `seen` holds the meetings already being gathered, in case two reconvene one another.
    """
    meeting = reader.get(meeting_id)
    commission = reader.get(meeting.commission_id or "") if meeting else None
    if meeting is None or meeting.kind != "meeting" or commission is None:
        return None
    held: Record[Meeting] = typed(meeting)
    to_meeting = reader.pointing_to(meeting_id)
    own = _by_kind(_OF_MEETING, to_meeting, ("meeting_id", "raised_at_meeting_id"))
    items: tuple[Record[AgendaItem], ...] = _typed(own["agenda_item"])
    to_items = reader.pointing_to(*(item.id for item in items))
    hanging = _by_kind(_OF_ITEMS, to_items, ("agenda_item_id",))
    minutes = {one.id: one for one in own["minutes"]}
    minutes |= {one.id: one for one in _addenda(reader, minutes)}
    needs = {need.id: need for need in (*own["need"], *hanging["need"])}
    roster = list(reader.select("roster_entry", space=commission.id))
    parts = [one for kind in (own, hanging) for records in kind.values() for one in records]
    apart = {one.id for one in parts} - {item.id for item in items}
    named = _named(reader, _targets([meeting, *roster, *parts]))
    conflicts = _undecided([*to_meeting, *to_items, *reader.pointing_to(*apart)])
    former_id, seen = held.fields.reconvened_from_id, seen | {meeting_id}
    return MeetingFile(
        commission=typed(commission),
        meeting=held,
        items=tuple(sorted(items, key=rank_key)),
        roster=_typed(roster),
        attendances=_typed(own["attendance"]),
        proxies=_typed(own["proxy"]),
        ballots=_typed(hanging["ballot"]),
        decisions=_typed(hanging["decision"]),
        actions=_typed(hanging["action"]),
        needs=_typed(sorted(needs.values(), key=lambda need: need.id)),
        convocations=_typed(own["convocation"]),
        minutes=_typed(sorted(minutes.values(), key=lambda one: one.id)),
        conflicts=_typed(conflicts),
        persons=named["person"],
        organisations=named["organisation"],
        watch_notes=named["watch_note"],
        solutions=named["solution"],
        reconvened_from=(
            None if former_id is None or former_id in seen else gather(reader, former_id, seen)
        ),
    )


def is_frozen(file: MeetingFile) -> bool:
    """Whether the minutes of a meeting, or of one that it reconvenes, are frozen."""
    former = file.reconvened_from
    return file.frozen_minutes is not None or (former is not None and is_frozen(former))


def as_left(unit: UnitOfWork, file: MeetingFile) -> MeetingFile:
    """The file of a meeting, and of one that it reconvenes, with the commission and the roster that
    the freeze of its minutes left; as it is before any freeze.
    """
    file = former_as_left(unit, file)
    minutes = file.frozen_minutes
    if minutes is None:
        return file
    (freeze,) = freezes(unit, [minutes]).values()
    commission, seats = Offices(unit, file.commission).left_by(freeze)
    held = {one["id"] for one in held_in(minutes.fields.content)}
    named = _named(unit, held | _told(file, *seats))
    whole = replace(
        file,
        persons=file.persons | named["person"],
        organisations=named["organisation"],  # one that got a seat since changes no other's name
    )
    return _with_roster(whole, commission, seats)


def former_as_left(unit: UnitOfWork, file: MeetingFile) -> MeetingFile:
    """The file with the meeting that it reconvenes as the freeze of that one's minutes left it."""
    former = file.reconvened_from
    return file if former is None else replace(file, reconvened_from=as_left(unit, former))


def _with_roster(
    file: MeetingFile, commission: Record[Commission], roster: tuple[Record[RosterEntry], ...]
) -> MeetingFile:
    """The file with another roster; the meeting that it reconvenes too, unless frozen itself."""
    former = file.reconvened_from
    if former is not None and former.frozen_minutes is None:
        former = _with_roster(former, commission, roster)
    return replace(file, commission=commission, roster=roster, reconvened_from=former)


def _addenda(reader: Reader, minutes_ids: Iterable[str]) -> list[Envelope]:
    """The addenda of these minutes, those too that do not name the meeting themselves."""
    pointing = reader.pointing_to(*minutes_ids)
    return _by_kind(("minutes",), pointing, ("addendum_to_id",))["minutes"]


def _undecided(pointing: Iterable[tuple[str, Envelope]]) -> list[Envelope]:
    """The conflicts, among the records that point to others, that nobody decided."""
    found = _by_kind(("conflict",), pointing, ("record_id",))["conflict"]
    return [one for one in found if one.fields.get("status") == "open"]


def _by_kind(
    kinds: Iterable[str], pointing: Iterable[tuple[str, Envelope]], fields: Collection[str]
) -> dict[str, list[Envelope]]:
    """The records of these kinds that are tied by one of these fields, in the order of making."""
    found: dict[str, list[Envelope]] = {kind: [] for kind in kinds}
    for field, envelope in pointing:
        if envelope.kind in found and field in fields:
            found[envelope.kind].append(envelope)
    return found


def _named(reader: Reader, wanted: set[str]) -> dict[str, dict[str, Record[Any]]]:
    """The persons, organisations, notes and solutions of these ids, and those that the persons
    name, by kind and id.
    """
    found: dict[str, dict[str, Record[Any]]] = {kind: {} for kind in _NAMED}
    known: set[str] = set()
    while wanted:
        known |= wanted
        reached = [one for one in reader.get_many(wanted).values() if one.kind in found]
        for envelope in reached:
            found[envelope.kind][envelope.id] = typed(envelope)
        people = [one for one in reached if one.kind == "person"]
        wanted = _targets(people) - known
    return found


def _targets(envelopes: Iterable[Envelope]) -> set[str]:
    return {
        reference.target
        for envelope in envelopes
        for reference in references(envelope.kind, envelope.fields)
    }


def _told(file: MeetingFile, *seats: Record[RosterEntry]) -> set[str]:
    """The ids of all that a meeting, what was noted of it and some seats name."""
    noted = (*file.attendances, *file.proxies, *file.ballots, *file.decisions)
    parts = (file.meeting, *file.items, *noted, *file.actions, *file.needs, *seats)
    return {
        reference.target
        for part in parts
        for reference in references(part.fields.kind_name, msgspec.to_builtins(part.fields))
    }


def _typed(envelopes: Iterable[Envelope]) -> tuple[Record[Any], ...]:
    return tuple(typed(envelope) for envelope in envelopes)
