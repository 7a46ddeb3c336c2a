"""A line of a list: words, what is said of them below, a chip at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

LINE = Qt.ItemDataRole.UserRole + 3
"""The role under which a model gives a ListLine to the delegate."""


@dataclass(frozen=True)
class ListLine:
    """What the delegate paints of a row."""

    words: str
    detail: str = ""
    chip: str = ""
    tone: str = "neutral"
    strong: bool = False
