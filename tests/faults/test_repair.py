"""Damaged workspaces are found and rebuilt, and what is lost is said."""

from __future__ import annotations

import math
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, func, select

from app.bootstrap import Services, open_services
from app.domain.records import Envelope, reference_id
from app.domain.validation import defaults
from app.errors import Damaged, Locked, StorageError, UserError
from app.services import doctor, workspaces
from app.services.changes import Change
from app.storage import database, health, protection, tables, workspace
from app.storage.backup import read_backup
from app.storage.salvage import Salvage
from tests.databases.make_frozen import WORDS
from tests.faults.damage import MOST, PAGE, Model, damaged, files, model
from tests.workspaces import edited, new_workspace

REPAIRS = int(os.environ.get("SOAK_REPAIRS", "1"))
MODES = ("none", "passphrase")
DAMAGES = [("none", "flip"), ("passphrase", "zero"), ("none", "cut")]
if REPAIRS > 1:
    DAMAGES = [(mode, how) for mode in MODES for how in ("flip", "zero", "cut")]


@pytest.fixture
def patient(tmp_path: Path) -> Callable[[str], tuple[Model, Path]]:
    """A fresh copy of the model workspace of a mode."""

    def make(mode: str) -> tuple[Model, Path]:
        one = model(mode)
        folder = tmp_path / f"espace {len(list(tmp_path.iterdir()))}"
        shutil.copytree(one.folder, folder)
        return one, folder

    return make


@pytest.mark.parametrize(("mode", "how"), DAMAGES)
def test_what_is_readable_comes_back_at_its_latest_and_what_is_lost_is_named(
    patient: Callable[[str], tuple[Model, Path]], mode: str, how: str
) -> None:
    chance = random.Random(f"{mode} {how} 1828")
    for _ in range(REPAIRS):
        one, folder = patient(mode)
        path = folder / "commissions.db"
        damaged(path, how, chance)
        salvage = Salvage(path, one.key)
        readable = salvage.records().keys() - salvage.stray if mode == "passphrase" else set()
        before = files(folder)
        findings, losable = doctor.doctor(folder, one.secret)
        assert files(folder) == before
        repair = doctor.mend(folder, one.secret)
        if repair is None:  # a bit that no page uses, in a plain file
            assert findings[0].ok
            assert (mode, how) == ("none", "flip")
            continue
        assert not findings[0].ok
        assert losable == repair.lost
        assert repair.aside is not None
        assert (repair.aside / "commissions.db").read_bytes() == before["commissions.db"]
        whole = readable - salvage.rowless
        lost = {lost.id for lost in repair.lost}
        if not salvage.lines["record"]:  # then all that came after the copy is said to be lost
            lost |= one.final.keys()
        # nothing tells an id of a plain file from another, nor words whose history is lost too
        letters = MOST if (mode, how) == ("none", "flip") else 0
        _check(one, folder, lost, whole, readable, letters=letters)


def _check(
    one: Model,
    folder: Path,
    lost: set[str],
    readable: set[str],
    worded: set[str] | None = None,
    *,
    letters: int = 0,
) -> None:
    """`readable` were whole in the damaged file, of `worded` the fields were at the least.

    As many `letters` of the id that a loss is told by may be others.
    """
    services = open_services(folder, one.secret)
    with services.workspace.reading() as unit:
        held = {envelope.id: envelope for envelope in unit.select(deleted=True)}
    assert one.copied.keys() <= held.keys()
    for record_id, last in one.final.items():
        found = held.get(record_id)
        same = found is not None and _read(found) == _read(last)
        told = any(_distance(record_id, each) <= letters for each in lost)
        assert same or told or ("" in lost and (found is None or letters))
        assert same or record_id not in readable
        assert record_id not in (worded or ()) or (found and found.fields == last.fields)
    assert len(services.records.list("organisation")) > 3700
    assert services.search.find("besoin")
    need = services.records.create("need", {"title": "La suite"})
    assert services.records.history(need.id)[0].changes["title"] == ["", "La suite"]
    services.close()
    assert health.faults(folder / "commissions.db", one.key, opened=False) == []


def _read(state: Envelope) -> tuple[dict[str, Any], bool]:
    """What is read of a state: a field whose name lost a letter is at its default."""
    fields = {name: state.fields.get(name, one) for name, one in defaults(state.kind).items()}
    return fields, state.deleted


