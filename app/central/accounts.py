"""Accounts as the central's administrator sees them: facilitators, devices, grants, codes."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from app.central import traces
from app.central.database import Database
from app.central.schema import audit, codes, devices, facilitators, grants, revisions, spaces
from app.clock import new_id, stamp
from app.domain.refusals import Refusal, one_line
from app.domain.validation import complete
from app.errors import UserError

CODE_LIFE = timedelta(days=7)
TRAIL_KEPT_FOR = timedelta(days=365)
"""The longest that the CNIL recommends, except for internal audits (deliberation 2021-122)."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0, 1, I, L and O, easily misread
_GROUPS = (4, 4, 4, 4)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


Event = Literal[
    "facilitator-added", "facilitator-revoked", "commission-added", "granted", "withdrawn",
    "code-made", "codes-voided", "code-refused", "enrolled", "token-rotated", "signed-out",
    "device-revoked", "space-opened", "key-renewed", "restored", "used", "wrote",
]  # fmt: skip
"""The events of the access trail: `wrote` is counted from the revisions, `note` stores the rest."""


@dataclass(frozen=True)
class Account:
    """A facilitator as `central facilitator list` shows it; `devices` counts those signed in."""

    id: str
    name: str
    email: str
    role: str
    create: bool
    revoked: bool
    devices: int
    commission_ids: tuple[str, ...]


@dataclass(frozen=True)
class SignedIn:
    """A device as `central device list` shows it; `last_used_on` is a UTC date."""

    id: str
    name: str
    facilitator_id: str
    facilitator: str
    enrolled_at: str
    last_used_on: str | None
    revoked: bool


@dataclass(frozen=True)
class Access:
    """One line of the trail: who did what, from which device, in which space, when.

    `changes` is the number of changes of that day for the event `wrote`, else 0.
    """

    at: str
    event: Event
    facilitator: str | None
    device: str | None
    space: str | None
    changes: int = 0


def hashed(secret: str) -> str:
    """The hash stored in place of a code or token: both are random enough for a plain SHA-256."""
    return sha256(secret.encode()).hexdigest()


def add_facilitator(
    connection: Connection,
    now: datetime,
    *,
    name: str,
    email: str,
    role: Literal["facilitator", "gip"] = "facilitator",
    create: bool = False,
) -> str:
    """A new account's id; `create` is the right to upload a commission of one's own.

    UserError when the name is empty or not one line, or the address is no e-mail address. Several
    accounts may share an address: an account's role and `create` never change, so other rights take
    another one.
    """
    _check_words(name, email)
    facilitator_id = new_id()
    row = {
        "id": facilitator_id,
        "name": name,
        "email": email,
        "role": role,
        "may_create": create,
        "created_at": stamp(now),
    }
    connection.execute(facilitators.insert(), row)
    note(connection, now, "facilitator-added", facilitator_id=facilitator_id)
    return facilitator_id


def _check_words(name: str, email: str) -> None:
    try:
        complete("person", {"last_name": name, "email": email})
        check_line(name)
    except Refusal as refusal:
        raise UserError(f"Le compte ne peut être ouvert : {refusal.sentence}") from refusal
    if not name.strip():
        raise UserError("Le compte ne peut être ouvert sans nom : donnez-le par --name.")
    if not _EMAIL.fullmatch(email):
        raise UserError(
            f"« {email} » n'est pas une adresse de courriel : elle a la forme nom@gip.fr."
        )


def check_line(name: str) -> None:
    """Refusal of a name that would break the lines of the lists that show it."""
    if one_line(name) != name:
        raise Refusal("le nom tient sur une ligne, retirez-en les retours et les tabulations.")


