"""The planned hours of a meeting."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.schedule import lasting, planned
from tests.app.domain.builders import Scene, at, uid


def scene(*minutes: int | None, **meeting: Any) -> Scene:
    found = Scene(**meeting)
    for number, one in enumerate(minutes, 1):
        found.item(number, planned_minutes=one)
    return found


def test_durations_add_up_to_an_end_time() -> None:
    file = scene(10, 35, 60).file()
    found = planned(file.meeting.fields, file.items)
    begins = [begin.strftime("%H:%M") for begin in found.begins.values() if begin]
    assert begins == ["18:30", "18:40", "19:15"]
    assert found.ends_at is not None and found.ends_at.strftime("%H:%M") == "20:15"
    assert found.sentence == "Fin prévue à 20 h 15 (1 h 45)"


def test_what_has_no_duration_is_told_and_what_is_withdrawn_takes_none() -> None:
    added = scene(10, None, ends_at=at("18:35"))
    added.item("gone", planned_minutes=40, withdrawn=True)
    file = added.file()
    found = planned(file.meeting.fields, file.items)
    assert uid("item meeting gone") not in found.begins
    assert (found.minutes, found.untimed, found.beyond) == (10, 1, 5)
    assert found.sentence == (
        "Fin prévue à 18 h 40 (10 min), 5 min après l'heure annoncée, 1 point sans durée"
    )


def test_an_agenda_without_durations_foretells_no_end() -> None:
    file = scene(None, None).file()
    found = planned(file.meeting.fields, file.items)
    assert found.sentence == "Aucune durée prévue"
    assert list(found.begins.values()) == [None, None]


def test_an_hour_is_not_foretold_past_an_item_without_duration() -> None:
    file = scene(10, None, 20).file()
    begins = planned(file.meeting.fields, file.items).begins.values()
    assert [begin.strftime("%H:%M") if begin else "" for begin in begins] == ["18:30", "18:40", ""]


def test_before_the_date_is_set_the_duration_alone_is_known() -> None:
    file = scene(60, 60, starts_at=None).file()
    found = planned(file.meeting.fields, file.items)
    assert list(found.begins.values()) == [None, None]
    assert (found.ends_at, found.sentence) == (None, "Durée prévue : 2 h")


def test_the_night_of_the_summer_hour_is_told_by_the_clock_on_the_wall() -> None:
    file = scene(120, 60, starts_at="2027-03-28T00:30:00+01:00").file()
    found = planned(file.meeting.fields, file.items)
    assert found.ends_at is not None
    assert found.ends_at.isoformat() == "2027-03-28T04:30:00+02:00"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (65, "1 h 05")]
)
def test_a_duration_is_told_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert lasting(minutes) == words
