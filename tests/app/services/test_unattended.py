"""A meeting that gathered nobody, in a real workspace: noted, undone, frozen, convened again."""

from __future__ import annotations

from typing import Any

import pytest

from app.bootstrap import Services
from app.errors import UserError
from tests.app.documents import reading
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock

MEETING = uid("meeting")


@pytest.fixture
def scene(services: Services, clock: FakeClock) -> Scene:
    """A deliberative body's meeting of 19 March 2027, convened in time; it is the 20th."""
    clock.forward(days=1)
    scene = Scene(5, profile="deliberative", status="convened", opened_at=None, closed_at=None)
    scene.item("appel", kind="opening", started=None, notes="")
    scene.item("vote", kind="decision", started=None, notes="Préparé.")
    scene.sheet(2, "excused")
    scene.proxy(3, to=1)
    stage(services, scene)
    return scene


def standing(services: Services) -> tuple[Any, ...]:
    file = services.meetings.file(MEETING)
    seats = {one.fields.roster_entry_id: one.fields.status for one in file.attendances}
    return file.meeting.fields.status, [seats.get(uid(f"seat {n}")) for n in range(1, 6)]


def test_the_excuse_of_an_alternate_excuses_no_titular(services: Services, scene: Scene) -> None:
    deputy = services.records.create("person", {"last_name": "Suppléant"}, COMMISSION).id
    services.records.update(uid("seat 1"), {"alternate_person_id": deputy})
    services.attendance.mark(MEETING, uid("seat 1"), "excused", deputy)
    services.meetings.note_unattended(MEETING)
    sheets = services.meetings.file(MEETING).attendances
    own = {s.fields.person_id: s.fields.status for s in sheets}
    assert (own[deputy], own[uid("titular 1")]) == ("excused", "absent")


def test_it_is_noted_and_taken_back_in_one_go(services: Services, scene: Scene) -> None:
    meeting = services.meetings.note_unattended(MEETING).fields
    assert (meeting.opened_at, meeting.closed_at) == (at("18:30"), at("18:30"))
    assert standing(services) == ("closed", ["absent", "excused", None, "absent", "absent"])
    step = services.undo.next_undo()
    assert step and step.label.startswith("Carence de la séance")
    services.undo.undo()
    assert standing(services) == ("convened", [None, "excused", None, None, None])
    assert services.meetings.file(MEETING).meeting.fields.opened_at is None
    services.undo.redo()
    assert standing(services)[0] == "closed"


def test_its_minutes_are_frozen_with_nothing_lacking(services: Services, scene: Scene) -> None:
    services.meetings.note_unattended(MEETING)
    frozen = services.minutes.freeze(MEETING)
    assert frozen.gaps == []
    said = reading.text(frozen.document.data)
    assert "Quorum non atteint : 0 présent sur 5, il en faut 3, il en manque 3." in said
    assert "Point non abordé." in said and "Préparé." not in said


def test_it_is_convened_again_after_three_clear_days_of_its_own(
    services: Services, scene: Scene
) -> None:
    services.meetings.note_unattended(MEETING)
    with pytest.raises(UserError, match=r"à partir du mardi\W23\Wmars"):
        services.preparation.reconvene(MEETING, at("18:30", "2027-03-22"))
    made = services.preparation.reconvene(MEETING, at("18:30", "2027-03-30"))
    again = services.meetings.state(made.meeting.id)
    assert [item.fields.reconvened_item_id for item in again.file.items] == [
        uid("item meeting appel"), uid("item meeting vote"),
    ]  # fmt: skip
    assert again.opening_quorum.needed == 0


def test_one_that_was_planned_gets_its_numbers(services: Services, clock: FakeClock) -> None:
    clock.forward(days=1)
    scene = Scene(3, status="planned", opened_at=None, closed_at=None)
    scene.item(started=None, number="")
    stage(services, scene)
    services.meetings.note_unattended(MEETING)
    assert [one.fields.number for one in services.meetings.file(MEETING).items] == ["1"]


def test_its_own_day_is_too_early(services: Services, scene: Scene, clock: FakeClock) -> None:
    clock.forward(days=-1, hours=5)
    with pytest.raises(UserError, match="n'est pas passé"):
        services.meetings.note_unattended(MEETING)
    assert standing(services)[0] == "convened"


def test_one_that_somebody_came_to_is_opened_on_its_day(services: Services, scene: Scene) -> None:
    services.attendance.arrive(MEETING, uid("seat 1"), at("18:25"))
    with pytest.raises(UserError, match="quelqu'un y était"):
        services.meetings.note_unattended(MEETING)
    meeting = services.meetings.open_on_its_day(MEETING)
    assert (meeting.fields.status, meeting.fields.opened_at) == ("open", at("18:25"))


def test_the_advice_to_synchronise_is_for_who_has_a_central(
    services: Services, scene: Scene
) -> None:
    assert not services.sync.is_silent_since(at("18:30"), COMMISSION)
