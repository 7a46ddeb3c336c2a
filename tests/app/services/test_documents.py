"""Every kind of document made from a real workspace."""

from __future__ import annotations

import base64
import io
import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest
from icalendar import Calendar
from PIL import Image

from app.bootstrap import Services
from app.documents.templates import shipped
from app.domain.document_templates import Section
from app.domain.records import Organisation, reference_id
from app.domain.wording import plain
from app.errors import UserError
from app.services.changes import Change
from app.services.documents import TITLES
from tests.app.documents import reading
from tests.app.documents.solutions import PLAN
from tests.app.domain.builders import COMMISSION, Scene, at, record, uid
from tests.app.services.staging import planned, stage
from tests.conftest import FakeClock

COMMUNES = [reference_id("organisation", code) for code in ("21716", "21054", "21166")]


@pytest.fixture
def told(services: Services) -> dict[str, str]:
    """A workspace with something for each kind of document; the ids by the kind."""
    scene = Scene(3, number=2)
    scene.present(1, 2)
    scene.absent(3)
    item = scene.item()
    scene.add("action", agenda_item_id=item, text="**Écrire**", owner="Anne", due_on="2027-04-01")
    scene.add("need", 1, agenda_item_id=item, title="Sauvegarder", words="Tout y est.",
              theme="backup", raised_at_meeting_id=scene.meeting_id, deadline_on="2027-09-01",
              organisation_ids=(uid("organisation 1"),))  # fmt: skip
    meeting_id = stage(services, scene)
    services.records.update(uid("titular 1"), {"email": "anne@vougeot.fr"})
    note = {"title": "Signaler un incident", "body": "Sous 24 heures.", "deadline_on": "2027-06-30"}
    solution = {"title": "Sauvegarde", "plan": PLAN, "need_ids": [uid("need meeting 1")]}
    services.records.put(
        [
            Change("watch_note", note, uid("note"), None),
            Change("solution", solution, uid("solution"), COMMISSION),
            *(
                Change("commitment", {"solution_id": uid("solution"), "organisation_id": commune},
                       None, COMMISSION)
                for commune in COMMUNES
            ),
        ]
    )  # fmt: skip
    minutes_id = services.minutes.freeze(meeting_id).record.id
    fields = {"addendum_to_id": minutes_id, "text": "Lire « Anne »."}
    services.records.create("minutes", fields, COMMISSION)
    of_meeting = dict.fromkeys(TITLES, meeting_id)
    return of_meeting | {
        "addendum": minutes_id, "bulletin": COMMISSION, "solution-sheet": uid("solution"),
        "vote-pack": uid("solution"), "needs-report": COMMISSION, "calendar": COMMISSION,
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind", [kind for kind in TITLES if kind not in ("invitation", "calendar")]
)
def test_each_kind_is_made_and_compliant(
    services: Services, told: dict[str, str], kind: str
) -> None:
    document = services.documents.make(kind, told[kind])
    assert reading.faults(document.data) == []
    assert document.file_name.endswith(".pdf")
    assert document.missing_glyphs == ()


def test_a_kind_that_nothing_composes_is_not_made_as_another(services: Services) -> None:
    meeting = services.meetings.file(stage(services, Scene(1)))
    with pytest.raises(LookupError, match="étiquettes"):
        services.compositions.of_meeting("étiquettes", meeting, shipped("agenda"))


def test_a_solution_shows_what_its_communes_pay(services: Services, told: dict[str, str]) -> None:
    said = reading.text(services.documents.make("solution-sheet", told["solution-sheet"]).data)
    assert "Vougeot" in said
    assert "Part TTC" in said
    assert "Sauvegarder, Commune 1" in said


