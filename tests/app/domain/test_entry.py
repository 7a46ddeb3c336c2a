"""What an entry into a meeting brings along, and what the rules refuse of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain import entry
from app.domain.meeting_file import MeetingFile
from app.domain.refusals import Refusal
from tests.app.domain.builders import Scene, uid, with_fields


def planned(items: int = 5, **meeting: Any) -> MeetingFile:
    scene = Scene(12, **({"status": "planned", "opened_at": None, "closed_at": None} | meeting))
    for name in range(1, items + 1):
        scene.item(name, number="", started=None)
    return scene.file()


def convened(items: int = 5) -> MeetingFile:
    file = planned(items, status="convened")
    return entry.with_changes(file, entry.brought_along(None, file, {}))


def numbers(file: MeetingFile) -> list[str]:
    return [item.fields.number for item in file.items]


def adding(file: MeetingFile, place: int, **fields: Any) -> tuple[MeetingFile, str]:
    """The file with an item added after so many others, before the rules have their say."""
    scene = Scene()
    new_id = scene.item(f"added {len(file.items)}", **({"number": "", "started": None} | fields))
    items = list(file.items)
    items.insert(place, scene.all("agenda_item")[0])
    return replace(file, items=tuple(items)), new_id


def entered(before: MeetingFile, after: MeetingFile, **named: list[str]) -> MeetingFile:
    return entry.with_changes(after, entry.brought_along(before, after, named))


def test_a_planned_agenda_has_no_numbers() -> None:
    assert entry.brought_along(None, planned(), {}) == {}


def test_convening_fixes_the_numbers() -> None:
    before = planned()
    after = with_fields(before, before.meeting.id, status="convened")
    assert numbers(entered(before, after)) == ["1", "2", "3", "4", "5"]


def test_a_meeting_entered_already_convened_has_its_numbers_fixed_at_once() -> None:
    assert numbers(convened()) == ["1", "2", "3", "4", "5"]


def test_a_number_named_by_the_entry_stays() -> None:
    file = planned(2, status="open")
    first = file.items[0].id
    file = with_fields(file, first, number="7")
    changes = entry.brought_along(None, file, {first: ["number"]})
    assert numbers(entry.with_changes(file, changes)) == ["7", "2"]


def test_an_item_added_after_the_convocation_is_numbered_by_the_rule() -> None:
    before = convened()
    after, new_id = adding(before, 4)
    changes = entry.brought_along(before, after, {new_id: ["title"]})
    assert changes == {new_id: {"original": False, "number": "4 bis"}}


def test_two_items_added_at_once_take_two_numbers() -> None:
    before = convened()
    after, _ = adding(before, 4)
    after, _ = adding(after, 5)
    assert numbers(entered(before, after)) == ["1", "2", "3", "4", "4 bis", "4 ter", "5"]


def test_an_item_that_says_its_number_is_believed_one_that_says_it_is_original_is_not() -> None:
    before = convened()
    after, new_id = adding(before, 5)
    assert entry.brought_along(before, after, {new_id: ["original"]}) == {
        new_id: {"original": False, "number": "5 bis"}
    }
    after, new_id = adding(before, 5, number="6")
    assert entry.brought_along(before, after, {new_id: ["number"]}) == {}
    after, new_id = adding(before, 5, number="4 bis")
    changes = entry.brought_along(before, after, {new_id: ["number"]})
    assert changes == {new_id: {"original": False, "number": "4 bis"}}


def test_an_agenda_entered_piece_by_piece_in_an_open_meeting_is_original() -> None:
    before = planned(0, status="open")
    after, _ = adding(before, 0)
    assert entry.brought_along(before, after, {}) == {}


def test_a_roll_call_brings_its_counts_and_the_chair_s_vote() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    votes = {uid("seat 1"): "against", uid("seat 2"): "for", uid("seat 3"): "for"}
    ballot = scene.ballot(scene.item(), method="roll_call", votes=votes, abstain_count=4)
    file = scene.file()
    assert entry.brought_along(file, file, {ballot: ["votes"]}) == {
        ballot: {"for_count": 2, "against_count": 1, "abstain_count": 0, "chair_vote": "against"}
    }
    assert entry.brought_along(file, file, {ballot: ["votes", "abstain_count", "for_count"]}) == {
        ballot: {"against_count": 1, "chair_vote": "against"}
    }
    assert entry.brought_along(file, file, {}) == {}


# Refusals.


def refusal(before: MeetingFile | None, after: MeetingFile, *, imported: bool = False) -> Refusal:
    with pytest.raises(Refusal) as caught:
        entry.refuse(before, after, imported=imported)
    return caught.value


def test_a_convened_item_is_not_deleted() -> None:
    before = convened()
    found = refusal(before, replace(before, items=before.items[1:]))
    assert found.record_id == before.items[0].id
    assert "marquez-le retiré" in found.sentence


def test_a_planned_item_may_be_deleted() -> None:
    before = planned()
    entry.refuse(before, replace(before, items=before.items[1:]))


@pytest.mark.parametrize(("field", "value"), [("number", "9"), ("original", False)])
def test_a_convened_item_keeps_its_number(field: str, value: Any) -> None:
    before = convened()
    first = before.items[0].id
    found = refusal(before, with_fields(before, first, **{field: value}))
    assert (found.record_id, found.field) == (first, field)


def test_a_convened_item_may_be_moved_withdrawn_and_retitled() -> None:
    before = convened()
    after = with_fields(before, before.items[0].id, rank="9", withdrawn=True, title="Autre")
    entry.refuse(before, after)


def held(**ballot: Any) -> tuple[MeetingFile, str]:
    scene = Scene(12)
    scene.present(*range(1, 8))
    ballot_id = scene.ballot(scene.item(), **ballot)
    return scene.file(), ballot_id


@pytest.mark.parametrize(
    ("method", "then"),
    [("secret", "show_of_hands"), ("secret", "roll_call"), ("roll_call", "secret")],
)
def test_the_method_of_an_entered_ballot_neither_becomes_nor_stops_being_secret(
    method: str, then: str
) -> None:
    entered = {"votes": {uid("seat 1"): "for"}} if method == "roll_call" else {"for_count": 1}
    before, ballot = held(method=method, **entered)
    found = refusal(before, with_fields(before, ballot, method=then, votes={}))
    assert (found.record_id, found.field) == (ballot, "method")


def test_the_method_may_change_before_any_vote_is_entered() -> None:
    before, ballot = held(method="show_of_hands")
    entry.refuse(before, with_fields(before, ballot, method="secret", for_count=7))


def test_a_secret_ballot_is_entered_once() -> None:
    before, ballot = held(method="secret", for_count=5)
    found = refusal(before, with_fields(before, ballot, for_count=6))
    assert "une seule fois" in found.sentence
    entry.refuse(before, with_fields(before, ballot, question="Autre ?"))


def test_more_votes_than_the_room_holds_are_refused_everywhere() -> None:
    before, ballot = held(for_count=7)
    after = with_fields(before, ballot, for_count=8)
    assert refusal(before, after).field == "for_count"
    assert refusal(before, after, imported=True).record_id == ballot
    assert refusal(None, after).record_id == ballot


def test_what_the_entry_does_not_touch_is_not_refused() -> None:
    before, _ = held(for_count=8)
    entry.refuse(before, before)


def test_what_stood_before_is_no_reason_to_refuse() -> None:
    before, ballot = held(for_count=8)
    entry.refuse(before, with_fields(before, ballot, question="Autre ?"))


def test_an_import_is_spared_what_the_strict_profile_alone_forbids() -> None:
    scene = Scene(12, profile="deliberative")
    scene.present(1)
    scene.ballot(scene.item(), for_count=1)
    file = scene.file()
    assert "sans quorum" in refusal(None, file).sentence
    entry.refuse(None, file, imported=True)
