"""The pace of each device: a laptop that calls without pause must wait, and the others never do.

Each worker counts in its own memory: a count in the database would cost a write for each call,
more than what it protects. With N workers a device may go up to N times as fast.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from app.central.problems import Refused

BURST = 1_000
PER_SECOND = 100
"""A laptop may make BURST calls at once, then PER_SECOND a second; a sync makes a few."""

_MOST_DEVICES = 10_000  # remembered; the least recent ones are forgotten


class Pace:
    """A bucket of calls for each device; `seconds` is a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}  # device: calls left, as of when
        self._turn = Lock()

    def count(self, device_id: str) -> None:
        """Counts a call; Refused (429) when the device has none left."""
        now = self._seconds()
        with self._turn:
            left, since = self._left.pop(device_id, (float(BURST), now))
            left = min(BURST, left + (now - since) * PER_SECOND)
            is_refused = left < 1
            self._left[device_id] = (left if is_refused else left - 1, now)
            if len(self._left) > _MOST_DEVICES:
                del self._left[next(iter(self._left))]
        if is_refused:
            raise Refused(
                "too-many-calls",
                "Cet ordinateur appelle le central trop souvent : réessayez dans un moment.",
                retry_after=1,
            )
