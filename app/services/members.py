"""The organisations that sit in a commission."""

from __future__ import annotations

from app.domain.attendance import is_current
from app.domain.records import Organisation, Record
from app.domain.validation import typed
from app.services.records import Records


def members(records: Records, commission_id: str) -> list[Record[Organisation]]:
    """Those of its roster today, each once."""
    today = records.workspace.clock().date()
    seats = records.list("roster_entry", commission_id)
    current = [seat.fields.organisation_id for seat in seats if is_current(seat.fields, today)]
    with records.workspace.snapshot() as snapshot:
        found = snapshot.get_many({one for one in current if one}).values()
        return [typed(one) for one in found if one.kind == "organisation"]
