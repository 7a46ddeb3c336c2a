"""Deleted here, written on there: an owner lives on until its conflict is decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.conflict_words import conflict_sentence
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central

Pair = tuple[Laptop, Laptop]


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
    for laptop in (anne, benoit) if first == "deleted" else (benoit, anne):
        laptop.sync()
    level(*pair)
    whole = (meeting, item, sheet, decision)
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


def test_a_photo_of_a_need_deleted_elsewhere_keeps_the_need(pair: Pair, tmp_path: Path) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Site")
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
