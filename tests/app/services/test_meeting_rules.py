"""The rules of meetings on every way in: put, delete, restore, undo."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.bootstrap import Services
from app.domain.records import Ballot, Envelope, Record, RosterEntry
from app.domain.validation import complete
from app.errors import UserError
from app.services.changes import Change
from app.services.seating import correct, succeed
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import planned, stage


def held(services: Services, present: int = 3, **options: Any) -> str:
    """An open meeting of 4 seats with one item; the item's id."""
    scene = Scene(4, status="open", closed_at=None, **options)
    scene.present(*range(1, present + 1))
    item = scene.item()
    stage(services, scene)
    return item


def vote(services: Services, item: str, **fields: Any) -> Ballot:
    fields = {"question": "Oui ?", "held_at": at("19:00")} | fields
    record = services.records.create("ballot", {"agenda_item_id": item} | fields)
    found: Ballot = record.fields
    return found


def test_more_votes_than_the_room_holds_are_refused_with_record_field_and_sentence(
    services: Services,
) -> None:
    item = held(services)
    with pytest.raises(UserError) as caught:
        vote(services, item, for_count=4)
    assert "Vote, " in caught.value.sentence
    assert "champ « for_count »" in caught.value.sentence
    assert "4 voix pour 3 dans la salle" in caught.value.sentence
    assert services.records.list("ballot") == []


def test_a_vote_that_comes_back_from_the_trash_is_judged_again(services: Services) -> None:
    fields = {"agenda_item_id": held(services), "for_count": 3, "held_at": at("19:00")}
    ballot = services.records.create("ballot", fields)
    services.records.delete(ballot.id)
    services.attendance.mark(uid("meeting"), uid("seat 3"), "absent")
    with pytest.raises(UserError, match="3 voix pour 2"):
        services.trash.restore(ballot.id)
    services.attendance.mark(uid("meeting"), uid("seat 3"), "present")
    services.trash.restore(ballot.id)
    assert services.records.get(ballot.id) == ballot


def test_a_list_is_judged_at_its_end(services: Services) -> None:
    item = held(services, present=0)
    ballot = {"agenda_item_id": item, "for_count": 1, "held_at": at("19:00")}
    sheet = {"meeting_id": uid("meeting"), "roster_entry_id": uid("seat 1"),
             "person_id": uid("titular 1")}  # fmt: skip
    services.records.put([Change("ballot", ballot), Change("attendance", sheet)])
    assert len(services.records.list("ballot")) == 1


def test_the_counts_of_a_roll_call_come_from_its_names(services: Services) -> None:
    votes = {uid("seat 1"): "for", uid("seat 2"): "for", uid("seat 3"): "against"}
    found = vote(services, held(services), method="roll_call", votes=votes)
    assert (found.for_count, found.against_count, found.chair_vote) == (2, 1, "for")


def test_counts_that_differ_from_the_names_are_refused(services: Services) -> None:
    item = held(services)
    with pytest.raises(UserError, match="ne sont pas ceux des votes nominatifs"):
        vote(services, item, method="roll_call", votes={uid("seat 1"): "for"}, for_count=2)


def test_new_names_bring_new_counts(services: Services) -> None:
    votes = {uid("seat 1"): "for"}
    vote(services, held(services), method="roll_call", votes=votes)
    (ballot,) = services.records.list("ballot")
    changed = services.records.update(ballot.id, {"votes": votes | {uid("seat 2"): "for"}})
    assert changed.fields.for_count == 2


def test_a_secret_ballot_keeps_no_name_and_its_method(services: Services) -> None:
    item = held(services)
    with pytest.raises(UserError, match="n'en saisissez que les totaux"):
        vote(services, item, method="secret", votes={uid("seat 1"): "for"})
    vote(services, item, method="secret", for_count=3)
    (ballot,) = services.records.list("ballot")
    with pytest.raises(UserError, match="champ « method »"):
        services.records.update(ballot.id, {"method": "show_of_hands"})
    with pytest.raises(UserError, match="une seule fois"):
        services.records.update(ballot.id, {"for_count": 2, "against_count": 1})


