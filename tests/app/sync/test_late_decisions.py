"""Conflicts that outlived the freeze of their meeting: the minutes stand, all can be decided."""

from __future__ import annotations

import pytest

from app.services.conflict_words import side_by_side
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_frozen_minutes import addenda, closed

__all__ = ["closed"]

Pair = tuple[Laptop, Laptop]


@pytest.fixture
def conflict(pair: Pair, closed: tuple[str, str]) -> str:
    """Two presenters of one item, of which the frozen minutes name a third."""
    anne, benoit = pair
    meeting, item = closed
    for one, name in ((anne, "M. Petit"), (benoit, "Mme Roux")):
        one.put("agenda_item", item, presenter=name)
        one.sync()
    (found,) = benoit.services.conflicts.open()
    anne.put("agenda_item", item, presenter="Mme Leroy")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    return found.id


@pytest.mark.parametrize("keep", ["mine", "theirs"])
@pytest.mark.parametrize("who", [0, 1])
def test_what_is_kept_of_two_versions_of_frozen_words_becomes_a_draft_addendum(
    pair: Pair, closed: tuple[str, str], conflict: str, keep: str, who: int
) -> None:
    decider, kept = pair[who], "Mme Roux" if keep == "mine" else "M. Petit"
    [shown] = side_by_side(decider.services.records, decider.services.conflicts)
    assert shown.frozen
    decider.services.conflicts.resolve(conflict, keep)
    level(*pair)
    for one in pair:
        assert one.get(closed[1])["presenter"] == "Mme Leroy"
        assert one.services.conflicts.open() == []
        [addendum] = addenda(one)
        assert (
            addendum.fields["text"] == f"Point de l'ordre du jour « Besoins », rapporteur : {kept}"
        )
        assert addendum.fields["reason"] == "Départagé après le gel du procès-verbal."
    decider.services.undo.undo()
    assert len(decider.services.conflicts.open()) == 1
    assert addenda(decider) == []


def test_a_vote_is_said_to_be_frozen_and_a_deletion_is_not(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    ballot = anne.put("ballot", agenda_item_id=item, question="Commander ?")
    level(*pair)
    anne.services.records.delete(decision)
    benoit.put("decision", decision, text="On attend.")
    for one, method in ((anne, "roll_call"), (benoit, "secret")):
        one.put("ballot", ballot, method=method)
    level(*pair)
    anne.services.minutes.freeze(meeting)
    level(*pair)
    for one in pair:
        shown = side_by_side(one.services.records, one.services.conflicts)
        assert {each.gone == "": each.frozen for each in shown} == {True: True, False: False}


def test_what_the_frozen_minutes_say_needs_no_addendum(pair: Pair, conflict: str) -> None:
    anne, _ = pair
    anne.services.conflicts.resolve(conflict, "edited", "Mme Leroy")
    assert anne.services.conflicts.open() == []
    assert addenda(anne) == []


def test_two_laptops_that_keep_different_frozen_words_lose_none(pair: Pair, conflict: str) -> None:
    for one, keep in zip(pair, ("mine", "theirs"), strict=True):
        one.services.conflicts.resolve(conflict, keep)
    level(*pair)
    for one in pair:
        said = "\n".join(addendum.fields["text"] for addendum in addenda(one))
        assert "Mme Roux" in said
        assert "M. Petit" in said
        assert one.services.conflicts.open() == []


def test_a_second_decision_for_the_same_words_takes_nothing_from_their_addendum(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    for first in ("M. Petit", "Mme Blanc"):
        for one, name in ((anne, first), (benoit, "Mme Roux")):
            one.put("agenda_item", item, presenter=name)
        level(anne, benoit)
    anne.put("agenda_item", item, presenter="Mme Leroy")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    one, other = anne.services.conflicts.open()
    anne.services.conflicts.resolve(one.id, "mine")
    (addendum,) = addenda(anne)
    anne.put("minutes", addendum.id, text="Mme Roux, adjointe, rapporte.")
    anne.services.conflicts.resolve(other.id, "mine")
    assert [each.fields["text"] for each in addenda(anne)] == ["Mme Roux, adjointe, rapporte."]


@pytest.mark.parametrize("who", [0, 1])
def test_words_decided_again_after_an_undo_are_in_an_addendum_again(
    pair: Pair, conflict: str, who: int
) -> None:
    anne, _ = pair
    anne.services.conflicts.resolve(conflict, "mine")
    level(*pair)
    anne.services.undo.undo()
    level(*pair)
    assert [addenda(one) for one in pair] == [[]] * 2
    pair[who].services.conflicts.resolve(conflict, "mine")
    level(*pair)
    for one in pair:
        [addendum] = addenda(one)
        assert addendum.fields["text"].endswith("rapporteur : Mme Roux")
        assert one.services.sync.status().pending == 0
