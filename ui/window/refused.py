"""Words that were not stored, for a page to say why and where they wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui import errors


@dataclass(frozen=True)
class Refused:
    """Why words were refused, and the place and the record where they wait as long as `waits()`.

    `kept` is a sentence that says so, of words that do not save themselves once the disk lets them;
    it goes unsaid where the `part` of the record that holds them is in sight. So does all of it
    where the page says why itself, `beside()` them.
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
