"""Export and import on real workspaces: the same records, all or nothing, and what is refused."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook

from app.bootstrap import Services
from app.clock import new_id
from app.domain import validation
from app.domain.canonical import canonical
from app.domain.records import MAX_TEXT, Envelope, Record, RosterEntry, reference_id
from app.errors import UserError
from app.services.changes import Change
from app.services.seating import place_said
from app.services.table_writing import TableReport
from app.services.turnouts import turnouts
from app.storage import blobs
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock
from tests.workspaces import edited, light_workspace

VOUGEOT = reference_id("organisation", "21716")


@pytest.fixture
def services(tmp_path: Path, clock: FakeClock) -> Iterator[Services]:
    """A workspace with one commune, for archives are of everything."""
    opened = Services(light_workspace(tmp_path / "espace", clock=clock))
    opened.settings.sign_changes()
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(tmp_path: Path, clock: FakeClock) -> Iterator[Services]:
    """Another workspace, without a commission."""
    opened = Services(light_workspace(tmp_path / "ailleurs", clock=clock))
    yield opened
    opened.close()


def everything(services: Services, *, deleted: bool = False) -> list[Envelope]:
    with services.workspace.reading() as unit:
        return list(unit.select(deleted=deleted))


def a_commission_at_work(services: Services) -> Scene:
    """A convened commission with a meeting, its votes, a need, and a solution costed."""
    scene = Scene(4, status="convened")
    scene.present(1, 2, 3)
    scene.item(1, number="4 bis", original=False)
    stage(services, scene)
    space = COMMISSION
    need = services.records.create(
        "need", {"title": "Sauvegarde", "organisation_ids": [VOUGEOT], "theme": "backup"}, space
    )
    plan = {"years": 1, "key": {"kind": "equal"}, "offers": []}
    services.records.create("solution", {"need_ids": [need.id], "plan": plan}, space)
    return scene


def test_an_export_imported_elsewhere_gives_the_same_records(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    a_commission_at_work(services)
    path = tmp_path / "tout.json"
    assert services.exports.archive(path) == (len(everything(services)), 0)
    report = elsewhere.imports.archive(path)
    assert not report.changed
    assert not report.refused
    assert everything(elsewhere) == everything(services)
    again = elsewhere.imports.archive(path)
    assert (again.created, again.changed) == ([], [])
    assert len(again.skipped) == len(everything(services))


@pytest.mark.parametrize("history", [False, True])
def test_a_frozen_meeting_is_judged_alike_where_an_archive_brought_it(
    services: Services, elsewhere: Services, clock: FakeClock, tmp_path: Path, history: bool
) -> None:
    scene = Scene(4, day="2026-03-20")
    scene.present(1, 2, 3)
    scene.ballot(scene.item(), for_count=3)
    meeting_id = stage(services, scene)
    services.minutes.freeze(meeting_id, at("20:45", "2026-03-20"))
    before = services.meetings.check(meeting_id)
    listed = turnouts(services.records)
    clock.forward(minutes=5)
    services.records.create("roster_entry", {}, COMMISSION)
    services.records.update(uid("seat 3"), {"voting": False})
    if history:  # a commission that comes without it has no former rules
        services.records.update(COMMISSION, {"quorum_fraction": "9/10"})
    services.exports.archive(tmp_path / "tout.json", history=history)
    elsewhere.imports.archive(tmp_path / "tout.json")
    assert elsewhere.meetings.check(meeting_id) == before
    assert turnouts(elsewhere.records) == listed


@pytest.mark.parametrize("name", ["tout.json", "tout.zip"])
def test_an_archive_is_never_held_whole(
    services: Services, commission_id: str, tmp_path: Path, name: str
) -> None:
    words = {f"Besoin {number}": f"{number} " * 4_000 for number in range(200)}
    fields = ({"title": title, "words": text} for title, text in words.items())
    services.records.put([Change("need", one, None, commission_id) for one in fields])
    path = tmp_path / name
    services.exports.archive(path)
    tracemalloc.start()
    services.exports.archive(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len("".join(words.values())) / 4


def test_a_dry_run_announces_what_it_would_do_and_does_nothing(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "tout.json"
    services.exports.archive(path)
    before = everything(elsewhere)
    report = elsewhere.imports.archive(path, dry_run=True)
    assert [(one.kind, one.id) for one in report.created] == [("commission", commission_id)]
    assert everything(elsewhere) == before


def test_a_record_that_differs_is_an_ordinary_edit_that_can_be_undone(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "Avant"})
    path = tmp_path / "besoins.json"
    services.exports.archive(path, "need")
    services.records.update(need.id, {"title": "Après"})
    (changed,) = services.imports.archive(path).changed
    assert changed.sentence == "besoin « Avant » : modification (titre)."
    assert services.records.get(need.id).fields.title == "Avant"
    assert services.records.history(need.id)[0].changes == {"title": ["Après", "Avant"]}
    services.undo.undo()
    assert services.records.get(need.id).fields.title == "Après"


def test_history_and_deleted_records_come_along_when_asked(
    services: Services, elsewhere: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    services.settings.set("author_name", "Mme Martin")
    need = services.records.create("need", {"title": "A"})
    clock.forward(minutes=5)
    services.records.update(need.id, {"title": "B"})
    gone = services.records.create("need", {"title": "C"})
    services.records.delete(gone.id)
    path = tmp_path / "tout.zip"
    services.exports.archive(path, history=True)
    clock.forward(days=3)
    elsewhere.imports.archive(path)
    assert everything(elsewhere, deleted=True) == everything(services, deleted=True)
    last, first = elsewhere.records.history(need.id)
    assert (last.changes, last.author, last.at) == (
        {"title": ["A", "B"]}, "Mme Martin", "2027-03-19T18:05:00+01:00",
    )  # fmt: skip
    assert first.changes == {"title": ["", "A"]}
    assert elsewhere.records.restore(need.id).fields["title"] == "A"
    assert elsewhere.records.restore(gone.id).fields["title"] == "C"
    with elsewhere.workspace.reading() as unit:
        assert {one.envelope.id for one in edited(unit)} == {commission_id, need.id, gone.id}


def test_a_history_that_begins_later_than_its_record_is_given_its_creation(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "A", "words": "Mots"})
    services.records.update(need.id, {"title": "B"})
    path = tmp_path / "tout.json"
    services.exports.archive(path, history=True)
    document = json.loads(path.read_text("utf-8"))
    first("need", document["records"])["history"].pop()
    path.write_text(json.dumps(document), "utf-8")
    elsewhere.imports.archive(path)
    assert [entry.changes for entry in elsewhere.records.history(need.id)] == [
        {"title": ["A", "B"]},
        {"title": ["", "A"], "words": ["", "Mots"]},
    ]


def test_an_import_with_history_can_be_undone(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "A"})
    services.records.update(need.id, {"title": "B"})
    services.records.delete(services.records.create("need", {"title": "C"}).id)
    path = tmp_path / "tout.json"
    services.exports.archive(path, history=True)
    before = everything(elsewhere)
    elsewhere.imports.archive(path)
    elsewhere.undo.undo()
    assert everything(elsewhere) == before


def test_an_import_of_what_came_from_the_central_can_be_undone_and_done_again(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "A"})
    with services.workspace.unit("Synchronisation") as unit:
        kept = unit.stored(need.id)
        assert kept is not None
        fields = kept.envelope.fields | {"title": "Fibre"}
        unit.receive(msgspec.structs.replace(kept.envelope, fields=fields), author="Camille")
        unit.commit()
    solution = services.records.create("solution", {"title": "Sauvegarde"}).id
    services.records.create("theme", {"code": "fibre", "label": "Fibre"}, None)
    brought = [
        ("need_digest", {"title": "Ailleurs", "theme": "fibre", "solution_id": solution}),
        ("solution_tally", {"solution_id": solution}),
    ]
    with services.workspace.unit() as unit:
        unit.receive_new(
            Envelope(kind=kind, id=new_id(), revision=7, fields=validation.complete(kind, fields))
            for kind, fields in brought
        )
        unit.commit()
    path = tmp_path / "tout.json"
    services.exports.archive(path, history=True)
    before = everything(elsewhere)
    elsewhere.imports.archive(path)
    elsewhere.undo.undo()
    assert everything(elsewhere) == before
    elsewhere.undo.redo()
    assert elsewhere.records.get(need.id).fields.title == "Fibre"


def test_a_record_deleted_here_comes_back_and_one_deleted_there_goes(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "A"})
    alive, dead = tmp_path / "vivant.json", tmp_path / "mort.json"
    services.exports.archive(alive, "need")
    services.records.delete(need.id)
    services.exports.archive(dead, "need", history=True)
    services.imports.archive(alive)
    assert services.records.get(need.id).fields.title == "A"
    services.imports.archive(dead)
    assert services.records.envelope(need.id, deleted=True).deleted


def test_attachments_travel_in_the_zip(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    with services.workspace.unit() as unit:
        sha256 = blobs.keep(unit, b"%PDF devis")
        blobs.keep(unit, b"%PDF que rien ne nomme")
        unit.commit()
    need = services.records.create("need", {"title": "A"})
    services.records.create("attachment", {"owner_id": need.id, "name": "devis", "sha256": sha256})
    path = tmp_path / "tout.zip"
    services.exports.archive(path)
    assert set(zipfile.ZipFile(path).namelist()) == {"archive.json", f"blobs/{sha256}"}
    foreign = hashlib.sha256(b"autre chose").hexdigest()
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(f"blobs/{foreign}", b"autre chose")
    elsewhere.imports.archive(path)
    with elsewhere.workspace.reading() as unit:
        assert blobs.content(unit, sha256) == b"%PDF devis"
        assert blobs.content(unit, foreign) is None


def test_an_attachment_that_lies_about_its_size_is_refused_with_the_archive(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    with services.workspace.unit() as unit:
        sha256 = blobs.keep(unit, b"%PDF devis")
        unit.commit()
    need = services.records.create("need", {"title": "A"})
    quote = {"owner_id": need.id, "name": "devis", "sha256": sha256, "size": 10}
    kept = services.records.create("attachment", quote)
    lie = "champ « size » : la taille annoncée n'est pas celle du fichier, qui compte 10 octets"
    with pytest.raises(UserError, match=lie):
        services.records.update(kept.id, {"size": 11})
    path, lying = tmp_path / "vrai.zip", tmp_path / "faux.zip"
    services.exports.archive(path)
    with zipfile.ZipFile(path) as true, zipfile.ZipFile(lying, "w") as file:
        for name in true.namelist():
            file.writestr(name, true.read(name).replace(b'"size":10', b'"size":9'))
    with pytest.raises(UserError, match=lie):
        elsewhere.imports.archive(lying)
    assert elsewhere.records.list("need") == []
    elsewhere.imports.archive(path)
    assert elsewhere.records.get(kept.id).fields.size == 10


def frozen(services: Services, path: Path) -> Scene:
    """Writes an archive of a meeting whose minutes are frozen."""
    scene = Scene(2)
    item = scene.item(1, number="1")
    stage(services, scene)
    services.exports.archive(path)
    content = {"séance": item}
    document = json.loads(path.read_text("utf-8"))
    fields = {
        "meeting_id": scene.meeting_id,
        "frozen_at": "2027-03-19T20:40:00+01:00",
        "content": content,
        "content_sha256": hashlib.sha256(canonical(content)).hexdigest(),
    }
    minutes = {"kind": "minutes", "id": VOUGEOT[:-1] + "0", "commission_id": COMMISSION}
    document["records"].insert(0, minutes | {"fields": fields})
    path.write_text(json.dumps(document), "utf-8")
    return scene


def test_frozen_minutes_come_in_with_what_they_hold_still(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    path = tmp_path / "gelé.json"
    scene = frozen(services, path)
    elsewhere.imports.archive(path)
    assert elsewhere.imports.archive(path).changed == []
    (item,) = elsewhere.records.list("agenda_item", meeting_id=scene.meeting_id)
    document = json.loads(path.read_text("utf-8"))
    first("agenda_item", document["records"])["fields"]["notes"] = "d'autres mots"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UserError, match="gelé"):
        elsewhere.imports.archive(path)
    assert elsewhere.records.get(item.id) == item


def sealed(services: Services, path: Path) -> tuple[Scene, dict[str, Any]]:
    """A meeting whose minutes are frozen, and the archive of its workspace."""
    scene = Scene(4)
    scene.present(1, 2, 3)
    scene.ballot(scene.item(1, number="1"), for_count=3)
    stage(services, scene)
    services.minutes.freeze(scene.meeting_id)
    services.exports.archive(path)
    return scene, json.loads(path.read_text("utf-8"))


def test_what_minutes_seal_comes_in_without_emptying_how_to_reach_people(
    services: Services, tmp_path: Path
) -> None:
    scene = Scene(2)
    scene.present(1, 2)
    stage(services, scene)
    person, town = uid("titular 1"), uid("organisation 1")
    reached = {"email": "paul@roy.fr", "phone": "06 11 22 33 44"}
    noted = reached | {"address": "1, rue Haute", "notes": "Ouverte le mardi."}
    services.records.update(person, reached)
    services.records.update(town, noted)
    sealed = services.minutes.freeze(scene.meeting_id).record.fields.content
    services.records.update(person, {"role": "maire"})
    file = tmp_path / "joint-au-pdf.json"
    file.write_bytes(canonical(sealed))
    changed = services.imports.archive(file).changed
    assert [(one.kind, one.id) for one in changed] == [("person", person)]
    fields = services.records.get(person).fields
    assert (fields.email, fields.phone, fields.role) == (*reached.values(), "")
    assert services.records.get(town).fields.notes == "Ouverte le mardi."


@pytest.mark.parametrize("is_draft", [True, False])
def test_nothing_takes_the_place_of_frozen_minutes(
    services: Services, elsewhere: Services, tmp_path: Path, is_draft: bool
) -> None:
    path = tmp_path / "gelé.json"
    scene, document = sealed(services, path)
    forged = json.loads(json.dumps(first("minutes", document["records"]))) | {"id": NEW_ID}
    content = forged["fields"]["content"]
    first("agenda_item", content["records"])["fields"]["notes"] = "Autre chose."
    forged["fields"]["content_sha256"] = hashlib.sha256(canonical(content)).hexdigest()
    if is_draft:
        forged["fields"] |= dict.fromkeys(("frozen_at", "content", "content_sha256", "pdf_sha256"))
    document["records"].append(forged)
    path.write_text(json.dumps(document), "utf-8")
    for into in (services, elsewhere):
        before = everything(into)
        with pytest.raises(UserError, match="corrigez-le par un additif"):
            into.imports.archive(path)
        assert everything(into) == before
    with pytest.raises(UserError, match="corrigez-le par un additif"):
        services.records.create("minutes", {"meeting_id": scene.meeting_id})


def test_a_meeting_whose_seats_changed_after_the_freeze_is_archived_as_it_is(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    path = tmp_path / "gelé.json"
    scene, _ = sealed(services, path)
    for seat in scene.file().roster:
        services.records.update(seat.id, {"voting": False})
    services.exports.archive(path)
    document = json.loads(path.read_text("utf-8"))
    first("ballot", document["records"])["fields"]["against_count"] = 1
    altered = tmp_path / "autre.json"
    altered.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UserError, match="4 voix pour 0 dans la salle"):
        elsewhere.imports.archive(altered)
    elsewhere.imports.archive(path)
    assert everything(elsewhere) == everything(services)


def test_an_approval_that_was_taken_back_is_not_made_again(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    path = tmp_path / "gelé.json"
    scene, _ = sealed(services, path)
    there = {"opened_at": "2027-04-19T18:30:00+02:00", "starts_at": "2027-04-19T18:30:00+02:00"}
    later = services.records.create("meeting", {"title": "Suite", "status": "open"} | there)
    item = services.records.create(
        "agenda_item",
        {"meeting_id": later.id, "kind": "approval", "linked_id": scene.meeting_id},
    )
    seat = scene.file().roster[0]
    sheet = {"roster_entry_id": seat.id, "person_id": seat.fields.titular_person_id}
    services.records.create("attendance", {"meeting_id": later.id} | sheet)
    ballot = services.records.create("ballot", {"agenda_item_id": item.id, "for_count": 1})
    assert services.records.get(scene.meeting_id).fields.status == "approved"
    services.records.update(scene.meeting_id, {"status": "closed"})
    services.exports.archive(path)
    elsewhere.imports.archive(path)
    assert everything(elsewhere) == everything(services)
    services.records.update(scene.meeting_id, {"status": "approved"})
    services.records.delete(ballot.id)
    assert services.records.get(scene.meeting_id).fields.status == "closed"


def test_what_a_sync_left_pointing_at_a_deleted_record_comes_along_with_its_tombstone(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    person = services.records.create("person", {"last_name": "Martin"})
    need = services.records.create("need", {"title": "A", "speaker_person_id": person.id})
    with services.workspace.unit() as unit:
        unit.receive(msgspec.structs.replace(services.records.envelope(person.id), deleted=True))
        unit.commit()
    path = tmp_path / "tout.json"
    services.exports.archive(path, history=True)
    elsewhere.imports.archive(path, dry_run=True)
    services.exports.archive(path)
    elsewhere.imports.archive(path)
    assert elsewhere.records.get(need.id).fields.speaker_person_id == person.id
    assert everything(elsewhere, deleted=True) == everything(services, deleted=True)


def archived(path: Path, *records: dict[str, Any]) -> Path:
    """An archive of records as they are given."""
    document = {
        "format": "commissions-archive",
        "version": 1,
        "made_at": "2027-03-19T18:00:00+01:00",
        "records": list(records),
    }
    path.write_text(json.dumps(document), "utf-8")
    return path


NEW_ID = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


def test_a_record_taken_in_is_still_to_be_accepted_by_the_central(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    record = {"kind": "need", "id": NEW_ID, "revision": 7, "commission_id": commission_id}
    services.imports.archive(archived(tmp_path / "a.json", record | {"fields": {"title": "A"}}))
    assert services.records.get(NEW_ID).revision == 0


def test_what_only_the_central_writes_is_kept_without_being_sent(
    services: Services, tmp_path: Path
) -> None:
    record = {"kind": "need_digest", "id": NEW_ID, "revision": 7, "fields": {"title": "Ailleurs"}}
    path = archived(tmp_path / "a.json", record)
    assert len(services.imports.archive(path).created) == 1
    assert services.records.get(NEW_ID).fields.title == "Ailleurs"
    with services.workspace.reading() as unit:
        assert edited(unit) == []
    archived(path, record | {"fields": {"title": "Autre"}})
    assert len(services.imports.archive(path).skipped) == 1
    assert services.records.get(NEW_ID).fields.title == "Ailleurs"


@pytest.mark.parametrize(
    ("record", "part"),
    [
        (
            {"kind": "theme", "commission_id": None, "fields": {}},
            "champ « kind » : cet identifiant",
        ),
        ({"commission_id": NEW_ID[:-1] + "b"}, "champ « commission_id » : la commission"),
        ({"deleted": True}, "besoin « A » s'y rapporte encore"),
    ],
)
def test_a_change_that_no_record_may_have_is_refused(
    services: Services, commission_id: str, tmp_path: Path, record: dict[str, Any], part: str
) -> None:
    group = services.records.create("need_group", {"title": "Sauvegardes"})
    services.records.create("need", {"title": "A", "need_group_id": group.id})
    given = {"kind": "need_group", "id": group.id, "commission_id": commission_id}
    with pytest.raises(UserError) as refused:
        services.imports.archive(
            archived(tmp_path / "a.json", given | {"fields": {"title": "B"}} | record)
        )
    assert part in str(refused.value)
    assert group.id in str(refused.value)
    assert services.records.get(group.id) == group


def test_whoever_reads_the_former_file_goes_on_reading_it(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "tout.json"
    path.write_text("le précédent", "utf-8")
    with path.open(encoding="utf-8") as reader:
        services.exports.archive(path)
        assert reader.read() == "le précédent"


Edit = Callable[[list[dict[str, Any]]], object]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("solution", {"title": "A", "plan": {"term": "long"}}),  # a plan with a field of its own
        ("decision", {"words": "Ni point, ni texte."}),  # without what ours must hold
        ("attachment", {"mood": None, "size": "lourd", "sha256": 3}),
    ],
)
def test_a_record_of_a_newer_schema_goes_out_with_its_history_and_comes_back_as_it_is(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path,
    *, kind: str, fields: dict[str, Any],
) -> None:  # fmt: skip
    path, again = tmp_path / "d'une autre version.json", tmp_path / "encore.json"
    services.exports.archive(path, "commission")
    document = json.loads(path.read_text("utf-8"))
    newer = {"kind": kind, "id": VOUGEOT[:-1] + "0", "schema": 2, "commission_id": commission_id}
    document["records"].append(newer | {"revision": 0, "deleted": False, "fields": fields})
    path.write_text(json.dumps(document), "utf-8")

    services.imports.archive(path)
    services.exports.archive(path, history=True)
    elsewhere.imports.archive(path)
    elsewhere.exports.archive(again, history=True)

    gone, back = (
        first(kind, json.loads(file.read_text("utf-8"))["records"]) for file in (path, again)
    )
    assert gone["fields"] == back["fields"] == fields
    assert [one["changes"] for one in back["history"]] == [
        one["changes"] for one in gone["history"]
    ]


def test_a_record_of_a_kind_that_a_newer_program_made_is_carried_as_it_is(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"title": "A"})
    services.exports.archive(tmp_path / "tout.json")
    document = json.loads((tmp_path / "tout.json").read_text("utf-8"))
    newer = first("need", document["records"])
    newer.update(kind="hologram", schema=9, fields={"mood": ["gai", {"lu": None}], "title": 216})
    (tmp_path / "neuf.json").write_text(json.dumps(document), "utf-8")
    report = elsewhere.imports.archive(tmp_path / "neuf.json")
    assert "version plus récente (hologram)" in report.created[-1].sentence
    elsewhere.exports.archive(tmp_path / "encore.json")
    again = json.loads((tmp_path / "encore.json").read_text("utf-8"))
    assert [one for one in again["records"] if one["id"] == need.id] == [newer]
    assert elsewhere.search.find("gai") == []


def first(kind: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    return next(record for record in records if record["kind"] == kind)


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (lambda records: first("need", records)["fields"].update(mood="x"), "fields.mood"),
        (lambda records: first("need", records)["fields"].update({"mo\nod": ""}), "fields.mo od"),
        (lambda records: first("need", records)["fields"].update(theme="astrologie"), "theme"),
        (lambda records: records.remove(first("commission", records)), "commission"),
        (lambda records: first("need", records).update(commission_id=None), "commission_id"),
        (lambda records: first("need", records).update(id=VOUGEOT), "identifiant"),
        (lambda records: records.append(first("need", records)), "figure déjà"),
        (lambda records: first("need", records).update(kind="idea"), "n'existe pas"),
        (lambda records: first("need", records)["fields"].update(mood="gai"), "à jour"),
        (lambda records: first("commission", records).update(deleted=True), "commission"),
    ],
)
def test_an_archive_with_a_fault_changes_nothing(
    services: Services, elsewhere: Services, tmp_path: Path, edit: Edit, part: str
) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    services.records.create("need", {"title": "A", "organisation_ids": [VOUGEOT]})
    path = tmp_path / "tout.json"
    services.exports.archive(path)
    document = json.loads(path.read_text("utf-8"))
    edit(document["records"])
    path.write_text(json.dumps(document), "utf-8")
    before = everything(elsewhere, deleted=True)
    with pytest.raises(UserError) as refused:
        elsewhere.imports.archive(path)
    assert part in str(refused.value)
    assert everything(elsewhere, deleted=True) == before


def test_a_damaged_attachment_refuses_the_whole_zip(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "tout.zip"
    services.exports.archive(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("blobs/" + "a" * 64, b"autre chose")
    before = everything(elsewhere)
    with pytest.raises(UserError, match="empreinte"):
        elsewhere.imports.archive(path)
    assert everything(elsewhere) == before


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tableau.csv"
    path.write_text(text, "utf-8")
    return path


TABLE = "Titre;Gravité;Thème;Solution\nA;3;backup;\nB;9;;\nC;;inconnu;\nD;;;\n"


def test_a_table_with_a_refused_line_changes_nothing(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    path = csv(tmp_path, TABLE)
    tried = services.table_imports.take(path, "need", dry_run=True)
    assert [one.sentence for one in tried.report.created] == [
        "Ligne 2 : besoin « A » : création.",
        "Ligne 5 : besoin « D » : création.",
    ]
    assert [one.sentence for one in tried.report.refused] == [
        "Ligne 3, colonne B (« Gravité ») : la valeur « 9 » n'est pas admise : il faut"
        " 1 (léger), 2 (gênant), 3 (grave) ou 4 (bloquant).",
        "Ligne 4, colonne C (« Thème ») : ce thème n'existe pas ou est supprimé : « inconnu ».",
    ]
    assert tried.columns == {
        "title": "Titre", "severity": "Gravité", "theme": "Thème", "solution_id": "Solution",
    }  # fmt: skip
    taken = services.table_imports.take(path, "need")
    assert not taken.done
    assert [one.sentence for one in taken.report.refused] == [
        one.sentence for one in tried.report.refused
    ]
    assert services.records.list("need") == []
    step = services.undo.next_undo()
    assert step is not None
    assert step.label != "Importation"


def titles(services: Services) -> list[str]:
    """The titles of the needs; those made within one millisecond have no order of their own."""
    return sorted(need.fields.title for need in services.records.list("need"))


def test_the_lines_refused_and_the_others_are_kept_apart_and_taken_in_later(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    tables, bad, good = services.table_imports, tmp_path / "refus.csv", tmp_path / "bons.csv"
    found = tables.take(csv(tmp_path, TABLE), "need")
    assert (tables.keep(bad, found, refused=True), tables.keep(good, found, refused=False)) == (
        2, 2,
    )  # fmt: skip
    assert tables.take(good, "need").done
    assert titles(services) == ["A", "D"]
    mended = bad.read_text("utf-8-sig").replace("B;9", "B;4").replace("inconnu", "gdpr")
    assert "Motif du refus" in mended
    assert tables.take(csv(tmp_path, mended), "need").done
    assert titles(services) == ["A", "B", "C", "D"]
    services.undo.undo()
    assert titles(services) == ["A", "D"]


def test_a_table_is_looked_at_before_it_is_taken_in(services: Services, tmp_path: Path) -> None:
    path = csv(tmp_path, "Nom;Machin;Nom\nRoy;x;y\n" + "Faure;;\n" * 5)
    look = services.table_imports.look(path, "person")
    assert look.headings == ("Nom", "Machin", "Nom")
    assert look.first_rows == [("Roy", "x", "y"), *[("Faure", "", "")] * 4]
    assert look.columns == {"last_name": 0}
    assert ("first_name", "Prénom") in look.fields


def test_the_sheet_whose_headings_are_known_is_read_behind_those_that_explain_it(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    book, path = Workbook(), tmp_path / "besoins.xlsx"
    book.active.title = "Mode d'emploi"
    book.active.append(["Une ligne par besoin"])
    for name, rows in {
        "Accueil": [["Besoin", "de 8 h à 12 h"], ["Un besoin", "Appelez-nous"]],
        "Besoins": [["Titre", "Gravité"], ["Sauvegarde", 3]],
        "Délégués": [["Nom", "Prénom", "Téléphone"], ["Roy", "Zoé", "0380000000"]],
    }.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    tables = services.table_imports
    assert tables.look(path, "need").headings == ("Titre", "Gravité")
    assert tables.look(path, "person").headings == ("Nom", "Prénom", "Téléphone")
    assert tables.likeliest(path, ["organisation", "person"]) == "person"
    found = tables.take(path, "need")
    assert [one.sentence for one in found.report.created] == [
        "Ligne 2 : besoin « Sauvegarde » : création."
    ]
    assert found.remarks[0] == (
        "Seule la feuille « Besoins » est lue, les autres ne le sont pas : « Mode d'emploi »,"
        " « Accueil », « Délégués »."
    )
    told = tables.take(path, "need", {"title": "Besoin", "words": "de 8 h à 12 h"}, dry_run=True)
    assert told.headings == ("Besoin", "de 8 h à 12 h")


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Code INSEE;Commune;Population;Nom;Prénom", "person"),
        ("Code INSEE;Commune;Délégué;Mail;Téléphone", "person"),
        ("Collectivité;Représentant;Adresse;Téléphone;Courriel", "person"),
        ("Nom;Code INSEE;Courriel", "organisation"),
        ("Code INSEE;Commune;Courriel;Téléphone", "organisation"),
        ("Code INSEE;Commune;Département;Population", "organisation"),
    ],
)
def test_a_list_of_delegates_is_not_taken_for_one_of_their_communes(
    services: Services, tmp_path: Path, headings: str, kind: str
) -> None:
    path = csv(tmp_path, f"{headings}\n")
    assert services.table_imports.likeliest(path, ["organisation", "person"]) == kind


def test_a_commune_is_called_as_its_own_column_says_and_not_as_its_delegate(
    services: Services, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Code INSEE;Commune;Nom;Population\n21716;Vougeot;Roy;150\n")
    columns = services.table_imports.look(path, "organisation").columns
    assert columns == {"insee_code": 0, "name": 1, "population": 3}


@pytest.mark.parametrize(
    "headings",
    [
        "Commune;Nom;Fonction;Courriel",
        "Nom de la commune;Nom;Mail",
        "Commune;Population;Nom;Courriel",
        "Civilité;Nom;Commune;Courriel",
        "N° INSEE;Nom;Commune",
    ],
)
def test_a_commune_is_called_as_the_column_before_somebody_s_name_says(
    services: Services, tmp_path: Path, headings: str
) -> None:
    columns = services.table_imports.look(csv(tmp_path, f"{headings}\n"), "organisation").columns
    assert "ommune" in headings.split(";")[columns["name"]]


def test_a_need_of_which_only_the_department_is_filled_is_said_to_ask_nothing(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Besoin;Département\nFibre;21\n;21\n")
    report = services.table_imports.take(path, "need").report
    assert [one.sentence for one in report.skipped] == ["Ligne 3 : elle ne demande rien."]


def test_a_syndicate_is_not_called_as_the_commune_of_its_seat(
    services: Services, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Nom;Commune;SIREN;Courriel\nSIVOM de l'Autunois;Autun;257102030;\n")
    columns = services.table_imports.look(path, "organisation").columns
    assert columns == {"name": 0, "siren": 2, "email": 3}


def test_columns_given_by_their_rank_are_obeyed(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Nom;Machin;Nom\nRoy;x;Zoé\n")
    columns = {"last_name": 0, "first_name": 2}
    assert services.table_imports.take(path, "person", columns=columns).done
    (person,) = services.records.list("person")
    assert (person.fields.last_name, person.fields.first_name) == ("Roy", "Zoé")


def test_an_import_that_is_given_up_midway_changes_nothing(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    def give_up(line: int, lines: int) -> None:
        assert lines == 3
        if line == 2:
            raise InterruptedError

    path = csv(tmp_path, "Titre\nA\nB\nC\n")
    with pytest.raises(InterruptedError):
        services.table_imports.take(path, "need", progress=give_up)
    assert services.records.list("need") == []


def test_a_table_goes_to_the_commission_that_is_named(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    other = services.records.create("commission", {"name": "Autre"}, None).id
    here = services.records.create("need", {"title": "Fibre"}, commission_id)
    path = csv(tmp_path, "Titre;Gravité\nFibre;3\n")
    assert services.table_imports.take(path, "need", commission_id=other).report.created
    assert services.table_imports.take(path, "need", commission_id=commission_id).report.changed
    assert services.records.get(here.id).fields.severity == 3


def test_a_theme_that_stands_twice_in_a_table_is_made_once(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Code;Libellé\nfibre;La fibre\nfibre;Le très haut débit\n")
    report = services.table_imports.take(path, "theme", commission_id=commission_id).report
    (made,), (changed,) = report.created, report.changed
    assert made.id == changed.id == reference_id("theme", "fibre")
    assert services.records.get(made.id).fields.label == "Le très haut débit"


@pytest.mark.parametrize(
    ("kind", "lines", "made"),
    [
        ("organisation", "Code INSEE;Nom;Population\n21999;Neuve;5\n21999;Neuve;6\n", 1),
        ("person", "Nom;Prénom;Commune\nRoy;Zoé;Vougeot\nRoy;Zoé;21716\n", 1),
        ("person", "Nom;Prénom;Commune\nL'Hay;Zoé;Vougeot\nL’Hay;Zoé;21716\n", 1),
        ("person", "Nom;Prénom;Courriel\nRoy;Zoé;a@x.fr\nRoy;Zoé;b@x.fr\n", 2),
        ("need", "Titre;Propos;Communes\nSite;En panne;Vougeot\nSite ;en panne;Vougeot\n", 1),
        ("roster_entry", "Collectivité;Votant\nVougeot;oui\nVougeot;oui\n", 2),
    ],
)
@pytest.mark.usefixtures("commission_id")
def test_a_line_that_stands_twice_in_a_table_is_taken_once_but_for_seats(
    services: Services, tmp_path: Path, kind: str, lines: str, made: int
) -> None:
    report = services.table_imports.take(csv(tmp_path, lines), kind).report
    assert (len(report.created), len(report.changed) + len(report.skipped)) == (made, 2 - made)


def test_a_line_about_a_known_commune_changes_it_and_the_same_again_changes_nothing(
    services: Services, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Code INSEE;Adhésion;Services\n21716;adhérent;Parapheur | Marchés\n")
    assert len(services.table_imports.take(path, "organisation").report.changed) == 1
    fields = services.records.get(VOUGEOT).fields
    assert (fields.membership, fields.services) == ("member", ("Parapheur", "Marchés"))
    again = services.table_imports.take(path, "organisation").report
    assert (len(again.changed), len(again.skipped)) == (0, 1)


def test_persons_known_already_are_seated_by_the_same_table_and_only_once(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Prénom;Nom;Commune\nZoé;Faure;Vougeot\nLéa;Petit;Vougeot\n")
    tables, records = services.table_imports, services.records
    assert tables.take(path, "person").done
    assert len(tables.take(path, "person", seats=True, dry_run=True).report.changed) == 1
    assert records.list("roster_entry") == []
    for changed in (1, 0):
        report = tables.take(path, "person", seats=True).report
        assert (len(report.changed), len(report.skipped)) == (changed, 2 - changed)
        (seat,) = records.list("roster_entry")
        assert seat.fields.organisation_id == VOUGEOT
        assert records.get(seat.fields.titular_person_id or "").fields.last_name == "Faure"
    services.undo.undo()
    assert records.list("roster_entry") == []
    assert len(records.list("person")) == 2


@pytest.mark.usefixtures("commission_id")
def test_what_becomes_of_the_lines_is_told_in_the_order_of_the_table_whoever_sits_already(
    services: Services, tmp_path: Path
) -> None:
    take = services.table_imports.take
    take(csv(tmp_path, "Nom;Commune\nRoy;Vougeot\nPetit;Vougeot\n"), "person", seats=True)
    long = "x" * (MAX_TEXT + 1)  # which is refused once it is to be written
    rows = f"Petit;Vougeot;a\nRoy;Vougeot;b\nPetit;Vougeot;{long}\nRoy;Vougeot;{long}\n"
    path = csv(tmp_path, f"Nom;Commune;Courriel\n{rows}")
    found = take(path, "person", seats=True, dry_run=True)
    assert [one.sentence[:7] for one in found.report.changed] == ["Ligne 2", "Ligne 3"]
    assert [one.sentence[:7] for one in found.report.refused] == ["Ligne 4", "Ligne 5"]
    assert [row[0] for row in found.refused_rows] == ["Petit", "Roy"]
    assert found.remarks[0].endswith(": « a » (ligne 2), « b » (ligne 3).")


@pytest.mark.usefixtures("commission_id")
def test_a_table_seats_who_is_titular_and_who_deputises_whichever_comes_first(
    services: Services, tmp_path: Path
) -> None:
    path = csv(
        tmp_path,
        "Nom;Commune;Titulaire/Suppléant\nRoy;Vougeot;Suppléante\nFaure;Vougeot;Titulaire\n"
        "Petit;Vougeot;S\nNoël;;T\n",
    )
    tables, records = services.table_imports, services.records
    unasked = tables.take(path, "person", dry_run=True)
    assert unasked.remarks == [
        "1 personne n'a pas de collectivité : ligne 5.",
        "« Titulaire/Suppléant » ne sert qu'à donner des sièges, et aucun n'est demandé.",
    ]
    report = tables.take(path, "person", seats=True).report
    assert [one.sentence for one in report.created] == [
        "Ligne 2 : personne « Roy » de Vougeot (21) : création, suppléance donnée.",
        "Ligne 3 : personne « Faure » de Vougeot (21) : création, siège donné.",
        "Ligne 4 : personne « Petit » de Vougeot (21) : création, sans siège.",
        "Ligne 5 : personne « Noël » sans collectivité : création, sans siège.",
    ]
    (seat,) = records.list("roster_entry")
    held = (seat.fields.titular_person_id, seat.fields.alternate_person_id)
    assert [records.get(one or "").fields.last_name for one in held] == ["Faure", "Roy"]
    services.undo.undo()
    assert records.list("roster_entry") == records.list("person") == []


def test_a_deputy_takes_the_place_that_is_free_in_the_one_seat_of_a_commune(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    records = services.records
    home = {"organisation_id": VOUGEOT}
    titular = records.create("person", {"last_name": "Faure", **home}, commission_id).id
    seat = records.create("roster_entry", {"titular_person_id": titular, **home}, commission_id)
    path = csv(tmp_path, "Nom;Commune;Qualité\nFaure;Vougeot;Suppléant\nRoy;Vougeot;Suppléant\n")
    services.table_imports.take(path, "person", seats=True)
    (found,) = records.list("roster_entry")
    assert (found.id, found.fields.titular_person_id) == (seat.id, titular)
    assert records.get(found.fields.alternate_person_id or "").fields.last_name == "Roy"
    records.create("roster_entry", home, commission_id)
    path = csv(tmp_path, "Nom;Commune\nNoël;Vougeot\nPetit;Vougeot\n")
    made, other = services.table_imports.take(path, "person", seats=True).report.created
    assert made.sentence.endswith("création, siège donné.")
    assert other.sentence.endswith("création, sans siège.")


def roster(services: Services) -> list[str]:
    """« Titulaire/Suppléant » of each seat, in the order in which they were made."""
    records = services.records
    names = {one.id: one.fields.last_name for one in records.list("person")}
    seats = [one.fields for one in records.list("roster_entry")]
    return sorted(
        f"{names.get(seat.titular_person_id, '')}/{names.get(seat.alternate_person_id, '')}"
        for seat in seats
    )


DELEGATES = "Nom;Commune;T/S\n"

Seated = Callable[..., TableReport]


@pytest.fixture
def seated(services: Services, commission_id: str, tmp_path: Path) -> Seated:
    """Imports lines of delegates and has them sit, `since` a day if there is one."""

    def take(rows: str, since: str | None = None) -> TableReport:
        path = csv(tmp_path, DELEGATES + rows)
        return services.table_imports.take(path, "person", seats=True, since=since)

    return take


@pytest.mark.parametrize(
    ("later", "seats", "said"),
    [
        ("Roy;T", ["Faure/Roy"], {"Roy": "garde la suppléance"}),
        ("Roy;T Noël;S", ["Faure/Roy"], {"Roy": "garde la suppléance", "Noël": "sans siège"}),
        ("Noël;S Roy;T", ["Faure/Roy"], {"Roy": "garde la suppléance", "Noël": "sans siège"}),
        ("Roy;T Faure;S", ["Roy/Faure"], {"Roy": "siège donné", "Faure": "suppléance donnée"}),
        ("Faure;S Roy;T", ["Roy/Faure"], {"Roy": "siège donné", "Faure": "suppléance donnée"}),
        ("Noël;S Roy;T Faure;S", ["Roy/Faure"], {"Faure": "donnée", "Noël": "sans siège"}),
        ("Faure;S Noël;T", ["Faure/Roy"], {"Faure": "garde le siège", "Noël": "sans siège"}),
        ("Noël;T Faure;S", ["Faure/Roy"], {"Faure": "garde le siège", "Noël": "sans siège"}),
        ("Faure;S", ["Faure/Roy"], {"Faure": "garde le siège"}),
        ("Roy;", ["Faure/Roy"], {"Roy": "sans changement"}),
        ("Faure;T Roy;T", ["Faure/", "Roy/"], {"Roy": "siège donné"}),
        ("Noël;T", ["Faure/Roy"], {"Noël": "sans siège"}),
    ],
)
def test_a_later_table_moves_who_it_says_to_a_place_that_is_free_or_left_and_tells_the_others(
    services: Services, seated: Seated, later: str, seats: list[str], said: dict[str, str]
) -> None:
    seated("Faure;Vougeot;T\nRoy;Vougeot;S\n")
    rows = (one.replace(";", ";Vougeot;") for one in later.split())
    found = seated("\n".join(rows))
    report = found.report
    told = [one.sentence for one in (*report.created, *report.changed, *report.skipped)]
    for name, words in said.items():
        assert any(f"« {name} »" in one and one.endswith(f"{words}.") for one in told), told
    assert any("celle que dit le tableau" in one for one in found.remarks) == any(
        "garde" in words for words in said.values()
    )
    assert roster(services) == seats


def test_an_alternate_becomes_titular_once_the_seat_is_left(
    services: Services, seated: Seated
) -> None:
    seated("Roy;Vougeot;S\n")
    seated("Noël;Vougeot;S\nRoy;Vougeot;T\n")
    assert roster(services) == ["Roy/Noël"]


def test_a_commune_gets_a_seat_for_each_titular_that_a_table_says_and_no_more_the_next_time(
    services: Services, seated: Seated
) -> None:
    rows = "A;Vougeot;T\nD;Vougeot;S\nB;Vougeot;T\nE;Vougeot;S\nC;Vougeot;T\n"
    report = seated(rows).report
    assert roster(services) == ["A/D", "B/E", "C/"]
    assert report.created[3].sentence.endswith("suppléance donnée auprès de B.")
    report = seated(rows).report
    assert (len(report.changed), len(report.skipped)) == (0, 5)
    seated("A;Vougeot;T\nF;Vougeot;T\n")
    assert roster(services) == ["A/D", "B/E", "C/"]
    turned = "A;Vougeot;S\nD;Vougeot;T\nB;Vougeot;T\nC;Vougeot;T\n"
    report = seated(turned).report
    assert roster(services) == ["B/E", "C/", "D/A"]
    assert report.changed[0].sentence.endswith("suppléance donnée.")


def test_a_place_that_nobody_holds_is_given_before_one_that_is_to_be_left(
    services: Services, seated: Seated
) -> None:
    for rows in ("D T\nA S\nF T\nG S\n", "F S\nG T\nD S\nA T\n"):
        seated(rows.replace(" ", ";Vougeot;"))
    assert roster(services) == ["A/D", "G/F"]


def test_nobody_leaves_a_seat_for_a_place_that_their_line_was_not_given(
    services: Services, seated: Seated
) -> None:
    seated("A;Vougeot;T\nB;Vougeot;T\n")
    found = seated("A;Vougeot;S\nC;Vougeot;T\n")
    assert roster(services) == ["A/", "B/"]
    assert len(found.remarks) == 2


@pytest.mark.usefixtures("commission_id")
def test_a_whole_name_that_does_not_say_its_order_is_shown_parted_and_counted(
    services: Services, tmp_path: Path
) -> None:
    tables = services.table_imports
    path = csv(tmp_path, "Nom et prénom\nDE LA TOUR Marie\nM. Jean Dupont\nLe Goff Anne\n")
    tried = tables.take(path, "person", dry_run=True)
    assert [one.sentence for one in tried.report.created] == [
        "Ligne 2 : personne « Marie DE LA TOUR » sans collectivité : création.",
        "Ligne 3 (nom « Jean » et prénom « Dupont ») : personne « Dupont Jean » sans"
        " collectivité : création.",
        "Ligne 4 (nom « Le Goff » et prénom « Anne ») : personne « Anne Le Goff » sans"
        " collectivité : création.",
    ]
    assert tried.remarks == [
        "2 noms sont à vérifier, rien n'y distinguant le prénom : nom « Jean » et prénom"
        " « Dupont » (ligne 3), nom « Le Goff » et prénom « Anne » (ligne 4)."
    ]
    told = tables.take(path, "person", {"first_last": "Nom et prénom"}, dry_run=True)
    assert "Ligne 3 (nom « Dupont » et prénom « Jean »)" in told.report.created[1].sentence


@pytest.mark.usefixtures("commission_id")
def test_a_column_of_last_names_that_hold_first_names_too_is_said(
    services: Services, tmp_path: Path
) -> None:
    tables = services.table_imports
    path = csv(tmp_path, "Nom;Commune\nROY Zoé;Vougeot\nJean Dupont;Vougeot\nLe Goff;Vougeot\n")
    (remark,) = tables.take(path, "person", dry_run=True).remarks
    assert remark == (
        "« Nom » semble dire aussi les prénoms : dites que cette colonne contient « Nom et"
        " prénom »."
    )
    assert tables.take(path, "person", {"last_first": "Nom"}).remarks[0].startswith("1 nom est à")
    again = csv(tmp_path, "Nom;Prénom\nLe Roy Dupont;Zoé\n")
    assert tables.take(again, "person", dry_run=True).remarks == []


@pytest.mark.usefixtures("commission_id")
def test_the_heading_of_names_says_who_deputises_where_nothing_else_does(
    services: Services, tmp_path: Path
) -> None:
    tables = services.table_imports
    rows = "Vougeot;ROY Zoé;FAURE Léa\nVougeot;NOËL Ida;\n"
    path = csv(tmp_path, f"Commune;Titulaire;Suppléante\n{rows}")
    assert tables.take(path, "person", seats=True).remarks == []
    assert roster(services) == ["NOËL/", "ROY/FAURE"]
    services.undo.undo()
    assert services.records.list("person") == services.records.list("roster_entry") == []
    titulars = {"last_first": "Titulaire", "alternate_role": "Suppléante"}
    assert tables.take(path, "person", titulars, seats=True).done
    again = csv(tmp_path, f"Commune;Nom;Suppléante\n{rows}")
    found = tables.take(again, "person", {"last_first": "Suppléante"}, seats=True)
    assert found.remarks == ["1 colonne n'est pas lue : « Nom »."]
    assert [one.sentence for one in found.report.skipped] == ["Ligne 3 : elle ne nomme personne."]
    assert roster(services) == ["NOËL/", "ROY/FAURE"]


@pytest.mark.usefixtures("commission_id")
@pytest.mark.parametrize(("role", "more"), [("Titulaire", 0), ("Élu", 1)])
def test_a_column_of_places_is_proposed_where_nothing_says_them(
    services: Services, tmp_path: Path, role: str, more: int
) -> None:
    rows = f"ROY;Vougeot;{role}\nFAURE;Vougeot;\nNOËL;Vougeot;\n"
    path = csv(tmp_path, f"Nom;Commune;Fonction\n{rows}")
    remarks = services.table_imports.take(path, "person", seats=True).remarks
    proposed = "Une colonne « Titulaire ou suppléant » en donnerait un à chaque titulaire."
    assert remarks == ["2 personnes restent sans siège.", proposed][: 1 + more]


@pytest.mark.usefixtures("commission_id")
@pytest.mark.parametrize("column", ["Nom", "Nom et prénom"])
@pytest.mark.parametrize(
    "nobody",
    [
        "VACANT", "À désigner", "-", "Poste à pourvoir", "Aucun", "NC", "n.c.", "XX", "VACANT(E)",
        "Non désigné(e)",
        "En cours de désignation", "Désignation en cours", "Pas de suppléant", "Non communiqué",
    ],
)  # fmt: skip
def test_a_place_that_nobody_holds_in_a_list_makes_no_person(
    services: Services, tmp_path: Path, column: str, nobody: str
) -> None:
    path = csv(tmp_path, f"{column};Commune;T/S\nROY Zoé;Vougeot;T\n{nobody};Vougeot;S\n")
    report = services.table_imports.take(path, "person", seats=True).report
    assert [one.sentence for one in report.skipped] == ["Ligne 3 : elle ne nomme personne."]
    assert len(services.records.list("person")) == 1


@pytest.mark.usefixtures("commission_id")
def test_a_list_still_to_be_filled_names_nobody_and_seats_nobody(
    services: Services, tmp_path: Path
) -> None:
    rows = "Vougeot;Roy;Zoé;;\nArcenant;;;;\nQuincey;;;Déléguée titulaire;\nMessanges;;;;m@x.fr\n"
    path = csv(tmp_path, f"Commune;Nom;Prénom;Fonction;Courriel\n{rows}")
    report = services.table_imports.take(path, "person", seats=True).report
    assert [one.sentence for one in report.skipped] == [
        "Ligne 3 : elle ne nomme personne.",
        "Ligne 4 : elle ne nomme personne.",
    ]
    assert len(report.created) == len(services.records.list("roster_entry")) == 2


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Titulaire (suppléant : M. Roy)", "titular_person_id"),
        ("T", "titular_person_id"),
        ("Délégué suppléant", "alternate_person_id"),
        ("SUPPLÉANTE de la titulaire", "alternate_person_id"),
        ("s.", "alternate_person_id"),
        ("Responsable du support", None),
        ("", None),
    ],
)
def test_who_is_titular_and_who_deputises_is_said_by_the_first_word_that_tells(
    said: str, place: str | None
) -> None:
    assert place_said(said) == place


@pytest.mark.parametrize(
    ("until", "given"),
    [
        ("2027-03-19", {"Faure": "siège donné", "Roy": "suppléance donnée"}),
        ("2027-03-20", {"Faure": "sans changement", "Roy": "suppléance donnée"}),
    ],
)
def test_a_table_fills_the_seat_that_ends_later_and_makes_a_new_one_after_its_end(
    services: Services, commission_id: str, tmp_path: Path, until: str, given: dict[str, str]
) -> None:
    records, home = services.records, {"organisation_id": VOUGEOT}
    titular = records.create("person", {"last_name": "Faure", **home}, commission_id).id
    records.create(
        "roster_entry", {"titular_person_id": titular, "until": until, **home}, commission_id
    )
    records.create("person", {"last_name": "Roy", **home}, commission_id)
    path = csv(tmp_path, "Nom;Commune;Qualité\nFaure;Vougeot;\nRoy;Vougeot;Suppléant\n")
    report = services.table_imports.take(path, "person", seats=True).report
    told = [one.sentence for one in (*report.created, *report.changed, *report.skipped)]
    for name, what in given.items():
        assert any(f"« {name} »" in one and one.endswith(f"{what}.") for one in told), told


def terms(services: Services) -> list[str]:
    """« Titulaire/Suppléant depuis/jusqu'au » of each seat, and who has no vote."""
    records = services.records
    names = {one.id: one.fields.last_name for one in records.list("person")}
    return sorted(
        f"{names.get(seat.titular_person_id, '')}/{names.get(seat.alternate_person_id, '')}"
        f" {seat.from_ or ''}/{seat.until or ''}{'' if seat.voting else ' sans vote'}"
        for seat in (one.fields for one in records.list("roster_entry"))
    )


