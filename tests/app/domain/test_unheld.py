"""A meeting whose day went by without it: what it may be noted to have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import carry_over, meeting_check, reconvening
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Attendance
from app.domain.unheld import (
    is_unheld,
    own_opening,
    sentence,
    unattended,
    was_held,
    why_not_unattended,
)
from app.domain.wording import plain
from tests.app.domain.builders import Scene, at, record, uid

AFTER = date(2027, 3, 20)
CONVENED: dict[str, Any] = {"status": "convened", "opened_at": None, "closed_at": None}


def unopened(seats: int = 4, **options: Any) -> Scene:
    """A meeting of Friday 19 March 2027 that was convened, and that nobody opened."""
    scene = Scene(seats, **(CONVENED | options))
    scene.item("appel", kind="opening", started=None, notes="")
    scene.item("vote", kind="decision", started=None, notes="")
    return scene


def noted(file: MeetingFile) -> MeetingFile:
    """The file once it is noted that the meeting gathered nobody."""
    found = unattended(MeetingState(file), AFTER)
    meeting = msgspec.structs.replace(
        file.meeting, fields=msgspec.structs.replace(file.meeting.fields, **found.fields)
    )
    absences = [
        record(
            Attendance(
                meeting_id=file.meeting.id,
                roster_entry_id=seat.id,
                person_id=seat.fields.titular_person_id,
                status="absent",
            ),
            uid(f"absence {seat.id}"),
        )
        for seat in found.absent
    ]
    return replace(file, meeting=meeting, attendances=(*file.attendances, *absences))


def why(scene: Scene, today: date = AFTER) -> str:
    refused = why_not_unattended(MeetingState(scene.file()), today)
    if refused is None:
        return ""
    assert (refused.record_id, refused.field) == (scene.meeting_id, "status")
    return plain(refused.sentence)


def test_it_is_unheld_from_the_day_after_and_until_it_is_opened() -> None:
    def told(today: date, **options: Any) -> bool:
        return is_unheld(unopened(**options).file().meeting, today)

    assert told(AFTER) and told(AFTER, status="planned")
    assert not told(date(2027, 3, 19))  # the room may be late
    assert not told(AFTER, starts_at=None)
    assert not any(told(AFTER, status=status) for status in ("open", "closed", "approved"))
    late = {"starts_at": "2027-03-19T23:30:00+00:00"}  # past midnight in Paris
    assert not told(AFTER, **late) and told(date(2027, 3, 21), **late)


def test_the_status_of_a_newer_program_tells_nothing() -> None:
    meeting = unopened().file().meeting
    assert not is_unheld(msgspec.structs.replace(meeting, unread=("status",)), AFTER)


def test_its_sentence_says_the_day() -> None:
    said = sentence(unopened().file().meeting.fields)
    assert plain(said) == (
        "Elle devait se tenir le vendredi 19 mars 2027 à 18 h 30 et n'a pas été ouverte"
    )


def test_it_is_opened_and_closed_at_its_hour_and_whoever_was_to_be_called_is_absent() -> None:
    scene = unopened()
    scene.sheet(2, "excused")
    scene.proxy(3, to=1)
    scene.seat("parti", until="2027-01-01")
    scene.seat("sans voix", voting=False)
    found = unattended(MeetingState(scene.file()), AFTER)
    assert found.fields == {
        "status": "closed", "opened_at": at("18:30"), "closed_at": at("18:30"),
    }  # fmt: skip
    assert [one.id for one in found.absent] == [uid("seat 1"), uid("seat 4"), uid("seat sans voix")]


def test_who_took_their_proxy_back_is_called_like_the_others() -> None:
    scene = unopened()
    scene.proxy(3, to=1, revoked="13:00")
    absent = unattended(MeetingState(scene.file()), AFTER).absent
    assert uid("seat 3") in {one.id for one in absent}


@pytest.mark.parametrize("profile", ["commission", "deliberative"])
def test_its_minutes_lack_nothing_and_all_of_it_is_taken_over(profile: str) -> None:
    scene = unopened(profile=profile)
    scene.item("préparé", started=None, notes="À lire : la note du GIP.")
    state = MeetingState(noted(scene.file()))
    assert meeting_check.findings(state) == []
    assert [state.is_unreached(item) for item in state.file.items] == [False, True, True]
    assert len(reconvening.taken_over(state)) == 3
    left = carry_over.unfinished(state.file, set())
    assert [(one.fields["title"], one.fields["notes"]) for one in left] == [
        ("Sujet vote", ""), ("Sujet préparé", "À lire : la note du GIP."),
    ]  # fmt: skip


def test_nobody_is_to_be_named_who_presided_where_nobody_came() -> None:
    scene = unopened(profile="deliberative", chair_person_id=None, secretary_ids=())
    assert meeting_check.findings(MeetingState(noted(scene.file()))) == []


def test_the_notes_of_a_meeting_that_gathered_somebody_tell_what_was_said() -> None:
    scene = Scene(4)
    scene.item("dit", started=None, notes="Nous attendons.")
    scene.present(1)
    scene.absent(2, 3, 4)
    state = MeetingState(scene.file())
    assert not state.gathered_nobody
    assert not state.is_unreached(state.file.items[0])


def test_a_deliberative_body_that_was_not_convened_cannot_have_failed_to_come() -> None:
    assert "n'a pas été convoquée" in why(unopened(profile="deliberative", status="planned"))
    assert why(unopened(status="planned")) == ""


def test_there_is_no_quorum_to_fail_without_a_seat() -> None:
    assert "aucun siège n'était pourvu" in why(unopened(0))
    scene = unopened(0)
    scene.seat("sans voix", voting=False)
    scene.seat("à venir", from_="2027-04-01")
    assert "aucun siège n'était pourvu" in why(scene)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"status": "closed", "opened_at": at("18:30"), "closed_at": at("19:00")}, "a eu lieu"),
        ({"status": "open", "opened_at": at("18:30")}, "a eu lieu"),
        ({"starts_at": None}, "n'a pas de date"),
        ({"starts_at": None, "status": "planned"}, "n'a pas de date"),
        ({"starts_at": at("18:30", "2027-03-20")}, "n'est pas passé"),
    ],
)
def test_another_meeting_is_refused_with_the_reason(options: dict[str, Any], said: str) -> None:
    assert said in why(unopened(**options))


def test_what_is_noted_of_somebody_tells_that_it_was_held() -> None:
    def held(scene: Scene) -> bool:
        told = was_held(MeetingState(scene.file()))
        assert ("quelqu'un y était" in why(scene)) is told
        return told

    assert not held(unopened())
    came, voted, begun = unopened(), unopened(), unopened()
    came.present(1)
    voted.ballot(uid("item meeting vote"), for_count=0)
    begun.item("commencé", started="18:40")
    assert held(came) and held(voted) and held(begun)
    assert held(unopened(opened_at=at("18:30")))
    uncalled = unopened(profile="deliberative", status="planned")
    uncalled.present(1)
    assert not held(uncalled)


def test_it_opens_at_its_hour_or_with_the_first_thing_noted_of_its_day() -> None:
    scene = unopened()
    scene.present(4, since=at("18:00", offset="+00:00"))  # 19:00 in Paris
    assert own_opening(MeetingState(scene.file())) == at("18:30")
    scene.present(1, since="18:20")
    scene.present(2, since=at("09:00", "2027-03-22"))
    scene.present(3, since=at("09:00", "2027-03-18"))
    assert own_opening(MeetingState(scene.file())) == at("18:20")
    assert own_opening(MeetingState(unopened().file())) == at("18:30")
    assert own_opening(MeetingState(unopened(starts_at=None).file())) is None


STATUSES = st.sampled_from([None, "excused", "absent", "present"])


@given(
    sheet=st.lists(STATUSES, min_size=1, max_size=9),
    proxies=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=4),
    profile=st.sampled_from(["commission", "deliberative"]),
    notes=st.lists(st.sampled_from(["", "Préparé."]), max_size=3),
)
def test_nobody_is_left_to_call_and_no_quorum_is_ever_reached(
    sheet: list[str | None], proxies: list[tuple[int, int]], profile: str, notes: list[str]
) -> None:
    scene = unopened(len(sheet), profile=profile)
    for seat, status in enumerate(sheet, 1):
        if status:
            scene.sheet(seat, status)
    pairs = [(a, b) for a, b in proxies if a != b and max(a, b) <= len(sheet)]
    for giver, holder in sorted({*pairs}):
        scene.proxy(giver, to=holder)
    for number, words in enumerate(notes):
        scene.item(number, started=None, notes=words)
    before = scene.file()
    refused = why_not_unattended(MeetingState(before), AFTER)
    assert (refused is not None) is ("present" in sheet)
    if refused:
        return
    after = noted(before)
    state, givers = MeetingState(after), {uid(f"seat {giver}") for giver, _ in pairs}
    told = [one.fields.roster_entry_id for one in after.attendances]
    assert len(told) == len(set(told))
    assert {*told} | givers == {one.id for one in after.roster}
    assert after.attendances[: len(before.attendances)] == before.attendances
    assert state.gathered_nobody and state.came_to_nothing
    for item in after.items:
        moment = state.item(item)
        assert (moment.quorum.present, moment.quorum.reached) == (0, False)
        assert moment.represented == {}
    assert [one.id for one in reconvening.taken_over(state)] == [one.id for one in after.items]
    assert meeting_check.findings(state) == []
    assert not is_unheld(after.meeting, AFTER)
