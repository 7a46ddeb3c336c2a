"""The checklist of the minutes: what other laptops, and newer programs, left in a meeting."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import msgspec
import pytest

from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.minutes import checklist
from app.domain.records import Conflict, Interval, Person, Record
from tests.app.domain.builders import Scene, at, record, uid

AUTHORED = "2027-03-20T09:00:00+01:00"


def whole() -> Scene:
    """A meeting with a record of each kind that its counts and its words come from."""
    scene = Scene(3)
    scene.present(1, 2)
    item = scene.item()
    scene.proxy(3, to=1)
    scene.ballot(item, for_count=2)
    scene.add("decision", agenda_item_id=item, text="Le site sera refait.")
    scene.add("action", agenda_item_id=item, text="Écrire", owner="Anne", due_on="2027-04-01")
    scene.add("need", agenda_item_id=item, title="Un site", words="Vieux.")
    return scene


def found(file: MeetingFile) -> list[tuple[str, str]]:
    return [(one.what, one.record_id) for one in checklist(MeetingState(file))]


def newer(one: Record[Any]) -> Record[Any]:
    return msgspec.structs.replace(one, unread=("status",))


HELD = ("commission", "meeting", "items", "roster", "attendances", "proxies", "ballots",
        "decisions", "actions", "needs")  # fmt: skip


@pytest.mark.parametrize("part", HELD)
def test_what_a_newer_program_wrote_of_any_record_is_named(part: str) -> None:
    file = whole().file()
    assert found(file) == []
    held = getattr(file, part)
    changed: Any = newer(held) if isinstance(held, Record) else (*held[:-1], newer(held[-1]))
    ((what, record_id),) = found(replace(file, **{part: changed}))
    assert "« état » vient d'une version plus récente du programme" in what
    assert record_id == (held if isinstance(held, Record) else held[-1]).id


def test_each_part_of_the_file_is_looked_at_or_known_not_to_count() -> None:
    aside = {"convocations", "minutes", "conflicts", "persons", "organisations", "watch_notes",
             "solutions", "reconvened_from"}  # fmt: skip
    assert {one.name for one in fields(MeetingFile)} == {*HELD} | aside


@pytest.mark.parametrize(
    ("kind", "label", "unit", "what"),
    [
        ("agenda_item", "item meeting 1", "presenter",
         "Point 1 (Sujet 1) : deux versions restent à départager (rapporteur)."),
        ("agenda_item", "item meeting 1", "deleted",
         "Point 1 (Sujet 1) : deux versions restent à départager."),
        ("ballot", "ballot meeting 1", "ballot", "Vote : deux versions restent à départager."),
        ("need", "need meeting 1", "words",
         "Besoin : deux versions restent à départager (paroles)."),
        ("need", "need meeting 1", "title", None),
        ("meeting", "meeting", "status", None),
        ("hologram", "hologram", "colour", None),
    ],
)  # fmt: skip
def test_two_versions_of_what_the_minutes_hold_are_to_be_decided(
    kind: str, label: str, unit: str, what: str | None
) -> None:
    conflict = record(Conflict(record_kind=kind, record_id=uid(label), unit=unit), uid("conflict"))
    file = replace(whole().file(), conflicts=(conflict,))
    assert found(file) == ([(what, conflict.id)] if what else [])


def guest(scene: Scene, label: str, person: str | None, **told: Any) -> str:
    return scene.add("attendance", label, meeting_id=scene.meeting_id, person_id=person, **told)


def test_a_presence_told_twice_and_differently_is_named_once() -> None:
    scene = whole()
    scene.present(1)
    assert found(scene.file()) == []  # told alike
    again = scene.sheet(1, "present", ("19:00", None))
    scene.absent(1)
    ((what, sheet),) = found(scene.file())
    assert what.startswith("Présences : Titulaire 1 (Commune 1) est deux fois sur la feuille, et")
    assert sheet == again


def test_one_arrival_written_in_two_offsets_is_told_twice_alike() -> None:
    scene = Scene(2)
    for arrived in ("2027-03-19T18:40:00+01:00", "2027-03-19T17:40:00Z"):
        scene.present(1, since=arrived)
    assert not any("deux fois" in what for what, _ in found(scene.file()))


def test_a_presence_told_of_a_seat_is_that_of_its_titular() -> None:
    scene = whole()
    guest(scene, "b", None, roster_entry_id=uid("seat 1"))
    assert found(scene.file()) == []
    twice = guest(scene, "c", None, roster_entry_id=uid("seat 1"), status="absent")
    assert [sheet for what, sheet in found(scene.file()) if "deux fois" in what] == [twice]


def test_a_guest_told_twice_and_differently_is_named_if_the_guest_has_a_name() -> None:
    scene = whole()
    anne = uid("guest")
    scene.persons[anne] = record(Person(first_name="Anne", last_name="Martin"), anne)
    guest(scene, "a", None)
    guest(scene, "b", None, intervals=(Interval(arrived=at("19:00")),))
    guest(scene, "c", anne)
    assert found(scene.file()) == []
    twice = guest(scene, "d", anne, status="excused")
    ((what, sheet),) = found(scene.file())
    assert what.startswith("Présences : Anne Martin est deux fois sur la feuille")
    assert sheet == twice


def test_a_seat_without_a_titular_told_twice_and_differently_is_named() -> None:
    scene = whole()
    seat = scene.add("roster_entry", organisation_id=uid("organisation 1"), voting=False)
    guest(scene, "a", None, roster_entry_id=seat)
    twice = guest(scene, "b", None, roster_entry_id=seat, status="absent")
    assert [sheet for what, sheet in found(scene.file()) if "deux fois" in what] == [twice]


def test_two_addenda_of_one_number_are_named_once_frozen() -> None:
    scene = whole()
    minutes, other = uid("minutes"), uid("other minutes")
    frozen = {"addendum_to_id": minutes, "frozen_at": AUTHORED}
    scene.add("minutes", "first", **frozen, number=1)
    scene.add("minutes", "draft", addendum_to_id=minutes, number=1)
    scene.add("minutes", "second", **frozen, number=2)
    scene.add("minutes", "of others", **frozen | {"addendum_to_id": other}, number=1)
    scene.add("minutes", "whole", frozen_at=AUTHORED, number=1)
    scene.add("minutes", "whole too", frozen_at=AUTHORED, number=1)
    assert found(scene.file()) == []
    twice = scene.add("minutes", "again", **frozen, number=1)
    assert found(scene.file()) == [
        ("Additifs : deux portent le numéro 1, nommez-les par leur date de gel.", twice)
    ]
