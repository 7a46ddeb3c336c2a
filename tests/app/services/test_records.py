"""Creating, changing, deleting, restoring and undoing records."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import msgspec
import pytest

from app.bootstrap import Services
from app.domain.records import Envelope, reference_id
from app.domain.validation import complete
from app.errors import UserError
from app.services.changes import Change
from app.storage.sync_state import Acknowledgement, acknowledge
from tests.conftest import FakeClock
from tests.workspaces import edited

VOUGEOT, BEAUNE, DIJON = (
    reference_id("organisation", code) for code in ("21716", "21054", "21231")
)


def make_meeting(services: Services) -> tuple[str, str]:
    meeting = services.records.create("meeting", {"title": "Printemps"})
    item = services.records.create("agenda_item", {"meeting_id": meeting.id, "title": "Accueil"})
    return meeting.id, item.id


def test_the_territory_is_there_at_revision_zero_with_nothing_to_send(services: Services) -> None:
    assert len(services.records.list("organisation", kind="commune")) == 3685
    assert len(services.records.list("organisation", kind="epci")) == 116
    vougeot = services.records.get(VOUGEOT)
    assert (vougeot.fields.name, vougeot.fields.population, vougeot.revision) == ("Vougeot", 150, 0)
    with services.workspace.reading() as unit:
        assert edited(unit) == []


def test_a_change_touches_only_the_named_fields(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Tout est perdu"})
    changed = services.records.update(need.id, {"title": "Sauvegardes"})
    assert (changed.fields.title, changed.fields.words) == ("Sauvegardes", "Tout est perdu")
    assert changed.commission_id == commission_id


def test_what_was_written_elsewhere_stays_where_nothing_was_typed_over_it(
    services: Services, commission_id: str
) -> None:
    _, item = make_meeting(services)
    shown = services.records.create("decision", {"agenda_item_id": item, "text": "Un devis."})
    services.records.update(shown.id, {"text": "Le maire.\nUn devis."})
    typed = {"agenda_item_id": item, "text": "Un devis.\nUne date."}
    kept = services.records.update(shown.id, typed, over=shown)
    assert kept.fields.text == "Le maire.\nUn devis.\nUne date."
    shown = services.records.create("action", {"agenda_item_id": item, "owner": "Le maire"})
    came = {"due_on": "2027-04-01", "owner": "La mairie", "status": "done"}
    services.records.update(shown.id, came)
    typed = {"due_on": None, "owner": "Mme Roy", "status": "open"}
    kept = services.records.update(shown.id, typed, over=shown)
    fields = kept.fields
    assert (fields.due_on, fields.owner, fields.status) == ("2027-04-01", "Mme Roy", "done")
    shown = services.records.create("need", {"organisation_ids": [VOUGEOT]})
    services.records.update(shown.id, {"organisation_ids": [VOUGEOT, BEAUNE]})
    kept = services.records.update(shown.id, {"organisation_ids": (DIJON,)}, over=shown)
    assert set(kept.fields.organisation_ids) == {BEAUNE, DIJON}


def test_a_text_stored_in_another_form_than_it_was_typed_in_is_not_taken_for_somebody_else_s(
    services: Services, commission_id: str
) -> None:
    typed = unicodedata.normalize("NFD", "La santé")
    need = services.records.create("need", {"title": "Santé", "words": typed})
    change = Change("need", {"words": f"{typed} va"}, need.id, over={"words": typed})
    services.records.put([change])
    assert services.records.get(need.id).fields.words == "La santé va"


def test_a_text_typed_stands_alone_where_both_would_be_too_long(
    services: Services, commission_id: str
) -> None:
    mine, theirs = ("a" * 60_000, "b" * 60_000)
    shown = services.records.create("need", {"title": "Long", "words": "Un."})
    services.records.update(shown.id, {"words": theirs})
    kept = services.records.update(shown.id, {"words": mine}, over=shown)
    assert kept.fields.words == mine


def test_history_says_who_what_and_when_newest_first(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    services.settings.set("author_name", "Mme Martin")
    need = services.records.create("need", {"title": "A"})
    clock.forward(minutes=5)
    services.records.update(need.id, {"title": "B"})
    last, first = services.records.history(need.id)
    assert last.changes == {"title": ["A", "B"]}
    assert first.changes == {"title": ["", "A"]}
    assert last.author == "Mme Martin"
    assert last.at == "2027-03-19T18:05:00+01:00"
    assert last.change > first.change


def test_changes_are_signed_where_the_system_names_nobody(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "pwd", None)  # the table of accounts, which Windows has not
    services.settings.sign_changes()
    assert services.workspace.signed_by == "inconnu"


def test_a_burst_of_typing_is_one_history_entry(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"words": ""})
    for end in range(1, 12):
        services.records.put(
            [Change("need", {"words": "bonjour à tous"[:end]}, need.id)], burst="frappe 1"
        )
    services.records.put([Change("need", {"words": "bonsoir"}, need.id)], burst="frappe 2")
    assert [entry.changes for entry in services.records.history(need.id)][:2] == [
        {"words": ["bonjour à t", "bonsoir"]},
        {"words": ["", "bonjour à t"]},
    ]


def test_a_list_is_written_whole_or_not_at_all(services: Services, commission_id: str) -> None:
    good = Change("need", {"title": "Bon"})
    with pytest.raises(UserError, match=r"n° 2, besoin, champ « severity »"):
        services.records.put([good, Change("need", {"severity": 9})])
    assert not services.records.list("need")


def test_references_are_checked_at_the_end_of_the_list(
    services: Services, commission_id: str
) -> None:
    person = services.records.ids()
    need = Change("need", {"title": "Messagerie", "speaker_person_id": person})
    with pytest.raises(UserError, match="speaker_person_id"):
        services.records.put([need])
    services.records.put([need, Change("person", {"last_name": "Roy"}, person)])
    assert len(services.records.list("need", speaker_person_id=person)) == 1


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("need", {"theme": "cooking"}, "theme"),
        (
            "need",
            {"organisation_ids": ["0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"]},
            "organisation_ids",
        ),
        ("need", {"speaker_person_id": VOUGEOT}, "speaker_person_id"),
        ("agenda_item", {"title": "Orphelin"}, "meeting_id"),
        ("need_digest", {"title": "x"}, "kind"),
        ("minutes", {"frozen_at": "2027-03-19T18:00:00+01:00"}, "frozen_at"),
    ],
)
def test_a_broken_reference_is_refused_by_name(
    services: Services, commission_id: str, kind: str, fields: dict[str, object], field: str
) -> None:
    if kind == "minutes":
        fields = fields | {"meeting_id": make_meeting(services)[0]}
    with pytest.raises(UserError, match=f"champ « {field} »"):
        services.records.create(kind, fields)


def test_a_solution_held_elsewhere_may_be_named_and_nothing_else_in_its_place(
    services: Services, commission_id: str
) -> None:
    elsewhere = "01980000-0000-7000-8000-000000000000"
    solution = services.records.create("solution", {"origin_ids": [elsewhere]})
    services.records.update(solution.id, {"published_as_id": elsewhere})
    for field, value in (("published_as_id", VOUGEOT), ("origin_ids", [elsewhere, VOUGEOT])):
        with pytest.raises(UserError, match=f"champ « {field} » : .* désigne un autre genre"):
            services.records.update(solution.id, {field: value})


def test_a_word_is_kept_in_a_record_that_a_sync_brought_with_a_broken_reference(
    services: Services, commission_id: str
) -> None:
    nobody, nothing = services.ids(), services.ids()
    need = services.records.create("need", {"words": ""})
    with services.workspace.unit() as unit:
        broken = services.records.envelope(need.id).fields | {"speaker_person_id": nobody}
        brought = msgspec.structs.replace(services.records.envelope(need.id), fields=broken)
        unit.receive(brought)
        unit.commit()
    typed = services.records.update(need.id, {"words": "Tout est perdu"})
    assert (typed.fields.words, typed.fields.speaker_person_id) == ("Tout est perdu", nobody)
    with pytest.raises(UserError, match="speaker_person_id"):
        services.records.update(need.id, {"speaker_person_id": nothing})
    services.records.delete(need.id)
    assert services.records.restore(need.id).fields["speaker_person_id"] == nobody


def test_what_comes_back_refers_to_nothing_that_is_in_the_trash(
    services: Services, commission_id: str
) -> None:
    person = services.records.create("person", {"last_name": "Roy"})
    need = services.records.create("need", {"speaker_person_id": person.id})
    services.records.delete(need.id)
    services.records.delete(person.id)
    with pytest.raises(UserError, match="la corbeille le rend"):
        services.records.restore(need.id)


def test_a_sentence_that_begins_with_an_identifier_keeps_its_letters(services: Services) -> None:
    begins = next(one for one in map(str, range(100)) if reference_id("theme", one)[0] in "abcdef")
    theme = reference_id("theme", begins)
    with services.workspace.unit() as unit:
        unit.save(Envelope(kind="theme", id=theme, fields=complete("theme", {"code": begins})))
        unit.commit()
    with pytest.raises(UserError, match=f"^{theme} : il n'y a pas d'état antérieur"):
        services.records.restore(theme)


def test_two_commissions_keep_their_records_apart(services: Services, commission_id: str) -> None:
    other = services.records.create("commission", {"name": "Autre"}, None)
    with pytest.raises(UserError, match="commission_id"):
        services.records.create("person", {"last_name": "Roy"})
    stranger = services.records.create("person", {"last_name": "Roy"}, other.id)
    with pytest.raises(UserError, match="autre commission"):
        services.records.create("need", {"speaker_person_id": stranger.id}, commission_id)
    with pytest.raises(UserError, match="ne change jamais"):
        services.records.put([Change("person", {}, stranger.id, commission_id)])


def test_deleting_what_others_refer_to_is_refused_and_cascade_takes_what_it_owns(
    services: Services, commission_id: str
) -> None:
    meeting_id, item_id = make_meeting(services)
    need = services.records.create("need", {"agenda_item_id": item_id})
    with pytest.raises(UserError, match="Accueil"):
        services.records.delete(meeting_id)
    with pytest.raises(UserError, match=need.id):
        services.records.delete(meeting_id, cascade=True)
    services.records.update(need.id, {"agenda_item_id": None})
    assert set(services.records.delete(meeting_id, cascade=True)) == {meeting_id, item_id}
    with pytest.raises(UserError):
        services.records.get(item_id)


def test_a_commission_goes_with_its_whole_space(services: Services, commission_id: str) -> None:
    make_meeting(services)
    with pytest.raises(UserError, match="Printemps"):
        services.records.delete(commission_id)
    assert len(services.records.delete(commission_id, cascade=True)) == 3
    assert not services.records.list("meeting")
    assert len(services.records.list("theme")) == 12


def test_several_are_deleted_together_or_not_at_all_and_come_back_together(
    services: Services, commission_id: str
) -> None:
    meeting_id, item_id = make_meeting(services)
    needs = [services.records.create("need", {"title": title}).id for title in "ABC"]
    services.records.create("solution", {"title": "Relire", "need_ids": [needs[2]]})
    tied = "besoin « C » : .* \\(solution mutualisée « Relire » .*Rien"
    with pytest.raises(UserError, match=tied):
        services.records.delete_all(needs)
    assert len(services.records.list("need")) == 3
    assert services.records.delete_all([]) == []
    assert services.records.delete_all(needs[:2]) == needs[:2]
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Suppression de 2 besoins"
    services.undo.undo()
    assert len(services.records.list("need")) == 3
    assert services.records.delete_all([meeting_id, item_id]) == [meeting_id, item_id]


def test_those_alike_that_refer_to_a_record_are_counted(
    services: Services, commission_id: str
) -> None:
    note = services.records.create("watch_note", {"title": "Facture"})
    told = [services.records.create("briefing", {"watch_note_id": note.id}).id for _ in range(7)]
    with pytest.raises(UserError) as refused:
        services.records.delete(note.id)
    assert f"encore (7 informations {' '.join(told[:5])}) :" in str(refused.value)


def test_a_deleted_record_comes_back_and_a_former_state_too(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    need = services.records.create("need", {"title": "Un"})
    clock.forward(hours=1)
    services.records.update(need.id, {"title": "Deux"})
    first = services.records.history(need.id)[-1].change
    services.records.delete(need.id)
    services.records.restore(need.id)
    assert services.records.get(need.id).fields.title == "Deux"
    services.records.restore(need.id, str(first))
    assert services.records.get(need.id).fields.title == "Un"
    services.records.restore(need.id, "2027-03-19T19:30:00+01:00")
    assert services.records.get(need.id).fields.title == "Un"
    with pytest.raises(UserError, match="n'existait pas"):
        services.records.restore(need.id, "2027-01-01T00:00:00+01:00")
    with pytest.raises(UserError, match="ni un numéro"):
        services.records.restore(need.id, "hier")


def test_a_state_that_was_deleted_comes_back_only_where_nothing_refers_to_the_record(
    services: Services, commission_id: str
) -> None:
    group = services.records.create("need_group", {"title": "Sauvegardes"})
    services.records.delete(group.id)
    services.records.restore(group.id)
    need = services.records.create("need", {"title": "Un", "need_group_id": group.id})
    with pytest.raises(UserError, match=need.id):
        services.records.restore(group.id)
    gone = services.records.history(group.id)[1].change
    with pytest.raises(UserError, match="Un"):
        services.records.restore(group.id, str(gone))
    services.records.update(need.id, {"need_group_id": None})
    services.records.restore(group.id)
    assert not services.records.list("need_group")


def test_a_commission_that_was_deleted_once_is_not_deleted_again_over_its_records(
    services: Services,
) -> None:
    made = services.records.create("commission", {"name": "Auxois"}, None)
    services.records.delete(made.id)
    services.records.restore(made.id)
    services.records.create("person", {"last_name": "Roy"}, made.id)
    with pytest.raises(UserError, match="Roy"):
        services.records.restore(made.id)


def test_the_making_of_a_record_that_says_nothing_yet_is_undone_like_another(
    services: Services, commission_id: str
) -> None:
    seat = services.records.create("roster_entry", {}, commission_id)
    assert services.undo.undo() == {seat.id: "roster_entry"}
    assert services.records.list("roster_entry") == []


def test_undo_and_redo_follow_the_users_operations_across_kinds(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"}, label="Nouveau besoin")
    services.records.update(need.id, {"title": "Deux"}, label="Changer le titre")
    services.records.delete(need.id, label="Supprimer le besoin")
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Supprimer le besoin « Deux »"
    services.undo.undo()
    services.undo.undo()
    assert services.records.get(need.id).fields.title == "Un"
    services.undo.redo()
    assert services.records.get(need.id).fields.title == "Deux"
    services.undo.redo()
    with pytest.raises(UserError):
        services.records.get(need.id)
    assert services.undo.next_redo() is None


def test_a_new_operation_ends_the_redo_and_a_changed_field_ends_the_undo(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    services.records.update(need.id, {"title": "Deux"})
    services.undo.undo()
    services.records.update(need.id, {"words": "Autre chose"})
    assert services.undo.next_redo() is None
    with services.workspace.unit("Synchronisation") as unit:
        stored = unit.stored(need.id)
        assert stored is not None
        stored.envelope.fields["words"] = "Venu d'ailleurs"
        unit.receive(stored.envelope)
        unit.commit()
    with pytest.raises(UserError, match="a changé depuis"):
        services.undo.undo()
    assert services.undo.next_redo() is None  # which what is left had ended


def test_an_operation_is_named_by_what_it_did_and_to_what(
    services: Services, commission_id: str
) -> None:
    def named() -> str:
        step = services.undo.next_undo()
        return step.label if step else ""

    need = services.records.create("need", {"title": "Sauvegarde"})
    assert named() == "Ajout du besoin « Sauvegarde »"
    services.records.update(need.id, {"title": "Sauvegarde externe"})
    assert named() == "Modification du besoin « Sauvegarde externe »"
    services.records.delete(need.id)
    assert named() == "Suppression du besoin « Sauvegarde externe »"
    services.records.restore(need.id)
    assert named() == "Rétablissement du besoin « Sauvegarde externe »"
    pair = [Change("need", {"title": title}) for title in ("Fibre", "Site")]
    (first, _) = services.records.put(pair)
    assert named() == "Ajout de 2 besoins"
    services.records.put([Change("need", {"title": "4G"}, first.id), pair[0]])
    assert named() == "Modification de 2 besoins"
    services.records.put([pair[0], Change("solution", {"title": "Antenne"})])
    assert named() == "Ajout de 2 enregistrements"


def test_a_record_known_by_its_code_is_said_to_be_changed(services: Services) -> None:
    for label, title in (("La fibre", "Ajout"), ("La fibre optique", "Modification")):
        services.records.create("theme", {"code": "fibre", "label": label})
        step = services.undo.next_undo()
        assert step is not None
        assert step.label == f"{title} du thème « {label} »"


def test_a_burst_of_typing_is_taken_back_at_once(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Un"})
    for words in ("a", "ab", "abc"):
        services.records.put([Change("need", {"words": words}, need.id)], burst="ici")
    services.undo.undo()
    assert services.records.get(need.id).fields.words == ""
    services.undo.undo()
    assert services.records.list("need") == []


def test_a_burst_of_typing_that_ends_as_it_began_leaves_nothing_to_take_back(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    for words in ("abc", ""):
        services.records.put([Change("need", {"words": words}, need.id)], burst="ici")
    assert len(services.records.history(need.id)) == 1
    services.undo.undo()
    assert services.records.list("need") == []
    services.undo.redo()
    for words in ("abc", "", "abcd"):
        services.records.put([Change("need", {"words": words}, need.id)], burst="là")
    services.undo.undo()
    assert services.records.get(need.id).fields.words == ""


def test_words_that_go_on_after_another_operation_are_taken_back_before_it(
    services: Services, commission_id: str
) -> None:
    need, records, undo = (
        services.records.create("need", {"title": "Un"}),
        services.records,
        services.undo,
    )

    def type_on(words: str) -> None:
        records.put([Change("need", {"words": words}, need.id)], burst="ici")

    type_on("a")
    other = records.create("need", {"title": "Autre"})
    type_on("ab")
    type_on("abc")
    undo.undo()
    assert (records.get(need.id).fields.words, records.get(other.id).fields.title) == ("a", "Autre")
    undo.undo()
    assert records.get(need.id).fields.words == "a"
    type_on("ad")  # ends the redo
    assert undo.next_redo() is None
    undo.undo()
    undo.undo()
    assert [one.fields.words for one in records.list("need")] == [""]


def test_words_that_go_on_after_what_can_be_taken_back_no_more_are_taken_back(
    services: Services, commission_id: str
) -> None:
    need, records = services.records.create("need", {"title": "Un"}), services.records
    records.put([Change("need", {"words": "a"}, need.id)], burst="ici")
    with services.workspace.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE operation SET state = 'other'")
        unit.commit()
    records.put([Change("need", {"words": "ab"}, need.id)], burst="ici")
    services.undo.undo()
    assert records.get(need.id).fields.words == "a"


def test_what_cannot_be_taken_back_is_said_once_and_does_not_hold_the_others_back(
    services: Services, commission_id: str
) -> None:
    other = services.records.create("need", {"title": "Autre"})
    services.records.update(other.id, {"title": "Autre besoin"})
    need = services.records.create("need", {"title": "Un"})
    with services.workspace.unit("Synchronisation") as unit:
        stored = unit.stored(need.id)
        assert stored is not None
        unit.receive(msgspec.structs.replace(stored.envelope, deleted=True))
        unit.commit()
    with pytest.raises(UserError, match="a changé depuis"):
        services.undo.undo()
    services.undo.undo()
    assert services.records.get(other.id).fields.title == "Autre"


def test_one_field_gets_back_the_value_it_had_before_a_change(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un", "words": "Premier"})
    services.records.update(need.id, {"title": "Deux", "words": "Deuxième"})
    services.records.update(need.id, {"title": "Trois"})
    second = services.records.history(need.id)[1]
    restored = services.records.restore_field(need.id, second.change, "words")
    assert (restored.fields.title, restored.fields.words) == ("Trois", "Premier")
    assert services.records.history(need.id)[0].changes == {"words": ["Deuxième", "Premier"]}
    with pytest.raises(UserError, match="n'a pas touché"):
        services.records.restore_field(need.id, second.change, "severity")


def test_a_hundred_and_more_operations_are_taken_back_and_done_again(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "0"})
    for number in range(1, 121):
        services.records.update(need.id, {"title": str(number)})
    for _ in range(120):
        services.undo.undo()
    assert services.records.get(need.id).fields.title == "0"
    for _ in range(120):
        services.undo.redo()
    assert services.records.get(need.id).fields.title == "120"


def test_the_base_is_copied_at_the_first_edit_and_edits_are_counted(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    with services.workspace.unit() as unit:
        acknowledge(unit, [Acknowledgement(need.id, 1, edits_sent=1)])
        unit.commit()
    services.records.update(need.id, {"title": "Deux"})
    services.records.update(need.id, {"title": "Trois"})
    with services.workspace.reading() as unit:
        stored = unit.stored(need.id)
    assert stored is not None
    assert stored.edits == 2
    assert stored.base is not None
    assert stored.base["title"] == "Un"


def test_leaving_a_unit_of_work_without_commit_changes_nothing(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    with services.workspace.unit() as unit:
        services.records.write(unit, Change("need", {"title": "Deux"}, need.id))
    assert services.records.get(need.id).fields.title == "Un"
    assert len(services.records.history(need.id)) == 1


def test_the_code_of_a_theme_stays_as_long_as_a_record_has_it(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "A", "theme": "websites"})
    (theme,) = services.records.list("theme", code="websites")
    with pytest.raises(UserError, match="champ « code »"):
        services.records.update(theme.id, {"code": "sites"})
    services.records.update(theme.id, {"label": "Les sites"})
    services.records.update(need.id, {"theme": None})
    services.records.update(theme.id, {"code": "sites"})


def test_what_goes_beside_a_record_is_in_its_space(services: Services, commission_id: str) -> None:
    commune = services.records.list("organisation", kind="commune")[0].id
    need = services.records.create("need", {"title": "A"})
    named = {"name": "devis.pdf", "sha256": "0" * 64}
    with pytest.raises(UserError, match="champ « commission_id »"):
        services.records.create("attachment", named | {"owner_id": commune}, commission_id)
    beside = services.records.create("attachment", named | {"owner_id": need.id})
    assert beside.commission_id == commission_id
    with pytest.raises(UserError, match="champ « commission_id »"):
        services.records.update(beside.id, {"owner_id": commune})
    conflict = {"record_kind": "need", "record_id": need.id, "unit": "title"}
    with pytest.raises(UserError, match="champ « commission_id »"):
        services.records.create("conflict", conflict, None)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"foo": 1}, "plan.foo"),
        ({"participants": []}, "plan.participants"),
        ({"key": {"kind": "equal", "part": 1}}, "plan.key.part"),
        ({"key": {"kind": "strata", "strata": [{"to": 1}]}}, "plan.key.strata[0].to"),
        ({"offers": [{"id": "A", "price": 1}]}, "plan.offers[0].price"),
        ({"offers": [{"id": "A", "tiers": [{"price": 1}]}]}, "plan.offers[0].tiers[0].price"),
        ({"offers": 1}, "plan.offers"),
        ({"key": []}, "plan.key"),
        ({"years": 0}, "plan.years"),
        ({"years": True}, "plan.years"),
        ({"vat_rate": 0.2}, "plan.vat_rate"),
        ({"subsidy_cents": -1}, "plan.subsidy_cents"),
        ({"key": {"kind": "shares"}}, "plan.key.kind"),
        ({"key": {"kind": "equal", "floor_cents": 2, "cap_cents": 1}}, "plan.key.floor_cents"),
        (
            {"offers": [{"id": "A", "tiers": [{"from_participants": 2}]}]},
            "plan.offers[0].tiers[0].from_participants",
        ),
    ],
)
def test_a_plan_holds_what_a_plan_can_be_its_parts_missing(
    services: Services, commission_id: str, plan: dict[str, Any], field: str
) -> None:
    solution = services.records.create("solution", {"plan": {}})
    services.records.update(solution.id, {"plan": {"years": 4, "key": None, "offers": []}})
    with pytest.raises(UserError) as refused:
        services.records.update(solution.id, {"plan": plan})
    assert f"champ « {field} »" in refused.value.sentence
