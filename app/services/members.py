"""The organisations that sit in a commission, and what of the watch notes concerns them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.attendance import is_current
from app.domain.audience import concerned
from app.domain.dates import day
from app.domain.records import Organisation, Record, WatchNote
from app.domain.validation import typed
from app.services.records import Records
from app.services.region import Region


def members(records: Records, commission_id: str) -> list[Record[Organisation]]:
    """The organisations that have a seat in a commission today, each once."""
    today = records.workspace.clock().date()
    seats = records.list("roster_entry", commission_id)
    current = [seat.fields.organisation_id for seat in seats if is_current(seat.fields, today)]
    with records.workspace.snapshot() as snapshot:
        found = snapshot.get_many({one for one in current if one}).values()
        return [typed(one) for one in found if one.kind == "organisation"]


def seated_in(records: Records, organisation_id: str) -> list[str | None]:
    """The ids of the commissions in which an organisation has a seat today."""
    today = records.workspace.clock().date()
    seats = records.list("roster_entry", organisation_id=organisation_id)
    return [seat.commission_id for seat in seats if is_current(seat.fields, today)]


def dated_notes(records: Records, commission_id: str) -> list[tuple[date, Record[WatchNote]]]:
    """The notes of the region and of a commission with a deadline, the nearest first.

    Only those that no other replaces and, once the commission has organisations, that concern one.
    """
    inside = members(records, commission_id)
    notes: Sequence[Record[WatchNote]] = records.list("watch_note")
    found = [
        (day(note.fields.deadline_on), note)
        for note in notes
        if note.commission_id in (None, commission_id)
        and note.fields.deadline_on
        and note.fields.superseded_by_id is None
        and (not inside or any(concerned(one.fields, note.fields.audience) for one in inside))
    ]
    return sorted(found, key=lambda dated: (dated[0], dated[1].id))


def reason_words(records: Records) -> dict[str, str]:
    """The words for the codes of services and the SIREN of EPCIs in the reasons of an audience."""
    groups = records.list("organisation", None, kind="epci")
    return Region(records).theme_labels() | {one.fields.siren: one.fields.name for one in groups}