def seat_of(services: Services, name: str) -> Record[RosterEntry]:
    """The only seat of the organisation of that name."""
    (home,) = services.records.list("organisation", None, name=name)
    (seat,) = services.records.list("roster_entry", organisation_id=home.id)
    return seat


def test_a_table_renews_the_seats_of_the_communes_that_it_names_from_a_day_on(
    services: Services, seated: Seated
) -> None:
    records = services.records
    records.create("organisation", {"name": "Chaux", "department": "21"}, None)
    rows = "A;Vougeot;T\nB;Vougeot;S\nC;Quincey;T\nD;Quincey;S\nE;Arcenant;T\nF;Messanges;T\n"
    seated(rows)
    records.update(seat_of(services, "Arcenant").id, {"voting": False})
    rows = "B;Vougeot;T\nX;Vougeot;S\nC;Quincey;T\nD;Quincey;S\nY;Arcenant;T\nZ;Chaux;T\n"
    found = seated(rows, since="2027-03-15")
    assert found.remarks == ["2 sièges d'avant prennent fin le 15 mars 2027 : A, E."]
    assert terms(services) == [
        "A/B /2027-03-15",
        "B/X 2027-03-15/",
        "C/D /",
        "E/ /2027-03-15 sans vote",
        "F/ /",
        "Y/ 2027-03-15/ sans vote",
        "Z/ 2027-03-15/",
    ]
    services.undo.undo()
    assert terms(services) == ["A/B /", "C/D /", "E/ / sans vote", "F/ /"]


