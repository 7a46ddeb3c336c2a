"""Records deleted on one laptop while another wrote something that they own (an item's decision).

That is an edit against a deletion (CONTRACTS §5), though of two records. The deleted owner comes
back, with what was deleted along with it, until somebody decides its conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import msgspec
from sqlalchemy import select

from app.domain.frozen import detached
from app.domain.ownership import owner_field, owner_id
from app.domain.records import Envelope
from app.storage import sync_state
from app.storage.rows import Stored, decoded_object
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.sync.frozen import minutes_of_the_central, move_files
from app.sync.link import Link
from app.sync.merge import DELETED, Clash


class Owners:
    """Brings back, once an answer is applied, the deleted owners of living records."""

    def __init__(
        self,
        unit: UnitOfWork,
        link: Link,
        kept: set[str],
        opens: Callable[[Stored, Clash, Envelope], object],
    ) -> None:
        """`opens` writes the conflict of a deleted record, given a living record that it owns.

        `kept` are the records that this sync keeps alive though one side deleted them.
        """
        self.unit = unit
        self.link = link
        self.kept = kept
        self.opens = opens
        self._gone: set[str] = set()  # what the answer deleted
        self._along: set[str] = set()  # deleted here along with one that is kept

    def lose(self, record_id: str) -> None:
        """Counts a record as deleted by the answer."""
        self._gone.add(record_id)
        self.kept.discard(record_id)

    def keep(self, record: Envelope) -> None:
        """Notes a record, given as it was, as kept alive; what it owns comes back with it."""
        self.kept.add(record.id)
        if record.deleted:
            self._along |= _deleted_along(self.unit, record)

    def spared(self, tombstones: Mapping[str, Envelope]) -> list[Envelope]:
        """The tombstones of records that come back at once, as a kept record owns them."""
        return _owned_among(tombstones.values(), self.kept - tombstones.keys())

    def settle(self) -> None:
        """Brings back the deleted owners of living records; under frozen minutes, needs only."""
        written = [one for one, kind in self.unit.changed.items() if owner_field(kind)]
        if self.unit.changed or self._gone:
            wanted = self._gone | sync_state.deleted_among(self.unit, self.link.spaces)
            wanted |= sync_state.deleted_targets(self.unit, written) if written else set()
            for owner in sync_state.stored_many(self.unit, wanted).values() if wanted else ():
                self._settle(owner)
        if self.kept:
            self._bring_along()

    def _settle(self, owner: Stored) -> None:
        dead = _deleted_above(self.unit, self.link, owner)
        standing = next(standing_on(self.unit, [owner.envelope]), None) if dead else None
        if standing is None:
            return
        minutes = minutes_of_the_central(self.unit, owner.envelope)
        if minutes is not None and detached(owner.envelope.kind, {}) is None:
            move_files(self.unit, owner.envelope.id, minutes)
            return
        for one in reversed(dead):
            former = self.unit.stored(one.envelope.id)
            if former is not None and former.envelope.deleted:
                self._bring_back(former, standing, frozen=minutes is not None)

    def _bring_back(self, stored: Stored, standing: Envelope, *, frozen: bool) -> None:
        record = stored.envelope
        mine = _deleted_here(self.unit, record)
        self.opens(stored, Clash(DELETED, False, mine, not mine), standing)
        self.keep(record)
        left = detached(record.kind, record.fields) if frozen else None
        back = msgspec.structs.replace(record, fields=left or record.fields, deleted=False)
        self.unit.save(back)
        self._bring_along()

    def _bring_along(self) -> None:
        left = sync_state.stored_many(self.unit, self._gone | self._along).values()
        for record in _owned_among((one.envelope for one in left), self.kept):
            self.unit.save(msgspec.structs.replace(record, deleted=False))


def to_ask_about(unit: UnitOfWork, incoming: Iterable[Envelope]) -> list[str]:
    """The ids of the central's records whose authors a conflict of this sort may have to name."""
    records = {record.id: record for record in incoming}
    gone = {one: record for one, record in records.items() if record.deleted}
    living = [record for record in records.values() if not record.deleted]
    here = [one for one in standing_on(unit, [*gone.values()]) if one.id not in records]
    found: dict[str, None] = {}
    for one in (*living, *here):
        owner = owner_id(one)
        while owner in gone and owner not in found:
            found[owner] = None
            owner = owner_id(gone[owner])
    owners = {owner for one in living if (owner := owner_id(one))}
    dead = sync_state.deleted_among(unit, owners) | gone.keys() if owners else set()
    return [*found, *(one.id for one in living if owner_id(one) in dead)]


def standing_on(unit: UnitOfWork, owners: Sequence[Envelope]) -> Iterator[Envelope]:
    """The living records that these own directly."""
    ids = [one.id for one in owners]
    for field, record in unit.pointing_to(*ids) if ids else ():
        if field == owner_field(record.kind):
            yield record
    for owner in owners:
        if owner.kind == "commission":
            yield from (one for one in unit.select(space=owner.id) if owner_id(one) == owner.id)


def _deleted_above(unit: UnitOfWork, link: Link, first: Stored) -> list[Stored]:
    """A record, its owner and so on, up to the first that is alive or not ours to bring back."""

    def is_dead(one: Stored) -> bool:
        return one.envelope.deleted and link.may_bring_back(one.envelope.space)

    return list(takewhile(is_dead, with_owners(unit, first)))


def with_owners(unit: UnitOfWork, first: Stored) -> Iterator[Stored]:
    """A record, its owner, the owner of that one and so on, each once."""
    seen = set[str]()
    stored: Stored | None = first
    while stored is not None and stored.envelope.id not in seen:
        yield stored
        seen.add(stored.envelope.id)
        stored = unit.stored(owner_id(stored.envelope) or "")


def _deleted_here(unit: UnitOfWork, record: Envelope) -> bool:
    last = _last_deletion(unit, record)
    return last is not None and last[1] != ""


def _owned_among(records: Iterable[Envelope], owners: Collection[str]) -> list[Envelope]:
    """The deleted ones among the records that the owners own, directly or through one another."""
    left, found = {one.id: one for one in records if one.deleted}, list[Envelope]()
    while owners:
        owners = {one.id for one in left.values() if owner_id(one) in owners}
        found += [left.pop(one) for one in sorted(owners)]
    return found


def _deleted_along(unit: UnitOfWork, record: Envelope) -> set[str]:
    """What was deleted in the same operation as a record."""
    last = _last_deletion(unit, record)
    if last is None:
        return set()
    query = select(history.c.record_id).where(history.c.operation == last[0])
    return set(unit.connection.execute(query).scalars())


def _last_deletion(unit: UnitOfWork, record: Envelope) -> tuple[int, str] | None:
    """The operation that last deleted a record, and its device ("": it came from the central)."""
    query = (
        select(history.c.operation, history.c.device, history.c.changes)
        .where(history.c.record_id == record.id)
        .order_by(history.c.change.desc())
    )
    for row in unit.connection.execute(query):
        if DELETED in decoded_object(row.changes):
            return row.operation, row.device
    return None
