"""What frozen minutes lock, kind by kind: the fields that may no longer change.

The minutes carry their own copy of everything; what follows a meeting (an action's outcome, a
need's status) goes on living. CONTRACTS §5, « Frozen minutes ».
"""

from __future__ import annotations

from typing import Any

_STILL_FREE: dict[str, frozenset[str]] = {
    "meeting": frozenset({"status"}),
    "agenda_item": frozenset(),
    "attendance": frozenset(),
    "proxy": frozenset(),
    "ballot": frozenset(),
    "decision": frozenset(),
    "convocation": frozenset(),
    "minutes": frozenset({"approved_at_meeting_id"}),
}
_HELD: dict[str, frozenset[str]] = {
    "action": frozenset({"agenda_item_id", "text"}),
    "need": frozenset({"words", "raised_at_meeting_id", "agenda_item_id"}),
}


def held_fields(kind: str, changed: set[str], *, created: bool = False) -> set[str]:
    """Which of the changed fields of a frozen meeting's record may not change.

    A record that is created, or deleted (`changed` then names `deleted`), is wholly held.
    """
    if kind in _STILL_FREE:
        return changed - _STILL_FREE[kind]
    if kind in _HELD:
        if created or "deleted" in changed:
            return changed
        return changed & _HELD[kind]
    return set()


def detached(kind: str, fields: dict[str, Any]) -> dict[str, Any] | None:
    """The fields that a record which came after the freeze keeps; None when it must go.

    A need stays, without its ties to the meeting; other records belong to the meeting alone.
    """
    ties = ("raised_at_meeting_id", "agenda_item_id")
    return fields | dict.fromkeys(ties) if kind == "need" else None


def is_wholly_held(kind: str) -> bool:
    """Whether a kind belongs to the frozen meeting alone, and lives on nowhere else."""
    return kind in _STILL_FREE
