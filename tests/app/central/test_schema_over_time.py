"""The central's schema: migrations make what the tables say; a newer one is left untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, make_url

from app.central import migration
from app.central.database import Database, in_folder, open_database
from app.central.lineage import epoch_of
from app.central.schema import metadata
from app.clock import new_id, now
from app.errors import UserError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    """An empty database."""
    opened = open_database(database_url or in_folder(tmp_path / "central"))
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_that_the_program_works_with(database: Database) -> None:
    with database.writing() as connection:
        migration.upgrade(connection, migration.HEAD)
        assert migration.version(connection) == migration.HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_keep_each_table_as_the_program_does(tmp_path: Path) -> None:
    def without_rowid(folder: str, *, migrated: bool) -> set[str]:
        database = open_database(in_folder(tmp_path / folder))
        with database.writing() as connection:
            if migrated:
                migration.upgrade(connection, migration.HEAD)
            else:
                migration.create(connection, now())
            query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr"
            found = {*connection.exec_driver_sql(query).scalars()}
        database.close()
        return found

    assert without_rowid("made", migrated=False) == {"revisions"}
    assert without_rowid("migrated", migrated=True) == {"revisions"}


def test_the_last_known_schema_is_the_newest_script() -> None:
    scripts = sorted(path.stem[:4] for path in (migration.SCRIPTS / "versions").glob("0*.py"))
    assert scripts == sorted(migration.KNOWN)
    assert scripts[-1] == migration.HEAD


def test_a_database_is_prepared_once(database: Database) -> None:
    migration.prepare(database, now())
    with database.reading() as connection:
        epoch = epoch_of(connection)
    migration.prepare(database, now())
    with database.reading() as connection:
        assert epoch_of(connection) == epoch


def test_centrals_that_begin_at_once_share_what_the_first_one_makes(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migration.prepare, database, now()) for _ in range(4)]:
            done.result()
    with database.reading() as connection:
        assert migration.version(connection) == migration.HEAD


def test_a_database_of_a_newer_program_is_left_untouched(database: Database) -> None:
    migration.prepare(database, now())
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(UserError, match="plus récente"):
        migration.prepare(database, now())
    with database.reading() as connection:
        assert migration.version(connection) == "0999"


def test_a_database_of_something_else_is_left_untouched(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE records (title TEXT)")
    with pytest.raises(UserError, match="autre chose qu'un central"):
        migration.prepare(database, now())
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["records"]


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_another_encoding_is_left_untouched(
    postgresql: Callable[..., str], encoding: str
) -> None:
    model, name = postgresql(new_id()), new_id()
    with psycopg.connect(model, autocommit=True) as maker:
        maker.execute(
            f"CREATE DATABASE \"{name}\" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        )
    url = make_url(model).set(database=name)
    opened = open_database(url.render_as_string(hide_password=False))
    with pytest.raises(UserError, match=f"en {encoding}.*createdb"):
        migration.prepare(opened, now())
    with opened.reading() as connection:
        assert inspect(connection).get_table_names() == []
    opened.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("n'importe quoi", "n'est pas valable"),
        ("mysql://root@localhost/x", "prenez PostgreSQL ou SQLite"),
        ("postgres://root@localhost/x", "postgresql://"),
        ("sqlite://", "prenez PostgreSQL ou SQLite"),
        ("sqlite:////rien/du/tout.db", "ne s'ouvre pas.*unable to open"),
        ("postgresql://personne@127.0.0.1:port/rien", "n'est pas valable"),
        ("postgresql://personne@127.0.0.1:9/rien", "ne s'ouvre pas.*Connection refused"),
        ("postgresql://personne@127.0.0.1:9/rien?mot=inconnu", "ne s'ouvre pas.*invalid.*mot"),
    ],
)
def test_a_database_that_cannot_be_opened_is_said(url: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        open_database(url)


def test_a_database_made_by_its_address_is_its_owners_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'central.db'}")
    with database.writing() as connection:
        migration.create(connection, now())
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    database.close()
    assert modes == dict.fromkeys(("central.db", "central.db-wal", "central.db-shm"), 0o600)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(UserError, match="ne peut être écrit"):
        in_folder(tmp_path / "fichier")


def test_the_way_on_to_many_regions_places_each_table() -> None:
    """A distributed PostgreSQL wants the column that tells its nodes apart in every key."""
    text = " ".join((ROOT / "docs/central.md").read_text("utf-8").split())
    said = text.partition("## Vers plusieurs régions")[2]
    assert {name for name in metadata.tables if f"`{name}`" not in said} == set()
    shared, _, others = said.partition("se répartissent par la colonne `space`")
    for table in metadata.tables.values():
        if f"`{table.name}`" in shared and "space" not in table.primary_key.columns:
            assert f"`{table.name}`" in others.partition("deviennent")[0], table.name
