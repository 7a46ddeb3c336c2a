"""Who is in the room at an instant."""

from __future__ import annotations

import pytest

from app.domain.attendance import Register, joined, lines_of
from app.domain.records import Attendance, Exclusion, Interval
from tests.app.domain.builders import Scene, at, uid


def present(scene: Scene, hour: str, item: str = "") -> set[str]:
    return set(Register(scene.file()).room(at(hour), item).present)


def seats(scene: Scene, hour: str) -> int:
    return Register(scene.file()).room(at(hour)).seat_count


def test_present_without_an_interval_means_from_opening_to_closing() -> None:
    scene = Scene(1)
    scene.present(1)
    assert present(scene, "18:29") == set()
    assert present(scene, "18:30") == {uid("seat 1")}
    assert present(scene, "20:29") == {uid("seat 1")}
    assert present(scene, "20:30") == set()


def test_who_leaves_at_an_instant_is_out_at_that_instant() -> None:
    scene = Scene(1)
    scene.present(1, since="18:35", until="18:40")
    assert present(scene, "18:34") == set()
    assert present(scene, "18:35") == {uid("seat 1")}
    assert present(scene, "18:39") == {uid("seat 1")}
    assert present(scene, "18:40") == set()


def test_an_interval_open_on_one_side_reaches_the_opening_or_the_closing() -> None:
    scene = Scene(2)
    scene.present(1, since="19:00")
    scene.present(2, until="19:00")
    assert present(scene, "18:45") == {uid("seat 2")}
    assert present(scene, "19:30") == {uid("seat 1")}
    assert present(scene, "20:30") == set()


def test_several_intervals_let_someone_go_and_come_back() -> None:
    scene = Scene(1)
    scene.sheet(1, "present", (None, "18:50"), ("19:10", None))
    assert [bool(present(scene, hour)) for hour in ("18:40", "19:00", "19:10")] == [
        True, False, True,
    ]  # fmt: skip


def test_the_excused_and_the_absent_are_out_whatever_their_intervals() -> None:
    scene = Scene(2)
    scene.sheet(1, "excused", ("18:30", "20:00"))
    scene.sheet(2, "absent", ("18:30", "20:00"))
    assert present(scene, "19:00") == set()


def test_a_seat_is_in_office_from_a_local_date_until_another() -> None:
    scene = Scene(1)
    scene.seat("next", from_="2027-03-20")
    scene.seat("today", from_="2027-03-19")
    scene.seat("former", until="2027-03-19")
    scene.seat("last day", until="2027-03-20")
    assert seats(scene, "19:00") == 3


def test_the_date_of_a_seat_is_that_of_paris() -> None:
    scene = Scene()
    scene.seat("from the 20th", from_="2027-03-20")
    room = Register(scene.file()).room
    assert room("2027-03-19T22:59:59+00:00").seat_count == 0
    assert room("2027-03-19T23:00:00+00:00").seat_count == 1


def test_an_entry_without_a_vote_is_no_seat() -> None:
    scene = Scene(1)
    scene.seat("observer", voting=False)
    scene.present(1, "observer")
    assert seats(scene, "19:00") == 1
    assert present(scene, "19:00") == {uid("seat 1")}


def test_a_guest_is_not_counted() -> None:
    scene = Scene(1)
    scene.add("attendance", meeting_id=scene.meeting_id, person_id=uid("titular 1"))
    assert present(scene, "19:00") == set()


def test_an_alternate_counts_only_while_the_titular_is_out() -> None:
    scene = Scene()
    entry = scene.seat(1, alternate=True)
    scene.sheet(1, "present", ("19:00", "19:30"))
    scene.sheet(1, "present", role="alternate")
    room = Register(scene.file()).room
    assert room(at("18:59")).occupants[entry].person_id == uid("alternate 1")
    assert room(at("19:00")).occupants[entry].person_id == uid("titular 1")
    assert room(at("19:30")).occupants[entry].person_id == uid("alternate 1")
    assert len(room(at("19:10")).present) == 1


def test_a_person_who_is_neither_titular_nor_alternate_holds_no_seat() -> None:
    scene = Scene(2)
    scene.add(
        "attendance",
        meeting_id=scene.meeting_id,
        roster_entry_id=uid("seat 1"),
        person_id=uid("titular 2"),
    )
    assert present(scene, "19:00") == set()


