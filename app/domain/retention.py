"""Which dated copies are kept: one a day for 7 days, a week for 4 weeks, a month for 6 months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

DAYS, WEEKS, MONTHS = 7, 4, 6


def kept(days: Iterable[date], today: date) -> set[date]:
    """The days whose copies stay: of each period the latest, among those not after today."""
    past = sorted((day for day in days if day <= today), reverse=True)
    by_week = [day - timedelta(days=day.weekday()) for day in past]
    by_month = [day.replace(day=1) for day in past]
    stay: set[date] = set()
    for number, periods in ((DAYS, past), (WEEKS, by_week), (MONTHS, by_month)):
        latest: dict[date, date] = {}
        for period, day in zip(periods, past, strict=True):
            latest.setdefault(period, day)
        stay |= set(list(latest.values())[:number])
    return stay