def test_a_vote_without_quorum_is_refused_to_a_deliberative_body_only(services: Services) -> None:
    item = held(services, present=2)
    assert vote(services, item, for_count=2).for_count == 2
    commission = services.records.list("commission")[0]
    services.records.update(commission.id, {"profile": "deliberative"})
    with pytest.raises(UserError, match="sans quorum, le vote ne peut pas avoir lieu"):
        vote(services, item, for_count=2)


def test_an_item_added_after_the_convocation_is_numbered(services: Services) -> None:
    scene = planned(items=5)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id)
    fields = {"meeting_id": scene.meeting_id, "rank": "0041", "title": "En plus", "kind": "misc"}
    added = services.records.create("agenda_item", fields)
    assert (added.fields.number, added.fields.original) == ("4 bis", False)
    with pytest.raises(UserError, match="les numéros ne changent plus"):
        services.records.update(added.id, {"number": "6"})
    with pytest.raises(UserError, match="un point ne se supprime plus"):
        services.records.delete(uid("item meeting 2"))


def test_putting_a_meeting_as_convened_fixes_its_numbers(services: Services) -> None:
    meeting_id = stage(services, planned(items=2))
    services.records.update(meeting_id, {"status": "convened"})
    numbers = [item.fields.number for item in services.meetings.file(meeting_id).items]
    assert numbers == ["1", "2"]


def test_no_ballot_on_an_added_item_that_a_deliberative_body_was_not_told_of(
    services: Services,
) -> None:
    scene = planned(items=1, profile="deliberative")
    scene.present(1, 2, 3)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id, "2027-03-10T08:00")
    services.meetings.open(scene.meeting_id, at("18:30"))
    added = services.agenda.add(scene.meeting_id, {"title": "En plus", "kind": "decision"})
    with pytest.raises(UserError, match="ajouté après la convocation"):
        vote(services, added.id, for_count=3)
    services.agenda.notify(added.id, at("18:45"))
    assert vote(services, added.id, for_count=3).for_count == 3


def test_notes_typed_in_a_meeting_with_an_odd_vote_are_never_refused(services: Services) -> None:
    item = held(services)
    vote(services, item, for_count=3)
    _receive(services, services.records.list("attendance")[0].id, status="excused")
    assert services.records.update(item, {"notes": "Suite."}).fields.notes == "Suite."
    assert any(
        "dans la salle" in one.what for one in services.meetings.check(uid("meeting")).missing
    )
    sheet = services.records.list("attendance")[1].id
    services.records.update(sheet, {"intervals": [{"arrived": at("18:00"), "left": at("20:00")}]})


def _receive(services: Services, record_id: str, **fields: Any) -> None:
    """What another laptop wrote in good faith, as a sync brings it."""
    with services.workspace.unit() as unit:
        record = services.records.envelope(record_id)
        unit.receive(msgspec.structs.replace(record, fields=record.fields | fields))
        unit.commit()


SHEET, SEAT = uid("attendance meeting titular 3 2"), uid("seat 3")


@pytest.mark.parametrize(
    ("record_id", "fields"),
    [
        (SHEET, {"status": "absent"}),
        (SHEET, {"intervals": [{"arrived": None, "left": at("18:50")}]}),
        (SHEET, {"exclusions": [{"item_id": uid("item meeting 1"), "interest": "personal"}]}),
        (SEAT, {"voting": False}),
        (SEAT, {"until": "2027-01-01"}),
        (SEAT, {"titular_person_id": uid("titular 4")}),
        (uid("meeting"), {"opened_at": at("19:10")}),
        (uid("meeting"), {"closed_at": at("18:50")}),
    ],
)
def test_nobody_who_voted_leaves_the_room_afterwards(
    services: Services, record_id: str, fields: dict[str, Any]
) -> None:
    vote(services, held(services), for_count=3)
    with pytest.raises(UserError, match=r"il y aurait 3 voix pour [02] dans la salle"):
        services.records.update(record_id, fields)
    with pytest.raises(UserError, match="il y aurait 3 voix pour 2 dans la salle"):
        services.records.delete(SHEET)


