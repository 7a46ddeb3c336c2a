"""Dates and instants as the records carry them: ISO 8601 text, local dates in Europe/Paris."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_Day = TypeVar("_Day", date, datetime)

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)\Z"  # Paris was 9 min 21 s ahead in 1900
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """The aware datetime of an ISO 8601 instant; ValueError when it carries no offset.

    Python reads other forms of ISO 8601 too; records hold the extended calendar form alone, which
    every reader of the wire and of the archive knows.
    """
    if not _INSTANT.match(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """The date of an ISO 8601 calendar date (YYYY-MM-DD)."""
    if not _DAY.match(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def local_day(text: str) -> date:
    """The calendar day in Europe/Paris on which an instant falls."""
    return instant(text).astimezone(PARIS).date()


def later(start: _Day, **lapse: int) -> _Day:
    """So many days, minutes or seconds later (earlier if negative), within the years 1 to 9999."""
    try:
        return start + timedelta(**lapse)
    except OverflowError:
        end = date(9999, 12, 30) if max(lapse.values()) > 0 else date(1, 1, 3)
        return start.replace(end.year, end.month, end.day)
