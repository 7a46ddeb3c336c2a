"""What is said of a clock that something contradicts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.clock_doubts import after_opening, against_central, against_written, before_opening
from app.domain.dates import PARIS
from app.domain.wording import plain

NOW = datetime(2027, 3, 19, 18, 0, tzinfo=PARIS)
DRAWER = datetime(2020, 1, 1, 18, 0, tzinfo=PARIS)


def test_beside_the_central_an_hour_is_told_by_the_hour_and_a_year_by_the_day() -> None:
    assert plain(against_central(NOW - timedelta(hours=1), NOW)) == (
        "L'horloge de cet ordinateur dit 17 h, celle du central 18 h : mettez-la à l'heure."
    )
    assert plain(against_central(DRAWER, NOW)) == (
        "L'horloge de cet ordinateur dit le mercredi 1er janvier 2020 à 18 h, celle du central le"
        " vendredi 19 mars 2027 à 18 h : mettez-la à l'heure."
    )


@pytest.mark.parametrize(("minutes", "said"), [(4, False), (-4, False), (6, True), (-6, True)])
def test_a_few_minutes_are_nothing_to_speak_of(minutes: int, said: bool) -> None:
    assert bool(against_central(NOW + timedelta(minutes=minutes), NOW)) is said


def test_only_a_clock_behind_the_last_change_is_doubted() -> None:
    last = (NOW + timedelta(minutes=6)).isoformat()
    assert "avant le dernier changement fait ici, 18 h 06 :" in plain(against_written(NOW, last))
    assert against_written(NOW, (NOW + timedelta(minutes=4)).isoformat()) == ""
    assert against_written(NOW, DRAWER.isoformat()) == ""
    assert against_written(NOW, "") == ""


@pytest.mark.parametrize(
    ("starts_at", "said"),
    [
        (None, ""),
        ("2027-03-19T18:30:00+01:00", ""),
        ("2027-03-19T17:20:00+01:00", ""),
        ("2027-03-19T19:00:00+01:00", "Elle est prévue à 19 h, et l'horloge"),
        ("2027-03-19T17:00:00+01:00", "de cet ordinateur dit 18 h : c'est"),
        ("2027-03-20T18:00:00+01:00", "Elle est prévue le samedi 20 mars 2027 à 18 h, et"),
    ],
)
def test_opening_far_from_the_hour_announced_says_what_the_clock_says(
    starts_at: str | None, said: str
) -> None:
    found = plain(before_opening(NOW, starts_at, "⇧⌘E"))
    assert ("après (⇧⌘E)." in found) == bool(said)
    assert said in found and bool(said) == bool(found)


def test_past_midnight_it_is_another_day() -> None:
    midnight = datetime(2027, 3, 20, 0, 5, tzinfo=PARIS)
    assert before_opening(midnight, "2027-03-19T23:55:00+01:00", "F2")


def test_a_meeting_opened_on_its_day_is_not_doubted_afterwards() -> None:
    assert after_opening("2027-03-19T21:00:00+01:00", "2027-03-19T18:30:00+01:00") == ""
    assert after_opening(None, "2027-03-19T18:30:00+01:00") == ""
    said = after_opening("2020-01-01T18:00:00+01:00", "2027-03-19T18:30:00+01:00")
    assert "ouverte le 1er janvier 2020, prévue le 19 mars 2027" in plain(said)