def test_the_seats_of_before_a_renewal_to_come_are_left_by_the_same_table_again(
    services: Services, seated: Seated
) -> None:
    seated("A;Vougeot;T\nB;Vougeot;S\nC;Quincey;T\n")
    rows = "B;Vougeot;T\nA;Vougeot;S\nC;Quincey;S\nD;Quincey;T\n"
    seated(rows, since="2027-04-01")
    held = ["A/B /2027-04-01", "B/A 2027-04-01/", "C/ /2027-04-01", "D/C 2027-04-01/"]
    assert terms(services) == held
    found = seated(rows, since="2027-04-01")
    assert (terms(services), len(found.report.skipped), found.remarks) == (held, 4, [])


def test_a_seat_that_a_table_makes_after_one_that_ended_begins_at_its_end(
    services: Services, seated: Seated
) -> None:
    records = services.records
    seated("A;Vougeot;T\n")
    (seat,) = records.list("roster_entry")
    records.update(seat.id, {"until": "2027-03-01"})
    seated("B;Vougeot;T\n")
    assert terms(services) == ["A/ /2027-03-01", "B/ 2027-03-01/"]


@pytest.mark.parametrize("name", ["besoins.csv", "besoins.xlsx"])
def test_a_table_written_here_is_read_elsewhere(
    services: Services, elsewhere: Services, commission_id: str, tmp_path: Path, name: str
) -> None:
    fields = {"title": "=HYPERLINK(1)", "words": "« Oui »\n-non", "organisation_ids": [VOUGEOT]}
    need = services.records.create("need", fields)
    commission = services.records.envelope(commission_id)
    elsewhere.records.put([Change("commission", commission.fields, commission_id)])
    assert services.exports.table(tmp_path / name, "need") == 1
    elsewhere.table_imports.take(tmp_path / name, "need")
    assert elsewhere.records.get(need.id) == need


