"""Erasing a workspace from a computer that is given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.domain.refusals import Refusal
from app.errors import Locked, NoWorkspace, StorageError
from app.paths import MOVED, WORKSPACE_VARIABLE
from app.services import workspaces
from app.storage import keyrings, protection
from app.storage.workspace import create
from tests.workspaces import light_workspace


@pytest.fixture
def space(tmp_path: Path) -> Services:
    """A workspace that keeps two copies, and what one of them replaced while it was damaged."""
    services = Services(light_workspace(tmp_path / "espace"))
    services.records.create("commission", {"name": "L'Auxois"}, None)
    services.backups.keep_up()
    services.backups.save()
    aside = services.workspace.folder / "sauvegardes" / "remplace-2027-03-19-180000-000000"
    aside.mkdir()
    for name in ("commissions.db", "commissions.db-wal", "protection.json"):
        (aside / name).write_bytes(b"endommage")
    return services


def test_all_that_the_program_wrote_goes_and_nothing_else(space: Services) -> None:
    folder = space.workspace.folder
    (folder / ".ecriture-tuee").mkdir()
    (folder / ".ecriture-tuee" / "commissions.db").write_bytes(b"moitie")
    (folder / "photos").mkdir()
    (folder / "sauvegardes" / "liste.ods").write_bytes(b"a quelqu'un")
    told = space.removal.remove("l’auxois", unsent=True)
    left = sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*"))
    assert left == ["photos", "sauvegardes", "sauvegardes/liste.ods"]
    assert "garde ce qui n'est pas du programme : « photos » et « sauvegardes »" in told[1]


def test_a_folder_that_held_nothing_else_goes_too(space: Services) -> None:
    told = space.removal.remove("L'Auxois", unsent=True)
    assert told == ["L'espace de travail est effacé de cet ordinateur."]
    assert not space.workspace.folder.exists()
    with pytest.raises(NoWorkspace):
        open_services(space.workspace.folder)


@pytest.mark.parametrize(
    ("name", "unsent", "field"), [("L'Auxerrois", True, "name"), ("L'Auxois", False, "unsent")]
)
def test_without_its_name_or_with_work_that_is_only_here_it_stays(
    space: Services, name: str, unsent: bool, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        space.removal.remove(name, unsent=unsent)
    assert caught.value.field == field
    assert len(space.records.list("commission")) == 1
    assert len(space.backups.copies()) == 2


@pytest.mark.parametrize("name", ["", "—"])
def test_without_a_name_made_of_words_it_has_one_to_type_all_the_same(
    space: Services, name: str
) -> None:
    (first,) = space.records.list("commission")
    space.records.update(first.id, {"name": name})
    with pytest.raises(Refusal, match="écrivez « Espace de travail »"):
        space.removal.remove("", unsent=True)
    space.records.create("commission", {"name": "Pays de Nuits"}, None)
    assert space.safety.name() == "Pays de Nuits"


def test_one_that_another_program_reads_stays_whole(space: Services) -> None:
    with space.workspace.reading() as unit:
        list(unit.select("commission"))
        other = open_services(space.workspace.folder)
        other.records.list("commission")
    with pytest.raises(StorageError, match="ouvert dans une fenêtre ou un autre programme"):
        space.removal.remove("L'Auxois", unsent=True)
    other.close()
    assert len(space.records.list("commission")) == 1
    assert len(space.backups.copies()) == 2
    space.close()


def test_the_folder_that_it_moved_from_goes_with_it(
    space: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = space.workspace.folder
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(former))
    space.safety.move(tmp_path / "disque" / "espace", keep=True)
    assert (former / MOVED).exists() and (former / "commissions.db").exists()
    space.removal.remove("L'Auxois", unsent=True)
    assert not former.exists()
    assert not (tmp_path / "disque" / "espace").exists()


def test_another_workspace_in_the_folder_that_it_moved_from_opens_again(
    space: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = space.workspace.folder
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(former))
    space.safety.move(tmp_path / "disque" / "espace", keep=False)
    Services(light_workspace(tmp_path / "autre", "un autre")).close()
    for one in (tmp_path / "autre").iterdir():
        one.rename(former / one.name)
    space.removal.remove("L'Auxois", unsent=True)
    assert not (former / MOVED).exists()
    open_services(former).close()


def test_its_key_leaves_the_keyring_and_its_copies_elsewhere_are_told(tmp_path: Path) -> None:
    lock = protection.choose("keyring", workspace="rendu")
    space = Services(create(tmp_path / "espace", lock))
    (tmp_path / "cle").mkdir()
    space.settings.set("backup_folder", str(tmp_path / "cle"))
    space.backups.keep_up()
    assert keyrings.read_secret("rendu") is not None
    told = space.removal.remove("Espace de travail", unsent=True)
    assert f"Les copies de « {tmp_path / 'cle'} » y sont encore." in told[1]
    assert keyrings.read_secret("rendu") is None
    (copy,) = (tmp_path / "cle").glob("*.sauvegarde")
    with pytest.raises(Locked):
        workspaces.restore(tmp_path / "retour", copy, None)
    assert lock.recovery_code is not None
    workspaces.restore_by_code(tmp_path / "retour", copy, lock.recovery_code)
    keyrings.forget_secret("rendu")
