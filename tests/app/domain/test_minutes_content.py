"""What minutes freeze."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from app.domain.minutes_content import UNSAID, content
from app.domain.validation import complete as checked
from tests.app.domain.builders import COMMISSION, Scene, at, uid


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
    for record in records:
        unsaid = dict.fromkeys(UNSAID.get(record["kind"], ()), "")
        assert record["fields"] | unsaid == checked(record["kind"], record["fields"])
        assert record["fields"].keys().isdisjoint(unsaid)
        regional = record["kind"] == "organisation"
        assert record["commission_id"] == (None if regional else COMMISSION)
        assert set(record) == {
            "kind", "id", "schema", "revision", "deleted", "commission_id", "fields",
        }  # fmt: skip


def test_the_content_does_not_depend_on_the_order_of_reading() -> None:
    assert frozen()[1] == frozen()[1]


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
