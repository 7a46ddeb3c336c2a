"""Words that were not stored, for a page to say why and where they wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import StorageError
from ui import errors


@dataclass(frozen=True)
class Refused:
    """Why words were refused, and the place and the record where they wait as long as `waits()`.

    `kept` is a sentence that says so, where the rules refused them and not the disk; it goes unsaid
    where the `part` of the record that holds them is in sight.
    """

    error: Exception
    waits: Callable[[], bool]
    place: str
    record_id: str
    part: str = ""
    kept: str = ""

    def sentence(self, *, in_sight: bool) -> str:
        told = errors.sentence(self.error)
        is_said = in_sight or isinstance(self.error, StorageError) or not self.kept
        return told if is_said else f"{told} {self.kept}"
