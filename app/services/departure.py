"""What a sync would send, told before it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from app.clock import IdMaker
from app.domain.dates import local_day
from app.domain.records import REGION
from app.services.sync_report import Line, name
from app.storage.unit_of_work import UnitOfWork
from app.sync import outbox, receipt_book
from app.sync.groups import grouped
from app.sync.link import Link


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """What waits to leave; `first_today` when nothing was sent yet on this day."""

    additions: Sequence[Line] = ()
    changes: Sequence[Line] = ()
    deletions: Sequence[Line] = ()
    first_today: bool = False

    @property
    def lines(self) -> Sequence[Line]:
        """All of it, what would be deleted first."""
        return [*self.deletions, *self.additions, *self.changes]

    @property
    def to_be_seen(self) -> bool:
        """Whether the user sees it before it leaves: once a day, and whatever is deleted."""
        return bool(self.deletions) or (self.first_today and bool(self.lines))


def departure(unit: UnitOfWork, link: Link, ids: IdMaker, now: datetime) -> Departure:
    """What the next sync would send of this workspace; nothing changes."""
    told: dict[str, list[Line]] = {"suppression": [], "ajout": [], "modification": []}
    for change, line in _waiting(unit, link, ids):
        told[change].append(line)
    last = receipt_book.latest(unit, 1)
    return Departure(
        additions=told["ajout"],
        changes=told["modification"],
        deletions=told["suppression"],
        first_today=not last or local_day(last[0][1]) != local_day(now.isoformat()),
    )


def _waiting(unit: UnitOfWork, link: Link, ids: IdMaker) -> Iterator[tuple[str, Line]]:
    for space in (*link.spaces, REGION):
        for _, records in grouped(unit, space, ()):
            for stored in records:
                op = outbox.op_of(stored, ids)
                if op is None:
                    continue
                record = stored.envelope
                change = "ajout" if stored.base is None else "modification"
                change = "suppression" if op.deleted else change
                sentence = f"À envoyer, {change} : {name(record)}."
                yield change, Line(kind=record.kind, id=record.id, sentence=sentence)
