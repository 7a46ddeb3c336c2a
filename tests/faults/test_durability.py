"""Kills, full disks and vanished folders: no acknowledged word is lost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import AppError, StorageError
from app.services import workspaces
from app.storage import protection
from app.storage.backup import check_database
from app.storage.workspace import create

PASSPHRASE = "quatre mots bien choisis"
KILLS = int(os.environ.get("SOAK_KILLS", "12"))


@pytest.mark.parametrize("mode", ["none", "passphrase"])
def test_a_killed_program_keeps_every_word_it_said_was_saved(tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "espace"
    secret = PASSPHRASE if mode == "passphrase" else None
    lock = protection.choose("passphrase" if secret else "none", secret, workspace="essai")
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    need_id = services.records.create("need", {"words": "0 "}).id
    services.close()
    arguments = [str(folder), need_id, str(KILLS)] + (
        [lock.data_key.hex()] if lock.data_key else []
    )
    typists = subprocess.run(
        [sys.executable, "-m", "tests.faults.typist", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert typists.returncode == 0, typists.stderr
    told = json.loads(typists.stdout)
    assert told["at_calls"] + told["at_any_moment"] == KILLS
    open_services(folder, secret).close()


def test_a_full_disk_gets_a_sentence_and_loses_nothing(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"words": "gardé"})
    folder = services.workspace.folder
    sizes = [path.stat().st_size for path in folder.iterdir()]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes) + 200_000, hard))
    try:
        with pytest.raises(StorageError, match=r"libérez de la place|vérifiez"):
            for number in range(100):
                services.records.update(need.id, {"words": f"{number}" * 30_000})
                written = number
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
        with pytest.raises(StorageError):
            workspaces.save(folder, None, folder / "trop gros")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in folder.iterdir() if "commissions.db" not in path.name][1:]
    assert services.records.get(need.id).fields.words == f"{written}" * 30_000
    services.records.update(need.id, {"words": "la place est revenue"})
    assert check_database(folder / "commissions.db", None) == []


def test_a_folder_that_vanished_gets_a_sentence(services: Services, commission_id: str) -> None:
    folder = services.workspace.folder
    services.close()
    folder.rename(folder.with_name("ailleurs"))
    with pytest.raises(AppError, match="n'est pas un espace de travail"):
        open_services(folder)
    folder.with_name("ailleurs").rename(folder)
    open_services(folder).close()
