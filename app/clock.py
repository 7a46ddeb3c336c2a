"""Time and identifiers, handed as arguments to whatever needs them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from app.domain.dates import PARIS

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in any time zone."""

IdMaker = Callable[[], str]
"""Gives a new UUIDv7 in text form at each call."""


def now() -> datetime:
    """The present instant in the time zone of the users, to the second."""
    return datetime.now(PARIS).replace(microsecond=0)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, in the one form whose texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
