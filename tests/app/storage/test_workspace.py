"""Opening, saving and restoring workspaces."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.bootstrap import Services, open_services
from app.errors import StorageError, UserError
from app.services import workspaces
from app.sqlite import Dialect
from app.storage import protection, search_index
from app.storage.database import DriverError, connect, durable
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import DATABASE, create
from tests.workspaces import new_workspace

PRIVATE = 0o666 if os.name == "nt" else 0o600
"""The mode of a file that is its owner's alone; Windows, which has none, says 0o666."""


def test_what_is_no_workspace_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="n'est pas un espace de travail"):
        open_services(tmp_path)
    (tmp_path / "mes photos").write_text("x")
    with pytest.raises(UserError, match="n'est pas un dossier vide"):
        create(tmp_path, protection.choose("none", workspace="essai"))
    assert [path.name for path in tmp_path.iterdir()] == ["mes photos"]


@pytest.mark.parametrize("name", ["fullana", "unlocked", "busy", "permissions"])
def test_a_word_in_the_name_of_a_folder_is_not_what_failed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(StorageError, match="ne peut être lu ni écrit"):
        create(tmp_path / name / "espace", protection.choose("none", workspace="essai"))


def test_of_several_programs_that_make_one_workspace_at_once_one_does(tmp_path: Path) -> None:
    folder, together = tmp_path / "espace", Barrier(4)

    def make(name: str) -> str:
        together.wait()
        try:
            create(folder, protection.choose("none", workspace=name)).close()
        except UserError as error:
            assert str(folder) in error.sentence
            return ""
        return name

    with ThreadPoolExecutor(4) as programs:
        made = [name for name in programs.map(make, "abcd") if name]
    services = open_services(folder)
    assert made == [services.workspace.name]
    assert services.records.list("theme")
    services.close()


def test_a_file_that_is_no_database_gets_a_sentence(services: Services) -> None:
    folder = services.workspace.folder
    services.close()
    (folder / "commissions.db").write_bytes(b"bonjour" * 1000)
    with pytest.raises(StorageError, match="endommagé"):
        open_services(folder)


def test_an_error_of_the_database_does_not_carry_what_was_being_written(
    services: Services,
) -> None:
    with (
        services.workspace.unit() as unit,
        pytest.raises(IntegrityError) as failed,
    ):
        unit.connection.execute(
            text("INSERT INTO setting (name, value) VALUES (:name, :value), (:name, :value)"),
            {"name": "essai", "value": "Zébulonnet"},
        )
    assert "UNIQUE" in str(failed.value)
    assert "bulonnet" not in str(failed.value)


