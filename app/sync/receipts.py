"""Receipts: the central's Ed25519 signature over what it holds of a batch (CONTRACTS §5)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.sync.protocol import PublicKey, Receipt, ReceiptLine


class _Statement(msgspec.Struct, frozen=True):
    """What is signed. Members and their values are plain, so this order is RFC 8785's form."""

    batch_id: str
    epoch: str
    key_id: str
    lines: Sequence[ReceiptLine]
    space: str


def statement(
    space: str, epoch: str, batch_id: str, key_id: str, lines: Sequence[ReceiptLine]
) -> bytes:
    """The bytes that the signature covers: the RFC 8785 form of all but the signature."""
    return msgspec.json.encode(_Statement(batch_id, epoch, key_id, lines, space))


def is_valid(receipt: Receipt, key: PublicKey) -> bool:
    """Whether the key, pinned at enrolment, signed exactly these lines."""
    if receipt.key_id != key.key_id:
        return False
    signed = statement(
        receipt.space, receipt.epoch, receipt.batch_id, receipt.key_id, receipt.lines
    )
    try:
        public_key = Ed25519PublicKey.from_public_bytes(decode(key.public_key))
        public_key.verify(decode(receipt.signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def encode(raw: bytes) -> str:
    """Bytes in base64url without padding, as keys and signatures travel."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of `encode`; ValueError on anything else."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
