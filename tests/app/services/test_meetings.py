"""Meetings in a real workspace: gathered, judged, taken from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.bootstrap import Services
from app.domain.meeting_check import check
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import SCHEMA, Envelope, Record
from app.errors import UserError
from app.services.changes import Change
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import planned, stage
from tests.conftest import FakeClock


def whole_scene(**options: str) -> Scene:
    scene = Scene(4, **options)
    scene.present(1, 2, 3)
    scene.proxy(4, to=1)
    item = scene.item()
    scene.ballot(item, for_count=4)
    scene.add("decision", agenda_item_id=item, text="Oui.")
    scene.add("action", agenda_item_id=item, text="Écrire", owner="Anne", due_on="2027-04-01")
    scene.add("need", 1, agenda_item_id=item, title="Un site", words="Vieux.",
              raised_at_meeting_id=scene.meeting_id)  # fmt: skip
    scene.add("need", 2, title="Un courriel", words="Perdu.", raised_at_meeting_id=scene.meeting_id)
    scene.add("convocation", meeting_id=scene.meeting_id, person_id=uid("titular 1"))
    return scene


def by_id(records: Iterable[Record[Any]]) -> list[Record[Any]]:
    return sorted(records, key=lambda record: record.id)


def test_a_meeting_is_gathered_as_it_was_written(services: Services) -> None:
    scene = whole_scene()
    found = services.meetings.file(stage(services, scene))
    expected = scene.file()
    for name in MeetingFile.__dataclass_fields__:
        wanted, got = getattr(expected, name), getattr(found, name)
        if isinstance(wanted, tuple):
            assert by_id(got) == by_id(wanted), name
        else:
            assert got == wanted, name


def test_the_check_of_a_workspace_is_that_of_its_records(services: Services) -> None:
    scene = whole_scene()
    assert services.meetings.check(stage(services, scene)) == check(MeetingState(scene.file()))


def test_a_reconvened_meeting_comes_with_the_one_that_failed(services: Services) -> None:
    failed = Scene(12, label="failed")
    failed.present(1)
    failed.item("old", started=None)
    stage(services, failed)
    second = Scene(12, label="second", day="2027-03-23", reconvened_from_id=failed.meeting_id)
    second.item(reconvened_item_id=uid("item failed old"))
    quorum = services.meetings.check(stage(services, second)).items[0].quorum
    assert (quorum.present, quorum.needed) == (0, 0)


@pytest.mark.parametrize(
    ("record_id", "fields"),
    [
        (COMMISSION, {"quorum_fraction": "9/10"}),
        (COMMISSION, {"proxies_per_holder": 0}),
        (COMMISSION, {"profile": "deliberative"}),
        (uid("seat 3"), {"until": "2027-03-01"}),
        (uid("seat 3"), {"voting": False}),
        (None, {}),
    ],
)
def test_a_frozen_meeting_is_judged_by_the_rules_and_the_seats_that_its_minutes_had(
    services: Services, record_id: str | None, fields: dict[str, Any]
) -> None:
    scene = whole_scene()
    meeting_id = stage(services, scene)
    services.minutes.freeze(meeting_id, at("20:45"))
    before = services.meetings.check(meeting_id)
    if record_id is None:
        services.records.create("roster_entry", fields, COMMISSION)
    else:
        services.records.update(record_id, fields)
    assert services.meetings.check(meeting_id) == before


def test_a_second_call_needs_no_quorum_whatever_the_seats_became_since_the_freeze(
    services: Services,
) -> None:
    failed = Scene(9, label="failed")
    failed.present(1, 2, 3, 4)
    failed.item("old", started=None)
    stage(services, failed)
    services.minutes.freeze(failed.meeting_id, at("20:45"))
    times = {"closed_at": None, "status": "open"}
    second = Scene(9, label="second", profile="deliberative", day="2027-03-23",
                   reconvened_from_id=failed.meeting_id, **times)  # fmt: skip
    second.present(1, 2)
    item = second.item(started="18:40", reconvened_item_id=uid("item failed old"))
    stage(services, second)
    services.records.put(
        Change("roster_entry", {"voting": False}, uid(f"seat {number}")) for number in (8, 9)
    )
    assert services.meetings.check(second.meeting_id).items[0].quorum.needed == 0
    vote = {"question": "Adhérer ?", "for_count": 2, "held_at": at("18:45", "2027-03-23")}
    services.proceedings.put_to_vote(item, vote)


def test_two_meetings_that_reconvene_one_another_are_gathered_all_the_same(
    services: Services,
) -> None:
    scene = Scene(1)
    meeting_id = stage(services, scene)
    services.records.update(meeting_id, {"reconvened_from_id": meeting_id})
    found = services.meetings.file(meeting_id)
    assert found.reconvened_from is None


def test_an_unknown_meeting_is_said(services: Services) -> None:
    with pytest.raises(UserError, match="Aucune séance"):
        services.meetings.check(uid("nobody"))
    with pytest.raises(UserError, match="Aucune séance"):
        services.meetings.convene(stage(services, Scene(1)).replace("-", "0"))


def test_convening_fixes_the_numbers_and_notes_the_convocations(
    services: Services, clock: FakeClock
) -> None:
    scene = planned(2, items=3)
    scene.seat("former", until="2027-01-01")
    scene.seat("observer", voting=False)
    mail = uid("titular 2")
    scene.persons[mail] = msgspec.structs.replace(
        scene.persons[mail],
        fields=msgspec.structs.replace(scene.persons[mail].fields, email="s2@exemple.fr"),
    )
    prepared = scene.add("convocation", meeting_id=scene.meeting_id, person_id=uid("titular 1"),
                         channel="hand")  # fmt: skip
    meeting = services.meetings.convene(stage(services, scene), "2027-03-10T10:00")
    assert meeting.fields.status == "convened"
    file = services.meetings.file(scene.meeting_id)
    assert [item.fields.number for item in file.items] == ["1", "2", "3"]
    sent = {one.fields.person_id: one.fields for one in file.convocations}
    assert {key: fields.channel for key, fields in sent.items()} == {
        uid("titular 1"): "hand", mail: "email", uid("titular observer"): "letter",
    }  # fmt: skip
    assert {fields.sent_at for fields in sent.values()} == {"2027-03-10T10:00:00+01:00"}
    assert prepared in {one.id for one in file.convocations}
    services.meetings.convene(scene.meeting_id)
    assert len(services.records.list("convocation")) == 3


def test_a_meeting_opens_and_closes_at_the_present_instant_or_the_one_given(
    services: Services, clock: FakeClock
) -> None:
    meeting_id = stage(services, planned(2, items=2))
    opened = services.meetings.open(meeting_id)
    assert opened.fields.opened_at == clock().isoformat()
    assert [one.fields.number for one in services.records.list("agenda_item")] == ["1", "2"]
    services.agenda.start(uid("item meeting 1"), at("18:30"))
    closed = services.meetings.close(meeting_id, at("20:00"))
    assert (closed.fields.status, closed.fields.closed_at) == ("closed", at("20:00"))
    item = services.records.get(uid("item meeting 1")).fields
    assert (item.started_at, item.ended_at) == (at("18:30"), at("20:00"))
    assert services.records.get(uid("item meeting 2")).fields.ended_at is None


def test_an_item_whose_end_was_not_noted_ends_as_the_next_begins(services: Services) -> None:
    meeting_id = stage(services, planned(2, items=4))
    services.meetings.open(meeting_id, at("18:30"))
    for number, begun in ((1, "18:35"), (2, "18:50"), (3, "19:10"), (4, "20:30")):
        services.records.update(uid(f"item meeting {number}"), {"started_at": at(begun)})
    services.meetings.close(meeting_id, at("20:00"))
    ends = [services.records.get(uid(f"item meeting {n}")).fields.ended_at for n in (1, 2, 3)]
    assert ends == [at("18:50"), at("19:10"), at("20:00")]


def test_a_step_out_of_order_is_refused_with_its_meeting(services: Services) -> None:
    meeting_id = stage(services, planned(1))
    with pytest.raises(
        UserError, match=rf"Séance {meeting_id}, champ « status » : la séance n.est pas ouverte"
    ):
        services.meetings.close(meeting_id)


def test_convening_late_is_refused_to_a_deliberative_body(services: Services) -> None:
    meeting_id = stage(services, planned(1, items=1, profile="deliberative"))
    with pytest.raises(UserError, match="au plus tard le lundi 15 mars 2027"):
        services.meetings.convene(meeting_id, "2027-03-16T08:00")
    assert services.records.get(meeting_id).fields.status == "planned"
    assert services.records.list("convocation") == []


@pytest.mark.parametrize("text", ["demain", "2027-03-19", "20270319", "1850-01-01T00:00"])
def test_an_instant_that_is_none_is_refused(services: Services, text: str) -> None:
    meeting_id = stage(services, planned(1))
    with pytest.raises(UserError, match="n'est pas un instant"):
        services.meetings.open(meeting_id, text)


def test_a_freeze_is_prepared_and_nothing_is_written(services: Services) -> None:
    scene = whole_scene()
    freezing = services.meetings.freezing(stage(services, scene), at("20:45"))
    assert freezing.file == services.meetings.file(scene.meeting_id)
    assert freezing.frozen_at == at("20:45")
    assert [gap.what for gap in freezing.gaps] == []
    assert services.records.list("minutes") == []


def freeze(services: Services, scene: Scene) -> str:
    """Writes frozen minutes as the freeze does; their id."""
    with services.workspace.unit() as unit:
        minutes_id = services.records.ids()
        meeting = unit.get(scene.meeting_id)
        assert meeting is not None
        services.records.write(
            unit, Change("minutes", {"meeting_id": scene.meeting_id}, minutes_id, COMMISSION)
        )
        written = unit.get(minutes_id)
        assert written is not None
        fields = written.fields | {"frozen_at": at("20:45"), "content": {}}
        unit.save(msgspec.structs.replace(written, fields=fields))
        unit.commit()
    return minutes_id


def next_meeting(**item: object) -> Scene:
    scene = Scene(3, label="next", day="2027-06-18", status="open", closed_at=None)
    scene.present(1, 2, 3)
    scene.item(kind="approval", **item)
    return scene


def test_minutes_are_approved_at_another_meeting(services: Services) -> None:
    scene = Scene(3)
    stage(services, scene)
    following = next_meeting()
    stage(services, following)
    with pytest.raises(UserError, match="gelez-le avant de l'approuver"):
        services.meetings.approve(scene.meeting_id, following.meeting_id)
    minutes = freeze(services, scene)
    with pytest.raises(UserError, match="dites laquelle avec --in"):
        services.meetings.approve(scene.meeting_id)
    planned = {"title": "Janvier", "starts_at": "2027-01-15T18:30:00+01:00"}
    before = services.records.create("meeting", planned, COMMISSION).id
    for one in (scene.meeting_id, before):
        with pytest.raises(UserError, match="à une séance suivante"):
            services.meetings.approve(scene.meeting_id, one)
    with pytest.raises(UserError, match="Aucune séance"):
        services.meetings.approve(scene.meeting_id, minutes)
    approved = services.meetings.approve(scene.meeting_id, following.meeting_id)
    assert approved.fields.status == "approved"
    assert services.records.get(minutes).fields.approved_at_meeting_id == following.meeting_id


@pytest.mark.parametrize(
    ("day", "status"),
    [("2027-01-15", "closed"), ("2027-06-18", "planned"), ("2027-06-18", "convened")],
    ids=["held before", "planned", "convened"],
)
def test_no_meeting_held_before_nor_yet_to_be_held_is_taken_for_the_approving_one(
    services: Services, day: str, status: str
) -> None:
    scene = Scene(3)
    stage(services, scene)
    freeze(services, scene)
    times = {} if status == "closed" else {"closed_at": None, "opened_at": None}
    other = Scene(3, label="other", day=day, status=status, **times)
    other.item(kind="approval", linked_id=scene.meeting_id)
    stage(services, other)
    with pytest.raises(UserError, match="Aucune séance ouverte"):
        services.meetings.approve(scene.meeting_id)


def test_minutes_are_approved_at_a_meeting_named_that_only_another_laptop_opened(
    services: Services,
) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    for fields in ({"starts_at": at("18:30", "2027-06-18")}, {"title": "Sans date"}):
        other = services.records.create("meeting", fields, COMMISSION).id
        services.meetings.approve(scene.meeting_id, other)
        assert services.records.get(minutes).fields.approved_at_meeting_id == other


def test_the_approving_meeting_is_the_one_whose_agenda_says_so(services: Services) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    for label, day, status, withdrawn in (
        ("withdrawn", "2027-04-19", "closed", True),
        ("before", "2027-05-19", "closed", False),
        ("to come", "2027-09-17", "convened", False),
    ):
        times = {"closed_at": None, "opened_at": None} if status == "convened" else {}
        other = Scene(3, label=label, day=day, status=status, **times)
        other.item(kind="approval", linked_id=scene.meeting_id, withdrawn=withdrawn)
        stage(services, other)
        if label == "withdrawn":
            with pytest.raises(UserError, match="Aucune séance ouverte"):
                services.meetings.approve(scene.meeting_id)
    following = next_meeting(linked_id=minutes)
    stage(services, following)
    services.meetings.approve(scene.meeting_id)
    assert services.records.get(minutes).fields.approved_at_meeting_id == following.meeting_id


def test_the_ballot_on_the_approval_marks_the_minutes_and_its_correction_unmarks_them(
    services: Services,
) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    following = next_meeting(linked_id=scene.meeting_id)
    stage(services, following)
    ballot = services.proceedings.put_to_vote(
        uid("item next 1"), {"question": "Approuvez-vous ?", "for_count": 3,
                             "held_at": at("18:40", "2027-06-18")},
    )  # fmt: skip
    assert services.records.get(scene.meeting_id).fields.status == "approved"
    assert services.records.get(minutes).fields.approved_at_meeting_id == following.meeting_id
    services.records.update(ballot.id, {"for_count": 0, "against_count": 3})
    assert services.records.get(scene.meeting_id).fields.status == "closed"
    assert services.records.get(minutes).fields.approved_at_meeting_id is None


def test_minutes_that_two_votes_adopt_stay_approved_until_both_are_deleted(
    services: Services,
) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    following = next_meeting(linked_id=scene.meeting_id)
    following.item(2, kind="approval", linked_id=minutes)
    stage(services, following)
    votes = [
        services.proceedings.put_to_vote(
            uid(f"item next {place}"),
            {"question": "Approuvez-vous ?", "for_count": 3, "held_at": at("18:40", "2027-06-18")},
        )
        for place in (1, 2)
    ]
    approved = []
    for vote in votes:
        services.records.delete(vote.id)
        approved.append(services.records.get(minutes).fields.approved_at_meeting_id)
    assert approved == [following.meeting_id, None]


def test_an_approval_is_that_of_the_minutes_that_its_item_is_linked_to_even_afterwards(
    services: Services,
) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    following, item = next_meeting(linked_id=None), uid("item next 1")
    stage(services, following)
    services.proceedings.put_to_vote(
        item, {"question": "Approuvez-vous ?", "for_count": 3,
               "held_at": at("18:40", "2027-06-18")},
    )  # fmt: skip
    approved = []
    for fields in ({}, {"linked_id": minutes}, {"kind": "misc"}):
        services.records.update(item, fields)
        status = services.records.get(scene.meeting_id).fields.status
        approved.append((status, services.records.get(minutes).fields.approved_at_meeting_id))
    assert approved == [("closed", None), ("approved", following.meeting_id), ("closed", None)]


def test_an_approval_is_of_frozen_minutes_and_not_of_their_addenda(services: Services) -> None:
    scene, drafted = Scene(3), Scene(3, label="drafted")
    for one in (scene, drafted):
        stage(services, one)
    minutes = freeze(services, scene)
    draft = services.records.create("minutes", {"meeting_id": drafted.meeting_id}).id
    addendum = services.records.create(
        "minutes",
        {"meeting_id": scene.meeting_id, "addendum_to_id": minutes, "text": "Lire 4.", "number": 1},
    ).id
    services.minutes.freeze(addendum)
    following = next_meeting(linked_id=scene.meeting_id)
    following.item(2, kind="approval", linked_id=drafted.meeting_id)
    stage(services, following)
    for place in (1, 2):
        services.proceedings.put_to_vote(
            uid(f"item next {place}"),
            {"question": "Approuvez-vous ?", "for_count": 3, "held_at": at("18:40", "2027-06-18")},
        )
    marks = [services.records.get(one).fields.approved_at_meeting_id for one in
             (minutes, draft, addendum)]  # fmt: skip
    assert marks == [following.meeting_id, None, None]
    assert services.records.get(drafted.meeting_id).fields.status == "closed"


def test_a_vote_overturned_takes_back_no_approval_but_its_own(services: Services) -> None:
    scene = Scene(3)
    stage(services, scene)
    minutes = freeze(services, scene)
    following = next_meeting(linked_id=minutes)
    stage(services, following)
    ballot = services.proceedings.put_to_vote(
        uid("item next 1"),
        {"question": "Approuvez-vous ?", "for_count": 3, "held_at": at("18:40", "2027-06-18")},
    )
    another = services.records.create("meeting", {"title": "Celle d'après"})
    services.meetings.approve(scene.meeting_id, approving_id=another.id)
    services.records.update(ballot.id, {"for_count": 0, "against_count": 3})
    assert services.records.get(minutes).fields.approved_at_meeting_id == another.id
    assert services.records.get(scene.meeting_id).fields.status == "approved"


def test_a_file_without_its_records_is_that_of_an_empty_meeting(services: Services) -> None:
    found = services.meetings.file(stage(services, Scene()))
    assert replace(found, organisations={}) == replace(Scene().file(), organisations={})


def newer(services: Services, record_id: str, **fields: object) -> None:
    """A newer program wrote the record last."""
    envelope = services.records.envelope(record_id)
    changed = envelope.fields | fields
    with services.workspace.unit("Nouvelle version") as unit:
        unit.save(msgspec.structs.replace(envelope, schema=SCHEMA + 1, fields=changed))
        unit.commit()


@pytest.mark.parametrize("profile", ["commission", "deliberative"])
def test_what_a_newer_program_wrote_is_a_gap_of_the_minutes_and_breaks_nothing(
    services: Services, profile: str, tmp_path: Path
) -> None:
    scene = whole_scene(profile=profile)
    meeting_id = stage(services, scene)
    before = services.meetings.check(meeting_id)
    sheet = scene.all("attendance")[0].id
    (item,) = scene.all("agenda_item")
    newer(services, sheet, status="remote")
    newer(services, item.id, kind={"name": "débat"}, linked_id=["tous"])
    newer(services, meeting_id, reconvened_from_id={"meeting": "ailleurs"})
    found = services.meetings.check(meeting_id).missing
    added = [one for one in found if one not in before.missing]
    assert {one.record_id for one in added} == {sheet, item.id, meeting_id}
    sentence = "Présence : « état » vient d'une version plus récente du programme"
    assert any(one.what.startswith(sentence) for one in added)
    assert [one.unread for one in services.records.list("attendance")].count(("status",)) == 1
    assert services.documents.make("agenda", meeting_id).data
    table = tmp_path / "points.csv"
    assert services.exports.table(table, "agenda_item") == 1
    assert "débat" not in table.read_text("utf-8-sig")
    if profile == "deliberative":
        with pytest.raises(UserError, match="version plus récente"):
            services.minutes.freeze(meeting_id)


def test_a_record_of_a_newer_kind_comes_back_as_it_was_deleted(services: Services) -> None:
    stage(services, whole_scene())
    fields = {"mood": ["gai"]}
    strange = Envelope(
        kind="hologram",
        id=uid("hologram"),
        schema=SCHEMA + 1,
        commission_id=COMMISSION,
        fields=fields,
    )
    with services.workspace.unit() as unit:
        unit.save(strange)
        unit.commit()
    services.records.delete(strange.id)
    assert services.records.restore(strange.id) == strange
    with pytest.raises(UserError, match="version plus récente"):
        services.records.restore(strange.id)


def test_a_record_of_a_newer_kind_is_said_to_whoever_asks_for_it(services: Services) -> None:
    meeting_id = stage(services, whole_scene())
    strange = uid("hologram")
    with services.workspace.unit("Nouvelle version") as unit:
        unit.save(
            Envelope(kind="hologram", id=strange, schema=SCHEMA + 1, commission_id=COMMISSION)
        )
        unit.commit()
    with pytest.raises(UserError, match="hologram"):
        services.records.get(strange)
    assert services.meetings.check(meeting_id).items
