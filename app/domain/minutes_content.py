"""What minutes freeze: the archive of a meeting with all that it names (CONTRACTS §2, §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from app.domain.erasure import ERASED
from app.domain.meeting_file import MeetingFile
from app.domain.records import Envelope, Fields, Record
from app.domain.validation import fitting, references

ARCHIVE_FORMAT = "commissions-archive"
ARCHIVE_VERSION = 1
T = TypeVar("T", bound=Fields)

UNSAID = {
    "person": frozenset({"email", "phone"}),
    "organisation": frozenset({"email", "phone", "address", "notes"}),
}
"""The fields, by kind, that minutes must not hold, being public archives (RGPD, art. 5, § 1, c).
They are absent, not empty: importing the archive must not empty them in an existing record.
"""


def content(file: MeetingFile, made_at: str) -> dict[str, Any]:
    """The archive of the meeting as JSON values; `made_at` is the instant of the freeze.

    It holds the meeting, its items, attendances, proxies, ballots, decisions, actions and needs,
    then the persons, roster entries and organisations that they name, directly or through one
    another, without the fields of `UNSAID`. Its canonical form is what `content_sha256` covers.
    """
    own = [
        *(file.meeting, *file.items, *file.attendances, *file.proxies, *file.ballots),
        *(*file.decisions, *file.actions, *file.needs),
    ]
    envelopes = [_envelope(record) for record in own]
    return _archive([*envelopes, *_named(file, envelopes)], made_at)


def archive(records: Iterable[Record[Any]], made_at: str) -> dict[str, Any]:
    """The archive of a few records as JSON values."""
    return _archive([_envelope(record) for record in records], made_at)


def sealed(file: MeetingFile) -> set[str]:
    """The ids of the ballots of a meeting that are still as its frozen minutes hold them."""
    held = {record["id"]: record.get("fields") for record in _held(file)}
    return {
        ballot.id
        for ballot in file.ballots
        if ballot.id in held
        and held[ballot.id] == msgspec.json.decode(msgspec.json.encode(ballot.fields))
    }


def as_frozen(file: MeetingFile) -> MeetingFile:
    """The meeting without what its frozen minutes do not hold, which came later, from elsewhere;
    its actions, and the seats, persons and organisations that it names, are as they stood then,
    since they go on living. Who was erased since stays so.
    """
    held = {record["id"]: record.get("fields") for record in _held(file)}
    if not held:
        return file

    def kept(records: tuple[Record[T], ...]) -> tuple[Record[T], ...]:
        return tuple(one for one in records if one.id in held)

    return replace(
        file,
        items=kept(file.items),
        attendances=kept(file.attendances),
        proxies=kept(file.proxies),
        ballots=kept(file.ballots),
        decisions=kept(file.decisions),
        actions=tuple(as_held(one, held) for one in kept(file.actions)),
        needs=kept(file.needs),
        roster=tuple(as_held(one, held) for one in file.roster),
        persons={
            one.id: one if one.fields.last_name == ERASED else as_held(one, held)
            for one in file.persons.values()
        },
        organisations={one.id: as_held(one, held) for one in file.organisations.values()},
    )


def as_held(record: Record[T], held: Mapping[str, Any]) -> Record[T]:
    """A record with the fields that a frozen content holds of it, as far as they can be read."""
    told = held.get(record.id)
    fields = fitting(record.fields.kind_name, told if isinstance(told, dict) else {})
    whole = msgspec.to_builtins(record.fields) | fields
    return msgspec.structs.replace(record, fields=msgspec.convert(whole, type(record.fields)))


def held_in(content: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The records of a frozen content that have a text for id: its shape is never checked again."""
    records = (content or {}).get("records")
    held = records if isinstance(records, list) else []
    return [one for one in held if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _held(file: MeetingFile) -> list[dict[str, Any]]:
    minutes = file.frozen_minutes
    return held_in(minutes.fields.content) if minutes else []


def _archive(envelopes: list[Envelope], made_at: str) -> dict[str, Any]:
    whole = {
        "format": ARCHIVE_FORMAT,
        "version": ARCHIVE_VERSION,
        "made_at": made_at,
        "records": envelopes,
    }
    values: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return values


def _named(file: MeetingFile, envelopes: list[Envelope]) -> list[Envelope]:
    """The persons, roster entries and organisations that records name, by kind then id."""
    known: dict[str, Record[Any]] = {
        **file.persons,
        **{entry.id: entry for entry in file.roster},
        **file.organisations,
    }
    found: dict[str, Envelope] = {}
    queue = list(envelopes)
    while queue:
        envelope = queue.pop()
        for reference in references(envelope.kind, envelope.fields):
            if reference.target in known and reference.target not in found:
                named = found[reference.target] = _envelope(known[reference.target])
                queue.append(named)
    order = ("person", "roster_entry", "organisation")
    return sorted(found.values(), key=lambda one: (order.index(one.kind), one.id))


def _envelope(record: Record[Any]) -> Envelope:
    kind, fields = record.fields.kind_name, msgspec.to_builtins(record.fields)
    return Envelope(
        kind=kind,
        id=record.id,
        revision=record.revision,
        commission_id=record.commission_id,
        fields={name: fields[name] for name in fields if name not in UNSAID.get(kind, ())},
    )
