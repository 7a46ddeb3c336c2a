"""The agenda as the window moves it."""

from __future__ import annotations

import pytest

from app.bootstrap import Services
from app.errors import UserError
from tests.app.domain.builders import at, uid
from tests.app.services.staging import planned, stage


@pytest.fixture
def meeting_id(services: Services) -> str:
    return stage(services, planned(items=3))


def titles(services: Services) -> list[str]:
    return [item.fields.title for item in services.meetings.file(uid("meeting")).items]


def item(number: int) -> str:
    return uid(f"item meeting {number}")


def test_an_item_is_added_at_a_place(services: Services, meeting_id: str) -> None:
    services.agenda.add(meeting_id, {"title": "Fin"})
    services.agenda.add(meeting_id, {"title": "Début"}, before=item(1))
    services.agenda.add(meeting_id, {"title": "Milieu"}, before=item(2))
    assert titles(services) == ["Début", "Sujet 1", "Milieu", "Sujet 2", "Sujet 3", "Fin"]


def test_moving_changes_one_record_only(services: Services, meeting_id: str) -> None:
    services.agenda.move(item(3), before=item(1))
    assert titles(services) == ["Sujet 3", "Sujet 1", "Sujet 2"]
    assert [len(services.records.history(item(n))) for n in (1, 2, 3)] == [1, 1, 2]
    services.agenda.move(item(3))
    assert titles(services) == ["Sujet 1", "Sujet 2", "Sujet 3"]
    services.agenda.move(item(3), before=item(3))
    assert titles(services) == ["Sujet 1", "Sujet 2", "Sujet 3"]


def test_ranks_without_room_are_spread_anew(services: Services, meeting_id: str) -> None:
    for number in (1, 2, 3):
        services.records.update(item(number), {"rank": "a"})
    first, second, _ = services.meetings.file(meeting_id).items
    new = services.agenda.add(meeting_id, {"title": "Entre"}, before=second.id)
    found = [one.id for one in services.meetings.file(meeting_id).items]
    assert found[:3] == [first.id, new.id, second.id]


def test_an_item_that_is_gone_is_no_place(services: Services, meeting_id: str) -> None:
    with pytest.raises(UserError, match="n'est plus à l'ordre du jour"):
        services.agenda.move(item(1), before=uid("elsewhere"))


def test_a_moved_item_keeps_its_number_and_a_withdrawn_one_too(
    services: Services, meeting_id: str
) -> None:
    services.meetings.convene(meeting_id)
    moved = services.agenda.move(item(3), before=item(1))
    withdrawn = services.agenda.withdraw(item(2))
    assert moved.fields.number == "3"
    assert (withdrawn.fields.number, withdrawn.fields.withdrawn) == ("2", True)
    assert not services.agenda.withdraw(item(2), False).fields.withdrawn


def test_an_item_is_removed_before_the_convocation_only(
    services: Services, meeting_id: str
) -> None:
    services.agenda.remove(item(2))
    assert titles(services) == ["Sujet 1", "Sujet 3"]
    services.meetings.convene(meeting_id)
    with pytest.raises(UserError, match="marquez-le retiré"):
        services.agenda.remove(item(1))


def test_starting_an_item_ends_the_one_under_way(services: Services, meeting_id: str) -> None:
    services.agenda.start(item(1), at("18:30"))
    services.agenda.start(item(2), at("18:45"))
    first, second = (services.records.get(item(n)).fields for n in (1, 2))
    assert (first.started_at, first.ended_at) == (at("18:30"), at("18:45"))
    assert (second.started_at, second.ended_at) == (at("18:45"), None)
    again = services.agenda.start(item(1), at("19:00"))
    assert (again.fields.started_at, again.fields.ended_at) == (at("18:30"), None)
    assert services.agenda.end(item(1), at("19:10")).fields.ended_at == at("19:10")


def test_an_item_that_has_not_started_does_not_end(services: Services, meeting_id: str) -> None:
    with pytest.raises(UserError, match="n'a pas commencé"):
        services.agenda.end(item(1))
