"""Convocations in a real workspace: chosen, sent, told."""

from __future__ import annotations

from datetime import date

import pytest

from app.bootstrap import Services
from app.errors import UserError
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import planned, stage
from tests.conftest import FakeClock

BEFORE = -9 * 24  # hours from the day of the meeting to Wednesday 10 March


@pytest.fixture
def meeting_id(services: Services, clock: FakeClock) -> str:
    """A meeting of three seats in nine days."""
    clock.forward(hours=BEFORE)
    return stage(services, planned(3, items=1))


def test_the_list_says_who_gets_what_by_which_day(services: Services, meeting_id: str) -> None:
    services.records.update(uid("titular 2"), {"email": "s2@exemple.fr"})
    found = services.convocations.of(meeting_id)
    assert found.latest_on == date(2027, 3, 15)
    assert found.deadline == "À envoyer au plus tard le lundi 15 mars 2027 (3 jours francs)"
    assert [one.name for one in found.by("letter")] == ["Titulaire 1", "Titulaire 3"]
    assert [one.name for one in found.by("email")] == ["Titulaire 2"]
    assert len(found.waiting) == 3


def test_what_is_sent_is_noted_with_its_day_and_channel(
    services: Services, meeting_id: str, clock: FakeClock
) -> None:
    services.convocations.choose(meeting_id, uid("titular 1"), "letter")
    services.convocations.choose(meeting_id, uid("titular 1"), "hand")
    persons = [uid("titular 1"), uid("titular 2"), uid("titular 1")]
    found = services.convocations.note_sent(meeting_id, persons)
    sent = {one.fields.person_id: one.fields for one in services.records.list("convocation")}
    assert {key: one.channel for key, one in sent.items()} == {
        uid("titular 1"): "hand", uid("titular 2"): "letter",
    }  # fmt: skip
    assert {one.sent_at for one in sent.values()} == {clock().isoformat()}
    assert [one.name for one in found.waiting] == ["Titulaire 3"]
    services.undo.undo()
    assert len(services.convocations.of(meeting_id).waiting) == 3


def test_sending_again_adds_a_line_and_writes_over_none(
    services: Services, meeting_id: str
) -> None:
    for day in ("2027-03-11", "2027-03-12"):
        services.convocations.note_sent(meeting_id, [uid("titular 1")], at=f"{day}T09:00")
    (found, *_) = services.convocations.of(meeting_id).recipients
    assert [one.fields.sent_at for one in found.sent] == [
        at("09:00", "2027-03-11"), at("09:00", "2027-03-12"),
    ]  # fmt: skip


def test_nothing_is_noted_as_sent_once_the_meeting_is_opened(
    services: Services, meeting_id: str, clock: FakeClock
) -> None:
    services.meetings.open(meeting_id, at("18:30"))
    clock.forward(days=10)
    with pytest.raises(UserError, match="donnez le jour où elle est partie"):
        services.convocations.note_sent(meeting_id, [uid("titular 1")])
    (found, *_) = services.convocations.note_sent(
        meeting_id, [uid("titular 1")], at="2027-03-12T00:00"
    ).recipients
    assert found.sent_at == at("00:00", "2027-03-12")


def test_convening_sends_to_those_who_wait_by_the_channel_chosen(
    services: Services, meeting_id: str
) -> None:
    services.convocations.choose(meeting_id, uid("titular 1"), "hand")
    services.convocations.note_sent(meeting_id, [uid("titular 2")], at="2027-03-11T09:00")
    services.meetings.convene(meeting_id, "2027-03-12T09:00")
    found = services.convocations.of(meeting_id)
    assert {one.name: (one.channel, one.sent_at) for one in found.recipients} == {
        "Titulaire 1": ("hand", at("09:00", "2027-03-12")),
        "Titulaire 2": ("letter", at("09:00", "2027-03-11")),
        "Titulaire 3": ("letter", at("09:00", "2027-03-12")),
    }
    assert len(services.records.list("convocation")) == 3


def test_convening_notes_nothing_as_sent_to_who_lost_the_seat_meanwhile(
    services: Services, meeting_id: str
) -> None:
    services.convocations.choose(meeting_id, uid("titular 1"), "hand")
    seats = {one.fields.titular_person_id: one.id for one in services.records.list("roster_entry")}
    services.records.update(seats[uid("titular 1")], {"titular_person_id": uid("titular 2")})
    services.meetings.convene(meeting_id, "2027-03-12T09:00")
    found = services.convocations.of(meeting_id)
    assert {one.name: one.sent_at for one in found.recipients} == {
        "Titulaire 1": None,
        "Titulaire 2": at("09:00", "2027-03-12"),
        "Titulaire 3": at("09:00", "2027-03-12"),
    }


def test_the_list_says_when_it_is_too_late(
    services: Services, meeting_id: str, clock: FakeClock
) -> None:
    clock.forward(days=6)
    assert services.convocations.of(meeting_id).deadline.startswith("Trop tard")


