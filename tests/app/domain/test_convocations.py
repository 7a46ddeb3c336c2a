"""Whom a meeting convenes, how, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.domain.convocations import Recipient, deadline, moved, recipients, unnamed
from app.domain.records import Meeting, Organisation
from tests.app.domain.builders import Scene, at, record, uid

TODAY = date(2027, 3, 10)


def planned(seats: int = 0, **options: Any) -> Scene:
    times = {"status": "planned", "opened_at": None, "closed_at": None}
    return Scene(seats, **(times | options))


def email(scene: Scene, person: str, address: str) -> None:
    fields = msgspec.structs.replace(scene.persons[uid(person)].fields, email=address)
    scene.persons[uid(person)] = msgspec.structs.replace(scene.persons[uid(person)], fields=fields)


def by_name(scene: Scene, today: date = TODAY) -> dict[str, Recipient]:
    return {one.name: one for one in recipients(scene.file(), today)}


def test_a_member_with_an_address_gets_an_email_and_the_others_a_letter() -> None:
    scene = planned(3)
    email(scene, "titular 1", "mairie@vougeot.example")
    email(scene, "titular 2", "  ")
    email(scene, "titular 3", "néant")
    found = by_name(scene)
    assert {name: one.channel for name, one in found.items()} == {
        "Titulaire 1": "email", "Titulaire 2": "letter", "Titulaire 3": "letter",
    }  # fmt: skip


def test_the_seats_in_office_on_the_day_are_convened_voting_or_not() -> None:
    scene = planned()
    scene.seat("Gilly", until="2027-03-19")
    scene.seat("Vougeot", from_="2027-03-19")
    scene.seat("EPCI", voting=False)
    assert [one.organisation for one in recipients(scene.file(), TODAY)] == [
        "Commune EPCI", "Commune Vougeot",
    ]  # fmt: skip


def test_before_the_date_is_set_the_seats_are_those_of_today() -> None:
    scene = planned(starts_at=None)
    scene.seat("Gilly", until="2027-03-19")
    assert list(by_name(scene)) == ["Titulaire Gilly"]
    assert by_name(scene, date(2027, 3, 19)) == {}


def test_an_alternate_is_convened_where_there_is_no_titular_and_nobody_twice() -> None:
    scene = planned()
    scene.seat("Gilly", alternate=True, titular_person_id=None)
    scene.seat("Épernay", titular_person_id=uid("alternate Gilly"))
    scene.seat("Vide", titular_person_id=None)
    (only,) = recipients(scene.file(), TODAY)
    assert (only.name, only.organisation) == ("Suppléant Gilly", "Commune Gilly")
    assert unnamed(scene.file(), TODAY) == ["Commune Vide"]


def test_an_email_that_was_chosen_becomes_a_letter_once_the_address_is_gone() -> None:
    scene = planned(2)
    for seat, sent in (("titular 1", None), ("titular 2", at("09:00", "2027-03-10"))):
        scene.add("convocation", seat, meeting_id=scene.meeting_id, person_id=uid(seat),
                  channel="email", sent_at=sent)  # fmt: skip
    found = by_name(scene)
    assert [one.channel for one in found.values()] == ["letter", "email"]
    scene.add("convocation", "again", meeting_id=scene.meeting_id, person_id=uid("titular 2"),
              channel="email")  # fmt: skip
    assert by_name(scene)["Titulaire 2"].channel == "letter"


def test_a_letter_names_nobody_where_the_person_is_gone() -> None:
    scene = planned(2)
    scene.seat("Rouvray", titular_person_id=uid("gone"))
    scene.add("roster_entry", "its second seat", organisation_id=uid("organisation Rouvray"))
    assert unnamed(scene.file(), TODAY) == ["Commune Rouvray"]


def test_communes_of_one_name_are_told_apart_among_those_convened() -> None:
    scene = planned()
    for department, named in (("23", True), ("01", True), ("61", False), ("58", False)):
        scene.seat(department, **({} if named else {"titular_person_id": None}))
        place = Organisation(name="Nolay", department=department)
        key = uid(f"organisation {department}")
        scene.organisations[key] = record(place, key, None)
    assert [one.organisation for one in recipients(scene.file(), TODAY)] == [
        "Nolay (01)", "Nolay (23)",
    ]  # fmt: skip
    assert unnamed(scene.file(), TODAY) == ["Nolay (58)", "Nolay (61)"]


def test_members_stand_by_organisation_accents_aside() -> None:
    scene = planned()
    for name in ("Vougeot", "Épernay", "Fixin"):
        scene.seat(name)
    assert [one.organisation for one in recipients(scene.file(), TODAY)] == [
        "Commune Épernay", "Commune Fixin", "Commune Vougeot",
    ]  # fmt: skip


def test_what_was_prepared_and_sent_is_told_the_first_sending_counting() -> None:
    scene = planned(1)
    for label, sent in (("again", at("09:00", "2027-03-12")), ("first", at("09:00", "2027-03-10"))):
        scene.add("convocation", label, meeting_id=scene.meeting_id, person_id=uid("titular 1"),
                  channel="email", sent_at=sent)  # fmt: skip
    scene.add("convocation", "hand", meeting_id=scene.meeting_id, person_id=uid("titular 1"),
              channel="hand")  # fmt: skip
    (found,) = recipients(scene.file(), TODAY)
    assert (found.channel, found.sent_at) == ("hand", at("09:00", "2027-03-10"))
    assert len(found.sent) == 2


def test_who_was_convened_and_left_since_comes_last() -> None:
    scene = planned(1)
    scene.seat("gone", until="2027-01-01")
    scene.add("convocation", meeting_id=scene.meeting_id, person_id=uid("titular gone"),
              sent_at=at("09:00"))  # fmt: skip
    found = recipients(scene.file(), TODAY)
    assert [(one.name, bool(one.entry_id)) for one in found] == [
        ("Titulaire 1", True), ("Titulaire gone", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("meeting", "today", "words"),
    [
        ({}, "2027-03-15", "À envoyer au plus tard le lundi 15 mars 2027 (3 jours francs)"),
        ({}, "2027-03-16",
         "Trop tard : il fallait envoyer au plus tard le lundi 15 mars 2027 (3 jours francs)"),
        ({"emergency": True}, "2027-03-17",
         "À envoyer au plus tard le mercredi 17 mars 2027 (1 jour franc, urgence)"),
        ({"status": "convened"}, "2027-03-16",
         "Le dernier jour d'envoi était le lundi 15 mars 2027 (3 jours francs)"),
        ({"starts_at": None}, "2027-03-16",
         "Fixez la date de la séance pour connaître le dernier jour d'envoi"),
    ],
)  # fmt: skip
def test_the_last_day_is_said_with_its_clear_days(
    meeting: dict[str, object], today: str, words: str
) -> None:
    assert deadline(planned(**meeting).file(), date.fromisoformat(today)) == words


def test_once_all_are_convened_nothing_is_left_to_send() -> None:
    scene, today = planned(2), date(2027, 3, 14)
    for number in (1, 2):
        assert deadline(scene.file(), today).startswith("À envoyer au plus tard")
        scene.add("convocation", number, meeting_id=scene.meeting_id, sent_at=at("09:00"),
                  person_id=uid(f"titular {number}"))  # fmt: skip
    assert deadline(scene.file(), today) == (
        "Le dernier jour d'envoi est le lundi 15 mars 2027 (3 jours francs)"
    )


@pytest.mark.parametrize(
    ("status", "change", "told"),
    [
        ("convened", {"starts_at": "2027-03-20T18:30:00+01:00"}, "la nouvelle date :"),
        ("convened", {"starts_at": "2027-03-19T19:00:00+01:00"}, "la nouvelle heure :"),
        ("convened", {"starts_at": None}, "la nouvelle date :"),
        ("convened", {"place": "Vosne"}, "le nouveau lieu :"),
        ("convened", {"starts_at": None, "place": "Vosne"}, "la nouvelle date et le nouveau lieu"),
        ("convened", {"starts_at": "2027-03-19T17:30:00Z", "place": "Vougeot "}, ""),
        ("convened", {"title": "Printemps"}, ""),
        ("planned", {"place": "Vosne"}, ""),
        ("closed", {"place": "Vosne"}, ""),
    ],
)
def test_who_was_convened_is_to_be_told_of_another_hour_or_place(
    status: Any, change: dict[str, Any], told: str
) -> None:
    before = Meeting(status=status, starts_at=at("18:30"), place="Vougeot")
    after = msgspec.structs.replace(before, **change)
    for one, other in ((before, after), (after, before)):
        said = moved(one, other)
        assert told in said
        assert bool(said) == bool(told)
