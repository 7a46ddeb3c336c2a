"""Who was there as meetings opened, and whose quorum was missed."""

from __future__ import annotations

from app.bootstrap import Services
from app.services.turnouts import Turnout, turnouts
from tests.app.domain.builders import Scene, uid
from tests.app.services.staging import stage


def test_those_in_a_seat_at_the_opening_count_of_the_seats_then_in_office(
    services: Services,
) -> None:
    scene = Scene(4)
    scene.seat("parti", until="2027-01-01")
    scene.present(1, 2)
    scene.present(3, since="18:45")
    scene.proxy(4, to=1)
    meeting = stage(services, scene)
    assert turnouts(services.records) == {meeting: Turnout(2, 4, missed=True, late=1)}
    (commission,) = services.records.list("commission")
    services.records.update(commission.id, {"quorum_fraction": "1/3"})
    assert turnouts(services.records) == {meeting: Turnout(2, 4, missed=False, late=1)}


def test_a_second_call_needs_its_quorum_when_held_too_early(services: Services) -> None:
    failed = Scene(3)
    failed.present(1)
    stage(services, failed)
    missed = {}
    for day in ("2027-03-22", "2027-03-23"):
        scene = Scene(3, label=day, day=day, reconvened_from_id=failed.meeting_id)
        scene.present(1)
        meeting = stage(services, scene)
        missed[day] = turnouts(services.records)[meeting].missed
    assert missed == {"2027-03-22": True, "2027-03-23": False}


def test_a_meeting_whose_roll_was_not_called_has_none_be_a_guest_noted(services: Services) -> None:
    scene = Scene(3)
    scene.add("attendance", meeting_id=scene.meeting_id, person_id=uid("titular 1"))
    stage(services, scene)
    assert turnouts(services.records) == {}


def test_frozen_minutes_keep_the_turnout_that_they_tell_whatever_the_seats_become(
    services: Services,
) -> None:
    scenes = Scene(4), Scene(4, label="not frozen")
    for scene in scenes:
        scene.present(1, 2)
    frozen, other = (stage(services, scene) for scene in scenes)
    services.minutes.freeze(frozen)
    told = Turnout(2, 4, missed=True)
    assert turnouts(services.records) == {frozen: told, other: told}
    (commission,) = services.records.list("commission")
    services.records.update(commission.id, {"quorum_fraction": "1/4"})
    services.records.update(uid("seat 1"), {"titular_person_id": uid("titular 2")})
    services.records.update(uid("seat 4"), {"voting": False})
    for _ in range(2):
        services.records.create("roster_entry", {}, commission.id)
    assert turnouts(services.records) == {frozen: told, other: Turnout(1, 5, missed=True)}
