"""Words that were not stored: what a page tells the window of why, and of where they wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui import errors


@dataclass(frozen=True)
class Refused:
    """Why words were refused, and the place and the record where they wait as long as `waits()`.

    `kept` is a sentence that says where they wait, for words that are not saved again by
    themselves; it is left out while the `part` of the record that holds them is in sight. Nothing
    at all is said then if the page itself says why, `beside()` them.
    """

    error: Exception
    waits: Callable[[], bool]
    place: str
    record_id: str
    part: str = ""
    kept: str = ""
    beside: Callable[[], bool] = lambda: False

    def sentence(self, *, in_sight: bool) -> str:
        told = errors.sentence(self.error)
        if in_sight:
            return "" if self.beside() else told
        return f"{told} {self.kept}".strip()
