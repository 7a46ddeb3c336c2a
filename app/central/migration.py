"""The central's schema over time. Alembic is imported only when a migration is due."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select

from app.central.database import Database
from app.central.lineage import new_epoch
from app.central.schema import meta, metadata, spaces
from app.central.signing import make_key
from app.domain.records import REGION
from app.errors import UserError

HEAD = "0004"
"""The schema of this program; a module of migrations/versions has it as its revision."""

KNOWN = ("0001", "0002", "0003", "0004")
_TURN = 20_927_051
"""The advisory lock of PostgreSQL held while looking for the tables and making them."""

SCRIPTS = Path(__file__).parent / "migrations"


def prepare(database: Database, now: datetime) -> None:
    """Makes the tables of a new database, or brings an older one up to date.

    UserError, with nothing changed, when a newer program or something else wrote the database.
    """
    with database.writing() as connection:
        if database.dialect == "postgresql":  # two centrals may begin at once
            connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
        found = version(connection)
        if found is None and inspect(connection).get_table_names():
            raise UserError(
                "La base contient autre chose qu'un central : donnez au central une base à lui,"
                " rien n'a été modifié."
            )
        if found is None:
            _check_encoding(connection)
            create(connection, now)
        else:
            refuse_newer(found)
            if found != HEAD:
                upgrade(connection, HEAD)


def refuse_newer(found: str) -> None:
    """UserError for the schema of a program newer than this one."""
    if found not in KNOWN:
        raise UserError(
            "La base du central vient d'une version plus récente du programme :"
            " mettez le programme à jour, rien n'a été modifié."
        )


def _check_encoding(connection: Connection) -> None:
    """UserError unless PostgreSQL stores UTF-8: without a locale, its default is SQL_ASCII."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise UserError(
            f"La base est en {encoding}, et le central écrit en UTF-8 : faites-la de nouveau par"
            " « createdb --encoding UTF8 --template template0 », rien n'a été modifié."
        )


def version(connection: Connection) -> str | None:
    """The schema's version, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def create(connection: Connection, now: datetime) -> None:
    """Makes the current tables, with a new epoch, a signing key and the region."""
    metadata.create_all(connection, checkfirst=False)  # of a database that has none
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    )
    connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")  # noqa: S608 - ours
    connection.execute(meta.insert(), {"name": "epoch", "value": new_epoch()})
    connection.execute(spaces.insert(), {"space": REGION, "seq": 0})
    make_key(connection, now)


def upgrade(connection: Connection, target: str) -> None:
    """Runs the migrations up to a version, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
