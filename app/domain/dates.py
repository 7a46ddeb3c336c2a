"""Dates and instants as the records carry them: ISO 8601 text, local dates in Europe/Paris."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime:
    """The aware datetime of an ISO 8601 instant; ValueError when it carries no offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """The date of an ISO 8601 calendar date (YYYY-MM-DD)."""
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def local_day(text: str) -> date:
    """The calendar day in Europe/Paris on which an instant falls."""
    return instant(text).astimezone(PARIS).date()
