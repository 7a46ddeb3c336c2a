"""What minutes freeze."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.meeting_file import MeetingFile
from app.domain.minutes_content import UNSAID, as_frozen, content, held_in, sealed
from app.domain.records import Minutes
from app.domain.validation import complete as checked
from tests.app.domain.builders import COMMISSION, Scene, at, record, uid, with_fields


def frozen() -> tuple[Scene, dict[str, object]]:
    scene = Scene(3)
    scene.seat(4, alternate=True)
    scene.seat("elsewhere")
    scene.present(1, 2)
    scene.sheet(4, role="alternate")
    scene.proxy(3, to=1)
    item = scene.item()
    scene.ballot(item, method="roll_call", votes={uid("seat 2"): "for"}, for_count=1)
    scene.add("decision", agenda_item_id=item, text="Oui.")
    scene.add("action", agenda_item_id=item, text="Écrire")
    scene.seat("speaker", titular_person_id=None)
    scene.add("need", agenda_item_id=item, title="Un site", words="Vieux.",
              organisation_ids=(uid("organisation speaker"),))  # fmt: skip
    return scene, content(scene.file(), at("20:45"))


def test_the_content_is_the_archive_of_the_meeting_and_of_all_it_names() -> None:
    scene, archive = frozen()
    assert (archive["format"], archive["version"], archive["made_at"]) == (
        "commissions-archive", 1, at("20:45"),
    )  # fmt: skip
    records = archive["records"]
    assert isinstance(records, list)
    assert Counter(record["kind"] for record in records) == {
        "meeting": 1, "agenda_item": 1, "attendance": 3, "proxy": 1, "ballot": 1, "decision": 1,
        "action": 1, "need": 1, "person": 5, "roster_entry": 4, "organisation": 5,
    }  # fmt: skip
    assert records[0]["id"] == scene.meeting_id
    assert uid("seat elsewhere") not in {record["id"] for record in records}
    assert uid("seat 3") in {record["id"] for record in records}


def test_the_content_holds_whole_records() -> None:
    _, archive = frozen()
    records = archive["records"]
    assert isinstance(records, list)
    for one in records:
        unsaid = dict.fromkeys(UNSAID.get(one["kind"], ()), "")
        assert one["fields"] | unsaid == checked(one["kind"], one["fields"])
        assert one["fields"].keys().isdisjoint(unsaid)
        regional = one["kind"] == "organisation"
        assert one["commission_id"] == (None if regional else COMMISSION)
        assert set(one) == {
            "kind", "id", "schema", "revision", "deleted", "commission_id", "fields",
        }  # fmt: skip


def test_what_the_records_name_comes_after_them_by_kind_then_by_id() -> None:
    _, archive = frozen()
    records = archive["records"]
    assert isinstance(records, list)
    kinds = ("person", "roster_entry", "organisation")
    named = [(kinds.index(one["kind"]), one["id"]) for one in records if one["kind"] in kinds]
    assert named == sorted(named)
    assert [one["kind"] for one in records[-len(named) :]] == [kinds[rank] for rank, _ in named]


def test_the_content_tells_at_which_revision_each_record_was() -> None:
    file = Scene(1).file()
    file = dataclasses.replace(file, meeting=replace(file.meeting, revision=4))
    assert content(file, at("20:45"))["records"][0]["revision"] == 4


PARTS = ("items", "attendances", "proxies", "ballots", "decisions", "actions", "needs")


def with_minutes(scene: Scene, held: object, **fields: Any) -> MeetingFile:
    """The file of a scene, its minutes frozen with this content."""
    told: dict[str, Any] = {"frozen_at": at("20:45"), "content": held} | fields
    return dataclasses.replace(scene.file(), minutes=(record(Minutes(**told), uid("minutes")),))


@pytest.mark.parametrize("part", PARTS)
def test_what_came_after_the_freeze_is_not_of_the_minutes(part: str) -> None:
    scene, held = frozen()
    file = with_minutes(scene, held)
    assert as_frozen(file) == file
    held_there = getattr(file, part)
    late: dict[str, Any] = {part: (*held_there, replace(held_there[0], id=uid("late")))}
    assert as_frozen(dataclasses.replace(file, **late)) == file


def test_an_action_is_to_be_done_by_whom_the_minutes_say_whatever_became_of_it() -> None:
    scene, held = frozen()
    file = with_minutes(scene, held)
    (action,) = file.actions
    later = {"owner": "Zoé", "due_on": "2027-06-30", "status": "done"}
    gone_on = dataclasses.replace(
        file, actions=(replace(action, fields=replace(action.fields, **later)),)
    )
    assert as_frozen(gone_on) == file
    for unread in (None, {"owner": 3}):
        (told,) = (one for one in held["records"] if one["id"] == action.id)
        told["fields"] = unread
        assert as_frozen(gone_on) == gone_on


def test_a_meeting_whose_minutes_are_not_frozen_stands_whole() -> None:
    scene, held = frozen()
    addendum = {"addendum_to_id": uid("other minutes"), "content": {"records": [{"id": "x"}]}}
    for file in (
        scene.file(),
        with_minutes(scene, {"records": [{"id": "x"}]}, frozen_at=None),
        with_minutes(scene, held, **addendum),
        with_minutes(scene, None),
        with_minutes(scene, {"records": "none"}),
    ):
        assert as_frozen(file) == file
        assert sealed(file) == set()


def test_a_ballot_is_sealed_while_it_stands_as_the_minutes_hold_it() -> None:
    scene, held = frozen()
    file = with_minutes(scene, held)
    (ballot,) = file.ballots
    assert sealed(file) == {ballot.id}
    assert sealed(with_fields(file, ballot.id, for_count=2)) == set()
    late = replace(ballot, id=uid("late ballot"))
    assert sealed(dataclasses.replace(file, ballots=(ballot, late))) == {ballot.id}


def test_what_has_no_id_in_a_frozen_content_is_none_of_its_records() -> None:
    held = {"records": [{"id": "a"}, {"id": 3}, {}, "a", None]}
    assert held_in(held) == [{"id": "a"}]
    assert held_in(None) == held_in({}) == held_in({"records": {"id": "a"}}) == []


def test_the_content_holds_neither_addresses_nor_what_is_noted_of_a_town() -> None:
    scene = Scene(1)
    person, town = scene.persons[uid("titular 1")], scene.organisations[uid("organisation 1")]
    told = {"email": "paul@roy.fr", "phone": "06 11 22 33 44"}
    scene.persons[person.id] = replace(person, fields=replace(person.fields, **told))
    noted = told | {"address": "1, rue Haute", "notes": "Maire difficile à joindre."}
    scene.organisations[town.id] = replace(town, fields=replace(town.fields, **noted))
    scene.present(1)
    archive = str(content(scene.file(), at("20:45")))
    assert "Titulaire" in archive and "Commune 1" in archive
    assert [one for one in noted.values() if one in archive] == []
