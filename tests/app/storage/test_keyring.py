"""The system's keyring, a real one: `make test` runs under a Secret Service of its own."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import Locked, UserError
from app.services import workspaces
from app.storage import backup, keyrings, protection
from app.storage.workspace import create
from tests.keyrings import Losing, Silent, no_keyring, other_keyring

PASSPHRASE = "quatre mots bien choisis"


def test_the_keyring_gives_back_what_it_was_given() -> None:
    assert keyrings.usable()
    keyrings.store_secret("essai", "un secret")
    assert keyrings.read_secret("essai") == "un secret"
    keyrings.forget_secret("essai")
    assert keyrings.read_secret("essai") is None


class _Dying(Silent):
    """A keyring that the system has to start again at every other call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.calls += 1
        if self.calls % 2:
            raise LookupError("Item does not exist!")  # SecretStorage's is no KeyringError either
        return self.held.get((service, username))


def test_a_keyring_that_died_is_asked_again() -> None:
    with other_keyring(_Dying()):
        keyrings.store_secret("essai", "un secret")
        assert keyrings.read_secret("essai") == "un secret"


def test_a_secret_that_the_keyring_lost_is_given_to_it_again() -> None:
    with other_keyring(Losing()):
        keyrings.store_secret("essai", "secret")
        assert keyrings.read_secret("essai") == "secret"


