"""Two laptops that each kept the attendance sheet of one meeting before they synchronised."""

from __future__ import annotations

import pytest

from app.domain.meeting_state import MeetingState
from app.domain.records import reference_id
from app.errors import UserError
from tests.app.documents import reading
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level

Pair = tuple[Laptop, Laptop]
AT = "2027-03-19T18:45:00+01:00"


@pytest.fixture
def meeting(pair: Pair) -> str:
    """A meeting under way, on both laptops."""
    anne, benoit = pair
    made = anne.put(
        "meeting", title="Printemps", place="Vougeot", starts_at="2027-03-19T18:30:00+01:00"
    )
    anne.services.agenda.add(made, {"title": "Besoins", "kind": "need"})
    anne.services.meetings.convene(made, "2027-03-01T10:00:00+01:00")
    anne.services.meetings.open(made, "2027-03-19T18:30:00+01:00")
    level(anne, benoit)
    return made


@pytest.fixture
def seat(pair: Pair, meeting: str) -> str:
    """The seat of Vougeot, on both laptops."""
    anne, benoit = pair
    person = anne.put("person", first_name="Jeanne", last_name="Roux")
    commune = reference_id("organisation", "21716")
    made = anne.put("roster_entry", organisation_id=commune, titular_person_id=person)
    level(anne, benoit)
    return made


def state(laptop: Laptop, meeting: str) -> MeetingState:
    return laptop.services.meetings.state(meeting)


def missing(laptop: Laptop, meeting: str) -> str:
    return " ".join(one.what for one in laptop.services.meetings.check(meeting).missing)


def excluded(laptop: Laptop, meeting: str) -> dict[str, str]:
    found = state(laptop, meeting)
    return dict(found.item(found.file.items[0]).room.excluded)


def is_present(laptop: Laptop, meeting: str, seat: str) -> bool:
    return seat in state(laptop, meeting).at(AT).room.present


@pytest.mark.parametrize("first", [0, 1])
def test_a_seat_told_present_and_excused_is_to_be_told_again(
    pair: Pair, meeting: str, seat: str, first: int
) -> None:
    anne, benoit = pair
    for one in (pair[first], pair[1 - first]):
        status = "present" if one is anne else "excused"
        one.services.attendance.mark(meeting, seat, status)
    level(benoit, anne)
    assert "Jeanne Roux (Vougeot) est deux fois sur la feuille" in missing(anne, meeting)
    assert [is_present(one, meeting, seat) for one in pair] == [True, True]
    anne.services.attendance.leave(meeting, seat, "2027-03-19T18:40:00+01:00")
    level(anne, benoit)
    for one in pair:
        assert not is_present(one, meeting, seat)
        assert len(one.services.records.list("attendance")) == 1
        assert "deux fois" not in missing(one, meeting)
    anne.services.undo.undo()
    assert len(anne.services.records.list("attendance")) == 2


def test_an_absence_told_last_is_believed(pair: Pair, meeting: str, seat: str) -> None:
    anne, benoit = pair
    for one in pair:
        one.services.attendance.mark(meeting, seat, "present")
    level(anne, benoit)
    assert "deux fois" not in missing(anne, meeting)
    anne.services.attendance.mark(meeting, seat, "absent")
    level(anne, benoit)
    assert [is_present(one, meeting, seat) for one in pair] == [False, False]
    with pytest.raises(UserError, match="n'est pas dans la salle"):
        benoit.services.attendance.leave(meeting, seat)


def test_who_is_told_present_twice_stands_once_in_the_minutes(
    pair: Pair, meeting: str, seat: str
) -> None:
    anne, benoit = pair
    guest = anne.put("person", first_name="Paul", last_name="Petit")
    level(anne, benoit)
    anne.services.attendance.arrive(meeting, seat, "2027-03-19T18:40:00+01:00")
    anne.services.attendance.leave(meeting, seat, "2027-03-19T18:50:00+01:00")
    benoit.services.attendance.arrive(meeting, seat, "2027-03-19T19:10:00+01:00")
    for one in pair:
        one.services.attendance.welcome(meeting, guest)
    level(anne, benoit)
    words = " ".join(reading.text(anne.services.documents.make("minutes", meeting).data).split())
    assert words.count("Jeanne Roux") == 1
    assert "de 18 h 40 à 18 h 50 et à partir de 19 h 10" in words
    assert words.count("Paul Petit") == 1


