"""Moving a workspace: whole or not at all, and found from where it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import Astray, StorageError, UserError
from app.paths import MOVED, present
from app.services import doctor
from app.storage import location, protection
from app.storage.workspace import create

PASSPHRASE = "quatre mots bien choisis"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `synced` copies, made once: its key takes long to make."""
    folder = tmp_path_factory.mktemp("modèle") / "espace"
    lock = protection.choose("passphrase", PASSPHRASE, workspace="essai")
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.backups.keep_up()
    services.close()
    return folder


@pytest.fixture
def synced(model: Path, tmp_path: Path) -> Path:
    """A protected workspace in a folder that Dropbox would copy, with a backup."""
    return shutil.copytree(model, tmp_path / "Dropbox" / "espace")


@pytest.mark.parametrize("keep", [True, False])
def test_an_open_workspace_moves_with_its_backups_and_goes_on(synced: Path, keep: bool) -> None:
    target = synced.parent.parent / "local" / "espace"
    services = open_services(synced, PASSPHRASE)
    assert services.safety.hazard() is not None
    assert services.safety.move(target, keep=keep) == target
    assert services.safety.hazard() is None
    services.records.create("person", {"last_name": "Roy"})
    assert len(services.backups.copies()) == 1
    services.close()
    assert present(synced) == target
    assert (synced / "commissions.db").exists() is keep
    assert (synced / MOVED).is_file()
    assert target.stat().st_mode & 0o077 == 0
    again = open_services(present(synced), PASSPHRASE)
    assert [one.fields.last_name for one in again.records.list("person")] == ["Roy"]
    again.close()


def test_a_command_given_the_old_folder_goes_to_the_new_one(synced: Path, tmp_path: Path) -> None:
    services = open_services(synced, PASSPHRASE)
    services.safety.move(tmp_path / "local", keep=False)
    services.close()
    secret = tmp_path / "phrase"
    secret.write_text(PASSPHRASE)
    common = ["--workspace", str(synced), "--passphrase-file", str(secret), "--json"]
    command = [sys.executable, "-m", "app", *common, "records", "list", "commission"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Auxois" in done.stdout


def test_a_move_that_fails_at_any_file_leaves_the_workspace_where_it_was(
    services: Services, commission_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = services.workspace.folder
    services.backups.keep_up()
    real, calls = os.fsync, [0]
    for broken in range(1, 40):
        calls[0] = 0

        def fail(descriptor: int, broken: int = broken) -> None:
            calls[0] += 1
            if calls[0] == broken:
                raise OSError(28, "No space left on device")
            real(descriptor)

        target = tmp_path / f"local-{broken}"
        monkeypatch.setattr(os, "fsync", fail)
        try:
            services.safety.move(target, keep=False)
        except (StorageError, UserError) as error:
            monkeypatch.setattr(os, "fsync", real)
            assert "plein" in error.sentence
            assert services.workspace.folder == present(folder) == folder
            services.records.create("person", {"last_name": "Roy"})
            assert not list(folder.glob(f"{MOVED}*"))
            assert not target.exists()
            assert not list(tmp_path.glob(".deplacement-*"))
        else:
            break
    assert calls[0] < broken
    assert len(services.records.list("person")) == broken - 1
    monkeypatch.setattr(os, "fsync", real)


def test_a_workspace_comes_back_to_the_folder_that_it_left(
    services: Services, commission_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, away = services.workspace.folder, tmp_path / "local"
    services.safety.move(away, keep=False)
    assert present(folder) == away
    real = os.fsync
    for broken in range(1, 40):
        calls = iter(range(1, 40))

        def fail(descriptor: int, calls: Iterator[int] = calls, broken: int = broken) -> None:
            if next(calls) == broken:
                raise OSError(28, "No space left on device")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fail)
        try:
            services.safety.move(folder, keep=False)
        except (StorageError, UserError):
            monkeypatch.setattr(os, "fsync", real)
            assert services.workspace.folder == present(folder) == away
            assert [one.name for one in folder.iterdir()] == [MOVED]
        else:
            break
    monkeypatch.setattr(os, "fsync", real)
    assert broken > 2
    assert services.workspace.folder == present(folder) == present(away) == folder
    assert [one.id for one in services.records.list("commission")] == [commission_id]


def test_a_folder_that_another_workspace_left_is_not_taken(
    services: Services, synced: Path, tmp_path: Path
) -> None:
    other = open_services(synced, PASSPHRASE)
    other.safety.move(tmp_path / "local", keep=False)
    other.close()
    synced = synced.rename(tmp_path / "ancien")
    with pytest.raises(UserError, match="n'est pas un dossier vide"):
        services.safety.move(synced, keep=False)
    (synced / MOVED).write_text("{")
    with pytest.raises(UserError, match="n'est pas un dossier vide"):
        services.safety.move(synced, keep=False)


def test_a_move_waits_until_no_other_program_is_in_the_workspace(
    synced: Path, tmp_path: Path
) -> None:
    services = open_services(synced, PASSPHRASE)
    other = open_services(synced, PASSPHRASE)
    with pytest.raises(StorageError, match="ouvert dans une fenêtre"):
        services.safety.move(tmp_path / "local", keep=False)
    other.close()
    assert len(services.records.list("commission")) == 1
    services.close()


def test_no_move_goes_into_itself_a_full_folder_or_a_place_no_better(
    synced: Path, tmp_path: Path
) -> None:
    services = open_services(synced, PASSPHRASE)
    full = tmp_path / "plein"
    full.mkdir()
    (full / "lettre.txt").write_text("x")
    for target, sentence in (
        (tmp_path / "OneDrive" / "espace", "OneDrive"),
        (full, "n'est pas un dossier vide"),
        (Path("ailleurs"), "chemin complet"),
    ):
        with pytest.raises(UserError, match=sentence):
            services.safety.move(target, keep=False)
    services.close()
    with pytest.raises(UserError, match="dossier à déplacer"):
        location.move(synced, None, synced / "dedans")


def test_doctor_warns_of_the_place(synced: Path, services: Services) -> None:
    found = {one.check: one for one in doctor.doctor(synced, PASSPHRASE)[0]}
    assert not found["place"].ok
    assert "synchronisé par Dropbox" in found["place"].sentence
    assert {one.check: one.ok for one in services.safety.examine()}["place"]


def test_doctor_does_not_vouch_for_what_the_system_does_not_tell(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS no list of mounts tells which of them are another computer's."""
    (told,) = [one for one in services.safety.examine() if one.check == "place"]
    monkeypatch.setattr(location, "_MOUNTS", tmp_path / "absent")
    (untold,) = [one for one in services.safety.examine() if one.check == "place"]
    assert "ni sur le réseau" in told.sentence
    assert untold.ok
    assert "cet ordinateur ne le dit pas" in untold.sentence


def test_a_note_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / MOVED).write_text("{}")
    with pytest.raises(Astray, match="--workspace"):
        present(tmp_path)
