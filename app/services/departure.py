"""What a sync would send, told before it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from app.clock import IdMaker
from app.domain.dates import local_day
from app.domain.records import REGION
from app.services.callings import called_by_id, commissions, within
from app.services.sync_report import Line, Named
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.sync import receipt_book
from app.sync.files import naming_to_send
from app.sync.groups import grouped
from app.sync.link import Link
from app.sync.ops import ops_of, telling
from app.sync.protocol import Op

PUBLISHED = frozenset({"watch_note", "solution"})
"""The kinds that belong to the region when the GIP publishes them, else to a commission."""


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """What waits to leave; `first_today` when nothing was sent yet on this day.

    `files` are those of which the central has the record, but not the content yet.
    """

    deletions: Sequence[Named] = ()
    additions: Sequence[Named] = ()
    changes: Sequence[Named] = ()
    files: Sequence[Named] = ()
    first_today: bool = False

    @property
    def lines(self) -> Sequence[Line]:
        """A sentence for each record, what would be deleted first."""
        return [
            Line(kind=one.kind, id=one.id, said=f"À envoyer, {change} : {{}}.", name=one.name)
            for change, leaving in (
                ("suppression", self.deletions),
                ("ajout", self.additions),
                ("modification", self.changes),
                ("fichier", self.files),
            )
            for one in leaving
        ]

    @property
    def to_be_seen(self) -> bool:
        """Whether the user sees it before it leaves: once a day, and whatever is deleted."""
        return bool(self.deletions or (self.first_today and (self.additions or self.changes)))


def departure(unit: UnitOfWork, link: Link, ids: IdMaker, now: datetime) -> Departure:
    """What the next sync would send of this workspace; nothing changes."""
    deletions: list[Named] = []
    additions: list[Named] = []
    changes: list[Named] = []
    spaces: dict[str, str | None] = {}
    for stored, op in _waiting(unit, link, ids):
        record = stored.envelope
        spaces[record.id] = record.commission_id
        into = deletions if op.deleted else additions if stored.base is None else changes
        into.append(Named(record.kind, record.id))
    files: list[Named] = []
    for record in naming_to_send(unit):
        spaces[record.id] = record.commission_id
        files.append(Named(record.kind, record.id))
    names, known = called_by_id(unit, list(spaces)), commissions(unit)
    for into in (deletions, additions, changes, files):
        into[:] = [
            one._replace(name=_told(one, names[one.id], spaces[one.id], known)) for one in into
        ]
    return Departure(
        deletions=deletions,
        additions=additions,
        changes=changes,
        files=files,
        first_today=_last_sent_on(unit, link) != local_day(now.isoformat()),
    )


def _told(one: Named, name: str, space: str | None, known: Mapping[str, str]) -> str:
    """A record's name, with where it goes: to which commission, if there are several; or to the
    whole region, for a kind that may be a commission's as well.
    """
    if space is None:
        return f"{name}, pour toute la région" if one.kind in PUBLISHED else name
    return within(name, "" if space == one.id else known.get(space, ""))


def _last_sent_on(unit: UnitOfWork, link: Link) -> date | None:
    """The day of the last receipt, except one for a commission's own record alone (enrolment)."""
    for receipt, at in receipt_book.latest(unit, len(link.spaces) + 1):
        if any(line.id != receipt.space for line in receipt.lines):
            return local_day(at)
    return None


def _waiting(unit: UnitOfWork, link: Link, ids: IdMaker) -> Iterator[tuple[Stored, Op]]:
    for space in (*link.spaces, REGION):
        for together in grouped(unit, space, ()):
            for stored in together.records:
                if told := ops_of(stored, ids):
                    yield stored, telling(stored, told)
