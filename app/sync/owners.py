"""What was deleted on one laptop while another wrote on it: an item of a meeting, say.

That is an edit against a deletion (CONTRACTS §5), be it of two records. The owner lives on, with
what was deleted along with it, until somebody decides its conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import select

from app.domain.ownership import owner_field, owner_id
from app.domain.records import REGION, Envelope
from app.storage import sync_state
from app.storage.rows import Stored, decoded_object
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.sync.frozen import minutes_of_the_central
from app.sync.merge import DELETED, Clash


class Owners:
    """Finds, once an answer is applied, the records of which only the owner was deleted."""

    def __init__(
        self, unit: UnitOfWork, opens: Callable[[Stored, Clash, Envelope], object]
    ) -> None:
        """`opens` writes the conflict of a deleted record, given one that stands on it."""
        self.unit = unit
        self.opens = opens
        self.gone: set[str] = set()
        """The records that the answer deleted."""

    def settle(self) -> None:
        """Brings back what living records stand on, but for what frozen minutes settled."""
        written = [one for one, kind in self.unit.changed.items() if owner_field(kind)]
        if not (written or self.gone):
            return
        wanted = self.gone | sync_state.deleted_targets(self.unit, written)
        for owner in sync_state.stored_many(self.unit, wanted).values():
            self._settle(owner)

    def _settle(self, owner: Stored) -> None:
        dead = _deleted_above(self.unit, owner)
        standing = next(standing_on(self.unit, [owner.envelope.id]), None) if dead else None
        if standing is None or minutes_of_the_central(self.unit, owner.envelope) is not None:
            return
        for one in reversed(dead):
            former = self.unit.stored(one.envelope.id)
            if former is not None and former.envelope.deleted:
                self._bring_back(former, standing)

    def _bring_back(self, stored: Stored, standing: Envelope) -> None:
        mine = _deleted_here(self.unit, stored.envelope)
        self.opens(stored, Clash(DELETED, False, mine, not mine), standing)
        for record in (stored.envelope, *_deleted_along(self.unit, stored.envelope)):
            self.unit.save(msgspec.structs.replace(record, deleted=False))


def to_ask_about(unit: UnitOfWork, incoming: Iterable[Envelope]) -> list[str]:
    """Of records of the central, those whose author is to be named in such a conflict."""
    records = list(incoming)
    gone = [record.id for record in records if record.deleted]
    asked = [one for record in standing_on(unit, gone) if (one := owner_id(record))]
    owners = {one for record in records if (one := owner_id(record)) and not record.deleted}
    dead = sync_state.deleted_among(unit, owners) if owners else set()
    return [*asked, *(record.id for record in records if owner_id(record) in dead)]


def standing_on(unit: UnitOfWork, owners: Sequence[str]) -> Iterator[Envelope]:
    """The living records that these own."""
    for field, record in unit.pointing_to(*owners) if owners else ():
        if field == owner_field(record.kind):
            yield record


def _deleted_above(unit: UnitOfWork, first: Stored) -> list[Stored]:
    """A record and those that own it, step by step, as far as they are deleted."""
    found: list[Stored] = []
    stored: Stored | None = first
    while stored is not None and stored.envelope.deleted and stored.envelope.space != REGION:
        found.append(stored)
        above = owner_id(stored.envelope)
        stored = None if above is None else unit.stored(above)
    return found


def _deleted_here(unit: UnitOfWork, record: Envelope) -> bool:
    last = _last_deletion(unit, record)
    return last is not None and last[1] != ""


def _deleted_along(unit: UnitOfWork, owner: Envelope) -> list[Envelope]:
    """What the deletion of a record took along of what it owns, step by step."""
    last = _last_deletion(unit, owner)
    if last is None:
        return []
    query = select(history.c.record_id).where(history.c.operation == last[0])
    ids = set(unit.connection.execute(query).scalars())
    left = [one.envelope for one in sync_state.stored_many(unit, ids).values()]
    found, owners = list[Envelope](), {owner.id}
    while owners:
        owned = [one for one in left if one.deleted and owner_id(one) in owners]
        found += owned
        owners = {one.id for one in owned}
    return found


def _last_deletion(unit: UnitOfWork, record: Envelope) -> tuple[int, str] | None:
    """The operation that last deleted a record, and on which device; "" is elsewhere."""
    query = (
        select(history.c.operation, history.c.device, history.c.changes)
        .where(history.c.record_id == record.id)
        .order_by(history.c.change.desc())
    )
    for row in unit.connection.execute(query):
        if DELETED in decoded_object(row.changes):
            return row.operation, row.device
    return None
