"""Others' words come while the central has yet to hear of a freeze made here: the minutes stand."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import select

from app.central import accounts
from app.central.schema import grants
from app.errors import SyncError
from app.sync import link as ties
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_before, faithful, saying
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_frozen_minutes import addenda, closed
from tests.app.sync.test_restored_central import Copies, copies
from tests.central_server import Central

__all__ = ["closed", "copies"]

Pair = tuple[Laptop, Laptop]
Call = Callable[[], None]


@pytest.fixture
def pair(troubled: Pair) -> Pair:
    return troubled


@pytest.fixture
def need(pair: Pair, closed: tuple[str, str]) -> str:
    """A need of the meeting, on both laptops."""
    anne, benoit = pair
    made = anne.put("need", title="Site", words="Sans site.", raised_at_meeting_id=closed[0])
    level(anne, benoit)
    return made


@pytest.fixture
def others_write(pair: Pair, closed: tuple[str, str], need: str) -> Call:
    """Benoît changes what Anne's minutes hold, and sends it."""
    _, benoit = pair
    _, item = closed

    def write() -> None:
        benoit.put("agenda_item", item, notes="Un. Dit par Benoît.", presenter="M. Roux")
        benoit.put("decision", agenda_item_id=item, text="On commande.")
        benoit.services.records.delete(need)
        benoit.sync()

    return write


@pytest.fixture(params=["Un.", "Un. Dit par Anne."])
def notes(request: pytest.FixtureRequest) -> str:
    """What the minutes say of the item, as both knew it or not."""
    return str(request.param)


@pytest.fixture(params=[False, True], ids=["at once", "from a draft"])
def freeze(request: pytest.FixtureRequest, pair: Pair, closed: tuple[str, str], notes: str) -> Call:
    """Anne notes that, and freezes the minutes, of which both may have a draft."""
    anne, benoit = pair
    meeting, item = closed
    if request.param:
        anne.put("minutes", meeting_id=meeting)
        level(anne, benoit)

    def freeze() -> None:
        anne.put("agenda_item", item, notes=notes)
        anne.services.minutes.freeze(meeting)

    return freeze


@pytest.fixture
def check(pair: Pair, closed: tuple[str, str], need: str, notes: str) -> Call:
    """Checks that the minutes stand, and that an addendum says the rest."""
    anne, benoit = pair
    _, item = closed

    def check() -> None:
        anne.sync()
        level(anne, benoit)
        said = "\n".join(one.fields["text"] for one in addenda(anne))
        assert all(words in said for words in ("Dit par Benoît.", "M. Roux", "On commande."))
        assert "Anne" not in said
        for one in pair:
            assert (one.get(item)["notes"], one.get(item)["presenter"]) == (notes, "")
            assert one.get(need)["words"] == "Sans site."
            assert one.services.conflicts.open() == []
            assert one.services.sync.status().pending == 0

    return check


def test_with_the_answer_to_a_batch_that_waited(
    pair: Pair, meddler: Meddler, others_write: Call, check: Call, freeze: Call
) -> None:
    anne, benoit = pair
    anne.put("need", title="Fibre")
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    others_write()
    freeze()
    check()
    assert anne.state() == benoit.state()