def test_the_needs_of_all_commissions_make_one_paper_that_says_whose_each_is(
    services: Services, told: dict[str, str]
) -> None:
    records = services.records
    records.update(COMMISSION, {"name": "Pays de Nuits"})
    auxois = records.create("commission", {"name": "Commission de l'Auxois"}, None).id
    records.create("commission", {"name": ""}, None)
    for title in ("Fibre", "Wifi"):
        fields = {"title": title, "words": "Rien ne passe.", "organisation_ids": [COMMUNES[0]]}
        records.create("need", fields, auxois)
    document = services.documents.needs_of_all()
    assert document.file_name.endswith("3-commissions.pdf")
    assert reading.faults(document.data) == []
    first, second = (one for one in reading.structure(document.data) if one.role == "Table")
    assert "Besoins par thème et par état" in first.attributes
    assert "Besoins par commission et par état" in second.attributes
    said = " ".join(reading.text(document.data).replace("’", "'").split())
    assert "Commission de l'Auxois 2 2 Pays de Nuits 1 1 Sans nom – 0 Ensemble 3 3" in said
    assert "Besoin de la Commission de l'Auxois, pour Vougeot" in said
    assert "Besoin de la commission « Pays de Nuits »" in said
    alone = reading.text(services.documents.make("needs-report", COMMISSION).data)
    assert "Fibre" not in alone
    assert "Besoin de la" not in alone


def test_the_needs_of_two_commissions_of_one_name_stay_apart(services: Services) -> None:
    records = services.records
    for department, titles in (("21", ["Fibre"]), ("58", ["Wifi", "Site"])):
        named = {"name": "Morvan", "departments": [department]}
        commission = records.create("commission", named, None).id
        for title in titles:
            records.create("need", {"title": title}, commission)
    said = reading.text(services.documents.needs_of_all().data)
    assert "Morvan (21) 1 1 Morvan (58) 2 2 Ensemble 3 3" in said
    assert said.count("Besoin de la commission « Morvan (58) »") == 2


def test_a_bulletin_is_of_a_commission_or_of_one_organisation(
    services: Services, told: dict[str, str]
) -> None:
    assert "Signaler un incident" in reading.text(
        services.documents.make("bulletin", COMMISSION).data
    )
    alone = reading.text(services.documents.make("bulletin", COMMUNES[0]).data)
    assert "Vougeot : la note concerne toutes les collectivités" in alone


def test_the_bulletin_of_an_organisation_leaves_out_what_concerns_commissions_without_it(
    services: Services, told: dict[str, str]
) -> None:
    records, place = services.records, COMMUNES[0]
    auxois = records.create("commission", {"name": "Auxois"}, None).id
    for title, space in (("Note de Nuits", COMMISSION), ("Note d'Auxois", auxois)):
        records.create("watch_note", {"title": title}, space)
    records.create("roster_entry", {"organisation_id": place}, auxois)
    records.create("roster_entry", {"organisation_id": place, "until": "2027-01-01"}, COMMISSION)
    said = reading.text(services.documents.make("bulletin", place).data).replace("’", "'")
    assert "Signaler un incident" in said
    assert "Note d'Auxois" in said
    assert "Note de Nuits" not in said


def test_the_bulletin_of_an_organisation_says_when_it_was_told_of_what(
    services: Services, told: dict[str, str]
) -> None:
    services.settings.set("author_name", "Anne Martin")
    watch, (place, other) = services.watch, COMMUNES[:2]
    note = services.records.list("watch_note")[0].id
    watch.tell(note, [other], told_on="2027-03-10", commission_id=COMMISSION)
    watch.tell(note, [place, other], told["agenda"], told_on="2027-03-19")
    said = reading.text(services.documents.make("bulletin", place).data)
    given = "Le 19 mars 2027, à la séance « Commission numérique locale », par Anne Martin."
    assert f"Information donnée : {given}" in said
    assert "10 mars" not in said
    services.records.update(note, {"todo": "Prévenir aussi le préfet"})
    said = reading.text(services.documents.make("bulletin", other).data)
    assert (
        "par Anne Martin (la note a changé depuis) ; le 10 mars 2027, par Anne Martin (la" in said
    )
    assert "Information donnée" not in reading.text(
        services.documents.make("bulletin", COMMISSION).data
    )


def test_the_bulletin_of_an_organisation_names_what_its_audience_holds_by_code(
    services: Services, told: dict[str, str]
) -> None:
    vougeot = reference_id("organisation", "21716")
    place = services.records.update(vougeot, {"services": ["acts"]}).fields
    audience = {"services": ["acts"], "epci_sirens": [place.epci_siren]}
    services.records.create("watch_note", {"title": "Certificats", "audience": audience}, None)
    said = reading.text(services.documents.make("bulletin", vougeot).data)
    assert "utilise Télétransmission des actes" in said
    assert "intercommunalité CC de Gevrey-Chambertin" in " ".join(said.split())
    assert place.epci_siren not in said


