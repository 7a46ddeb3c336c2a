"""Who may open a workspace, and what a thief finds in it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bootstrap import Services, open_services
from app.errors import StorageError, UserError
from app.services import doctor, workspaces
from app.storage import backup, files, keyrings, protection
from app.storage.protection import new_recovery_code, normal_code
from app.storage.workspace import create
from tests.conftest import FakeClock

PASSPHRASE = "quatre mots bien choisis"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What `locked` gives, made once: its key takes long to make."""
    folder = tmp_path_factory.mktemp("modèle") / "protégé"
    lock = protection.choose("passphrase", PASSPHRASE, workspace="essai")
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.records.create("person", {"last_name": "Zébulonnet"})
    services.close()
    assert lock.recovery_code is not None
    return folder, lock.recovery_code


@pytest.fixture
def locked(model: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A workspace under a passphrase, with a named person in it; and its recovery code."""
    folder, code = model
    return shutil.copytree(folder, tmp_path / "protégé"), code


def test_a_protected_workspace_opens_with_its_passphrase_alone(locked: tuple[Path, str]) -> None:
    folder, _ = locked
    with pytest.raises(UserError, match="--passphrase-file"):
        open_services(folder)
    with pytest.raises(UserError, match="n'est pas la bonne"):
        open_services(folder, "une autre phrase")
    services = open_services(folder, PASSPHRASE)
    assert services.records.list("person")[0].fields.last_name == "Zébulonnet"
    services.close()


def test_a_passphrase_opens_however_its_accents_are_typed(tmp_path: Path) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "l'\u00e9t\u00e9 au marais", workspace="essai")
    create(folder, lock).close()
    open_services(folder, "l'e\u0301te\u0301 au marais").close()


def test_a_passphrase_taken_as_its_accents_came_opens_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, passphrase = tmp_path / "espace", "l'e\u0301te\u0301 au marais"
    with monkeypatch.context() as former:
        former.setattr(protection, "normalize", lambda form, text: text)
        lock = protection.choose("passphrase", passphrase, workspace="essai")
    create(folder, lock).close()
    for typed in (passphrase, "l'\u00e9t\u00e9 au marais"):
        open_services(folder, typed).close()


def test_no_name_is_in_the_files_even_while_it_is_open(locked: tuple[Path, str]) -> None:
    folder, _ = locked
    services = open_services(folder, PASSPHRASE)
    services.records.create("person", {"last_name": "Zébulonnet"})
    workspaces.save(folder, PASSPHRASE, folder / "copie")
    held = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with ZipFile(folder / "copie") as copy:  # whose entries are compressed
        held |= {f"copie/{name}": copy.read(name) for name in copy.namelist()}
    assert {"commissions.db-wal", "copie/commissions.db"} <= held.keys()
    assert [name for name, data in held.items() if b"bulonnet" in data] == []
    services.close()


def test_the_recovery_code_opens_when_the_passphrase_is_lost(locked: tuple[Path, str]) -> None:
    folder, code = locked
    done = workspaces.unlock(folder, code.lower(), None, "une nouvelle phrase de passe")
    assert done[:3] == ("passphrase", None, "")
    services = open_services(folder, "une nouvelle phrase de passe")
    assert len(services.records.list("person")) == 1
    services.close()
    workspaces.unlock(folder, code, "none", None)
    open_services(folder).close()


def test_protection_comes_and_goes_with_every_record(
    services: Services, commission_id: str
) -> None:
    services.records.create("person", {"last_name": "Zébulonnet"})
    folder = services.workspace.folder
    services.close()
    assert workspaces.protect(folder, "passphrase", None, PASSPHRASE).code is not None
    for path in folder.rglob("commissions.db*"):
        assert b"bulonnet" not in path.read_bytes()
    again = open_services(folder, PASSPHRASE)
    assert again.records.list("person")[0].fields.last_name == "Zébulonnet"
    again.close()
    workspaces.protect(folder, "none", PASSPHRASE, None)
    last = open_services(folder)
    assert last.search.find("zebulonnet")
    last.close()


def test_the_copies_made_before_a_protection_come_under_it(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    services.records.create("person", {"last_name": "Zébulonnet"})
    folder = services.workspace.folder
    copy = services.backups.daily()
    assert copy is not None
    services.close()
    aside = folder / "sauvegardes" / "remplace-2027-03-19"
    shutil.copytree(folder, aside, ignore=shutil.ignore_patterns("sauvegardes"))
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)
    backup.read_backup(copy, tmp_path)
    for path in (*tmp_path.rglob("commissions.db*"), *tmp_path.rglob("*.sauvegarde")):
        assert b"bulonnet" not in path.read_bytes(), path
    workspaces.restore(folder, copy, PASSPHRASE)
    again = open_services(folder, PASSPHRASE)
    assert again.records.list("person")[0].fields.last_name == "Zébulonnet"
    again.close()


@pytest.mark.parametrize("in_the_window", [True, False])
def test_a_copy_that_cannot_be_protected_is_named_and_the_others_are(
    services: Services, commission_id: str, in_the_window: bool
) -> None:
    folder = services.workspace.folder
    made = [
        services.backups.save(folder / "sauvegardes" / f"commissions-2027-03-{day}.sauvegarde")
        for day in (16, 17, 18)
    ]
    damaged, *others = made
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:4000])
    if in_the_window:
        lock = services.safety.prepare("passphrase", PASSPHRASE)
        assert lock is not None
        said = services.safety.apply(lock)
        assert services.records.update(commission_id, {"name": "Morvan"}).fields.name == "Morvan"
        services.close()
    else:
        services.close()
        said = workspaces.protect(folder, "passphrase", None, PASSPHRASE).warning
    assert said.startswith("1 copie n'est pas protégée ainsi, d'autres peuvent la lire : « ")
    assert str(damaged) in said
    assert [backup.mode_of(copy) for copy in others] == ["passphrase", "passphrase"]
    damaged.write_bytes(whole)  # as once there is room
    assert workspaces.protect(folder, "passphrase", PASSPHRASE, PASSPHRASE).warning == ""
    assert backup.mode_of(damaged) == "passphrase"


@pytest.mark.parametrize("in_the_window", [True, False])
def test_a_clear_copy_comes_back_under_the_present_protection(
    services: Services, commission_id: str, tmp_path: Path, in_the_window: bool
) -> None:
    folder = services.workspace.folder
    services.records.create("person", {"last_name": "Zébulonnet"})
    stick = services.backups.save(tmp_path / "clé" / "copie.sauvegarde")
    services.close()
    code = workspaces.protect(folder, "passphrase", None, PASSPHRASE).code
    assert code is not None
    if in_the_window:
        opened = open_services(folder, PASSPHRASE)
        opened.backups.restore(stick)
        opened.close()
    else:
        workspaces.restore(folder, stick, PASSPHRASE)
    assert protection.read_header(folder).mode == "passphrase"
    for path in folder.rglob("*"):
        assert path.is_dir() or b"bulonnet" not in path.read_bytes(), path
    workspaces.unlock(folder, code, "passphrase", "une autre phrase")  # the same code still opens
    again = open_services(folder, "une autre phrase")
    assert again.records.list("person")[0].fields.last_name == "Zébulonnet"
    again.close()


def test_a_copy_of_before_the_passphrase_comes_back_under_it(tmp_path: Path) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("keyring", workspace="sans-phrase")
    create(folder, lock).close()
    stick = workspaces.save(folder, None, tmp_path / "copie.sauvegarde")
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)
    workspaces.restore(folder, stick, PASSPHRASE)
    assert protection.read_header(folder).mode == "passphrase"
    open_services(folder, PASSPHRASE).close()
    keyrings.forget_secret("sans-phrase")


def test_what_a_killed_program_was_writing_goes_after_a_day(
    services: Services, commission_id: str
) -> None:
    services.backups.daily()
    old, fresh = (
        services.workspace.folder / "sauvegardes" / f"{files.DRAFTS}{name}"
        for name in ("ancien", "récent")
    )
    for draft in (old, fresh):
        draft.mkdir()
        (draft / "commissions.db").write_bytes(b"Tout est perdu")
    os.utime(old, (0, 0))
    clock = services.workspace.clock
    assert isinstance(clock, FakeClock)
    clock.forward(days=1)
    services.backups.daily()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_power_cut_between_header_and_database_is_mended(
    services: Services, commission_id: str
) -> None:
    folder = services.workspace.folder
    services.close()
    before = (folder / "commissions.db").read_bytes()
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)
    (folder / "commissions.db").replace(folder / "commissions.db.new")
    (folder / "commissions.db").write_bytes(before)
    again = open_services(folder, PASSPHRASE)
    assert len(again.records.list("commission")) == 1
    again.close()
    assert not (folder / "commissions.db.new").exists()


def test_a_damaged_header_or_database_is_said(locked: tuple[Path, str]) -> None:
    folder, _ = locked
    database = folder / "commissions.db"
    content = bytearray(database.read_bytes())
    content[5000] ^= 1
    database.write_bytes(content)
    findings = {one.check: one for one in doctor.doctor(folder, PASSPHRASE)[0]}
    assert not findings["integrity"].ok
    (folder / protection.HEADER).write_text("{}")
    with pytest.raises(StorageError, match="endommagé"):
        open_services(folder, PASSPHRASE)


@given(st.data())
def test_a_mistyped_recovery_code_is_told_before_it_is_tried(data: st.DataObject) -> None:
    code = new_recovery_code()
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    typed = code[:place] + letter + code[place + 1 :]
    if code[place] == "-" or code[place] == letter:
        return
    with pytest.raises(UserError, match=f"groupe n° {place // 6 + 1} "):
        normal_code(typed)
    for apart in " –.\u00a0\n":
        assert normal_code(f"\ufeff{code.lower().replace('-', apart)} ") == code
    assert normal_code(code.replace("0", "O").replace("1", "l")) == code


def test_a_code_that_cannot_be_handed_over_leaves_the_workspace_as_it_was(
    services: Services, commission_id: str
) -> None:
    folder = services.workspace.folder
    services.close()
    before = (folder / protection.HEADER).read_bytes()

    def fail(code: str) -> None:
        assert (folder / protection.HEADER).read_bytes() == before
        raise UserError("Le fichier existe.")

    with pytest.raises(UserError, match="existe"):
        workspaces.protect(folder, "keyring", None, None, fail)
    assert keyrings.read_secret("essai") is None
    assert (folder / protection.HEADER).read_bytes() == before
    again = open_services(folder)
    assert len(again.records.list("commission")) == 1
    again.close()


@pytest.mark.parametrize("way", ["passphrase", "recovery"])
@pytest.mark.parametrize(
    "changed",
    [
        {"salt": "é"}, {"nonce": "a"}, {"sealed": ""}, {"nonce": ""}, {"salt": "AAAA"},
        {"n": 0}, {"n": 3}, {"n": -2}, {"n": 2**40}, {"r": 0}, {"r": 2**20}, {"p": 2**30},
        {"n": 0, "r": 0, "p": 0},
    ],
    ids=str,
)  # fmt: skip
def test_a_header_that_was_meddled_with_gets_a_sentence(
    locked: tuple[Path, str], way: str, changed: dict[str, object]
) -> None:
    folder, code = locked
    header = json.loads((folder / protection.HEADER).read_text())
    header[way] |= changed
    (folder / protection.HEADER).write_text(json.dumps(header))
    with pytest.raises((StorageError, UserError)):
        if way == "passphrase":
            protection.unlock(folder, PASSPHRASE)
        else:
            protection.unlock_with_code(folder, code)