def revoke_facilitator(connection: Connection, now: datetime, facilitator_id: str) -> None:
    """Closes an account: its devices are refused at their next call, its codes are void."""
    _existing(connection, facilitator_id)
    at = stamp(now)
    connection.execute(
        update(facilitators).where(facilitators.c.id == facilitator_id).values(revoked_at=at)
    )
    connection.execute(
        update(devices)
        .where(devices.c.facilitator_id == facilitator_id, devices.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    connection.execute(delete(codes).where(codes.c.facilitator_id == facilitator_id))
    note(connection, now, "facilitator-revoked", facilitator_id=facilitator_id)


def list_facilitators(connection: Connection) -> list[Account]:
    """Every account, in the order of creation."""
    granted: dict[str, list[str]] = {}
    for row in connection.execute(select(grants).order_by(grants.c.space)):
        granted.setdefault(row.facilitator_id, []).append(row.space)
    signed_in: dict[str, int] = {}
    for row in connection.execute(select(devices).where(devices.c.revoked_at.is_(None))):
        signed_in[row.facilitator_id] = signed_in.get(row.facilitator_id, 0) + 1
    query = select(facilitators).order_by(facilitators.c.created_at, facilitators.c.id)
    return [
        Account(
            id=row.id,
            name=row.name,
            email=row.email,
            role=row.role,
            create=row.may_create,
            revoked=row.revoked_at is not None,
            devices=signed_in.get(row.id, 0),
            commission_ids=tuple(granted.get(row.id, ())),
        )
        for row in connection.execute(query)
    ]


def grant(connection: Connection, now: datetime, facilitator_id: str, space: str) -> None:
    """Opens a commission to a facilitator; nothing happens when it already is."""
    _existing(connection, facilitator_id)
    if connection.execute(select(spaces.c.space).where(spaces.c.space == space)).first() is None:
        raise UserError(
            f"Aucune commission n'a l'identifiant « {space} » : voyez"
            " « commissions central commission list »."
        )
    known = select(grants).where(grants.c.facilitator_id == facilitator_id, grants.c.space == space)
    if connection.execute(known).first() is None:
        connection.execute(grants.insert(), {"facilitator_id": facilitator_id, "space": space})
        note(connection, now, "granted", facilitator_id=facilitator_id, space=space)


def withdraw(connection: Connection, now: datetime, facilitator_id: str, space: str) -> None:
    """Closes a commission to a facilitator, whose laptops keep what they hold of it.

    UserError when it is not open to them, or for a GIP account, to which all are always open.
    """
    _existing(connection, facilitator_id)
    role = select(facilitators.c.role).where(facilitators.c.id == facilitator_id)
    if connection.execute(role).scalar() == "gip":
        raise UserError(
            "Toutes les commissions sont ouvertes à un compte du GIP : fermez-le par « commissions"
            " central facilitator revoke », et donnez un code d'un autre compte."
        )
    of_both = (grants.c.facilitator_id == facilitator_id) & (grants.c.space == space)
    if connection.execute(delete(grants).where(of_both)).rowcount == 0:
        raise UserError(
            f"La commission « {space} » n'est pas ouverte à cet animateur : voyez les siennes par"
            " « commissions central facilitator list --json »."
        )
    note(connection, now, "withdrawn", facilitator_id=facilitator_id, space=space)


def list_devices(connection: Connection) -> list[SignedIn]:
    """Every device, those of one facilitator together, in the order of their enrolment."""
    query = (
        select(devices, facilitators.c.name.label("facilitator"))
        .join(facilitators, facilitators.c.id == devices.c.facilitator_id)
        .order_by(facilitators.c.name, facilitators.c.id, devices.c.enrolled_at, devices.c.id)
    )
    return [
        SignedIn(
            id=row.id,
            name=row.name,
            facilitator_id=row.facilitator_id,
            facilitator=row.facilitator,
            enrolled_at=row.enrolled_at,
            last_used_on=row.last_used_on,
            revoked=row.revoked_at is not None,
        )
        for row in connection.execute(query)
    ]


def revoke_device(connection: Connection, now: datetime, device_id: str) -> None:
    """Refuses a device from its next call on, but not its facilitator's other devices."""
    of_device = devices.c.id == device_id
    row = connection.execute(select(devices).where(of_device)).first()
    if row is None:
        raise UserError(
            f"Aucun ordinateur n'a l'identifiant « {device_id} » : voyez"
            " « commissions central device list »."
        )
    if row.revoked_at is None:
        connection.execute(update(devices).where(of_device).values(revoked_at=stamp(now)))
        who = {"facilitator_id": row.facilitator_id, "device_id": device_id}
        note(connection, now, "device-revoked", **who)


def make_code(connection: Connection, now: datetime, facilitator_id: str) -> str:
    """A one-time code, valid 7 days, that a laptop trades for its token; only its hash is kept."""
    _existing(connection, facilitator_id)
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(n)) for n in _GROUPS)
    row = {
        "hash": hashed(code),
        "facilitator_id": facilitator_id,
        "expires_at": stamp(now + CODE_LIFE),
    }
    connection.execute(codes.insert(), row)
    note(connection, now, "code-made", facilitator_id=facilitator_id)
    return code