def test_a_meeting_ends_at_one_hour_in_its_invitation_and_in_the_calendar(
    services: Services,
) -> None:
    scene = Scene(2)
    scene.item(1, planned_minutes=15)
    scene.item(2, planned_minutes=30)
    meeting_id = stage(services, scene)
    for kind, record_id in (("invitation", meeting_id), ("calendar", COMMISSION)):
        data = services.documents.make(kind, record_id).data
        (event,) = Calendar.from_ical(data).walk("VEVENT")
        assert event["DTEND"].dt.isoformat() == "2027-03-19T19:15:00+01:00"


def test_what_falls_due_is_named_on_one_line(services: Services) -> None:
    scene = Scene(1)
    item = scene.item()
    scene.add("action", agenda_item_id=item, text="Faire\n- un\n- deux", due_on="2027-04-01")
    scene.add("need", title="", words="Plus de réseau.\nDu tout.", deadline_on="2027-04-02")
    stage(services, scene)
    services.records.create("watch_note", {"deadline_on": "2027-04-03"})
    data = services.documents.make("calendar", COMMISSION).data
    events = Calendar.from_ical(data).walk("VEVENT")
    assert [event["SUMMARY"] for event in events[1:]] == [
        "À faire : Faire - un - deux", "Besoin : Plus de réseau. Du tout.",
        "Échéance : (sans titre)",
    ]  # fmt: skip


def test_a_calendar_holds_the_meeting_and_what_falls_due(
    services: Services, told: dict[str, str]
) -> None:
    data = services.documents.make("calendar", COMMISSION).data
    titles = [str(event["SUMMARY"]) for event in Calendar.from_ical(data).walk("VEVENT")]
    assert titles[1:] == ["À faire : Écrire", "Échéance : Signaler un incident",
                          "Besoin : Sauvegarder"]  # fmt: skip


def test_a_draft_is_addressed_to_the_members_with_an_email(
    services: Services, told: dict[str, str]
) -> None:
    made = services.documents.draft("agenda", told["agenda"])
    message = message_from_bytes(made.data, policy=default)
    assert [one.addr_spec for one in message["To"].addresses] == ["anne@vougeot.fr"]
    assert (
        "Ordre du jour : Pays de Nuits, séance n° 2 du vendredi 19 mars 2027" in message["Subject"]
    )


def test_frozen_minutes_are_addressed_to_those_who_sit_since(
    services: Services, told: dict[str, str]
) -> None:
    fields = {"last_name": "Petit", "email": "paul@vougeot.fr"}
    titular = services.records.create("person", fields, COMMISSION).id
    services.records.update(uid("seat 2"), {"titular_person_id": titular})
    for kind in ("minutes", "addendum"):
        made = services.documents.draft(kind, told[kind])
        message = message_from_bytes(made.data, policy=default)
        found = {one.addr_spec for one in message["Bcc"].addresses}
        assert found == {"anne@vougeot.fr", "paul@vougeot.fr"}


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("addendum", "Additif : Pays de Nuits, séance n° 2 du vendredi 19 mars 2027 à 18 h 30"),
        ("bulletin", "Bulletin de veille : Pays de Nuits"),
        ("calendar", "Calendrier : Pays de Nuits"),
        ("vote-pack", "Dossier de vote : Sauvegarde"),
    ],
)
def test_a_draft_says_what_its_document_is_about(
    services: Services, told: dict[str, str], kind: str, subject: str
) -> None:
    made = services.documents.draft(kind, told[kind])
    assert message_from_bytes(made.data, policy=default)["Subject"] == subject


def test_a_sheet_in_large_print_is_in_large_print_in_a_draft_too(
    services: Services, told: dict[str, str]
) -> None:
    kind = "attendance-sheet"
    made = services.documents.draft(kind, told[kind], large=True)
    (sheet,) = message_from_bytes(made.data, policy=default).iter_attachments()
    assert sheet.get_content() == services.documents.make(kind, told[kind], large=True).data


