"""Much comes in several pages, much leaves in several batches: a sync takes all of it and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app.central import backup
from app.central.schema import records
from app.errors import SyncError
from app.sync.protocol import Limits, SyncRequest
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_after, cut_before, faithful, saying
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_foreign_answers import changing, page
from tests.app.sync.test_in_a_row import requests
from tests.central_server import Central, start_central

MOST = 30
"""Requests that these syncs need at the very most."""


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A central whose pages and batches hold little."""
    with start_central(tmp_path / "central", limits=Limits(page=2, ops=6)) as served:
        yield served


def test_words_too_late_for_minutes_that_come_after_a_deletion_do_not_hold_the_sync_up(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Erreur")
    meeting, item = _meeting(anne)
    level(anne, benoit)
    benoit.services.records.delete(need)
    benoit.sync()
    _freeze(benoit, meeting)
    anne.put("agenda_item", item, notes="Dit par Anne.")
    meddler.always = _until(len(meddler.heard) + MOST, meddler)
    anne.sync()
    assert "Dit par Anne." in _addendum(anne)
    assert anne.services.sync.status().pending == 0
    assert anne.stored(need).envelope.deleted


def test_meetings_that_two_laptops_froze_apart_do_not_hold_the_sync_up(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    meetings = [_meeting(anne)[0] for _ in range(3)]
    for meeting in meetings:
        anne.services.agenda.add(meeting, {"title": "Divers"})
        _hold(anne, meeting)
    level(anne, benoit)
    for one in (benoit, anne):
        for meeting in meetings:
            one.services.minutes.freeze(meeting)
    benoit.sync()
    meddler.always = _until(len(meddler.heard) + MOST, meddler)
    anne.sync()
    assert anne.services.sync.status().pending == 0
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_words_on_a_page_after_a_cut_are_kept_of_the_minutes_frozen_before_it(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting, item = _meeting(anne)
    level(anne, benoit)
    for number in range(4):
        benoit.put("need", title=f"Besoin {number}")
    benoit.put("decision", agenda_item_id=item, text="On commande.")
    benoit.sync()
    meddler.next(faithful, *[cut_before] * 9)
    with pytest.raises(SyncError):
        _freeze(anne, meeting)
    assert anne.services.records.list("minutes")[0].revision == 1
    meddler.next()
    level(anne, benoit)
    assert "On commande." in _addendum(anne)


def test_an_edit_meets_a_freeze_whose_minutes_come_on_a_later_page_without_a_conflict(
    troubled: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = troubled
    meeting, item = _meeting(anne)
    level(anne, benoit)
    anne.put("agenda_item", item, presenter="Mme Roux")
    anne.sync()
    anne.put("agenda_item", item, presenter="M. Petit")
    _freeze(benoit, meeting)
    anne.sync()
    assert anne.services.conflicts.open() == []
    assert "M. Petit" in _addendum(anne)
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_words_merged_while_a_freeze_is_on_its_way_become_an_addendum(
    troubled: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = troubled
    meeting, item = _meeting(anne)
    persons = [anne.put("person", last_name=f"Petit {number}") for number in range(4)]
    anne.put("meeting", meeting, secretary_ids=persons)
    level(anne, benoit)
    benoit.put("meeting", meeting, place="Gilly")
    benoit.put("agenda_item", item, presenter="Mme Roux")
    benoit.sync()
    for person in persons:  # they leave first, and the freeze in a batch made meanwhile
        anne.put("person", person, first_name="Léo")
    _freeze(anne, meeting)
    assert (anne.get(meeting)["place"], anne.get(item)["presenter"]) == ("Vougeot", "")
    assert "Gilly" in _addendum(anne)
    assert "Mme Roux" in _addendum(anne)
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_a_freeze_of_a_draft_that_changes_meanwhile_stands(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting, _ = _meeting(anne)
    _hold(anne, meeting)
    draft = anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    benoit.put("minutes", draft, number=12)
    benoit.sync()

    def frozen(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        anne.services.minutes.freeze(meeting)
        return answer

    meddler.next(frozen)
    anne.sync()
    level(anne, benoit)
    assert benoit.get(draft)["frozen_at"]
    assert benoit.services.records.list("attachment") == []
    assert anne.state() == benoit.state()


def test_a_conflict_that_waited_for_the_last_page_names_who_wrote_on_the_first(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    benoit.put("need", need, title="Le réseau")
    benoit.sync()
    for number in range(5):
        benoit.put("need", title=f"Besoin {number}")
    benoit.sync()

    def edited(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        anne.put("need", need, title="La fibre")
        return answer

    meddler.next(edited)
    anne.sync()
    [conflict] = anne.services.conflicts.open()
    assert conflict.fields["theirs"]["author"] == "Léa Martin"


def test_several_batches_too_late_for_a_freeze_are_each_sent_once(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting, _ = _meeting(anne)
    level(anne, benoit)
    _freeze(benoit, meeting)
    for number in range(20):
        anne.put("agenda_item", meeting_id=meeting, kind="misc", title=f"Point {number}")
    meddler.always = _until(len(meddler.heard) + MOST, meddler)
    anne.sync()
    assert all(f"Point {number}" in _addendum(anne) for number in range(20))
    assert anne.services.sync.status().pending == 0


def one_deleted(one: Laptop, other: Laptop, *, out_of: int) -> list[str]:
    """Needs that both had, of which the other deleted the first, then edited the others."""
    needs = [one.put("need", title=f"Besoin {number}") for number in range(out_of)]
    level(one, other)
    other.services.records.delete(needs[0])
    other.sync()
    for need in needs[1:]:
        other.put("need", need, words="Oui.")
    other.sync()
    return needs


def test_no_page_is_asked_for_twice_while_a_deletion_is_held_back(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    needs = one_deleted(anne, benoit, out_of=8)
    mine = [anne.put("need", title=f"D'Anne {number}") for number in range(8)]

    def edited(_: Heard, forward: Callable[..., Answer]) -> Answer:
        anne.put("need", mine[0], words="Tapé pendant l'envoi.")
        return forward()

    before = len(meddler.calls())
    meddler.next(faithful, edited)
    anne.sync()
    assert anne.stored(needs[0]).envelope.deleted
    assert anne.services.sync.status().pending == 0
    space = anne.stored(needs[0]).envelope.space
    named = [one.after[space] for one in requests(meddler, before) if space in one.after]
    assert named == sorted(set(named))
    level(anne, benoit)


def test_a_record_brought_back_between_two_pages_stays_alive(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    needs = one_deleted(anne, benoit, out_of=4)

    def overtaken(_: Heard, forward: Callable[..., Answer]) -> Answer:
        benoit.services.records.restore(needs[0])
        benoit.sync()
        return forward()

    meddler.next(faithful, overtaken)
    anne.sync()
    assert anne.stored(needs[0]).envelope == benoit.stored(needs[0]).envelope
    assert anne.get(needs[0])["title"] == "Besoin 0"


@pytest.mark.parametrize("pages", range(1, 4))
def test_the_pages_that_came_before_a_cut_are_kept_and_not_asked_again(
    troubled: tuple[Laptop, Laptop], meddler: Meddler, central: Central, pages: int
) -> None:
    anne, benoit = troubled
    level(anne, benoit)
    for number in range(7):
        benoit.put("need", title=f"Besoin {number}")
    benoit.sync()
    with central.database.reading() as connection:  # of two batches either may arrive first
        query = select(records.c.id).where(records.c.kind == "need").order_by(records.c.seq)
        needs = list(connection.execute(query).scalars())
    first = len(meddler.calls())
    meddler.next(*[faithful] * pages, *[cut_after] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    came, left = needs[: 2 * pages], needs[2 * pages :]
    assert [one for one in needs if one in anne.state()] == came
    meddler.next()
    again = len(meddler.calls())
    report = anne.sync()
    assert [line.id for line in report.received] == left
    space = benoit.stored(needs[0]).envelope.space
    after = [one.after[space] for one in requests(meddler, 0)[first:]]
    assert after[again - first] - after[0] == len(came)
    level(anne, benoit)


def test_a_forged_page_is_not_taken_in_and_those_before_it_are(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    level(anne, benoit)
    needs = [benoit.put("need", title=f"Besoin {number}") for number in range(5)]
    benoit.sync()
    meddler.next(faithful, changing(lambda answer: answer.update(epoch="autre")))
    with pytest.raises(SyncError, match="notre serveur"):
        anne.sync()
    assert [one for one in needs if one in anne.state()] == needs[:2]
    meddler.next()
    assert [line.id for line in anne.sync().received] == needs[2:]


def test_a_page_refused_after_a_batch_was_answered_does_not_send_it_again(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    for number in range(5):
        benoit.put("need", title=f"Besoin {number}")
    benoit.sync()
    anne.put("need", need, title="La fibre")

    def edited(_: Heard, forward: Callable[..., Answer]) -> Answer | None:
        anne.put("need", need, words="Tapé pendant que la page vient.")
        return saying(413)(_, forward)

    meddler.next(faithful, edited)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    assert anne.services.sync.status().pending == 1
    level(anne, benoit)
    assert benoit.get(need)["words"] == "Tapé pendant que la page vient."
    assert benoit.stored(need).envelope.revision == 3


def test_a_deletion_held_back_is_forgotten_when_the_central_goes_back_before_it(
    troubled: tuple[Laptop, Laptop], meddler: Meddler, tmp_path: Path
) -> None:
    anne, benoit = troubled
    needs = [anne.put("need", title=f"Besoin {number}") for number in range(4)]
    level(anne, benoit)
    central = anne.central
    backup.save(central.database, tmp_path / "copie", central.clock())
    benoit.services.records.delete(needs[0])
    benoit.sync()
    for need in needs[1:]:
        benoit.put("need", need, words="Oui.")
    benoit.sync()

    def restored(_: Heard, forward: Callable[..., Answer]) -> Answer:
        backup.restore(central.database, tmp_path / "copie")
        return forward()

    meddler.next(faithful, restored)
    anne.sync()
    assert not anne.stored(needs[0]).envelope.deleted
    level(benoit, anne)
    assert anne.stored(needs[0]).envelope.deleted  # the laptop that deleted it says so again
    assert anne.get(needs[1])["words"] == "Oui."


def test_a_draft_frozen_while_its_freeze_elsewhere_comes_page_by_page_gives_way(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting, item = _meeting(anne)
    _hold(anne, meeting)
    draft = anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    benoit.put("agenda_item", item, presenter="M. Petit")
    benoit.put("decision", agenda_item_id=item, text="On commande.")
    first = benoit.services.minutes.freeze(meeting).record
    benoit.sync()

    def frozen(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        anne.services.minutes.freeze(meeting)
        return answer

    meddler.next(frozen)
    anne.sync()
    level(anne, benoit)
    assert anne.get(draft)["pdf_sha256"] == first.fields.pdf_sha256
    assert anne.get(item)["presenter"] == "M. Petit"
    assert _addendum(anne) == ""
    assert anne.state() == benoit.state()


def test_words_merged_on_a_page_leave_though_the_page_after_it_is_empty(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    benoit.put("need", need, title="La fibre")
    benoit.sync()
    anne.put("need", need, words="On n'a rien.")
    meddler.next(changing(lambda answer: page(answer).update(more=True)))
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_central_that_promises_more_and_gives_nothing_is_left_alone(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, benoit = troubled
    level(anne, benoit)

    def promising(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        if heard.path != "/v1/sync":
            return forward()
        after = msgspec.json.decode(heard.body, type=SyncRequest).after

        def emptied(answer: dict[str, Any]) -> None:
            for space, one in answer["changes"].items():
                one.update(records=[], seq=after[space], more=True)

        return changing(emptied)(heard, forward) if len(meddler.heard) <= most else None

    most = len(meddler.heard) + MOST
    meddler.always = promising
    with pytest.raises(SyncError, match="change sans cesse"):
        anne.sync()


def _meeting(laptop: Laptop) -> tuple[str, str]:
    """A meeting with one item."""
    meeting = laptop.put(
        "meeting", title="Printemps", place="Vougeot", starts_at="2027-03-19T18:30:00+01:00"
    )
    return meeting, laptop.services.agenda.add(meeting, {"title": "Besoins", "kind": "need"}).id


def _hold(laptop: Laptop, meeting: str) -> None:
    """Convenes a meeting, opens it and closes it."""
    meetings = laptop.services.meetings
    meetings.convene(meeting, "2027-03-01T10:00:00+01:00")
    meetings.open(meeting, "2027-03-19T18:30:00+01:00")
    meetings.close(meeting, "2027-03-19T20:00:00+01:00")


def _freeze(laptop: Laptop, meeting: str) -> None:
    """Holds a meeting, freezes its minutes and sends them."""
    _hold(laptop, meeting)
    laptop.services.minutes.freeze(meeting)
    laptop.sync()


def _addendum(laptop: Laptop) -> str:
    """The words of the draft addenda."""
    found = laptop.services.records.envelopes("minutes")
    return "\n".join(one.fields["text"] for one in found if one.fields["addendum_to_id"])


def _until(most: int, meddler: Meddler) -> Callable[[Heard, Callable[..., Answer]], Answer | None]:
    """Breaks the line once too many requests were heard."""
    return lambda _, forward: forward() if len(meddler.heard) <= most else None


def test_a_deletion_taken_back_between_two_pages_of_a_comparison_takes_no_word(
    troubled: tuple[Laptop, Laptop], meddler: Meddler, tmp_path: Path
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    benoit.services.records.delete(need)
    for number in range(5):
        benoit.put("need", title=f"Besoin {number}")
    benoit.sync()
    backup.save(anne.central.database, tmp_path / "copie", anne.central.clock())
    backup.restore(anne.central.database, tmp_path / "copie")
    benoit.sync()
    told = list[str]()

    def bring_back(answer: dict[str, Any]) -> None:
        for changed in answer.get("changes", {}).values():
            told.extend(one["id"] for one in changed["records"])
        if told.count(need) == 1 and not benoit.stored(need).edits:
            benoit.services.records.restore(need)
            benoit.sync()

    def read(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        answer = forward()
        told_now = (heard.path, answer.status) == ("/v1/sync", 200)
        return changing(bring_back)(heard, lambda: answer) if told_now else answer

    meddler.always = read
    anne.sync()
    assert told.count(need) == 2
    assert anne.get(need)["title"] == "Fibre"
    assert anne.state() == benoit.state()


def test_nothing_is_to_be_sent_again_once_what_was_lost_is_taken_back_amid_a_comparison(
    troubled: tuple[Laptop, Laptop], meddler: Meddler, tmp_path: Path
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    for number in range(4):  # further pages
        anne.put("need", title=f"Autre {number}")
    level(anne, benoit)
    backup.save(anne.central.database, tmp_path / "copie", anne.central.clock())
    anne.put("need", need, title="La fibre")
    anne.sync()
    backup.restore(anne.central.database, tmp_path / "copie")

    def cut_once_void(_: Heard, forward: Callable[..., Answer]) -> Answer | None:
        return None if anne.services.sync.status().to_resend else forward()

    meddler.always = cut_once_void
    with pytest.raises(SyncError):
        anne.sync()
    meddler.always = None
    anne.put("need", need, title="Fibre")
    anne.sync()
    status = anne.services.sync.status()
    assert (status.pending, status.to_resend) == (0, 0)