def test_who_replaces_somebody_that_voted_takes_the_seat_from_a_day_on(services: Services) -> None:
    scene = Scene(1, status="open", closed_at=None)
    scene.seat(2, alternate=True)
    scene.sheet(2, role="alternate")
    item = scene.item()
    stage(services, scene)
    vote(services, item, for_count=1)
    way = "Pour un remplacement, donnez-en le jour : ce siège finit ce jour-là, un autre y commence"
    for person in (uid("titular 1"), None):
        with pytest.raises(UserError, match=way):
            services.records.update(uid("seat 2"), {"alternate_person_id": person})
    services.records.update(uid("seat 2"), {"titular_person_id": None})
    (seat,) = (one for one in services.records.list("roster_entry") if one.id == uid("seat 2"))
    succeed(services.records, seat, {"titular_person_id": uid("titular 1")}, "2027-03-20")
    assert services.meetings.check(uid("meeting")).items[0].quorum.present == 1


def test_a_seat_given_to_the_wrong_person_is_corrected_with_what_is_noted_of_them(
    services: Services,
) -> None:
    scene = Scene(2, status="open", closed_at=None)
    scene.seat(3, alternate=True)
    scene.present(1, 2)
    scene.sheet(3, "excused")
    scene.sheet(3, role="alternate")
    item = scene.item()
    other = Scene(0, label="frozen")
    other.add("attendance", meeting_id=other.meeting_id, roster_entry_id=uid("seat 1"),
              person_id=uid("titular 1"), status="present")  # fmt: skip
    stage(services, scene)
    stage(services, other)
    services.minutes.freeze(other.meeting_id)
    vote(services, item, for_count=3)
    right = [services.records.create("person", {"last_name": one}, COMMISSION).id for one in "AB"]

    def seat(number: int) -> Record[RosterEntry]:
        found = services.records.list("roster_entry")
        return next(one for one in found if one.id == uid(f"seat {number}"))

    def sheet(meeting_id: str, number: int) -> set[str | None]:
        noted = services.records.list("attendance", meeting_id=meeting_id)
        return {o.fields.person_id for o in noted if o.fields.roster_entry_id == seat(number).id}

    correct(services.records, seat(1), {"titular_person_id": right[0]})
    assert sheet(scene.meeting_id, 1) == {right[0]}
    assert sheet(other.meeting_id, 1) == {uid("titular 1")}
    correct(services.records, seat(3), {"alternate_person_id": right[1]})
    assert sheet(scene.meeting_id, 3) == {uid("titular 3"), right[1]}
    swapped = {"titular_person_id": right[1], "alternate_person_id": uid("titular 3")}
    correct(services.records, seat(3), swapped)
    assert sheet(scene.meeting_id, 3) == {uid("titular 3"), right[1]}
    assert services.meetings.check(scene.meeting_id).items[0].quorum.present == 3
    for _ in range(3):
        services.undo.undo()
    assert sheet(scene.meeting_id, 1) == {uid("titular 1")}


def test_a_change_that_a_vote_holds_back_is_made_once_the_vote_is_corrected(
    services: Services,
) -> None:
    item = held(services)
    vote(services, item, for_count=3)
    (ballot,) = services.records.list("ballot")
    with pytest.raises(UserError, match=r"corrigez d'abord les voix ou l'heure de ce vote, puis"):
        services.records.update(SHEET, {"status": "absent"})
    services.records.update(ballot.id, {"for_count": 2})
    services.records.update(SHEET, {"status": "absent"})
    services.records.update(SHEET, {"status": "present"})
    services.records.delete(ballot.id)
    vote(services, item, method="secret", for_count=3)
    with pytest.raises(UserError, match="l'heure de ce vote, ou supprimez-le pour le saisir"):
        services.records.update(SHEET, {"status": "absent"})


