"""What is about to leave is told before it does, once a day, and whatever it deletes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.central import accounts
from app.central.schema import grants
from app.domain.records import reference_id
from app.errors import SyncError
from app.services.departure import Departure
from app.services.sync_report import Named
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, cut_before
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_files import bound_files
from tests.central_server import Central

Pair = tuple[Laptop, Laptop]
Today = Callable[[datetime], None]


@pytest.fixture
def today(pair: Pair) -> Today:
    """Sets the clock of the first laptop."""

    def set_clock(instant: datetime) -> None:
        pair[0].services.workspace.clock = lambda: instant

    return set_clock


def test_each_record_that_waits_is_told_deletions_first_and_the_region_too(pair: Pair) -> None:
    anne, benoit = pair
    kept, gone = anne.put("need", title="Fibre"), anne.put("need", title="Site")
    level(anne, benoit)
    anne.put("need", kept, title="La fibre")
    new = anne.put("need", title="Sauvegarde")
    anne.services.records.delete(gone)
    anne.services.records.delete(anne.put("need", title="Erreur"))
    town = reference_id("organisation", "21716")
    anne.put("organisation", town, phone="03 80 00 00 00")
    assert [
        (line.kind, line.id, line.sentence) for line in anne.services.sync.departure().lines
    ] == [
        ("need", gone, "À envoyer, suppression : besoin « Site »."),
        ("need", new, "À envoyer, ajout : besoin « Sauvegarde »."),
        ("need", kept, "À envoyer, modification : besoin « La fibre »."),
        ("organisation", town, "À envoyer, modification : collectivité « Vougeot (21) »."),
    ]
    sent = [line.sentence for line in anne.sync().sent if line.id in (gone, new)]
    assert sent == ["Envoyé : besoin « Sauvegarde ».", "Suppression envoyée : besoin « Site »."]
    assert anne.services.sync.departure().lines == []
    received = benoit.sync(accept_deletions=True).received
    told = [line.sentence for line in received if line.id == gone]
    assert told == ["Supprimé : besoin « Site »."]


def test_of_several_commissions_each_line_says_which_it_is_of(
    central: Central, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    spaces = [central.commission(name) for name in ("Beaune", "Dijon")]
    account = central.facilitator(*spaces)
    for one in (anne, benoit):
        for space in spaces:
            one.enrol(account, adopt=space)
        one.sync()
    records = anne.services.records
    made = [records.create("need", {"title": "Fibre"}, space).id for space in spaces * 6]
    town = reference_id("organisation", "21716")
    anne.put("organisation", town, phone="03 80 00 00 00")
    both = {"besoin « Fibre » (Beaune)", "besoin « Fibre » (Dijon)"}
    region = "collectivité « Vougeot (21) »"
    leaving = anne.services.sync.departure()
    assert {one.name for one in (*leaving.additions, *leaving.changes)} == both | {region}
    sent, received = anne.sync().sent, benoit.sync().received
    assert {one.sentence for one in sent} == {f"Envoyé : {one}." for one in both | {region}}
    assert {one.sentence for one in received} == {f"Reçu : {one}." for one in both | {region}}
    for need in made:
        records.delete(need)
    assert {one.name for one in anne.services.sync.departure().deletions} == both
    anne.sync()
    assert {one.name for one in benoit.sync().deletions} == both
    records.update(spaces[1], {"name": "Beaune", "departments": ["58"]})
    records.create("need", {"title": "Site"}, spaces[1])
    (site,) = anne.services.sync.departure().additions
    assert site.name == "besoin « Site » (Beaune (58))"
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-")
    anne.services.attachments.add(site.id, [tmp_path / "plan.pdf"])
    bound_files(anne, blob=1)
    anne.sync()
    (plan,) = anne.services.sync.departure().files
    assert plan.name == "pièce jointe « plan.pdf » (Beaune (58))"


def test_what_has_no_title_is_told_by_what_it_is_about(pair: Pair) -> None:
    anne, _ = pair
    town = reference_id("organisation", "21716")
    meeting = anne.put("meeting", title="Printemps")
    person = anne.put("person", first_name="Paul", last_name="Roy", organisation_id=town)
    seat = anne.put("roster_entry", organisation_id=town, titular_person_id=person)
    anne.put("proxy", meeting_id=meeting, giver_entry_id=seat)
    anne.put("attendance", meeting_id=meeting, roster_entry_id=seat, person_id=person)
    need = anne.put("need", title="Fibre")
    fields = {"record_kind": "need", "record_id": need, "unit": "words"}
    anne.services.records.create("conflict", fields)
    names = {leaving.name for leaving in anne.services.sync.departure().additions}
    untitled = {
        "siège « Vougeot (21) »",
        "pouvoir « Vougeot (21) »",
        "présence « Paul Roy »",
        "conflit, besoin « Fibre »",
    }
    assert untitled <= names
    sent = {line.sentence for line in anne.sync().sent}
    assert {f"Envoyé : {one}." for one in untitled} <= sent
    ((batch_id, *_),) = anne.services.receipts.latest(1)
    assert untitled <= {held.name for held in anne.services.receipts.show(batch_id).held}


def test_what_leaves_is_seen_once_on_each_day_here(pair: Pair, today: Today) -> None:
    anne, _ = pair
    today(datetime(2027, 3, 19, 22, 30, tzinfo=UTC))
    assert not anne.services.sync.departure().to_be_seen
    need = anne.put("need", title="Fibre")
    assert anne.services.sync.departure().to_be_seen
    anne.sync()
    anne.put("need", title="Site")
    assert not anne.services.sync.departure().to_be_seen
    today(datetime(2027, 3, 19, 23, 30, tzinfo=UTC))  # in Paris it is the day after
    assert anne.services.sync.departure().to_be_seen
    anne.sync()
    today(datetime(2027, 3, 20, 12, 0, tzinfo=UTC))
    anne.put("need", need, title="La fibre")
    assert not anne.services.sync.departure().to_be_seen
    anne.services.records.delete(need)
    assert anne.services.sync.departure().to_be_seen


@pytest.mark.parametrize("what", ["deletions", "additions", "changes"])
def test_whatever_waits_is_seen_the_first_time_of_a_day(what: str) -> None:
    waiting = {what: [Named("need", "id", "besoin « Fibre »")]}
    assert Departure(**waiting, first_today=True).to_be_seen
    assert Departure(**waiting).to_be_seen == (what == "deletions")
    assert not Departure(first_today=True).to_be_seen


def test_a_commission_that_the_enrolment_sent_alone_was_not_seen(
    central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne")
    anne.services.records.create("commission", {"name": "Auxois"}, None)
    anne.put("need", title="Fibre")
    anne.enrol(central.facilitator(create=True), upload=True)
    assert anne.services.sync.departure().to_be_seen
    anne.sync()
    anne.put("need", title="Site")
    assert not anne.services.sync.departure().to_be_seen


def test_a_commission_that_left_with_other_records_was_seen(pair: Pair) -> None:
    anne, _ = pair
    (space,) = anne.services.sync.status().commission_ids
    anne.put("commission", space, notes="Le mardi.")
    anne.put("need", title="Fibre")
    anne.sync()
    anne.put("need", title="Site")
    assert not anne.services.sync.departure().to_be_seen


def test_what_was_made_and_deleted_is_not_told_though_a_closed_commission_has_a_batch(
    central: Central, troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    (space,) = anne.services.sync.status().commission_ids
    other = central.commission("Commission de Dijon")
    with central.database.writing() as connection:
        account = connection.execute(select(grants.c.facilitator_id)).scalar_one()
        accounts.grant(connection, central.clock(), account, other)
    anne.services.sync.enrol(anne.url, adopt=other)
    anne.sync()
    anne.services.records.create("need", {"title": "Fibre"}, space)
    meddler.next(*[cut_before] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    with central.database.writing() as connection:
        connection.execute(grants.delete().where(grants.c.space == space))
    anne.sync()
    made = anne.services.records.create("need", {"title": "Erreur"}, other)
    anne.services.records.delete(made.id)
    assert anne.services.sync.status().pending == 0
