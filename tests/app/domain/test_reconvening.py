"""A second call after a failed quorum."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.domain.meeting_state import MeetingState
from app.domain.reconvening import (
    item_fields,
    meeting_fields,
    proposed,
    refuse,
    taken_over,
    way_on,
)
from app.domain.refusals import Refusal
from tests.app.domain.builders import Scene, at, uid

AFTER = datetime.fromisoformat(at("08:00", "2027-03-20"))


def lost_at_nine(**options: Any) -> Scene:
    """12 seats need 7: seven are there, one leaves at 19:00."""
    scene = Scene(12, **options)
    scene.present(1, 2, 3, 4, 5, 6)
    scene.present(7, until="19:00")
    scene.item("appel", kind="opening", started="18:30", ended_at=at("18:40"))
    scene.item("tenu", started="18:40", ended_at=at("18:55"), planned_minutes=15)
    scene.item("perdu", started="18:55", ended_at=at("19:10"), linked_id=uid("note"))
    scene.item("retiré", withdrawn=True, started=None)
    scene.item("jamais", started=None, presenter="Anne", planned_minutes=20)
    return scene


def refusal(scene: Scene, starts_at: str, now: datetime = AFTER) -> str:
    try:
        refuse(MeetingState(scene.file()), starts_at, now)
    except Refusal as found:
        assert found.record_id == scene.meeting_id
        return found.sentence
    return ""


def test_the_items_without_quorum_are_taken_over_and_only_those() -> None:
    state = MeetingState(lost_at_nine().file())
    assert [item.fields.title for item in taken_over(state)] == ["Sujet perdu", "Sujet jamais"]


def test_a_second_call_opens_by_a_roll_call_and_names_the_items_that_it_takes_over() -> None:
    fields = item_fields(MeetingState(lost_at_nine().file()))
    assert [(one["kind"], one["title"], one.get("reconvened_item_id")) for one in fields] == [
        ("opening", "Ouverture et appel", None),
        ("misc", "Sujet perdu", uid("item meeting perdu")),
        ("misc", "Sujet jamais", uid("item meeting jamais")),
    ]
    assert (fields[1]["linked_id"], fields[2]["presenter"]) == (uid("note"), "Anne")
    assert [one.get("planned_minutes") for one in fields] == [None, None, 20]
    assert [one.get("notes") for one in fields] == [None, "", "Échanges."]


def test_a_meeting_that_never_had_its_quorum_is_taken_over_whole() -> None:
    scene = Scene(12, status="convened", opened_at=None, closed_at=None)
    scene.item("appel", kind="opening", started=None)
    scene.item("vote", kind="decision", started=None)
    fields = item_fields(MeetingState(scene.file()))
    assert [one["reconvened_item_id"] for one in fields] == [
        uid("item meeting appel"), uid("item meeting vote"),
    ]  # fmt: skip


def test_the_second_call_keeps_place_people_and_duration() -> None:
    state = MeetingState(lost_at_nine(ends_at=at("20:00"), number=3, emergency=True).file())
    assert meeting_fields(state, at("19:00", "2027-03-23")) == {
        "title": "Commission numérique locale", "place": "Salle des fêtes de Vougeot",
        "starts_at": at("19:00", "2027-03-23"), "ends_at": at("20:30", "2027-03-23"),
        "chair_person_id": uid("titular 1"), "secretary_ids": [uid("titular 2")],
        "reconvened_from_id": uid("meeting"),
    }  # fmt: skip
    for times, ends_at in (
        ({}, None),
        ({"starts_at": None, "ends_at": at("20:00")}, None),
        ({"ends_at": at("18:00")}, at("19:00")),
    ):
        found = meeting_fields(MeetingState(Scene(**times).file()), at("19:00"))
        assert found["ends_at"] == ends_at


def test_from_friday_19_march_the_second_call_is_from_tuesday_23() -> None:
    scene = lost_at_nine(profile="deliberative")
    early = refusal(scene, at("23:59", "2027-03-22"))
    assert "à partir du mardi 23 mars 2027" in early
    assert refusal(scene, at("00:00", "2027-03-23")) == ""


def test_the_day_proposed_leaves_three_clear_days_and_time_to_convene() -> None:
    state = MeetingState(lost_at_nine().file())
    assert proposed(state, AFTER) == at("18:30", "2027-03-24")
    at_once = datetime.fromisoformat(at("21:00"))
    assert proposed(state, at_once) == at("18:30", "2027-03-23")
    late = MeetingState(lost_at_nine(opened_at=at("18:40")).file())
    assert proposed(late, at_once) == at("18:30", "2027-03-23")
    unplanned = MeetingState(lost_at_nine(opened_at=at("18:40"), starts_at=None).file())
    assert proposed(unplanned, at_once) == at("18:40", "2027-03-23")
    hasty = MeetingState(lost_at_nine(commission={"notice_days": 1}).file())
    assert proposed(hasty, at_once) == at("18:30", "2027-03-23")
    summer = datetime.fromisoformat("2027-03-26T09:00:00+01:00")
    assert proposed(state, summer) == "2027-03-30T18:30:00+02:00"


def test_a_light_commission_is_not_held_to_three_clear_days() -> None:
    scene = lost_at_nine()
    assert refusal(scene, at("18:30", "2027-03-20")) == ""
    assert "suit celle" in refusal(scene, at("18:30"))


def test_there_is_nothing_to_take_over_where_the_quorum_held() -> None:
    scene = Scene(3)
    scene.present(1, 2)
    scene.item()
    assert "n'a manqué à aucun point" in refusal(scene, at("18:30", "2027-04-01"))
    assert item_fields(MeetingState(scene.file())) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"profile": "deliberative", "status": "open"}, True),
        ({"profile": "commission", "status": "open"}, False),
        ({"profile": "deliberative", "status": "closed"}, False),
    ],
)
def test_the_way_on_without_a_quorum_is_told_where_the_rule_binds(
    options: dict[str, str], told: bool
) -> None:
    said = way_on(MeetingState(lost_at_nine(**options).file()))
    assert ("pour le mardi 23 mars 2027 au plus tôt" in said) is told is bool(said)


def test_a_second_call_that_needs_no_quorum_is_told_no_way_on() -> None:
    failed = Scene(12, label="failed")
    failed.item("old", started=None)
    open_again = {"profile": "deliberative", "status": "open", "closed_at": None}
    told = []
    for day in ("2027-03-22", "2027-03-23"):
        again = Scene(
            12, label="second", day=day, reconvened_from_id=failed.meeting_id, **open_again
        )
        again.former = failed.file()
        again.item(1, reconvened_item_id=uid("item failed old"))
        again.item("ajouté")
        told.append(bool(way_on(MeetingState(again.file()))))
    assert told == [True, False]  # too early, the ordinary quorum holds


@pytest.mark.parametrize(
    ("meeting", "now"),
    [
        ({"status": "planned", "opened_at": None, "closed_at": None}, AFTER),
        ({"status": "planned", "opened_at": None, "starts_at": None, "closed_at": None}, AFTER),
        ({"status": "convened", "opened_at": None, "closed_at": None},
         datetime.fromisoformat(at("18:00"))),
    ],
)  # fmt: skip
def test_a_meeting_to_come_is_not_reconvened(meeting: dict[str, object], now: datetime) -> None:
    assert "n'a pas encore eu lieu" in refusal(
        lost_at_nine(**meeting), at("18:30", "2027-04-01"), now
    )


def test_a_meeting_that_nobody_opened_is_reconvened_from_its_hour_on() -> None:
    scene = lost_at_nine(status="convened", opened_at=None, closed_at=None)
    now = datetime.fromisoformat(at("18:30"))
    assert refusal(scene, at("18:30", "2027-04-01"), now) == ""