def _distance(one: str, other: str) -> float:
    """How many letters differ; infinite where one has more of them."""
    if len(one) != len(other):
        return math.inf
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("table", ["record", "content"])
def test_a_lost_page_costs_nothing_that_the_copy_and_the_history_hold(
    patient: Callable[[str], tuple[Model, Path]], mode: str, table: str
) -> None:
    one, folder = patient(mode)
    _lose_pages(folder, one.key, table)
    repair = doctor.mend(folder, one.secret)
    assert repair is not None
    assert repair.copy is not None
    assert list(repair.lost) == []
    _check(one, folder, set(), set(one.final))


def _lose_pages(folder: Path, key: bytes | None, table: str) -> None:
    """Zeroes the last pages of a table."""
    path = folder / "commissions.db"
    content = bytearray(path.read_bytes())
    for number in Salvage(path, key).leaves(table)[-4:]:
        content[(number - 1) * PAGE : number * PAGE] = bytes(PAGE)
    path.write_bytes(content)


def test_words_whose_row_is_lost_come_back_without_a_copy_or_a_history(services: Services) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"title": "Zinguerie"})
    with services.workspace.unit("essai") as unit:
        unit.connection.execute(delete(tables.history))
        unit.commit()
    folder = services.workspace.folder
    services.close()
    _lose_pages(folder, None, "record")
    assert doctor.mend(folder, None) is not None
    again = open_services(folder)
    assert again.records.get(need.id).fields.title == "Zinguerie"
    assert again.records.get(need.id).commission_id == need.commission_id
    with again.workspace.reading() as unit:
        assert need.id in {stored.envelope.id for stored in edited(unit)}
    again.close()


def test_edits_stand_on_what_the_copy_held_when_their_base_is_lost(services: Services) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"title": "Zinguerie"})
    with services.workspace.unit("essai") as unit:
        stored = unit.stored(need.id)
        assert stored is not None
        unit.receive(msgspec.structs.replace(stored.envelope, revision=7))
        unit.commit()
    services.backups.save()
    services.records.update(need.id, {"title": "Le toit"})
    folder = services.workspace.folder
    services.close()
    _lose_pages(folder, None, "base")
    assert doctor.mend(folder, None) is not None
    again = open_services(folder)
    with again.workspace.reading() as unit:
        (stored,) = (one for one in edited(unit) if one.envelope.id == need.id)
    assert stored.base is not None
    assert (stored.base["title"], stored.envelope.fields["title"]) == ("Zinguerie", "Le toit")
    again.close()


def test_words_wiped_out_since_the_copy_are_no_lost_change(services: Services) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"title": "Zinguerie"})
    services.backups.save()
    for words in ("abc", ""):
        services.records.put([Change("need", {"words": words}, need.id)], burst="ici")
    services.records.update(need.id, {"title": "Le toit"})
    folder = services.workspace.folder
    services.close()
    _lose_pages(folder, None, "record")
    repair = doctor.mend(folder, None)
    assert repair is not None
    assert list(repair.lost) == []


@pytest.mark.parametrize("schema", ["0001", "0003"])
def test_a_damaged_workspace_of_a_former_schema_is_repaired(tmp_path: Path, schema: str) -> None:
    folder = tmp_path / "espace"
    folder.mkdir()
    read_backup(Path(__file__).parents[1] / "databases" / f"{schema}.sauvegarde", folder)
    _lose_pages(folder, None, "search_data")
    assert doctor.mend(folder, None) is not None
    again = open_services(folder)
    (need,) = again.records.list("need")
    assert need.fields.words == WORDS
    assert len(again.records.list("organisation")) > 3700
    again.close()


def test_a_record_to_which_a_newer_program_added_a_field_is_read_whole(services: Services) -> None:
    services.records.create("commission", {"name": "Auxois"}, None)
    made = services.records.envelope(services.records.create("need", {"title": "Toit"}).id)
    with services.workspace.unit("Nouvelle version") as unit:
        unit.save(msgspec.structs.replace(made, fields=made.fields | {"mood": "Pressé"}))
        unit.commit()
    folder = services.workspace.folder
    services.close()
    line = Salvage(folder / "commissions.db", None).records()[made.id]
    assert '"mood":"Pressé"' in line["fields"]


def without_a_page(path: Path, text: bytes) -> None:
    """Zeroes each page of a plain database that holds a text."""
    content = bytearray(path.read_bytes())
    while (place := content.find(text)) >= 0:
        start = place - place % PAGE
        content[start : start + PAGE] = bytes(PAGE)
    path.write_bytes(content)


