"""Deleted here, written on there: an owner lives on until its conflict is decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.central import accounts
from app.errors import SyncError, UserError
from app.services.conflict_words import conflict_sentence, side_by_side
from app.sync.guard import MOST
from app.sync.protocol import Limits
from tests.app.sync.conftest import Laptop, enrolled
from tests.app.sync.meddler import (
    Answer,
    Heard,
    Meddler,
    cut_after,
    cut_before,
    faithful,
    meddling,
)
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central, start_central

Pair = tuple[Laptop, Laptop]
OPENING, CLOSING = "2027-03-19T18:30:00+01:00", "2027-03-19T20:00:00+01:00"


@pytest.fixture
def planned(pair: Pair) -> tuple[str, str, str]:
    """A meeting, its one item and who is there, on both laptops."""
    anne, _ = pair
    meeting = anne.put("meeting", title="Printemps")
    item = anne.services.agenda.add(meeting, {"title": "Besoins"}).id
    sheet = anne.put("attendance", meeting_id=meeting)
    level(*pair)
    return meeting, item, sheet


def gone(laptop: Laptop, *ids: str) -> list[bool]:
    return [laptop.stored(one).envelope.deleted for one in ids]


@pytest.mark.parametrize("first", ["deleted", "written"])
@pytest.mark.parametrize("kept", [True, False])
def test_a_decision_on_an_item_of_a_meeting_deleted_elsewhere_is_one_conflict(
    pair: Pair, planned: tuple[str, str, str], first: str, kept: bool
) -> None:
    anne, benoit = pair
    meeting, item, sheet = planned
    anne.services.records.delete(meeting, cascade=True)
    decision = benoit.put("decision", agenda_item_id=item, text="On commande.")
    whole = (meeting, item, sheet, decision)
    for laptop in (anne, benoit) if first == "deleted" else (benoit, anne):
        laptop.sync()
    assert gone(laptop, *whole) == [False] * 4
    level(*pair)
    for laptop in pair:
        assert gone(laptop, *whole) == [False] * 4
        (conflict,) = laptop.services.conflicts.open()
        assert (conflict.fields["record_id"], conflict.fields["unit"]) == (meeting, "deleted")
    mine = conflict.fields["mine"]["value"]
    benoit.services.conflicts.resolve(conflict.id, "mine" if mine is not kept else "theirs")
    level(*pair)
    for laptop in pair:
        assert gone(laptop, *whole) == [not kept] * 4
        assert not laptop.services.conflicts.open()


@pytest.mark.parametrize("first", ["deleted", "written"])
def test_such_a_conflict_names_who_deleted_and_who_wrote(
    central: Central, laptop: Callable[..., Laptop], first: str
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    space = anne.put("commission", name="Côte")
    anne.enrol(central.facilitator(name="Anne Roy", create=True), upload=True)
    anne.sync()
    benoit.enrol(central.facilitator(space, name="Benoît Petit"), adopt=space)
    for one, name in ((anne, "Anne Roy"), (benoit, "Benoît Petit")):
        one.services.settings.set("author_name", name)
    item = anne.services.agenda.add(anne.put("meeting", title="Été"), {"title": "Site"}).id
    level(anne, benoit)
    anne.services.records.delete(item)
    benoit.put("action", agenda_item_id=item, text="Rappeler.")
    for one in (anne, benoit) if first == "deleted" else (benoit, anne):
        one.sync()
    level(anne, benoit)
    words = {anne: ("vous avez", "Benoît Petit a"), benoit: ("Anne Roy a", "vous avez")}
    for one, (deleted, wrote) in words.items():
        (conflict,) = one.services.conflicts.open()
        sentence = conflict_sentence(one.services.records, conflict)
        assert sentence.startswith(f"Point de l'ordre du jour « Site » : {deleted} supprimé ")
        assert f" ; {wrote} modifié " in sentence
        (shown,) = side_by_side(one.services.records, one.services.conflicts)
        assert {shown.mine, shown.theirs} == {"Supprimé", "Gardé"}


def test_such_a_conflict_that_a_third_laptop_finds_names_both(
    central: Central, troubled: Pair, laptop: Callable[..., Laptop], meddler: Meddler
) -> None:
    benoit, anne = troubled
    (space,) = anne.services.sync.status().commission_ids
    meeting = anne.put("meeting", title="Été")
    item = anne.services.agenda.add(meeting, {"title": "Site"}).id
    level(anne, benoit)
    chloe = laptop("chloe")
    chloe.enrol(central.facilitator(space, name="Chloé"))
    anne.enrol(central.facilitator(space, name="Anne Roy"))
    benoit.enrol(central.facilitator(space, name="Benoît Petit"))
    level(chloe, anne, benoit)
    anne.services.records.delete(meeting, cascade=True)
    anne.sync()
    benoit.put("action", agenda_item_id=item, text="Rappeler.")
    meddler.next(*[cut_after] * 3)
    with pytest.raises(SyncError):
        benoit.sync()
    meddler.next()
    chloe.sync()
    (conflict,) = chloe.services.conflicts.open()
    sentence = conflict_sentence(chloe.services.records, conflict)
    assert "Anne Roy a supprimé" in sentence
    assert "Benoît Petit a modifié" in sentence


def test_whoever_deleted_a_whole_meeting_is_not_asked_for(troubled: Pair, meddler: Meddler) -> None:
    benoit, anne = troubled
    meeting = anne.put("meeting", title="Été")
    for title in ("Site", "Fibre"):
        item = anne.services.agenda.add(meeting, {"title": title}).id
        anne.put("decision", agenda_item_id=item, text="On commande.")
    level(anne, benoit)
    anne.services.records.delete(meeting, cascade=True)
    anne.sync()
    before = len(meddler.heard)
    benoit.sync(accept_deletions=True)
    assert gone(benoit, meeting) == [True]
    assert {heard.path for heard in meddler.heard[before:]} == {"/v1/sync"}


def test_words_that_a_decision_to_delete_did_not_know_live_on(
    central: Central, troubled: Pair, laptop: Callable[..., Laptop], meddler: Meddler
) -> None:
    benoit, anne = troubled
    chloe = laptop("chloe")
    chloe.enrol(central.facilitator(anne.services.sync.status().commission_ids[0]))
    need = anne.put("need", title="Fibre")
    level(anne, benoit, chloe)
    anne.put("need", need, title="La fibre")
    level(anne, chloe)
    anne.services.records.delete(need)
    anne.sync()
    benoit.put("need", need, words="Il en faut.")
    meddler.next(faithful, *[cut_before] * 9, only="/v1/sync")  # before they leave again
    with pytest.raises(SyncError):
        benoit.sync()
    meddler.next()
    chloe.put("need", need, reason="Trop lent.")
    (line,) = chloe.sync().conflicts
    chloe.services.conflicts.resolve(line.id, "theirs")
    chloe.sync()
    assert gone(chloe, need) == [True]
    level(benoit, anne, benoit, chloe)
    for one in (anne, benoit, chloe):
        assert one.get(need)["words"] == "Il en faut."


def apart(central: Central, laptop: Callable[..., Laptop]) -> tuple[Laptop, Laptop]:
    """The GIP's laptop and a facilitator's, each with a commission that the other has not."""
    space, other = central.commission(), central.commission("Autre")
    gip, anne = laptop("gip"), laptop("anne")
    gip.enrol(central.facilitator(role="gip"), adopt=other)
    anne.enrol(central.facilitator(space))
    return gip, anne


def test_a_photo_of_a_need_deleted_elsewhere_keeps_the_need(pair: Pair, tmp_path: Path) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps")
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    level(*pair)
    anne.services.records.delete(need)
    anne.sync()
    photo = tmp_path / "tableau.jpg"
    photo.write_bytes(b"une photo")
    benoit.services.attachments.add(need, [photo])
    benoit.sync()
    level(*pair)
    assert [gone(laptop, need) for laptop in pair] == [[False]] * 2
    (held,) = anne.services.attachments.of(need)
    assert held.here
    assert [laptop.get(need)["raised_at_meeting_id"] for laptop in pair] == [meeting] * 2


def add_photo(laptop: Laptop, owner: str, folder: Path) -> str:
    path = folder / "tableau.jpg"
    path.write_bytes(b"une photo")
    return laptop.services.attachments.add(owner, [path])[0].id


def pictured(pair: tuple[Laptop, Laptop], folder: Path) -> tuple[str, str]:
    """A need and its photo, which both laptops have."""
    need = pair[0].put("need", title="Site")
    photo = add_photo(pair[0], need, folder)
    level(*pair)
    return need, photo


@pytest.mark.parametrize("first", ["deleted", "written"])
def test_a_meeting_edited_elsewhere_keeps_what_was_deleted_along_with_it(
    pair: Pair, planned: tuple[str, str, str], first: str
) -> None:
    anne, benoit = pair
    anne.services.records.delete(planned[0], cascade=True)
    benoit.put("meeting", planned[0], place="Vougeot")
    for laptop in (anne, benoit) if first == "deleted" else (benoit, anne):
        laptop.sync()
    level(*pair)
    for laptop in pair:
        assert gone(laptop, *planned) == [False] * 3
        (conflict,) = laptop.services.conflicts.open()
    dead = "mine" if conflict.fields["mine"]["value"] else "theirs"
    anne.services.conflicts.resolve(conflict.id, dead)
    level(*pair)
    assert [gone(laptop, *planned) for laptop in pair] == [[True] * 3] * 2


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("cut", [True, False])
def test_nobody_is_asked_about_what_such_a_meeting_brings_back(
    tmp_path: Path, laptop: Callable[..., Laptop], accepted: bool, cut: bool
) -> None:
    limits = Limits(ops=40, page=6)
    with start_central(tmp_path / "central", limits=limits) as central, meddling(central) as line:
        anne, benoit = laptop("anne", central=central), laptop("benoit", line, central=central)
        enrolled(central, anne, benoit)
        meeting = anne.put("meeting", title="Printemps")
        add = anne.services.agenda.add
        items = [add(meeting, {"title": f"Point {n}"}).id for n in range(MOST + 5)]
        level(anne, benoit)
        anne.services.records.delete(meeting, cascade=True)
        anne.sync()
        benoit.put("meeting", meeting, place="Vougeot")
        if cut:
            line.next(faithful, faithful, *[cut_before] * 9)
            with pytest.raises(SyncError):
                benoit.sync()
            line.next()
        report = benoit.sync(accept_deletions=accepted)
        assert not report.deletions
        level(benoit, anne)
        assert not any(gone(anne, meeting, *items) + gone(benoit, meeting, *items))
        for one in (anne, benoit):
            one.services.close()


def test_a_photo_that_another_laptop_takes_from_a_need_edited_here_does_not_come_back(
    pair: Pair, tmp_path: Path
) -> None:
    anne, benoit = pair
    need, photo = pictured(pair, tmp_path)
    benoit.services.records.delete(photo)
    benoit.sync()
    anne.put("need", need, words="Il est lent.")
    level(*pair)
    assert [gone(laptop, need, photo) for laptop in pair] == [[False, True]] * 2


def test_a_photo_deleted_along_with_a_need_edited_elsewhere_stays(
    pair: Pair, tmp_path: Path
) -> None:
    anne, benoit = pair
    need, photo = pictured(pair, tmp_path)
    anne.services.records.delete(need, cascade=True)
    benoit.put("need", need, words="Il est lent.")
    level(*pair)
    assert [gone(laptop, need, photo) for laptop in pair] == [[False] * 2] * 2


def test_a_photo_deleted_alone_does_not_come_back_with_its_need(pair: Pair, tmp_path: Path) -> None:
    anne, benoit = pair
    need, photo = pictured(pair, tmp_path)
    anne.services.records.delete(need, cascade=True)
    anne.services.undo.undo()  # which brings both back
    level(*pair)
    anne.services.records.delete(photo)
    level(*pair)
    benoit.services.records.delete(need)
    benoit.sync()
    anne.put("need", need, words="Il en faut.")
    level(*pair)
    assert [gone(one, need, photo) for one in pair] == [[False, True]] * 2


def test_a_new_laptop_brings_a_meeting_back_whole(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit, chloe = laptop("anne"), laptop("benoit", meddler), laptop("chloe")
    facilitator = central.facilitator(central.commission())
    for one in (anne, benoit):
        one.enrol(facilitator)
    meeting = anne.put("meeting", title="Printemps")
    items = [anne.services.agenda.add(meeting, {"title": title}).id for title in ("Site", "Paye")]
    level(anne, benoit)
    anne.services.records.delete(meeting, cascade=True)
    anne.sync()
    decision = benoit.put("decision", agenda_item_id=items[0], text="On commande.")
    meddler.next(*[cut_after] * 9)
    with pytest.raises(SyncError):
        benoit.sync()
    meddler.next()
    chloe.enrol(facilitator)
    level(chloe, anne, benoit)
    for one in (anne, benoit, chloe):
        assert gone(one, meeting, *items, decision) == [False] * 4


def test_a_photo_of_a_need_deleted_before_a_freeze_keeps_the_need(
    pair: Pair, tmp_path: Path
) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps", place="Vougeot", starts_at=OPENING)
    item = anne.services.agenda.add(meeting, {"title": "Site"}).id
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    level(*pair)
    anne.services.records.delete(need)
    anne.services.records.delete(item)
    anne.services.meetings.open(meeting, OPENING)
    anne.services.meetings.close(meeting, CLOSING)
    anne.services.minutes.freeze(meeting)
    anne.sync()
    photos = [add_photo(benoit, one, tmp_path) for one in (need, item)]
    benoit.sync()
    level(*pair)
    for laptop in pair:
        assert gone(laptop, need, item, *photos) == [False, True, False, False]
        assert laptop.get(need)["raised_at_meeting_id"] is None
        assert [laptop.get(one)["owner_id"] for one in photos] == [need, meeting]
        assert [one.fields["record_id"] for one in laptop.services.conflicts.open()] == [need]
        conflicts, minutes = map(laptop.services.records.envelopes, ("conflict", "minutes"))
        assert (len(conflicts), len(minutes)) == (1, 1)  # nothing was settled on the way


@pytest.mark.parametrize("first", ["freeze", "edits"])
def test_a_photo_deleted_along_with_a_need_before_a_freeze_stays(
    pair: Pair, tmp_path: Path, first: str
) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Printemps", place="Vougeot", starts_at=OPENING)
    anne.services.agenda.add(meeting, {"title": "Site"})
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    photo = add_photo(anne, need, tmp_path)
    level(*pair)
    anne.services.records.delete(need, cascade=True)
    anne.services.meetings.open(meeting, OPENING)
    anne.services.meetings.close(meeting, CLOSING)
    anne.services.minutes.freeze(meeting)
    benoit.put("need", need, reason="Voir avec le syndicat.")
    for laptop in pair if first == "freeze" else reversed(pair):
        laptop.sync()
    level(*pair)
    assert [gone(laptop, need, photo) for laptop in pair] == [[False] * 2] * 2


def test_a_photo_deleted_along_with_a_need_that_others_deleted_and_froze_stays_so(
    troubled: Pair, meddler: Meddler, tmp_path: Path
) -> None:
    anne, benoit = troubled
    meeting = anne.put("meeting", title="Printemps", place="Vougeot", starts_at=OPENING)
    anne.services.agenda.add(meeting, {"title": "Site"})
    need = anne.put("need", title="Site", raised_at_meeting_id=meeting)
    photo = add_photo(anne, need, tmp_path)
    level(*troubled)
    anne.put("need", title="Fibre")
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    for one in troubled:
        one.services.records.delete(need, cascade=True)
    benoit.services.meetings.open(meeting, OPENING)
    benoit.services.meetings.close(meeting, CLOSING)
    benoit.services.minutes.freeze(meeting)
    benoit.sync()
    level(*troubled)
    assert [gone(one, need, photo) for one in troubled] == [[True] * 2] * 2


@pytest.mark.parametrize("first", ["deleted", "written"])
def test_a_commission_deleted_elsewhere_lives_on_with_what_was_written_in_it(
    pair: Pair, first: str
) -> None:
    anne, benoit = pair
    (space,) = anne.services.sync.status().commission_ids
    need = anne.put("need", title="Site")
    level(*pair)
    anne.services.records.delete(space, cascade=True)
    other = benoit.put("need", title="Paye")
    for laptop in (anne, benoit) if first == "deleted" else (benoit, anne):
        laptop.sync()
    assert gone(laptop, space, need, other) == [False] * 3
    level(*pair)
    for laptop in pair:
        assert gone(laptop, space, need, other) == [False] * 3
        (conflict,) = laptop.services.conflicts.open()
        assert conflict.fields["record_id"] == space


def test_a_commission_deleted_elsewhere_is_not_left_along_with_one_that_is_withdrawn(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    kept, closed = central.commission("Dijon"), central.commission("Beaune")
    facilitator = central.facilitator(kept, closed)
    anne, benoit = laptop("anne"), laptop("benoit")
    for one in (anne, benoit):
        for space in (kept, closed):
            one.enrol(facilitator, adopt=space)
        one.sync()
    anne.services.records.delete(kept, cascade=True)
    anne.sync()
    need = benoit.services.records.create("need", {"title": "Un site"}, kept).id
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), facilitator, closed)
    benoit.sync()
    level(anne, benoit)
    for one in (anne, benoit):
        assert gone(one, kept, need) == [False] * 2
        assert one.services.sync.status().commission_ids == (kept,)
        (conflict,) = one.services.conflicts.open()
        assert conflict.fields["record_id"] == kept


def test_a_photo_of_a_note_that_another_laptop_of_the_gip_deleted_keeps_the_note(
    central: Central, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    space = central.commission()
    one, other = laptop("gip"), laptop("siege")
    for each in (one, other):
        each.enrol(central.facilitator(role="gip"), adopt=space)
        each.sync()
    note = one.services.records.create("watch_note", {"title": "RGPD"}, None).id
    level(one, other)
    one.services.records.delete(note)
    one.sync()
    photo = add_photo(other, note, tmp_path)
    level(other, one)
    assert [gone(each, note, photo) for each in (one, other)] == [[False] * 2] * 2


def test_the_gip_writes_nothing_of_what_the_central_alone_does(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip = laptop("gip")
    gip.enrol(central.facilitator(role="gip"), adopt=central.commission())
    gip.put("need", title="Un site")
    level(gip)
    records = gip.services.records
    (digest,) = records.list("need_digest", None)
    for write in (
        lambda: records.update(digest.id, {"title": "Autre"}),
        lambda: records.delete(digest.id),
    ):
        with pytest.raises(UserError, match="seul le GIP central"):
            write()


def test_a_solution_of_the_region_that_the_gip_deletes_stays_so_for_who_committed_to_it(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, anne = apart(central, laptop)
    solution = gip.services.records.create("solution", {"title": "Site"}, None).id
    level(gip, anne)
    anne.put("commitment", solution_id=solution, intention="committed")
    anne.sync()
    gip.services.records.delete(solution)
    gip.sync()
    assert anne.sync().refused == []
    assert gone(anne, solution) == [True]
    assert not anne.services.conflicts.open()
    level(anne, gip)
    assert not gip.services.records.list("solution_tally", None)


def test_a_merged_commune_goes_though_another_commission_raised_a_need_for_it(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, anne = apart(central, laptop)
    town = gip.services.records.create("organisation", {"name": "Val-Fleuri"}).id
    level(gip, anne)
    need = anne.put("need", title="Site", organisation_ids=[town])
    level(anne, gip)
    (digest,) = gip.services.records.list("need_digest", organisation_ids=town)
    gip.services.records.delete(town)
    level(gip, anne)
    assert [gone(each, town) for each in (gip, anne)] == [[True]] * 2
    anne.put("need", need, title="Un site")
    level(anne, gip)
    assert gip.get(digest.id)["title"] == "Un site"
    assert not anne.services.conflicts.open()


def test_a_need_that_named_a_solution_lets_it_go_before_the_next_sync(
    pair: Pair,
) -> None:
    anne, _ = pair
    solution = anne.put("solution", title="Parapheur")
    need = anne.put("need", title="Signer", solution_id=solution)
    level(*pair)
    assert anne.services.records.list("need_digest", solution_id=solution)
    with pytest.raises(UserError, match=f"besoin « Signer » {need}"):
        anne.services.solutions.delete([solution])
    anne.services.records.delete(need)
    anne.services.solutions.delete([solution])
    level(*pair)
    assert gone(anne, need, solution) == [True] * 2


def test_a_theme_and_a_solution_stay_while_another_commission_has_a_need_of_them(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, anne = apart(central, laptop)
    solution = gip.services.records.create("solution", {"title": "Parapheur"}, None).id
    theme = gip.services.region.add_theme({"label": "Signature"})
    level(gip, anne)
    anne.put("need", title="Signer", solution_id=solution, theme=theme.fields.code)
    level(anne, gip)
    with pytest.raises(UserError, match="besoin d'ailleurs « Signer »"):
        gip.services.records.delete(theme.id)
    with pytest.raises(UserError, match="elle répond à 1 besoin de la région"):
        gip.services.solutions.delete([solution])


def test_records_that_own_each_other_end_the_sync_all_the_same(pair: Pair) -> None:
    anne, benoit = pair
    one = anne.put("attachment", owner_id=anne.put("need", title="Site"), name="a.jpg")
    other = anne.put("attachment", owner_id=one, name="b.jpg")
    anne.put("attachment", one, owner_id=other)
    level(*pair)
    anne.services.records.delete(one, cascade=True)
    benoit.put("attachment", one, name="c.jpg")
    level(*pair)
    for conflict in benoit.services.conflicts.open():
        dead = conflict.fields["mine"]["value"]
        benoit.services.conflicts.resolve(conflict.id, "theirs" if dead else "mine")
    level(*pair)
    assert [gone(laptop, one, other) for laptop in pair] == [[False] * 2] * 2


@pytest.mark.parametrize("photos", [1, MOST])
def test_what_is_deleted_again_elsewhere_meanwhile_goes_whole_unless_it_is_much(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], photos: int
) -> None:
    anne, benoit = enrolled(central, laptop("anne", meddler), laptop("benoit"))
    need = anne.put("need", title="Site")
    for _ in range(MOST):
        anne.put("need", title="Paye")  # so that a few photos are no tenth of the space
    whole = [need, *(anne.put("attachment", owner_id=need, name="a.jpg") for _ in range(photos))]
    level(anne, benoit)
    benoit.services.records.delete(need, cascade=True)
    benoit.sync()
    anne.put("need", need, words="Dit par Anne.")

    def deleted_again(_: Heard, forward: Callable[[], Answer]) -> None:
        forward()
        benoit.sync()
        assert not any(gone(benoit, *whole))
        benoit.services.records.delete(need, cascade=True)
        benoit.sync()

    meddler.next(faithful, deleted_again)
    asked = anne.sync().deletions
    assert meddler.acts == []
    assert len(asked) == (photos + 1 if photos == MOST else 0)
    assert gone(anne, *whole) == [not asked] * (photos + 1)


def test_an_item_deleted_under_a_decision_that_the_central_has_lives_on_here(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = enrolled(central, laptop("anne", meddler), laptop("benoit"))
    item = anne.services.agenda.add(anne.put("meeting", title="Été"), {"title": "Site"}).id
    level(anne, benoit)
    decision = benoit.put("decision", agenda_item_id=item, text="On commande.")
    benoit.sync()
    anne.services.records.delete(item)
    meddler.next(*[cut_after] * 3)
    with pytest.raises(SyncError):
        anne.sync()  # she does not learn of the decision
    benoit.sync()
    assert gone(benoit, item, decision) == [False, False]
    (conflict,) = benoit.services.conflicts.open()
    assert conflict.fields["record_id"] == item


def test_deciding_of_a_meeting_decides_of_what_goes_with_it(
    pair: Pair, planned: tuple[str, str, str]
) -> None:
    anne, benoit = pair
    meeting, item, sheet = planned
    anne.services.records.delete(meeting, cascade=True)
    anne.sync()
    benoit.put("agenda_item", item, notes="Dit par Benoît.")
    benoit.sync()
    found = {one.fields["record_id"]: one.id for one in benoit.services.conflicts.open()}
    assert found.keys() == {meeting, item}
    benoit.services.conflicts.resolve(found[meeting], "theirs")
    assert not benoit.services.conflicts.open()
    level(*pair)
    for laptop in pair:
        assert gone(laptop, meeting, item, sheet) == [True] * 3
        assert laptop.get(found[item])["kept"] == "theirs"


def test_what_is_kept_brings_back_what_it_stands_on(
    pair: Pair, planned: tuple[str, str, str]
) -> None:
    anne, benoit = pair
    meeting, item, _ = planned
    anne.services.records.delete(item)
    anne.sync()
    benoit.put("agenda_item", item, notes="Dit par Benoît.")
    benoit.sync()
    (conflict,) = benoit.services.conflicts.open()
    for one in (item, meeting):
        benoit.services.records.delete(one, cascade=True)
    assert gone(benoit, meeting, item) == [True, True]
    benoit.services.conflicts.resolve(conflict.id, "mine")
    level(*pair)
    assert [gone(laptop, meeting, item) for laptop in pair] == [[False, False]] * 2
