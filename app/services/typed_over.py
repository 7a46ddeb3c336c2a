"""What one types over a field that others changed since it was shown."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.records import TYPED_TEXTS
from app.domain.sentences import merge_typed
from app.sync.merge import merge_ids


def typed_over(name: str, shown: Any, typed: Any, current: Any) -> Any:
    """The value to store of a field: nobody is there to choose, and no word of others is lost.

    A field left as it was shown stays as it is now; texts and lists hold both. Elsewhere what is
    typed stands, and the history keeps what it replaces.
    """
    shown, value = _plain(shown), _plain(typed)
    if shown == current:
        return typed
    if shown == value:
        return current
    if not all(joins(name, one) for one in (shown, value, current)):
        return typed
    return (
        merge_typed(shown, value, current)
        if isinstance(value, str)
        else merge_ids(shown, value, current)[0]
    )


def joins(name: str, value: Any) -> bool:
    """Whether a field's value can hold what two people wrote: a long text, or a list of texts."""
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return name in TYPED_TEXTS and isinstance(value, str)


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))