@pytest.mark.parametrize("left", ["the setting", "a copy that has it", "no history"])
def test_the_best_copy_may_be_on_a_stick(tmp_path: Path, services: Services, left: str) -> None:
    """Beside those of another workspace, which only the header tells from ours without history."""
    stick = tmp_path / "clé"
    stick.mkdir()
    services.records.create("commission", {"name": "Auxois"}, None)
    if left == "the setting":
        services.backups.save()
    services.settings.set("backup_folder", str(stick))
    if left == "a copy that has it":
        services.backups.save()
    need = services.records.create("need", {"title": "Zinguerie"})
    latest = services.backups.save(stick / "à moi.sauvegarde")
    other = Services(new_workspace(tmp_path / "autre", "autre"))
    for _ in range(5):
        other.records.create("commission", {"name": "Morvan"}, None)
    other.backups.save(stick / "celle d'un autre.sauvegarde")
    other.close()
    folder = services.workspace.folder
    services.close()
    lost = {"a copy that has it": b"backup_folder", "no history": b'["","Zinguerie"]'}
    for text in (b"Zinguerie", lost.get(left, b"Zinguerie")):
        without_a_page(folder / "commissions.db", text)
    stick.rename(tmp_path / "tiroir")
    findings, losable = doctor.doctor(folder, None)
    assert not findings[0].ok
    if left != "a copy that has it":
        assert "branchez-le avant de réparer" in losable[0].sentence
    (tmp_path / "tiroir").rename(stick)
    repair = doctor.mend(folder, None)
    assert repair is not None
    assert (repair.copy, list(repair.lost)) == (latest, [])
    assert "« à moi.sauvegarde »" in repair.sentence
    again = open_services(folder)
    assert again.records.get(need.id).fields.title == "Zinguerie"
    again.close()


@pytest.mark.parametrize("mode", MODES)
def test_a_lost_first_page_loses_no_record(
    patient: Callable[[str], tuple[Model, Path]], mode: str
) -> None:
    one, folder = patient(mode)
    path = folder / "commissions.db"
    content = bytearray(path.read_bytes())
    content[5] ^= 0x40  # of the magic words, or of the cipher's salt
    content[2000] ^= 0x40
    path.write_bytes(content)
    repair = doctor.mend(folder, one.secret)
    assert repair is not None
    assert list(repair.lost) == []
    _check(one, folder, set(), set(one.final))


@pytest.mark.parametrize("mode", MODES)
def test_a_bad_frame_of_the_log_is_found_before_sqlite_drops_what_follows(
    tmp_path: Path, mode: str
) -> None:
    one = model(mode)
    folder = tmp_path / "espace"
    shutil.copytree(one.folder, folder)
    services = open_services(folder, one.secret)
    needs = [services.records.create("need", {"title": f"Séance {n}"}).id for n in range(9)]
    killed = tmp_path / "après la coupure"
    shutil.copytree(folder, killed)
    services.close()
    log = bytearray((killed / "commissions.db-wal").read_bytes())
    log[32 + (24 + PAGE) * 3 + 1000] ^= 1
    (killed / "commissions.db-wal").write_bytes(log)
    findings, _ = doctor.doctor(killed, one.secret)
    assert not findings[0].ok
    assert doctor.mend(killed, one.secret) is not None
    again = open_services(killed, one.secret)
    held = {need.id for need in again.records.list("need")}
    again.close()
    assert set(needs[1:]) <= held


def test_a_letter_changed_in_a_plain_file_is_found_and_put_right(
    patient: Callable[[str], tuple[Model, Path]],
) -> None:
    one, folder = patient("none")
    path = folder / "commissions.db"
    content = path.read_bytes()
    record = next(e for e in one.final.values() if e.fields["title"] == "Besoin 20")
    place = content.index(b'{"title":"Besoin 20"')
    path.write_bytes(content[:place] + b'{"title":"Besoim 20"' + content[place + 20 :])
    findings, _ = doctor.doctor(folder, None)
    assert not findings[0].ok
    repair = doctor.mend(folder, None)
    assert repair is not None
    assert list(repair.lost) == []
    _check(one, folder, set(), {record.id})


@pytest.mark.parametrize("value", ["[1]", '"mot"', "3", "null"])
@pytest.mark.parametrize("place", ["content.fields", "base.fields", "history.changes"])
def test_a_value_of_another_kind_is_found_and_put_right(
    patient: Callable[[str], tuple[Model, Path]], place: str, value: str
) -> None:
    one, folder = patient("none")
    table, _, column = place.partition(".")
    driver = database.connect(folder / "commissions.db", None)
    driver.execute("INSERT INTO base SELECT max(n), '{}', 0 FROM record")
    statement = f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT max(rowid) FROM {table})"
    assert driver.execute(statement, (value,)).rowcount == 1
    driver.close()
    findings, _ = doctor.doctor(folder, None)
    assert not findings[0].ok
    if table == "content":
        ailing = open_services(folder)
        with pytest.raises(Damaged, match="doctor"):
            ailing.records.envelopes("need")
        ailing.close()
    repair = doctor.mend(folder, None)
    assert repair is not None
    _check(one, folder, set(), set(one.final))