def test_the_draft_that_convenes_carries_the_agenda_and_the_invitation(
    services: Services, told: dict[str, str]
) -> None:
    made = services.documents.convocation_draft(told["agenda"])
    message = message_from_bytes(made.data, policy=default)
    kinds = [part.get_content_type() for part in message.iter_attachments()]
    assert kinds == ["application/pdf", "text/calendar"]
    assert made.data == services.documents.convocation_draft(told["agenda"]).data


def test_who_is_convened_on_paper_is_not_by_email(services: Services) -> None:
    scene = Scene(2, status="planned", opened_at=None, closed_at=None)
    scene.item()
    meeting_id = stage(services, scene)
    for number in (1, 2):
        services.records.update(uid(f"titular {number}"), {"email": f"{number}@vougeot.fr"})
    services.convocations.choose(meeting_id, uid("titular 1"), "letter")
    made = services.documents.convocation_draft(meeting_id)
    message = message_from_bytes(made.data, policy=default)
    assert [one.addr_spec for one in message["To"].addresses] == ["2@vougeot.fr"]
    letters = services.documents.make("convocations", meeting_id).data
    assert reading.bookmarks(letters) == ["Convocation, Titulaire 1 (Commune 1)"]


def test_an_email_convenes_in_the_words_of_the_letters(services: Services) -> None:
    scene = Scene(1, number=2, status="planned", opened_at=None, closed_at=None,
                  emergency=True, emergency_reason="serveur en panne")  # fmt: skip
    scene.item(1, title="Panne", number="")
    scene.item(2, title="Retiré", number="", withdrawn=True)
    scene.item(3, title="", number="")
    made = services.documents.convocation_draft(stage(services, scene))
    message = message_from_bytes(made.data, policy=default)
    assert message["Subject"].startswith("Convocation : Pays de Nuits, séance n° 2")
    body = message.get_body().get_content()
    assert "vous convier à la séance de la commission « Pays de Nuits », qui se tiendra le" in body
    assert "Urgence : serveur en panne" in body
    assert "\n1. Panne\n3. (sans titre)" in body.replace("\r\n", "\n")
    operator = services.settings.get("operator_name")
    *_, signed, told = body.replace("\r\n", "\n").split("\n\n")
    assert signed == f"Cordialement,\n{operator}"
    assert told.startswith(f"{operator} garde vos nom, fonction et coordonnées")
    assert told.endswith("réclamations : CNIL (RGPD, art. 14).\n")


@pytest.mark.parametrize("withdrawn", [0, 2])
def test_an_email_without_an_item_says_that_the_agenda_is_to_come(
    services: Services, withdrawn: int
) -> None:
    scene = planned(1)
    for name in range(withdrawn):
        scene.item(name, number="", started=None, withdrawn=True)
    made = services.documents.convocation_draft(stage(services, scene))
    body = message_from_bytes(made.data, policy=default).get_body().get_content()
    assert "\n\nL'ordre du jour vous sera communiqué.\n\nCordialement," in body.replace("\r", "")
    assert "Ordre du jour :" not in body


def test_what_ends_a_sentence_with_a_mark_of_its_own_gets_no_other(services: Services) -> None:
    meeting_id = stage(services, planned(1, place="Mairie de Vougeot, salle du 1er étage."))
    draft = services.documents.convocation_draft(meeting_id).data
    letter = reading.text(services.documents.make("convocations", meeting_id).data)
    solution = services.records.create("solution", {"title": "Quelle sauvegarde ?"})
    sent = services.documents.draft("solution-sheet", solution.id).data
    told, joined = (
        message_from_bytes(data, policy=default).get_body().get_content() for data in (draft, sent)
    )
    for words in (letter, told):
        assert "étage. " in " ".join(words.split())
    assert "ci-joint : Fiche solution : Quelle sauvegarde ?\n" in joined.replace("\r", "")


