"""SQLAlchemy's engines over SQLite, of workspaces and of the central, by SQLCipher's library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Engine, create_engine, literal_column
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import QueuePool


class Dialect(SQLiteDialect_pysqlite):
    """One dialect for every file, so that a statement is compiled once a process, not once a file.

    Hence its equality: SQLAlchemy's cache of compiled statements is keyed by dialect.
    """

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Takes SQLCipher's driver: Python's own SQLite can corrupt a shared write-ahead log."""
        from sqlcipher3 import dbapi2

        return dbapi2

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begins the transaction in the mode asked for; the driver's own handling of them is off.

        An event listener would do the same, but would slow each statement. The caller asks for
        `synchronous` for one transaction; SQLite keeps it for the connection, so it is reset here.
        """
        info, driver = dbapi_connection.info, dbapi_connection.driver_connection
        synchronous = info.pop("synchronous", "FULL")
        if synchronous != info.get("was synchronous", "FULL"):
            driver.execute(f"PRAGMA synchronous={synchronous}")
            info["was synchronous"] = synchronous
        driver.execute(f"BEGIN {info.get('begin', 'DEFERRED')}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialect)

    def __hash__(self) -> int:
        return hash(Dialect)


def at_most(rows: int) -> ColumnElement[int]:
    """A limit as a literal: with a bound one SQLite prepares the statement anew each time."""
    return literal_column(str(rows))


registry.register("sqlite.commissions", __name__, Dialect.__name__)
_compiled: dict[Any, Any] = {}  # bounded by how many statements the program has


def engine_over(connect: Callable[[], Any], *, pool_size: int, max_overflow: int = 10) -> Engine:
    """An engine over the driver's connections that `connect` opens."""
    return create_engine(
        "sqlite+commissions://",
        creator=connect,
        execution_options={"compiled_cache": _compiled},
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_use_lifo=True,  # reuse the connection given back last: its page cache is still warm
        hide_parameters=True,  # an error message must not hold what was being written
    )
