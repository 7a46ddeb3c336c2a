"""SQLAlchemy's engines over SQLite, of workspaces and of the central, by SQLCipher's library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Engine, create_engine, literal_column
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import QueuePool


class Dialect(SQLiteDialect_pysqlite):
    """Alike for every file, so that a statement is compiled once a process and not once a file."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """Python's own SQLite can corrupt a shared write-ahead log."""
        from sqlcipher3 import dbapi2

        return dbapi2

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begins as was asked for: the driver's own transaction handling is off.

        An event that did so would slow each statement. That its commit need not wait for the disk
        is asked for one transaction at a time; SQLite takes it for the connection.
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
    """A limit written out: one that is bound has SQLite prepare the statement anew each time."""
    return literal_column(str(rows))


registry.register("sqlite.commissions", __name__, Dialect.__name__)
_compiled: dict[Any, Any] = {}  # no more than the program has statements


def engine_over(connect: Callable[[], Any], *, pool_size: int, max_overflow: int = 10) -> Engine:
    """An engine over the driver's connections that `connect` opens."""
    return create_engine(
        "sqlite+commissions://",
        creator=connect,
        execution_options={"compiled_cache": _compiled},
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_use_lifo=True,  # the connection given back last, whose pages are still at hand
        hide_parameters=True,  # an error must not carry what was being written
    )