@pytest.mark.parametrize("fault", ["disk I/O error", "attempt to write a readonly database"])
def test_connections_to_a_disk_that_went_are_not_used_again(
    services: Services, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = services.workspace
    with workspace.reading() as one, workspace.reading() as other:  # both then lie idle
        former = [driver(one), driver(other)]

    def fail(*_: object) -> None:
        raise DriverError(fault)

    with pytest.raises(StorageError), workspace.reading() as unit:
        assert driver(unit) in former
        monkeypatch.setattr(Dialect, "do_rollback", fail)
        fail()
    monkeypatch.undo()
    with workspace.reading() as one, workspace.reading() as other:
        assert not {driver(one), driver(other)} & set(former)


def driver(unit: UnitOfWork) -> object:
    """What a unit of work reads through, once it has read."""
    unit.setting("author_name")
    return unit.connection.connection.driver_connection


def test_who_is_to_write_keeps_others_from_writing_what_they_read_and_who_reads_does_not(
    services: Services,
) -> None:
    other = connect(services.workspace.folder / DATABASE, None)
    other.execute("PRAGMA busy_timeout=0")
    for _ in range(2):  # by the same connection, which is given back in between
        with services.workspace.unit("Essai") as unit:
            unit.setting("author_name")
            with pytest.raises(DriverError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        with services.workspace.reading() as unit:
            unit.setting("author_name")
            other.execute("BEGIN IMMEDIATE")
            other.rollback()
    other.close()


def test_a_newer_workspace_is_refused_untouched(services: Services) -> None:
    with services.workspace.unit() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        unit.commit()
    services.close()
    with pytest.raises(UserError, match="plus récente"):
        open_services(services.workspace.folder)


def test_a_backup_gives_back_every_record(services: Services, commission_id: str) -> None:
    folder = services.workspace.folder
    services.records.create("need", {"title": "Avant"})
    kept = [services.records.envelope(one.id) for one in services.records.list("need")]
    file = workspaces.save(folder, None, None)
    services.records.create("need", {"title": "Après"})
    services.close()
    assert workspaces.restore(folder, file, None).replaced is not None
    again = open_services(folder)
    assert [again.records.envelope(one.id) for one in again.records.list("need")] == kept
    again.close()


@pytest.mark.parametrize("damage", ["truncated", "foreign", "flipped"])
def test_a_damaged_backup_is_refused_and_the_workspace_stays(
    services: Services, commission_id: str, tmp_path: Path, damage: str
) -> None:
    folder = services.workspace.folder
    file = workspaces.save(folder, None, tmp_path / "copie")
    services.close()
    content = bytearray(file.read_bytes())
    if damage == "truncated":
        del content[len(content) // 2 :]
    elif damage == "foreign":
        content = bytearray(b"%PDF-1.7")
    else:
        content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    before = (folder / "commissions.db").read_bytes()
    with pytest.raises(UserError, match="n'est pas une copie"):
        workspaces.restore(folder, file, None)
    assert (folder / "commissions.db").read_bytes() == before


def test_a_copy_of_the_files_at_any_moment_opens_with_all_that_was_committed(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    need = services.records.create("need", {"words": ""})
    for number in range(20):
        services.records.update(need.id, {"words": f"mot {number}"})
        copy = tmp_path / f"copie {number}"
        shutil.copytree(services.workspace.folder, copy)
        after_cut = open_services(copy)
        assert after_cut.records.get(need.id).fields.words == f"mot {number}"
        after_cut.close()


def test_the_files_of_a_workspace_are_their_owner_s_alone_whatever_the_umask(
    tmp_path: Path,
) -> None:
    former = os.umask(0)
    try:
        lock = protection.choose("none", workspace="essai")
        services = Services(create(tmp_path / "espace", lock))
        services.records.create("commission", {"name": "Auxois"}, None)
        services.backups.daily()
        copy = workspaces.save(tmp_path / "espace", None, tmp_path / "copie")
        files = [copy, *(path for path in (tmp_path / "espace").rglob("*") if path.is_file())]
        assert {path.name for path in files} >= {"commissions.db-wal", "protection.json"}
        assert {path.stat().st_mode & 0o777 for path in files} == {PRIVATE}
        services.close()
        workspaces.restore(tmp_path / "espace", copy, None)
        workspaces.protect(tmp_path / "espace", "passphrase", None, "quatre mots bien choisis")
        workspaces.restore(tmp_path / "ailleurs", copy, None)
        for folder in (tmp_path / "espace", tmp_path / "ailleurs"):
            assert folder.stat().st_mode & 0o777 == 0o700
        files = [path for path in (tmp_path / "espace").rglob("*") if path.is_file()]
        assert {path.stat().st_mode & 0o777 for path in files} == {PRIVATE}
    finally:
        os.umask(former)


def test_the_workspaces_of_the_tests_are_what_making_one_gives(tmp_path: Path) -> None:
    made = create(tmp_path / "fait", protection.choose("none", workspace="essai"))
    copied = new_workspace(tmp_path / "copie")
    held = []
    for one in (made, copied):
        with one.reading() as unit:
            held.append(list(unit.select(deleted=True)))
        one.close()
    assert held[0] == held[1]
    names = [{path.name for path in one.folder.iterdir()} for one in (made, copied)]
    assert names[0] == names[1] == {"commissions.db", "protection.json"}
    headers = [protection.read_header(one.folder) for one in (made, copied)]
    assert headers[0] == headers[1]


def test_a_new_workspace_leaves_nothing_to_index_while_somebody_types(tmp_path: Path) -> None:
    made = create(tmp_path / "espace", protection.choose("none", workspace="essai"))
    with made.snapshot() as records:
        assert not search_index.behind(records)
    made.close()


def test_pages_that_an_encrypted_database_gives_up_are_not_written_again(tmp_path: Path) -> None:
    driver, log = durable(tmp_path / "essai.db", bytes(32)), tmp_path / "essai.db-wal"
    driver.execute("CREATE TABLE t (words TEXT)")
    driver.execute("INSERT INTO t VALUES (?)", ("x" * 400_000,))
    before = log.stat().st_size
    driver.execute("DELETE FROM t")
    assert log.stat().st_size - before < 10 * 4096
    driver.close()
