"""Choices and chips of the fields that take one value among a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.field_words import VALUES
from app.domain.records import Need, Record, Solution, WatchNote
from app.domain.search_text import fold
from app.domain.wording import capitalised

if TYPE_CHECKING:
    from app.bootstrap import Services

PROFILES = (
    ("commission", "Commission : les votes sont des avis"),
    ("deliberative", "Assemblée délibérante : les règles s'imposent"),
)
"""The kinds of assembly, in the words of those who choose one for a commission."""

NEWER = "Version plus récente"
"""Shown instead of a value that only a newer version of the program can read."""

UNTITLED_NEED = "Besoin sans titre"
"""Shown for a need that has neither a title nor words."""

TONES: dict[tuple[str, str], dict[Any, str]] = {
    ("need", "status"): {
        "raised": "info", "qualified": "accent", "answered": "warning", "served": "success",
        "set_aside": "neutral",
    },
    ("need", "severity"): {1: "neutral", 2: "info", 3: "warning", 4: "danger"},
    ("watch_note", "level"): {
        "information": "info", "attention": "warning", "obligation": "danger",
    },
    ("solution", "status"): {
        "draft": "neutral", "proposed": "info", "favourable": "success", "unfavourable": "warning",
        "adopted": "success", "refused": "danger", "in_service": "accent",
    },
    ("commitment", "intention"): {
        "interested": "info", "committed": "success", "declined": "neutral",
    },
    ("organisation", "membership"): {
        "not_member": "neutral", "member": "success", "left": "warning",
    },
}  # fmt: skip
"""The tone of each value shown as a chip, by kind and field."""


def words(kind: str, field: str, value: Any) -> str:
    """A value's words with a capital; empty when it has none."""
    return capitalised(VALUES[kind][field].get(value, ""))


def tone(kind: str, field: str, value: Any) -> str:
    return TONES[kind, field].get(value, "neutral")


def words_of(record: Record[Any], field: str) -> str:
    """The words of a field's value; NEWER for one that only a newer program can read."""
    if field in record.unread:
        return NEWER
    return words(record.fields.kind_name, field, getattr(record.fields, field))


def tone_of(record: Record[Any], field: str) -> str:
    if field in record.unread:
        return "neutral"
    return tone(record.fields.kind_name, field, getattr(record.fields, field))


def chose(record: Record[Any], field: str, value: Any) -> bool:
    """Whether a field holds a value; one that only a newer program can read is no known value."""
    return field not in record.unread and bool(getattr(record.fields, field) == value)


def solution_title(solution: Record[Solution]) -> str:
    """A solution's title, or words that say it has none."""
    return solution.fields.title or "Solution sans titre"


def need_title(need: Record[Need]) -> str:
    """A need's title, else the beginning of its words, else UNTITLED_NEED."""
    return need.fields.title or " ".join(need.fields.words.split())[:80] or UNTITLED_NEED


def note_title(note: Record[WatchNote]) -> str:
    """A watch note's title, or words that say it has none."""
    return note.fields.title or "Note sans titre"


def choices(kind: str, field: str) -> list[tuple[Any, str]]:
    """Every value of a field with its words, in their order."""
    return [(value, words(kind, field, value)) for value in VALUES[kind][field]]


def theme_choices(
    services: Services, nothing: str = "Sans thème", *, kept: str | None = None
) -> Sequence[tuple[Any, str]]:
    """The choice of none, then the themes in use by label; reads the workspace.

    `kept` is the code of a record's present theme, offered even if it is no longer in use.
    """
    themes = [one.fields for one in services.records.list("theme")]
    named = {one.code: one.label for one in themes if one.active or one.code == kept}
    if kept:
        named.setdefault(kept, kept)
    return [(None, nothing), *sorted(named.items(), key=lambda pair: fold(pair[1]))]
