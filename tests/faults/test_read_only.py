"""A folder that can only be read: a sentence for each thing asked of it, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import AppError
from app.services import doctor, workspaces
from app.storage import protection
from app.storage.backup import check_database
from app.storage.workspace import DATABASE, create
from tests.faults.damage import files
from tests.faults.read_only import WAYS, read_only

PASSPHRASE = "quatre mots bien choisis"


def write(folder: Path) -> None:
    services = open_services(folder)
    try:
        (need,) = services.records.list("need")
        assert need.fields.title == "Fibre"
        services.records.update(need.id, {"title": "La fibre"})
    finally:
        services.close()


def daily(folder: Path) -> None:
    services = open_services(folder)
    try:
        services.backups.keep_up()
    finally:
        services.close()


ASKED: dict[str, Callable[[Path], object]] = {
    "write": write,
    "daily copy": daily,
    "save": lambda folder: workspaces.save(folder, None, None),
    "restore": lambda folder: workspaces.restore(folder, folder.parent / "copie", None),
    "protect": lambda folder: workspaces.protect(folder, "passphrase", None, PASSPHRASE),
    "new": lambda folder: create(folder / "nouveau", protection.choose("none", workspace="n")),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_written_gets_a_sentence_and_changes_nothing(
    services: Services, commission_id: str, way: str
) -> None:
    services.records.create("need", {"title": "Fibre"})
    folder = services.workspace.folder
    services.backups.save(folder.parent / "copie")
    services.close()
    before = files(folder)
    told = {}
    with read_only(folder, way):
        for name, ask in ASKED.items():
            with pytest.raises(AppError) as caught:
                ask(folder)
            told[name] = caught.value.sentence
        assert doctor.doctor(folder, None)[0][0].ok
        workspaces.save(folder, None, folder.parent / "ailleurs")
    assert all("est en lecture seule" in sentence for sentence in told.values()), told
    assert files(folder) == before
    for ask in ASKED.values():
        ask(folder)
    assert check_database(folder / DATABASE, protection.unlock(folder, PASSPHRASE)) == []
