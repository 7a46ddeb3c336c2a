"""People coming and going, and proxies, in a real workspace."""

from __future__ import annotations

import pytest

from app.bootstrap import Services
from app.errors import UserError
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import stage

MEETING = uid("meeting")


@pytest.fixture(autouse=True)
def _meeting(services: Services) -> None:
    scene = Scene(3, status="open", closed_at=None)
    scene.seat(4, alternate=True)
    scene.item()
    stage(services, scene)


def seat(number: int) -> str:
    return uid(f"seat {number}")


def present(services: Services, hour: str) -> set[str]:
    return set(services.meetings.state(MEETING).at(at(hour)).room.present)


def test_ticking_people_in_needs_no_time(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "present")
    services.attendance.mark(MEETING, seat(2), "excused")
    assert present(services, "18:30") == {seat(1)}
    services.attendance.mark(MEETING, seat(1), "absent")
    assert present(services, "18:30") == set()
    assert len(services.records.list("attendance")) == 2


def test_people_leave_and_come_back(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "present")
    services.attendance.leave(MEETING, seat(1), at("18:40"))
    services.attendance.arrive(MEETING, seat(1), at("19:00"))
    services.attendance.leave(MEETING, seat(1), at("19:30"))
    found = [bool(present(services, h)) for h in ("18:39", "18:40", "19:00", "19:29", "19:30")]
    assert found == [True, False, True, True, False]


def test_a_latecomer_arrives_whatever_was_ticked(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "absent")
    services.attendance.arrive(MEETING, seat(1), at("18:50"))
    services.attendance.arrive(MEETING, seat(2), at("18:50"))
    assert present(services, "18:49") == set()
    assert present(services, "18:50") == {seat(1), seat(2)}


def test_nobody_arrives_twice_or_leaves_without_being_in(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "present")
    with pytest.raises(UserError, match="déjà dans la salle"):
        services.attendance.arrive(MEETING, seat(1), at("19:00"))
    with pytest.raises(UserError, match="n'est pas dans la salle"):
        services.attendance.leave(MEETING, seat(2), at("19:00"))
    services.attendance.leave(MEETING, seat(1), at("19:00"))
    with pytest.raises(UserError, match="n'est pas dans la salle"):
        services.attendance.leave(MEETING, seat(1), at("19:10"))


def test_the_hours_of_every_stay_are_corrected_and_stay_in_their_order(
    services: Services,
) -> None:
    sheet = services.attendance
    sheet.mark(MEETING, seat(1), "present")
    sheet.correct_stays(MEETING, seat(1), [(None, at("18:40"))])
    sheet.arrive(MEETING, seat(1), at("19:10"))
    sheet.correct_stays(MEETING, seat(1), [(at("18:35"), at("18:40")), (at("19:00"), None)])

    def there() -> str:
        hours = ("18:34", "18:35", "18:40", "18:59", "19:00", "19:30")
        return "".join("x" if present(services, hour) else "." for hour in hours)

    assert there() == ".x..xx"
    for stays in (
        [(None, at("18:40")), (at("18:30"), None)],
        [(at("19:30"), at("19:20"))],
        [(at("18:35"), None), (at("19:00"), None)],
        [(None, at("18:40")), (None, at("19:20"))],
    ):
        with pytest.raises(UserError, match="dans leur ordre"):
            sheet.correct_stays(MEETING, seat(1), stays)
    sheet.correct_stays(MEETING, seat(1), [(at("18:35"), at("18:40")), (None, None)])
    assert there() == ".x...."  # the return never was
    sheet.correct_stays(MEETING, seat(1), [(at("18:35"), None), (None, at("19:10"))])
    assert there() == ".xxxx."  # nor did they go out
    one = sheet.correct_stays(MEETING, seat(2), [(at("18:50"), None)])
    assert present(services, "18:50") == {seat(1), seat(2)}
    assert sheet.correct_stays(MEETING, seat(2), [(None, None)]).fields.intervals == ()
    assert one.id == services.records.list("attendance", roster_entry_id=seat(2))[0].id


