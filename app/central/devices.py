"""Devices: enrolled by a one-time code, known by a token that they may rotate or give up."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, func, or_, select, update

from app.central.access import Caller
from app.central.accounts import hashed, note
from app.central.database import Database
from app.central.held import held_in, query_held, read_known
from app.central.lineage import EPOCH, lineage_of
from app.central.problems import Refused
from app.central.schema import codes, devices, facilitators, failed_tries, grants, records, spaces
from app.clock import new_id, stamp
from app.domain.records import REGION
from app.domain.search_text import fold
from app.sync.protocol import (
    Device,
    Enrolment,
    EnrolmentRequest,
    Facilitator,
    GrantedSpace,
    code_given,
)

TRIES = 10
TRIES_WITHIN = timedelta(hours=1)
"""A code is guessed at most ten times an hour from one address (CONTRACTS §5)."""

_TOKEN_BYTES = 32
"""A token is a 256-bit random value."""


def enrol(database: Database, request: EnrolmentRequest, address: str, now: datetime) -> Enrolment:
    """Trades a one-time code for a token; Refused when it is not valid, or after ten failures."""
    with database.writing() as connection:
        # One enrolment at a time: tries made at once would not count one another.
        connection.execute(EPOCH.with_for_update())
        _check_tries(connection, address, now)
        facilitator_id = _spend(connection, request.code, now)
        if facilitator_id is not None:
            return _add_device(connection, facilitator_id, request.device_name, now)
        connection.execute(failed_tries.insert(), {"address": address, "at": stamp(now)})
        note(connection, now, "code-refused")
    raise Refused(
        "code-refused",
        "Ce code n'est pas valable : vérifiez-le, ou demandez-en un autre au GIP.",
    )


def describe(connection: Connection, who: Caller) -> Device:
    """The calling device as it is shown to its facilitator."""
    return Device(
        device_id=who.device_id,
        device_name=who.device_name,
        enrolled_at=who.enrolled_at,
        last_used_on=who.last_used_on,
        facilitator=Facilitator(
            id=who.facilitator_id,
            name=who.name,
            email=who.email,
            role="gip" if who.is_gip else "facilitator",
            create=who.may_create,
        ),
        spaces=_granted(connection, who.facilitator_id, gip=who.is_gip),
        epochs=lineage_of(connection, who.spaces),
    )


def sign_out(connection: Connection, who: Caller, now: datetime) -> None:
    """Ends the device's access at once."""
    connection.execute(
        update(devices).where(devices.c.id == who.device_id).values(revoked_at=stamp(now))
    )
    note(
        connection,
        now,
        "signed-out",
        facilitator_id=who.facilitator_id,
        device_id=who.device_id,
    )


def rotate(connection: Connection, who: Caller, now: datetime) -> str:
    """A fresh token; the former one stays valid until this one is first used."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    connection.execute(
        update(devices).where(devices.c.id == who.device_id).values(next_token=hashed(token))
    )
    note(
        connection,
        now,
        "token-rotated",
        facilitator_id=who.facilitator_id,
        device_id=who.device_id,
    )
    return token


def _check_tries(connection: Connection, address: str, now: datetime) -> None:
    since, until = stamp(now - TRIES_WITHIN), stamp(now + TRIES_WITHIN)
    of_no_use = or_(failed_tries.c.at <= since, failed_tries.c.at > until)  # or of a clock ahead
    connection.execute(delete(failed_tries).where(of_no_use))
    query = select(func.count(), func.min(failed_tries.c.at)).where(
        failed_tries.c.address == address
    )
    count, first = connection.execute(query).one()
    if count >= TRIES:
        wait = datetime.fromisoformat(first) + TRIES_WITHIN - now
        raise Refused(
            "too-many-tries",
            "Trop de codes erronés ont été essayés d'ici : attendez une heure.",
            retry_after=max(1, int(wait.total_seconds())),
        )


def _spend(connection: Connection, code: str, now: datetime) -> str | None:
    """The facilitator of a valid code, deleted in one statement so that two cannot spend it."""
    connection.execute(delete(codes).where(codes.c.expires_at <= stamp(now)))
    spent = delete(codes).where(codes.c.hash == hashed(code_given(code)))
    return connection.execute(spent.returning(codes.c.facilitator_id)).scalar()


def _add_device(connection: Connection, facilitator_id: str, name: str, now: datetime) -> Enrolment:
    token, device_id = secrets.token_urlsafe(_TOKEN_BYTES), new_id()
    row = {
        "id": device_id,
        "facilitator_id": facilitator_id,
        "name": name,
        "enrolled_at": stamp(now),
        "token": hashed(token),
    }
    connection.execute(devices.insert(), row)
    note(connection, now, "enrolled", facilitator_id=facilitator_id, device_id=device_id)
    account = connection.execute(
        select(facilitators).where(facilitators.c.id == facilitator_id)
    ).one()
    granted = _granted(connection, facilitator_id, gip=account.role == "gip")
    return Enrolment(
        token=token,
        device_id=device_id,
        facilitator=Facilitator(
            id=account.id,
            name=account.name,
            email=account.email,
            role=account.role,
            create=account.may_create,
        ),
        spaces=granted,
        epochs=lineage_of(connection, {REGION, *(one.space for one in granted)}),
    )


class _Named(msgspec.Struct):
    name: str = ""


def _granted(connection: Connection, facilitator_id: str, *, gip: bool) -> tuple[GrantedSpace, ...]:
    """The commissions open to a facilitator, by name; a commission's record has its space's id."""
    open_to = select(spaces.c.space)
    if not gip:
        open_to = select(grants.c.space).where(grants.c.facilitator_id == facilitator_id)
    query = query_held().where(records.c.id.in_(open_to), records.c.deleted.is_(False))
    found = [
        GrantedSpace(space=one.id, name=read_known(one, _Named).name)
        for one in held_in(connection.execute(query))
    ]
    return tuple(sorted(found, key=lambda one: (fold(one.name), one.space)))
