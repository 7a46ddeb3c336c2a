"""The three-way merge of one record, unit by unit (CONTRACTS §5).

A unit is a group of fields that only make sense together, else one field. A unit that both sides
changed differently is a clash; until somebody decides, the merged record holds their value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from app.domain.erasure import is_rewritten, may_name_still, with_names_out
from app.domain.records import KINDS, LONG_TEXTS, MAX_TEXT, Fields, Person
from app.domain.refusals import Refusal
from app.domain.sentences import merge_text

DELETED = "deleted"
"""The unit of a clash between an edit and a deletion."""

_ABSENT = object()

Sides = tuple[Any, Any]
"""Mine and theirs, each with what did not collide merged in; equal when nothing collided."""


@dataclass(frozen=True)
class State:
    """A record's fields, and whether it is deleted."""

    fields: dict[str, Any]
    deleted: bool = False


@dataclass(frozen=True)
class Clash:
    """A unit that both sides changed differently.

    The values are those of the unit: the field's own, {field: value} for a group of fields, or
    whether the record is deleted for the unit DELETED.
    """

    unit: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """The merged record, and what remains for somebody to decide."""

    state: State
    clashes: tuple[Clash, ...] = ()


def merge(kind: str, base: State, mine: State, theirs: State) -> Merged:
    """Merges two changes of one record. Of living states without a clash, the result does not
    depend on which side is mine; of two deletions, theirs stands.
    """
    if theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    if mine.deleted and theirs.deleted:
        return Merged(_both_gone(kind, base, mine, theirs))
    merged = _merge_fields(kind, base.fields, mine.fields, theirs.fields)
    if mine.deleted == theirs.deleted:
        return merged
    if base.deleted:
        return _brought_back(kind, merged, by_me=theirs.deleted)
    clash = Clash(DELETED, False, mine.deleted, theirs.deleted)
    return Merged(merged.state, (clash, *merged.clashes))


def _both_gone(kind: str, base: State, mine: State, theirs: State) -> State:
    """Merges two deleted states: theirs, but with what an erasure rewrote on my side."""
    if not is_rewritten(base.fields, mine.fields):
        return theirs
    if kind == "person":
        return mine
    merged = _merge_fields(kind, base.fields, theirs.fields, mine.fields)
    return State(merged.state.fields, deleted=True)


def _brought_back(kind: str, merged: Merged, *, by_me: bool) -> Merged:
    """What one side brought back, less whom an erasure took out of it on the other: of what else
    was in the record deleted there nothing is left to decide.
    """
    fields, left = dict(merged.state.fields), list[Clash]()
    for clash in merged.clashes:
        living, gone = (clash.mine, clash.theirs) if by_me else (clash.theirs, clash.mine)
        if kind == "person" or may_name_still(clash.base, gone, living):
            left.append(clash)
        else:
            fields |= unit_fields(kind, clash.unit, living)
    return Merged(State(fields), tuple(left))


def unit_value(kind: str, unit: str, fields: dict[str, Any]) -> Any:
    """The value of a unit as a clash holds it."""
    names = _groups(kind).get(unit)
    if names is None:
        return fields.get(unit)
    return {name: fields[name] for name in names if name in fields}


def unit_fields(kind: str, unit: str, value: Any) -> dict[str, Any]:
    """The fields of a unit's value: the inverse of `unit_value`.

    Refusal when a group's value is no map of fields, which no program of ours writes.
    """
    if unit not in _groups(kind):
        return {unit: value}
    if not isinstance(value, dict):
        raise Refusal("cette version est illisible : gardez l'autre.", field=unit)
    return dict(value)


def merge_ids(base: list[str], mine: list[str], theirs: list[str]) -> Sides:
    """Merges lists of ids as three-way sets: what either side added stays in, what either removed
    goes out.

    Members of the base keep its order; added ones follow sorted by id (by age, for UUIDv7), so that
    both sides get the same list.
    """
    ours, others, before = set(mine), set(theirs), set(base)
    kept = [member for member in dict.fromkeys(base) if member in ours and member in others]
    merged = kept + sorted((ours | others) - before)
    return merged, merged


