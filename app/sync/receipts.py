"""Receipts: the central's Ed25519 signature over what it holds of a batch (CONTRACTS §5)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.canonical import canonical
from app.sync.protocol import Capabilities, PublicKey, Receipt, ReceiptLine


class _Statement(msgspec.Struct, frozen=True):
    """What is signed. In this order the members are in the form of RFC 8785, as all are plain."""

    batch_id: str
    epoch: str
    key_id: str
    lines: Sequence[ReceiptLine]
    space: str


def statement(
    space: str, epoch: str, batch_id: str, key_id: str, lines: Sequence[ReceiptLine]
) -> bytes:
    """The bytes that a receipt's signature covers, in the form of RFC 8785."""
    return msgspec.json.encode(_Statement(batch_id, epoch, key_id, lines, space))


def is_valid(receipt: Receipt, key: PublicKey) -> bool:
    """Whether this key signed exactly this receipt."""
    signed = statement(
        receipt.space, receipt.epoch, receipt.batch_id, receipt.key_id, receipt.lines
    )
    return _signed_by(key, receipt.signature, signed)


def endorsement(key: PublicKey, endorsed_by: str) -> bytes:
    """The bytes that the previous key signs to endorse a renewed one, in the form of RFC 8785."""
    return canonical(
        {"endorsed_by": endorsed_by, "key_id": key.key_id, "public_key": key.public_key}
    )


def successor(pinned: PublicKey, capabilities: Capabilities) -> PublicKey | None:
    """The key to pin from now on: the central's, when endorsements lead to it from the pinned one.

    None when they do not: it is another central, or its key was renewed because it had leaked.
    """
    newest, *former = capabilities.key, *capabilities.former_keys
    key = newest
    while (key.key_id, key.public_key) != (pinned.key_id, pinned.public_key):
        before = next((one for one in former if one.key_id == key.endorsed_by), None)
        if before is None:
            return None
        if not _signed_by(before, key.endorsement, endorsement(key, before.key_id)):
            return None
        former.remove(before)
        key = before
    return newest


def _signed_by(key: PublicKey, signature: str, signed: bytes) -> bool:
    try:
        _public(key.public_key).verify(decode(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(decode(text))


def encode(raw: bytes) -> str:
    """Bytes in base64url without padding, as keys and signatures travel."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of `encode`; ValueError on anything else."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
