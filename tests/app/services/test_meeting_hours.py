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


def drawer(clock: FakeClock, profile: str = "commission") -> Scene:
    """An evening held on 1 January 2020 by the clock, the laptop having left its drawer."""
    clock.instant = clock.instant.replace(hour=23)
    scene = Scene(4, profile=profile, day="2020-01-01", starts_at=at("18:30"))
    scene.present(1, 2)
    scene.present(3, since="18:45")
    first = scene.item(started="18:40", ended_at=at("20:30", "2020-01-01"))
    scene.proxy(4, to=1, received="18:35", revoked="20:00")
    scene.proxy(4, to=2, received=at("09:00", "2027-03-16"), record_id=uid("sent before"))
    scene.ballot(first, for_count=4, held="19:00")
    return scene


@pytest.mark.parametrize("profile", ["commission", "deliberative"])
def test_an_evening_held_on_a_wrong_clock_moves_whole_and_is_taken_back_whole(
    services: Services, clock: FakeClock, profile: str
) -> None:
    stage(services, drawer(clock, profile))
    before = services.meetings.file(MEETING)
    services.meetings.shift_hours(MEETING, at("18:45"))
    file = services.meetings.file(MEETING)
    meeting = file.meeting.fields
    assert (meeting.opened_at, meeting.closed_at) == (at("18:45"), at("20:45"))
    assert meeting.starts_at == at("18:30")
    (item,), (ballot,) = file.items, file.ballots
    assert (item.fields.started_at, item.fields.ended_at) == (at("18:55"), at("20:45"))
    assert ballot.fields.held_at == at("19:15")
    (stay,) = next(one for one in file.attendances if one.fields.intervals).fields.intervals
    assert (stay.arrived, stay.left) == (at("19:00"), None)
    received = {one.id: (one.fields.received_at, one.fields.revoked_at) for one in file.proxies}
    assert received.pop(uid("sent before")) == (at("09:00", "2027-03-16"), None)
    assert list(received.values()) == [(at("18:50"), at("20:15"))]
    step = services.undo.next_undo()
    assert step and step.label.startswith("Heures de la séance")
    services.undo.undo()
    assert services.meetings.file(MEETING) == before


def test_summer_time_changes_the_offset_not_the_time_between(
    services: Services, clock: FakeClock
) -> None:
    stage(services, drawer(clock))
    clock.instant = clock.instant.replace(month=7)
    services.meetings.shift_hours(MEETING, "2027-07-02T18:30:00+02:00")
    meeting = services.meetings.file(MEETING).meeting.fields
    assert meeting.closed_at == "2027-07-02T20:30:00+02:00"


def test_what_the_clock_noted_once_set_right_stays(services: Services, clock: FakeClock) -> None:
    clock.forward(hours=3)
    scene = Scene(2, opened_at=at("18:30", "2020-01-01"), closed_at=at("20:40"))
    scene.item(started=at("18:40", "2020-01-01"))
    scene.item("Divers", started="20:00")
    stage(services, scene)
    services.meetings.shift_hours(MEETING, at("18:30"))
    file = services.meetings.file(MEETING)
    assert file.meeting.fields.closed_at == at("20:40")
    assert [one.fields.started_at for one in file.items] == [at("18:40"), at("20:00")]


def test_what_was_told_done_or_promised_on_the_wrong_day_is_of_the_right_one(
    services: Services, clock: FakeClock
) -> None:
    scene = drawer(clock)
    stage(services, scene)
    create, space = services.records.create, scene.all("ballot")[0].commission_id
    note, solution = (create(kind, {"title": "2G"}, space) for kind in ("watch_note", "solution"))
    told = {"meeting_id": MEETING, "watch_note_id": note.id}
    item = {"agenda_item_id": scene.all("agenda_item")[0].id, "text": "Écrire", "status": "done"}
    organisation = {"solution_id": solution.id, "organisation_id": uid("organisation 1")}
    made = [
        (create(kind, fields | {name: day}, space).id, name, day)
        for kind, fields, name in (
            ("briefing", told, "told_on"),
            ("action", item, "closed_on"),
            ("commitment", organisation, "on"),
        )
        for day in ("2020-01-01", "2027-01-05")
        if (kind, day) != ("commitment", "2027-01-05")
    ]
    services.meetings.shift_hours(MEETING, at("18:30"))
    found = [getattr(services.records.get(one).fields, name) for one, name, _ in made]
    assert found == [day.replace("2020-01-01", "2027-03-19") for _, _, day in made]


def test_hours_do_not_move_to_what_is_yet_to_come_nor_once_frozen(
    services: Services, clock: FakeClock
) -> None:
    stage(services, drawer(clock))
    before = services.meetings.file(MEETING)
    for opened, said in (
        (at("18:30", SATURDAY), "l'ouverture est encore à venir d'après l'horloge"),
        ("21:30", "la clôture est encore à venir"),
    ):
        with pytest.raises(UserError, match=said):
            services.meetings.shift_hours(MEETING, at(opened))
    assert services.meetings.file(MEETING) == before
    services.minutes.freeze(MEETING)
    with pytest.raises(UserError, match="additif"):
        services.meetings.shift_hours(MEETING, at("18:30"))


def test_while_a_meeting_is_held_nothing_moves_past_the_present(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(hours=1)
    scene = Scene(2, status="open", opened_at=at("17:30"), closed_at=None)
    scene.item(started="18:10")
    stage(services, scene)
    with pytest.raises(UserError, match=r"commence à 19.h.10, ce qui est encore à venir"):
        services.meetings.shift_hours(MEETING, at("18:30"))
    services.meetings.shift_hours(MEETING, at("18:15"))
    assert services.meetings.file(MEETING).items[0].fields.started_at == at("18:55")
