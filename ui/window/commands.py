"""The commands that can be run from where the user is, found by their words like records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction

from ui.keys import words_of
from ui.models.table import folded, sought
from ui.pages.page import NEW

MOST = 3
"""The most commands listed at once: the words in their names are common in records too."""

_LEAST = 3  # letters from which a command is looked for

_MAKINGS = (
    ("Nouvelle séance", "meetings"),
    ("Nouveau besoin", "need"),
    ("Nouvelle note", "watch_note"),
    ("Nouvelle solution", "solution"),
)


@dataclass(frozen=True)
class Command:
    """A command: its name, the keys that do the same if any, and the function that runs it."""

    words: str
    keys: str
    run: Callable[[], object]

    @property
    def said(self) -> str:
        """« Commande · Ctrl+N »."""
        return f"Commande · {self.keys}" if self.keys else "Commande"


def offered(actions: Iterable[QAction], made: Sequence[Command]) -> list[Command]:
    """The commands of the actions enabled now, then those `made` otherwise; each name once."""
    found: dict[str, Command] = {}
    for action in actions:
        said, keys = words_of(action)
        words = said.partition(" : ")[0].rstrip("…")  # « Annuler : … » quotes a record after it
        if words and action.isVisible() and action.isEnabled():
            found.setdefault(words, Command(words, keys, action.trigger))
    for one in made:
        found.setdefault(one.words, one)
    return [*found.values()]


def makings(go: Callable[[str, str], object]) -> list[Command]:
    """The commands that begin a new record from anywhere in a commission."""
    return [Command(words, "", partial(go, place, NEW)) for words, place in _MAKINGS]


def matching(known: Iterable[Command], typed: str) -> list[Command]:
    """The first commands whose name holds all the words typed."""
    wanted = folded(typed).split()
    if len(typed.strip()) < _LEAST:
        return []
    found = [one for one in known if all(word in sought(one.words) for word in wanted)]
    return found[:MOST]