def test_with_an_answer_on_its_way_as_the_minutes_are_frozen(
    pair: Pair, meddler: Meddler, others_write: Call, check: Call, freeze: Call
) -> None:
    anne, benoit = pair
    others_write()

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        freeze()
        return answer

    meddler.next(meanwhile)
    check()
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "after a batch"])
@pytest.mark.parametrize("gone", [False, True], ids=["written on", "deleted"])
def test_a_freeze_stands_whatever_others_made_of_its_draft(
    pair: Pair, meddler: Meddler, closed: tuple[str, str], *, waits: bool, gone: bool
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    draft = anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    if waits:
        anne.put("need", title="Fibre")
        meddler.next(*[cut_before] * 3)
        with pytest.raises(SyncError):
            anne.sync()
        meddler.next()
    benoit.put("minutes", draft, number=7)
    if gone:
        benoit.services.records.delete(draft)
    benoit.sync()
    paper = anne.services.minutes.freeze(meeting).record.fields.pdf_sha256
    level(anne, benoit)
    for one in pair:
        found = one.stored(draft).envelope
        assert (found.deleted, found.fields["pdf_sha256"]) == (False, paper)
        assert one.services.attachments.of(meeting) == []
        assert one.services.sync.status().pending == 0


def test_with_the_answer_to_a_batch_of_another_commission(
    pair: Pair, central: Central, others_write: Call, check: Call, freeze: Call
) -> None:
    anne, _ = pair
    other = central.commission("Commission de Dijon")
    with central.database.writing() as connection:
        account = connection.execute(select(grants.c.facilitator_id)).scalar_one()
        accounts.grant(connection, central.clock(), account, other)
    anne.services.sync.enrol(anne.url, adopt=other)
    anne.sync()
    with anne.services.workspace.unit() as unit:
        link = ties.load(unit)
        assert link is not None
        ties.save(unit, msgspec.structs.replace(link, spaces=link.spaces[::-1]))
        unit.commit()
    anne.services.records.create("need", {"title": "Fibre"}, other)
    others_write()
    freeze()
    check()


def test_as_a_restored_central_is_compared(
    copies: Copies, others_write: Call, check: Call, freeze: Call
) -> None:
    others_write()
    freeze()
    copies.save()
    copies.restore()
    check()


def test_as_a_central_that_forgot_the_freeze_is_compared(
    pair: Pair, copies: Copies, others_write: Call, check: Call, freeze: Call
) -> None:
    anne, _ = pair
    copies.save()
    freeze()
    anne.sync()
    copies.restore()
    others_write()
    check()


def test_receipts_of_what_a_freeze_held_are_void_until_it_is_told_again(
    pair: Pair, closed: tuple[str, str], copies: Copies, meddler: Meddler
) -> None:
    anne, _ = pair
    meeting, item = closed
    copies.save()
    anne.put("agenda_item", item, notes="Un. Dit par Anne.")
    anne.services.minutes.freeze(meeting)
    anne.sync()
    copies.restore()
    # the exchange under the new epoch: refused, compared (twice: region and commission), then cut
    meddler.next(*[faithful] * 3, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    assert anne.services.sync.status().to_resend == 2  # the item and the minutes
    meddler.next()
    anne.sync()
    assert anne.services.sync.status().to_resend == 0


def test_deletions_that_minutes_undo_are_not_asked_about(
    pair: Pair, closed: tuple[str, str], meddler: Meddler
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decisions = [anne.put("decision", agenda_item_id=item, text=f"{n}.") for n in range(6)]
    level(anne, benoit)
    anne.put("need", title="Fibre")
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    for one in decisions:
        benoit.services.records.delete(one)
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    assert anne.sync().deletions == []
    level(anne, benoit)
    assert [benoit.get(one)["text"] for one in decisions] == ["0.", "1.", "2.", "3.", "4.", "5."]


def test_a_freeze_too_large_for_a_proxy_is_refused_whole_and_leaves_whole_later(
    pair: Pair, closed: tuple[str, str], meddler: Meddler
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.")
    benoit.sync()
    anne.put("agenda_item", item, notes="Un. Dit par Anne.")
    minutes = anne.services.minutes.freeze(meeting).record.id
    fibre = anne.put("need", title="Fibre")
    meddler.next(saying(413), saying(413))
    report = anne.sync()
    assert {line.id for line in report.refused} == {item, decision, minutes}
    assert fibre in {line.id for line in report.sent}
    assert benoit.sync().refused == []
    level(anne, benoit)
    for one in pair:
        assert one.get(item)["notes"] == "Un. Dit par Anne."
        assert one.get(decision)["text"] == "On commande."
    assert anne.state() == benoit.state()


_WORDS = {"need": "words", "action": "text", "decision": "text"}


@pytest.mark.parametrize("kind", _WORDS)
def test_what_others_moved_out_of_the_meeting_comes_back_to_it(
    pair: Pair, closed: tuple[str, str], kind: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    one = anne.put(kind, agenda_item_id=item, **{_WORDS[kind]: "Sans site."})
    level(anne, benoit)
    elsewhere = benoit.put("meeting", title="Été")
    other = benoit.put("agenda_item", meeting_id=elsewhere, title="Divers")
    benoit.put(kind, one, agenda_item_id=other)
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, benoit)
    assert [laptop.get(one)["agenda_item_id"] for laptop in pair] == [item, item]
    assert addenda(anne) == []
    assert anne.state() == benoit.state()


def test_what_was_deleted_before_the_freeze_and_moved_out_by_others_is_to_be_decided(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    level(anne, benoit)
    elsewhere = benoit.put("meeting", title="Été")
    other = benoit.put("agenda_item", meeting_id=elsewhere, title="Divers")
    benoit.put("decision", decision, agenda_item_id=other)
    benoit.sync()
    anne.services.records.delete(decision)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, benoit)
    for one in pair:
        assert [x.fields["unit"] for x in one.services.conflicts.open()] == ["deleted"]
        assert one.get(decision)["agenda_item_id"] == other
    assert anne.state() == benoit.state()


def test_what_others_moved_out_while_the_central_had_forgotten_the_freeze_comes_back(
    pair: Pair, closed: tuple[str, str], copies: Copies
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    elsewhere = benoit.put("meeting", title="Été")
    other = benoit.put("agenda_item", meeting_id=elsewhere, title="Divers")
    level(benoit, anne)
    copies.save()
    anne.services.minutes.freeze(meeting)
    anne.sync()
    copies.restore()
    benoit.put("decision", decision, agenda_item_id=other)
    benoit.sync()
    anne.sync()
    level(anne, benoit)
    assert [one.get(decision)["agenda_item_id"] for one in pair] == [item, item]
    assert anne.state() == benoit.state()


def test_what_others_moved_to_a_meeting_frozen_before_stays_there(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    elsewhere = anne.put(
        "meeting", title="Été", place="Beaune", starts_at="2027-06-18T18:30:00+02:00"
    )
    other = anne.services.agenda.add(elsewhere, {"title": "Divers"}).id
    level(anne, benoit)
    benoit.put("decision", decision, agenda_item_id=other)
    benoit.services.meetings.convene(elsewhere, "2027-06-01T10:00:00+02:00")
    benoit.services.meetings.open(elsewhere, "2027-06-18T18:30:00+02:00")
    benoit.services.meetings.close(elsewhere, "2027-06-18T20:00:00+02:00")
    benoit.services.minutes.freeze(elsewhere)
    benoit.sync()
    minutes = anne.services.minutes.freeze(meeting).record.id
    report = anne.sync()
    assert report.refused == []
    assert minutes in {line.id for line in report.sent}
    level(anne, benoit)
    assert [one.get(decision)["agenda_item_id"] for one in pair] == [other, other]
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("kind", _WORDS)
def test_an_addendum_says_what_others_moved_into_the_meeting(
    pair: Pair, closed: tuple[str, str], kind: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    elsewhere = benoit.put("meeting", title="Été")
    other = benoit.put("agenda_item", meeting_id=elsewhere, title="Divers")
    one = benoit.put(kind, agenda_item_id=other, **{_WORDS[kind]: "Sans site."})
    level(benoit, anne)
    benoit.put(kind, one, agenda_item_id=item)
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, benoit)
    (addendum,) = addenda(anne)
    assert "Sans site." in addendum.fields["text"]
    assert anne.state() == benoit.state()