def test_ballots_of_a_table_are_judged_by_the_rules_of_the_room(
    services: Services, tmp_path: Path
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    item = scene.item(1, number="1")
    stage(services, scene)
    text = f"Point de l'ordre du jour;Question;Pour\n{item};Oui ?;9\n{item};Soit ?;3\n"
    report = services.table_imports.take(csv(tmp_path, text), "ballot").report
    assert [one.sentence[:8] for one in report.refused] == ["Ligne 2,"]
    assert len(report.created) == 1
    assert services.records.list("ballot") == []
    refused = services.table_imports.take(
        csv(tmp_path, "Question\nOui ?\n"), "ballot"
    ).report.refused
    assert refused[0].sentence.startswith("Ligne 2, champ « Point de l'ordre du jour » : il faut")


def test_a_file_that_cannot_be_written_leaves_the_former_one(
    services: Services, tmp_path: Path
) -> None:
    import resource  # the limits of a process are POSIX

    path = tmp_path / "tout.json"
    path.write_text("le précédent", "utf-8")
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, former[1]))
    try:
        with pytest.raises(UserError, match="un fichier aussi grand"):
            services.exports.archive(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert path.read_text("utf-8") == "le précédent"
    assert {each.name for each in tmp_path.iterdir()} == {"tout.json", "espace"}


def test_a_folder_that_is_not_there_is_said(services: Services, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ne peut être écrit"):
        services.exports.archive(tmp_path / "absent" / "tout.json")
    with pytest.raises(UserError, match="ne peut être lu"):
        services.imports.archive(tmp_path / "absent.zip")


def test_frozen_content_holds_no_control_character(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    path = tmp_path / "gelé.json"
    _, document = sealed(services, path)
    fields = first("minutes", document["records"])["fields"]
    first("agenda_item", fields["content"]["records"])["fields"]["notes"] = "a\x1b[31m"
    fields["content_sha256"] = hashlib.sha256(canonical(fields["content"])).hexdigest()
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UserError, match=r"U\+001B"):
        elsewhere.imports.archive(path)


def test_the_columns_of_peoples_own_tables_are_known_and_those_left_are_said(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    person = {"first_name": "Paul", "last_name": "Roy"}
    roy = services.records.create("person", person, commission_id)
    path = csv(
        tmp_path, "Titre;Ce qui est dit;Commune;Élu;Vu le\nA;Plus rien.;Vougeot;Paul Roy;hier\n"
    )
    trial = services.table_imports.take(path, "need", dry_run=True)
    assert trial.remarks == [
        "2 colonnes ne sont pas lues : « Élu », « Vu le »."
    ]  # a name may be new
    found = services.table_imports.take(path, "need", {"speaker_person_id": "Élu"})
    assert found.remarks == ["1 colonne n'est pas lue : « Vu le »."]
    (need,) = services.records.list("need")
    assert (need.fields.words, need.fields.speaker_person_id) == ("Plus rien.", roy.id)
    assert need.fields.organisation_ids == (VOUGEOT,)


def test_what_is_no_address_is_said_with_its_line_and_taken_in_all_the_same(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    rows = "".join(f"N{n};mairie{n} arobase exemple.fr\n" for n in range(5))
    path = csv(tmp_path, f"Nom;Courriel\nRoy;roy@exemple.fr\n{rows}")
    found = services.table_imports.take(path, "person")
    (said,) = found.remarks
    assert said.startswith("5 courriels ne sont pas des adresses : « mairie0 arobase exemple.fr »")
    assert said.endswith("« mairie3 arobase exemple.fr » (ligne 6), …")
    assert len(services.records.list("person")) == 6


@pytest.mark.usefixtures("commission_id")
@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("need", "Titre;Gravité\nA;2\n;3\n", "1 ligne n'a pas de titre : ligne 3."),
        ("need", "Titre;Gravité\n", "Il n'y a aucune ligne sous les titres."),
        (
            "person",
            "Nom;Commune;Code INSEE\nRoy;Vougeot;21716\nPetit;;\nBrun;;\n",
            "2 personnes n'ont pas de collectivité : ligne 3, ligne 4.",
        ),
        (
            "organisation",
            "Commune;Courriel\nVougeot;a@b.fr\nAtlantis;a@b.fr\n",
            "1 collectivité est nouvelle, son nom ou son code est à vérifier : « Atlantis »"
            " (ligne 3).",
        ),
        (
            "organisation",
            "Commune;Code INSEE;Département\nVougeot;21999;21\n",
            "1 collectivité est nouvelle, son nom ou son code est à vérifier : « Vougeot »"
            " (ligne 2).",
        ),
        ("organisation", "SIREN;Courriel\n1;a@b.fr\n", "1 ligne n'a pas de nom : ligne 2."),
    ],
)
def test_what_a_line_lacks_is_said(
    services: Services, tmp_path: Path, kind: str, text: str, said: str
) -> None:
    found = services.table_imports.take(csv(tmp_path, text), kind, dry_run=True)
    assert found.remarks[-1] == said


DESIGNATIONS = """Commune;Titulaire;;;Suppléant;;
;Nom;Prénom;Courriel;Nom;Prénom;Courriel
Vougeot;ROY;Zoé;roy@a.fr;PETIT;Ali;petit@a.fr
Vougeot;NOËL;Ida;;;;
Vougeot;BLANC;Éva;;FAURE;Léa;
Quincey;;;;MARTIN;Jo;
Arcenant;VACANT;;;à désigner;;
"""


@pytest.mark.usefixtures("commission_id")
def test_the_titular_and_the_deputy_of_a_line_come_in_together_and_hold_one_seat(
    services: Services, tmp_path: Path
) -> None:
    path, take = csv(tmp_path, DESIGNATIONS), services.table_imports.take
    found = take(path, "person", seats=True)
    assert [one.sentence for one in found.report.created] == [
        "Ligne 3 : personne « Zoé ROY » de Vougeot (21) : création, siège donné.",
        "Ligne 3 : personne « Ali PETIT » de Vougeot (21) : création, suppléance donnée.",
        "Ligne 4 : personne « Ida NOËL » de Vougeot (21) : création, siège donné.",
        "Ligne 5 : personne « Éva BLANC » de Vougeot (21) : création, siège donné.",
        "Ligne 5 : personne « Léa FAURE » de Vougeot (21) : création, suppléance donnée auprès"
        " d'Éva BLANC.",
        "Ligne 6 : personne « Jo MARTIN » de Quincey (21) : création, suppléance donnée.",
    ]
    assert [one.sentence for one in found.report.skipped] == ["Ligne 7 : elle ne nomme personne."]
    assert roster(services) == ["/MARTIN", "BLANC/FAURE", "NOËL/", "ROY/PETIT"]
    assert services.records.list("person", last_name="PETIT")[0].fields.email == "petit@a.fr"
    again = take(path, "person", seats=True).report
    assert (len(again.created), len(again.changed), len(again.skipped)) == (0, 0, 7)
    services.undo.undo()
    assert services.records.list("person") == services.records.list("roster_entry") == []


@pytest.mark.usefixtures("commission_id")
def test_a_deputy_takes_no_other_seat_than_that_of_the_titular_of_their_line(
    services: Services, tmp_path: Path
) -> None:
    take = services.table_imports.take
    take(csv(tmp_path, "Commune;Titulaire\nVougeot;ROY Zoé\n"), "person", seats=True)
    rows = "Vougeot;NOËL Ida;PETIT Ali\nVougeot;ROY Zoé;\n"
    take(csv(tmp_path, f"Commune;Titulaire;Suppléant\n{rows}"), "person", seats=True)
    assert roster(services) == ["NOËL/PETIT", "ROY/"]
    more = "Vougeot;ROY Zoé;\nVougeot;BLANC Luc;FAURE Léa\n"
    found = take(csv(tmp_path, f"Commune;Titulaire;Suppléant\n{more}"), "person", seats=True)
    assert roster(services) == ["NOËL/PETIT", "ROY/"]
    assert found.remarks == ["2 personnes restent sans siège."]


@pytest.mark.usefixtures("commission_id")
def test_what_is_wrong_of_a_deputy_is_said_with_the_column_and_holds_the_whole_line_back(
    services: Services, tmp_path: Path
) -> None:
    path = csv(
        tmp_path,
        "Commune;Titulaire;Suppléant;Courriel du suppléant\n"
        "Vougeot;ROY Zoé;M. Ali PETIT et Mme Léa FAURE;\n"
        "Nulle-Part;NOËL Ida;BLANC Luc;\n"
        "Quincey;MARTIN Jo / BRUN Max;LEROY Eva;#N/A\n"
        "Arcenant;BRUN Max;DE LA TOUR\u00a0Marie;\n",
    )
    found = services.table_imports.take(path, "person", seats=True)
    assert [one.sentence for one in found.report.refused] == [
        "Ligne 2, colonne C (« Suppléant ») : la cellule nomme plusieurs personnes : n'en gardez"
        " qu'une, et donnez une ligne aux autres.",
        "Ligne 3, colonne A (« Commune ») : aucune collectivité ne s'appelle « Nulle-Part » :"
        " corrigez son nom, ou donnez son code INSEE ou son SIREN.",
        "Ligne 4, colonne B (« Titulaire ») : la cellule nomme plusieurs personnes : n'en gardez"
        " qu'une, et donnez une ligne aux autres.",
        "Ligne 4, colonne D (« Courriel du suppléant ») : « #N/A » est l'erreur d'une formule :"
        " corrigez-la ou videz la cellule.",
    ]
    assert (len(found.refused_rows), len(found.accepted_rows)) == (3, 1)
    assert services.records.list("person") == []


@pytest.mark.usefixtures("commission_id")
def test_two_persons_are_told_by_a_civility_on_a_new_line_however_long_the_white_before_it(
    services: Services, tmp_path: Path
) -> None:
    whites = (" \n ", ", ", "\n" * 100_000)
    lines = [
        f'"Zoé ROY{white}{other}"\n' for white in whites for other in ("Mme X", "LUY", "Melle X")
    ]
    path = csv(tmp_path, f"Nom complet\n{''.join(lines)}")
    refused = services.table_imports.take(path, "person").report.refused
    found = [one.sentence.partition(",")[0] for one in refused]
    assert found == [f"Ligne {line}" for line in (2, 4, 5, 7, 8, 10)]
    assert all("plusieurs personnes" in one.sentence for one in refused)


@pytest.mark.usefixtures("commission_id")
def test_a_column_that_says_whether_each_deputises_names_nobody_and_gives_the_places(
    services: Services, tmp_path: Path
) -> None:
    path = csv(tmp_path, "Commune;Nom;Suppléant\nVougeot;ROY;Oui\nVougeot;PETIT;non\n")
    found = services.table_imports.take(path, "person", seats=True)
    assert (found.remarks, found.columns["seat"]) == ([], "Suppléant")
    assert len(services.records.list("person")) == 2
    assert roster(services) == ["PETIT/ROY"]


@pytest.mark.usefixtures("commission_id")
def test_of_the_columns_left_only_one_of_names_is_proposed_for_another_import(
    services: Services, tmp_path: Path
) -> None:
    text = "Commune;Civilité du titulaire;Titulaire;Suppléant 1;Suppléant 2\nVougeot;M.;ROY Zoé;;\n"
    found = services.table_imports.take(csv(tmp_path, text), "person", seats=True)
    assert found.remarks[1].startswith("Pour prendre aussi ceux de « Suppléant 2 », importez")


@pytest.mark.usefixtures("commission_id")
def test_who_was_known_without_commune_is_the_one_that_a_table_names_with_one(
    services: Services, tmp_path: Path
) -> None:
    take, records = services.table_imports.take, services.records
    take(csv(tmp_path, "Nom;Prénom\nROY;Zoé\nPETIT;Ali\n"), "person")
    rows = "Roy;Zoé;Vougeot\nRoy;Zoé;Quincey\nPetit;;Vougeot\n"
    found = take(csv(tmp_path, f"Nom;Prénom;Commune\n{rows}"), "person")
    assert found.remarks == [
        "1 personne connue sans collectivité en reçoit une : « Zoé Roy » (ligne 2)."
    ]
    assert [one.sentence[:7] for one in found.report.created] == ["Ligne 3", "Ligne 4"]
    assert len(records.list("person", last_name="Roy")) == 2
    again = take(csv(tmp_path, f"Nom;Prénom;Commune\n{rows}"), "person").report
    assert (len(again.created), len(again.changed)) == (0, 0)


@pytest.mark.usefixtures("commission_id")
def test_the_only_person_of_a_whole_name_is_the_one_that_a_table_names_without_commune(
    services: Services, tmp_path: Path
) -> None:
    take, records = services.table_imports.take, services.records
    rows = "ROY;Zoé;Vougeot\nPETIT;Ali;Vougeot\nPETIT;Ali;Quincey\nFAURE;;Quincey\n"
    take(csv(tmp_path, f"Nom;Prénom;Commune\n{rows}"), "person")
    text = "Nom;Prénom;Courriel\nRoy;zoe;roy@a.fr\nPetit;Ali;petit@a.fr\nFaure;;faure@a.fr\n"
    found = take(csv(tmp_path, text), "person", dry_run=True)
    assert found.remarks == ["1 personne est reconnue à son seul nom : « zoe Roy » (ligne 2)."]
    assert [one.sentence for one in found.report.changed] == [
        "Ligne 2 : personne « zoe Roy » de Vougeot (21) : modification (prénom, nom, courriel)."
    ]
    assert [one.sentence[:7] for one in found.report.created] == ["Ligne 3", "Ligne 4"]
    take(csv(tmp_path, text), "person")
    again = take(csv(tmp_path, f"{text}ROY;Zoé;zoe@a.fr\n"), "person", dry_run=True)
    assert (len(again.report.created), len(again.report.refused)) == (0, 1)
    by_id = f"Identifiant;Nom\n{records.list('person', last_name='Roy')[0].id};ROY\n"
    assert take(csv(tmp_path, by_id), "person").remarks == []


@pytest.mark.usefixtures("commission_id")
def test_a_person_who_stands_on_two_lines_is_one_person(services: Services, tmp_path: Path) -> None:
    path = csv(
        tmp_path,
        "Nom;Prénom;Commune;Courriel\nROY;Zoé;Vougeot;\nRoy;Zoé;Vougeot;roy@a.fr\n",
    )
    report = services.table_imports.take(path, "person").report
    assert [one.sentence for one in report.changed] == [
        "Ligne 3 : personne « Zoé Roy » de Vougeot (21) : modification (nom, courriel)."
    ]
    (person,) = services.records.list("person")
    assert person.fields.email == "roy@a.fr"


@pytest.mark.usefixtures("commission_id")
def test_a_total_and_what_a_sheet_hides_are_told_of_a_table(
    services: Services, tmp_path: Path
) -> None:
    book = Workbook()
    for row in (["Titre", "Gravité"], ["A", 2], ["Total", 2]):
        book.active.append(row)
    book.create_sheet("Plus").append(["x"])
    path = tmp_path / "besoins.xlsx"
    book.save(path)
    found = services.table_imports.take(path, "need")
    assert "Seule la feuille « Sheet » est lue" in found.remarks[0]
    assert found.report.skipped[0].sentence == "Ligne 3 : un total n'est pas lu."
    assert [one.fields.title for one in services.records.list("need")] == ["A"]


@pytest.mark.usefixtures("commission_id")
def test_what_may_be_mistaken_in_a_line_is_said_and_taken_in_all_the_same(
    services: Services, tmp_path: Path
) -> None:
    path = csv(
        tmp_path,
        "Nom;Prénom;Tél.\nRoy;Zoé;03 80 12 34 56\n;Paul;\nFaure;;0380\nPetit;;380123456\n"
        "Noël;;+32 2 123 45 67\n",
    )
    found = services.table_imports.take(path, "person")
    assert found.remarks == [
        "1 personne n'a pas de nom : ligne 3.",
        "1 téléphone est incomplet : « 0380 » (ligne 4).",
        "1 téléphone a retrouvé son zéro : « 0380123456 » (ligne 5).",
    ]
    assert found.done