def test_a_workspace_opens_with_the_keyring_and_with_the_code_once_it_is_lost(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("keyring", workspace="essai-trousseau")
    assert lock.recovery_code is not None
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.close()
    open_services(folder).close()
    keyrings.forget_secret("essai-trousseau")
    with pytest.raises(Locked, match="code de secours") as caught:
        open_services(folder)
    assert caught.value.by == "recovery"
    assert workspaces.unlock(folder, lock.recovery_code, None, None)[:3] == ("keyring", None, "")
    again = open_services(folder)
    assert len(again.records.list("commission")) == 1
    again.close()
    keyrings.forget_secret("essai-trousseau")


def test_the_copy_of_a_stolen_laptop_comes_back_by_its_recovery_code(tmp_path: Path) -> None:
    lock = protection.choose("keyring", workspace="portable-volé")
    code = lock.recovery_code
    assert code is not None
    services = Services(create(tmp_path / "volé", lock))
    made = services.records.create("commission", {"name": "Auxois"}, None)
    services.close()
    copy = workspaces.save(tmp_path / "volé", None, tmp_path / "clé.sauvegarde")
    keyrings.forget_secret("portable-volé")
    other = protection.choose("keyring", workspace="autre")
    assert other.recovery_code is not None
    folder = tmp_path / "ici" / "neuf"
    with pytest.raises(Locked, match="restore --code"):
        workspaces.restore(folder, copy, None)
    with pytest.raises(Locked, match="n'est pas le bon"):
        workspaces.restore_by_code(folder, copy, other.recovery_code)
    with pytest.raises(UserError, match="12 caractères"):
        workspaces.restore_by_code(folder, copy, code, "passphrase", "court")
    assert not folder.parent.exists()
    assert keyrings.read_secret("portable-volé") is None
    assert workspaces.restore_by_code(folder, copy, code) == ("keyring", None, "")
    again = open_services(folder)
    assert again.records.list("commission") == [made]
    again.close()
    keyrings.forget_secret("portable-volé")
    workspaces.unlock(folder, code, None, None)  # the same code still opens
    open_services(folder).close()
    for name in ("portable-volé", "autre"):
        keyrings.forget_secret(name)


def test_a_copy_comes_back_under_the_protection_that_is_chosen(tmp_path: Path) -> None:
    lock = protection.choose("passphrase", PASSPHRASE, workspace="choisie")
    code = lock.recovery_code
    assert code is not None
    create(tmp_path / "premier", lock).close()
    copy = workspaces.save(tmp_path / "premier", PASSPHRASE, tmp_path / "copie.sauvegarde")
    for mode, new in (
        ("keyring", None),
        ("passphrase", "une autre phrase de passe"),
        ("none", None),
    ):
        folder = tmp_path / mode
        assert workspaces.restore_by_code(folder, copy, code, mode, new) == (mode, None, "")
        assert protection.read_header(folder).mode == mode
        open_services(folder, new).close()
    keyrings.forget_secret("choisie")


def test_without_a_keyring_a_copy_keeps_its_protection_for_unlock_to_renew(
    tmp_path: Path,
) -> None:
    lock = protection.choose("passphrase", PASSPHRASE, workspace="sans")
    assert lock.recovery_code is not None
    create(tmp_path / "premier", lock).close()
    copy = workspaces.save(tmp_path / "premier", PASSPHRASE, tmp_path / "copie.sauvegarde")
    folder = tmp_path / "neuf"
    with no_keyring():
        with pytest.raises(UserError, match="Aucun trousseau"):
            workspaces.restore_by_code(folder, copy, lock.recovery_code, "keyring")
        assert not folder.exists()
        assert workspaces.restore_by_code(folder, copy, lock.recovery_code) == (None, None, "")
    open_services(folder, PASSPHRASE).close()


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[tuple[Path, Path, str]]:
    """Two folders of one workspace that one entry of the keyring opens, and their code."""
    lock = protection.choose("keyring", workspace="deux-dossiers")
    code = lock.recovery_code
    assert code is not None
    first, second = tmp_path / "premier", tmp_path / "second"
    create(first, lock).close()
    copy = workspaces.save(first, None, tmp_path / "copie.sauvegarde")
    workspaces.restore_by_code(second, copy, code, "keyring")
    yield first, second, code
    keyrings.forget_secret("deux-dossiers")


def test_a_copy_brought_back_beside_its_workspace_leaves_it_to_open(
    twins: tuple[Path, Path, str],
) -> None:
    first, second, code = twins
    for folder in (first, second):
        open_services(folder).close()
    keyrings.store_secret("deux-dossiers", "ce n'est pas une clé")
    with pytest.raises(Locked, match="code de secours"):
        open_services(first)
    workspaces.unlock(first, code, None, None)
    open_services(first).close()


def test_a_copy_left_clear_comes_under_the_keyring_when_that_is_chosen_again(
    twins: tuple[Path, Path, str], tmp_path: Path
) -> None:
    folder, _, code = twins
    copy = folder / "sauvegardes" / "commissions-2027-03-16.sauvegarde"
    create(tmp_path / "clair", protection.choose("none", workspace="deux-dossiers")).close()
    workspaces.save(tmp_path / "clair", None, copy)
    services = open_services(folder)
    lock = services.safety.prepare("keyring")
    assert lock is not None
    assert (lock.recovery_code, services.safety.apply(lock)) == (None, "")
    services.close()
    assert backup.mode_of(copy) == "keyring"
    workspaces.unlock(folder, code, None, None)  # the same code still opens


@pytest.mark.parametrize(("mode", "new"), [("none", None), ("passphrase", PASSPHRASE)])
def test_a_workspace_that_leaves_the_keyring_lets_its_twin_open(
    twins: tuple[Path, Path, str], mode: str, new: str | None
) -> None:
    first, second, _ = twins
    services = open_services(first)
    copy = services.backups.save()
    services.close()
    workspaces.protect(first, mode, None, new)
    open_services(second).close()
    assert backup.mode_of(copy) == ("passphrase" if mode == "passphrase" else "keyring")
    workspaces.restore(first, copy, new)
    open_services(first, new).close()


def test_a_protection_given_up_leaves_the_key_that_a_twin_opens_by(
    twins: tuple[Path, Path, str],
) -> None:
    first, second, code = twins
    workspaces.unlock(first, code, "passphrase", PASSPHRASE)
    services = open_services(first, PASSPHRASE)
    lock = services.safety.prepare("keyring")
    assert lock is not None
    services.safety.give_up(lock)
    services.close()
    open_services(second).close()
    keyrings.forget_secret("deux-dossiers")
    services = open_services(first, PASSPHRASE)
    lock = services.safety.prepare("keyring")
    assert lock is not None
    services.safety.give_up(lock)
    assert keyrings.read_secret("deux-dossiers") is None
    services.close()


@pytest.mark.parametrize("header", [b"", b"{}", b"\xff", b'{"version": 1}'])
def test_a_copy_whose_header_is_damaged_is_refused_and_nothing_changes(
    twins: tuple[Path, Path, str], tmp_path: Path, header: bytes
) -> None:
    first, second, code = twins
    copy = workspaces.save(first, None, tmp_path / "autre.sauvegarde")
    with zipfile.ZipFile(copy) as archive:
        database = archive.read("commissions.db")
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("commissions.db", database)
        archive.writestr(protection.HEADER, header)
    before = {path: path.read_bytes() for path in second.rglob("*") if path.is_file()}
    for restore in (
        lambda: workspaces.restore_by_code(second, copy, code),
        lambda: workspaces.restore(second, copy, None),
    ):
        with pytest.raises(UserError, match="est endommagée, rien") as refused:
            restore()
        assert str(copy) in str(refused.value)
    assert {path: path.read_bytes() for path in second.rglob("*") if path.is_file()} == before
    open_services(second).close()


def test_the_clear_copy_of_another_workspace_comes_under_the_keyring_by_its_own_name(
    twins: tuple[Path, Path, str], tmp_path: Path
) -> None:
    """So nothing of the workspace replaced, its access to the central first, passes to it."""
    folder, _, code = twins
    services = Services(create(tmp_path / "clair", protection.choose("none", workspace="collègue")))
    services.records.create("commission", {"name": "Auxois"}, None)
    copy = services.backups.save(tmp_path / "clé.sauvegarde")
    services.close()
    opened = open_services(folder)
    opened.records.list("need")
    restore = [sys.executable, "-m", "app", "restore", str(copy), "--workspace", str(folder)]
    refused = subprocess.run(restore, capture_output=True, text=True, check=False)
    assert "est ouvert dans une fenêtre" in refused.stderr
    opened.close()
    assert keyrings.read_secret("collègue") is None
    workspaces.restore(folder, copy, None)
    header = protection.read_header(folder)
    assert (header.mode, header.workspace) == ("keyring", "collègue")
    again = open_services(folder)
    assert [one.fields.name for one in again.records.list("commission")] == ["Auxois"]
    again.close()
    keyrings.forget_secret("collègue")
    workspaces.unlock(folder, code, None, None)
    open_services(folder).close()
    keyrings.forget_secret("collègue")


def test_a_copy_comes_back_by_its_code_over_what_is_there_which_is_kept(
    twins: tuple[Path, Path, str], tmp_path: Path
) -> None:
    first, second, code = twins
    copy = workspaces.save(first, None, tmp_path / "autre.sauvegarde")
    services = open_services(second)
    services.records.create("commission", {"name": "Auxois"}, None)
    services.close()
    mode, kept, _ = workspaces.restore_by_code(second, copy, code)
    assert mode == "keyring"
    assert kept is not None
    again = open_services(second)
    assert again.records.list("commission") == []
    again.backups.restore(kept)
    assert len(again.records.list("commission")) == 1
    again.close()


def test_a_copy_comes_back_by_its_code_over_a_workspace_that_does_not_open(
    twins: tuple[Path, Path, str], tmp_path: Path
) -> None:
    first, second, code = twins
    copy = workspaces.save(first, None, tmp_path / "autre.sauvegarde")
    keyrings.forget_secret("deux-dossiers")
    (second / protection.HEADER).write_bytes(b"{}")
    before = (second / "commissions.db").read_bytes()
    _, kept, _ = workspaces.restore_by_code(second, copy, code)
    assert kept is not None
    assert (kept / "commissions.db").read_bytes() == before
    open_services(second).close()
