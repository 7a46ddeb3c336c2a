"""How an operation of the user is named in the menu: « Ajout du besoin »."""

from __future__ import annotations

from app.domain.records import LABELS
from app.domain.titles import counted
from app.domain.wording import shortened

_FEMININE = frozenset(
    {
        "organisation", "person", "commission", "meeting", "convocation", "attendance", "decision",
        "action", "watch_note", "briefing", "solution", "attachment",
    }
)  # fmt: skip
_SHOWN = 60

ANY = "enregistrement"
"""The word for records of different kinds, or of none known here."""


def operation_words(verb: str, *kinds: str) -> str:
    """The verb's noun, then the kind with its article, « Ajout du besoin »; for several records,
    given by a kind each, « Ajout de 3 besoins », « Modification de 3 enregistrements ».
    """
    word = LABELS.get(kinds[0], ANY) if len({*kinds}) == 1 else ANY
    if len(kinds) != 1:
        return f"{verb} de {counted(len(kinds), word)}"
    if word[0] in "aeéio":
        return f"{verb} de l'{word}"
    return f"{verb} de la {word}" if kinds[0] in _FEMININE else f"{verb} du {word}"


def with_title(words: str, title: str) -> str:
    """The operation with the title of the record that it was about, if it has one."""
    cut = shortened(title, _SHOWN)
    return f"{words} « {cut} »" if cut else words
