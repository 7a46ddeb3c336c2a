"""Deleted records are found again, and come back with what went along."""

from __future__ import annotations

import msgspec
import pytest

from app.bootstrap import Services, open_services
from app.clock import new_id
from app.domain import validation
from app.domain.records import Envelope, reference_id
from app.errors import UserError
from app.storage.unit_of_work import UnitOfWork
from tests.app.domain.builders import Scene
from tests.app.services.staging import stage


def test_a_meeting_comes_back_with_its_items_in_one_operation(
    services: Services, commission_id: str
) -> None:
    make = services.records.create
    meeting = make("meeting", {"title": "Réunion de mars"})
    items = [make("agenda_item", {"meeting_id": meeting.id, "title": t}).id for t in "ab"]
    need = make("need", {"title": "Serveur"})
    services.records.delete(meeting.id, cascade=True)
    services.records.delete(need.id)
    found = services.trash.list()
    assert [(one.kind, one.title, one.others) for one in found] == [
        ("need", "Serveur", 0),
        ("meeting", "Réunion de mars", 2),
    ]
    assert found[0].author == services.workspace.author.name
    assert services.trash.restore(meeting.id) == ["agenda_item", "meeting"]
    assert {one.id for one in services.records.list("agenda_item")} == set(items)
    assert [one.kind for one in services.trash.list()] == ["need"]
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Rétablissement de la séance"
    services.undo.undo()
    assert services.records.list("meeting") == []