def test_a_departure_that_leaves_a_vote_without_quorum_says_what_to_do_of_the_vote(
    services: Services,
) -> None:
    vote(services, held(services), for_count=1)  # of 4 seats, of which 3 are needed
    commission = services.records.list("commission")[0]
    services.records.update(commission.id, {"profile": "deliberative"})
    with pytest.raises(UserError, match=r"ce vote aurait lieu sans quorum, corrigez d'abord son"):
        services.records.update(SHEET, {"intervals": [{"arrived": None, "left": at("18:50")}]})


def test_what_is_odd_already_may_be_mended_step_by_step_and_not_made_worse(
    services: Services,
) -> None:
    vote(services, held(services), for_count=3)
    sheets = [one.id for one in services.records.list("attendance")]
    for sheet in sheets:
        _receive(services, sheet, status="absent")
    services.records.update(sheets[0], {"status": "present"})
    with pytest.raises(UserError, match=r"il y aurait 3 voix pour 0.* les voix ou l'heure"):
        services.records.update(sheets[0], {"status": "excused"})
    services.records.update(uid("item meeting 1"), {"title": "Autre", "started_at": at("18:40")})
    services.records.update(sheets[1], {"status": "present"})
    services.records.update(sheets[2], {"status": "present"})


def test_an_approval_follows_the_chair_who_made_it(services: Services) -> None:
    item = held(services, present=2)
    former = services.records.create("meeting", {"title": "Avant", "status": "closed"})
    sealed = {"meeting_id": former.id, "frozen_at": at("18:00")}
    with services.workspace.unit() as unit:
        unit.save(Envelope(kind="minutes", id=uid("minutes"), commission_id=former.commission_id,
                           fields=complete("minutes", sealed)))  # fmt: skip
        unit.commit()
    services.records.update(item, {"kind": "approval", "linked_id": former.id})
    votes = {uid("seat 1"): "for", uid("seat 2"): "against"}
    vote(services, item, method="roll_call", votes=votes)
    assert services.records.get(former.id).fields.status == "approved"
    services.records.update(uid("meeting"), {"chair_person_id": uid("titular 2")})
    assert services.records.get(former.id).fields.status == "closed"


def test_a_meeting_opens_no_later_than_its_first_vote(services: Services) -> None:
    scene = Scene(4, status="convened", opened_at=None, closed_at=None)
    scene.present(1, 2, 3)
    item = scene.item(started=None)
    stage(services, scene)
    vote(services, item, for_count=3, held_at="2027-03-19T17:30:00+01:00")
    vote(services, item, for_count=2, held_at="2027-03-19T17:20:00+01:00")
    with pytest.raises(UserError, match="3 voix pour 0"):
        services.meetings.open(scene.meeting_id, "2027-03-19T18:00:00+01:00")
    opened = services.meetings.open(scene.meeting_id)
    assert opened.fields.opened_at == "2027-03-19T17:20:00+01:00"


def test_people_come_and_go_freely_before_any_vote(services: Services) -> None:
    held(services)
    services.records.update(SHEET, {"status": "absent"})
    services.records.update(SEAT, {"voting": False})


def test_another_chair_takes_their_own_vote_along(services: Services) -> None:
    votes = {uid("seat 1"): "for", uid("seat 2"): "against", uid("seat 3"): "for"}
    vote(services, held(services), method="roll_call", votes=votes)
    services.records.update(uid("meeting"), {"chair_person_id": uid("titular 2")})
    (ballot,) = services.records.list("ballot")
    assert ballot.fields.chair_vote == "against"
    services.records.update(SHEET, {"exclusions": []})
    assert services.records.get(ballot.id) == ballot