def test_a_deliberative_body_is_not_convened_late(services: Services, clock: FakeClock) -> None:
    meeting_id = stage(services, planned(1, items=1, profile="deliberative"))
    with pytest.raises(UserError, match="au plus tard le lundi 15 mars 2027"):
        services.convocations.note_sent(meeting_id, [uid("titular 1")])
    assert services.records.list("convocation") == []


def test_a_deliberative_body_whose_sendings_were_noted_in_time_is_convened_after_the_last_day(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(hours=BEFORE)
    meeting_id = stage(services, planned(2, items=1, profile="deliberative"))
    services.convocations.note_sent(meeting_id, [uid("titular 1")])
    clock.forward(days=6)
    assert services.convocations.of(meeting_id).deadline.startswith("Trop tard")
    with pytest.raises(UserError, match="reportez la séance"):
        services.meetings.convene(meeting_id)
    services.convocations.note_sent(meeting_id, [uid("titular 2")], at="2027-03-15T09:00")
    assert services.convocations.of(meeting_id).deadline == (
        "Le dernier jour d'envoi était le lundi 15 mars 2027 (3 jours francs)"
    )
    assert services.meetings.convene(meeting_id).fields.status == "convened"


def test_a_deliberative_body_is_told_late_of_another_place(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(hours=BEFORE)
    meeting_id = stage(services, planned(1, items=1, profile="deliberative"))
    services.meetings.convene(meeting_id)
    clock.forward(days=8)
    with pytest.raises(UserError, match="l'envoi devait partir"):
        services.convocations.note_sent(meeting_id, [uid("titular 1")])
    services.records.update(meeting_id, {"place": "Mairie d'Agencourt"})
    found = services.convocations.note_sent(meeting_id, [uid("titular 1")])
    assert [len(one.sent) for one in found.recipients] == [2]
    assert not any("Convocation" in one.what for one in services.meetings.check(meeting_id).missing)
    first, again = sorted(
        services.records.list("convocation"), key=lambda one: one.fields.sent_at or ""
    )
    for changes in (
        {"sent_at": "2027-03-17T09:00:00+01:00"},
        {"person_id": services.records.create("person", {"last_name": "Roy"}).id},
    ):
        with pytest.raises(UserError, match="l'envoi devait partir"):
            services.records.update(first.id, changes)
    with pytest.raises(UserError, match="l'envoi devait partir"):
        services.records.delete(first.id)
    services.records.delete(again.id)


def test_somebody_who_is_no_member_is_not_convened(services: Services, meeting_id: str) -> None:
    stage(services, Scene(0, label="other", chair_person_id=None, secretary_ids=()))
    with pytest.raises(UserError, match="ne siège pas"):
        services.convocations.note_sent(meeting_id, [uid("nobody")])
    with pytest.raises(UserError, match="ne siège pas"):
        services.convocations.choose(meeting_id, uid("nobody"), "hand")


def test_an_email_goes_to_who_has_an_address(services: Services, meeting_id: str) -> None:
    person = uid("titular 1")
    with pytest.raises(UserError, match="pas de courriel"):
        services.convocations.choose(meeting_id, person, "email")
    services.records.update(person, {"email": "s1@exemple.fr"})
    services.convocations.choose(meeting_id, person, "email")
    services.records.update(person, {"email": ""})
    services.convocations.note_sent(meeting_id, [person])
    (sent,) = services.records.list("convocation")
    assert sent.fields.channel == "letter"
    services.records.update(sent.id, {"channel": "email"})
    assert services.convocations.of(meeting_id).by("email") == []
    found = services.convocations.note_sent(meeting_id, [person])
    assert [one.fields.channel for one in found.recipients[0].sent] == ["email", "letter"]


def test_a_letter_that_names_nobody_is_told(services: Services, meeting_id: str) -> None:
    assert services.convocations.of(meeting_id).unnamed_sentence == ""
    seats = {one.fields.titular_person_id: one.id for one in services.records.list("roster_entry")}
    services.records.update(seats[uid("titular 1")], {"titular_person_id": None})
    assert services.convocations.of(meeting_id).unnamed_sentence == (
        "Commune 1 ne nomme personne : sa lettre part sans nom, et son envoi ne se note pas."
    )
    services.records.update(seats[uid("titular 2")], {"titular_person_id": None})
    assert services.convocations.of(meeting_id).unnamed_sentence.startswith(
        "Commune 1 et Commune 2 ne nomment personne : leur lettre"
    )


def test_the_last_sending_noted_is_taken_back_and_the_first_stays(
    services: Services, meeting_id: str
) -> None:
    for day in ("2027-03-11", "2027-03-12"):
        services.convocations.note_sent(meeting_id, [uid("titular 1")], at=f"{day}T09:00")
    (found, *_) = services.convocations.take_back(meeting_id, uid("titular 1")).recipients
    assert [one.fields.sent_at for one in found.sent] == [at("09:00", "2027-03-11")]
    services.convocations.take_back(meeting_id, uid("titular 1"))
    with pytest.raises(UserError, match="rien à effacer"):
        services.convocations.take_back(meeting_id, uid("titular 1"))