def test_who_convenes_tells_about_the_data_as_the_commission_words_it(services: Services) -> None:
    scene = Scene(1, status="planned", opened_at=None, closed_at=None)
    scene.item()
    meeting_id = stage(services, scene)
    commission_id = services.meetings.file(meeting_id).commission.id
    draft = services.paper_looks.draft("convocations", commission_id)
    assert draft.shipped.sections[-1].name == "data_notice"

    def told(section: Section) -> str:
        sections = (*draft.shipped.sections[:-1], section)
        template = msgspec.structs.replace(draft.shipped, sections=sections)
        services.paper_looks.save(commission_id, template)
        made = services.documents.convocation_draft(meeting_id)
        body = message_from_bytes(made.data, policy=default).get_body().get_content()
        signed = body.replace("\r\n", "\n").rpartition("Cordialement,")[2]
        return signed.partition("\n\n")[2]

    notice = msgspec.structs.replace(draft.shipped.sections[-1], text="Écrivez à {opérateur}.")
    assert told(notice) == f"Écrivez à {services.settings.get('operator_name')}.\n"
    assert told(msgspec.structs.replace(notice, shown=False)) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Conseil de la communauté de communes", "séance du Conseil de la communauté de communes,"),
        ("Assemblée de la Côte", "séance de l'Assemblée de la Côte,"),
        ("Commission du Morvan", "séance de la Commission du Morvan,"),
        ("Communauté de communes du Sud", "séance de la Communauté de communes du Sud,"),
        ("Syndicat des Eaux", "séance du Syndicat des Eaux,"),
    ],
)
def test_letters_and_emails_call_an_assembly_by_its_own_name(
    services: Services, name: str, said: str
) -> None:
    meeting_id = stage(services, Scene(1, status="planned", opened_at=None, closed_at=None))
    services.records.update(COMMISSION, {"name": name})
    draft = services.documents.convocation_draft(meeting_id).data
    body = message_from_bytes(draft, policy=default).get_body().get_content()
    letter = reading.text(services.documents.make("convocations", meeting_id).data)
    for words in (body, letter):
        assert said in " ".join(words.replace("\u2019", "'").split())


def test_a_letter_is_dated_of_the_day_on_which_it_first_said_what_it_says(
    services: Services, clock: FakeClock
) -> None:
    meeting_id = stage(services, planned(1))
    services.meetings.convene(meeting_id)

    def dated() -> str:
        said = plain(reading.text(services.documents.make("convocations", meeting_id).data))
        return said[said.index("Le ") :].partition(" 2027")[0]

    first = dated()
    clock.forward(days=1)
    services.convocations.note_sent(meeting_id, [uid("titular 1")])
    assert dated() == first
    services.records.update(meeting_id, {"starts_at": "2027-03-26T18:30:00+01:00"})
    clock.forward(days=1)
    moved = dated()
    assert moved != first
    services.convocations.note_sent(meeting_id, [uid("titular 1")])
    clock.forward(days=1)
    assert dated() == moved
    services.records.update(meeting_id, {"place": "Préau"})
    assert dated() not in (first, moved)


def test_a_letter_goes_to_each_member_without_email(
    services: Services, told: dict[str, str]
) -> None:
    assert reading.pages(services.documents.make("convocations", told["convocations"]).data) == 2


def test_the_logo_of_the_settings_is_on_the_paper(services: Services, told: dict[str, str]) -> None:
    picture = io.BytesIO()
    Image.new("RGBA", (300, 100), (10, 60, 110, 128)).save(picture, "PNG")
    services.settings.set("operator_logo", base64.b64encode(picture.getvalue()).decode())
    data = services.documents.make("agenda", told["agenda"]).data
    assert reading.faults(data) == []
    assert "Figure" in [node.role for node in reading.structure(data)]
    services.settings.set("operator_logo", "pas une image")
    with pytest.raises(UserError, match="Le logo ne convient pas, ce n'est pas une image"):
        services.documents.make("agenda", told["agenda"])


def test_a_wrong_kind_or_record_is_refused_in_words(
    services: Services, told: dict[str, str]
) -> None:
    with pytest.raises(UserError, match="n'est pas un genre de document"):
        services.documents.make("facture", COMMISSION)
    with pytest.raises(UserError, match="Aucune séance"):
        services.documents.make("minutes", COMMISSION)
    with pytest.raises(UserError, match="est un autre enregistrement"):
        services.documents.make("solution-sheet", COMMISSION)
    undated = Scene(1, label="undated", starts_at=None, opened_at=None, closed_at=None,
                    status="planned")  # fmt: skip
    with pytest.raises(UserError, match="n'a pas de date"):
        services.documents.make("invitation", stage(services, undated))


