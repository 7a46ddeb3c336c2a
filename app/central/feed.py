"""The changes of a space after a cursor, in pages, and the history of one record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.central import traces
from app.central.access import Caller
from app.central.database import Database
from app.central.held import Held, held_in, query_held
from app.central.problems import not_found
from app.central.schema import devices, facilitators, records, revisions
from app.sqlite import Ready, at_most
from app.sync.protocol import Page, Revision, Revisions

HISTORY = 500
"""Revisions of a record in one answer."""

_PORTION = 500
_BY_THE_CENTRAL = "Central"
_PAGE = Ready(
    query_held()
    .where(
        records.c.space == bindparam("space"),
        records.c.seq > bindparam("after"),
        records.c.seq <= bindparam("upto"),
        (records.c.seq <= bindparam("own_first")) | (records.c.seq > bindparam("own_last")),
    )
    .order_by(records.c.seq)
    .limit(at_most(_PORTION))
)
_names = msgspec.json.Decoder(tuple[str, ...])


class Stretch(NamedTuple):
    """The changes asked of a space: those in (after, upto] but not in (own_first, own_last]."""

    space: str
    after: int
    upto: int
    own_first: int = 0
    own_last: int = 0

    @property
    def is_bare(self) -> bool:
        """Whether nothing can be there, so that nothing need be read."""
        only_own = self.own_first <= self.after and self.upto <= self.own_last
        return only_own or self.after >= self.upto

    @property
    def end(self) -> Page:
        """The page after which the reader has everything."""
        return Page(records=(), seq=self.upto, more=False)


def page(connection: Connection, asked: Stretch, count: int, room: int) -> tuple[Page, int]:
    """The first page of a stretch, and its bytes.

    At most `count` records, and no more once they pass `room` bytes. A reader who goes on from the
    page's seq misses nothing: a record that moves past `upto` meanwhile comes with its next seq.
    """
    if asked.is_bare:
        return asked.end, 0
    if room <= 0:
        return Page(records=(), seq=asked.after, more=True), 0
    taken: list[Held] = []
    size, more = 0, False
    for held in _in_portions(connection, asked):
        more = len(taken) == count or size >= room
        if more:
            break
        taken.append(held)
        size += len(held.fields)
    records = tuple(held.envelope() for held in taken)
    return Page(records=records, seq=taken[-1].seq if more else asked.upto, more=more), size


def _in_portions(connection: Connection, asked: Stretch) -> Iterator[Held]:
    """The records of a stretch, read only as needed: a page takes few of a long feed."""
    while True:
        portion = held_in(_PAGE.rows(connection, asked._asdict()))
        yield from portion
        if len(portion) < _PORTION:
            return
        asked = asked._replace(after=portion[-1].seq)


def history(database: Database, who: Caller, record_id: str) -> Revisions:
    """Who changed which fields of a readable record, the newest first; Refused (404) else."""
    with database.reading() as connection:
        of_record = select(records.c.space).where(records.c.id == record_id)
        space = connection.execute(of_record).scalar()
    if space is None or space not in who.spaces:
        raise not_found()
    traces.spread(database, space)
    query = (
        select(revisions, devices.c.name, facilitators.c.name.label("author"))
        .select_from(
            revisions.outerjoin(devices, revisions.c.device_id == devices.c.id).outerjoin(
                facilitators, devices.c.facilitator_id == facilitators.c.id
            )
        )
        .where(revisions.c.space == space, revisions.c.id == record_id)
        .order_by(revisions.c.revision.desc())
        .limit(at_most(HISTORY + 1))
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    found = [
        Revision(
            revision=row.revision,
            seq=row.seq,
            at=row.at,
            author=row.author or _BY_THE_CENTRAL,
            device=row.name or "",
            deleted=row.deleted,
            fields=_names.decode(row.changed),
            sha256=row.sha256,
        )
        for row in rows
    ]
    return Revisions(id=record_id, revisions=tuple(found[:HISTORY]), more=len(found) > HISTORY)