def void_codes(connection: Connection, now: datetime, facilitator_id: str) -> None:
    """Cancels a facilitator's unused codes; UserError when there is none."""
    _existing(connection, facilitator_id)
    of_theirs = (codes.c.facilitator_id == facilitator_id) & (codes.c.expires_at > stamp(now))
    if connection.execute(delete(codes).where(of_theirs)).rowcount == 0:
        raise UserError(
            "Aucun code n'attend pour cet animateur : ils ont servi, ou ont plus de sept jours."
            " Si un autre que lui s'en est servi, révoquez son ordinateur par"
            " « commissions central device revoke »."
        )
    note(connection, now, "codes-voided", facilitator_id=facilitator_id)


def note(
    connection: Connection,
    now: datetime,
    event: Event,
    *,
    facilitator_id: str | None = None,
    device_id: str | None = None,
    space: str | None = None,
) -> None:
    """Adds a line to the access trail, and deletes the lines that are too old."""
    connection.execute(delete(audit).where(audit.c.at < stamp(now - TRAIL_KEPT_FOR)))
    row = {
        "id": new_id(),
        "at": stamp(now),
        "event": event,
        "facilitator_id": facilitator_id,
        "device_id": device_id,
        "space": space,
    }
    connection.execute(audit.insert(), row)


def trail(database: Database, since: date) -> list[Access]:
    """The access trail since a UTC day, oldest first.

    Besides the events of `note`, it tells how many changes each device wrote per day and space.
    """
    first = since.isoformat()
    who = (devices.c.name.label("device"), facilitators.c.name.label("facilitator"))
    noted = (
        select(audit.c.at, audit.c.event, audit.c.space, *who)
        .outerjoin(devices, devices.c.id == audit.c.device_id)
        .outerjoin(facilitators, facilitators.c.id == audit.c.facilitator_id)
        .where(audit.c.at >= first)
        .order_by(audit.c.id)
    )
    day = func.substr(revisions.c.at, 1, 10)
    wrote = (
        select(day.label("at"), revisions.c.space, func.count().label("changes"), *who)
        .join(devices, devices.c.id == revisions.c.device_id)
        .join(facilitators, facilitators.c.id == devices.c.facilitator_id)
        .where(revisions.c.at >= first)
        .group_by(day, revisions.c.space, devices.c.id, devices.c.name, facilitators.c.name)
    )
    while traces.spread_one(database):
        pass
    with database.reading() as connection:
        found = [Access(**row) for row in connection.execute(noted).mappings()]
        found += [Access(event="wrote", **row) for row in connection.execute(wrote).mappings()]
    return sorted(found, key=lambda one: one.at)


def _existing(connection: Connection, facilitator_id: str) -> None:
    query = select(facilitators.c.revoked_at).where(facilitators.c.id == facilitator_id)
    row = connection.execute(query).first()
    if row is None:
        raise UserError(
            f"Aucun animateur n'a l'identifiant « {facilitator_id} » : voyez"
            " « commissions central facilitator list »."
        )
    if row.revoked_at is not None:
        raise UserError(f"L'accès de « {facilitator_id} » est révoqué : ajoutez un nouveau compte.")