def test_a_meeting_leads_its_items_even_one_that_came_back_from_an_earlier_deletion(
    services: Services, commission_id: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Réunion de mars"})
    items = [services.agenda.add(meeting.id, {"kind": "misc", "title": t}).id for t in "ab"]
    services.records.delete(items[0])
    services.undo.undo()
    services.records.delete(meeting.id, cascade=True)
    (found,) = services.trash.list()
    assert (found.kind, found.title, found.others) == ("meeting", "Réunion de mars", 2)


@pytest.mark.parametrize("way", ["trash", "undo"])
def test_the_items_of_a_meeting_that_comes_back_keep_their_numbers(
    services: Services, way: str
) -> None:
    scene = Scene(1)
    scene.present(1)
    for place, number in enumerate(("1", "1 bis", "2"), 1):
        scene.item(place, number=number, original=number != "1 bis")
    stage(services, scene)
    services.records.delete(scene.meeting_id, cascade=True)
    if way == "trash":
        services.trash.restore(scene.meeting_id)
    else:
        services.undo.undo()
    items = services.meetings.file(scene.meeting_id).items
    assert [item.fields.number for item in items] == ["1", "1 bis", "2"]


def test_what_is_restored_already_or_refers_to_what_is_gone_is_refused(
    services: Services, commission_id: str
) -> None:
    person = services.records.create("person", {"last_name": "Roy"})
    need = services.records.create("need", {"title": "A", "speaker_person_id": person.id})
    services.records.delete(need.id)
    services.records.delete(person.id)
    with pytest.raises(UserError, match="supprimé"):
        services.trash.restore(need.id)
    services.trash.restore(person.id)
    services.trash.restore(need.id)
    with pytest.raises(UserError, match="plus dans la corbeille"):
        services.trash.restore(need.id)


def test_one_of_several_deleted_together_comes_back_alone_unless_one_owns_the_other(
    services: Services, commission_id: str
) -> None:
    needs = [services.records.create("need", {"title": title}).id for title in "abc"]
    services.needs.delete(needs)
    (found,) = services.trash.list()
    assert [one.apart for one in (found, *found.along)] == [True] * 3
    assert services.trash.restore(needs[1], alone=True) == ["need"]
    assert [one.id for one in services.records.list("need")] == [needs[1]]
    (found,) = services.trash.list()
    assert (found.title, found.others) == ("a", 1)
    services.undo.undo()
    assert services.records.list("need") == []
    meeting = services.records.create("meeting", {"title": "Réunion"}).id
    item = services.records.create("agenda_item", {"meeting_id": meeting, "title": "Fibre"}).id
    services.records.delete(meeting, cascade=True)
    found, *_ = services.trash.list()
    assert [one.apart for one in (found, *found.along)] == [False] * 2
    with pytest.raises(UserError, match="supprimé"):
        services.trash.restore(item, alone=True)


def test_a_need_does_not_come_back_without_the_group_deleted_with_it(
    services: Services, commission_id: str
) -> None:
    needs = [services.records.create("need", {"title": title}).id for title in "abc"]
    services.needs.group(needs[:2], "Fibre")
    services.needs.delete(needs)
    (found,) = services.trash.list()
    told = {one.title: one.apart for one in (found, *found.along)}
    assert told == {"a": False, "b": False, "c": True, "Fibre": False}
    with pytest.raises(UserError, match="supprimé"):
        services.trash.restore(needs[0], alone=True)


def test_what_a_sync_deletes_stands_alone(services: Services, commission_id: str) -> None:
    ids = [services.records.create("need", {"title": title}).id for title in "ab"]
    with services.workspace.unit("Synchronisation") as unit:
        for record_id in ids:
            stored = unit.stored(record_id)
            assert stored is not None
            stored.envelope.fields["reason"] = "x"
            unit.receive(type(stored.envelope)(
                kind="need", id=record_id, deleted=True, commission_id=commission_id,
                fields=stored.envelope.fields,
            ), author="Camille")  # fmt: skip
        unit.commit()
    assert [(one.title, one.author, one.others) for one in services.trash.list()] == [
        ("b", "Camille", 0),
        ("a", "Camille", 0),
    ]


@pytest.mark.parametrize("taken_back", ["deletion", "creation"])
def test_nothing_taken_back_is_left_without_what_it_is_tied_to(
    services: Services, commission_id: str, taken_back: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Réunion"}).id
    if taken_back == "deletion":
        item = services.records.create("agenda_item", {"meeting_id": meeting, "title": "Site"}).id
        services.records.delete(item)
    with services.workspace.unit("Synchronisation") as unit:  # what came from elsewhere meanwhile
        if taken_back == "deletion":
            unit.save(msgspec.structs.replace(unit.stored(meeting).envelope, deleted=True))
        else:
            fields = validation.complete("attendance", {"meeting_id": meeting})
            made = Envelope(kind="attendance", id=new_id(), commission_id=commission_id)
            unit.save(msgspec.structs.replace(made, fields=fields))
        unit.commit()
    with pytest.raises(UserError, match="supprimé" if taken_back == "deletion" else "rapportent"):
        services.undo.undo()
    assert [one.id for one in services.records.list("meeting")] == (
        [] if taken_back == "deletion" else [meeting]
    )
    assert services.records.list("agenda_item") == []


def test_two_programs_that_undo_at_once_take_back_one_operation_each(
    services: Services, commission_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = services.records.create("need", {"title": "A"})
    for title in "BC":
        services.records.update(need.id, {"title": title})
    other = open_services(services.workspace.folder)
    unit = other.workspace.unit

    def after_the_window(label: str = "", *, write: bool = True) -> UnitOfWork:
        if write:
            services.undo.undo()
        return unit(label, write=write)

    monkeypatch.setattr(other.workspace, "unit", after_the_window)
    other.undo.undo()
    assert services.records.get(need.id).fields.title == "A"
    for _ in range(2):
        services.undo.redo()
    assert services.records.get(need.id).fields.title == "C"
    other.close()


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_a_meeting_taken_away_by_an_undo_comes_back_whole_from_the_trash(
    services: Services, commission_id: str, way: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Réunion de mars"})
    for title in "ab":
        services.records.create("agenda_item", {"meeting_id": meeting.id, "title": title})
    services.records.delete(meeting.id, cascade=True)
    if way == "redo":
        services.undo.undo()
        services.undo.redo()
    else:
        services.trash.restore(meeting.id)
        services.undo.undo()
    (found,) = services.trash.list()
    assert (found.kind, found.title, found.others) == ("meeting", "Réunion de mars", 2)
    services.trash.restore(meeting.id)
    assert len(services.records.list("agenda_item")) == 2


def test_what_is_tied_to_a_deleted_record_names_it_when_it_is_refused(
    services: Services, commission_id: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Réunion de mars"})
    item = services.records.create("agenda_item", {"meeting_id": meeting.id, "title": "Fibre"})
    services.records.delete(item.id)
    services.records.delete(meeting.id)
    with pytest.raises(UserError, match=r"corbeille le rend.* : séance « Réunion de mars »"):
        services.trash.restore(item.id)


def test_what_the_program_kept_is_not_called_an_attachment(
    services: Services, commission_id: str
) -> None:
    looks = services.paper_looks
    looks.save(commission_id, looks.template("minutes", commission_id))
    looks.reset("minutes", commission_id)
    (found,) = services.trash.list()
    assert (found.kind, found.label) == ("attachment", "modèle de document")


def test_the_oldest_deletion_stays_in_the_trash_and_what_has_no_title_a_name(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Serveur"})
    services.records.delete(need.id)
    solution = services.records.create("solution", {"title": "Sauvegarde"})
    commune = reference_id("organisation", "21716")
    for _ in range(501):
        made = services.records.create(
            "commitment", {"solution_id": solution.id, "organisation_id": commune}
        )
        services.records.delete(made.id)
    found = services.trash.list()
    assert (len(found), found[-1].title) == (502, "Serveur")
    assert found[0].title == "Vougeot (21)"