def test_an_alternate_has_a_line_of_their_own(services: Services) -> None:
    services.attendance.mark(MEETING, seat(4), "excused")
    services.attendance.mark(MEETING, seat(4), "present", uid("alternate 4"))
    assert present(services, "18:40") == {seat(4)}
    assert len(services.records.list("attendance")) == 2


def test_a_guest_is_welcomed_once(services: Services) -> None:
    first = services.attendance.welcome(MEETING, uid("alternate 4"))
    assert services.attendance.welcome(MEETING, uid("alternate 4")).id == first.id
    assert first.fields.roster_entry_id is None
    assert present(services, "18:40") == set()


def test_an_exclusion_is_noted_changed_and_taken_back(services: Services) -> None:
    item = uid("item meeting 1")
    sheet = services.attendance.mark(MEETING, seat(1), "present")
    for interest, seats in (("personal", 4), ("designated", 3), (None, 4)):
        services.attendance.exclude(sheet.id, item, interest)
        state = services.meetings.state(MEETING)
        room = state.item(state.items[item]).room
        assert (seat(1) in room.present, room.seat_count) == (interest is None, seats)


def test_a_proxy_is_received_and_revoked(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "present")
    proxy = services.attendance.give_proxy(MEETING, seat(2), seat(1), at("18:35"))
    services.attendance.revoke_proxy(proxy.id, at("19:00"))
    state = services.meetings.state(MEETING)
    found = [state.at(at(hour)).proxies[0].counts for hour in ("18:34", "18:35", "19:00")]
    assert found == [False, True, False]


def test_nobody_gives_a_proxy_to_themselves(services: Services) -> None:
    with pytest.raises(UserError, match="d'un siège à un autre"):
        services.attendance.give_proxy(MEETING, seat(1), seat(1))


def test_the_seats_of_which_nothing_is_noted_are_absent_in_one_go(services: Services) -> None:
    services.attendance.mark(MEETING, seat(1), "present")
    services.attendance.mark_absent(MEETING, [seat(1), seat(2), seat(3)])
    sheets = services.records.list("attendance", meeting_id=MEETING)
    statuses = {one.fields.roster_entry_id: one.fields.status for one in sheets}
    assert statuses == {seat(1): "present", seat(2): "absent", seat(3): "absent"}
    assert all(one.fields.person_id for one in sheets)
    services.undo.undo()
    assert len(services.records.list("attendance", meeting_id=MEETING)) == 1


def test_the_titular_of_whom_nothing_is_noted_is_absent_though_the_alternate_is_excused(
    services: Services,
) -> None:
    services.attendance.mark(MEETING, seat(4), "excused", uid("alternate 4"))
    services.attendance.mark_absent(MEETING, [seat(4)])
    sheets = services.records.list("attendance", meeting_id=MEETING)
    statuses = {one.fields.person_id: one.fields.status for one in sheets}
    assert statuses == {uid("alternate 4"): "excused", uid("titular 4"): "absent"}


def test_what_ctrl_z_takes_back_is_said_with_the_name_of_whom_it_is_about(
    services: Services,
) -> None:
    def named() -> str:
        step = services.undo.next_undo()
        return step.label if step else ""

    services.attendance.mark(MEETING, seat(4), "present", uid("alternate 4"))
    assert named() == "Présence « Suppléant 4 »"
    services.attendance.give_proxy(MEETING, seat(1), seat(2), at("18:35"))
    assert named() == "Pouvoir reçu « Titulaire 1 »"
    services.attendance.welcome(MEETING, uid("titular 3"))
    assert named() == "Invité « Titulaire 3 »"
    services.convocations.choose(MEETING, uid("titular 1"), "hand")
    assert named() == "Envoi d'une convocation « Titulaire 1 »"
    services.records.update(seat(2), {"until": "2030-01-01"})
    assert named() == "Modification du siège « Commune 2 »"
    note = services.records.create("watch_note", {"title": "Fin de la 2G"}, uid("commission")).id
    services.watch.tell(note, [uid("organisation 1")], MEETING)
    assert named() == "Information donnée « Fin de la 2G »"
