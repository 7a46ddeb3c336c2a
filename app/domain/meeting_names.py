"""How a meeting is called: by its number, or by the day on which it is held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.domain.search_text import words
from app.domain.wording import MONTHS, WEEKDAYS, long_day

_NAMES = frozenset(words(" ".join((*MONTHS, *WEEKDAYS))))
_BESIDE = frozenset(("seance", "reunion", "n", "no", "numero", "du", "de", "le"))
_YEAR_FIRST = re.compile(r"\b(\d{4})([/.-])(\d{1,2})\2(\d{1,2})\b")
_DAY = re.compile(r"\b(\d{1,2})[/.-](0?[1-9]|1[0-2])\b(?:[/.-](?=\d))?")


def is_called(word: str, number: int | None, day: date | None) -> bool:
    """Whether a folded word is the meeting's number, or begins a word of its date: « mar »."""
    if word == str(number):
        return True
    return day is not None and any(one.startswith(word) for one in words(long_day(day)))


def calling(typed: str) -> list[str]:
    """The folded words by which a text names a meeting; the month of a date is spelt out.

    « n° 7 », « 9 avril 2026 », « 09/04/2026 », « 2026-04-09 ». Empty for a text that may be about
    anything else, such as a month or a year alone.
    """
    said = words(_DAY.sub(_spelt, _YEAR_FIRST.sub(r"\4/\3/\1", typed)))
    called = [word for word in said if word not in _BESIDE]
    if not all(word in _NAMES or _is_number(word) for word in called):
        return []
    alone = len(said) == 1 and not (_is_number(said[0]) and len(said[0]) < 4)
    return [] if alone else called


def _spelt(found: re.Match[str]) -> str:
    return f"{int(found[1])} {MONTHS[int(found[2]) - 1]} "


def _is_number(word: str) -> bool:
    return word == "1er" or (word.isdecimal() and len(word) <= 4)


def is_called_so(called: Sequence[str], number: int | None, day: date | None) -> bool:
    """Whether a meeting is one of those that the words from `calling` name.

    A word of one or two letters must be the meeting's whole number or, when a month or a weekday
    is named too, the whole number of its day.
    """
    known = {str(number)}
    if day is not None and any(word in _NAMES for word in called):
        known |= {str(day.day), "1er"}
    return all(
        is_called(word, number, day) and (len(word) > 2 or word in known or word in _NAMES)
        for word in called
    )
