"""The versions of the workspace's schema. Alembic is imported only when a migration is due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import UserError
from app.storage.database import DriverError, connect, open_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0007"
"""The schema version of this program: the revision of the newest module of migrations/versions."""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
SCRIPTS = Path(__file__).parent / "migrations"


def make_schema(connection: Connection) -> None:
    """Gives an empty database every table, and marks it with the current schema."""
    from app.storage import tables

    tables.metadata.create_all(connection)
    connection.exec_driver_sql(tables.SEARCH_TABLE)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))


def version(path: Path, data_key: bytes | None) -> str:
    """The schema version of a workspace's file."""
    driver = connect(path, data_key, read_only=True)
    try:
        return version_in(driver)
    finally:
        driver.close()


def version_in(driver: Any) -> str:
    """The schema version of an open database."""
    row: Any = driver.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None or not str(row[0]).isdecimal():
        raise DriverError("malformed version of the schema")
    return str(row[0])


def is_newer(path: Path, data_key: bytes | None) -> bool:
    """Whether the file was written by a newer program."""
    return version(path, data_key) not in KNOWN


def is_whole(path: Path, data_key: bytes | None) -> bool:
    """Whether a file of the current schema has all its tables, and no trigger or view.

    No program of ours makes those, and they could change or hide what is written.
    """
    from app.storage import tables

    driver = connect(path, data_key, read_only=True)
    try:
        found = driver.execute("SELECT type, name FROM sqlite_master").fetchall()
    finally:
        driver.close()
    held = {name for kind, name in found if kind == "table"}
    return {*tables.metadata.tables, "search"} <= held and {"trigger", "view"}.isdisjoint(
        kind for kind, _ in found
    )


def refuse_newer(folder: Path, found: str) -> None:
    """UserError when `found`, the schema version of a workspace, is a newer program's."""
    if found not in KNOWN:
        raise UserError(
            f"L'espace de travail « {folder} » vient d'une version plus récente du programme :"
            " mettez le programme à jour, rien n'a été modifié."
        )


def bring_up_to_date(path: Path, data_key: bytes | None) -> None:
    """Migrates the file to the current schema, in one transaction, after making a copy of it.

    The copy replaces the one left by an earlier attempt on the same state of the file. UserError
    when the workspace was written by a newer program; it is left untouched.
    """
    found = version(path, data_key)
    if found == HEAD:
        return
    refuse_newer(path.parent, found)
    from alembic import command
    from alembic.config import Config

    from app.storage.backup import copy_before

    changed = path.stat().st_mtime_ns
    copy = copy_before(path.parent, data_key, f"migration-{found}")
    for former in copy.parent.glob(f"commissions-*-avant-migration-{found}*.sauvegarde"):
        if former != copy and former.stat().st_mtime_ns > changed:
            former.unlink()
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = open_engine(path, data_key)
    try:
        with engine.connect() as connection:
            connection.info["begin"] = "IMMEDIATE"
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
            connection.commit()
    finally:
        engine.dispose()
