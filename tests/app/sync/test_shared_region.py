"""What the GIP and the facilitators of two commissions write of the region they share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.central.held import load
from app.domain.records import REGION, Envelope, reference_id
from app.errors import UserError
from app.sync import link as ties
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, faithful
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central
from tests.positions import take_part

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")
Three = tuple[Laptop, Laptop, Laptop]


@pytest.fixture
def three(central: Central, laptop: Callable[..., Laptop]) -> Three:
    """The GIP, and the facilitators of two commissions, who share the region alone."""
    dijon, beaune = central.commission("Dijon"), central.commission("Beaune")
    gip, anne, benoit = laptop("gip"), laptop("anne"), laptop("benoit")
    gip.enrol(central.facilitator(role="gip", name="Le GIP"), adopt=dijon)
    anne.enrol(central.facilitator(dijon, name="Anne"))
    benoit.enrol(central.facilitator(beaune, name="Benoît"))
    level(gip, anne, benoit)
    return gip, anne, benoit


def conflicts(laptop: Laptop) -> list[Envelope]:
    return list(laptop.services.conflicts.open())


def test_what_the_gip_is_about_to_publish_is_told_apart_from_what_one_commission_gets(
    three: Three,
) -> None:
    gip = three[0].services
    gip.records.create("watch_note", {"title": "Partout"}, None)
    gip.records.create("watch_note", {"title": "À Dijon"}, gip.sync.status().commission_ids[0])
    gip.records.update(VOUGEOT, {"email": "mairie@vougeot.fr"})
    departure = gip.sync.departure()
    assert sorted(one.name for one in (*departure.additions, *departure.changes)) == [
        "collectivité « Vougeot (21) »",
        "note de veille « Partout », pour toute la région",
        "note de veille « À Dijon »",
    ]


def test_a_facilitator_who_told_of_a_note_sees_that_the_gip_has_changed_it(three: Three) -> None:
    gip, anne, benoit = three
    note = gip.services.records.create("watch_note", {"title": "RGAA"}, None)
    level(gip, anne, benoit)
    (commission,) = anne.services.records.list("commission")
    anne.put("roster_entry", organisation_id=VOUGEOT)
    anne.services.watch.tell(note.id, [VOUGEOT], commission_id=commission.id)
    gip.put("watch_note", note.id, deadline_on="2027-06-30")
    level(gip, anne, benoit)
    (told,) = anne.services.watch.progress(commission.id)
    assert (told.told, told.again) == (1, 1)
    (other,) = benoit.services.records.list("commission")
    assert [one.again for one in benoit.services.watch.progress(other.id)] == [0]


@pytest.mark.parametrize("first", [0, 1])
def test_facilitators_of_two_commissions_decide_of_an_address_that_both_wrote(
    three: Three, first: int
) -> None:
    gip, *both = three
    for one, address in zip(both, ("1 rue du Puits", "2 rue du Four"), strict=True):
        one.put("organisation", VOUGEOT, address=address)
    level(*both, gip)
    for one, keep in zip(both, ("theirs", "mine"), strict=True):
        (conflict,) = conflicts(one)
        one.services.conflicts.resolve(conflict.id, keep)
    level(both[first], both[1 - first], gip)
    assert [one.get(VOUGEOT)["address"] for one in three] == ["2 rue du Four"] * 3
    assert [conflicts(one) for one in three] == [[]] * 3
    assert [one.services.sync.status().pending for one in three] == [0] * 3


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("dies", [True, False])
def test_the_gip_decides_of_what_it_deleted_while_a_facilitator_wrote_on_it(
    three: Three, dies: bool, who: int
) -> None:
    gip, anne, benoit = three
    gip.services.records.delete(VOUGEOT, cascade=True)
    gip.sync()
    writers = (anne, benoit)[: who + 1]
    for one in writers:
        one.put("organisation", VOUGEOT, phone="03 80 00 00 00")
    assert anne.sync().conflicts == []
    gip.sync()
    (conflict,) = conflicts(gip)
    assert conflicts(anne) == []
    with pytest.raises(UserError, match="le GIP seul modifie"):
        anne.services.conflicts.resolve(conflict.id, "mine")
    keep = "mine" if conflict.fields["mine"]["value"] == dies else "theirs"
    gip.services.conflicts.resolve(conflict.id, keep)
    reports = {one: one.sync() for one in (gip, benoit, anne)}
    assert [report.refused for report in reports.values()] == [[]] * 3
    if dies:
        assert all(VOUGEOT in {line.id for line in reports[one].received} for one in writers)
    level(gip, benoit, anne)
    for one in three:
        found = one.stored(VOUGEOT).envelope
        assert found.deleted == dies
        assert found.fields["phone"] == ("" if dies else "03 80 00 00 00")
        report = one.sync()
        assert (report.refused, one.services.sync.status().pending) == ([], 0)
    for one in writers:
        kept = [entry.changes.get("phone") for entry in one.services.records.history(VOUGEOT)]
        assert ["", "03 80 00 00 00"] in kept


def test_what_a_newcomer_wrote_of_what_the_gip_deleted_once_and_brought_back_is_kept(
    three: Three, central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, anne, _ = three
    gip.services.records.delete(VOUGEOT)
    gip.sync()
    anne.put("organisation", VOUGEOT, phone="03 80 00 00 00")
    level(anne, gip)
    (conflict,) = conflicts(gip)
    keep = "mine" if conflict.fields["mine"]["value"] else "theirs"
    gip.services.conflicts.resolve(conflict.id, keep)
    gip.sync()
    gip.services.records.restore(VOUGEOT)
    gip.sync()
    claire = laptop("claire")
    claire.enrol(central.facilitator(central.commission("Lux"), name="Claire"))
    claire.put("organisation", VOUGEOT, email="mairie@vougeot.fr")
    level(claire, gip)
    for one in (claire, gip):
        assert one.get(VOUGEOT)["email"] == "mairie@vougeot.fr"


def test_a_line_that_the_gip_alone_may_write_is_refused_without_a_name_of_the_code(
    three: Three, tmp_path: Path
) -> None:
    path = tmp_path / "communes.csv"
    path.write_text("Nom;Genre\nAilleurs;commune\n", "utf-8")
    (refused,) = three[1].services.table_imports.take(path, "organisation").report.refused
    assert refused.sentence.startswith("Ligne 2 : seul le GIP modifie")


def test_a_facilitator_may_give_up_what_they_wrote_on_what_the_gip_deleted(three: Three) -> None:
    gip, anne, _ = three
    gip.services.records.delete(VOUGEOT)
    gip.sync()
    with pytest.raises(UserError, match="seul le GIP modifie"):
        anne.services.records.delete(VOUGEOT)
    anne.put("organisation", VOUGEOT, phone="03 80 00 00 00")
    anne.sync()
    (line,) = anne.sync().refused
    assert "Le GIP a supprimé cette collectivité" in line.sentence
    anne.services.records.delete(VOUGEOT)
    assert (anne.sync().refused, anne.services.sync.status().pending) == ([], 0)
    level(gip, anne)
    (conflict,) = conflicts(gip)
    gip.services.conflicts.resolve(
        conflict.id, "theirs" if conflict.fields["mine"]["value"] else "mine"
    )
    level(gip, anne)
    assert not anne.stored(VOUGEOT).envelope.deleted
    kept = [entry.changes.get("phone") for entry in anne.services.records.history(VOUGEOT)]
    assert ["", "03 80 00 00 00"] in kept


def test_what_two_commissions_proposed_is_published_as_one_and_counted_together(
    three: Three,
) -> None:
    gip, anne, benoit = three
    beaune = benoit.services.sync.status().commission_ids[0]
    gip.services.sync.enrol(gip.central.url, ca=gip.authority, adopt=beaune)
    own = [
        one.put("solution", title=title, status="favourable")
        for one, title in ((anne, "Sauvegarde"), (benoit, "Sauvegardes en ligne"))
    ]
    take_part(anne.services.solutions, own[0], VOUGEOT, "interested")
    take_part(benoit.services.solutions, own[1], AGENCOURT, "committed")
    level(anne, benoit, gip)
    copy = gip.services.publications.publish(own[0])
    gip.services.publications.publish(own[1], copy.id)
    level(gip, anne, benoit)
    for one, origin in ((anne, own[0]), (benoit, own[1])):
        assert one.services.solutions.everywhere() == {copy.id: 2}
        assert one.get(origin)["published_as_id"] == copy.id
        known = one.services.publications.of(one.services.records.get(copy.id))
        assert ([found.id for found in known.origins], known.elsewhere) == ([origin], 1)
    gip.services.undo.undo()
    level(gip, benoit)
    assert benoit.services.solutions.everywhere() == {copy.id: 1}


def test_two_labels_of_a_theme_are_the_gip_s_to_decide(
    three: Three, central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, anne, _ = three
    other = laptop("siege")
    other.enrol(
        central.facilitator(role="gip"), adopt=anne.services.sync.status().commission_ids[0]
    )
    theme = gip.services.records.list("theme")[0].id
    level(gip, other)
    for one, label in ((gip, "Sites"), (other, "Sites et portails")):
        one.put("theme", theme, label=label)
    level(gip, other, anne)
    (conflict,) = conflicts(gip)
    assert conflicts(anne) == []
    with pytest.raises(UserError, match="le GIP seul modifie"):
        anne.services.conflicts.resolve(conflict.id, "theirs")
    gip.services.conflicts.resolve(conflict.id, "mine")
    level(gip, other, anne)
    assert {one.get(theme)["label"] for one in (gip, other, anne)} == {"Sites et portails"}


def test_what_was_written_of_the_gip_s_before_the_enrolment_gives_way_to_what_it_wrote(
    three: Three, central: Central, laptop: Callable[..., Laptop]
) -> None:
    gip, *_ = three
    new = laptop("chloe")
    theme = gip.services.records.list("theme")[0].id
    new.put("theme", theme, label="Le mien")
    gip.put("theme", theme, label="Sites")
    gip.sync()
    new.enrol(central.facilitator(central.commission("Auxois"), name="Chloé"))
    level(new, gip)
    assert new.get(theme)["label"] == "Sites"
    assert new.sync().refused == []
    assert new.services.sync.status().pending == 0
    assert conflicts(new) == conflicts(gip) == []
    history = new.services.records.history(theme)
    assert history[0].changes["label"] == ["Le mien", "Sites"]


def test_a_first_word_on_a_commune_goes_at_once_beside_what_the_gip_wrote_of_it(
    three: Three,
) -> None:
    gip, anne, _ = three
    gip.put("organisation", VOUGEOT, population=174, population_year=2026)
    gip.sync()
    anne.put("organisation", VOUGEOT, email="mairie@vougeot.fr")
    report = anne.sync()
    assert (report.refused, report.conflicts) == ([], [])
    level(gip, anne)
    for one in (gip, anne):
        found = one.get(VOUGEOT)
        assert (found["population"], found["email"]) == (174, "mairie@vougeot.fr")


def of_another_year(laptop: Laptop) -> int:
    """Has Vougeot be on a laptop as a former program shipped it; gives its later population."""
    shipped = laptop.stored(VOUGEOT).envelope
    population: int = shipped.fields["population"]
    with laptop.services.workspace.unit() as unit:
        fields = shipped.fields | {"population": population + 3}
        unit.receive(msgspec.structs.replace(shipped, fields=fields))
        unit.commit()
    return population


def test_a_first_word_on_a_commune_is_taken_and_brings_its_population_of_a_later_year(
    three: Three,
) -> None:
    _, anne, _ = three
    population = of_another_year(anne)
    anne.put("organisation", VOUGEOT, email="mairie@vougeot.fr")
    report = anne.sync()
    assert (report.refused, report.conflicts) == ([], [])
    with anne.central.database.reading() as connection:
        held = load(connection, [VOUGEOT])[VOUGEOT].values()
    for one in (held, anne.get(VOUGEOT)):
        told = (one["name"], one["population"], one["email"])
        assert told == ("Vougeot", population, "mairie@vougeot.fr")
    assert anne.services.sync.status().pending == 0
    history = anne.services.records.history(VOUGEOT)
    assert history[0].changes == {"population": [population + 3, population]}


def test_what_is_written_while_a_population_of_a_later_year_comes_stays_and_leaves(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(central.commission()))
    anne.sync()
    population = of_another_year(anne)
    anne.put("organisation", VOUGEOT, email="mairie@vougeot.fr")

    def writing(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        anne.put("organisation", VOUGEOT, phone="03 80 00 00 00")
        return answer

    meddler.next(faithful, writing)
    report = anne.sync()
    assert (report.refused, report.conflicts) == ([], [])
    with central.database.reading() as connection:
        held = load(connection, [VOUGEOT])[VOUGEOT].values()
    for one in (held, anne.get(VOUGEOT)):
        told = (one["population"], one["email"], one["phone"])
        assert told == (population, "mairie@vougeot.fr", "03 80 00 00 00")


def test_the_last_words_on_a_body_that_the_gip_deletes_are_in_its_trash(three: Three) -> None:
    gip, *_ = three
    body = gip.services.records.create("organisation", {"name": "Syndicat"}, None).id
    gip.sync()
    gip.put("organisation", body, notes="Dissous en mai.")
    gip.services.records.delete(body)
    level(gip)
    gip.services.trash.restore(body)
    assert gip.get(body)["notes"] == "Dissous en mai."


def test_a_word_on_a_commune_that_is_here_as_at_the_central_takes_one_exchange(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(central.commission()))
    anne.sync()
    for email in ("mairie@vougeot.fr", ""):
        anne.put("organisation", VOUGEOT, email=email)
        before = len(meddler.calls())
        anne.sync()
        assert len(meddler.calls()) == before + 1


def test_a_cursor_moved_back_never_goes_forward(three: Three) -> None:
    gip, anne, _ = three
    gip.services.records.update(VOUGEOT, {"email": "mairie@vougeot.fr"})
    level(gip, anne)
    with anne.services.workspace.unit("Retour") as unit:
        link = ties.load(unit)
        assert link is not None
        here = ties.cursors(unit, link)[REGION]
        assert here > 0
        for seq, moves, left in ((here + 5, False, here), (here, False, here), (0, True, 0)):
            assert ties.move_back(unit, REGION, seq) is moves
            assert ties.cursors(unit, link)[REGION] == left
