"""What can be done from where the user is, found by its words like a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction

from ui.keys import words_of
from ui.models.table import folded, sought
from ui.pages.page import NEW

MOST = 3
"""Commands found at once: what they are called is also what records are about."""

_LEAST = 3  # letters from which a command is looked for

_MAKINGS = (
    ("Nouvelle séance", "meetings"),
    ("Nouveau besoin", "need"),
    ("Nouvelle note", "watch_note"),
    ("Nouvelle solution", "solution"),
)


@dataclass(frozen=True)
class Command:
    """What it is called, the keys that do the same if any, and what does it."""

    words: str
    keys: str
    run: Callable[[], object]

    @property
    def said(self) -> str:
        """« Commande · Ctrl+N »."""
        return f"Commande · {self.keys}" if self.keys else "Commande"


def offered(actions: Iterable[QAction], made: Sequence[Command]) -> list[Command]:
    """Those of actions that can be done now, then those made by hand; each words once."""
    found: dict[str, Command] = {}
    for action in actions:
        said, keys = words_of(action)
        words = said.partition(" : ")[0].rstrip("…")  # what would be undone is a record's words
        if words and action.isVisible() and action.isEnabled():
            found.setdefault(words, Command(words, keys, action.trigger))
    for one in made:
        found.setdefault(one.words, one)
    return [*found.values()]


def makings(go: Callable[[str, str], object]) -> list[Command]:
    """The records that can be begun from anywhere in a commission."""
    return [Command(words, "", partial(go, place, NEW)) for words, place in _MAKINGS]


def matching(known: Iterable[Command], typed: str) -> list[Command]:
    """The first commands that hold all the words typed."""
    wanted = folded(typed).split()
    if len(typed.strip()) < _LEAST:
        return []
    found = [one for one in known if all(word in sought(one.words) for word in wanted)]
    return found[:MOST]
