"""What a person did from a seat: their stays, their proxies, and how the seat voted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from app.domain.records import Envelope
from app.domain.validation import readable
from app.storage.meeting_ties import meeting_of
from app.storage.unit_of_work import UnitOfWork

_BY_SEAT = {
    "ballot": ("votes", "secret_requested_by", "roll_call_requested_by", "not_taking_part"),
    "proxy": ("giver_entry_id", "holder_entry_id"),
}
"""The fields that hold seats, and so whoever sat there, by kind."""

_OTHER_SIDE = {"giver_entry_id": "holder_entry_id", "holder_entry_id": "giver_entry_id"}
_SHEET = ("status", "intervals", "exclusions")

Deed = tuple[Envelope, str, Any]
"""A record, one of its fields, and as much of its value as tells of the person and nobody else."""


def deeds(unit: UnitOfWork, person: Envelope) -> Iterator[Deed]:
    """What the sheets, proxies and ballots of a person's commission say of them.

    A seat was theirs at a meeting if its attendance sheet says so, a person present going before
    one absent; without a sheet, or by one that names nobody, if they are its titular.
    """
    space, sheets = person.commission_id, defaultdict[tuple[str, str], list[dict[str, Any]]](list)
    titulars = {
        one.id: readable(one)["titular_person_id"]
        for one in unit.select("roster_entry", space=space)
    }
    for sheet in unit.select("attendance", space=space):
        fields = readable(sheet)
        seat = fields["roster_entry_id"]
        who = fields["person_id"] or titulars.get(seat)
        sheets[fields["meeting_id"], seat].append(fields | {"person_id": who})
        if who == person.id:
            yield from ((sheet, name, fields[name]) for name in _SHEET if fields[name])
    for kind, names in _BY_SEAT.items():
        for envelope in unit.select(kind, space=space):
            fields, meeting_id = readable(envelope), meeting_of(unit, envelope) or ""
            for name in names:
                for seat in _seats(fields[name]):
                    titular = titulars.get(seat) == person.id
                    if _sat(sheets.get((meeting_id, seat), []), person.id, titular):
                        yield envelope, *_told(fields, name, seat)


def _seats(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _sat(sheets: list[dict[str, Any]], person_id: str, titular: bool) -> bool:
    """Whether what a seat did at a meeting was a person's doing, by the seat's sheets."""
    if not sheets:
        return titular
    present = [one for one in sheets if one["status"] == "present"]
    return any(one["person_id"] == person_id for one in present or sheets)


def _told(fields: dict[str, Any], name: str, seat: str) -> tuple[str, Any]:
    if other := _OTHER_SIDE.get(name):
        return other, fields[other]
    return name, {seat: fields[name][seat]} if name == "votes" else seat
