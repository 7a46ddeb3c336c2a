"""The central's signing key, and the receipts that it signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from app.central.schema import signing_keys
from app.clock import stamp
from app.sync.protocol import PublicKey, Receipt, ReceiptLine
from app.sync.receipts import encode, statement

_NEWEST = (
    select(signing_keys).order_by(signing_keys.c.made_at.desc(), signing_keys.c.key_id).limit(1)
)


@dataclass(frozen=True)
class Signer:
    """Signs receipts by one Ed25519 key."""

    key_id: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The key as laptops pin it."""
        raw = self.key.public_key().public_bytes_raw()
        return PublicKey(key_id=self.key_id, public_key=encode(raw))

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


def signer(connection: Connection) -> Signer:
    """The central's signer, by its newest key.

    The key lies in the database, whose file its owner alone can read (mode 0600).
    """
    row = connection.execute(_NEWEST).one()
    return Signer(row.key_id, Ed25519PrivateKey.from_private_bytes(row.private_key))


def make_key(connection: Connection, now: datetime) -> str:
    """Makes the key that signs from now on; gives its id, the beginning of its digest."""
    key = Ed25519PrivateKey.generate()
    key_id = sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]
    connection.execute(
        signing_keys.insert(),
        {"key_id": key_id, "private_key": key.private_bytes_raw(), "made_at": stamp(now)},
    )
    return key_id