def test_a_ballot_whose_history_holds_names_never_becomes_secret(services: Services) -> None:
    vote(services, held(services), method="roll_call", votes={uid("seat 1"): "for"})
    (ballot,) = services.records.list("ballot")
    services.records.update(ballot.id, {"votes": {}})
    with pytest.raises(UserError, match="supprimez ce vote"):
        services.records.update(ballot.id, {"method": "secret"})
    services.records.update(ballot.id, {"method": "show_of_hands", "for_count": 2})
    services.records.update(ballot.id, {"for_count": 0})
    with pytest.raises(UserError, match="supprimez ce vote"):
        services.records.update(ballot.id, {"method": "secret"})


@pytest.mark.parametrize("told", [{"for_count": 2, "chair_vote": "for"}, {"chair_vote": "for"}])
def test_a_ballot_that_ever_held_a_vote_never_becomes_secret(
    services: Services, told: dict[str, Any]
) -> None:
    item = held(services)
    vote(services, item, **told)
    (ballot,) = services.records.list("ballot")
    secret = {"method": "secret", "for_count": 2, "chair_vote": None}
    with pytest.raises(UserError, match="même effacées depuis : supprimez ce vote"):
        services.records.update(ballot.id, secret)
    services.records.update(ballot.id, {"for_count": 0, "chair_vote": None})
    with pytest.raises(UserError, match="même effacées depuis : supprimez ce vote"):
        services.records.update(ballot.id, secret)
    services.records.delete(ballot.id)
    vote(services, item, **secret)


def test_a_vote_entered_and_wiped_out_in_one_list_never_becomes_secret(services: Services) -> None:
    fields = {"agenda_item_id": held(services), "held_at": at("19:00"), "chair_vote": "for"}
    wiped = {"method": "secret", "chair_vote": None}
    with pytest.raises(UserError, match="même effacées depuis"):
        services.records.put(
            [Change("ballot", fields, uid("b")), Change("ballot", wiped, uid("b"))]
        )


def test_a_count_typed_by_mistake_is_taken_back(services: Services) -> None:
    empty = vote(services, held(services))
    (ballot,) = services.records.list("ballot")
    services.records.update(ballot.id, {"for_count": 1})
    services.undo.undo()
    assert services.records.get(ballot.id).fields == empty
    services.undo.redo()
    services.records.delete(ballot.id)
    services.undo.undo()
    assert services.records.get(ballot.id).fields.for_count == 1


def test_a_secret_ballot_that_comes_back_from_the_trash_stays_secret(services: Services) -> None:
    vote(services, held(services), method="secret", for_count=2)
    (ballot,) = services.records.list("ballot")
    services.records.delete(ballot.id)
    services.trash.restore(ballot.id)
    assert services.records.get(ballot.id) == ballot


def test_a_convened_meeting_is_planned_no_more(services: Services) -> None:
    meeting = stage(services, planned(items=1))
    services.meetings.convene(meeting)
    with pytest.raises(UserError, match="elle ne redevient pas prévue"):
        services.records.update(meeting, {"status": "planned"})


def test_a_deliberative_body_does_not_skip_its_convocation(services: Services) -> None:
    meeting = stage(services, planned(items=1, profile="deliberative"))
    for status in ("open", "closed"):
        with pytest.raises(UserError, match="convoquez-la avant de l'ouvrir"):
            services.records.update(meeting, {"status": status})
    with pytest.raises(UserError, match="gelez-le avant de l'approuver"):
        services.records.update(meeting, {"status": "approved"})


def test_a_deliberative_body_is_not_convened_for_no_day(services: Services) -> None:
    meeting = stage(services, planned(items=1, profile="deliberative"))
    services.records.update(meeting, {"starts_at": None})
    with pytest.raises(UserError, match="« starts_at » : la séance n'a pas de date"):
        services.records.update(meeting, {"status": "convened"})
    dated = {"status": "convened", "starts_at": "2027-03-19T18:30:00+01:00"}
    assert services.records.update(meeting, dated).fields.status == "convened"


