"""Clear days, with the dates of the product's description."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain import notice
from app.domain.meeting_check import check
from app.domain.meeting_state import MeetingState
from app.domain.records import Commission, Meeting
from tests.app.domain.builders import Scene


def latest(day: str, *, emergency: bool = False, **commission: Any) -> str | None:
    """The latest date to send, for a meeting at half past six in the evening."""
    meeting = Meeting(starts_at=f"{day}T18:30:00+01:00", emergency=emergency)
    found = notice.latest_sending(Commission(**commission), meeting)
    return found.isoformat() if found else None


def test_three_clear_days_before_a_friday_make_a_monday() -> None:
    assert latest("2027-03-19") == "2027-03-15"


def test_five_clear_days_before_a_friday_make_a_saturday() -> None:
    assert latest("2027-03-19", notice_days=5) == "2027-03-13"


def test_an_emergency_leaves_one_clear_day_whatever_is_set() -> None:
    assert latest("2027-03-19", emergency=True) == "2027-03-17"
    assert latest("2027-03-19", emergency=True, notice_days=5) == "2027-03-17"


def test_holidays_count_like_other_days() -> None:
    assert latest("2027-03-30") == "2027-03-26"  # Easter Monday is the 29th


def test_the_leap_day_counts() -> None:
    assert latest("2028-03-02") == "2028-02-27"


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ({}, 3),
        ({"body_kind": "epci"}, 5),
        ({"body_kind": " EPCI "}, 5),
        ({"body_population": 3499}, 3),
        ({"body_population": 3500}, 5),
        ({"body_population": 3500, "notice_days": 2}, 2),
        ({"notice_days": 0}, 0),
    ],
)
def test_a_deliberative_body_gives_the_notice_of_its_kind(body: dict[str, Any], days: int) -> None:
    assert notice.clear_days(Commission(profile="deliberative", **body)) == days


def test_a_commission_gives_three_days_whatever_its_size() -> None:
    assert notice.clear_days(Commission(body_kind="epci", body_population=100_000)) == 3


def test_the_date_is_that_of_paris() -> None:
    meeting = Meeting(starts_at="2027-03-18T23:30:00+00:00")  # half past midnight on the 19th
    assert notice.latest_sending(Commission(), meeting) == date(2027, 3, 15)


def test_a_meeting_without_a_date_has_no_latest_date() -> None:
    assert notice.latest_sending(Commission(), Meeting()) is None


def test_a_quorum_that_fails_on_a_friday_lets_one_reconvene_from_the_tuesday() -> None:
    assert notice.reconvening_from(date(2027, 3, 19)) == date(2027, 3, 23)


def test_the_check_gives_the_latest_date() -> None:
    assert check(MeetingState(Scene().file())).latest_sending_on == "2027-03-15"
    assert check(MeetingState(Scene(starts_at=None).file())).latest_sending_on is None
