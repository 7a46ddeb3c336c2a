"""Minutes frozen while others write elsewhere: the freeze stands, and so do their words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.clock import new_id
from app.domain.minutes_content import held_in
from app.domain.records import MAX_TEXT, Envelope, reference_id
from app.domain.titles import described
from app.domain.validation import complete
from app.errors import SyncError, UserError
from app.services.turnouts import Turnout, turnouts
from app.storage import blobs
from app.sync import link as ties
from app.sync import outbox
from tests.app.central import laptop as wire
from tests.app.central.laptop import op
from tests.app.documents import reading
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, cut_after
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_restored_central import Copies, copies
from tests.central_server import Central

__all__ = ["copies"]

Pair = tuple[Laptop, Laptop]


@pytest.fixture
def closed(pair: Pair) -> tuple[str, str]:
    """A closed meeting with one item, on both laptops."""
    anne, benoit = pair
    found = closed_by(anne)
    level(anne, benoit)
    return found


def closed_by(anne: Laptop) -> tuple[str, str]:
    """A closed meeting with one item, on a laptop."""
    services = anne.services
    meeting = anne.put(
        "meeting", title="Printemps", place="Vougeot", starts_at="2027-03-19T18:30:00+01:00"
    )
    item = services.agenda.add(meeting, {"title": "Besoins", "kind": "need", "notes": "Un."}).id
    services.meetings.convene(meeting, "2027-03-01T10:00:00+01:00")
    services.meetings.open(meeting, "2027-03-19T18:30:00+01:00")
    services.meetings.close(meeting, "2027-03-19T20:00:00+01:00")
    return meeting, item


def addenda(laptop: Laptop) -> list[Envelope]:
    found = laptop.services.records.envelopes("minutes")
    return [one for one in found if one.fields.get("addendum_to_id")]


def batch_not_answered(laptop: Laptop) -> None:
    """Leaves a batch of what waits in the outbox, as a sync does that gets no answer."""
    with laptop.services.workspace.unit("Envoi sans réponse") as unit:
        link = ties.load(unit)
        assert link is not None
        assert outbox.prepare(unit, link, new_id) is not None
        unit.commit()


def test_a_freeze_is_a_group_that_the_central_takes_whole(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    other = anne.services.agenda.add(meeting, {"title": "Divers"}).id
    level(anne, benoit)
    anne.put("agenda_item", item, notes="Un. Deux.")
    minutes = anne.services.minutes.freeze(meeting).record
    assert {item, minutes.id} <= {line.id for line in anne.sync().sent}
    assert {line.id for line in benoit.sync().received} == {item, minutes.id}
    assert anne.stored(other).envelope.revision == 1
    level(anne, benoit)
    assert benoit.get(minutes.id) == anne.get(minutes.id)
    with benoit.services.workspace.reading() as unit:
        paper = blobs.content(unit, minutes.fields.pdf_sha256 or "")
    assert paper is not None
    assert paper.startswith(b"%PDF")
    assert anne.state() == benoit.state()
    assert addenda(anne) == []


def test_proofs_of_sending_that_wait_leave_with_the_freeze(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    sent = anne.put("convocation", meeting_id=meeting, channel="letter")
    anne.services.minutes.freeze(meeting)
    report = anne.sync()
    assert report.refused == []
    assert addenda(anne) == []
    level(anne, benoit)
    assert benoit.get(sent)["channel"] == "letter"


def test_the_freeze_of_a_meeting_alone_keeps_the_words_of_others(pair: Pair) -> None:
    anne, benoit = pair
    at = "2027-03-19T18:30:00+01:00"
    times = {"starts_at": at, "opened_at": at, "closed_at": at}
    meeting = anne.put("meeting", title="Mars", status="closed", **times)
    level(anne, benoit)
    benoit.put("meeting", meeting, title="Séance de Benoît")
    benoit.sync()
    anne.put("meeting", meeting, title="Séance d'Anne")
    anne.services.minutes.freeze(meeting)
    report = anne.sync()
    assert report.refused == []
    level(anne, benoit)
    assert [one.get(meeting)["title"] for one in pair] == ["Séance d'Anne"] * 2
    (addendum,) = addenda(anne)
    assert "Séance de Benoît" in addendum.fields["text"]


def test_a_freeze_takes_along_nothing_but_its_meeting(pair: Pair, closed: tuple[str, str]) -> None:
    anne, benoit = pair
    meeting, item = closed
    person = anne.put("person", first_name="Jeanne", last_name="Roux")
    anne.put("meeting", meeting, secretary_ids=[person])
    level(anne, benoit)
    minutes = anne.services.minutes.freeze(meeting).record
    assert person in {one["id"] for one in held_in(minutes.fields.content)}
    with anne.services.workspace.unit() as unit:
        link = ties.load(unit)
        assert link is not None
        batch = outbox.prepare(unit, link, new_id)
    assert batch is not None
    assert {one.id for one in batch.request.ops} == {minutes.id, meeting, item}


def test_the_decisions_are_alike_on_a_laptop_that_came_later(pair: Pair) -> None:
    anne, benoit = pair
    people = [anne.put("person", last_name=f"Roux {number}") for number in range(3)]
    seats = [anne.put("roster_entry", titular_person_id=one) for one in people]
    at = "2026-03-19T18:30:00+01:00"
    times = {"starts_at": at, "opened_at": at, "closed_at": "2026-03-19T20:00:00+01:00"}
    meeting = anne.put("meeting", title="Mars", status="closed", **times)
    for seat in seats[:2]:
        anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, status="present")
    anne.services.minutes.freeze(meeting, "2026-03-19T20:10:00+01:00")

    def said(laptop: Laptop) -> str:
        return reading.text(laptop.services.documents.make("decisions", meeting).data)

    before = said(anne)
    assert "Quorum atteint : 2 présents sur 3" in before
    anne.put("roster_entry", seats[1], titular_person_id=anne.put("person", last_name="Blanc"))
    anne.put("roster_entry")
    level(anne, benoit)
    assert said(anne) == said(benoit) == before
    benoit.put("roster_entry")
    benoit.put("roster_entry", seats[2], until="2026-03-01")
    level(anne, benoit)
    assert said(anne) == said(benoit) == before


def test_a_seat_made_after_a_draft_of_the_minutes_is_one_of_theirs_on_all_laptops(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    anne.put("minutes", meeting_id=meeting)
    seats = [anne.put("roster_entry") for _ in range(3)]
    anne.put("attendance", meeting_id=meeting, roster_entry_id=seats[0], status="present")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    for laptop in pair:
        quorum = laptop.services.meetings.check(meeting).items[0].quorum
        assert (quorum.present, quorum.needed) == (1, 2)


def test_a_meeting_is_judged_alike_where_its_minutes_came_with_what_the_seats_became(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    seats = [anne.put("roster_entry") for _ in range(3)]
    for seat in seats[:2]:
        anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, status="present")
    anne.services.minutes.freeze(meeting)
    before = anne.services.meetings.check(meeting)
    listed = turnouts(anne.services.records)
    anne.put("roster_entry", seats[0], voting=False)
    level(anne, benoit)
    assert benoit.services.meetings.check(meeting) == before
    assert turnouts(benoit.services.records) == listed == {meeting: Turnout(2, 3, missed=False)}


@pytest.mark.parametrize("draft", [False, True])
def test_a_meeting_is_judged_alike_where_what_was_so_before_the_freeze_came_with_it(
    pair: Pair, draft: bool
) -> None:
    anne, benoit = pair
    (commission,) = anne.services.records.list("commission")
    seats = [anne.put("roster_entry") for _ in range(6)]
    at = "2026-03-19T18:30:00+01:00"
    times = {"starts_at": at, "opened_at": at, "closed_at": "2026-03-19T20:00:00+01:00"}
    meeting = anne.put("meeting", title="Mars", status="closed", **times)
    for seat in seats[:2]:
        anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, status="present")
    if draft:
        anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    anne.put("roster_entry", seats[5], until="2026-03-01")
    anne.put("commission", commission.id, quorum_fraction="1/3")
    anne.services.minutes.freeze(meeting, "2026-03-19T20:10:00+01:00")
    benoit.put("roster_entry")
    level(anne, benoit)
    for laptop in pair:
        assert turnouts(laptop.services.records) == {meeting: Turnout(2, 5, missed=False)}


def test_minutes_that_a_newer_program_froze_stand_whatever_they_leave_out(
    central: Central, pair: Pair, closed: tuple[str, str]
) -> None:
    anne, _ = pair
    meeting, item = closed
    (space,) = anne.services.sync.status().commission_ids
    minutes = op("minutes", meeting_id=meeting, frozen_at="2027-03-19T20:10:00+01:00")
    newer = wire.laptop(central, space)
    newer.exchange(space, op("minutes", meeting_id=meeting), minutes, schema=2)
    newer.exchange(space, op("minutes", addendum_to_id=minutes.id), schema=2)
    newer.client.close()
    anne.put("agenda_item", item, notes="Un. Deux.")
    anne.sync()
    assert anne.get(item)["notes"] == "Un."
    said = [one.fields.get("text", "") for one in addenda(anne)]
    assert len(said) == 2
    assert "Un. Deux." in "".join(said)


@pytest.mark.parametrize("records", [5, None, [5], [{}], [{"id": {}}, {"id": None}]])
def test_minutes_of_an_archive_are_sent_whatever_their_content_holds(
    pair: Pair, records: Any
) -> None:
    anne, benoit = pair
    at = "2027-03-19T20:00:00+01:00"
    fields = {"meeting_id": anne.put("meeting"), "frozen_at": at, "content": {"records": records}}
    space = anne.services.sync.status().commission_ids[0]
    made = Envelope(kind="minutes", id=new_id(), commission_id=space)
    with anne.services.workspace.unit("Import") as unit:
        unit.save(msgspec.structs.replace(made, fields=complete("minutes", fields)))
        unit.commit()
    level(anne, benoit)
    assert benoit.get(made.id)["content"] == {"records": records}


def test_words_that_the_central_held_already_become_a_draft_addendum(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.", presenter="M. Roux")
    benoit.sync()
    anne.put("agenda_item", item, notes="Un. Dit par Anne.")
    minutes = anne.services.minutes.freeze(meeting).record
    report = anne.sync()
    assert minutes.id in {line.id for line in report.sent}
    assert not report.needs_user
    (addendum,) = addenda(anne)
    told = [line.sentence for line in report.merged if line.id == addendum.id]
    assert told == [
        "Séance « Printemps », au procès-verbal gelé : un projet d'additif garde ce qui a été"
        " écrit ailleurs, relisez-le."
    ]
    level(anne, benoit)
    assert addendum.fields["addendum_to_id"] == minutes.id
    assert "Dit par Benoît." in addendum.fields["text"]
    assert "M. Roux" in addendum.fields["text"]
    assert (anne.get(item)["notes"], anne.get(item)["presenter"]) == ("Un. Dit par Anne.", "")
    assert anne.state() == benoit.state()


def test_words_on_an_item_that_the_freezer_had_not_touched_become_one_too(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.")
    decision = benoit.put("decision", agenda_item_id=item, text="On commande.")
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, benoit)
    (addendum,) = addenda(anne)
    assert "Dit par Benoît." in addendum.fields["text"]
    assert "On commande." in addendum.fields["text"]
    assert anne.get(decision) == benoit.get(decision)
    assert "On commande." not in reading.text(
        anne.services.documents.make("decisions", meeting).data
    )
    assert anne.state() == benoit.state()


def test_what_is_frozen_stands_in_the_records_too_whoever_had_changed_them(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    text, owner = "Commander trois licences.", "Mme Martin"
    action = anne.put("action", agenda_item_id=item, text=text, owner=owner)
    ballot = anne.put("ballot", agenda_item_id=item, question="Commander ?")
    level(anne, benoit)
    benoit.put("ballot", ballot, question="Attendre ?", appointment=True)
    benoit.put("action", action, text="Attendre.", status="done")
    benoit.put("meeting", meeting, place="Beaune")
    benoit.sync()
    frozen = anne.services.minutes.freeze(meeting).record
    report = anne.sync()
    sent = {line.id for line in report.sent}
    assert frozen.id in sent
    assert sent.isdisjoint({meeting, ballot, action, item})
    level(anne, benoit)
    for laptop in (anne, benoit):
        question, appointment = (laptop.get(ballot)[name] for name in ("question", "appointment"))
        assert (question, appointment) == ("Commander ?", False)
        assert laptop.get(meeting)["place"] == "Vougeot"
        kept = laptop.get(action)
        assert (kept["text"], kept["owner"], kept["status"]) == (text, owner, "done")
    said = "\n".join(one.fields["text"] for one in addenda(anne))
    assert all(words in said for words in ("Attendre ?", "Attendre.", "Beaune"))
    assert "titre" not in said
    assert anne.state() == benoit.state()
    assert anne.sync().sent == []


def test_an_addendum_says_nothing_of_what_the_freezer_alone_had_changed(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, presenter="M. Petit")
    benoit.sync()
    anne.put("agenda_item", item, notes="Un. Dit par Anne.")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    (addendum,) = addenda(anne)
    assert "M. Petit" in addendum.fields["text"]
    assert "notes" not in addendum.fields["text"]


def test_a_person_changed_on_both_sides_does_not_hold_a_freeze_up(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    person = anne.put("person", first_name="Jeanne", last_name="Roux")
    anne.put("need", words="Sans site.", raised_at_meeting_id=meeting, speaker_person_id=person)
    level(anne, benoit)
    benoit.put("person", person, phone="03 80 00 00 00")
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.")
    benoit.sync()
    anne.put("person", person, role="Maire")
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, benoit)
    (addendum,) = addenda(anne)
    assert "Dit par Benoît." in addendum.fields["text"]
    assert benoit.get(item)["notes"] == "Un."
    assert [benoit.get(person)[name] for name in ("role", "phone")] == ["Maire", "03 80 00 00 00"]
    assert anne.state() == benoit.state()


def test_an_archive_of_what_the_central_holds_brings_no_addendum(
    tmp_path: Path,
    central: Central,
    pair: Pair,
    closed: tuple[str, str],
    laptop: Callable[..., Laptop],
) -> None:
    anne, _ = pair
    meeting, item = closed
    action = anne.put("action", agenda_item_id=item, text="Appeler le syndicat")
    minutes = anne.services.minutes.freeze(meeting).record.id
    anne.sync()
    anne.put("action", action, status="done")
    words = {"addendum_to_id": minutes, "text": "Correction.", "reason": "Erreur"}
    addendum = anne.put("minutes", meeting_id=meeting, **words)
    anne.services.minutes.freeze(addendum)
    anne.sync()
    anne.services.exports.archive(tmp_path / "tout.zip")
    third = laptop("claire")
    (commission,) = anne.services.sync.status().commission_ids
    third.enrol(central.facilitator(commission))
    third.services.imports.archive(tmp_path / "tout.zip")
    third.sync()
    level(anne, third)
    assert [one.id for one in addenda(third)] == [addendum]
    assert third.services.records.list("attachment") == []
    assert anne.state() == third.state()


def test_a_draft_addendum_is_written_for_people(pair: Pair, closed: tuple[str, str]) -> None:
    anne, benoit = pair
    meeting, item = closed
    person = benoit.put("person", first_name="Jeanne", last_name="Roux")
    benoit.put("decision", agenda_item_id=item, text="On **commande**.")
    benoit.put("ballot", agenda_item_id=item, question="Qui vient ?", method="roll_call")
    seat = benoit.put("roster_entry", organisation_id=reference_id("organisation", "21716"))
    benoit.put("attendance", meeting_id=meeting, roster_entry_id=seat, status="excused")
    benoit.put(
        "need", words="Sans site.", theme="websites", raised_at_meeting_id=meeting,
        speaker_person_id=person,
    )  # fmt: skip
    benoit.put("agenda_item", item, rank="zz", planned_minutes=20, notes="Un.\nDeux.")
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    report = anne.sync()
    level(anne, benoit)
    (addendum,) = addenda(anne)
    theme = anne.services.records.list("theme", code="websites")[0].fields.label
    assert set(addendum.fields["text"].split("\n\n")) == {
        "Décision, point « Besoins », texte : On **commande**.",
        "Vote, point « Besoins », question : Qui vient ?\n"
        "Vote, point « Besoins », mode de scrutin : par appel nominal",
        f"Besoin, paroles : Sans site.\nBesoin, exprimé par : Jeanne Roux\nBesoin, thème : {theme}",
        "Point de l'ordre du jour « Besoins », durée prévue : 20\n"
        "Point de l'ordre du jour « Besoins », notes : Un.\nDeux.",
        "Présence, siège : Vougeot (21)\nPrésence, état : excusé",
    }
    told = [line.sentence for line in (*report.sent, *report.received)]
    told += [line.sentence for line in benoit.sync().received]
    assert not any("\n" in sentence for sentence in told)
    assert described(addendum).startswith("additif « ")
    assert "\n" not in described(addendum)


def test_what_is_written_after_the_freeze_becomes_a_draft_addendum(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, notes="Un. Trop tard.")
    decision = benoit.put("decision", agenda_item_id=item, text="On commande trop tard.")
    action = benoit.put("action", agenda_item_id=item, text="Appeler trop tard.")
    need = benoit.put("need", title="Site", words="Sans site.", raised_at_meeting_id=meeting)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    report = benoit.sync()
    assert {line.id for line in report.refused} == {need, action}
    level(anne, benoit)
    assert benoit.sync().refused == []
    (addendum,) = addenda(anne)
    for words in ("Trop tard.", "On commande trop tard.", "Appeler trop tard.", "Sans site."):
        assert words in addendum.fields["text"]
    assert benoit.get(item)["notes"] == "Un."
    assert benoit.stored(decision).envelope.deleted
    assert benoit.stored(action).envelope.deleted
    assert (anne.get(need)["words"], anne.get(need)["raised_at_meeting_id"]) == ("Sans site.", None)
    assert anne.state() == benoit.state()


def test_what_frozen_minutes_do_not_hold_goes_on_changing(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    need = anne.put("need", title="Site", words="Sans site.", raised_at_meeting_id=meeting)
    level(anne, benoit)
    benoit.put("need", need, words="Réécrit.", severity=4)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    report = benoit.sync()
    assert report.refused == []
    assert [line.kind for line in report.merged] == ["minutes"]  # the addendum: nothing else met
    level(anne, benoit)
    assert (anne.get(need)["words"], anne.get(need)["severity"]) == ("Sans site.", 4)
    assert "Réécrit." in addenda(anne)[0].fields["text"]
    assert anne.state() == benoit.state()


def test_the_approval_of_frozen_minutes_at_a_later_meeting_goes_through(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    minutes = anne.services.minutes.freeze(meeting).record.id
    opening = "2027-06-18T18:30:00+02:00"
    later = anne.put("meeting", title="Été", place="Vougeot", starts_at=opening)
    anne.services.agenda.add(later, {"title": "Procès-verbal", "kind": "approval"})
    anne.services.meetings.convene(later, "2027-06-01T10:00:00+02:00")
    anne.services.meetings.open(later, opening)
    anne.sync()
    anne.services.meetings.approve(meeting, later)
    assert anne.sync().refused == []
    level(anne, benoit)
    for one in pair:
        assert one.get(meeting)["status"] == "approved"
        assert one.get(minutes)["approved_at_meeting_id"] == later
        assert addenda(one) == []


def test_a_meeting_whose_minutes_are_a_draft_is_merged_as_ever(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    anne.put("agenda_item", item, presenter="Mme Roux")
    benoit.put("agenda_item", item, presenter="M. Petit")
    level(anne, benoit)
    (conflict,) = benoit.services.conflicts.open()
    assert conflict.fields["record_id"] == item
    assert addenda(benoit) == []


def test_the_checklist_names_what_is_to_be_decided_before_the_freeze(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    level(anne, benoit)
    for one, name in ((anne, "Mme Roux"), (benoit, "M. Petit")):
        one.put("agenda_item", item, presenter=name)
        one.put("need", need, title=f"Site de {name}")  # goes on living after the freeze
    level(anne, benoit)
    told = "Point 1 (Besoins) : deux versions restent à départager (rapporteur)."
    missing = anne.services.meetings.check(meeting).missing
    (named,) = (one.record_id for one in missing if one.what == told)
    assert sum("départager" in one.what for one in missing) == 1
    anne.services.conflicts.resolve(named, "mine")
    missing = anne.services.meetings.check(meeting).missing
    assert not [one for one in missing if "départager" in one.what]


def test_a_draft_addendum_that_two_laptops_write_is_merged_as_ever(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    minutes = anne.services.minutes.freeze(closed[0]).record
    draft = anne.services.minutes.correct(minutes, {"text": "Un oubli."}).id
    level(anne, benoit)
    anne.put("minutes", draft, text="Un oubli, dit Anne.", reason="Oubli.")
    benoit.put("minutes", draft, text="Un oubli, dit Benoît.", replaces="Rien.")
    anne.sync()
    (line,) = benoit.sync().conflicts
    benoit.services.conflicts.resolve(line.id, "mine")
    level(anne, benoit)
    for one in pair:
        (addendum,) = addenda(one)
        said = [addendum.fields[name] for name in ("text", "reason", "replaces")]
        assert said == ["Un oubli, dit Benoît.", "Oubli.", "Rien."]
    assert anne.state() == benoit.state()


def test_a_draft_of_minutes_takes_no_addendum_of_what_others_wrote(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, presenter="M. Petit")
    benoit.sync()
    anne.put("minutes", meeting_id=meeting)
    anne.sync()
    assert anne.get(item)["presenter"] == "M. Petit"
    assert addenda(anne) == []


@pytest.mark.parametrize("frozen", ["before", "after"])
def test_what_others_wrote_and_took_back_before_it_came_is_in_no_addendum(
    pair: Pair, closed: tuple[str, str], frozen: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    if frozen == "before":
        anne.services.minutes.freeze(meeting)
    made = benoit.put("decision", agenda_item_id=item, text="On ne commande pas.")
    benoit.sync()
    benoit.services.records.delete(made)
    benoit.sync()
    if frozen == "after":
        anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    assert [addenda(one) for one in pair] == [[]] * 2
    assert anne.stored(made).envelope.deleted
    assert anne.state() == benoit.state()


def test_an_addendum_of_others_that_comes_before_the_freeze_is_known_to_be_taken_is_in_no_other(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    meeting, item = closed_by(anne)
    level(anne, benoit)
    anne.services.minutes.freeze(meeting)
    meddler.next(*[cut_after] * 4)
    with pytest.raises(SyncError):
        anne.sync()
    benoit.put("agenda_item", item, notes="Un. Trois.")
    benoit.sync()
    (addendum,) = addenda(benoit)
    meddler.next()
    level(anne, benoit)
    assert [one.id for one in addenda(anne)] == [addendum.id]
    assert anne.state() == benoit.state()


def test_late_words_too_long_for_one_addendum_make_several(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    words = ["a" * 60_000, "b" * 60_000, "c" * (MAX_TEXT - 3) + "fin"]
    for one in words:
        benoit.put("decision", agenda_item_id=item, text=one)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    benoit.sync()
    level(anne, benoit)
    said = [one.fields["text"] for one in addenda(anne)]
    assert sorted(text[-3:] for text in said) == ["aaa", "bbb", "ccc", "fin"]
    assert "".join(said).count("c") >= MAX_TEXT - 3


def test_late_words_that_another_addendum_begins_with_are_kept_too(
    central: Central, laptop: Callable[..., Laptop], pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    chloe = laptop("chloe")
    chloe.enrol(central.facilitator(anne.services.sync.status().commission_ids[0], name="Chloé"))
    chloe.sync()
    benoit.put("action", agenda_item_id=item, text="Appeler le maire")
    chloe.put("action", agenda_item_id=item, text="Appeler")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit, chloe)
    said = [line for one in addenda(anne) for line in one.fields["text"].splitlines()]
    assert sorted(said) == [
        f"Suite à donner, point « Besoins », texte : {words}"
        for words in ("Appeler", "Appeler le maire")
    ]


def test_a_second_freeze_without_its_paper_gives_way_all_the_same(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    first = anne.services.minutes.freeze(meeting).record
    fields = complete("minutes", {"meeting_id": meeting, "frozen_at": "2027-03-19T20:30:00+01:00"})
    (space,) = benoit.services.sync.status().commission_ids
    with benoit.services.workspace.unit("Import") as unit:
        unit.save(Envelope(kind="minutes", id=new_id(), commission_id=space, fields=fields))
        unit.commit()
    anne.sync()
    assert benoit.sync().refused == []
    level(anne, benoit)
    (minutes,) = benoit.services.records.envelopes("minutes")
    assert minutes.id == first.id
    assert benoit.services.attachments.of(meeting) == []


def test_a_briefing_of_a_frozen_meeting_is_deleted_as_ever(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    briefing = anne.put("briefing", meeting_id=meeting)
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    anne.put("briefing", briefing, told_by="Anne")
    benoit.services.records.delete(briefing)
    level(anne, benoit)
    for laptop in pair:
        (conflict,) = laptop.services.conflicts.open()
        assert (conflict.fields["record_id"], conflict.fields["unit"]) == (briefing, "deleted")


def test_a_second_freeze_gives_way_and_its_paper_is_kept(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, notes="Un. Gelé par Benoît.")
    second = benoit.services.minutes.freeze(meeting).record
    first = anne.services.minutes.freeze(meeting).record
    anne.sync()
    report = benoit.sync()
    assert report.refused == []
    level(anne, benoit)
    frozen = [one.id for one in benoit.services.records.envelopes("minutes") if
              not one.fields["addendum_to_id"]]  # fmt: skip
    assert frozen == [first.id]
    (attachment,) = anne.services.records.envelopes("attachment")
    assert attachment.fields["owner_id"] == meeting
    assert attachment.fields["sha256"] == second.fields.pdf_sha256
    (addendum,) = addenda(anne)
    assert "Gelé par Benoît." in addendum.fields["text"]
    assert [UUID(one.id).version for one in (attachment, addendum)] == [7, 7]
    assert anne.state() == benoit.state()


def test_a_file_of_minutes_frozen_second_becomes_the_meeting_s(
    pair: Pair, closed: tuple[str, str], tmp_path: Path
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    second = benoit.services.minutes.freeze(meeting).record
    (tmp_path / "annexe.txt").write_text("Le tableau.")
    annex = benoit.services.attachments.add(second.id, [tmp_path / "annexe.txt"])[0].id
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(benoit, anne)
    assert [one.get(annex)["owner_id"] for one in pair] == [meeting, meeting]
    assert anne.state() == benoit.state()


def test_the_addendum_of_a_second_freeze_corrects_the_minutes_that_stand(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    first = anne.services.minutes.freeze(meeting).record
    anne.sync()
    second = benoit.services.minutes.freeze(meeting).record
    addendum = benoit.put("minutes", addendum_to_id=second.id, text="Un oubli.", reason="Oubli.")
    benoit.services.minutes.freeze(addendum)
    level(anne, benoit)
    for one in pair:
        assert one.get(addendum)["addendum_to_id"] == first.id
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("what", ["minutes", "addendum"])
def test_one_draft_frozen_on_two_laptops_stays_as_the_first_froze_it(
    pair: Pair, closed: tuple[str, str], what: str
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    if what == "addendum":
        minutes = anne.services.minutes.freeze(meeting).record
        draft = anne.put("minutes", addendum_to_id=minutes.id, text="Un oubli.", reason="Oubli.")
    else:
        draft = anne.put("minutes", meeting_id=meeting)
    level(anne, benoit)
    frozen = draft if what == "addendum" else meeting
    first = anne.services.minutes.freeze(frozen).record
    anne.sync()
    if what == "addendum":
        benoit.put("minutes", draft, text="Un oubli. Dit par Benoît.")
    second = benoit.services.minutes.freeze(frozen, "2027-03-20T09:00:00+01:00").record
    benoit.sync()
    level(anne, benoit)
    for one in pair:
        assert one.get(draft)["pdf_sha256"] == first.fields.pdf_sha256
        assert one.services.conflicts.open() == []
        (paper,) = one.services.attachments.of(meeting)
        assert paper.record.fields.sha256 == second.fields.pdf_sha256
    said = [one.fields["text"] for one in addenda(anne) if one.id != draft]
    words = "Additif, texte : Un oubli. Dit par Benoît."
    assert said == ([words] if what == "addendum" else [])
    assert anne.state() == benoit.state()


def test_an_addendum_frozen_here_stands_over_its_draft_that_another_laptop_wrote_on(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    minutes = anne.services.minutes.freeze(closed[0]).record
    draft = anne.services.minutes.correct(minutes, {"text": "Un oubli.", "reason": "Oubli."}).id
    level(anne, benoit)
    benoit.put("minutes", draft, text="Un oubli, dit Benoît.", reason="Vu par Benoît.")
    benoit.sync()
    frozen = anne.services.minutes.freeze(draft).record.fields
    report = anne.sync()
    assert (report.conflicts, report.refused) == ([], [])
    level(anne, benoit)
    for one in pair:
        found = one.get(draft)
        assert (found["text"], found["reason"]) == ("Un oubli.", "Oubli.")
        assert (found["pdf_sha256"], found["frozen_at"]) == (frozen.pdf_sha256, frozen.frozen_at)
        assert one.services.attachments.of(closed[0]) == []
        (other,) = [each for each in addenda(one) if each.id != draft]
        assert "texte : Un oubli, dit Benoît." in other.fields["text"]
        assert "Vu par Benoît." in other.fields["text"]
        assert not other.fields["frozen_at"]
    assert anne.state() == benoit.state()


def test_an_addendum_frozen_here_outlives_its_draft_that_another_laptop_gave_up(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    minutes = anne.services.minutes.freeze(closed[0]).record
    draft = anne.services.minutes.correct(minutes, {"text": "Un mot oublié."})
    level(anne, benoit)
    anne.put("minutes", draft.id, text="Deux mots.")
    anne.sync()
    anne.services.records.delete(draft.id)
    anne.sync()
    benoit.services.minutes.freeze(draft.id)
    (line,) = benoit.sync().conflicts
    level(anne, benoit)
    for one in pair:
        found = one.stored(draft.id).envelope
        assert (found.deleted, found.fields["text"]) == (False, "Un mot oublié.")
        assert found.fields["frozen_at"]
        assert [each.id for each in one.services.conflicts.open()] == [line.id]
    with pytest.raises(UserError, match="gelé"):
        anne.services.conflicts.resolve(line.id, "theirs")
    anne.services.conflicts.resolve(line.id, "mine")
    level(anne, benoit)
    assert [one.services.conflicts.open() for one in pair] == [[]] * 2
    assert anne.state() == benoit.state()


def test_a_draft_addendum_that_was_given_up_stays_so_whoever_wrote_the_same_words(
    central: Central, laptop: Callable[..., Laptop], pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    third = laptop("chloe")
    third.enrol(central.facilitator(anne.services.sync.status().commission_ids[0]))
    third.sync()
    for one in (benoit, third):
        one.put("agenda_item", item, presenter="M. Petit")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    (draft,) = addenda(anne)
    anne.services.records.delete(draft.id)
    level(anne, third)
    assert [addenda(one) for one in (anne, third)] == [[]] * 2


def test_what_was_deleted_along_with_a_frozen_meeting_stays_and_is_not_called_refused(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    photo = anne.put("attachment", owner_id=meeting, name="salle.jpg", media_type="image/jpeg")
    level(anne, benoit)
    benoit.services.records.delete(meeting, cascade=True)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    report = benoit.sync()
    assert report.refused == []
    level(anne, benoit)
    assert benoit.get(item)["title"] == "Besoins"
    assert [one.stored(photo).envelope.deleted for one in pair] == [False, False]
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("is_older", [True, False])
def test_a_freeze_sent_to_a_restored_central_wipes_nothing(
    pair: Pair, closed: tuple[str, str], copies: Copies, is_older: bool
) -> None:
    anne, _ = pair
    meeting, item = closed
    copies.save()
    action = anne.put("action", agenda_item_id=item, text="Commander.")
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    anne.sync()
    if is_older:
        copies.save()
    told = {"owner": "Mme Martin", "due_on": "2027-05-01"}
    anne.put("action", action, **told)
    anne.put("need", need, severity=4, theme="websites")
    anne.sync()
    copies.restore()
    anne.services.minutes.freeze(meeting)
    level(*pair)
    for laptop in pair:
        assert {name: laptop.get(action)[name] for name in told} == told
        assert (laptop.get(need)["title"], laptop.get(need)["severity"]) == ("Site", 4)


def test_what_left_the_meeting_before_the_freeze_leaves_the_central_too(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, _ = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On commande.")
    action = anne.put("action", agenda_item_id=item, text="Commander.")
    gone = anne.put("need", title="Erreur", raised_at_meeting_id=meeting)
    untied = anne.put("need", title="Site", raised_at_meeting_id=meeting, agenda_item_id=item)
    level(*pair)
    for one in (decision, action, gone):
        anne.services.records.delete(one)
    anne.put("need", untied, raised_at_meeting_id=None, agenda_item_id=None)
    anne.services.minutes.freeze(meeting)
    assert anne.sync().refused == []
    level(*pair)
    for laptop in pair:
        assert all(laptop.stored(one).envelope.deleted for one in (decision, action, gone))
        assert laptop.get(untied)["raised_at_meeting_id"] is None
    assert addenda(anne) == []


@pytest.mark.parametrize(
    ("kind", "tie"),
    [("need", "agenda_item_id"), ("action", "agenda_item_id"), ("need", "raised_at_meeting_id")],
)
def test_what_left_a_meeting_frozen_elsewhere_comes_back_to_it(
    pair: Pair, closed: tuple[str, str], kind: str, tie: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    here = item if tie == "agenda_item_id" else meeting
    one = anne.put(kind, **{tie: here})
    level(*pair)
    elsewhere = benoit.put("meeting", title="Été")
    other = benoit.put("agenda_item", meeting_id=elsewhere, title="Divers")
    benoit.put(kind, one, **{tie: other if tie == "agenda_item_id" else elsewhere})
    anne.services.minutes.freeze(meeting)
    anne.sync()
    benoit.sync()
    level(*pair)
    assert [laptop.get(one)[tie] for laptop in pair] == [here, here]


def test_an_edit_that_was_taken_back_is_frozen_as_the_others(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.")
    benoit.sync()
    for notes in ("Un. Deux.", "Un."):
        anne.put("agenda_item", item, notes=notes)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(*pair)
    assert [laptop.get(item)["notes"] for laptop in pair] == ["Un.", "Un."]


def test_the_addendum_of_a_late_action_leaves_in_the_same_sync(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    anne.services.minutes.freeze(meeting)
    anne.sync()
    benoit.put("action", agenda_item_id=item, text="Trop tard.")
    (line,) = benoit.sync().refused
    assert line.sentence.endswith("Un projet d'additif en garde les mots.")
    assert benoit.services.sync.status().pending == 0


def test_what_was_written_on_a_late_item_goes_with_it_and_its_words_are_kept(
    pair: Pair, closed: tuple[str, str], tmp_path: Path
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    anne.services.minutes.freeze(meeting)
    anne.sync()
    late = benoit.services.agenda.add(meeting, {"title": "Écoles"}).id
    decision = benoit.put("decision", agenda_item_id=late, text="On attend.")
    action = benoit.put("action", agenda_item_id=late, text="Rappeler.")
    ballot = benoit.put("ballot", agenda_item_id=late, question="On attend ?")
    need = benoit.put("need", title="Site", raised_at_meeting_id=meeting, agenda_item_id=late)
    photo = tmp_path / "tableau.jpg"
    photo.write_bytes(b"une photo")
    (file,) = benoit.services.attachments.add(late, [photo])
    benoit.sync()
    level(*pair)
    for laptop in pair:
        state = laptop.state()
        assert not [one for one in (decision, action, ballot) if not state[one].deleted]
        assert laptop.get(need)["agenda_item_id"] is None
        assert laptop.get(file.id)["owner_id"] == meeting
        assert len(laptop.services.attachments.of(meeting)) == 1
        (addendum,) = addenda(laptop)
        assert addendum.fields["text"].split("\n\n") == [
            "Point de l'ordre du jour, numéro : 1 bis\nPoint de l'ordre du jour, titre : Écoles",
            "Décision, point « Écoles », texte : On attend.",
            "Suite à donner, point « Écoles », texte : Rappeler.",
            "Vote, point « Écoles », question : On attend ?",
            "Besoin, point « Écoles », titre : Site",
        ]
    assert benoit.stored(late).envelope.deleted


def test_a_need_deleted_before_the_freeze_stays_so_where_others_left_it_as_it_was(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    level(anne, benoit)
    for title in ("Le site", "Site"):
        benoit.put("need", need, title=title)
        benoit.sync()
    anne.services.records.delete(need)
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    assert [one.stored(need).envelope.deleted for one in pair] == [True, True]


@pytest.mark.parametrize("first", ["freeze", "edits"])
def test_a_need_edited_elsewhere_after_its_deletion_outlives_the_freeze(
    pair: Pair, closed: tuple[str, str], first: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    need, action = (anne.put(kind, agenda_item_id=item) for kind in ("need", "action"))
    level(*pair)
    for one in (need, action):
        anne.services.records.delete(one)
    anne.services.minutes.freeze(meeting)
    benoit.put("need", need, reason="Voir avec le syndicat.")
    benoit.put("action", action, outcome="Fait.")
    for laptop in pair if first == "freeze" else reversed(pair):
        laptop.sync()
    level(*pair)
    for laptop in pair:
        assert laptop.get(need)["reason"] == "Voir avec le syndicat."
        assert laptop.get(need)["agenda_item_id"] is None
        assert laptop.stored(action).envelope.deleted
        (conflict,) = laptop.services.conflicts.open()
        assert conflict.fields["record_id"] == need
        (addendum,) = addenda(laptop)
        assert "Fait." in addendum.fields["text"]


@pytest.mark.parametrize("beside", ["nothing", "a change too late", "a batch not answered yet"])
def test_a_need_brought_back_elsewhere_before_the_freeze_keeps_what_was_then_made_of_it(
    pair: Pair, closed: tuple[str, str], beside: str
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    need = benoit.put("need", title="Site", words="Il tombe.", raised_at_meeting_id=meeting)
    other = benoit.put("need", title="Fibre")
    level(anne, benoit)
    benoit.services.records.delete(need)
    level(anne, benoit)
    if beside != "nothing":
        anne.put("need", other, words="Elle manque.")
    if beside == "a batch not answered yet":
        batch_not_answered(anne)
    anne.services.minutes.freeze(meeting)
    benoit.services.undo.undo()
    benoit.put("need", need, title="Le site", words="Il retombe.")
    benoit.put("need", other, title="La fibre")
    benoit.sync()
    level(anne, benoit)
    for one in pair:
        assert one.get(need)["title"] == "Le site"
        assert not one.stored(need).envelope.deleted
        assert one.get(other)["title"] == "La fibre"
        assert one.services.records.list("conflict") == []
    assert anne.state() == benoit.state()
    told = [one.fields["text"] for one in addenda(anne)]
    assert told == ["Besoin « Le site », paroles : Il retombe."]


def test_what_the_minutes_do_not_hold_is_merged_when_the_freeze_replaces_it(
    central: Central, pair: Pair, laptop: Callable[..., Laptop], closed: tuple[str, str]
) -> None:
    anne, _ = pair
    meeting, item = closed
    chloe = laptop("chloe")
    (space,) = anne.services.sync.status().commission_ids
    chloe.enrol(central.facilitator(space, name="Chloé"))
    need = anne.put("need", title="Fibre", raised_at_meeting_id=meeting, agenda_item_id=item)
    action = anne.put("action", text="Payer.", agenda_item_id=item)
    level(anne, chloe)
    chloe.put("need", need, title="Le réseau")
    chloe.put("action", action, owner="Mme Roux")
    chloe.sync()
    anne.put("need", need, title="La fibre")
    anne.put("action", action, outcome="Payé.")
    anne.services.minutes.freeze(meeting)
    anne.sync()
    level(anne, chloe)
    assert (anne.get(action)["outcome"], anne.get(action)["owner"]) == ("Payé.", "Mme Roux")
    assert anne.get(need)["title"] == "Le réseau"
    [conflict] = anne.services.conflicts.open()
    sides = {conflict.fields[side]["value"] for side in ("mine", "theirs")}
    assert sides == {"La fibre", "Le réseau"}
    assert conflict.fields["theirs"]["author"] == "Chloé"
    assert addenda(anne) == []
    assert anne.state() == chloe.state()


def test_nobody_is_asked_about_words_that_the_minutes_hold_where_others_wrote_too(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    action = anne.put("action", text="Payer.", agenda_item_id=item)
    level(anne, benoit)
    benoit.put("action", action, text="Payer vite.", owner="Mme Roux")
    benoit.sync()
    anne.put("action", action, text="Payer tout.")
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    for one in pair:
        assert one.services.conflicts.open() == []
        assert (one.get(action)["text"], one.get(action)["owner"]) == ("Payer tout.", "Mme Roux")
        (addendum,) = addenda(one)
        assert "Payer vite." in addendum.fields["text"]


def test_words_that_both_wrote_and_one_deleted_before_the_freeze_are_in_an_addendum(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = anne.put("decision", agenda_item_id=item, text="On attend.")
    level(anne, benoit)
    anne.put("need", title="Fibre")
    batch_not_answered(anne)
    for one in pair:
        one.put("decision", decision, text="On commande.")
    benoit.sync()
    benoit.services.records.delete(decision)
    benoit.services.minutes.freeze(meeting)
    level(benoit, anne)
    for one in pair:
        (addendum,) = addenda(one)
        assert "On commande." in addendum.fields["text"]
        assert one.stored(decision).envelope.deleted


def test_nobody_is_asked_about_words_that_came_after_the_freeze_of_others(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    benoit.put("agenda_item", item, presenter="M. Petit")
    anne.put("agenda_item", item, presenter="Mme Leroy")
    anne.services.minutes.freeze(meeting)
    anne.sync()
    report = benoit.sync()
    assert (report.conflicts, report.refused) == ([], [])
    level(anne, benoit)
    for one in pair:
        assert one.services.conflicts.open() == []
        assert one.get(item)["presenter"] == "Mme Leroy"
        (addendum,) = addenda(one)
        assert addendum.fields["text"].endswith("rapporteur : M. Petit")


def test_a_freeze_that_the_central_refuses_names_what_was_written_alone(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, _ = pair
    meeting, item = closed
    with anne.services.workspace.unit("Nouvelle version") as unit:
        known = anne.stored(item).envelope
        unit.save(msgspec.structs.replace(known, fields=known.fields | {"mood": "Pressé"}))
        unit.commit()
    minutes = anne.services.minutes.freeze(meeting).record.id
    assert {line.id for line in anne.sync().refused} == {item, minutes}


def test_two_addenda_frozen_under_one_number_are_told_apart(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    minutes = anne.services.minutes.freeze(meeting).record
    level(anne, benoit)
    for one, at in ((anne, "2027-03-19T20:05:00+01:00"), (benoit, "2027-03-19T20:15:00+01:00")):
        draft = one.services.minutes.correct(minutes, {"text": f"À {at}.", "reason": "E"})
        assert one.services.minutes.freeze(draft.id, at).record.fields.number == 1
    anne.sync()
    for one in (benoit, anne):
        (line,) = one.sync().merged
        assert line.sentence.startswith("Deux additifs au même procès-verbal portent le numéro 1")
        check = one.services.meetings.check(meeting)
        assert any("deux portent le numéro 1" in gap.what for gap in check.missing)
    assert anne.sync().merged == []
    third = anne.services.minutes.correct(minutes, {"text": "Lu.", "reason": "E"})
    assert anne.services.minutes.freeze(third.id).record.fields.number == 2
