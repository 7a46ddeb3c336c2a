"""How an operation of the user is named in the menu: « Ajout du besoin »."""

from __future__ import annotations

from app.domain.records import LABELS
from app.domain.wording import shortened

_FEMININE = frozenset(
    {
        "organisation", "person", "commission", "meeting", "convocation", "attendance", "decision",
        "action", "watch_note", "briefing", "solution", "attachment",
    }
)  # fmt: skip
_SHOWN = 60


def operation_words(verb: str, kind: str) -> str:
    """The verb's noun, then the kind with its article."""
    word = LABELS.get(kind, "enregistrement")
    if word[0] in "aeéio":
        return f"{verb} de l'{word}"
    return f"{verb} de la {word}" if kind in _FEMININE else f"{verb} du {word}"


def with_title(words: str, title: str) -> str:
    """The operation with the title of the record that it was about, if it has one."""
    cut = shortened(title, _SHOWN)
    return f"{words} « {cut} »" if cut else words
