"""What minutes freeze: the archive of a meeting with all that it names (CONTRACTS §2, §3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from app.domain.meeting_file import MeetingFile
from app.domain.records import Envelope, Record
from app.domain.validation import references

ARCHIVE_FORMAT = "commissions-archive"
ARCHIVE_VERSION = 1


def content(file: MeetingFile, made_at: str) -> dict[str, Any]:
    """The archive of the meeting as JSON values; `made_at` is the instant of the freeze.

    It holds the meeting, its items, attendances, proxies, ballots, decisions, actions and needs,
    then the persons, roster entries and organisations that they name, directly or through one
    another. Its canonical form is what `content_sha256` covers.
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
    """The ballots of a meeting that stand as its frozen minutes hold them."""
    held: dict[str, Any] = {}
    for minutes in file.minutes:
        if minutes.fields.frozen_at and not minutes.fields.addendum_to_id:
            records = (minutes.fields.content or {}).get("records")
            for record in records if isinstance(records, list) else ():
                if isinstance(record, dict) and isinstance(record.get("id"), str):
                    held[record["id"]] = record.get("fields")
    return {
        ballot.id
        for ballot in file.ballots
        if ballot.id in held
        and held[ballot.id] == msgspec.json.decode(msgspec.json.encode(ballot.fields))
    }


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
    return Envelope(
        kind=record.fields.kind_name,
        id=record.id,
        revision=record.revision,
        commission_id=record.commission_id,
        fields=msgspec.to_builtins(record.fields),
    )
