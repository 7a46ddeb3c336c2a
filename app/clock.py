"""Time and identifiers, handed as arguments to whatever needs them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from app.domain.dates import PARIS

_LAST_62_BITS = (1 << 62) - 1

_turn = Lock()
_former = [0, 0]  # the milliseconds and the 74 other bits of the last id made

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in the time zone of the users: its date is the local day."""

IdMaker = Callable[[], str]
"""Gives a new UUIDv7 in text form at each call."""


def now() -> datetime:
    """The present instant in the time zone of the users, to the second."""
    return datetime.now(PARIS).replace(microsecond=0)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits.

    Within one millisecond each is above the one before by a random step (section 6.2, method 2),
    so that what one process makes sorts in the order of its making.
    """
    milliseconds = time.time_ns() // 1_000_000
    with _turn:
        if milliseconds == _former[0] and (step := _former[1] + _drawn(4) + 1) >> 74 == 0:
            drawn = step
        else:
            drawn = _drawn(10) >> 6
        _former[:] = milliseconds, drawn
    value = milliseconds << 80 | 0x7 << 76 | drawn >> 62 << 64 | 0b10 << 62 | drawn & _LAST_62_BITS
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _drawn(count: int) -> int:
    """A number of so many random bytes."""
    return int.from_bytes(os.urandom(count))


def stamp(instant: datetime) -> str:
    """An instant in UTC to the second, in the one form whose texts sort by time."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