@pytest.mark.parametrize("gone", [False, True])
def test_a_header_damaged_or_gone_is_taken_from_the_copy(
    patient: Callable[[str], tuple[Model, Path]], gone: bool
) -> None:
    one, folder = patient("passphrase")
    header = folder / "protection.json"
    header.write_bytes(header.read_bytes().replace(b'"sealed"', b'"sealad"', 1))
    if gone:
        header.unlink()
        with pytest.raises(Damaged, match="manque"):
            open_services(folder, one.secret)
    findings, _ = doctor.doctor(folder, one.secret)
    assert not findings[0].ok
    repair = doctor.mend(folder, one.secret)
    assert repair is not None
    assert list(repair.lost) == []
    _check(one, folder, set(), set(one.final))


def test_a_header_is_taken_from_a_stick_that_nothing_here_names_any_more(
    patient: Callable[[str], tuple[Model, Path]], tmp_path: Path
) -> None:
    """The copies of another workspace lie there too, under a passphrase that is not known here."""
    one, folder = patient("passphrase")
    stick = tmp_path / "clé"
    (folder / "sauvegardes").rename(stick)
    other = tmp_path / "autre"
    lock = protection.choose("passphrase", "une tout autre phrase", workspace="autre")
    workspace.create(other, lock).close()
    workspaces.save(other, "une tout autre phrase", stick / "commissions-zz.sauvegarde")
    (folder / "protection.json").unlink()
    before = files(folder)
    with pytest.raises(Damaged, match=r"Aucune copie .* désignez son dossier.*--from"):
        doctor.mend(folder, one.secret)
    findings, lost = doctor.doctor(folder, one.secret)
    assert "--from" in findings[0].sentence
    assert lost == []
    with pytest.raises(UserError, match="n'existe pas"):
        doctor.mend(folder, one.secret, elsewhere=tmp_path / "tiroir")
    with pytest.raises(Locked):
        doctor.mend(folder, "pas la bonne phrase", elsewhere=stick)
    assert files(folder) == before
    assert doctor.doctor(folder, one.secret, next(stick.glob("*-jour.sauvegarde")))[1] == []
    repair = doctor.mend(folder, one.secret, elsewhere=stick)
    assert repair is not None
    assert list(repair.lost) == []
    _check(one, folder, set(), set(one.final))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("header", [True, False])
def test_a_database_that_is_gone_comes_back_from_the_last_good_copy(
    patient: Callable[[str], tuple[Model, Path]], mode: str, header: bool
) -> None:
    one, folder = patient(mode)
    (folder / "commissions.db").unlink()
    if not header:
        (folder / "protection.json").unlink()
    (folder / "sauvegardes" / "commissions-2099-01-01-jour.sauvegarde").write_bytes(b"abc")
    before = files(folder)
    with pytest.raises(Damaged, match="la reconstruit de la dernière copie"):
        open_services(folder, one.secret)
    with pytest.raises(UserError, match="n'est pas un dossier vide"):
        workspace.check_free(folder)
    findings, losable = doctor.doctor(folder, one.secret)
    assert not findings[0].ok
    assert "manque" in findings[0].sentence
    assert files(folder) == before
    repair = doctor.mend(folder, one.secret)
    assert repair is not None
    assert [lost.sentence for lost in repair.lost] == [lost.sentence for lost in losable]
    assert len(repair.lost) == 1
    assert "Ce qui a été écrit après la copie du" in repair.lost[0].sentence
    assert "s'y lisait" not in repair.sentence
    assert "None" not in repair.sentence
    services = open_services(folder, one.secret)
    held = {record_id: services.records.envelope(record_id) for record_id in one.copied}
    services.close()
    assert {n: e.fields for n, e in held.items()} == {n: e.fields for n, e in one.copied.items()}
    assert doctor.mend(folder, one.secret) is None


def test_no_empty_database_takes_the_place_of_one_that_is_gone(
    patient: Callable[[str], tuple[Model, Path]],
) -> None:
    one, folder = patient("passphrase")
    (folder / "commissions.db").write_bytes(b"")
    shutil.rmtree(folder / "sauvegardes")
    before = files(folder)
    for gone in (False, True):
        if gone:
            (folder / "commissions.db").unlink()
            before = files(folder)
        with pytest.raises(Damaged, match="Aucune copie"):
            doctor.mend(folder, one.secret)
        assert files(folder) == before


