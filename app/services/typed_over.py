"""What becomes of words typed over a field that others changed since it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.cost_plan import free_id
from app.domain.erasure import emptied, taken_out, without
from app.domain.records import KINDS, MAX_TEXT, TYPED_TEXTS
from app.domain.sentences import merge_typed
from app.domain.values import normal
from app.sync.merge import merge_ids, merge_map


def typed_over(name: str, shown: Any, typed: Any, current: Any) -> Any:
    """The value to store in a field, without asking anybody or losing a word of others.

    A field left as it was shown keeps its current value, except those of `kept_whole`; long texts
    and lists hold both. Elsewhere, and where both would be too long, what is typed stands, without
    the names that an erasure alone took out meanwhile, and the history keeps what it replaces.
    """
    shown, value = _plain(shown), _plain(typed)
    if shown == current:
        return typed
    if shown == value:
        return current
    if not all(joins(name, one) for one in (shown, value, current)):
        if not isinstance(value, str) or name in emptied():
            return typed
        less = without(value, taken_out(shown, current))
        return less if less != value and len(less) <= MAX_TEXT else typed
    if not isinstance(value, str):
        return merge_ids(shown, value, current)[0]
    both = merge_typed(shown, value, current)
    return both if len(both) <= MAX_TEXT else typed


def kept_whole(kind: str, shown: Mapping[str, Any], typed: Mapping[str, Any]) -> set[str]:
    """The fields that stand as typed although they were left as shown: they only make sense
    together with one that was typed over, as the counts of a vote do. Texts and lists hold both.
    """
    both = shown.keys() & typed.keys()
    changed = {name for name in both if _plain(typed[name]) != _plain(shown[name])}
    groups = [group for group in KINDS[kind].units.values() if changed.intersection(group)]
    return {name for group in groups for name in both.intersection(group)} - {
        name for name in both if joins(name, _plain(typed[name]))
    }


def plan_over(
    shown: Mapping[str, Any] | None, typed: dict[str, Any], current: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The plan to store where others changed it since it was shown, offer by offer.

    An offer added here under a letter that they gave to another takes the next one.
    """
    if current is None or shown == current:
        return typed
    before, mine, theirs = (
        {one["id"]: one for one in plan.get("offers") or ()}
        for plan in (shown or {}, typed, current)
    )
    both = (mine.keys() & theirs.keys()) - before.keys()
    for taken in sorted(one for one in both if mine[one] != theirs[one]):
        offer = mine.pop(taken)
        free = free_id({*mine, *theirs})
        mine[free] = {**offer, "id": free}
    terms, _ = merge_map(dict(shown or typed), typed, dict(current))
    offers, _ = merge_map(before, mine, theirs)
    return {**terms, "offers": list(offers.values())}


def joins(name: str, value: Any) -> bool:
    """Whether a field's value can hold what two people wrote: a long text, or a list of texts."""
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return name in TYPED_TEXTS and isinstance(value, str)


def _plain(value: Any) -> Any:
    """A value in the form that it is stored in."""
    return normal(msgspec.to_builtins(value))
