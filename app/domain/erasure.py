"""What an erasure leaves of a person, and what it took out of texts, told from texts alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

ERASED = "Personne effacée"
"""What stands in the place of an erased name."""

_EARLIER = "\ue000"
"""What stands in the place of `ERASED` where a text is compared: one letter, which nobody types."""

_WORD = re.compile(r"\w+")

SENTENCE_END = re.compile(
    r"(?<!\b[Mm]\.)(?<!\b[DdMmPp]r\.)(?<!\b[Mm]e\.)(?<!\b[Mm]me\.)(?<=[.!?…])\s+|\n+"
)
"""Where a sentence ends; the full stop of « M. » does not end one."""


def with_names_out(base: str, mine: str, theirs: str) -> str | None:
    """What two sides made of a text, if all that one of them did is an erasure: the other side's
    text, less the names that were taken out.

    None if both did more, or if the other side no longer has each of these names as it was.
    """
    sides = ((theirs, mine), (mine, theirs))
    found = {_less(other, taken) for one, other in sides if (taken := _taken_out(base, one))}
    return found.pop() if len(found) == 1 else None


def _taken_out(base: str, after: str) -> set[str]:
    """What an erasure took out of a text; nothing if more than that changed, or if it cannot be
    told where in the text each name was.
    """
    base = base.replace(ERASED, _EARLIER)
    first, *between = after.split(ERASED)
    last = between.pop() if between else ""
    start, end = len(first), len(base) - len(last)
    around = base.startswith(first) and base.endswith(last)
    if not (ERASED in after and around and start < end):
        return set()
    places, here, there = list[int](), start, end
    for piece in between:
        places.append(base.find(piece, here + 1, end - 1))
        here = places[-1] + len(piece)
    for piece, place in zip(reversed(between), reversed(places), strict=True):
        there = base.rfind(piece, start + 1, there - 1)
        if place != there or place < 0:
            return set()
    begins = [start, *(place + len(one) for place, one in zip(places, between, strict=True))]
    taken = {base[one:other] for one, other in zip(begins, [*places, end], strict=True)}
    taken.discard(_EARLIER)
    return taken if all(map(_may_be_a_name, taken)) else set()


def _may_be_a_name(taken: str) -> bool:
    """Whether this is not signs alone, nor words deleted next to an earlier erasure."""
    return _EARLIER not in taken and re.search(r"\w", taken) is not None


def _less(text: str, names: set[str]) -> str | None:
    """The text with each of these names replaced; None if it lacks one."""
    pattern = _any_of(names)
    return pattern.sub(ERASED, text) if names.issubset(pattern.findall(text)) else None


def _any_of(names: set[str]) -> re.Pattern[str]:
    longest = sorted({ERASED, *names}, key=len, reverse=True)  # one may be part of another
    forms = "|".join(("(?<!\\w[.+])" if "@" in one else "") + re.escape(one) for one in longest)
    return re.compile(rf"(?<!\w)(?<!\w-)(?:{forms})(?!-?\w)")


def taken_out(before: Any, after: Any) -> set[str]:
    """What an erasure took out of the texts of a JSON value, where that is all it changed; no more
    than a sentence, as more would be a deletion next to it, nor a text that is now elsewhere in it.
    """
    sides = list(texts(before)), list(texts(after))
    alike = len(sides[0]) == len(sides[1])
    pairs = zip(*sides, strict=True) if alike and any(ERASED in one for one in sides[1]) else ()
    found = (name for one, other in pairs for name in _taken_out(one, other))
    return {name for name in found if not SENTENCE_END.search(name) and name not in sides[1]}


def may_name_still(before: Any, after: Any, other: Any) -> bool:
    """Whether `other`, made of `before` too, may name whom an erasure took out in `after`: a word
    of a name is in it, or it cannot be told what was taken out.
    """
    names = taken_out(before, after)
    if not names:
        return any(ERASED in one for one in texts(after))
    sides = (names, texts(other))
    words, said = ({one.casefold() for one in _WORD.findall(" ".join(side))} for side in sides)
    return not words.isdisjoint(said)


def without(value: Any, names: set[str]) -> Any:
    """The same value of JSON with each of these names replaced."""
    if not names:
        return value
    pattern = _any_of(names)
    return every_text(value, lambda text: pattern.sub(ERASED, text))


def every_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same value of JSON with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [every_text(one, change) for one in value]
    if isinstance(value, dict):
        return {name: every_text(one, change) for name, one in value.items()}
    return value


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def emptied() -> dict[str, str]:
    """The fields that tell who a person is, with what they hold after an erasure."""
    return dict.fromkeys(("first_name", "role", "email", "phone"), "") | {"last_name": ERASED}


def blank(person: dict[str, Any]) -> dict[str, Any]:
    """The fields of a person once erased: nothing is left to tell who it was."""
    return person | emptied() | {"organisation_id": None}


def is_erased(person: dict[str, Any]) -> bool:
    """Whether nothing in the fields of a person is left to tell who it was."""
    return all(person.get(name, value) == value for name, value in blank({}).items())


def is_rewritten(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether an erasure, between two states of a record, put `ERASED` in the place of a name.

    Of a person, whether it emptied what still told who they were: the name may have gone before.
    """
    if "last_name" in after and is_erased(after):
        return not is_erased(before)
    changed = [value for name, value in after.items() if before.get(name) != value]
    return any(ERASED in text for text in texts(changed))