def test_the_papers_of_a_solution_name_the_needs_that_it_answers(services: Services) -> None:
    titles = {"own": "Sauvegarder", "other": "Téléphonie"}
    ids = {}
    for key, title in titles.items():
        space = services.records.create("commission", {"name": key}, None).id
        ids[key] = services.records.create("need", {"title": title}, space).id
    spaces = {key: services.records.envelope(one).commission_id for key, one in ids.items()}
    solution = services.records.create("solution", {"title": "Pour tous"}, None)
    for key in ("own", "other"):
        services.needs.answer([ids[key]], solution.id)
    for kind in ("solution-sheet", "vote-pack"):
        said = reading.text(
            services.documents.make(kind, solution.id, commission_id=spaces["own"]).data
        )
        assert "Sauvegarder" in said and "Téléphonie" not in said
        assert "Sauvegarder" not in reading.text(services.documents.make(kind, solution.id).data)
        services.needs.move(ids["own"], "set_aside", reason="Plus besoin.")
        said = services.documents.make(kind, solution.id, commission_id=spaces["own"])
        assert "Sauvegarder" not in reading.text(said.data)
        services.needs.move(ids["own"], "raised")
        services.needs.answer([ids["own"]], solution.id)


def test_approved_minutes_get_a_cover_note_and_keep_their_bytes(services: Services) -> None:
    scene = Scene(3, number=2)
    scene.present(1, 2)
    meeting_id = stage(services, scene)
    with pytest.raises(UserError, match="notez d'abord son approbation"):
        services.documents.approval_note(meeting_id)
    frozen = services.minutes.freeze(meeting_id)
    addendum = {"addendum_to_id": frozen.record.id, "text": "Lire « Anne »."}
    services.minutes.freeze(services.records.create("minutes", addendum, COMMISSION).id)
    begins = "2027-06-18T18:30:00+02:00"
    fields = {"number": 3, "starts_at": begins, "title": "Juin"}
    later = services.records.create("meeting", fields, COMMISSION)
    services.meetings.open(later.id, begins)
    services.meetings.approve(meeting_id, later.id)
    note, minutes = services.documents.approval_note(meeting_id)
    assert minutes.data == frozen.document.data
    assert services.minutes.verify(minutes.data).frozen
    assert not services.minutes.verify(note.data).frozen
    assert reading.faults(note.data) == []
    assert reading.pages(note.data) == 1
    said = plain(reading.text(note.data))
    assert "Approuvé le vendredi 18 juin 2027, à la séance n° 3." in said
    assert "Additifs : n° 1, gelé le" in said
    assert frozen.record.fields.pdf_sha256 in said


def test_the_addendum_of_minutes_is_the_draft_that_follows_those_frozen(services: Services) -> None:
    frozen = services.minutes.freeze(stage(services, Scene(3))).record
    first = services.minutes.correct(frozen, {"text": "Lire « Anne »."})
    services.minutes.freeze(first.id)
    assert "Anne" in reading.text(services.documents.make("addendum", frozen.id).data)
    services.minutes.correct(frozen, {"text": "Lire « Paul »."})
    assert "Paul" in reading.text(services.documents.make("addendum", frozen.id).data)


