"""Time and identifiers, handed as arguments to whatever needs them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from app.domain.dates import PARIS

_LAST_62_BITS = (1 << 62) - 1

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in any time zone."""

IdMaker = Callable[[], str]
"""Gives a new UUIDv7 in text form at each call."""


def now() -> datetime:
    """The present instant in the time zone of the users, to the second."""
    return datetime.now(PARIS).replace(microsecond=0)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    drawn = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | drawn >> 68 << 64 | 0b10 << 62 | drawn & _LAST_62_BITS
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, in the one form whose texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
