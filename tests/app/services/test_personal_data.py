"""What is kept about a person: the register, its export, and erasure."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from app.bootstrap import Services
from app.documents.document import Letterhead
from app.documents.personal_report import personal_report
from app.domain.document_templates import Signer
from app.domain.erasure import ERASED
from app.domain.records import Record, reference_id
from app.errors import StorageError, UserError
from tests.app.documents.reading import faults, text
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import stage
from tests.faults.disk import Disk
from tests.workspaces import edited

VOUGEOT = reference_id("organisation", "21716")
NAME = "Zébulonnet"


@pytest.fixture
def person(services: Services, commission_id: str) -> Record[Any]:
    fields = {
        "first_name": "Ondine",
        "last_name": NAME,
        "role": "maire",
        "email": "ondine@vougeot.fr",
        "organisation_id": VOUGEOT,
    }
    return services.records.create("person", fields)


def test_the_register_lists_what_points_to_a_person_and_what_names_them(
    services: Services, person: Record[Any]
) -> None:
    make = services.records.create
    seat = make("roster_entry", {"organisation_id": VOUGEOT, "titular_person_id": person.id})
    need = make("need", {"title": "Serveur", "speaker_person_id": person.id})
    note = make("need_group", {"title": "Postes", "notes": f"Selon Ondine {NAME}, dès mars."})
    other = make("need", {"title": f"La rue {NAME}"})
    found = services.personal_data.register(person.id)
    assert found.name == f"Ondine {NAME}"
    assert [(one.record_id, one.how, one.field) for one in found.traces] == [
        (seat.id, "points", "Titulaire"),
        (need.id, "points", "Exprimé par"),
        (note.id, "names", "Notes"),
        (other.id, "may_name", "Titre"),
    ]
    assert found.traces[0].title == "Vougeot (21)"


def test_the_register_lists_what_only_the_trash_still_shows(
    services: Services, person: Record[Any]
) -> None:
    need = services.records.create("need", {"title": f"Serveur de M. {NAME}"})
    services.records.delete(need.id)
    (found,) = services.personal_data.register(person.id).traces
    assert (found.how, found.title) == ("names", f"Serveur de M. {NAME} (supprimé)")


def test_an_address_corrected_before_the_erasure_is_taken_out_of_texts_too(
    services: Services, person: Record[Any]
) -> None:
    services.records.update(person.id, {"email": "odine@vougeot.fr", "phone": "03 80 11 22 33"})
    services.records.update(person.id, {"email": "ondine@beaune.fr", "phone": ""})
    said = "Écrire à odine@vougeot.fr, à ondine@vougeot.fr ou au 0380112233."
    note = services.records.create("need_group", {"title": "Postes", "notes": said})
    services.erasures.erase(person.id)
    assert services.records.envelope(note.id).fields["notes"] == (
        f"Écrire à {ERASED}, à {ERASED} ou au {ERASED}."
    )


def test_a_register_is_of_a_person_only(services: Services, commission_id: str) -> None:
    with pytest.raises(UserError, match="n'est pas une personne"):
        services.personal_data.register(commission_id)


def test_the_export_holds_all_that_is_certain_and_nothing_of_a_namesake(
    services: Services, person: Record[Any]
) -> None:
    services.records.create("need", {"title": "Serveur", "words": f"M. {NAME} : il tombe."})
    services.records.create("need", {"title": f"La rue {NAME}"})
    report = services.personal_data.report(person.id)
    assert faults(report.data) == []
    said = text(report.data)
    assert "ondine@vougeot.fr" in said
    assert "il tombe" in said
    assert "La rue" not in said
    archive = json.loads(services.personal_data.archive(person.id).data)
    assert archive["person"]["fields"]["email"] == "ondine@vougeot.fr"
    assert [one["title"] for one in archive["concerned_by"]] == ["Serveur"]
    assert archive["history"][0]["author"] == services.workspace.author.name


def test_neither_a_homonym_nor_the_town_hall_is_told_of_or_erased_with_a_person(
    services: Services, person: Record[Any]
) -> None:
    make, get = services.records.create, services.records.get
    shared = {"email": "ondine@vougeot.fr"}
    services.records.update(VOUGEOT, shared)
    homonym = make("person", {"first_name": "Ondine", "last_name": NAME})
    sister = make("person", {"first_name": "Alix", "last_name": NAME} | shared)
    said = f"Ondine {NAME} est lasse. Mme {NAME} aussi. Écrire à ondine@vougeot.fr."
    need = make("need", {"words": said, "speaker_person_id": homonym.id})
    assert "lasse" not in text(services.personal_data.report(person.id).data)
    assert b"lasse" not in services.personal_data.archive(person.id).data
    doubtful = services.erasures.preview(person.id).doubtful
    assert {VOUGEOT, homonym.id, sister.id, need.id} == {one.record_id for one in doubtful}
    services.erasures.erase(person.id)
    assert get(need.id).fields.words == said
    assert get(sister.id).fields.email == get(VOUGEOT).fields.email == "ondine@vougeot.fr"


def test_before_an_erasure_the_other_commissions_that_have_somebody_of_this_name_are_named(
    services: Services, person: Record[Any]
) -> None:
    records, named = services.records, {"first_name": "ondine", "last_name": f"{NAME}-D'Hondt"}
    records.update(person.id, {"last_name": f"{NAME} D\u2019Hondt"})
    spaces = [
        records.create("commission", {"name": name}, None).id for name in ("Nuits", "Beaune", "Lux")
    ]
    twins = [records.create("person", named, space).id for space in spaces[:2]]
    records.create("person", {"first_name": "Alix", "last_name": NAME}, spaces[2])
    assert services.personal_data.register(person.id).elsewhere == ["« Nuits »", "« Beaune »"]
    kept, others = services.erasures.preview(person.id).kept[:2]
    assert kept.title == "Une fiche du même nom dans « Nuits » et « Beaune »"
    assert others.title == "Les autres commissions"  # « Lux » may speak of her all the same
    services.erasures.erase(twins[0])
    assert services.personal_data.register(person.id).elsewhere == ["« Beaune »"]
    services.erasures.erase(twins[1])
    assert "même nom" not in services.erasures.preview(person.id).kept[0].title


def test_what_stands_in_the_place_of_a_name_is_no_former_name(
    services: Services, person: Record[Any]
) -> None:
    services.records.create("need", {"words": f"Ondine {NAME} : il tombe."})
    services.erasures.erase(person.id)
    services.records.update(person.id, {"email": "ondine@vougeot.fr"})
    assert services.erasures.preview(person.id).doubtful == []
    assert services.personal_data.register(person.id).traces == []


def test_a_former_name_is_to_be_read_before_the_erasure(
    services: Services, person: Record[Any]
) -> None:
    need = services.records.create("need", {"words": f"Ondine {NAME} : il tombe."})
    services.records.update(person.id, {"last_name": "Martin"})
    (found,) = services.personal_data.register(person.id).traces
    assert (found.record_id, found.how) == (need.id, "may_name")
    assert [one.record_id for one in services.erasures.preview(person.id).doubtful] == [need.id]


def test_the_register_tells_stays_proxies_and_votes_but_those_of_who_sat_instead(
    services: Services,
) -> None:
    scene = Scene(2)
    scene.seat("3", alternate=True)
    scene.present(1)
    scene.sheet(2, "excused")
    scene.sheet("3", "absent")
    scene.sheet("3", role="alternate")
    scene.proxy(2, to=1)
    votes = {uid(f"seat {name}"): "for" for name in (1, 2, "3")}
    scene.ballot(scene.item("tour"), method="roll_call", votes=votes, for_count=3)
    stage(services, scene)

    def told(person_id: str) -> set[tuple[str, str, str]]:
        traces = services.personal_data.register(person_id).traces
        return {(one.kind, one.field, one.text) for one in traces if one.text}

    traces = services.personal_data.register(uid("titular 1")).traces
    assert "Commission numérique locale, 19 mars 2027" in {one.title for one in traces}
    assert all(one.at and one.author for one in traces)  # what was left to its default too
    assert told(uid("titular 1")) == {
        ("attendance", "État", "présent"),
        ("proxy", "Donné par", "Commune 2"),
        ("ballot", "Voix", "Commune 1 : pour"),
    }
    assert {
        ("attendance", "État", "excusé"),
        ("proxy", "Donné à", "Commune 1"),
        ("ballot", "Voix", "Commune 2 : pour"),
    } == told(uid("titular 2"))
    assert told(uid("titular 3")) == {("attendance", "État", "absent")}
    assert ("ballot", "Voix", "Commune 3 : pour") in told(uid("alternate 3"))


def test_a_proxy_given_before_the_sheets_are_made_is_of_the_titular(services: Services) -> None:
    scene = Scene(1)
    scene.seat("2", alternate=True)
    scene.proxy("2", to=1)
    stage(services, scene)
    given = [
        name
        for name in ("titular 1", "titular 2", "alternate 2")
        for one in services.personal_data.register(uid(name)).traces
        if one.field == "Donné à"
    ]
    assert given == ["titular 2"]


def test_a_sheet_that_names_nobody_is_of_the_titular(services: Services) -> None:
    scene = Scene(1)
    scene.seat("2", alternate=True)
    seats = uid("seat 1"), uid("seat 2")
    for seat in seats:
        said = {"roster_entry_id": seat, "status": "present"}
        scene.add("attendance", seat, meeting_id=scene.meeting_id, **said)
    votes = dict(zip(seats, ("for", "against"), strict=True))
    scene.ballot(scene.item("tour"), method="roll_call", votes=votes, for_count=1, against_count=1)
    stage(services, scene)

    def told(name: str) -> list[tuple[str, str]]:
        traces = services.personal_data.register(uid(name)).traces
        return [(one.field, one.text) for one in traces if one.text]

    assert told("titular 2") == [("État", "présent"), ("Voix", "Commune 2 : contre")]
    assert told("alternate 2") == []


def test_the_register_tells_when_and_by_whom_each_thing_was_written(
    services: Services, person: Record[Any]
) -> None:
    need = services.records.create("need", {"speaker_person_id": person.id})
    services.settings.set("author_name", "Anne Martin")
    services.records.update(need.id, {"title": f"Site de M. {NAME}"})
    traces = services.personal_data.register(person.id).traces
    written = {one.field: (one.at, one.author) for one in traces}
    now = services.workspace.clock().isoformat()
    assert set(written) == {"Exprimé par", "Titre"}
    assert written["Titre"] == (now, "Anne Martin")
    assert written["Exprimé par"][1] != "Anne Martin"
    said = text(services.personal_data.report(person.id).data)
    assert "Anne Martin" in said and "Vougeot (21)" in said
    assert "réclamation (art. 77)" in said and "36 mois" in said
    register = services.personal_data.register(person.id)
    untimed = text(personal_report(register, Letterhead(), services.workspace.clock(), None).data)
    assert "réclamation (art. 77)" in untimed and "à effacer" not in untimed


def test_erasing_empties_the_record_and_takes_the_name_out_of_notes_as_ordinary_changes(
    services: Services, person: Record[Any], tmp_path: Path
) -> None:
    make, get = services.records.create, services.records.get
    seat = make("roster_entry", {"organisation_id": VOUGEOT, "titular_person_id": person.id})
    past = {"organisation_id": VOUGEOT, "alternate_person_id": person.id, "until": "2026-01-01"}
    former = make("roster_entry", past)
    need = make("need", {"words": f"Ondine {NAME} : il tombe.", "speaker_person_id": person.id})
    street = make("need", {"title": f"La rue {NAME}"})
    photo = tmp_path / "salle.jpg"
    photo.write_bytes(b"\xff\xd8\xff")
    services.attachments.add(street.id, [photo])
    shown = services.erasures.preview(person.id)
    assert [one.title for one in shown.kept] == [
        "Les pièces jointes",
        "Les copies",
        "Ce qui est sorti du programme",
    ]
    assert {(one.field, one.after) for one in shown.edits if one.kind != "person"} == {
        ("Titulaire", ""),
        ("Paroles", f"{ERASED} : il tombe."),
    }
    assert [one.record_id for one in shown.doubtful] == [street.id]
    assert get(need.id).fields.words.startswith("Ondine")
    services.erasures.erase(person.id)
    fields = get(person.id).fields
    assert (fields.last_name, fields.first_name, fields.role, fields.email) == (ERASED, "", "", "")
    assert fields.organisation_id is None
    assert get(seat.id).fields.titular_person_id is None
    assert get(former.id).fields.alternate_person_id == person.id
    assert get(need.id).fields.words == f"{ERASED} : il tombe."
    assert get(need.id).fields.speaker_person_id == person.id
    assert get(street.id).fields.title == f"La rue {NAME}"
    with services.workspace.reading() as unit:
        assert {person.id, need.id, seat.id} <= {one.envelope.id for one in edited(unit)}


def test_nothing_of_another_commission_is_changed_by_an_erasure(
    services: Services, person: Record[Any]
) -> None:
    make, words = services.records.create, f"Ondine {NAME} : il tombe."
    space = make("commission", {"name": "Beaune"}, None).id
    need, gone = (make("need", {"words": words}, space).id for _ in range(2))
    services.records.update(need, {"words": f"{words} Souvent."})
    services.records.delete(gone)
    services.erasures.erase(person.id)
    assert services.records.get(need).fields.words == f"{words} Souvent."
    assert services.records.envelope(gone, deleted=True).fields["words"] == words
    assert ERASED not in str([services.records.history(one) for one in (need, gone)])
    assert all(one.ok for one in services.safety.examine() if one.check == "integrity")


@pytest.mark.parametrize("before", ["", "Lu au conseil. ", "Lu au conseil.\n", "Lu :\t"])
def test_no_file_of_the_workspace_holds_the_name_once_it_is_erased(
    services: Services, person: Record[Any], before: str
) -> None:
    need = services.records.create("need", {"words": f"{before}Ondine {NAME} : il tombe."})
    services.records.update(need.id, {"words": "Il tombe."})
    gone = services.records.create("need", {"title": "Fuite", "words": f"{before}Mme {NAME}"})
    services.records.delete(gone.id)
    services.settings.set("author_name", f"Ondine {NAME}")
    services.records.update(need.id, {"title": "Serveur"})
    assert services.search.find("zebulonnet")
    folder = services.workspace.folder
    assert holding(folder)
    services.settings.set("author_name", "Anne Martin")
    services.erasures.erase(person.id)
    assert services.search.find("zebulonnet") == []
    assert services.search.find("personne effacée")
    assert [one.author for one in services.records.history(need.id)][:1] == [ERASED]
    assert holding(folder) == []


def test_an_erasure_without_room_to_rewrite_the_files_says_so_and_is_ended_later(
    services: Services, person: Record[Any]
) -> None:
    full = Disk(lambda call: 0 if call.path.endswith("-wal") else errno.ENOSPC)
    services.workspace.let_go()
    with full(), pytest.raises(StorageError, match=r"se lit encore .* plein"):
        services.erasures.erase(person.id)
    assert services.records.get(person.id).fields.last_name == ERASED
    assert holding(services.workspace.folder)
    assert services.erasures.finish() == ""
    assert holding(services.workspace.folder) == []


def test_the_phrases_of_a_key_lose_the_name_and_the_agenda_templates_that_hold_it_are_named(
    services: Services, commission_id: str, person: Record[Any]
) -> None:
    meeting = services.records.create("meeting", {"title": "Réunion de mars"})
    named = services.agenda.add(meeting.id, {"kind": "misc", "title": f"Exposé de Mme {NAME}"})
    services.agenda_templates.save(meeting.id, "Avec exposé")
    services.records.update(named.id, {"title": f"Rue {NAME}"})
    services.agenda_templates.save(meeting.id, "Avec la rue")
    services.records.update(named.id, {"title": "Exposé"})
    services.agenda_templates.save(meeting.id, "Sans nom")
    services.settings.set("note_phrases", [f"Ondine {NAME} présente le point.", "Il est dit que"])
    assert [one.title for one in services.erasures.preview(person.id).kept] == [
        "Le modèle d'ordre du jour « Avec la rue »",
        "Le modèle d'ordre du jour « Avec exposé »",
        "Les copies",
        "Ce qui est sorti du programme",
    ]
    services.erasures.erase(person.id)
    phrases = services.settings.get("note_phrases")
    assert phrases == [f"{ERASED} présente le point.", "Il est dit que"]


def test_the_paper_templates_and_the_settings_that_hold_the_name_are_named(
    services: Services, commission_id: str, person: Record[Any]
) -> None:
    usual = services.paper_looks.template("convocations", commission_id)
    signed = [
        structs.replace(one, signers=(Signer(role="Le président", name=f"Ondine {NAME}"),))
        if one.signers
        else one
        for one in usual.sections
    ]
    services.paper_looks.save(commission_id, structs.replace(usual, sections=tuple(signed)))
    services.paper_looks.save(commission_id, services.paper_looks.template("agenda", None))
    services.settings.set("operator_address", f"Mairie\nÀ l'attention de Mme {NAME}")
    assert [one.title for one in services.erasures.preview(person.id).kept][:-2] == [
        "Le modèle de papier « Convocations »",
        "L'adresse de l'opérateur",
    ]


def test_a_setting_that_holds_a_last_name_alone_may_be_left(
    services: Services, person: Record[Any]
) -> None:
    services.settings.set("author_name", f"Aline {NAME}")
    services.settings.set("operator_address", f"Mme {NAME}\n21640 Vougeot")
    hers, certain = (one.reason for one in services.erasures.preview(person.id).kept[:2])
    assert hers.endswith(" S'il désigne quelqu'un d'autre, laissez-le.")
    assert certain.endswith(" corrigez-le dans Réglages.")


def test_a_doubtful_name_is_listed_beside_a_certain_one_of_the_same_text(
    services: Services, person: Record[Any]
) -> None:
    words = f"Ondine {NAME} : il tombe. {NAME} insiste."
    need = services.records.create("need", {"words": words})
    register = services.personal_data.register(person.id).traces
    assert [(one.how, one.text) for one in register] == [
        ("names", f"Ondine {NAME} : il tombe."),
        ("may_name", f"{NAME} insiste."),
    ]
    (doubt,) = services.erasures.preview(person.id).doubtful
    assert (doubt.record_id, doubt.text) == (need.id, f"{NAME} insiste.")


def test_what_the_region_says_of_somebody_of_another_commission_stays(
    services: Services, person: Record[Any]
) -> None:
    make, get, update = services.records.create, services.records.get, services.records.update
    auxois = make("commission", {"name": "Auxois"}).id
    for first_name in ("Luc", "Ondine"):  # who may be the same Ondine
        make("person", {"first_name": first_name, "last_name": NAME}, auxois)
    said = f"M. {NAME} passe le mardi. Ondine {NAME} aussi."
    update(VOUGEOT, {"notes": f"{said} Puis Luc {NAME}."})
    update(VOUGEOT, {"notes": said})
    need = make("need", {"words": said}, person.commission_id)
    (doubt,) = services.erasures.preview(person.id).doubtful
    assert (doubt.record_id, doubt.text) == (VOUGEOT, f"M. {NAME} passe le mardi.")
    services.erasures.erase(person.id)
    left = f"M. {NAME} passe le mardi. {ERASED} aussi."
    assert get(VOUGEOT).fields.notes == left
    assert get(need.id).fields.words == f"{ERASED} passe le mardi. {ERASED} aussi."
    past = services.records.history(VOUGEOT)
    assert [one.changes["notes"] for one in past[1:]] == [
        [f"{left} Puis Luc {NAME}.", left],
        ["", f"{left} Puis Luc {NAME}."],
    ]


def test_a_line_typed_over_an_erasure_is_kept_without_the_name(
    services: Services, person: Record[Any]
) -> None:
    update = services.records.update
    shown = services.records.create("need", {"title": f"Site de M. {NAME}"})
    card = services.records.get(person.id)
    services.erasures.erase(person.id)
    kept = update(shown.id, {"title": f"Nouveau site de M. {NAME}"}, over=shown)
    assert kept.fields.title == f"Nouveau site de {ERASED}"
    assert update(shown.id, {"title": "Serveur"}, over=shown).fields.title == "Serveur"
    before = services.records.create("need", {"title": "Site et site"})
    update(before.id, {"title": "Site et site de Vougeot"})
    line = f"{ERASED} et site"
    assert update(before.id, {"title": line}, over=before).fields.title == line
    corrected = update(person.id, {"last_name": f"{NAME} Roux"}, over=card)
    assert corrected.fields.last_name == f"{NAME} Roux"


def test_frozen_minutes_stay_and_the_reason_is_said(services: Services) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    item_id = scene.item("tour", notes=f"Ondine {NAME} : non.")
    meeting_id = stage(services, scene)
    services.records.update(item_id, {"notes": f"Ondine {NAME} est malade."})
    services.records.update(item_id, {"notes": f"Ondine {NAME} : non."})
    person = services.records.update(uid("titular 1"), {"first_name": "Ondine", "last_name": NAME})
    services.minutes.freeze(meeting_id, at("20:45"))
    frozen = services.records.list("minutes")[0]
    kept = services.erasures.preview(person.id).kept
    reasons = {one.title.split(" : ")[0]: one.reason for one in kept}
    assert "art. 17, § 3, b et d" in reasons["Procès-verbal"]
    assert "art. 17, § 3, b et d" in reasons["Point de l'ordre du jour"]
    assert "six mois" in reasons["Les copies"]
    assert "celles que vous avez demandées" in reasons["Les copies"]
    assert "Les pièces jointes" not in reasons
    services.erasures.erase(person.id)
    assert services.records.get(item_id).fields.notes == f"Ondine {NAME} : non."
    noted = [one.changes["notes"] for one in services.records.history(item_id)]
    assert noted[0] == [f"{ERASED} est malade.", f"Ondine {NAME} : non."]
    assert all(one.ok for one in services.safety.examine() if one.check == "integrity")
    assert services.records.get(frozen.id).fields.content == frozen.fields.content
    assert services.records.get(person.id).fields.last_name == ERASED


def holding(folder: Path) -> list[str]:
    """The files of the workspace, backups aside, that hold the name in any of its forms."""
    forms = [NAME.encode(), b"zebulonnet", b"Zebulonnet"]
    return [
        path.name
        for path in folder.iterdir()
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]
