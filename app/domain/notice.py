"""Notice: clear days before a meeting, and the day from which it may be reconvened."""

from __future__ import annotations

from datetime import date

from app.domain import dates
from app.domain.records import Commission, Meeting

EMERGENCY_DAYS = 1
LIGHT_DAYS = 3
FULL_DAYS = 5
FULL_NOTICE_POPULATION = 3500
RECONVENING_DAYS = 3


def clear_days(commission: Commission, emergency: bool = False) -> int:
    """The clear days of notice (CGCT L2121-11, L2121-12, L5211-1; an emergency leaves one)."""
    if emergency:
        return EMERGENCY_DAYS
    if commission.notice_days is not None:
        return commission.notice_days
    large = (commission.body_population or 0) >= FULL_NOTICE_POPULATION
    if commission.profile == "deliberative" and (large or is_epci(commission)):
        return FULL_DAYS
    return LIGHT_DAYS


def is_epci(commission: Commission) -> bool:
    """Whether the body is that of a public establishment of intermunicipal cooperation."""
    return commission.body_kind.strip().lower() == "epci"


def latest_sending(commission: Commission, meeting: Meeting) -> date | None:
    """The last local day on which to send the convocations; None before the date is set.

    Neither the day of sending nor the day of the meeting counts; weekends and holidays do.
    """
    if meeting.starts_at is None:
        return None
    days = clear_days(commission, meeting.emergency)
    return dates.later(dates.local_day(meeting.starts_at), days=-days - 1)


def reconvening_from(failed_on: date) -> date:
    """The first day of a meeting reconvened after a failed quorum (CGCT L2121-17)."""
    return dates.later(failed_on, days=RECONVENING_DAYS + 1)
