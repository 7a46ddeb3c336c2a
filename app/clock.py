"""Time and identifiers, handed as arguments to whatever needs them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from app.domain.dates import PARIS

_turn = Lock()
_former = [(0, "", 0)]  # the last id made: its milliseconds, its text up to the last 48 bits, these

Clock = Callable[[], datetime]
"""Gives the present instant, with the users' time zone, so that its date is their local day."""

IdMaker = Callable[[], str]
"""Gives a new UUIDv7 in text form at each call."""


def now() -> datetime:
    """The present instant in the time zone of the users, to the second."""
    return datetime.now(PARIS).replace(microsecond=0)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then 73 random bits.

    Within one millisecond each id is the one before plus one (section 6.2, method 1), so that the
    ids of one process sort in the order of their making, and compress well. The last 48 bits start
    with a 0, so that adding one never overflows them.
    """
    milliseconds = time.time_ns() // 1_000_000
    with _turn:
        then, head, last = _former[0]
        if milliseconds == then:
            last += 1
        else:
            drawn = int.from_bytes(os.urandom(10))
            time_part, random_part = f"{milliseconds:012x}", f"{drawn >> 68:03x}"
            variant = 0b10 << 14 | (drawn >> 47 & 0x3FFF)
            head = f"{time_part[:8]}-{time_part[8:]}-7{random_part}-{variant:04x}-"
            last = drawn & (1 << 47) - 1
        _former[0] = milliseconds, head, last
    return f"{head}{last:012x}"


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, in the one form whose texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