def merge_map(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Sides:
    """Merges maps key by key; where both sides changed a key differently, each keeps its own."""
    ours: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key in sorted(base.keys() | mine.keys() | theirs.keys()):
        before, left, right = (side.get(key, _ABSENT) for side in (base, mine, theirs))
        if left == before:
            left = right
        elif right == before:
            right = left
        if left is not _ABSENT:
            ours[key] = left
        if right is not _ABSENT:
            others[key] = right
    return ours, others


def _merge_long(base: str, mine: str, theirs: str) -> Sides:
    """Merges texts sentence by sentence; if the result would be too long, neither is changed."""
    sides = merge_text(base, mine, theirs)
    return sides if max(map(len, sides)) <= MAX_TEXT else (mine, theirs)


def _merge_line(base: str, mine: str, theirs: str) -> Sides:
    """Merges texts as a whole: what an erasure took out on one side goes from the other too.

    If the result would be too long, neither is changed.
    """
    merged = with_names_out(base, mine, theirs)
    return (mine, theirs) if merged is None or len(merged) > MAX_TEXT else (merged, merged)


def _merge_whole(_base: Any, mine: Any, theirs: Any) -> Sides:
    return mine, theirs


def _merge_fields(
    kind: str, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> Merged:
    held = mine.keys() | theirs.keys()  # a field that both sides lack (newer schema) stays out
    mine, theirs = base | mine, base | theirs
    fields: dict[str, Any] = {}
    clashes: list[Clash] = []
    for unit in _units(kind, mine | theirs):
        before, ours, others = (unit_value(kind, unit, side) for side in (base, mine, theirs))
        if before == ours:
            ours = others
        elif before == others:
            others = ours
        elif ours != others:
            ours, others = _way(kind, unit, before, ours, others)(before, ours, others)
        fields |= unit_fields(kind, unit, others)
        if ours != others:
            clashes.append(Clash(unit, before, ours, others))
    fields = {name: value for name, value in fields.items() if name in held}
    return Merged(State(fields), tuple(clashes))


def _units(kind: str, fields: dict[str, Any]) -> Iterator[str]:
    """The units of a kind: groups first, then each other field, those of a newer schema too."""
    groups = _groups(kind)
    yield from groups
    grouped = {name for names in groups.values() for name in names}
    yield from (name for name in fields if name not in grouped)


def _groups(kind: str) -> dict[str, tuple[str, ...]]:
    definition = KINDS.get(kind)  # None for a kind that only a newer schema knows
    return definition.units if definition else {}


def _way(kind: str, unit: str, *sides: Any) -> Callable[[Any, Any, Any], Sides]:
    """How to merge a unit: as a whole if a value is not of the type known for it (newer schema)."""
    way = _ways(kind).get(unit, _merge_whole)
    return way if all(_HELD[way](side) for side in sides) else _merge_whole


_HELD: dict[Callable[[Any, Any, Any], Sides], Callable[[Any], bool]] = {
    _merge_long: lambda side: isinstance(side, str),
    _merge_line: lambda side: isinstance(side, str),
    merge_ids: lambda side: isinstance(side, list) and all(isinstance(one, str) for one in side),
    merge_map: lambda side: isinstance(side, dict),
    _merge_whole: lambda side: True,
}


@cache
def _ways(kind: str) -> dict[str, Callable[[Any, Any, Any], Sides]]:
    """For each field of a kind that is not merged as a whole, how it is merged."""
    definition = KINDS.get(kind, Fields)
    hints = get_type_hints(definition)
    ways: dict[str, Callable[[Any, Any, Any], Sides]] = {}
    for field in msgspec.structs.fields(definition):
        hint = hints[field.name]
        if field.encode_name in LONG_TEXTS:
            ways[field.encode_name] = _merge_long
        elif hint is str and definition is not Person:  # whose own name is not in a text
            ways[field.encode_name] = _merge_line
        elif get_origin(hint) is tuple and get_args(hint)[0] is str:
            ways[field.encode_name] = merge_ids
        elif get_origin(hint) is dict and get_args(hint)[1] is not Any:  # none outside a unit yet
            ways[field.encode_name] = merge_map
    return ways
