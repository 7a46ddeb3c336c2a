"""The schema over time: migrations lead to what a new workspace has, and old ones open."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from app.bootstrap import Services, open_services
from app.errors import StorageError
from app.services import workspaces
from app.storage import migration, tables
from app.storage.backup import read_backup
from app.storage.database import connect, open_engine
from tests.conftest import FakeClock
from tests.newer import furnish
from tests.workspaces import light_workspace

ROOT = Path(__file__).parents[3]
FROZEN = ROOT / "tests" / "databases"


def schema(path: Path) -> set[str]:
    """Every table and index of a file, as one comparable text each."""
    driver = connect(path, None, read_only=True)
    rows = driver.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    ).fetchall()
    driver.close()
    return {" ".join(row[0].replace('"', "").split()).replace(" )", ")") for row in rows}


def migrate(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migration.SCRIPTS))
    engine = open_engine(path, None)
    with engine.connect() as connection:
        connection.info["begin"] = "IMMEDIATE"
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


def test_the_migrations_lead_to_the_schema_of_a_new_workspace(
    services: Services, tmp_path: Path
) -> None:
    migrate(tmp_path / "migré.db", migration.HEAD)
    assert schema(tmp_path / "migré.db") == schema(services.workspace.folder / "commissions.db")


def test_every_released_schema_has_a_frozen_workspace() -> None:
    assert {path.stem for path in FROZEN.glob("*.sauvegarde")} == set(migration.KNOWN)


@pytest.mark.parametrize("version", migration.KNOWN)
def test_a_workspace_of_each_released_schema_opens_whole(tmp_path: Path, version: str) -> None:
    folder = tmp_path / "ancien"
    workspaces.restore(folder, FROZEN / f"{version}.sauvegarde", None)
    services = open_services(folder)
    (need,) = services.records.list("need")
    assert need.fields.words == "Nous avons tout perdu en mars, il n'y avait pas de sauvegarde."
    assert len(services.records.history(need.id)) == 2
    assert services.search.find("sauvegardes", kinds=["need"])[0].id == need.id
    services.close()


def test_what_an_earlier_index_left_out_is_found(services: Services, commission_id: str) -> None:
    offer = {"id": "A", "supplier": "Cosoluce", "tiers": [{"from_participants": 1}]}
    solution = services.records.create("solution", {"plan": {"offers": [offer]}})
    services.search.index_pending()
    folder = services.workspace.folder
    services.close()
    driver = connect(folder / "commissions.db", None)
    driver.execute("UPDATE alembic_version SET version_num = '0006'")
    driver.execute("INSERT INTO search (search) VALUES ('delete-all')")
    driver.close()
    again = open_services(folder)
    assert [hit.id for hit in again.search.find("cosoluce")] == [solution.id]
    again.close()


KILLED = """
import sys
from pathlib import Path
from app.bootstrap import open_services
from tests.faults.points import watch_commits
watch_commits(0).begin()
open_services(Path(sys.argv[1]))
"""


def test_a_migration_that_is_killed_leaves_one_copy_once_it_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "ancien"
    folder.mkdir()
    read_backup(FROZEN / "0003.sauvegarde", folder)
    for attempt in range(2):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert migration.version(folder / "commissions.db", None) == "0003"
        assert len(list((folder / "sauvegardes").iterdir())) == 1, attempt
    services = open_services(folder)
    (copy,) = services.backups.copies()
    assert (copy.reason, copy.file.exists()) == ("avant-migration", True)
    assert services.backups.compare(copy.file).changes == 0
    services.close()


def test_the_copy_of_another_migration_stays(tmp_path: Path) -> None:
    folder = tmp_path / "ancien"
    for _ in range(2):  # the second time, an old copy was brought back
        folder.mkdir(exist_ok=True)
        (folder / "commissions.db").unlink(missing_ok=True)
        (folder / "commissions.json").unlink(missing_ok=True)
        read_backup(FROZEN / "0003.sauvegarde", folder)
        open_services(folder).close()
    assert len(list((folder / "sauvegardes").glob("*-avant-migration-0003*"))) == 2


def test_a_file_without_its_schema_version_is_said_to_be_damaged(services: Services) -> None:
    folder = services.workspace.folder
    services.close()
    (folder / "commissions.db").unlink()
    connect(folder / "commissions.db", None).execute("CREATE TABLE autre (x)").close()
    with pytest.raises(StorageError):
        open_services(folder)


@pytest.mark.parametrize("first", migration.KNOWN)
def test_all_that_a_workspace_holds_comes_through_the_migrations(
    tmp_path: Path, first: str
) -> None:
    """Edits with what they stand on, batches that wait, receipts, files and undo with the rest."""
    services = Services(light_workspace(tmp_path / "espace", clock=FakeClock()))
    furnish(services)
    path = services.workspace.folder / "commissions.db"
    services.close()
    former = tmp_path / "ancien.db"
    migrate(former, first)
    _hold_more(path)
    _write_back(path, former)
    migrate(former, migration.HEAD)
    assert _rows(former) == _rows(path)


def _hold_more(path: Path) -> None:
    """Gives rows to the tables that only a sync fills."""
    driver = connect(path, None)
    for statement in (
        "INSERT INTO base SELECT n, fields, n % 2 FROM content WHERE n % 3 = 0",
        "INSERT INTO outbox VALUES (7, 'lot', 'region', x'00ff', 'zstd', '[1, 2]', 1)",
        "INSERT INTO cursor VALUES ('region', 216)",
        "INSERT INTO receipt VALUES ('lot', '{\"lines\": []}', '2027-03-19T18:30:00+01:00')",
        "INSERT INTO annulled SELECT id FROM record WHERE n % 5 = 0",
    ):
        driver.execute(statement)
    driver.close()


def _write_back(path: Path, former: Path) -> None:
    """Writes what a workspace holds in the tables of a former schema."""
    driver = connect(former, None)
    driver.execute("ATTACH ? AS now", (str(path),))
    there = {row[0] for row in driver.execute("SELECT name FROM sqlite_master")}
    plain = ["blob", "central_link", "cursor", "history", "link", "operation", "outbox", "receipt"]
    for name in (*plain, "setting", *sorted({"annulled", "base", "content"} & there)):
        driver.execute(f"INSERT INTO {name} SELECT * FROM now.{name}")
    columns = [row[1] for row in driver.execute("PRAGMA main.table_info(record)")]
    apart = {"fields": "content.fields", "base": "base.fields", "base_deleted": "base.deleted"}
    values = ", ".join(apart.get(name, f"record.{name}") for name in columns)
    driver.execute(
        f"INSERT INTO main.record SELECT {values} FROM now.record AS record"
        " JOIN now.content AS content USING (n) LEFT JOIN now.base AS base USING (n)"
    )
    if "annulled" not in there:
        driver.execute("INSERT INTO receipt_line SELECT record_id, 1, 'lot', 1 FROM now.annulled")
    driver.close()


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row but those of the index of words, and what of a record is left to be indexed."""
    driver = connect(path, None, read_only=True)
    found = {}
    for name in tables.metadata.tables:
        columns = tables.metadata.tables[name].columns.keys()
        kept = ", ".join(column for column in columns if column != "indexed")
        rows = driver.execute(f"SELECT {kept} FROM {name}").fetchall()
        assert rows, name
        found[name] = sorted(map(tuple, rows), key=repr)
    driver.close()
    return found
