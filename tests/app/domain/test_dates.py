"""Days and instants: the calendar has two ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import MAX_INTEGER
from app.domain.dates import PARIS, later

LAPSES = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.integers(-100_000, 100_000)


@given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)), days=LAPSES)
def test_a_day_moves_as_far_as_the_calendar_goes(day: date, days: int) -> None:
    if abs(days) < 500_000:
        assert later(day, days=days) == day + timedelta(days=days)
    elif abs(days) > 4_000_000:
        assert later(day, days=days) == (date(9999, 12, 30) if days > 0 else date(1, 1, 3))


@given(minutes=LAPSES)
def test_an_instant_moved_however_far_is_one_in_every_time_zone(minutes: int) -> None:
    moved = later(datetime(2027, 3, 19, 18, 30, tzinfo=UTC), minutes=minutes)
    assert moved.astimezone(PARIS).astimezone(UTC) == moved
