"""Kills, full disks and damaged files: no acknowledged word is lost."""

from __future__ import annotations

import os
import random
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
KILLS = int(os.environ.get("SOAK_KILLS", "6"))
FLIPS = int(os.environ.get("SOAK_FLIPS", "150"))


@pytest.mark.parametrize("mode", ["none", "passphrase"])
def test_a_killed_program_keeps_every_word_it_said_was_saved(tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "espace"
    secret = PASSPHRASE if mode == "passphrase" else None
    lock = protection.choose("passphrase" if secret else "none", secret, workspace="essai")
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    need_id = services.records.create("need", {"words": ""}).id
    services.close()
    chance = random.Random(f"{mode} 1828")
    arguments = [sys.executable, "-m", "tests.faults.typist", str(folder), need_id]
    for _ in range(KILLS):
        with subprocess.Popen(
            arguments + ([secret] if secret else []), stdout=subprocess.PIPE, text=True
        ) as typist:
            assert typist.stdout is not None
            for _ in range(chance.randrange(1, 60)):
                last = typist.stdout.readline()
            typist.kill()
            acknowledged = int([last, *typist.stdout.read().split()][-1])
        assert check_database(folder / "commissions.db", lock.data_key) == []
        after = open_services(folder, secret)
        assert len(after.records.get(need_id).fields.words) >= acknowledged
        assert after.records.history(need_id)[0].changes["words"][1].startswith("m" * acknowledged)
        after.close()


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


def test_every_flipped_byte_of_a_protected_workspace_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", PASSPHRASE, workspace="essai")
    create(folder, lock).close()
    path = folder / "commissions.db"
    whole = path.read_bytes()
    chance = random.Random(1828)
    for _ in range(FLIPS):
        place = chance.randrange(len(whole))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        assert check_database(path, lock.data_key), f"octet {place}"


def test_a_folder_that_vanished_gets_a_sentence(services: Services, commission_id: str) -> None:
    folder = services.workspace.folder
    services.close()
    folder.rename(folder.with_name("ailleurs"))
    with pytest.raises(AppError, match="n'est pas un espace de travail"):
        open_services(folder)
    folder.with_name("ailleurs").rename(folder)
    open_services(folder).close()
