"""Two laptops that add « 4 bis »: the earlier at the central keeps it, the other takes the next."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from app.central import accounts
from app.domain.records import SCHEMA
from app.errors import SyncError
from app.sync import link as ties
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_before
from tests.app.sync.test_between_laptops import level

Pair = tuple[Laptop, Laptop]


def convened(pair: Pair) -> str:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps", starts_at="2027-03-19T18:30:00+01:00")
    anne.services.agenda.add(meeting, {"title": "Accueil"})
    anne.services.meetings.convene(meeting, "2027-03-01T10:00:00+01:00")
    level(anne, benoit)
    return meeting


def test_the_second_item_takes_the_next_number_and_the_user_is_told(pair: Pair) -> None:
    anne, benoit = pair
    meeting = convened(pair)
    first = anne.services.agenda.add(meeting, {"title": "Fibre"}).id
    second = benoit.services.agenda.add(meeting, {"title": "Site"}).id
    assert anne.get(first)["number"] == benoit.get(second)["number"] == "1 bis"
    anne.sync()
    report = benoit.sync()
    (told,) = [line for line in report.merged if line.id == second]
    assert "1 ter" in told.sentence
    level(anne, benoit)
    for one in pair:
        assert (one.get(first)["number"], one.get(second)["number"]) == ("1 bis", "1 ter")
    assert anne.state() == benoit.state()


def test_the_order_at_the_central_decides_whoever_looks_first(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting = convened(troubled)
    first = anne.services.agenda.add(meeting, {"title": "Fibre"}).id
    second = benoit.services.agenda.add(meeting, {"title": "Site"}).id

    def overtaken(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()  # the central has Anne's item; before she hears so, Benoît syncs
        benoit.sync()
        return answer

    meddler.next(overtaken)
    anne.sync()
    level(anne, benoit)
    for one in troubled:
        assert (one.get(first)["number"], one.get(second)["number"]) == ("1 bis", "1 ter")
    assert anne.state() == benoit.state()


def test_frozen_minutes_hold_a_number_that_was_given_twice(pair: Pair) -> None:
    anne, benoit = pair
    meeting = convened(pair)
    theirs = benoit.services.agenda.add(meeting, {"title": "Site"}).id
    benoit.sync()
    mine = anne.services.agenda.add(meeting, {"title": "Fibre"}).id
    anne.services.meetings.open(meeting, "2027-03-19T18:30:00+01:00")
    anne.services.meetings.close(meeting, "2027-03-19T20:00:00+01:00")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    assert anne.get(mine)["number"] == benoit.get(theirs)["number"] == "1 bis"
    assert anne.services.sync.status().pending == 0
    assert anne.state() == benoit.state()


def test_an_item_that_a_newer_program_made_keeps_the_number_that_it_gave(pair: Pair) -> None:
    anne, benoit = pair
    meeting = convened(pair)
    first = anne.services.agenda.add(meeting, {"title": "Fibre"}).id
    anne.sync()
    second = benoit.services.agenda.add(meeting, {"title": "Site"}).id
    envelope = benoit.services.records.envelope(second)
    debate = envelope.fields | {"kind": "debate"}
    with benoit.services.workspace.unit("Nouvelle version") as unit:
        unit.save(msgspec.structs.replace(envelope, schema=SCHEMA + 1, fields=debate))
        unit.commit()
    level(benoit, anne)
    for one in pair:
        assert (one.get(first)["number"], one.get(second)["number"]) == ("1 bis", "1 bis")
        assert one.get(second)["kind"] == "debate"
        assert len(one.services.records.list("agenda_item", meeting_id=meeting)) == 3


def left_unsettled(troubled: Pair, meddler: Meddler) -> tuple[str, str]:
    """Two items of one number, and a sync that broke where it would have told them apart."""
    anne, benoit = troubled
    meeting = convened(troubled)
    first = benoit.services.agenda.add(meeting, {"title": "Fibre"}).id
    benoit.sync()
    second = anne.services.agenda.add(meeting, {"title": "Site"}).id
    meddler.next(cut_before, cut_before, cut_before, only=f"/v1/records/{second}/revisions")
    with pytest.raises(SyncError):
        anne.sync()
    return first, second


def test_what_a_broken_sync_left_unsettled_is_settled_by_who_receives_it(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    first, second = left_unsettled(troubled, meddler)
    assert anne.get(second)["number"] == "1 bis"
    assert anne.services.sync.status().pending == 0
    benoit.sync()
    assert (benoit.get(first)["number"], benoit.get(second)["number"]) == ("1 bis", "1 ter")


def test_what_a_broken_sync_left_unsettled_is_settled_by_the_next_one(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    first, second = left_unsettled(troubled, meddler)
    anne.sync()
    assert (anne.get(first)["number"], anne.get(second)["number"]) == ("1 bis", "1 ter")


def test_what_is_left_unsettled_in_a_commission_closed_since_does_not_stop_a_sync(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    first, second = left_unsettled(troubled, meddler)
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    with anne.central.database.writing() as connection:
        who = link.facilitator.id
        accounts.withdraw(connection, anne.central.clock(), who, link.spaces[0])
    (note,) = anne.sync().notes
    assert "ne vous est plus ouverte" in note
    assert (anne.get(first)["number"], anne.get(second)["number"]) == ("1 bis", "1 bis")


def test_an_item_that_takes_its_number_to_another_meeting_is_settled_there(pair: Pair) -> None:
    anne, benoit = pair
    here, there = convened(pair), convened(pair)
    moved = anne.services.agenda.add(here, {"title": "Fibre"}).id
    other = anne.services.agenda.add(there, {"title": "Site"}).id
    level(anne, benoit)
    item = anne.services.records.envelope(moved)
    with anne.services.workspace.unit("Archive") as unit:  # an archive may; a user may not
        unit.save(msgspec.structs.replace(item, fields=item.fields | {"meeting_id": there}))
        unit.commit()
    level(anne, benoit)
    for one in pair:
        assert {one.get(item)["number"] for item in (moved, other)} == {"1 bis", "1 ter"}


def test_numbers_that_nobody_else_gave_are_settled_at_once(pair: Pair) -> None:
    anne, _ = pair
    meeting = convened(pair)
    anne.services.agenda.add(meeting, {"title": "Fibre"})
    anne.sync()
    with anne.services.workspace.reading() as unit:
        assert ties.kept(unit, ties.NUMBERED) is None


def test_an_item_added_while_another_came_is_settled_when_it_leaves(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting = convened(troubled)
    first = benoit.services.agenda.add(meeting, {"title": "Fibre"}).id
    benoit.sync()
    added: list[str] = []

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        added.append(anne.services.agenda.add(meeting, {"title": "Site"}).id)
        return answer

    anne.put("meeting", meeting, place="Salle des fêtes")
    meddler.next(meanwhile, cut_before, cut_before, cut_before)
    with pytest.raises(SyncError):
        anne.sync()
    (second,) = added
    assert anne.get(first)["number"] == anne.get(second)["number"] == "1 bis"
    anne.sync()
    assert (anne.get(first)["number"], anne.get(second)["number"]) == ("1 bis", "1 ter")
