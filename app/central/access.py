"""Who calls, and what they may read and write (CONTRACTS §2, Spaces; §5, Access)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from app.central.accounts import hashed, note
from app.central.database import Database
from app.central.lineage import EPOCH, reached
from app.central.problems import Refused, not_found
from app.central.schema import devices, facilitators, grants, spaces
from app.clock import stamp
from app.domain.records import REGION
from app.sqlite import Ready


@dataclass(frozen=True)
class Caller:
    """A signed-in device and its facilitator, with what an exchange first reads of the central.

    `spaces` maps each readable space to its seq; `behind` says that some digests are not written
    yet.
    """

    device_id: str
    device_name: str
    enrolled_at: str
    last_used_on: str | None
    facilitator_id: str
    name: str
    email: str
    role: str
    may_create: bool
    spaces: dict[str, int]
    behind: bool
    epoch: str

    @property
    def is_gip(self) -> bool:
        """Whether the caller reads and writes every space."""
        return self.role == "gip"

    def require(self, space: str) -> None:
        """Refused (404) when the caller may not read the space, as if it did not exist."""
        if space not in self.spaces:
            raise not_found()


class _SignedIn(NamedTuple):
    """A row of `_SIGNED_IN`."""

    id: str
    device_name: str
    enrolled_at: str
    last_used_on: str | None
    next_token: str | None
    facilitator_id: str
    name: str
    email: str
    role: str
    may_create: bool
    space: str | None
    seq: int
    seq_of_region: int
    behind: bool
    epoch: str


_any, _region = spaces.alias(), spaces.alias()
_SEQ_OF_REGION = select(_region.c.seq).where(_region.c.space == REGION)
_BEHIND = exists().where(_any.c.pending.is_not(None))
_SIGNED_IN = Ready(  # one row per commission granted, and at least one
    select(
        devices.c.id,
        devices.c.name.label("device_name"),
        devices.c.enrolled_at,
        devices.c.last_used_on,
        devices.c.next_token,
        facilitators.c.id.label("facilitator_id"),
        facilitators.c.name,
        facilitators.c.email,
        facilitators.c.role,
        facilitators.c.may_create,
        spaces.c.space,
        spaces.c.seq,
        _SEQ_OF_REGION.scalar_subquery().label("seq_of_region"),
        _BEHIND.label("behind"),
        EPOCH.scalar_subquery().label("epoch"),
    )
    .join_from(devices, facilitators, devices.c.facilitator_id == facilitators.c.id)
    .outerjoin(grants, grants.c.facilitator_id == facilitators.c.id)
    .outerjoin(spaces, spaces.c.space == grants.c.space)
    .where(
        or_(devices.c.token == bindparam("secret"), devices.c.next_token == bindparam("secret")),
        devices.c.revoked_at.is_(None),
        facilitators.c.revoked_at.is_(None),
    )
)


def caller(database: Database, token: str | None, now: datetime) -> Caller:
    """The caller that a bearer token identifies; Refused (401) when it identifies nobody.

    It writes only at a device's first call of the day and at the first use of a rotated token.
    """
    secret = hashed(token) if token else ""
    with database.reading() as connection:
        found = [_SignedIn(*row) for row in _SIGNED_IN.rows(connection, {"secret": secret})]
        if not found:
            raise sign_in()
        row, epoch = found[0], found[0].epoch
        readable = {one.space: one.seq for one in found if one.space is not None}
        readable[REGION] = row.seq_of_region
        if row.role == "gip":
            epoch, readable = reached(connection)
    today = stamp(now)[:10]
    if row.next_token == secret or row.last_used_on != today:
        _touch(database, row, secret, now)
    return Caller(
        device_id=row.id,
        device_name=row.device_name,
        enrolled_at=row.enrolled_at,
        last_used_on=today,
        facilitator_id=row.facilitator_id,
        name=row.name,
        email=row.email,
        role=row.role,
        may_create=bool(row.may_create),
        spaces=readable,
        behind=bool(row.behind),
        epoch=epoch,
    )


def sign_in() -> Refused:
    """The answer to a token that is unknown, revoked, or absent."""
    return Refused(
        "sign-in",
        "Cet ordinateur n'est plus rattaché au central : demandez un nouveau code au GIP, puis"
        " rattachez-le de nouveau ; rien n'est perdu.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _touch(database: Database, device: Any, secret: str, now: datetime) -> None:
    """Notes the day of use; a rotated token takes the former one's place at its first use."""
    today = stamp(now)[:10]
    with database.writing() as connection:
        of_device = update(devices).where(devices.c.id == device.id)
        connection.execute(
            of_device.where(devices.c.next_token == secret).values(token=secret, next_token=None)
        )
        another_day = devices.c.last_used_on.is_distinct_from(today)
        noted = connection.execute(of_device.where(another_day).values(last_used_on=today))
        if noted.rowcount:  # only the first of concurrent calls logs the day
            who = {"facilitator_id": device.facilitator_id, "device_id": device.id}
            note(connection, now, "used", **who)


_OF_SPACE = select(spaces.c.seq).where(spaces.c.space == bindparam("of_space"))
_SEQ, _LOCKED = Ready(_OF_SPACE), Ready(_OF_SPACE.with_for_update())
_GRANTED = Ready(
    select(grants.c.space).where(
        grants.c.facilitator_id == bindparam("to"), grants.c.space == bindparam("of_space")
    )
)


def lock_space(connection: Connection, who: Caller, space: str, now: datetime) -> int:
    """Takes a space's counter row for the rest of the transaction and gives its seq.

    A space that does not exist yet is opened for a caller with the right `create`, who is
    granted it; Refused (404) for one that the caller may not write. Grants are read again because
    the same batch, sent twice at once, may have opened the space since the caller was looked up.
    """
    of = {"of_space": space}
    is_open = space in who.spaces or who.is_gip
    is_open = is_open or bool(_GRANTED.rows(connection, of | {"to": who.facilitator_id}))
    locked = _LOCKED.rows(connection, of) if is_open else ()
    if locked:
        return int(locked[0][0])
    if not (who.may_create or who.is_gip) or _SEQ.rows(connection, of):
        raise not_found()
    connection.execute(spaces.insert(), {"space": space, "seq": 0})
    connection.execute(grants.insert(), {"facilitator_id": who.facilitator_id, "space": space})
    note(
        connection,
        now,
        "space-opened",
        facilitator_id=who.facilitator_id,
        device_id=who.device_id,
        space=space,
    )
    return 0