def test_an_arrival_told_twice_is_printed_once_and_ends_with_one_departure(
    pair: Pair, meeting: str, seat: str
) -> None:
    anne, benoit = pair
    for one, minute in ((anne, "40"), (benoit, "42")):
        one.services.attendance.arrive(meeting, seat, f"2027-03-19T18:{minute}:00+01:00")
    anne.services.attendance.leave(meeting, seat, "2027-03-19T18:44:00+01:00")
    level(anne, benoit)
    words = " ".join(reading.text(anne.services.documents.make("minutes", meeting).data).split())
    assert "Jeanne Roux à partir de 18 h 40 Quorum" in words
    assert is_present(anne, meeting, seat)
    with pytest.raises(UserError, match="déjà dans la salle"):
        anne.services.attendance.arrive(meeting, seat, AT)
    left = anne.services.attendance.leave(meeting, seat, "2027-03-19T18:44:30+01:00")
    assert not is_present(anne, meeting, seat)
    assert [stay.arrived for stay in left.fields.intervals] == ["2027-03-19T18:40:00+01:00"]


def test_an_interest_told_twice_stays_the_strongest_and_is_taken_back_once(
    pair: Pair, meeting: str, seat: str
) -> None:
    anne, benoit = pair
    item = anne.services.records.list("agenda_item", meeting_id=meeting)[0].id
    for one, interest in zip(pair, ("personal", "designated"), strict=True):
        line = one.services.attendance.mark(meeting, seat, "present")
        one.services.attendance.exclude(line.id, item, interest)
    level(anne, benoit)
    line = anne.services.records.list("attendance")[0]
    assert anne.services.attendance.exclude(line.id, item, None).fields.exclusions == ()
    assert excluded(anne, meeting) == {}
    anne.services.undo.undo()
    assert excluded(anne, meeting) == {seat: "designated"}
    anne.services.attendance.mark(meeting, seat, "present")
    assert len(anne.services.records.list("attendance")) == 1
    assert excluded(anne, meeting) == {seat: "designated"}


def test_who_is_noted_before_the_titular_is_named_is_the_titular(
    pair: Pair, meeting: str, seat: str
) -> None:
    anne, _ = pair
    titular = anne.get(seat)["titular_person_id"]
    anne.put("roster_entry", seat, titular_person_id=None)
    anne.services.attendance.mark(meeting, seat, "present")
    anne.put("roster_entry", seat, titular_person_id=titular)
    anne.services.attendance.mark(meeting, seat, "absent")
    assert not is_present(anne, meeting, seat)
    assert len(anne.services.records.list("attendance")) == 1


def test_two_guests_without_a_name_are_not_one(pair: Pair, meeting: str) -> None:
    anne, _ = pair
    for intervals in ([], [{"arrived": AT, "left": None}]):
        anne.put("attendance", meeting_id=meeting, intervals=intervals)
    assert "deux fois" not in missing(anne, meeting)


@pytest.mark.parametrize("persons", [1, 2])
def test_a_person_given_a_seat_on_each_laptop_is_to_keep_one(
    pair: Pair, meeting: str, persons: int
) -> None:
    anne, benoit = pair
    commune = reference_id("organisation", "21716")
    fields = {"first_name": "Jeanne", "last_name": "Roux", "organisation_id": commune}
    known = [one.put("person", **fields) for one in pair[:persons]]
    level(anne, benoit)
    seats = [
        one.put("roster_entry", organisation_id=commune, titular_person_id=person)
        for one, person in ((anne, known[0]), (benoit, known[-1]))
    ]
    level(anne, benoit)
    for one in pair:
        assert "Jeanne Roux (Vougeot) a deux sièges" in missing(one, meeting)
        assert state(one, meeting).at(AT).quorum.needed == 2
    benoit.put("roster_entry", seats[1], until="2027-03-01")
    level(benoit, anne)
    for one in pair:
        assert "deux sièges" not in missing(one, meeting)
        assert state(one, meeting).at(AT).quorum.needed == 1
    benoit.services.records.delete(seats[1])
    level(benoit, anne)
    assert anne.state() == benoit.state()
