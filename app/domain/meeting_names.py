"""How a meeting is called: by its number, or by the day on which it is held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.domain.search_text import words
from app.domain.wording import MONTHS, WEEKDAYS, long_day

_NAMES = frozenset(words(" ".join((*MONTHS, *WEEKDAYS))))
_BESIDE = frozenset(("seance", "reunion", "n", "no", "numero", "du", "de", "le"))
_DAY = re.compile(r"\b(\d{1,2})[/.-](0?[1-9]|1[0-2])\b(?:[/.-](?=\d))?")


def is_called(word: str, number: int | None, day: date | None) -> bool:
    """Whether a folded word is the number, or begins one of the date: « mars », « jeudi »."""
    if word == str(number):
        return True
    return day is not None and any(one.startswith(word) for one in words(long_day(day)))


def calling(typed: str) -> list[str]:
    """The folded words by which a text calls a meeting, those of a date spelt out.

    « n° 7 », « 9 avril 2026 », « 09/04/2026 ». None of a text that may be about anything else, as a
    month or a year alone is.
    """
    said = words(_DAY.sub(_spelt, typed))
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
    """Whether a meeting is the one that these words call, or one of those.

    A number of the day or of the meeting is whole, that of the day beside the name of its month.
    """
    known = {str(number)}
    if day is not None and any(word in _NAMES for word in called):
        known |= {str(day.day), "1er"}
    return all(
        is_called(word, number, day) and (len(word) > 2 or word in known or word in _NAMES)
        for word in called
    )