def test_what_a_deliberative_body_was_convened_by_is_not_taken_back(services: Services) -> None:
    scene = planned(items=1, profile="deliberative")
    scene.present(1, 2, 3)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id, "2027-03-10T08:00")
    services.meetings.open(scene.meeting_id, at("18:30"))
    with pytest.raises(UserError, match="l'envoi devait partir"):
        services.records.update(scene.meeting_id, {"starts_at": "2027-03-12T18:30:00+01:00"})
    added = services.agenda.add(scene.meeting_id, {"title": "En plus", "kind": "decision"})
    services.agenda.notify(added.id, at("18:45"))
    vote(services, added.id, for_count=1)
    with pytest.raises(UserError, match="ajouté après la convocation"):
        services.records.update(added.id, {"notified_at": None})
    services.records.update(uid("attendance meeting titular 1 0"), {"status": "absent"})
    with pytest.raises(UserError, match="sans quorum"):
        services.records.update(SHEET, {"status": "absent"})


def test_no_two_items_have_one_number(services: Services) -> None:
    scene = planned(items=3)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id)
    fields = {"meeting_id": scene.meeting_id, "rank": "0031", "title": "En plus"}
    with pytest.raises(UserError, match="« 3 » est déjà celui d'un autre point"):
        services.records.create("agenda_item", fields | {"number": "3"})
    added = services.records.create("agenda_item", fields | {"original": True})
    assert (added.fields.number, added.fields.original) == ("3 bis", False)


def test_undoing_and_restoring_are_judged_too(services: Services) -> None:
    scene = planned(items=1)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id)
    services.agenda.add(scene.meeting_id, {"title": "En plus"})
    with pytest.raises(UserError, match="est convoquée, un point ne se supprime plus"):
        services.undo.undo()
    with pytest.raises(UserError, match="les numéros ne changent plus"):
        services.records.restore(uid("item meeting 1"))


def test_undoing_a_convocation_says_that_the_meeting_stays_convened(services: Services) -> None:
    scene = planned(items=1)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id)
    with pytest.raises(UserError, match="est convoquée, elle ne redevient pas prévue"):
        services.undo.undo()


def test_an_opening_by_mistake_is_taken_back_and_the_numbers_with_it(services: Services) -> None:
    scene = planned(items=2)
    stage(services, scene)
    before = services.meetings.file(scene.meeting_id)
    services.meetings.open(scene.meeting_id)
    opened = services.meetings.file(scene.meeting_id)
    services.undo.undo()
    assert services.meetings.file(scene.meeting_id) == before
    added = services.agenda.add(scene.meeting_id, {"title": "En plus"})
    assert (added.fields.number, added.fields.original) == ("", True)
    services.undo.undo()
    services.meetings.open(scene.meeting_id, opened.meeting.fields.opened_at)
    assert services.meetings.file(scene.meeting_id) == opened
    services.undo.undo()
    services.undo.redo()
    assert services.meetings.file(scene.meeting_id) == opened


def test_an_opening_is_not_taken_back_from_under_an_added_item(services: Services) -> None:
    scene = planned(items=1)
    stage(services, scene)
    services.meetings.open(scene.meeting_id)
    services.agenda.add(scene.meeting_id, {"title": "En plus"})
    with pytest.raises(UserError, match="a été ouverte, un point ne se supprime plus"):
        services.undo.undo()
    with pytest.raises(UserError, match=r"a été ouverte .* puis corrigez son heure"):
        services.undo.undo()
    assert services.records.get(scene.meeting_id).fields.status == "open"


def test_nothing_but_undo_takes_an_opening_back(services: Services) -> None:
    scene = planned(items=0)
    stage(services, scene)
    services.meetings.open(scene.meeting_id)
    with pytest.raises(UserError, match="elle ne redevient pas prévue"):
        services.records.update(scene.meeting_id, {"status": "planned", "opened_at": None})


def test_a_convened_meeting_may_be_deleted_whole(services: Services) -> None:
    scene = planned(items=2)
    stage(services, scene)
    services.meetings.convene(scene.meeting_id)
    services.records.delete(scene.meeting_id, cascade=True)
    assert services.records.list("agenda_item") == []
