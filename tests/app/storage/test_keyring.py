"""The system's keyring, a real one: `make test` runs under a Secret Service of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import Locked
from app.services import workspaces
from app.storage import keyrings, protection
from app.storage.workspace import create


def test_the_keyring_gives_back_what_it_was_given() -> None:
    assert keyrings.usable()
    keyrings.store_secret("essai", "un secret")
    assert keyrings.read_secret("essai") == "un secret"
    keyrings.forget_secret("essai")
    assert keyrings.read_secret("essai") is None


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
    assert workspaces.unlock(folder, lock.recovery_code, None, None) == ("keyring", None)
    again = open_services(folder)
    assert len(again.records.list("commission")) == 1
    again.close()
    workspaces.protect(folder, "none", None, None)
    assert keyrings.read_secret("essai-trousseau") is None


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
    folder = tmp_path / "neuf"
    with pytest.raises(Locked, match="restore --code"):
        workspaces.restore(folder, copy, None)
    with pytest.raises(Locked, match="n'est pas le bon"):
        workspaces.restore(folder, copy, None, other.recovery_code)
    assert list(folder.iterdir()) == []
    workspaces.restore(folder, copy, None, code)
    assert workspaces.unlock(folder, code, None, None) == ("keyring", None)
    again = open_services(folder)
    assert again.records.list("commission") == [made]
    again.close()
    for name in ("portable-volé", "autre"):
        keyrings.forget_secret(name)


def test_a_copy_brought_back_beside_its_workspace_leaves_it_to_open(tmp_path: Path) -> None:
    lock = protection.choose("keyring", workspace="deux-dossiers")
    code = lock.recovery_code
    assert code is not None
    first, second = tmp_path / "premier", tmp_path / "second"
    create(first, lock).close()
    copy = workspaces.save(first, None, tmp_path / "copie.sauvegarde")
    workspaces.restore(second, copy, None, code)
    workspaces.unlock(second, code, "keyring", None)
    for folder in (first, second):
        open_services(folder).close()
    keyrings.store_secret("deux-dossiers", "ce n'est pas une clé")
    with pytest.raises(Locked, match="code de secours"):
        open_services(first)
    workspaces.unlock(first, code, None, None)
    open_services(first).close()
    keyrings.forget_secret("deux-dossiers")
