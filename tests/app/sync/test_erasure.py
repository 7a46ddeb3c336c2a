"""A person erased from what the central knows: the next sync tells it, and leaves no word here."""

from __future__ import annotations

from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path

import pytest

from app.central.held import Held, held_in, query_held
from app.domain.erasure import ERASED, emptied
from app.errors import SyncError, UserError
from app.services import forgetting
from app.sync import link as ties
from tests.app.services.test_personal_data import NAME, holding
from tests.app.sync.conftest import Laptop, enrolled
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_after, cut_before
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_frozen_minutes import closed
from tests.app.sync.test_restored_central import Copies, copies
from tests.central_server import Central
from tests.faults.disk import Disk, full_from
from ui.words.sync import summary

__all__ = ["closed", "copies"]


def test_no_file_holds_the_name_once_the_central_was_told_of_the_erasure(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    words = f"Ondine {NAME} : il tombe. {'Encore et encore. ' * 40}"
    needs = [anne.put("need", title=f"Besoin {n}", words=words) for n in range(40)]
    anne.sync()
    benoit.sync()
    anne.put("need", needs[0], words="Il tombe.")  # the name is in what this edit stands on alone
    anne.services.erasures.erase(person)
    for need in needs[1:]:
        anne.put("need", need, title="Serveur")
    folder = anne.services.workspace.folder
    assert holding(folder)
    anne.sync()
    assert holding(folder) == []
    assert (folder / "commissions.db-wal").exists()
    benoit.sync()
    assert benoit.get(person)["last_name"] == ERASED
    assert benoit.get(needs[0])["words"] == "Il tombe."
    assert benoit.get(needs[1])["words"].startswith(f"{ERASED} : il tombe.")


def untold_in(laptop: Laptop) -> list[str]:
    with laptop.services.workspace.reading() as unit:
        ids: list[str] = unit.setting("erasures_untold")
    return ids


def cut_after_an_answer(laptop: Laptop, meddler: Meddler, need: str) -> None:
    """Cuts a sync once its first answer came, while the need is written in."""

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        laptop.put("need", need, title="Serveur")
        return answer

    meddler.next(meanwhile, *[cut_before] * 3)
    with pytest.raises(SyncError):
        laptop.sync()
    meddler.next()


def test_what_the_central_does_not_know_yet_is_waited_for(
    troubled: tuple[Laptop, Laptop], meddler: Meddler
) -> None:
    anne, _ = troubled
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    need = anne.put("need", words=f"Ondine {NAME} : il tombe.")
    anne.sync()
    anne.services.erasures.erase(person)
    assert forgetting.take_out(anne.services.workspace) == ""
    assert holding(anne.services.workspace.folder) == ["commissions.db"]

    cut_after_an_answer(anne, meddler, need)
    assert set(untold_in(anne)) == {person, need}
    anne.sync()
    assert (holding(anne.services.workspace.folder), untold_in(anne)) == ([], [])


def test_files_that_cannot_be_rewritten_are_told_and_tried_again(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, _ = pair
    need = anne.put("need", title="Site")
    anne.sync()
    workspace = anne.services.workspace
    with workspace.unit("Effacement") as unit:
        unit.set_setting("erasures_untold", [need])
        unit.commit()
    with full_from(1)():
        said = forgetting.take_out(workspace)
    assert "se lit encore" in said and "plein" in said
    assert untold_in(anne) == [need]
    assert forgetting.take_out(workspace) == ""
    assert untold_in(anne) == []
    assert anne.get(need)["title"] == "Site"


def _erased_by(anne: Laptop, benoit: Laptop) -> str:
    """A person whom Anne has erased, and Benoît does not know to be so yet."""
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    return person


def _written_of_meanwhile(anne: Laptop, benoit: Laptop) -> str:
    """The same, once Benoît's laptop gave them an address before it heard of it."""
    person = _erased_by(anne, benoit)
    benoit.put("person", person, email="ondine@vougeot.fr")
    level(anne, benoit)
    return person


def test_what_another_laptop_wrote_of_who_was_erased_is_erased_again(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _written_of_meanwhile(anne, benoit)
    assert (anne.get(person)["last_name"], anne.get(person)["email"]) == (
        ERASED,
        "ondine@vougeot.fr",
    )
    shown = anne.services.erasures.preview(person)
    assert [(one.before, one.after) for one in shown.edits] == [("ondine@vougeot.fr", "")]
    anne.services.erasures.erase(person)
    level(anne, benoit)
    assert benoit.get(person)["email"] == ""
    assert anne.state() == benoit.state()
    with pytest.raises(UserError, match="déjà effacée"):
        benoit.services.erasures.preview(person)


def test_who_was_written_of_meanwhile_is_erased_again_from_what_still_names_them(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _erased_by(anne, benoit)
    benoit.put("person", person, email="ondine@vougeot.fr")
    need = benoit.put("need", words=f"Ondine {NAME} (ondine@vougeot.fr) : il tombe.")
    level(anne, benoit)
    benoit.services.erasures.erase(person)
    assert benoit.get(need)["words"] == f"{ERASED} ({ERASED}) : il tombe."
    level(benoit, anne)
    for one in pair:
        assert holding(one.services.workspace.folder) == []
    assert anne.state() == benoit.state()


def test_no_conflict_holds_the_name_once_it_is_erased_again(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _erased_by(anne, benoit)
    benoit.put("person", person, first_name="Ondyne", last_name=f"{NAME}-Roux")
    level(anne, benoit)
    first, second = benoit.services.conflicts.open()
    benoit.services.conflicts.resolve(first.id, "theirs")
    level(benoit, anne)
    assert holding(anne.services.workspace.folder)
    edits = anne.services.erasures.preview(person).edits
    shown = {(one.field, one.before, one.after) for one in edits if one.kind == "conflict"}
    assert {field for field, _, _ in shown} == {"Prénom", "Nom"}
    assert ("Prénom", "Ondyne", "") in shown
    assert ("Nom", f"{NAME}-Roux", ERASED) in shown
    anne.services.erasures.erase(person)
    level(anne, benoit)
    assert holding(anne.services.workspace.folder) == []
    for one in pair:
        assert one.services.conflicts.open() == []
        assert NAME not in str([one.get(each.id) for each in (first, second)])
        assert one.get(person)["last_name"] == ERASED
    assert anne.state() == benoit.state()


def test_texts_that_name_who_was_erased_meanwhile_are_told_once(
    pair: tuple[Laptop, Laptop], closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    before = anne.put("need", title="Site", words=f"Ondine {NAME} : il tombe.")
    anne.put("agenda_item", item, notes=f"Ondine {NAME} parle.")
    level(anne, benoit)
    anne.services.minutes.freeze(meeting)
    person = _erased_by(anne, benoit)
    benoit.put("need", before, words=f"Ondine {NAME} : il tombe. Encore.")
    late = [benoit.put("need", title=f"Besoin {n}", words=f"Mme {NAME}.") for n in range(2)]
    benoit.services.records.delete(benoit.put("need", title=f"Mme {NAME}"))
    anne.sync()
    report = benoit.sync()
    (said,) = report.notes
    assert said == (
        "Besoin « Besoin 0 » et besoin « Besoin 1 » nomment encore une personne effacée depuis un"
        " autre ordinateur : faites-lui une fiche, avec le nom, le courriel ou le téléphone qu'on y"
        " lit, puis « Effacer cette personne… » l'en retirera."
    )
    assert report.asks and said in summary(report)
    assert benoit.sync().is_bare
    again = benoit.put("person", first_name="Ondine", last_name=NAME)
    benoit.services.erasures.erase(again)
    assert all(NAME not in str(benoit.get(one)) for one in late)
    level(benoit, anne)
    assert anne.state() == benoit.state()
    assert anne.get(person)["last_name"] == ERASED


def test_what_may_change_of_a_record_that_minutes_hold_is_told_too(
    pair: tuple[Laptop, Laptop], closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    action = anne.put("action", agenda_item_id=item, text=f"Appeler Ondine {NAME}.")
    level(anne, benoit)
    anne.services.minutes.freeze(meeting)
    _erased_by(anne, benoit)
    benoit.put("action", action, outcome=f"Mme {NAME} rappellera.")
    anne.sync()
    (said,) = benoit.sync().notes
    assert said.startswith("Suite à donner « ") and "nomme encore" in said
    benoit.services.erasures.erase(benoit.put("person", first_name="Ondine", last_name=NAME))
    assert benoit.get(action)["outcome"] == f"{ERASED} rappellera."


@pytest.mark.parametrize("between", ["a new start", "another erasure"])
def test_texts_that_name_who_was_erased_are_told_though_the_sync_that_heard_it_was_cut(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], between: str
) -> None:
    anne, benoit = enrolled(central, laptop("anne"), laptop("benoit", meddler))
    _erased_by(anne, benoit)
    need = benoit.put("need", words=f"Mme {NAME}.")
    anne.sync()

    cut_after_an_answer(benoit, meddler, need)
    if between == "a new start":
        assert benoit.services.erasures.finish() == ""
    else:
        benoit.services.erasures.erase(benoit.put("person", last_name="Mercadal"))
    (said,) = benoit.sync().notes
    assert said.startswith("Besoin « Serveur » nomme encore")
    assert benoit.sync().notes == []


def test_texts_that_name_who_was_erased_are_told_until_a_sync_that_was_asked_for(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    _erased_by(anne, benoit)
    needs = [benoit.put("need", title=f"Besoin {n}", words=f"Mme {NAME}.") for n in range(2)]
    anne.sync()
    first = benoit.sync(unasked=True).notes
    assert benoit.sync(unasked=True).notes == first != []
    benoit.services.records.delete(needs[0])
    (said,) = benoit.sync().notes
    assert said.startswith("Besoin « Besoin 1 » nomme encore")
    assert benoit.sync().is_bare


def test_texts_that_name_who_was_erased_are_told_no_more_once_they_are_erased(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    _erased_by(anne, benoit)
    benoit.put("need", title="Site", words=f"Mme {NAME}.")
    anne.sync()
    assert benoit.sync(unasked=True).notes != []
    benoit.services.erasures.erase(benoit.put("person", last_name=NAME))
    assert benoit.sync().notes == []


def test_a_text_that_named_who_was_erased_is_not_told_once_it_is_deleted(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    _erased_by(anne, benoit)
    need = benoit.put("need", words=f"Mme {NAME}.")
    anne.sync()
    assert len(benoit.sync(unasked=True).notes) == 1
    benoit.services.records.delete(need)
    assert benoit.sync().notes == []
    with benoit.services.workspace.reading() as unit:
        assert not forgetting.is_due(unit, ties.load_all(unit))


def test_many_texts_that_name_who_was_erased_are_counted(pair: tuple[Laptop, Laptop]) -> None:
    anne, benoit = pair
    _erased_by(anne, benoit)
    for n in range(7):
        benoit.put("need", title=f"Besoin {n}", words=f"Mme {NAME}.")
    anne.sync()
    (said,) = benoit.sync().notes
    assert "besoin « Besoin 4 » et 2 autres textes nomment encore" in said


def test_the_past_of_other_laptops_forgets_who_was_erased(pair: tuple[Laptop, Laptop]) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=f"{NAME}-Roux")
    need = anne.put("need", words=f"Ondine {NAME} : il tombe.")
    gone = anne.put("need", title=f"Mme {NAME}")
    level(anne, benoit)
    benoit.put("need", need, title="Serveur")
    benoit.put("person", person, last_name=NAME, email="ondine@vougeot.fr")
    benoit.services.records.delete(gone)
    level(benoit, anne)
    assert benoit.services.search.find("zebulonnet")
    benoit.services.spelling.keep(["pictobus", NAME, f"d'{NAME.lower()}"])
    anne.services.erasures.erase(person)
    anne.sync()
    kept = len(benoit.services.records.history(person))
    assert holding(benoit.services.workspace.folder)
    benoit.sync()
    assert holding(benoit.services.workspace.folder) == []
    assert benoit.services.search.find("zebulonnet") == []
    assert benoit.services.spelling.words() == ["pictobus"]
    assert len(benoit.services.records.history(person)) == kept + 1
    assert benoit.get(need)["words"] == f"{ERASED} : il tombe."
    benoit.sync()
    assert anne.state() == benoit.state()


def test_several_are_forgotten_at_once_be_they_deleted_since(pair: tuple[Laptop, Laptop]) -> None:
    anne, benoit = pair
    persons = [anne.put("person", first_name=one, last_name=NAME) for one in ("Ondine", "Alix")]
    need = anne.put("need", words=f"Ondine {NAME} : il tombe. Alix {NAME} : oui.")
    level(anne, benoit)
    benoit.put("need", need, title="Serveur")
    level(benoit, anne)
    for person in persons:
        anne.services.erasures.erase(person)
    anne.services.records.delete(persons[0])
    level(anne, benoit)
    for one in pair:
        assert holding(one.services.workspace.folder) == []
        assert one.services.sync.status().pending == 0
    assert anne.state() == benoit.state()
    assert anne.stored(persons[0]).envelope.deleted


def test_each_of_several_who_are_forgotten_at_once_leaves_the_past_of_other_records(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    names = (NAME, "Grandpierre", "Mercadal")
    persons = [anne.put("person", first_name="Ondine", last_name=one) for one in names]
    need = anne.put("need", words="".join(f"Mme {one} parle. " for one in names))
    level(anne, benoit)
    benoit.put("need", need, words="Serveur")
    level(benoit, anne)
    benoit.services.spelling.keep(names)
    for person in persons:
        anne.services.erasures.erase(person)
    for one in names:
        benoit.put("need", title=f"Besoin de {one}", words=f"Mme {one}.")
    anne.sync()
    (said,) = benoit.sync().notes
    assert all(f"« Besoin de {one} »" in said for one in names)
    past = str(benoit.services.records.history(need))
    assert [one for one in names if one in past] == []
    assert benoit.services.spelling.words() == []


def test_who_was_taken_from_the_trash_to_be_erased_is_erased_everywhere(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    level(anne, benoit)
    anne.services.records.delete(person)
    level(anne, benoit)
    anne.services.records.restore(person)
    anne.services.erasures.erase(person)
    anne.services.records.delete(person)
    level(anne, benoit)
    for one in pair:
        assert holding(one.services.workspace.folder) == []
        assert one.stored(person).envelope.deleted
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("restored", [False, True])
def test_who_is_erased_and_deleted_here_and_deleted_elsewhere_is_erased_everywhere(
    pair: tuple[Laptop, Laptop], copies: Copies, restored: bool
) -> None:
    anne, benoit = pair
    person = _erased_by(anne, benoit)
    copies.save()
    anne.services.records.delete(person)
    benoit.services.records.delete(person)
    benoit.sync()
    if restored:
        copies.restore()
        benoit.sync()
    level(anne, benoit)
    for one in pair:
        assert one.stored(person).envelope.deleted
        assert one.stored(person).envelope.fields["last_name"] == ERASED
        assert NAME not in str(one.services.records.history(person))
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("first", ["anne", "benoit"])
@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("deleted", [False, True])
def test_who_is_erased_stays_so_though_the_central_forgot_who_they_were(
    pair: tuple[Laptop, Laptop], copies: Copies, deleted: bool, told: bool, first: str
) -> None:
    anne, benoit = pair
    copies.save()
    person = anne.put("person", first_name="Yvette", last_name=NAME)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    if deleted:
        anne.services.records.delete(person)
    if told:
        anne.sync()
    copies.restore()
    if first == "benoit":
        benoit.sync(accept_deletions=True)
    level(anne, benoit)
    for one in pair:
        stored = one.stored(person).envelope
        assert (stored.fields["last_name"], stored.deleted) == (ERASED, deleted)
        assert one.services.records.list("conflict") == []
        assert NAME not in str(one.services.records.history(person))
    assert anne.state() == benoit.state()


def test_the_past_of_a_conflict_deleted_since_forgets_them_too(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = anne.put("person", last_name="Faute")
    level(anne, benoit)
    anne.put("person", person, last_name=f"{NAME}-Roux")
    benoit.put("person", person, last_name=NAME)
    level(anne, benoit)
    (conflict,) = anne.services.conflicts.open()
    anne.services.conflicts.resolve(conflict.id, "mine")
    anne.services.records.delete(conflict.id)
    level(anne, benoit)
    anne.services.erasures.erase(person)
    anne.sync()
    benoit.sync()
    for one in pair:
        assert holding(one.services.workspace.folder) == []


def test_who_was_written_of_here_meanwhile_is_forgotten_once_nothing_tells_of_them(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _written_of_meanwhile(anne, benoit)
    assert benoit.get(person)["last_name"] == ERASED
    assert holding(benoit.services.workspace.folder)
    benoit.put("person", person, email="")
    level(benoit, anne)
    assert holding(benoit.services.workspace.folder) == []


def test_the_past_of_what_minutes_froze_keeps_the_name(
    pair: tuple[Laptop, Laptop], closed: tuple[str, str]
) -> None:
    anne, benoit = pair
    meeting, item = closed
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    need = anne.put("need", words=f"Ondine {NAME} : il tombe.")
    level(anne, benoit)
    benoit.put("agenda_item", item, notes=f"Un. Ondine {NAME} : non.")
    level(benoit, anne)
    told = benoit.services.records.history(item)
    anne.services.minutes.freeze(meeting)
    anne.services.erasures.erase(person)
    level(anne, benoit)
    assert benoit.services.records.history(item) == told
    for one in (person, need):
        assert NAME not in str(benoit.services.records.history(one))


def test_a_past_that_cannot_be_rewritten_is_told_and_tried_again(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, _ = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    anne.put("person", person, **emptied())
    anne.sync()
    workspace = anne.services.workspace
    with workspace.unit() as unit:
        ties.keep(unit, ties.ERASED, [person])
        unit.commit()
    with full_from(1)():
        said = forgetting.take_out(workspace)
    assert "se lit encore" in said and "plein" in said
    assert holding(workspace.folder)
    assert forgetting.take_out(workspace) == ""
    assert holding(workspace.folder) == []
    with workspace.reading() as unit:
        assert not forgetting.is_due(unit, ties.load_all(unit))


def held_by(central: Central, word: str = NAME) -> list[Held]:
    """The records in which the central keeps a word, deleted ones too."""
    with central.database.reading() as connection:
        found = held_in(connection.execute(query_held()))
    return [one for one in found if word in one.fields.decode()]


def named_need(anne: Laptop, benoit: Laptop, **fields: str) -> tuple[str, str]:
    """A person, and a need that names them, on both laptops."""
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    words = {"title": f"Site de M. {NAME}", "words": f"Ondine {NAME} : il tombe."}
    need = anne.put("need", **words | fields)
    level(anne, benoit)
    return person, need


def _file_of(central: Central) -> bytes:
    """The bytes of the central's file, once its log was moved there."""
    with central.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        file = connection.exec_driver_sql("PRAGMA database_list").one()[2]
    return Path(file).read_bytes()


def _deleted_need(anne: Laptop, benoit: Laptop, **fields: str) -> tuple[str, str]:
    """A person, and a need that names them, which Anne has deleted and Benoît knows to be so."""
    person, need = named_need(anne, benoit, **fields)
    anne.services.records.delete(need)
    level(anne, benoit)
    return person, need


def test_what_the_central_keeps_of_deleted_records_forgets_who_is_erased(
    pair: tuple[Laptop, Laptop], central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    person, need = _deleted_need(anne, benoit)
    assert {one.id for one in held_by(central)} == {person, need}  # and no digest of the need
    shown = anne.services.erasures.preview(person).edits
    assert {one.title for one in shown if one.kind == "need"} == {f"Site de M. {NAME} (supprimé)"}
    anne.services.erasures.erase(person)
    name = f"besoin « Site de {ERASED} »"
    (leaving,) = [one for one in anne.services.sync.departure().lines if one.id == need]
    assert leaving.sentence == f"À envoyer, modification : {name}."
    assert f"Envoyé : {name}." in [one.sentence for one in anne.sync().sent]
    assert (held_by(central), holding(anne.services.workspace.folder)) == ([], [])
    assert NAME.encode() not in _file_of(central)
    benoit.sync()
    assert benoit.stored(need).envelope.deleted
    assert anne.state() == benoit.state()
    assert [one.kind for one in anne.services.trash.list()] == ["need"]
    late = laptop("chloé")
    late.enrol(central.facilitator(benoit.stored(need).envelope.space))
    late.sync()
    assert late.stored(need).envelope.fields["words"] == f"{ERASED} : il tombe."
    assert late.stored(need).envelope.deleted


def test_what_is_deleted_right_after_the_erasure_keeps_no_name_at_the_central(
    pair: tuple[Laptop, Laptop], central: Central
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    need = anne.put("need", words=f"Ondine {NAME} : il tombe.")
    level(anne, benoit)
    anne.services.erasures.erase(person)
    for one in (need, person):
        anne.services.records.delete(one)
    assert {f"Suppression envoyée : {name}." for name in (f"personne « {ERASED} »", "besoin")} == {
        one.sentence for one in anne.sync().sent
    }
    assert held_by(central) == []
    benoit.sync()
    assert benoit.stored(need).envelope.deleted
    assert anne.state() == benoit.state()


def test_the_erasure_of_what_is_deleted_goes_once_though_its_answer_was_lost(
    troubled: tuple[Laptop, Laptop], meddler: Meddler, central: Central
) -> None:
    anne, benoit = troubled
    person, need = _deleted_need(anne, benoit)
    before = anne.stored(need).envelope.revision
    anne.services.erasures.erase(person)
    meddler.next(cut_after)
    anne.sync()
    assert anne.stored(need).envelope.revision == before + 2
    assert (held_by(central), anne.services.sync.status().pending) == ([], 0)


def test_a_record_brought_back_elsewhere_lives_on_without_the_name(
    pair: tuple[Laptop, Laptop], central: Central
) -> None:
    anne, benoit = pair
    person, need = _deleted_need(anne, benoit)
    benoit.services.trash.restore(need)
    benoit.put("need", need, reason="Il en faut un.")
    benoit.sync()
    anne.services.erasures.erase(person)
    level(anne, benoit)
    assert benoit.get(need)["words"] == f"{ERASED} : il tombe."
    assert (benoit.get(need)["reason"], held_by(central)) == ("Il en faut un.", [])
    assert anne.state() == benoit.state()


def test_what_was_deleted_before_a_freeze_is_said_to_stay_at_the_central(
    pair: tuple[Laptop, Laptop], closed: tuple[str, str], central: Central
) -> None:
    anne, benoit = pair
    meeting, _ = closed
    person, need = _deleted_need(anne, benoit, raised_at_meeting_id=meeting)
    anne.services.minutes.freeze(meeting)
    level(anne, benoit)
    kept = anne.services.erasures.preview(person).kept
    (reason,) = [one.reason for one in kept if one.title.startswith("Besoin")]
    assert "le central le garde comme il a été supprimé" in reason
    anne.services.erasures.erase(person)
    report = anne.sync()
    assert (report.refused, report.needs_user) == ([], False)
    assert [one.id for one in held_by(central)] == [need]
    assert NAME not in anne.stored(need).envelope.fields["words"]
    assert NAME not in str(anne.services.records.history(need))


def test_a_conflict_found_after_the_erasure_stands_on_nothing_that_it_took(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    name, phone = f"Ondine {NAME}", "03 80 11 22 33"
    person = anne.put("person", first_name="Ondine", last_name=NAME, phone=phone)
    need = anne.put("need", title=f"Site de {name}")
    level(anne, benoit)
    anne.services.erasures.erase(person)
    benoit.put("need", need, title="Site web")
    benoit.put("person", person, phone="06 11 22 33 44")
    level(anne, benoit)
    for one in pair:
        found = {each.fields["unit"]: each.fields for each in one.services.conflicts.open()}
        assert found.keys() == {"title", "phone"}
        assert NAME not in str(found)
        assert phone not in str(found)


def test_a_conflict_of_before_the_erasure_keeps_no_address(pair: tuple[Laptop, Laptop]) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME, email="une@vougeot.fr")
    level(anne, benoit)
    anne.put("person", person, email="deux@vougeot.fr")
    anne.sync()
    benoit.put("person", person, email="trois@vougeot.fr")
    benoit.sync()
    anne.services.erasures.erase(person)  # knowing nothing of the conflict
    for _ in range(2):
        anne.sync()
    assert "@vougeot.fr" not in str(anne.state())  # without waiting for another laptop to hear it
    level(anne, benoit)
    for one in pair:
        assert one.services.conflicts.open() == []
        assert "@vougeot.fr" not in str(one.state())
    assert anne.state() == benoit.state()


def test_a_conflict_of_before_the_erasure_is_emptied_though_more_was_written_of_them_meanwhile(
    pair: tuple[Laptop, Laptop], central: Central
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name="Mercadal")
    level(anne, benoit)
    anne.put("person", person, role=NAME)
    anne.sync()
    benoit.put("person", person, role="Adjoint", email="une@vougeot.fr")
    benoit.sync()
    anne.services.erasures.erase(person)  # knowing nothing of the conflict, nor of the address
    for _ in range(2):
        level(anne, benoit)
    for one in pair:
        assert one.services.conflicts.open() == []
        assert one.get(person)["email"] == "une@vougeot.fr"
        assert NAME not in str(one.state())
    assert held_by(central) == []
    assert anne.state() == benoit.state()


def test_a_conflict_over_what_was_written_after_the_erasure_stays(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _written_of_meanwhile(anne, benoit)
    for one, role in zip(pair, ("Adjointe", "Maire"), strict=True):
        one.put("person", person, role=role)
    level(anne, benoit)
    for one in pair:
        (found,) = one.services.conflicts.open()
        sides = {found.fields[side]["value"] for side in ("mine", "theirs")}
        assert (found.fields["unit"], sides) == ("role", {"Adjointe", "Maire"})


def test_a_laptop_that_comes_after_an_erasure_has_nobody_to_forget(
    central: Central,
    pair: tuple[Laptop, Laptop],
    laptop: Callable[..., Laptop],
    closed: tuple[str, str],
) -> None:
    """Its first sync would otherwise rewrite its files, for each person erased in ten years."""
    anne, benoit = pair
    person = _erased_by(anne, benoit)
    anne.services.minutes.freeze(closed[0])
    level(anne, benoit)
    late = laptop("chloé")
    late.enrol(central.facilitator(anne.stored(person).envelope.space))
    late.sync()
    assert late.get(person)["last_name"] == ERASED
    with late.services.workspace.reading() as unit:
        assert ties.kept(unit, ties.ERASED) is None


def test_a_conflict_that_cannot_be_emptied_is_told_and_tried_again(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = _written_of_meanwhile(anne, benoit)
    workspace, side = benoit.services.workspace, {"author": "", "at": None}
    fields = {
        "record_kind": "person", "record_id": person, "unit": "role", "base_revision": 1,
        "mine": side | {"value": "Adjoint"}, "theirs": side | {"value": NAME}, "base": "",
    }  # fmt: skip
    space = benoit.stored(person).envelope.space
    conflict = benoit.services.records.create("conflict", fields, space).id
    workspace.let_go()  # the disk is full for what is opened now, and written to
    with Disk(lambda call: ENOSPC if call.path.endswith("-wal") and call.data else None)():
        said = forgetting.take_out(workspace)
    assert "plein" in said
    assert benoit.get(conflict)["theirs"]["value"] == NAME
    assert forgetting.take_out(workspace) == ""
    emptied_one = benoit.get(conflict)
    assert (emptied_one["theirs"]["value"], emptied_one["status"]) == ("", "resolved")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_conflict_over_who_is_erased_on_both_sides_keeps_no_name(
    pair: tuple[Laptop, Laptop], central: Central, before: bool
) -> None:
    """Whoever corrected the name then erased them too, before or after the conflict came up."""
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name="Mercadal")
    level(anne, benoit)
    benoit.services.erasures.erase(person)
    anne.put("person", person, first_name=NAME)
    anne.sync()
    if before:
        anne.services.erasures.erase(person)
    benoit.sync()
    if not before:
        anne.services.erasures.erase(person)
    for _ in range(2):
        level(anne, benoit)
    assert held_by(central) == []
    for one in pair:
        assert NAME not in str([each.fields for each in one.services.records.list("conflict")])
    assert anne.state() == benoit.state()
