"""SQLAlchemy's engines over SQLite, of workspaces and of the central, by SQLCipher's library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    TextClause,
    UpdateBase,
    create_engine,
    literal_column,
)
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlcipher3.dbapi2 import Error


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


Values = Mapping[str, Any]
"""The values of a statement's parameters, by name."""

_NOTHING: Values = MappingProxyType({})
_BY_NAME = Dialect(paramstyle="named")


class Ready:
    """A statement that is compiled once, then run by SQLite's driver itself.

    What SQLAlchemy does around a statement takes several times longer than SQLite takes for a small
    one, and a sync makes about thirty. Rows are plain tuples in the order of the columns, where a
    truth value is 0 or 1. Errors are SQLAlchemy's. Any other database gets the statement from
    SQLAlchemy, as ever.
    """

    def __init__(self, statement: Select[Any] | UpdateBase | TextClause) -> None:
        self._statement = statement

    def rows(self, connection: Connection, values: Values = _NOTHING) -> Sequence[Any]:
        """The rows that it gives for these values of its parameters."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        try:
            found: Sequence[Any] = self.stream(connection, values).fetchall()
        except Error as error:
            raise _as_ever(error) from error
        return found

    def write(self, connection: Connection, values: Values = _NOTHING) -> int:
        """Runs it; gives how many rows it touched."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).rowcount
        count: int = self.stream(connection, values).rowcount
        return count

    def stream(self, connection: Connection, values: Values = _NOTHING) -> Any:
        """The driver's cursor over the rows, from SQLite alone; its own errors are the driver's."""
        text, given = self._compiled
        try:
            return _driver(connection).execute(text, {**given, **values})
        except Error as error:
            raise _as_ever(error) from error

    @cached_property
    def _compiled(self) -> tuple[str, Values]:
        """The text, and its own values; those that its caller owes are not among them, so that the
        driver misses them.
        """
        compiled = self._statement.compile(dialect=_BY_NAME)
        assert isinstance(compiled, SQLCompiler)
        owed = {name for name, bound in compiled.binds.items() if bound.required}
        return str(compiled), {n: v for n, v in compiled.params.items() if n not in owed}


def _driver(connection: Connection) -> Any:
    """The driver's connection, in a transaction that SQLAlchemy knows of."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


def _as_ever(error: Error) -> DBAPIError:
    """The driver's error as SQLAlchemy raises it; without the statement, or what was written."""
    told = DBAPIError.instance(None, None, error, Error, hide_parameters=True)
    assert isinstance(told, DBAPIError)
    return told
