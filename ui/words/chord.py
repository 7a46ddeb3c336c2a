"""How keys are written in a sentence: on a Mac, Qt gives to ⌘ what Ctrl does elsewhere."""

from __future__ import annotations

import sys


def chord(keys: str, *, mac: bool = sys.platform == "darwin") -> str:
    """« Ctrl+Maj+C » as it is, or « ⇧⌘C » on a Mac, as its menus write it."""
    return (
        keys.replace("Ctrl+Maj+", "⇧⌘").replace("Ctrl+", "⌘").replace("Ctrl", "⌘") if mac else keys
    )