def test_the_cover_note_says_how_the_next_meeting_voted(services: Services) -> None:
    scene = Scene(3)
    scene.present(1, 2)
    meeting_id = stage(services, scene)
    frozen = services.minutes.freeze(meeting_id)
    fields = {"number": 4, "starts_at": "2027-06-18T18:30:00+02:00"}
    later = services.records.create("meeting", fields, COMMISSION)
    item = {"meeting_id": later.id, "kind": "approval", "title": "Approbation",
            "linked_id": frozen.record.id, "rank": "a"}  # fmt: skip
    item_id = services.records.create("agenda_item", item, COMMISSION).id
    services.meetings.open(later.id, "2027-06-18T18:30:00+02:00")
    for seat in (1, 2):
        services.attendance.mark(later.id, uid(f"seat {seat}"), "present")
    vote = {"agenda_item_id": item_id, "question": "Approuvé ?", "for_count": 2,
            "held_at": "2027-06-18T18:40:00+02:00"}  # fmt: skip
    services.records.create("ballot", vote, COMMISSION)
    services.meetings.approve(meeting_id, later.id)
    note, _ = services.documents.approval_note(meeting_id)
    assert "Avis favorable à l’unanimité des membres présents ou représentés" in reading.text(
        note.data
    )
    services.meetings.close(later.id, "2027-06-18T19:00:00+02:00")
    services.minutes.freeze(later.id)
    services.records.update(uid("seat 1"), {"until": "2027-06-01"})
    again, _ = services.documents.approval_note(meeting_id)
    assert reading.text(again.data) == reading.text(note.data)


@pytest.mark.parametrize(
    ("record_id", "fields"),
    [
        (COMMISSION, {"quorum_fraction": "9/10"}),
        (COMMISSION, {"proxies_per_holder": 2}),
        (COMMISSION, {"profile": "deliberative"}),
        (uid("seat 3"), {"titular_person_id": uid("titular 6")}),
        (uid("seat 3"), {"until": "2027-03-01"}),
        (uid("titular 2"), {"last_name": "Épouse"}),
        (uid("organisation 2"), {"name": "Commune nouvelle"}),
        (None, {"organisation_id": COMMUNES[0]}),
    ],
)
def test_the_decisions_say_what_the_frozen_minutes_say(
    services: Services, record_id: str | None, fields: dict[str, object]
) -> None:
    scene = Scene(6)
    namesake = Organisation(name="Vougeot", department="58")
    scene.organisations[uid("organisation 1")] = record(namesake, uid("organisation 1"), None)
    scene.present(1, 2, 3, 4)
    scene.proxy(5, to=1)
    scene.proxy(6, to=1)
    votes = {uid(f"seat {seat}"): "for" for seat in range(1, 6)}
    scene.ballot(scene.item(), method="roll_call", for_count=5, votes=votes)
    meeting_id = stage(services, scene)
    services.minutes.freeze(meeting_id, at("20:45"))

    def said() -> str:
        return reading.text(services.documents.make("decisions", meeting_id).data)

    before = said()
    assert "Quorum atteint : 4 présents sur 6" in before
    if record_id is None:
        services.records.create("roster_entry", fields, COMMISSION)
    else:
        services.records.update(record_id, fields)
    assert said() == before


def test_the_decisions_name_all_where_minutes_frozen_elsewhere_came_without_content(
    services: Services, tmp_path: Path
) -> None:
    scene = Scene(2)
    place = Organisation(name="Syndicat du Morvan")
    scene.organisations[uid("elsewhere")] = record(place, uid("elsewhere"), None)
    scene.add("action", agenda_item_id=scene.item(), owner_organisation_id=uid("elsewhere"))
    meeting_id = stage(services, scene)
    fields = {"meeting_id": meeting_id, "number": 1, "frozen_at": at("20:45")}
    frozen = {"kind": "minutes", "id": uid("minutes"), "revision": 0, "commission_id": COMMISSION,
              "deleted": False, "fields": fields}  # fmt: skip
    whole = {"format": "commissions-archive", "version": 1, "made_at": at("21:00")}
    path = tmp_path / "archive.json"
    path.write_text(json.dumps(whole | {"records": [frozen]}))
    services.imports.archive(path)
    said = reading.text(services.documents.make("decisions", meeting_id).data)
    assert said.count("Syndicat du Morvan") == 2


def test_who_was_erased_stays_so_in_the_decisions_of_frozen_minutes(services: Services) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    votes = {uid(f"seat {seat}"): "for" for seat in range(1, 4)}
    scene.ballot(scene.item(), method="roll_call", for_count=3, votes=votes)
    meeting_id = stage(services, scene)
    services.minutes.freeze(meeting_id)
    services.erasures.erase(uid("titular 3"))
    said = reading.text(services.documents.make("decisions", meeting_id).data)
    assert "Personne effacée (Commune 3)" in said and "Titulaire 3" not in said
