"""The steps of a meeting, and what bars each."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import steps
from app.domain.meeting_check import findings
from app.domain.meeting_state import MeetingState
from app.domain.refusals import Refusal
from tests.app.domain.builders import Scene, at, uid
from tests.app.domain.test_minutes import complete


def state(status: str, *, profile: str = "commission", **meeting: Any) -> MeetingState:
    times = {"opened_at": None, "closed_at": None}
    return MeetingState(Scene(3, profile=profile, **(times | {"status": status} | meeting)).file())


MONDAY, TUESDAY = "2027-03-15T10:00:00+01:00", "2027-03-16T10:00:00+01:00"


def test_a_meeting_goes_through_its_steps() -> None:
    assert steps.convene(state("planned"), MONDAY) == {"status": "convened"}
    assert steps.open_(state("convened"), at("18:31")) == {
        "status": "open", "opened_at": at("18:31"),
    }  # fmt: skip
    assert steps.close(state("open", opened_at=at("18:31")), at("20:00")) == {
        "status": "closed", "closed_at": at("20:00"),
    }  # fmt: skip


def test_an_instant_already_recorded_is_kept() -> None:
    assert steps.open_(state("convened", opened_at=at("18:31")), at("19:00")) == {"status": "open"}
    assert steps.close(state("open", closed_at=at("20:00")), at("21:00")) == {"status": "closed"}


def test_a_step_taken_twice_changes_nothing() -> None:
    assert steps.convene(state("convened"), MONDAY) == {}
    assert steps.open_(state("open", opened_at=at("18:31")), at("19:00")) == {}
    assert steps.close(state("closed", closed_at=at("20:00")), at("21:00")) == {}


def test_a_light_commission_may_send_late_and_open_what_was_not_convened() -> None:
    assert steps.convene(state("planned"), TUESDAY) == {"status": "convened"}
    assert steps.open_(state("planned"), at("18:30"))["status"] == "open"


def refusal(step: Any, *arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        step(*arguments)
    return caught.value


def test_a_deliberative_body_sends_in_time() -> None:
    assert steps.convene(state("planned", profile="deliberative"), MONDAY)
    found = refusal(steps.convene, state("planned", profile="deliberative"), TUESDAY)
    assert found.sentence == (
        "convocation : il faut 3 jours francs avant la séance, l'envoi devait partir au plus tard"
        " le lundi 15 mars 2027 : reportez la séance, ou convoquez-la en urgence."
    )
    emergency = state("planned", profile="deliberative", emergency=True)
    assert steps.convene(emergency, TUESDAY)


def test_a_deliberative_body_opens_what_it_convened() -> None:
    found = refusal(steps.open_, state("planned", profile="deliberative"), at("18:30"))
    assert found.sentence == "la séance n'est pas convoquée : convoquez-la avant de l'ouvrir."


def test_a_step_that_comes_too_late_is_refused_in_words() -> None:
    found = refusal(steps.close, state("approved"), at("19:00"))
    assert found.sentence == "la séance est approuvée, elle ne peut plus être close."


@pytest.mark.parametrize(
    ("step", "status", "arguments"),
    [
        (steps.convene, "open", [MONDAY]),
        (steps.open_, "closed", [at("19:00")]),
        (steps.close, "approved", [at("19:00")]),
        (steps.close, "planned", [at("19:00")]),
        (steps.close, "convened", [at("19:00")]),
        (steps.freeze, "open", []),
        (steps.approve, "closed", []),
    ],
)
def test_steps_are_taken_in_order(step: Any, status: str, arguments: list[str]) -> None:
    found = refusal(step, state(status), *arguments)
    assert found.field == "status"
    assert found.sentence.startswith(("la séance", "le procès-verbal"))  # it stands alone


def test_a_deliberative_body_is_not_convened_without_a_date() -> None:
    strict = state("planned", profile="deliberative", starts_at=None)
    assert refusal(steps.convene, strict, MONDAY).field == "starts_at"
    assert steps.convene(state("planned", starts_at=None), MONDAY) == {"status": "convened"}


def test_a_meeting_does_not_close_before_it_opens() -> None:
    found = refusal(steps.close, state("open", opened_at=at("18:31")), at("18:30"))
    assert found.field == "closed_at"


def test_minutes_with_gaps_are_frozen_by_a_light_commission_only() -> None:
    light, strict = (complete(profile=p, place="") for p in ("commission", "deliberative"))
    assert [gap.field for gap in steps.freeze(MeetingState(light.file()))] == ["place"]
    found = refusal(steps.freeze, MeetingState(strict.file()))
    assert "Séance : le lieu manque." in found.sentence
    assert found.field == "place"
    assert steps.freeze(MeetingState(complete(profile="deliberative").file())) == []


def test_an_item_that_was_not_reached_is_withdrawn_before_a_strict_freeze() -> None:
    scene = complete(profile="deliberative")
    unreached = scene.item("x", kind="decision", started=None, notes="")
    assert refusal(steps.freeze, MeetingState(scene.file())).record_id == unreached
    other = complete(profile="deliberative")
    other.item("x", kind="decision", started=None, notes="", withdrawn=True)
    assert steps.freeze(MeetingState(other.file())) == []


def test_a_meeting_without_quorum_that_came_to_no_item_is_frozen() -> None:
    for profile in ("deliberative", "commission"):
        scene = Scene(3, profile=profile)
        scene.present(1)
        scene.absent(2, 3)
        item = scene.item(started=None, notes="")
        gaps = {gap.record_id for gap in steps.freeze(MeetingState(scene.file()))}
        assert gaps == (set() if profile == "deliberative" else {item})
        scene.item("told", started=None)
        assert item in {gap.record_id for gap in findings(MeetingState(scene.file()))}


def test_the_roll_call_of_a_meeting_without_quorum_is_no_item_that_it_came_to() -> None:
    scene = Scene(3, profile="deliberative")
    scene.present(1)
    scene.absent(2, 3)
    scene.item("appel", kind="opening", notes="Le quorum n'est pas atteint.")
    scene.item("suites", kind="follow_up", started=None, notes="")
    scene.item("x", kind="decision", started=None, notes="")
    assert steps.freeze(MeetingState(scene.file())) == []


def test_a_roll_call_is_held_whose_start_and_words_were_not_noted() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.absent(2, 3)
    for name, kind in (("appel", "opening"), ("suites", "follow_up"), ("x", "decision")):
        scene.item(name, kind=kind, started=None, notes="")
    state = MeetingState(scene.file())
    assert [state.is_unreached(item) for item in state.file.items] == [False, True, True]


def test_a_meeting_without_seats_lacks_what_its_items_do_not_tell() -> None:
    scene = Scene(0, profile="deliberative")
    item = scene.item(started=None, notes="")
    assert refusal(steps.freeze, MeetingState(scene.file())).record_id == item


def test_frozen_minutes_may_be_approved() -> None:
    scene = complete()
    scene.add("minutes", meeting_id=scene.meeting_id, frozen_at=at("20:45"))
    assert steps.approve(MeetingState(scene.file())) == {"status": "approved"}


def test_minutes_are_frozen_once() -> None:
    scene = complete()
    scene.add("minutes", meeting_id=scene.meeting_id, frozen_at=at("20:45"))
    assert "déjà gelé" in refusal(steps.freeze, MeetingState(scene.file())).sentence


def test_an_addendum_alone_is_no_minutes_to_approve() -> None:
    scene = complete()
    scene.add("minutes", meeting_id=scene.meeting_id, frozen_at=at("20:45"),
              addendum_to_id=uid("minutes"))  # fmt: skip
    assert refusal(steps.approve, MeetingState(scene.file())).field == "status"
