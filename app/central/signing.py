"""The central's signing keys, and the receipts that the newest of them signs.

The keys are in the database; SQLite's file can be read by its owner alone (mode 0600).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Row, bindparam, inspect, select

from app.central.schema import signing_keys
from app.clock import stamp
from app.sqlite import at_most
from app.sync.protocol import PublicKey, Receipt, ReceiptLine
from app.sync.receipts import encode, endorsement, statement

_NEWEST_FIRST = select(signing_keys).order_by(signing_keys.c.n.desc())
_NEWEST = _NEWEST_FIRST.limit(at_most(1))


@dataclass(frozen=True)
class Signer:
    """Signs receipts with one Ed25519 key."""

    key_id: str
    key: Ed25519PrivateKey

    def receipt(
        self, space: str, epoch: str, batch_id: str, lines: Sequence[ReceiptLine]
    ) -> Receipt:
        """The signed receipt of a batch's lines."""
        signed = self.key.sign(statement(space, epoch, batch_id, self.key_id, lines))
        return Receipt(
            space=space,
            epoch=epoch,
            batch_id=batch_id,
            key_id=self.key_id,
            lines=tuple(lines),
            signature=encode(signed),
        )


NEWEST_KEY = _NEWEST.with_only_columns(signing_keys.c.key_id)
"""The id of the key that signs."""


def signer(connection: Connection, key_id: str) -> Signer:
    """The signer with the key of this id, which is read once: an id names one key for ever."""
    known = _signers.get(key_id)
    if known is None:
        raw = connection.execute(_PRIVATE, {"of": key_id}).scalar_one()
        known = _signers[key_id] = Signer(key_id, Ed25519PrivateKey.from_private_bytes(raw))
    return known


_signers: dict[str, Signer] = {}  # bounded by how often keys are renewed
_PRIVATE = select(signing_keys.c.private_key).where(signing_keys.c.key_id == bindparam("of"))


def public_keys(connection: Connection) -> list[PublicKey]:
    """The keys as laptops pin them, the one that signs first."""
    return [_public(row) for row in connection.execute(_NEWEST_FIRST)]


def _public(row: Row[Any]) -> PublicKey:
    key = Ed25519PrivateKey.from_private_bytes(row.private_key).public_key()
    return PublicKey(
        key_id=row.key_id,
        public_key=encode(key.public_bytes_raw()),
        endorsed_by=row.endorsed_by,
        endorsement=row.endorsement,
    )


def make_key(connection: Connection, now: datetime) -> str:
    """Makes the key that signs from now on, endorsed by the one before; gives its id."""
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes_raw()
    public = PublicKey(key_id=sha256(raw).hexdigest()[:16], public_key=encode(raw))
    before = connection.execute(_NEWEST).first()
    row = {
        "n": before.n + 1 if before else 1,
        "key_id": public.key_id,
        "private_key": key.private_bytes_raw(),
        "made_at": stamp(now),
        "endorsed_by": before.key_id if before else "",
        "endorsement": "",
    }
    if before is not None:
        former = Ed25519PrivateKey.from_private_bytes(before.private_key)
        row["endorsement"] = encode(former.sign(endorsement(public, before.key_id)))
    connection.execute(signing_keys.insert(), row)
    return public.key_id


def chain(connection: Connection) -> Sequence[dict[str, Any]]:
    """Every key, oldest first, as `add_later` takes them; none when there is no table yet."""
    if not inspect(connection).has_table(signing_keys.name):
        return []
    query = select(signing_keys).order_by(signing_keys.c.n)
    return [dict(row) for row in connection.execute(query).mappings()]


def add_later(connection: Connection, keys: Sequence[dict[str, Any]]) -> None:
    """Adds the given keys that follow the newest one held; none when it is not among them."""
    newest = connection.execute(_NEWEST).one()
    places = [place for place, key in enumerate(keys) if key["key_id"] == newest.key_id]
    for place in places:
        if later := keys[place + 1 :]:
            connection.execute(signing_keys.insert(), later)