def test_what_the_log_of_a_lost_database_still_holds_comes_back_too(
    patient: Callable[[str], tuple[Model, Path]], tmp_path: Path
) -> None:
    one, folder = patient("passphrase")
    services = open_services(folder, one.secret)
    need = services.records.create("need", {"title": "Après la copie"})
    killed = tmp_path / "après la coupure"
    shutil.copytree(folder, killed)
    services.close()
    (killed / "commissions.db").unlink()
    assert doctor.mend(killed, one.secret) is not None
    again = open_services(killed, one.secret)
    assert again.records.get(need.id).fields.title == "Après la copie"
    assert again.records.list("need")
    again.close()


def test_a_repair_that_fails_leaves_every_file_as_it_was(
    patient: Callable[[str], tuple[Model, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, folder = patient("none")
    damaged(folder / "commissions.db", "zero", random.Random(3))
    before = files(folder)
    real = Path.replace
    for failing in range(1, 4):
        count = 0

        def replace(source: Path, target: Path, failing: int = failing) -> Path:
            nonlocal count
            count += 1
            if count == failing:
                raise OSError(5, "Input/output error")
            return real(source, target)

        monkeypatch.setattr(Path, "replace", replace)
        with pytest.raises(StorageError):
            doctor.mend(folder, one.secret)
        monkeypatch.undo()
        assert files(folder) == before
    assert doctor.mend(folder, one.secret) is not None


def test_a_healthy_workspace_has_nothing_to_repair(
    patient: Callable[[str], tuple[Model, Path]],
) -> None:
    for mode in MODES:
        one, folder = patient(mode)
        before = files(folder)
        assert doctor.mend(folder, one.secret) is None
        assert files(folder) == before


def test_what_was_erased_since_the_copy_does_not_come_back(
    services: Services, commission_id: str
) -> None:
    person = services.records.create("person", {"last_name": "Zébulonnet", "first_name": "Léa"})
    need = services.records.create(
        "need", {"title": "Fibre", "words": "Léa Zébulonnet la demande."}
    )
    gone = services.records.create("need", {"title": "Demande de Léa Zébulonnet"})
    services.records.delete(gone.id)
    services.backups.daily()
    services.erasures.erase(person.id)
    words = services.records.get(need.id).fields.words
    folder = services.workspace.folder
    services.close()
    path = folder / "commissions.db"
    assert health.faults(path, None, opened=False) == []
    content = path.read_bytes()
    place = content.index(b'"title":"Fibre"')
    path.write_bytes(content[:place] + b'"title":"Fibra"' + content[place + 15 :])
    assert doctor.mend(folder, None) is not None
    again = open_services(folder)
    assert again.records.get(need.id).fields.words == words
    assert again.records.get(need.id).fields.title == "Fibre"
    again.close()
    assert b"bulonnet" not in path.read_bytes()


def test_a_loss_without_a_title_is_named_by_what_it_is_about(services: Services) -> None:
    town = reference_id("organisation", "21716")
    services.records.create("commission", {"name": "Auxois"}, None)
    meeting = services.records.create("meeting", {"title": "Séance de mars"})
    person = services.records.create("person", {"first_name": "Jeanne", "last_name": "Roux"})
    solution = services.records.create("solution", {"title": "Sauvegarde"})
    for kind, fields in (
        ("roster_entry", {"organisation_id": town}),
        ("attendance", {"meeting_id": meeting.id, "person_id": person.id}),
        ("commitment", {"solution_id": solution.id, "organisation_id": town}),
    ):
        services.records.create(kind, fields)
    services.backups.save()
    services.records.update(meeting.id, {"title": "Séance d'avril"})
    with services.workspace.unit("essai") as unit:
        newest = select(func.max(tables.history.c.change)).scalar_subquery()
        unit.connection.execute(delete(tables.history).where(tables.history.c.change == newest))
        unit.commit()
    folder = services.workspace.folder
    services.close()
    _lose_pages(folder, None, "record")
    repair = doctor.mend(folder, None)
    assert repair is not None
    told = {one.kind: one.sentence.rpartition(" : ")[2] for one in repair.lost}
    assert told["roster_entry"] == "siège « Vougeot (21) »."
    assert told["attendance"] == "présence « Jeanne Roux »."
    assert told["commitment"] == "engagement « Vougeot (21) »."
