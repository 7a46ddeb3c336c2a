"""The quorum, with the examples of the product's description."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain import quorum
from app.domain.meeting_check import ItemCheck, check
from app.domain.meeting_state import MeetingState
from app.domain.quorum import Quorum
from tests.app.domain.builders import Scene, at, uid


def first_item(scene: Scene) -> ItemCheck:
    return check(MeetingState(scene.file())).items[0]


@pytest.mark.parametrize(("seats", "needed"), [(11, 6), (8, 5), (100, 51), (12, 7), (0, 1)])
def test_more_than_half_of_the_seats_is_needed(seats: int, needed: int) -> None:
    assert quorum.needed(seats) == needed


def test_a_commission_may_set_another_fraction() -> None:
    assert quorum.needed(12, Fraction(2, 3)) == 9
    assert quorum.needed(10, Fraction(1, 3)) == 4
    scene = Scene(12, commission={"quorum_fraction": "1/3"})
    scene.item()
    assert first_item(scene).quorum.needed == 5


def test_an_empty_fraction_is_one_half() -> None:
    assert quorum.fraction_of(None) == Fraction(1, 2)


def test_who_leaves_as_an_item_starts_is_missed_by_it_whatever_the_proxies() -> None:
    scene = Scene(12)
    scene.present(1, 2, 3, 4, 5, 6)
    scene.present(7, until="18:40")
    for giver in range(8, 13):
        scene.proxy(giver, to=giver - 7)
    scene.item(started="18:40")
    found = first_item(scene)
    assert sum(proxy.counts for proxy in found.proxies) == 5
    assert found.quorum == Quorum(
        6, 7, False, "Quorum non atteint : 6 présents sur 12, il en faut 7, il en manque 1"
    )


def test_seven_of_twelve_seats_reach_the_quorum() -> None:
    scene = Scene(12)
    scene.present(*range(1, 8))
    scene.item()
    assert first_item(scene).quorum == Quorum(
        7, 7, True, "Quorum atteint : 7 présents sur 12, il en faut 7"
    )


@pytest.mark.parametrize(
    ("interest", "expected"), [("personal", (6, 7, False)), ("designated", (6, 6, True))]
)
def test_an_excluded_member_counts_by_their_interest(
    interest: str, expected: tuple[int, int, bool]
) -> None:
    scene = Scene(12)
    item = scene.item()
    scene.present(*range(1, 7))
    scene.sheet(7, "present", excluded={item: interest})
    found = first_item(scene).quorum
    assert (found.present, found.needed, found.reached) == expected
    assert ("sur 11" in found.sentence) == (interest == "designated")


def test_one_member_present_is_said_in_the_singular() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.item()
    sentence = "Quorum non atteint : 1 présent sur 3, il en faut 2, il en manque 1"
    assert first_item(scene).quorum.sentence == sentence


def test_an_item_without_a_start_is_judged_at_the_opening_and_the_check_says_so() -> None:
    scene = Scene(3)
    scene.present(1, 2, until="18:45")
    item = scene.item(started=None)
    found = check(MeetingState(scene.file()))
    assert found.items[0].quorum.reached
    assert [missing.what for missing in found.missing if missing.record_id == item] == [
        "Point 1 (Sujet 1) : l'heure de début manque,"
        " le quorum est jugé à l'ouverture de la séance."
    ]


# The meeting that failed: Friday 19 March 2027, 5 present of 12.


def failed_meeting(present: int = 5) -> Scene:
    scene = Scene(12, label="failed")
    scene.present(*range(1, present + 1))
    scene.item("old", started=None)
    scene.item("other", started=None)
    return scene


def reconvened(failed: Scene, day: str, origin: str | None = "old") -> Scene:
    scene = Scene(12, label="second", day=day, reconvened_from_id=failed.meeting_id)
    scene.former = failed.file()
    scene.present(1, 2)
    link = uid(f"item failed {origin}") if origin else None
    scene.item(1, reconvened_item_id=link)
    return scene


def test_a_meeting_reconvened_after_three_clear_days_needs_nobody() -> None:
    found = first_item(reconvened(failed_meeting(), "2027-03-23")).quorum
    assert (found.present, found.needed, found.reached) == (2, 0, True)
    assert found.sentence == (
        "Quorum non exigé : point repris après une séance sans quorum, 2 présents sur 12"
    )


def test_the_opening_of_a_second_call_asks_for_the_quorum_of_what_is_not_taken_over() -> None:
    scene = reconvened(failed_meeting(), "2027-03-23")
    waived = MeetingState(scene.file()).opening_quorum
    assert (waived.needed, waived.sentence[:18]) == (0, "Quorum non exigé :")
    scene.item("retiré", withdrawn=True)
    assert MeetingState(scene.file()).opening_quorum == waived
    scene.item("ajouté")
    assert MeetingState(scene.file()).opening_quorum.needed == 7


def test_a_meeting_reconvened_too_early_needs_the_ordinary_quorum() -> None:
    found = first_item(reconvened(failed_meeting(), "2027-03-22")).quorum
    assert (found.needed, found.reached) == (7, False)


def test_an_item_over_before_the_quorum_was_lost_is_not_taken_over() -> None:
    failed = Scene(12, label="failed")
    failed.present(*range(1, 7))
    failed.present(7, until="18:50")
    failed.item("old", started="18:35")
    failed.item("other", started="18:50")
    assert first_item(reconvened(failed, "2027-03-23")).quorum.needed == 7
    assert first_item(reconvened(failed, "2027-03-23", "other")).quorum.needed == 0


def test_an_item_is_still_under_way_at_its_last_vote() -> None:
    failed = Scene(12, label="failed")
    failed.present(*range(1, 7))
    failed.present(7, until="18:55")
    failed.ballot(failed.item("old", started="18:35"), held="18:54", for_count=1)
    failed.item("other", started="18:50")
    assert first_item(reconvened(failed, "2027-03-23")).quorum.needed == 0


def test_an_item_that_is_not_taken_over_needs_the_ordinary_quorum() -> None:
    assert first_item(reconvened(failed_meeting(), "2027-03-23", None)).quorum.needed == 7
    assert first_item(reconvened(failed_meeting(), "2027-03-23", "unknown")).quorum.needed == 7


def test_a_meeting_whose_quorum_did_not_fail_excuses_nothing() -> None:
    assert first_item(reconvened(failed_meeting(7), "2027-03-23")).quorum.needed == 7


def test_a_meeting_that_never_opened_for_want_of_quorum_can_be_reconvened() -> None:
    failed = Scene(12, label="failed", opened_at=None, closed_at=None, status="convened")
    failed.present(1, 2, 3)
    failed.item("old", started=None)
    assert first_item(reconvened(failed, "2027-03-23")).quorum.needed == 0


def test_items_left_when_the_quorum_was_lost_midway_are_excused() -> None:
    failed = Scene(12, label="failed")
    failed.present(*range(1, 7))
    failed.present(7, until="19:00")
    failed.item("done", started="18:30", ended_at=at("18:55"))
    failed.item("old", started=None)
    assert first_item(reconvened(failed, "2027-03-23")).quorum.needed == 0
    assert first_item(reconvened(failed, "2027-03-23", "done")).quorum.needed == 7


def test_the_first_day_of_a_reconvened_meeting_is_told() -> None:
    state = MeetingState(reconvened(failed_meeting(), "2027-03-22").file())
    assert state.reconvening_from is not None
    assert state.reconvening_from.isoformat() == "2027-03-23"
    assert not state.is_late_enough
