"""Words that were not stored, for a page to say why and where they wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.errors import StorageError
from ui import errors


@dataclass(frozen=True)
class Refused:
    """Why words were refused, and the place and the record where they wait as long as `waits()`.

    `kept` is a sentence that says so, where the rules refused them and not the disk.
    """

    error: Exception
    waits: Callable[[], bool]
    place: str
    record_id: str
    kept: str = ""

    @property
    def sentence(self) -> str:
        kept = "" if isinstance(self.error, StorageError) else self.kept
        return " ".join(filter(None, (errors.sentence(self.error), kept)))
