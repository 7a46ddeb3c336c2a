"""Reads the records as they stand at one moment, straight through the driver.

Reading does without SQLAlchemy, which takes longer to load than most documents take to make.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from types import TracebackType
from typing import Any, Protocol, Self

from app.domain.records import Envelope
from app.storage.database import DRIVER_ERRORS, fault_of
from app.storage.rows import decoded, envelope_of

_COLUMNS = "r.id, r.kind, r.commission_id, r.schema, r.revision, r.deleted, c.fields"
_FROM = "FROM record r JOIN content c ON c.n = r.n"
_RECORDS = f"SELECT {_COLUMNS} {_FROM}"
_LISTED = "(SELECT value FROM json_each(?))"
"""Any number of texts, bound as one JSON list."""


class Reader(Protocol):
    """What reads records: a snapshot, or a unit of work that sees its own writes."""

    def envelope(self, record_id: str, /) -> Envelope | None: ...

    def get(self, record_id: str, /) -> Envelope | None: ...

    def get_many(self, record_ids: Collection[str], /) -> dict[str, Envelope]: ...

    def pointing_to(self, *targets: str) -> list[tuple[str, Envelope]]: ...

    def select(
        self, kind: str | None = None, *, space: str | None = "*",
        pointing: tuple[str, str] | None = None, deleted: bool = False,
    ) -> Iterator[Envelope]: ...  # fmt: skip


class Snapshot:
    """Reads one consistent state; `UnitOfWork` says what its methods of the same names give."""

    def __init__(self, idle: IdleConnections, as_error: Callable[[str], Exception]) -> None:
        self._idle, self._as_error = idle, as_error
        self._driver: Any = None

    def __enter__(self) -> Self:
        try:
            self._driver = self._idle.take()
            self._driver.execute("BEGIN")
        except (*DRIVER_ERRORS, OSError) as error:
            self._let_go()
            raise self._as_error(fault_of(error) or str(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and (fault := fault_of(error)):
            self._let_go()
            raise self._as_error(fault) from error
        self._driver.rollback()
        self._idle.give_back(self._driver)

    def _let_go(self) -> None:
        """Closes a connection that failed, so that the next snapshot opens the file anew."""
        if self._driver is not None:
            self._driver.close()

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of an SQL query."""
        rows: Iterator[tuple[Any, ...]] = self._driver.execute(query, values)
        return rows

    def envelope(self, record_id: str) -> Envelope | None:
        """The record, deleted or not."""
        rows = self.rows(f"{_RECORDS} WHERE r.id = ?", record_id)
        return next(map(envelope_of, rows), None)

    def get(self, record_id: str) -> Envelope | None:
        found = self.envelope(record_id)
        return None if found is None or found.deleted else found

    def get_many(self, record_ids: Collection[str]) -> dict[str, Envelope]:
        query = f"{_RECORDS} WHERE r.id IN {_LISTED} AND r.deleted = 0"
        found = map(envelope_of, self.rows(query, json.dumps(list(record_ids))))
        return {envelope.id: envelope for envelope in found}

    def pointing_to(self, *targets: str) -> list[tuple[str, Envelope]]:
        query = (
            f"SELECT {_COLUMNS}, l.field {_FROM} JOIN link l ON l.source = r.n"
            f" WHERE l.target IN {_LISTED} AND r.deleted = 0 ORDER BY r.id"
        )
        return [(row[-1], envelope_of(row)) for row in self.rows(query, json.dumps(targets))]

    def select(
        self, kind: str | None = None, *, space: str | None = "*",
        pointing: tuple[str, str] | None = None, deleted: bool = False,
    ) -> Iterator[Envelope]:  # fmt: skip
        wanted: list[str | None] = []
        conditions = ["1"] if deleted else ["r.deleted = 0"]
        if kind is not None:
            # by the index of kinds SQLite would go through the whole kind for what points to an id
            conditions.append("r.kind = ?" if pointing is None else "+r.kind = ?")
            wanted.append(kind)
        if space != "*":
            conditions.append("r.commission_id IS ?")
            wanted.append(space)
        if pointing is not None:
            of = "SELECT l.source FROM link l WHERE l.field = ? AND l.target = ?"
            conditions.append(f"r.n IN ({of})")
            wanted += pointing
        query = f"{_RECORDS} WHERE {' AND '.join(conditions)} ORDER BY r.id"
        yield from map(envelope_of, self.rows(query, *wanted))

    def setting(self, name: str, default: Any = None) -> Any:
        rows = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return next((decoded(value) for (value,) in rows), default)

    def blob(self, sha256: str) -> bytes | None:
        """The bytes of this SHA-256; None when the workspace does not hold them."""
        rows = self.rows("SELECT content FROM blob WHERE sha256 = ?", sha256)
        return next((bytes(content) for (content,) in rows), None)


class IdleConnections:
    """The connections that no snapshot uses; the last one given back is taken first."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._opened = opened
        self._idle: list[Any] = []
        self._out: set[int] = set()

    def take(self) -> Any:
        """An idle connection, else a new one."""
        try:
            driver = self._idle.pop()
        except IndexError:
            driver = self._opened()
        self._out.add(id(driver))
        return driver

    def give_back(self, driver: Any) -> None:
        """Keeps a connection for the next snapshot, unless the file was let go of meanwhile."""
        if id(driver) in self._out:
            self._out.discard(id(driver))
            self._idle.append(driver)
        else:
            driver.close()

    def close(self) -> None:
        """Closes those that are idle; those in use close once they are given back."""
        self._out.clear()
        while self._idle:
            self._idle.pop().close()
