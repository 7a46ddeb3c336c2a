"""What two laptops that work apart make of one another's changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.central import accounts
from app.central.held import Held, save
from app.central.schema import spaces
from app.clock import new_id
from app.domain.canonical import canonical
from app.domain.records import MAX_TEXT, reference_id
from app.errors import UserError
from app.services.changes import Change
from app.services.conflict_words import conflict_sentence, side_by_side
from app.sync import link as ties
from app.sync import outbox
from app.sync.conflicts import Keep
from app.sync.protocol import Limits
from tests.app.central.laptop import laptop, op
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler
from tests.central_server import Central, start_central

Pair = tuple[Laptop, Laptop]


def level(*laptops: Laptop) -> None:
    """Syncs until nothing moves any more."""
    for _ in range(3):
        for one in laptops:
            one.sync()


def shared_need(pair: Pair, **fields: Any) -> str:
    anne, benoit = pair
    need = anne.put("need", **fields)
    level(anne, benoit)
    return need


def put_many(laptop: Laptop, count: int) -> list[str]:
    changes = [Change("need", {"title": f"Besoin {n}"}) for n in range(count)]
    return [one.id for one in laptop.services.records.put(changes)]


def test_each_reads_a_conflict_with_its_own_name_in_its_place(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    commission = central.commission()
    anne, benoit = laptop("anne"), laptop("benoit")
    for one, name in ((anne, "Anne Petit"), (benoit, "Benoît Roy")):
        one.services.settings.set("author_name", "")
        one.enrol(central.facilitator(commission, name=name))
    need = shared_need((anne, benoit), title="Fibre")
    anne.services.settings.set("author_name", "Mme Petit")
    anne.put("need", need, title="Réseau")
    benoit.put("need", need, title="Débit")
    level(anne, benoit)
    sentences = [
        conflict_sentence(one.services.records, *one.services.conflicts.open())
        for one in (anne, benoit)
    ]
    assert "vous avez écrit « Réseau »" in sentences[0]
    assert "Benoît Roy a écrit « Débit »" in sentences[0]
    assert "vous avez écrit « Débit »" in sentences[1]
    assert "Anne Petit a écrit « Réseau »" in sentences[1]


def test_a_conflict_of_one_person_with_herself_says_on_which_computer_she_wrote(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    account = central.facilitator(central.commission(), name="Anne Petit")
    office, bag, home = laptop("bureau"), laptop("sacoche"), laptop("maison")
    for one in (office, bag, home):
        one.services.settings.set("author_name", "")
        one.enrol(account)
    need = office.put("need", title="Fibre")
    gone = office.put("need", title="Site")
    level(office, bag, home)
    for one, words in ((bag, "Débit"), (office, "Réseau")):
        one.put("need", need, title=words)
    office.put("need", gone, title="Site et messagerie")
    bag.services.records.delete(gone)
    for one in (bag, office, bag, home):
        one.sync(accept_deletions=True)

    def said(laptop: Laptop) -> list[str]:
        services = laptop.services
        shown = side_by_side(services.records, services.conflicts)
        for one in shown:
            for by in (one.mine_by, one.theirs_by):
                assert by.startswith("Anne Petit, ") and by.rpartition(", ")[2] in one.sentence
        return sorted(re.sub(r" le [a-z]+ \d[^,;]*", "", one.sentence) for one in shown)

    here = ("sur un autre ordinateur", "sur cet ordinateur")
    third = ("sur un autre", "sur un ordinateur")
    for one, (there, place) in ((office, here), (bag, here[::-1]), (home, third)):
        assert sorted(said(one)) == [
            "Besoin « Site et messagerie » :"
            f" vous avez supprimé, {there} ; vous avez modifié, {place}",
            "Titre, besoin « Débit » :"
            f" vous avez écrit « Réseau », {place} ; vous avez écrit « Débit », {there}",
        ]


@pytest.mark.parametrize("name", ["", "Mme Petit"], ids=["as enrolled", "by another name"])
def test_a_conflict_of_one_person_with_herself_tells_others_too_of_two_computers(
    central: Central, laptop: Callable[..., Laptop], name: str
) -> None:
    commission = central.commission()
    account = central.facilitator(commission, name="Anne Petit")
    office, bag, other = laptop("bureau"), laptop("sacoche"), laptop("benoit")
    for one in (office, bag):
        one.services.settings.set("author_name", "")
        one.enrol(account)
    other.enrol(central.facilitator(commission, name="Benoît Roy"))
    need = office.put("need", title="Fibre", status="set_aside", reason="Attendre")
    level(office, bag, other)
    office.services.settings.set("author_name", name)
    later = office.services.workspace.clock() + timedelta(minutes=5)
    office.services.workspace.clock = lambda: later
    for one, reason in ((bag, "Trop cher"), (office, "Trop tard")):
        one.put("need", need, reason=reason)
    level(bag, office, other)

    def said(laptop: Laptop) -> list[str]:
        (found,) = laptop.services.conflicts.open()
        sentence = conflict_sentence(laptop.services.records, found)
        return re.sub(r" le [a-z]+ \d[^,;]*\b", "", sentence).partition(" : ")[2].split(" ; ")

    late, dear = "écrit « Motif : Trop tard »", "écrit « Motif : Trop cher »"
    here, there = "sur cet ordinateur", "sur un autre ordinateur"
    assert said(office) == [f"vous avez {late}, {here}", f"vous avez {dear}, {there}"]
    if name:
        assert said(bag) == [f"{name} a {late}", f"vous avez {dear}"]
        assert said(other) == [f"{name} a {late}", f"Anne Petit a {dear}"]
    else:
        assert said(bag) == [f"vous avez {late}, {there}", f"vous avez {dear}, {here}"]
        assert said(other) == [
            f"Anne Petit a {late}, sur un ordinateur", f"Anne Petit a {dear}, sur un autre"
        ]  # fmt: skip


def test_what_was_written_here_long_ago_is_not_taken_for_what_is_written_elsewhere_now(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    account = central.facilitator(central.commission(), name="Anne Petit")
    office, bag = laptop("bureau"), laptop("sacoche")
    for one in (office, bag):
        one.services.settings.set("author_name", "")
        one.enrol(account)
    need = office.put("need", title="Débit")
    office.put("need", need, title="Fibre")
    level(office, bag)
    for one, words in ((bag, "Débit"), (office, "Réseau")):
        one.put("need", need, title=words)
    level(bag, office)
    for one, mine in ((office, "écrit « Réseau"), (bag, "écrit « Débit")):
        (shown,) = side_by_side(one.services.records, one.services.conflicts)
        (said,) = [part for part in shown.sentence.split(" ; ") if mine in part]
        assert said.endswith("sur cet ordinateur")


def test_lists_of_communes_merge(pair: Pair) -> None:
    anne, benoit = pair
    communes = [one.id for one in anne.services.records.list("organisation", kind="commune")][:3]
    need = shared_need(pair, title="Fibre", organisation_ids=communes[:1])
    anne.put("need", need, organisation_ids=communes[:2])
    benoit.put("need", need, organisation_ids=[communes[2]])
    level(anne, benoit)
    assert set(anne.get(need)["organisation_ids"]) == {communes[1], communes[2]}
    assert anne.state() == benoit.state()


def test_notes_written_in_two_paragraphs_are_one_text(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps")
    item = anne.put("agenda_item", meeting_id=meeting, title="Besoins", notes="Un.\nDeux.\nTrois.")
    level(anne, benoit)
    anne.put("agenda_item", item, notes="Un, dit Anne.\nDeux.\nTrois.")
    benoit.put("agenda_item", item, notes="Un.\nDeux.\nTrois.\nQuatre.")
    level(anne, benoit)
    assert anne.get(item)["notes"] == "Un, dit Anne.\nDeux.\nTrois.\nQuatre."
    assert anne.services.conflicts.open() == benoit.services.conflicts.open() == []


def test_notes_taken_on_two_items_never_conflict(pair: Pair) -> None:
    anne, benoit = pair
    items = _agenda(anne, 2)
    level(anne, benoit)
    for one, item in zip(pair, items, strict=True):
        one.put("agenda_item", item, notes="Dit ici.")
    level(anne, benoit)
    for one in pair:
        assert [one.get(item)["notes"] for item in items] == ["Dit ici."] * 2
        assert one.services.conflicts.open() == []


@pytest.mark.parametrize(
    ("moved", "order"),
    [
        (((4, 0), (1, 3)), "40213"),  # two items, each elsewhere
        (((4, 0), (4, 0)), "40123"),  # one item, to one place
        (((4, 1), (3, 1)), None),  # two items, to one place: either stands first
    ],
)
def test_an_agenda_reordered_on_two_laptops_is_in_one_order(
    pair: Pair, moved: tuple[tuple[int, int], ...], order: str | None
) -> None:
    anne, benoit = pair
    items = _agenda(anne, 5)
    level(anne, benoit)
    for one, (which, before) in zip(pair, moved, strict=True):
        one.services.agenda.move(items[which], before=items[before])
    level(anne, benoit)
    seen = []
    for one in pair:
        assert one.services.conflicts.open() == []
        ranked = sorted(range(5), key=lambda n, one=one: one.get(items[n])["rank"])
        seen.append("".join(map(str, ranked)))
    assert seen[0] == seen[1]
    assert seen[0] in ((order,) if order else ("03412", "04312"))


def _agenda(one: Laptop, number: int) -> list[str]:
    """The items of a new meeting."""
    meeting = one.put("meeting", title="Printemps")
    add = one.services.agenda.add
    return [add(meeting, {"title": f"Point {n}", "kind": "misc"}).id for n in range(number)]


def test_the_same_attendance_ticked_on_two_laptops_is_no_conflict(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps")
    attendance = anne.put("attendance", meeting_id=meeting)
    level(anne, benoit)
    presence = [{"arrived": "2027-03-19T18:30:00+01:00", "left": None}]
    for one in pair:
        one.put("attendance", attendance, status="present", intervals=presence)
    level(anne, benoit)
    assert anne.services.conflicts.open() == benoit.services.conflicts.open() == []
    assert anne.state() == benoit.state()


def test_two_texts_that_collide_can_both_be_kept(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps")
    item = anne.put("agenda_item", meeting_id=meeting, title="Besoins", notes="Un.\nDeux.")
    level(anne, benoit)
    anne.put("agenda_item", item, notes="Un.\nDeux A.")
    benoit.put("agenda_item", item, notes="Un.\nDeux B.")
    anne.sync()
    (line,) = benoit.sync().conflicts
    assert line.sentence.startswith("À départager : Notes, point")
    benoit.services.conflicts.resolve(line.id, "both")
    level(anne, benoit)
    assert anne.get(item)["notes"] == "Un.\nDeux B.\n\nUn.\nDeux A."
    assert anne.get(line.id)["kept"] == "both"


def test_a_conflict_found_elsewhere_is_to_be_decided_here_too_until_it_is(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    anne.sync()
    (found,) = benoit.sync().conflicts
    came = anne.sync()
    assert ([line.id for line in came.conflicts], came.received) == ([found.id], [])
    assert came.counted == "1 conflit à départager."
    benoit.services.conflicts.resolve(found.id, "mine")
    benoit.sync()
    decided = anne.sync()
    assert (len(decided.received), decided.conflicts) == (2, [])


def test_a_third_version_can_be_written(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    anne.sync()
    (line,) = benoit.sync().conflicts
    benoit.services.conflicts.resolve(line.id, "edited", "A et B")
    level(anne, benoit)
    assert anne.get(need)["title"] == "A et B"
    with pytest.raises(UserError, match="déjà résolu, rien n'a été modifié : un autre texte"):
        benoit.services.conflicts.resolve(line.id, "mine")


def test_a_decision_follows_the_rules_of_the_room(pair: Pair) -> None:
    anne, benoit = pair
    commune = reference_id("organisation", "21716")
    seats = [anne.put("roster_entry", organisation_id=commune) for _ in range(2)]
    meeting = anne.put("meeting", title="Printemps", starts_at="2027-03-19T18:30:00+01:00")
    item = anne.put("agenda_item", meeting_id=meeting, title="Fibre")
    anne.services.meetings.open(meeting, "2027-03-19T18:30:00+01:00")
    present = [
        anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, status="present")
        for seat in seats
    ]
    level(anne, benoit)
    hour = "2027-03-19T18:45:00+01:00"
    anne.put("attendance", present[1], intervals=[{"arrived": hour, "left": None}])
    anne.put("ballot", agenda_item_id=item, held_at=hour, for_count=2)
    benoit.put("attendance", present[1], status="excused")
    anne.sync()
    (line,) = benoit.sync().conflicts
    with pytest.raises(UserError, match="2 voix pour 1 dans la salle"):
        benoit.services.conflicts.resolve(line.id, "mine")
    assert benoit.get(line.id)["status"] == "open"
    assert benoit.get(present[1])["status"] == "present"
    benoit.services.conflicts.resolve(line.id, "theirs")
    assert benoit.services.conflicts.open() == []


def test_both_is_refused_where_only_one_can_stand(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    anne.sync()
    (line,) = benoit.sync().conflicts
    with pytest.raises(UserError, match="choisissez"):
        benoit.services.conflicts.resolve(line.id, "both")
    with pytest.raises(UserError, match="Aucun conflit"):
        benoit.services.conflicts.resolve(need, "mine")
    assert benoit.get(line.id)["status"] == "open"


@pytest.mark.parametrize("keep", ["mine", "theirs"])
@pytest.mark.parametrize("who_deletes", [0, 1])
def test_an_edit_and_a_deletion_wait_for_the_user(pair: Pair, keep: str, who_deletes: int) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    pair[who_deletes].put("need", need, severity=3)  # known to both before they part
    level(anne, benoit)
    pair[who_deletes].services.records.delete(need)
    pair[1 - who_deletes].put("need", need, title="La fibre")
    anne.sync()
    (line,) = benoit.sync().conflicts
    level(anne, benoit)
    for one in pair:
        assert one.get(need)["title"] == "La fibre"
        (conflict,) = one.services.conflicts.open()
        assert (conflict.id, conflict.fields["unit"]) == (line.id, "deleted")
        (shown,) = side_by_side(one.services.records, one.services.conflicts)
        told = {shown.mine, shown.theirs}
        assert told == {"Supprimé", "Gardé, avec ce qui a été écrit :\nTitre : La fibre"}
    anne.services.conflicts.resolve(line.id, keep)
    level(anne, benoit)
    gone = keep == ("theirs" if who_deletes == 0 else "mine")
    for one in pair:
        assert one.stored(need).envelope.deleted == gone
        assert one.services.conflicts.open() == []


def test_a_conflict_between_two_records_that_are_gone_is_decided_all_the_same(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    solutions = [anne.put("solution", title=f"Solution {n}") for n in range(3)]
    level(anne, benoit)
    for one, solution in zip(pair, solutions, strict=False):
        one.put("need", need, solution_id=solution)
    level(anne, benoit)
    anne.put("need", need, solution_id=solutions[2])
    level(anne, benoit)
    (conflict,) = anne.services.conflicts.open()
    anne.services.records.delete(solutions[0])
    with pytest.raises(UserError, match="est supprimé"):  # the other version still can be kept
        anne.services.conflicts.resolve(conflict.id, "theirs")
    anne.services.records.delete(solutions[1])
    anne.services.conflicts.resolve(conflict.id, "theirs")
    level(anne, benoit)
    assert [one.get(need)["solution_id"] for one in pair] == [solutions[2]] * 2
    assert benoit.services.conflicts.open() == []


@pytest.mark.parametrize("first", [0, 1])
def test_two_decisions_of_one_conflict_lose_no_words_and_the_conflict_says_what_stands(
    pair: Pair, first: int
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    anne.sync()
    (line,) = benoit.sync().conflicts
    anne.sync()
    anne.services.conflicts.resolve(line.id, "theirs")
    benoit.services.conflicts.resolve(line.id, "mine")
    pair[first].sync()
    level(anne, benoit)
    assert anne.get(line.id)["kept"] == benoit.get(line.id)["kept"] == "mine"
    assert anne.get(need)["title"] == "B"
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("who_deletes", [0, 1])
def test_a_conflict_decided_twice_says_of_a_deletion_what_becomes_of_it(
    pair: Pair, first: int, who_deletes: int
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    pair[who_deletes].services.records.delete(need)
    pair[1 - who_deletes].put("need", need, title="La fibre")
    anne.sync()
    (line,) = benoit.sync().conflicts
    anne.sync()
    gone, kept = ("theirs", "mine") if who_deletes == 0 else ("mine", "theirs")
    anne.services.conflicts.resolve(line.id, kept)
    benoit.services.conflicts.resolve(line.id, gone)
    pair[first].sync()
    level(anne, benoit)
    for one in pair:
        assert one.stored(need).envelope.deleted
        assert one.get(line.id)["kept"] == gone
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_a_conflict_about_what_was_deleted_since_is_decided_all_the_same(
    pair: Pair, keep: Keep
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    level(anne, benoit)
    (conflict,) = benoit.services.conflicts.open()
    benoit.services.records.delete(need)
    benoit.services.conflicts.resolve(conflict.id, keep)
    level(anne, benoit)
    for one in pair:
        assert one.stored(need).envelope.deleted
        assert one.services.conflicts.open() == []


@pytest.mark.parametrize("now", ["Le maire.", "La salle."], ids=["mine", "base"])
@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_what_is_kept_stands_alone_where_the_other_version_was_typed_again(
    pair: Pair, keep: Keep, now: str
) -> None:
    anne, benoit = pair
    need = shared_need(pair, words="La salle.")
    anne.put("need", need, words="La mairie.")
    benoit.put("need", need, words="Le maire.")
    level(anne, benoit)
    (conflict,) = benoit.services.conflicts.open()
    benoit.put("need", need, words=now)
    benoit.services.conflicts.resolve(conflict.id, keep)
    assert benoit.get(need)["words"] == ("Le maire." if keep == "mine" else "La mairie.")


def test_the_same_conflict_found_by_two_laptops_is_one(
    central: Central, laptop: Callable[..., Laptop], pair: Pair
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    third = laptop("chloe")
    third.enrol(central.facilitator(anne.services.sync.status().commission_ids[0], name="Chloé"))
    third.sync()
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    third.put("need", need, title="B")
    level(anne, benoit, third)
    for one in (anne, benoit, third):
        (conflict,) = one.services.conflicts.open()
        assert conflict.fields["mine"]["author"] == "benoit"
    assert anne.state() == benoit.state() == third.state()


def test_who_takes_over_a_laptop_signs_once_it_is_tied_by_their_own_account(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    commission, taken = central.commission(), laptop("paul")
    for account, chosen, signed in (
        (central.facilitator(commission, name="Paul Fromentin"), "Paul", "Paul"),
        (central.facilitator(commission, name="Anne Martin"), "Paul", "Anne Martin"),
    ):
        taken.services.settings.set("author_name", chosen)
        taken.enrol(account)
        assert taken.services.workspace.signed_by == signed


@pytest.mark.parametrize(("keep", "title"), [("mine", "B"), ("theirs", "A")])
def test_a_decision_holds_for_who_had_written_the_same_and_comes_later(
    central: Central, laptop: Callable[..., Laptop], pair: Pair, keep: Keep, title: str
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    third = laptop("chloe")
    third.enrol(central.facilitator(anne.services.sync.status().commission_ids[0]))
    third.sync()
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    third.put("need", need, title="B")
    anne.sync()
    (line,) = benoit.sync().conflicts
    benoit.services.conflicts.resolve(line.id, keep)
    benoit.sync()
    assert third.sync().conflicts == []
    level(anne, benoit, third)
    assert [one.get(need)["title"] for one in (anne, benoit, third)] == [title] * 3
    assert [one.services.conflicts.open() for one in (anne, benoit, third)] == [[]] * 3


def test_a_record_deleted_and_brought_back_keeps_what_it_was(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, words="Dit avant la suppression.")
    anne.services.records.delete(need)
    level(anne, benoit)
    assert benoit.stored(need).envelope.deleted
    anne.services.records.restore(need)
    level(anne, benoit)
    assert benoit.get(need)["words"] == "Dit avant la suppression."


def test_a_record_brought_back_lives_though_it_was_deleted_again_elsewhere(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    benoit.services.records.delete(need)
    level(anne, benoit)
    anne.services.records.restore(need)
    for change in (benoit.services.records.restore, benoit.services.records.delete):
        change(need)
        benoit.sync()
    assert anne.sync().conflicts == []
    level(anne, benoit)
    for one in pair:
        assert not one.stored(need).envelope.deleted
        assert one.services.conflicts.open() == []


def test_what_was_made_and_deleted_between_two_syncs_never_leaves(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Erreur")
    anne.services.records.delete(need)
    assert anne.sync().sent == []
    assert all(need.encode() not in call.body for call in meddler.calls())
    anne.services.records.restore(need)
    assert [line.id for line in anne.sync().sent] == [need]


def test_an_edit_taken_back_sends_nothing(pair: Pair) -> None:
    anne, _ = pair
    need = shared_need(pair, title="Fibre")
    anne.put("need", need, title="La fibre")
    anne.put("need", need, title="Fibre")
    assert anne.sync().sent == []
    assert anne.stored(need).edits == 0


def test_an_edit_that_meets_words_taken_back_is_not_called_merged(pair: Pair) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    for title in ("Le réseau", "Fibre"):
        benoit.put("need", need, title=title)
        benoit.sync()
    anne.put("need", need, words="Rien.")
    report = anne.sync()
    assert ([line.id for line in report.sent], report.merged) == ([need], [])


def test_a_record_brought_back_and_deleted_again_sends_nothing(pair: Pair) -> None:
    anne, _ = pair
    need = shared_need(pair, title="Fibre")
    anne.services.records.delete(need)
    anne.sync()
    anne.services.records.restore(need)
    anne.services.records.delete(need)
    assert anne.sync().sent == []
    assert anne.stored(need).edits == 0


@pytest.mark.parametrize(("deleted", "total", "asks"), [(4, 12, False), (5, 50, False),
    (5, 49, True), (20, 300, False), (21, 300, True)])  # fmt: skip
def test_many_deletions_stop_and_ask(pair: Pair, deleted: int, total: int, asks: bool) -> None:
    anne, benoit = pair
    already = len(list(anne.services.records.envelopes("commission")))
    needs = put_many(anne, total - already)
    level(anne, benoit)
    for need in needs[:deleted]:
        anne.services.records.delete(need)
    edited = needs[-1]
    anne.put("need", edited, title="Changé")
    anne.sync()
    report = benoit.sync()
    alive = {one.id for one in benoit.services.records.envelopes("need")}
    assert (len(report.deletions) == deleted) is asks
    assert (set(needs[:deleted]) <= alive) is asks
    assert report.needs_user is asks
    if asks:
        benoit.sync()
        assert set(needs[:deleted]) <= {x.id for x in benoit.services.records.envelopes("need")}
        assert benoit.sync(accept_deletions=True).deletions == []
    assert benoit.get(edited)["title"] == "Changé"
    assert anne.state() == benoit.state()


def test_nobody_is_asked_about_what_is_deleted_here_already(pair: Pair) -> None:
    anne, benoit = pair
    needs = put_many(anne, 6)
    level(anne, benoit)
    for need in needs:
        anne.services.records.delete(need)
    anne.sync()
    benoit.sync(accept_deletions=True)
    for need in needs:
        anne.services.records.restore(need)
    anne.sync()
    for need in needs:
        anne.services.records.delete(need)
    anne.sync()
    assert benoit.sync().deletions == []
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("page", [5, 1_000])
def test_the_deletions_of_a_pull_are_counted_over_all_its_spaces(
    tmp_path: Path, laptop: Callable[..., Laptop], page: int
) -> None:
    with start_central(tmp_path / "other", limits=Limits(page=page)) as central:
        facilitator = central.facilitator()
        anne, benoit = (laptop(name, central=central) for name in ("anne", "benoit"))
        spaces = [central.commission(name) for name in ("Dijon", "Beaune")]
        with central.database.writing() as connection:
            for space in spaces:
                accounts.grant(connection, central.clock(), facilitator, space)
        for one in (anne, benoit):
            one.enrol(facilitator, adopt=spaces[0])
            one.services.sync.enrol(one.url, adopt=spaces[1])
        needs = {
            space: [
                one.id
                for one in anne.services.records.put(
                    [Change("need", {"title": "B"}, commission_id=space) for _ in range(130)]
                )
            ]
            for space in spaces
        }
        level(anne, benoit)
        deleted = [need for some in needs.values() for need in some[:11]]
        for need in deleted:
            anne.services.records.delete(need)
        anne.put("need", needs[spaces[1]][-1], title="Changé")
        anne.sync()
        for _ in range(2):
            assert {one.id for one in benoit.sync().deletions} == {*deleted}
        assert not any(benoit.stored(need).envelope.deleted for need in deleted)
        assert benoit.sync(accept_deletions=True).deletions == []
        assert anne.state() == benoit.state()


def test_an_edit_refused_by_the_central_stays_and_is_named(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne")
    commune = anne.services.records.list("organisation", kind="commune")[0].id
    anne.put("organisation", commune, population=12)
    anne.enrol(central.facilitator(central.commission()))
    need = anne.put("need", title="Fibre")
    report = anne.sync()
    assert [line.id for line in report.sent] == [need]
    (line,) = report.refused
    assert (line.kind, line.id) == ("organisation", commune)
    assert "Seul le GIP" in line.sentence
    assert anne.get(commune)["population"] == 12
    assert [again.id for again in anne.sync().refused] == [commune]


def test_what_a_facilitator_may_edit_leaves_in_spite_of_what_is_refused_of_it(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    first, second = (
        one.id for one in anne.services.records.list("organisation", kind="commune")[:2]
    )
    anne.put("organisation", first, population=12)
    anne.put("organisation", second, population=12, phone="03 80 00 00 00")
    facilitator = central.facilitator(central.commission())
    for one in (anne, benoit):
        one.enrol(facilitator)
    anne.sync()
    for words in ("mairie@exemple.fr", "accueil@exemple.fr"):
        anne.put("organisation", first, email=words)
        report = anne.sync()
        assert [line.id for line in report.sent] == [first]
        assert {line.id for line in report.refused} == {first, second}
        benoit.sync()
        assert benoit.get(first) == anne.get(first) | {
            "population": benoit.get(first)["population"]
        }
    assert (anne.get(first)["population"], anne.get(second)["population"]) == (12, 12)
    assert benoit.get(second)["phone"] == "03 80 00 00 00"
    assert [line.id for line in anne.sync().sent] == []
    with pytest.raises(UserError, match="champ « name » : seul le GIP"):
        anne.put("organisation", first, name="Autre", address="1 rue du Puits")
    with pytest.raises(UserError, match="Thème, champ « commission_id » : seul le GIP"):
        anne.services.records.create("theme", {"code": "drones", "label": "Drones"})


def test_what_the_gip_edits_of_an_organisation_leaves_whole(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip = laptop("gip")
    gip.enrol(central.facilitator(role="gip"), adopt=central.commission())
    commune = gip.services.records.list("organisation", kind="commune")[0].id
    for phone in ("03 80 00 00 00", "03 80 11 11 11"):
        gip.put("organisation", commune, population=gip.get(commune)["population"] + 1, phone=phone)
        gip.sync()
    assert gip.stored(commune).envelope.revision == 2


def test_what_is_left_of_a_refused_edit_stands_on_what_the_central_holds(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    commune = anne.services.records.list("organisation", kind="commune")[0].id
    anne.put("organisation", commune, population=12, phone="03 80 00 00 00")
    facilitator = central.facilitator(central.commission())
    for one in (anne, benoit):
        one.enrol(facilitator)
    level(anne, benoit)
    anne.put("organisation", commune, email="mairie@exemple.fr")
    benoit.put("organisation", commune, phone="03 80 11 11 11")
    benoit.sync()
    report = anne.sync()
    assert ([line.id for line in report.sent], report.conflicts) == ([commune], [])
    assert anne.get(commune)["phone"] == "03 80 11 11 11"
    assert [line.id for line in anne.sync().sent] == []
    benoit.sync()
    assert benoit.get(commune)["email"] == "mairie@exemple.fr"
    assert anne.stored(commune).base == benoit.get(commune)


def test_a_refusal_is_told_in_a_sentence_of_its_own(pair: Pair) -> None:
    anne, _ = pair
    need = anne.put("need", title="Fibre {}")
    with anne.services.workspace.unit("Import") as unit:
        known = anne.stored(need).envelope
        longer = known.fields | {"words": "x" * (MAX_TEXT + 1)}
        unit.save(msgspec.structs.replace(known, fields=longer))
        unit.commit()
    (line,) = anne.sync().refused
    assert " : besoin « Fibre {} ». Le texte compte 100 001 caractères " in line.sentence


def test_a_title_is_told_with_the_braces_that_it_holds(pair: Pair) -> None:
    anne, benoit = pair
    anne.put("need", title="Le {site} et {}")
    [waiting] = anne.services.sync.departure().lines
    [sent], [received] = anne.sync().sent, benoit.sync().received[:1]
    assert [one.sentence for one in (waiting, sent, received)] == [
        "À envoyer, ajout : besoin « Le {site} et {} ».",
        "Envoyé : besoin « Le {site} et {} ».",
        "Reçu : besoin « Le {site} et {} ».",
    ]


def test_a_facilitator_s_note_on_a_commune_reaches_every_commission(
    central: Central, laptop: Callable[..., Laptop], pair: Pair
) -> None:
    anne, _ = pair
    other = laptop("chloe")
    other.enrol(central.facilitator(central.commission("Auxois"), name="Chloé"))
    commune = anne.services.records.list("organisation", kind="commune")[0].id
    anne.put("organisation", commune, phone="03 80 00 00 00")
    other.put("organisation", commune, email="mairie@exemple.fr")
    level(anne, other)
    for one in (anne, other):
        fields = one.get(commune)
        assert (fields["phone"], fields["email"]) == ("03 80 00 00 00", "mairie@exemple.fr")


def test_a_record_of_a_newer_schema_is_carried_untouched(central: Central, pair: Pair) -> None:
    anne, _ = pair
    space = anne.services.sync.status().commission_ids[0]
    ids = ["0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaa1", "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaa2"]
    with central.database.writing() as connection:
        seq = connection.execute(spaces.select().where(spaces.c.space == space)).one().seq
        for place, (one, kind) in enumerate(zip(ids, ("need", "hologram"), strict=True), 1):
            fields = {"title": "Fibre", "mood": {"deep": [1, 2]}, "organisation_ids": "tous"}
            held = Held(space=space, id=one, kind=kind, schema=2, revision=1, seq=seq + place,
                        deleted=False, fields=canonical(fields))  # fmt: skip
            save(connection, [held])
        connection.execute(spaces.update().where(spaces.c.space == space).values(seq=seq + 2))
    report = anne.sync()
    assert {line.id for line in report.received} == set(ids)
    assert anne.get(ids[0])["mood"] == {"deep": [1, 2]}
    stored = anne.stored(ids[1]).envelope
    assert (stored.kind, stored.schema) == ("hologram", 2)
    with pytest.raises(UserError, match="plus récente"):
        anne.put("need", ids[0], title="Autre")
    assert anne.sync().sent == []


@pytest.mark.parametrize("waits", [False, True])
def test_a_field_that_a_former_program_left_out_comes_once_it_is_known(
    pair: Pair, waits: bool
) -> None:
    anne, _ = pair
    need = shared_need(pair, title="Fibre", words="On n'a rien.")
    with anne.services.workspace.unit("Ancienne version") as unit:
        known = anne.stored(need).envelope
        unit.receive(msgspec.structs.replace(known, fields=known.fields | {"words": ""}))
        ties.keep(unit, ties.DEFINITIONS, "before")
        unit.commit()
    other = anne.put("need", title="Site")
    with anne.services.workspace.unit("Envoi sans réponse") as unit:
        if waits:
            link = ties.load(unit)
            assert link is not None and outbox.prepare(unit, link, new_id) is not None
            unit.commit()
    assert [line.id for line in anne.sync().sent] == [other]
    assert anne.get(need)["words"] == "On n'a rien."


def test_what_a_newer_program_added_to_a_record_is_carried_and_its_wait_is_said(
    pair: Pair,
) -> None:
    anne, benoit = pair
    need = shared_need(pair, title="Fibre")
    with anne.services.workspace.unit("Nouvelle version") as unit:
        known = anne.stored(need).envelope
        unit.save(msgspec.structs.replace(known, fields=known.fields | {"mood": "Pressé"}))
        unit.commit()
    anne.put("need", need, title="Fibre, vite")
    benoit.put("need", need, theme="backup")
    benoit.sync()
    (refused,) = anne.sync().refused
    assert "Le central, d'une version plus ancienne, n'a pas ce champ" in refused.sentence
    (read,) = anne.services.records.list("need")
    assert (read.fields.title, read.fields.theme) == ("Fibre, vite", "backup")
    assert anne.get(need)["mood"] == "Pressé"
    assert [line.id for line in anne.sync().refused] == [need]


def test_a_cascade_is_taken_whole_or_not_at_all(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps")
    items = [anne.put("agenda_item", meeting_id=meeting, title=f"Point {n}") for n in range(3)]
    level(anne, benoit)
    anne.put("agenda_item", items[0], notes="Noté pendant ce temps.")
    anne.sync()
    benoit.services.records.delete(meeting, cascade=True)
    report = benoit.sync()
    found = {one.fields["record_id"]: one for one in benoit.services.conflicts.open()}
    assert found.keys() == {items[0], meeting}
    assert {one.fields["unit"] for one in found.values()} == {"deleted"}
    assert len(report.conflicts) == 2
    level(anne, benoit)
    for one in pair:
        assert one.get(items[0])["notes"] == "Noté pendant ce temps."
        assert not one.stored(items[1]).envelope.deleted
    assert anne.state() == benoit.state()


def test_a_first_sync_in_several_pages_brings_everything(
    tmp_path_factory: pytest.TempPathFactory, laptop: Callable[..., Laptop]
) -> None:
    from app.sync.protocol import Limits

    folder = tmp_path_factory.mktemp("petit")
    small = msgspec.structs.replace(Limits(), page=4, ops=5)
    with start_central(folder, limits=small) as central:
        facilitator = central.facilitator(central.commission())
        anne, benoit = (laptop(name, central=central) for name in ("anne", "benoit"))
        anne.enrol(facilitator)
        needs = put_many(anne, 23)
        assert {line.id for line in anne.sync().sent} == set(needs)
        benoit.enrol(facilitator)
        benoit.sync()
        level(anne, benoit)
        assert anne.state() == benoit.state()
        for need in needs:
            anne.services.records.delete(need)
        anne.sync()
        report = benoit.sync()
        assert {line.id for line in report.deletions} == set(needs)
        benoit.sync(accept_deletions=True)
        meeting = anne.put("meeting", title="Printemps")
        for number in range(6):
            anne.put("agenda_item", meeting_id=meeting, title=f"Point {number}")
        level(anne, benoit)
        anne.services.records.delete(meeting, cascade=True)  # more than a batch holds
        assert anne.sync().refused == []
        benoit.sync(accept_deletions=True)
        assert benoit.services.records.list("agenda_item") == []
        level(anne, benoit)
        assert anne.state() == benoit.state()
        anne.services.close()
        benoit.services.close()


def test_a_need_is_not_found_again_as_one_from_elsewhere(central: Central, pair: Pair) -> None:
    anne, benoit = pair
    title = "Sauvegarder les fichiers de la mairie"
    need = anne.put("need", title=title)
    level(anne, benoit)
    space = central.commission("Ailleurs")
    other = laptop(central, space)
    same = op("need", title=title)
    other.send(space, same)
    other.client.close()
    level(anne, benoit)
    digests = {one.id for one in anne.services.records.list("need_digest")}
    assert len(digests) == 2
    theirs = reference_id("need_digest", same.id)
    assert {hit.id for hit in anne.services.search.find("mairie")} == {need, theirs}
    (first,) = anne.services.search.find("mairie", kinds=["need_digest"], limit=1)
    assert first.id == theirs
    assert [one.record.id for one in anne.services.needs.alike(title, but=need)] == [theirs]
    later = anne.put("need", title="Une porte fermée")
    level(anne, benoit)
    found = anne.services.search.find("porte", kinds=["need", "need_digest"])
    assert [hit.id for hit in found] == [later]


def test_an_archive_of_what_refers_to_a_deleted_record_is_read_again(
    tmp_path: Path, central: Central, pair: Pair, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    gip = laptop("gip")
    gip.enrol(central.facilitator(role="gip"), adopt=central.commission("Autre"))
    theme = gip.services.records.create("theme", {"code": "ia", "label": "IA"}, None).id
    group, other = anne.put("need_group", title="Sauvegarde"), anne.put("need_group", title="Site")
    level(gip, anne, benoit)
    need = benoit.put("need", title="Un disque", need_group_id=group, theme="ia")
    for each, gone in ((gip, theme), (anne, group), (anne, other)):
        each.services.records.delete(gone)
    level(gip, anne, benoit)
    benoit.services.exports.archive(tmp_path / "tout.json")
    empty = laptop("vide")
    empty.services.imports.archive(tmp_path / "tout.json")
    assert empty.get(need) == benoit.get(need)
    assert empty.services.records.envelope(group, deleted=True).deleted
    with pytest.raises(UserError, match="Aucun enregistrement"):
        empty.services.records.envelope(other, deleted=True)


def test_two_laptops_that_close_one_meeting_note_one_telling(pair: Pair) -> None:
    anne, benoit = pair
    commune, note = reference_id("organisation", "21716"), anne.put("watch_note", title="IA")
    person = anne.put("person", last_name="Roy", organisation_id=commune)
    seat = anne.put("roster_entry", organisation_id=commune, titular_person_id=person)
    evening = "2026-11-20T{}:00+01:00".format
    opened = {"status": "open", "opened_at": evening("18:30")}
    meeting = anne.put("meeting", title="Novembre", **opened)
    anne.put(
        "agenda_item", meeting_id=meeting, kind="watch", linked_id=note, title="IA", rank="a",
        started_at=evening("18:40"),
    )  # fmt: skip
    here = {"status": "present", "intervals": [{"arrived": evening("18:30"), "left": None}]}
    anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, person_id=person, **here)
    level(anne, benoit)
    for one, hour in ((anne, "20:00"), (benoit, "20:05")):
        one.services.settings.set("author_name", "Odile Faivre")
        one.services.meetings.close(meeting, evening(hour))
    level(anne, benoit)
    for one in pair:
        (told,) = one.services.watch.told(note)
        assert (told.fields.organisation_ids, told.fields.told_on) == ((commune,), "2026-11-20")
        assert UUID(told.id).version == 7
    benoit.services.records.delete(meeting, cascade=True)
    assert benoit.services.watch.told(note) == []
