"""Time and identifiers, handed as arguments to whatever needs them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from app.domain.dates import PARIS

_VARIANT, _LAST_61_BITS = 0b10 << 62, (1 << 61) - 1

_turn = Lock()
_former = [(0, "", 0)]  # the last id made: its milliseconds, what precedes its last 64 bits, these

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in the time zone of the users: its date is the local day."""

IdMaker = Callable[[], str]
"""Gives a new UUIDv7 in text form at each call."""


def now() -> datetime:
    """The present instant in the time zone of the users, to the second."""
    return datetime.now(PARIS).replace(microsecond=0)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then 73 random bits.

    Within one millisecond each is above the one before by a random step (section 6.2, method 2),
    so that what one process makes sorts in the order of its making. The first of the last 62 bits
    begins at 0, for the steps never to fill them.
    """
    milliseconds = time.time_ns() // 1_000_000
    with _turn:
        then, head, low = _former[0]
        if milliseconds == then:
            low += int.from_bytes(os.urandom(4)) + 1
        else:
            drawn = int.from_bytes(os.urandom(10))
            first = f"{milliseconds:012x}"
            head, low = f"{first[:8]}-{first[8:]}-7{drawn >> 68:03x}-", drawn & _LAST_61_BITS
        _former[0] = milliseconds, head, low
    last = f"{_VARIANT | low:x}"
    return f"{head}{last[:4]}-{last[4:]}"


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, in the one form whose texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
