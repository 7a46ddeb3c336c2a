"""The hours of a meeting corrected in a real workspace, with what hangs on them."""

from __future__ import annotations

import pytest

from app.bootstrap import Services
from app.errors import UserError
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock

SATURDAY = "2027-03-20"
MORNING = at("08:40", SATURDAY)
MEETING = uid("meeting")


@pytest.fixture
def scene(services: Services, clock: FakeClock) -> Scene:
    """A meeting held from 18:30, and closed on the next morning."""
    clock.forward(hours=16)
    scene = Scene(4, closed_at=MORNING)
    scene.present(1, 2)
    scene.present(3, since="18:45", until=MORNING)
    first = scene.item(started="18:40", ended_at=at("21:00"))
    scene.item("Divers", started="21:00", ended_at=MORNING)
    scene.ballot(first, for_count=3, held_at=at("20:00"))
    stage(services, scene)
    return scene


def correct(services: Services, opened: str, closed: str | None) -> None:
    services.meetings.correct_hours(MEETING, at(opened), closed and at(closed))


def test_what_ended_with_the_meeting_ends_with_it_at_its_new_hour(
    services: Services, scene: Scene
) -> None:
    correct(services, "18:30", "22:10")
    file = services.meetings.file(MEETING)
    assert file.meeting.fields.closed_at == at("22:10")
    assert [item.fields.ended_at for item in file.items] == [at("21:00"), at("22:10")]
    (stay,) = next(one for one in file.attendances if one.fields.intervals).fields.intervals
    assert (stay.arrived, stay.left) == (at("18:45"), at("22:10"))
    services.undo.undo()
    file = services.meetings.file(MEETING)
    assert file.meeting.fields.closed_at == MORNING
    assert [item.fields.ended_at for item in file.items] == [at("21:00"), MORNING]


def test_the_room_of_the_opening_follows_it(services: Services, scene: Scene) -> None:
    assert not services.meetings.state(MEETING).at(at("18:20")).room.present
    correct(services, "18:20", MORNING)
    assert len(services.meetings.state(MEETING).at(at("18:20")).room.present) == 2


def test_watch_notes_were_told_on_the_day_of_the_opening(services: Services, scene: Scene) -> None:
    note = services.records.create(
        "watch_note", {"title": "La 2G"}, scene.all("ballot")[0].commission_id
    )
    told = {"meeting_id": MEETING, "watch_note_id": note.id}
    days = ("2027-03-19", "2027-01-05")
    made = [
        services.records.create("briefing", told | {"told_on": day}, note.commission_id)
        for day in days
    ]
    correct(services, at("18:30", "2027-03-18"), MORNING)
    assert [services.records.get(one.id).fields.told_on for one in made] == ["2027-03-18", days[1]]


def test_a_closed_meeting_given_the_closing_that_it_lacked_ends_the_item_under_way(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(hours=16)
    scene = Scene(2, closed_at=None)
    scene.item(started="18:40", ended_at=at("21:00"))
    scene.item("Divers", started="21:00")
    scene.item("Reporté", started=None)
    stage(services, scene)
    for closed, ended in ((None, None), ("22:10", at("22:10"))):
        correct(services, "18:30", closed)
        found = [item.fields.ended_at for item in services.meetings.file(MEETING).items]
        assert found == [at("21:00"), ended, None]


def test_hours_that_something_noted_contradicts_are_refused_and_nothing_is_written(
    services: Services, scene: Scene
) -> None:
    before = services.meetings.file(MEETING)
    for opened, closed, said in (
        ("18:41", "22:10", "commence à 18 h 40, avant cette ouverture"),
        ("18:30", "20:50", "commence à 21 h, après cette clôture"),
        ("18:30", at("11:00", SATURDAY), "clôture est encore à venir"),
    ):
        with pytest.raises(UserError, match=said):
            correct(services, opened, closed)
    assert services.meetings.file(MEETING) == before


def test_hours_do_not_change_once_the_minutes_are_frozen(services: Services, scene: Scene) -> None:
    services.minutes.freeze(MEETING)
    with pytest.raises(UserError, match="additif"):
        correct(services, "18:30", "22:10")


def test_a_meeting_left_open_is_closed_as_of_an_hour_that_contradicts_nothing(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(hours=16)
    scene = Scene(2, status="open", closed_at=None)
    scene.item(started="21:00")
    stage(services, scene)
    with pytest.raises(UserError, match="commence à 21 h, après cette clôture"):
        services.meetings.close_late(MEETING, at("20:00"))
    assert services.meetings.close_late(MEETING, at("22:10")).fields.closed_at == at("22:10")
    assert [one.fields.ended_at for one in services.meetings.file(MEETING).items] == [at("22:10")]
