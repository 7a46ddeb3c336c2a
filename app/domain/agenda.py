"""The agenda: ranks between ranks, and numbers that stay once the meeting is convened."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from app.domain.records import AgendaItem, Record
from app.domain.refusals import Refusal

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ONES = ("", "un", "duo", "ter", "quater", "quin", "sex", "sept", "octo", "novo")
_TENS = (
    "", "decies", "vicies", "tricies", "quadragies", "quinquagies",
    "sexagies", "septuagies", "octogies", "nonagies",
)  # fmt: skip
_FIRST = ("", "", "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies")


def rank_key(item: Record[AgendaItem]) -> tuple[str, str]:
    """The order of the agenda: by rank, then by id."""
    return item.fields.rank, item.id


def rank_between(low: str, high: str | None) -> str:
    """A rank after `low` ("" for the top) and before `high` (None for the end).

    Raises ValueError when no text made of digits and letters lies between: the ranks are equal,
    or came from elsewhere; the agenda then needs `spread_ranks`.
    """
    if high is not None and low >= high:
        raise ValueError(f"{low!r} is not before {high!r}")
    rank = _midpoint(low, high)
    if not (low < rank and (high is None or rank < high)):
        raise ValueError(f"nothing lies between {low!r} and {high!r}")
    return rank


def _midpoint(low: str, high: str | None) -> str:
    """The middle of two texts read as base-36 fractions; it never ends in the lowest digit."""
    if high is not None:
        shared = 0
        while shared < len(high) and (low[shared : shared + 1] or _DIGITS[0]) == high[shared]:
            shared += 1
        if shared:
            return high[:shared] + _midpoint(low[shared:], high[shared:])
    floor = _digit(low[0]) if low else 0
    ceiling = _digit(high[0]) if high else len(_DIGITS)
    if ceiling - floor > 1:
        return _DIGITS[(floor + ceiling) // 2]
    if high and high[1:].strip(_DIGITS[0]):  # else nothing would lie between "2" and "20"
        return high[0]
    return _DIGITS[floor] + _midpoint(low[1:], None)


def _digit(character: str) -> int:
    """The value of a digit; another character counts as the highest digit that sorts before it."""
    return max(sum(digit <= character for digit in _DIGITS) - 1, 0)


def spread_ranks(number: int) -> list[str]:
    """Ranks for a new agenda of up to 999 items; insertions find room between them."""
    return [f"{index:03}" for index in range(1, number + 1)]


def suffix(index: int) -> str:
    """The Latin word of an added number: 2 → « bis », 3 → « ter », 22 → « duovicies »; up to 99."""
    if not 2 <= index <= 99:
        raise ValueError(index)
    if index < 10:
        return _FIRST[index]
    tens, ones = divmod(index, 10)
    return _ONES[ones] + _TENS[tens]


def fill_ranks(ranks: Sequence[str | None]) -> list[str]:
    """The ranks of an agenda in which None marks the places of new items.

    The known ones stay, unless nothing lies between two of them: then all are made anew.
    """
    if not any(ranks):
        return spread_ranks(len(ranks))
    filled: list[str] = []
    try:
        for place, rank in enumerate(ranks):
            above = filled[-1] if filled else ""
            below = next((one for one in ranks[place:] if one is not None), None)
            filled.append(rank_between(above, below) if rank is None else rank)
    except ValueError:
        return spread_ranks(len(ranks))
    return filled


_INDEX = {suffix(index): index for index in range(2, 100)}
_ADDED = re.compile(r"\S+ (?P<suffix>[a-z]+)\Z")


def numbers_at_convening(items: Sequence[Record[AgendaItem]]) -> dict[str, str]:
    """The numbers « 1 », « 2 »… by item id, for items in the order of the agenda."""
    return {item.id: str(index) for index, item in enumerate(items, 1)}


def added_number(items: Sequence[Record[AgendaItem]], added_id: str) -> str:
    """The number of an item added once the numbers are fixed: « 4 bis », « 0 bis » at the top.

    `items` stand in the order of the agenda, the added one among them. The base is the number of
    the nearest original item above, withdrawn or not; the suffix the first that is free.
    """
    base = "0"
    for item in items:
        if item.id == added_id:
            break
        if item.fields.original and item.fields.number:
            base = item.fields.number
    return free_number(base, {item.fields.number for item in items})


def free_number(base: str, taken: Collection[str]) -> str:
    """The first of « base bis », « base ter »… that is not taken; Refusal when all are."""
    for index in range(2, 100):
        number = f"{base} {suffix(index)}"
        if number not in taken:
            return number
    raise Refusal(
        f"98 points ajoutés suivent déjà le point {base} : placez celui-ci plus loin.", field="rank"
    )


def is_added_number(number: str) -> bool:
    """Whether a number has the form of an added one, such as « 4 bis »."""
    found = _ADDED.match(number)
    return found is not None and found["suffix"] in _INDEX


def yielded_number(number: str, taken: Collection[str]) -> str:
    """The number that an added item takes when the central gave its own to another laptop."""
    base = number.rsplit(" ", 1)[0] if is_added_number(number) else number
    return free_number(base, taken)


def settle(central_first: Iterable[Record[AgendaItem]]) -> dict[str, str]:
    """The new numbers, by item id, of added items whose number is already taken.

    `central_first` stands in the order in which the central accepted the items, those it has not
    seen yet coming last: when two laptops add « 4 bis », the earlier accepted keeps it.
    """
    items = list(central_first)
    taken = {item.fields.number for item in items if item.fields.original}
    changes: dict[str, str] = {}
    for item in items:
        if item.fields.original or not item.fields.number:
            continue
        number = item.fields.number
        if number in taken:
            every = taken | {other.fields.number for other in items}
            number = changes[item.id] = yielded_number(number, every | set(changes.values()))
        taken.add(number)
    return changes