def test_a_sheet_that_names_nobody_is_the_titular_s() -> None:
    scene = Scene()
    scene.seat(1, alternate=True)
    scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=uid("seat 1"))
    room = Register(scene.file()).room(at("19:00"))
    assert room.seat_of(uid("titular 1")) == uid("seat 1")


@pytest.mark.parametrize(("own", "other"), [(1, 2), (2, 1)])
def test_who_sits_on_two_seats_takes_part_as_titular(own: int, other: int) -> None:
    scene, person = Scene(), uid(f"titular {own}")
    scene.seat(own)
    seat = scene.seat(other, alternate_person_id=person)
    scene.present(own)
    scene.add("attendance", meeting_id=scene.meeting_id, roster_entry_id=seat, person_id=person)
    room = Register(scene.file()).room(at("19:00"))
    assert len(room.present) == 2
    assert room.seat_of(person) == uid(f"seat {own}")


def test_the_lines_of_one_person_are_told_as_one_the_presences_first() -> None:
    scene, seat, titular = Scene(1), uid("seat 1"), uid("titular 1")
    scene.sheet(1, "absent", ("18:52", "18:55"), excluded={"item": "designated"})
    scene.sheet(1, "present", (None, "18:40"), ("19:00", None), excluded={"item": "personal"})
    scene.sheet(1, "present", (None, "18:50"))
    scene.add("attendance", meeting_id=scene.meeting_id, person_id=titular)  # a guest
    found = lines_of(scene.file().attendances, seat, None, titular)
    assert [one.fields.status for one in found] == ["present", "present", "absent"]
    whole = Attendance(
        meeting_id=scene.meeting_id,
        roster_entry_id=seat,
        person_id=titular,
        intervals=(Interval(left=at("18:50")), Interval(arrived=at("19:00"))),
        exclusions=(Exclusion(item_id="item", interest="designated"),),
    )
    for lines in (found, reversed(found)):
        assert joined([one.fields for one in lines]) == whole


def test_stays_that_touch_are_one() -> None:
    scene = Scene(1)
    scene.sheet(1, "present", ("18:40", "18:50"))
    scene.sheet(1, "present", ("18:35", "18:40"))
    lines = [one.fields for one in scene.file().attendances]
    assert joined(lines).intervals == (Interval(arrived=at("18:35"), left=at("18:50")),)
    scene.present(1)  # from opening to closing
    assert joined([one.fields for one in scene.file().attendances]).intervals == ()


def test_two_records_of_one_person_are_read_together() -> None:
    scene = Scene(1)
    item = scene.item()
    scene.sheet(1, "present", ("18:30", "18:40"))
    scene.sheet(1, "present", ("19:00", "20:00"), excluded={item: "personal"})
    assert present(scene, "18:35") == present(scene, "19:30") == {uid("seat 1")}
    assert present(scene, "18:35", item) == set()


def test_a_personal_interest_leaves_the_numerator_alone() -> None:
    scene = Scene(3)
    item = scene.item()
    scene.sheet(1, "present", excluded={item: "personal"})
    scene.present(2)
    room = Register(scene.file()).room(at("19:00"), item)
    assert (len(room.present), room.seat_count) == (1, 3)


def test_a_designated_interest_leaves_the_numerator_and_the_seats() -> None:
    scene = Scene(3)
    item = scene.item()
    scene.sheet(1, "present", excluded={item: "designated"})
    scene.sheet(3, "absent", excluded={item: "designated"})
    scene.present(2)
    room = Register(scene.file()).room(at("19:00"), item)
    assert (len(room.present), room.seat_count) == (1, 1)


def test_an_exclusion_holds_for_its_item_only() -> None:
    scene = Scene(1)
    item, other = scene.item(1), scene.item(2)
    scene.sheet(1, "present", excluded={item: "designated"})
    assert present(scene, "19:00", item) == set()
    assert present(scene, "19:00", other) == {uid("seat 1")}


def test_the_alternate_of_an_excluded_titular_counts_once_the_titular_is_out() -> None:
    scene = Scene()
    scene.seat(1, alternate=True)
    item = scene.item()
    scene.sheet(1, "present", (None, "19:00"), excluded={item: "personal"})
    scene.sheet(1, "present", role="alternate")
    assert present(scene, "18:40", item) == set()
    assert present(scene, "19:00", item) == {uid("seat 1")}


def test_at_no_instant_nobody_is_in() -> None:
    scene = Scene(2)
    scene.seat("observer", voting=False)
    scene.present(1, 2)
    room = Register(scene.file()).room(None)
    assert (len(room.present), room.seat_count) == (0, 2)
