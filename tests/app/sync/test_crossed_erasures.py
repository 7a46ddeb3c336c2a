"""An erasure that crosses what others did of the same records: no name stays, nothing is stuck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.erasure import ERASED
from app.errors import UserError
from app.sync.protocol import Limits
from tests.app.services.test_personal_data import NAME, holding
from tests.app.sync.conftest import Laptop, enrolled
from tests.app.sync.meddler import Answer, Heard, Meddler, saying
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_erasure import held_by, named_need
from tests.app.sync.test_frozen_minutes import addenda, closed
from tests.app.sync.test_restored_central import Copies, copies, of_the_gip
from tests.central_server import Central, start_central

__all__ = ["closed", "copies"]

Pair = tuple[Laptop, Laptop]
EMAIL = "ondine@vougeot.fr"


def check_gone(pair: Pair, central: Central, need: str) -> None:
    """Fails unless the need is deleted and names nobody, here, elsewhere and at the central."""
    anne, benoit = pair
    assert anne.stored(need).envelope.deleted
    assert held_by(central) == []
    assert anne.state() == benoit.state()


def test_what_is_deleted_here_and_elsewhere_keeps_no_name(pair: Pair, central: Central) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit)
    anne.services.erasures.erase(person)
    anne.services.records.delete(need)
    benoit.services.records.delete(need)
    benoit.sync()
    level(anne, benoit)
    for one in pair:
        assert one.stored(need).envelope.fields["words"] == f"{ERASED} : il tombe."
    check_gone(pair, central, need)


def test_what_was_written_on_and_deleted_again_elsewhere_keeps_no_name(
    pair: Pair, central: Central
) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit)
    anne.services.records.delete(need)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    benoit.services.trash.restore(need)
    benoit.put("need", need, reason="Il en faut un.")
    benoit.sync()
    benoit.services.records.delete(need)
    benoit.sync()
    level(anne, benoit)
    assert benoit.stored(need).envelope.fields["reason"] == "Il en faut un."
    check_gone(pair, central, need)


@pytest.mark.parametrize(
    ("before", "left"), [("Site", "Site"), (f"Site : Ondine {NAME}", f"Site : {ERASED}")]
)
def test_what_others_bring_back_asks_nothing_of_what_was_typed_deleted_then_erased(
    pair: Pair, central: Central, before: str, left: str
) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit, title=before)
    anne.put("need", need, title=f"Ondine {NAME} : il tombe.")
    anne.services.records.delete(need)
    anne.sync()
    anne.services.erasures.erase(person)
    benoit.services.needs.move(need, "qualified")
    benoit.sync()
    level(anne, benoit)
    for one in pair:
        (clash,) = (found.fields["unit"] for found in one.services.conflicts.open())
        assert clash == "deleted"
        fields = one.get(need)
        assert (fields["title"], fields["status"]) == (left, "qualified")
    assert held_by(central) == []
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("deleted_before", [False, True])
def test_a_restored_central_is_told_again_what_was_erased_of_deleted_records(
    pair: Pair, central: Central, copies: Copies, deleted_before: bool
) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit)
    if deleted_before:
        anne.services.records.delete(need)
        level(anne, benoit)
    copies.save()
    anne.services.erasures.erase(person)
    if not deleted_before:
        anne.services.records.delete(need)
    level(anne, benoit)
    copies.restore()
    level(anne, benoit)
    check_gone(pair, central, need)


def test_who_is_erased_again_and_then_deleted_keeps_no_address_at_the_central(
    pair: Pair, central: Central
) -> None:
    anne, benoit = pair
    person = anne.put("person", last_name=NAME)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    benoit.put("person", person, email=EMAIL)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    anne.services.records.delete(person)
    level(anne, benoit)
    assert anne.stored(person).envelope.deleted
    assert held_by(central, EMAIL) == []


def test_what_was_deleted_of_a_meeting_frozen_meanwhile_stays_as_the_central_has_it(
    pair: Pair, central: Central, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    person, need = named_need(anne, benoit, raised_at_meeting_id=meeting)
    anne.services.records.delete(need)
    level(anne, benoit)
    benoit.services.minutes.freeze(meeting)
    benoit.sync()
    anne.services.erasures.erase(person)
    assert anne.sync().refused == []
    level(anne, benoit)
    for one in pair:
        assert one.stored(need).envelope.deleted
        assert addenda(one) == []
        assert holding(one.services.workspace.folder) == []
    assert anne.services.sync.status().pending == 0
    assert [one.kind for one in held_by(central)] == ["need"]


def test_what_the_gip_deleted_is_said_to_stay_at_the_central(
    pair: Pair, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    gip = of_the_gip(central, laptop)
    fields = {"name": "Syndicat", "notes": f"Voir M. {NAME}."}
    body = gip.services.records.create("organisation", fields, None).id
    gip.sync()
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    level(anne, benoit)
    gip.services.records.delete(body)
    gip.sync()
    level(anne, benoit)
    kept = anne.services.erasures.preview(person).kept
    (reason,) = [one.reason for one in kept if "Syndicat" in one.title]
    assert "le central le garde comme il a été supprimé" in reason
    anne.services.erasures.erase(person)
    assert anne.sync().refused == []
    assert anne.services.sync.status().pending == 0
    assert anne.stored(body).envelope.fields["notes"] == f"Voir {ERASED}."


@pytest.mark.parametrize("erasure_first", [True, False])
def test_what_is_written_of_who_is_erased_meanwhile_is_kept_without_the_name(
    pair: Pair, central: Central, erasure_first: bool
) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit)
    meeting = anne.put("meeting", title="Printemps", starts_at="2027-03-19T18:30:00+01:00")
    notes = f"M. {NAME} ouvre. Il parle.\nPuis Mme {NAME} part."
    item = anne.services.agenda.add(meeting, {"title": "Site", "kind": "need"}).id
    anne.put("agenda_item", item, notes=notes)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    benoit.put("need", need, title=f"Nouveau site de M. {NAME}")
    benoit.put("agenda_item", item, notes=notes.replace("ouvre", "ouvre tôt").replace("Il", "On"))
    (anne if erasure_first else benoit).sync()
    level(anne, benoit)
    for one in pair:
        assert one.services.conflicts.open() == []
        assert one.get(need)["title"] == f"Nouveau site de {ERASED}"
        assert one.get(item)["notes"] == f"{ERASED} ouvre tôt. On parle.\nPuis {ERASED} part."
        assert holding(one.services.workspace.folder) == []
    assert held_by(central) == []
    assert anne.state() == benoit.state()


def test_who_is_written_of_anew_by_a_laptop_that_did_not_know_is_erased_from_a_new_record(
    pair: Pair, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    person, need = named_need(anne, benoit)
    late = laptop("chloé")
    late.enrol(central.facilitator(anne.stored(person).envelope.space))
    late.sync()
    anne.services.erasures.erase(person)
    level(anne, benoit)
    late.put("need", need, reason=f"Mme {NAME} le veut.")
    late.put("need", title=f"Serveur de M. {NAME}", words=f"Ondine {NAME} : il tombe.")
    level(late, anne)
    with pytest.raises(UserError, match=r"faites-lui une fiche à ce nom, puis effacez-la"):
        anne.services.erasures.preview(person)
    anne.services.erasures.erase(anne.put("person", first_name="Ondine", last_name=NAME))
    level(anne, benoit)
    level(late, anne)
    assert held_by(central) == []
    for one in (anne, benoit, late):
        assert holding(one.services.workspace.folder) == []
    assert anne.state() == benoit.state() == late.state()


def test_the_past_of_others_forgets_a_name_corrected_right_before_the_erasure(pair: Pair) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name="Rossignole")
    need = anne.put("need", title="Site", words=f"M. {NAME} : il tombe. M. Roy : non.")
    level(anne, benoit)
    benoit.put("need", need, words=f"M. {NAME} : il tombe. M. Roy : oui.")
    level(benoit, anne)
    anne.put("person", person, last_name=NAME)
    anne.services.erasures.erase(person)
    level(anne, benoit)
    assert holding(benoit.services.workspace.folder) == []
    past = [one.changes["words"] for one in benoit.services.records.history(need)]
    oui, non = (f"{ERASED} : il tombe. M. Roy : {said}." for said in ("oui", "non"))
    assert past[:2] == [[oui, oui], [non, oui]]
    assert benoit.get(need)["words"] == oui
    assert anne.state() == benoit.state()


def test_a_conflict_with_an_erasure_does_not_hold_what_it_took_away(
    pair: Pair, central: Central
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME, email=EMAIL)
    need = anne.put("need", title=f"Site de M. {NAME}")
    level(anne, benoit)
    anne.services.erasures.erase(person)
    anne.sync()
    benoit.put("need", need, title="Serveur")
    benoit.put("person", person, email="une@vougeot.fr")
    level(benoit, anne)
    found = {one.fields["unit"]: one.fields for one in anne.services.conflicts.open()}
    assert found["title"]["base"] == f"Site de {ERASED}"
    assert found["email"]["base"] == ""
    assert (held_by(central), held_by(central, EMAIL)) == ([], [])


def test_no_laptop_keeps_what_the_central_said_of_needs_elsewhere(
    pair: Pair, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    marc = laptop("marc")
    marc.enrol(central.facilitator(central.commission("Auxois"), name="Marc"))
    person, _ = named_need(anne, benoit)
    marc.sync()
    assert marc.services.search.find("zebulonnet")
    anne.services.erasures.erase(person)
    level(anne, marc)
    assert holding(anne.services.workspace.folder) == []
    assert marc.services.search.find("zebulonnet") == []
    digests = [one for one in marc.state() if marc.stored(one).envelope.kind == "need_digest"]
    assert NAME not in str([marc.services.records.history(one) for one in digests])


def test_what_was_erased_and_deleted_together_goes_though_its_pairs_pass_a_batch(
    tmp_path: Path, laptop: Callable[..., Laptop]
) -> None:
    with start_central(tmp_path / "small", limits=Limits(ops=10)) as central:
        anne, benoit = enrolled(
            central, laptop("anne", central=central), laptop("benoit", central=central)
        )
        person = anne.put("person", first_name="Ondine", last_name=NAME)
        meeting = anne.put("meeting", title="Printemps", starts_at="2027-03-19T18:30:00+01:00")
        for n in range(8):
            anne.services.agenda.add(meeting, {"title": f"M. {NAME}, {n}", "kind": "need"})
        level(anne, benoit)
        anne.services.erasures.erase(person)
        anne.services.records.delete(meeting, cascade=True)
        assert anne.sync().refused == []
        assert (held_by(central), anne.services.sync.status().pending) == ([], 0)
        benoit.sync(accept_deletions=True)
        assert anne.state() == benoit.state()


def test_a_pair_is_not_cut_in_two(troubled: Pair, meddler: Meddler, central: Central) -> None:
    anne, benoit = troubled
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    needs = [anne.put("need", title=f"M. {NAME}, {n}") for n in range(4)]
    level(anne, benoit)
    for need in needs:
        anne.services.records.delete(need)
    level(anne, benoit)
    before = [anne.stored(one).envelope.revision for one in needs]
    anne.services.erasures.erase(person)
    meddler.next(*[saying(413)] * 3)
    report = anne.sync()
    assert sorted(line.id for line in report.sent) == sorted([person, *needs])
    assert [anne.stored(one).envelope.revision for one in needs] == [one + 2 for one in before]
    assert held_by(central) == []
    benoit.sync()
    assert anne.state() == benoit.state()


def test_what_is_brought_back_while_its_pair_is_on_its_way_lives(
    troubled: Pair, meddler: Meddler, central: Central
) -> None:
    anne, benoit = troubled
    person, need = named_need(anne, benoit)
    anne.services.records.delete(need)
    level(anne, benoit)
    anne.services.erasures.erase(person)

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        anne.services.trash.restore(need)
        anne.put("need", need, reason="Il en faut un.")
        return answer

    meddler.next(meanwhile)
    anne.sync()
    level(anne, benoit)
    assert (benoit.get(need)["reason"], held_by(central)) == ("Il en faut un.", [])
    assert anne.state() == benoit.state()


def test_a_conflict_deleted_here_and_elsewhere_stays_so(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Un")
    level(anne, benoit)
    anne.put("need", need, title="Deux")
    benoit.put("need", need, title="Trois")
    level(anne, benoit)
    (conflict,) = anne.services.conflicts.open()
    for one in pair:
        one.services.records.delete(conflict.id)
    level(anne, benoit)
    for one in pair:
        assert one.stored(conflict.id).envelope.deleted
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("deletion_is_lost", [False, True])
def test_a_restored_central_is_not_told_of_what_the_gip_deleted(
    pair: Pair,
    central: Central,
    copies: Copies,
    laptop: Callable[..., Laptop],
    deletion_is_lost: bool,
) -> None:
    anne, benoit = pair
    gip = of_the_gip(central, laptop)
    fields = {"name": "Syndicat", "notes": f"Voir M. {NAME}."}
    body = gip.services.records.create("organisation", fields, None).id
    gip.sync()
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    level(anne, benoit)
    if deletion_is_lost:
        copies.save()
    gip.services.records.delete(body)
    gip.sync()
    level(anne, benoit)
    if not deletion_is_lost:
        copies.save()
    anne.services.erasures.erase(person)
    anne.sync()
    copies.restore()
    assert anne.sync().refused == []
    level(gip, anne)
    assert anne.services.sync.status().pending == 0
    assert anne.stored(body).envelope.deleted


def test_what_was_erased_of_a_deleted_need_reaches_all_though_a_freeze_holds_it(
    pair: Pair, closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    words = {"title": "Site", "words": "Il tombe.", "raised_at_meeting_id": closed[0]}
    person, need = named_need(anne, benoit, **words)
    benoit.put("need", need, title=f"Site de M. {NAME}")
    benoit.services.records.delete(need)
    benoit.services.erasures.erase(person)
    anne.services.minutes.freeze(closed[0])
    anne.sync()
    level(anne, benoit)
    for one in pair:
        found = one.stored(need).envelope
        assert (found.deleted, found.fields["title"]) == (False, f"Site de {ERASED}")
    assert anne.state() == benoit.state()
