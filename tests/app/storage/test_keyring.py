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
