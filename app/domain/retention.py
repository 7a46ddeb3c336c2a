"""Which dated copies are kept: one a day for 7 days, a week for 4 weeks, a month for 6 months.

None is kept longer than 6 months, except the last two: what they hold may have been erased since,
but whoever opens the program once a year needs one to go back to. After an absence of more than
that, which a clock wrong by years looks like, none goes before a second day has its own copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from app.domain.retention_terms import months_before

DAYS, WEEKS, MONTHS = 7, 4, 6
LAST = 2


def kept(days: Iterable[date], today: date) -> set[date]:
    """The days whose copies stay, among those not after today: of each period the latest."""
    past = sorted((day for day in days if day <= today), reverse=True)
    by_week = [day - timedelta(days=day.weekday()) for day in past]
    by_month = [day.replace(day=1) for day in past]
    stay: set[date] = set()
    for number, periods in ((DAYS, past), (WEEKS, by_week), (MONTHS, by_month)):
        latest: dict[date, date] = {}
        for period, day in zip(periods, past, strict=True):
            latest.setdefault(period, day)
        stay |= set(list(latest.values())[:number])
    limit, former = months_before(today, MONTHS), min(past[:LAST], default=today)
    if former < limit:
        limit = months_before(former, MONTHS)
    return {day for day in stay if day >= limit}
